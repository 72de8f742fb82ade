"""Finding an entry and reading it, with thumbs."""

from bot.roster.model import Post, Role
from bot.roster.store import appoint
from tests.faq.editing.conftest import Staff
from tests.faq.editing.test_publishing import QUESTION, SMS


async def test_only_staff_have_the_editor(staff: Staff) -> None:
    assert "faq" in [each["command"] for each in staff.wang.commands()]
    assert "faq" not in [each["command"] for each in staff.li.commands()]
    told = await staff.says(staff.li, "/faq")
    assert told.text == "这件事要由本支部的工作人员来办。您的支部书记可以帮您。"
    assert told.buttons == []


async def test_from_the_groups_to_an_entry_and_back_in_one_message(staff: Staff) -> None:
    home = await staff.walks(staff.wang)
    assert home.text.startswith("采油三队党支部的常见问题\n")
    assert "本单位自己的 0 条" in home.text
    assert len(home.rows) <= 8
    login = next(button for button in home.buttons if button.startswith("登录 · "))
    page = await staff.taps(staff.wang, home, login)
    assert page.text == "登录，点一条看看。"
    titles = page.buttons[:6]
    assert page.buttons[6:] == ["下一页 ›", "‹ 返回"]
    page = await staff.taps(staff.wang, page, "下一页 ›")
    assert not set(page.buttons[:6]) & set(titles)
    page = await staff.taps(staff.wang, page, "‹ 上一页")
    shown = await staff.taps(staff.wang, page, titles[0])
    assert shown.message_id == home.message_id
    assert shown.text.startswith(titles[0])
    assert "采油一厂党委 · 使用中 · 登录 · 所有人可看" in shown.text
    assert shown.buttons[0] == "改成自己的一份"
    assert "改答案" not in shown.buttons
    back = await staff.taps(staff.wang, shown, "‹ 返回")
    assert back.buttons[:6] == titles
    assert (await staff.taps(staff.wang, back, "‹ 返回")).text == home.text


async def test_a_word_finds_entries_by_title_answer_and_phrasing(staff: Staff) -> None:
    await staff.walks(staff.wang)
    by_title = await staff.says(staff.wang, "短信验证码")
    assert by_title.buttons[0] == "收不到短信验证码"
    by_phrasing = await staff.says(staff.wang, "燕正码")
    assert by_phrasing.buttons[0] == "收不到短信验证码"
    by_body = await staff.says(staff.wang, "骚扰拦截 i管家")
    assert "收不到短信验证码" in by_body.buttons
    in_other_words = await staff.says(staff.wang, "请问一下验证码怎么老是收不到啊")
    assert SMS in in_other_words.buttons
    shown = await staff.taps(staff.wang, by_phrasing, "收不到短信验证码")
    assert shown.text.startswith("收不到短信验证码\n\n先等 60 秒")
    await staff.walks(staff.wang)
    nothing = await staff.says(staff.wang, "100%")
    assert nothing.text == "没有找到带“100%”的。换个短一点的词试试，或者写一条新的。"
    assert nothing.buttons == ["写一条新的", "‹ 返回"]


async def test_words_are_searched_for_only_for_a_while(staff: Staff) -> None:
    await staff.walks(staff.wang)
    await staff.house.advance(minutes=11)
    answer = await staff.asks(staff.wang, QUESTION, SMS)
    assert "👍 解决了" in answer.buttons


async def test_phrasings_and_preview_of_an_entry_from_above(staff: Staff) -> None:
    await staff.walks(staff.wang)
    shown = await staff.taps(staff.wang, await staff.says(staff.wang, "燕正码"), "收不到短信验证码")
    asks = await staff.taps(
        staff.wang, shown, next(button for button in shown.buttons if button.startswith("问法"))
    )
    assert "· 收不到验证码怎么办" in asks.text
    assert asks.buttons == ["下一页 ›", "‹ 返回"]
    shown = await staff.taps(staff.wang, asks, "‹ 返回")
    preview = await staff.taps(staff.wang, shown, "预览")
    answer = await staff.asks(staff.li, QUESTION, SMS)
    assert preview.html == answer.html
    assert preview.buttons == ["‹ 返回"]


async def test_how_an_entry_fares_with_the_units_own_members(staff: Staff) -> None:
    for person, verdict in ((staff.li, "👍 解决了"), (staff.zhao, "👎 没解决"), (staff.li, "👎 没解决")):
        answer = await staff.asks(person, QUESTION, SMS)
        await person.taps(answer, verdict)
        await staff.house.settle()
    for person, line in (
        (staff.wang, "30 天里看过 2 次 · 👍 1 · 👎 1"),
        (staff.zhao, "30 天里看过 1 次 · 👍 0 · 👎 1"),
        (staff.liu, "30 天里看过 3 次 · 👍 1 · 👎 2"),
    ):
        await staff.walks(person)
        shown = await staff.taps(person, await staff.says(person, "燕正码"), "收不到短信验证码")
        assert line in shown.text
    await staff.house.advance(days=31)
    await staff.walks(staff.wang)
    shown = await staff.taps(staff.wang, await staff.says(staff.wang, "燕正码"), "收不到短信验证码")
    assert "30 天里看过 0 次" in shown.text


async def test_who_holds_several_posts_chooses_the_unit_first(staff: Staff) -> None:
    async with staff.house.work() as work:
        member = await work.session.value("SELECT member_id FROM account WHERE id = :id", id=staff.wang.id)
        await appoint(work.session, member, Post(staff.tree.general, Role.GENERAL), now=work.now)
    choice = await staff.walks(staff.wang)
    assert choice.buttons == ["采油三队党支部", "第一党总支"]
    home = await staff.taps(staff.wang, choice, "第一党总支")
    assert home.text.startswith("第一党总支的常见问题")
    assert (await staff.taps(staff.wang, home, "换个单位")).buttons == choice.buttons


async def test_the_editor_in_english(staff: Staff) -> None:
    async with staff.house.work() as work:
        await work.session.run("UPDATE account SET language = 'en' WHERE id = :id", id=staff.chen.id)
    home = await staff.walks(staff.chen)
    login = next(button for button in home.buttons if button.startswith("Logging in"))
    page = await staff.taps(staff.chen, home, login)
    shown = await staff.taps(staff.chen, page, page.buttons[0])
    assert shown.text.splitlines()[0].isascii()
    assert "Edit answer" in shown.buttons
    chinese = await staff.taps(staff.chen, shown, "中文")
    assert not chinese.text.splitlines()[0].isascii()
    assert "English" in chinese.buttons


async def test_from_an_entry_one_goes_on_to_trying_questions(staff: Staff) -> None:
    shown = await staff.walks_to(staff.chen, SMS)
    await staff.taps(staff.chen, shown, "试一试")
    tried = await staff.says(staff.chen, QUESTION)
    assert SMS in tried.text
