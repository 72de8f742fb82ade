"""What members were not helped with, and what their staff make of it, by tapping alone."""

import json

import pytest

from bot.kit.clock import DAY
from tests.faq.learning.conftest import Plant


async def test_what_was_not_solved_reaches_the_queue_without_names(plant: Plant) -> None:
    answer = await plant.asks(plant.li, "我是李建国，电话13812345678，请问一下验证码怎么老是收不到啊")
    if "都不是" in answer.buttons:
        answer = await plant.taps(plant.li, answer, answer.buttons[0])
    await plant.taps(plant.li, answer, "👎 没解决")
    (row,) = await plant.house.rows("SELECT text, reason, shown, branch_id FROM faq_lesson")
    assert (row["reason"], row["branch_id"]) == ("unsolved", plant.tree.branch)
    assert json.loads(row["shown"])[0] == "login-sms"
    queue = await plant.queue(plant.wang)
    assert "1 个问题" in queue.text
    group = await plant.taps(plant.wang, queue, queue.buttons[0])
    assert "验证码怎么老是收不到啊" in group.text
    assert "没解决 1 次" in group.text
    for secret in ("李建国", "138"):
        assert secret not in row["text"] + queue.text + group.text + "".join(queue.buttons)


async def test_none_of_the_suggestions_reaches_it_and_an_answer_that_helped_does_not(plant: Plant) -> None:
    suggested = await plant.asks(plant.li, "闪退")
    await plant.taps(plant.li, suggested, "都不是")
    answer = await plant.asks(plant.zhao, "请问一下验证码怎么老是收不到啊")
    await plant.taps(plant.zhao, answer, "👍 解决了")
    rows = await plant.house.rows("SELECT text, reason FROM faq_lesson")
    assert [(row["text"], row["reason"]) for row in rows] == [("闪退", "none_fits")]


async def test_a_topic_read_from_the_menu_teaches_no_wording(plant: Plant) -> None:
    menu = await plant.asks(plant.li, "/ask")
    login = next(button for button in menu.buttons if button.startswith("登录"))
    page = await plant.taps(plant.li, menu, login)
    entry = await plant.taps(plant.li, menu, page.buttons[0])
    await plant.taps(plant.li, entry, "👎 没解决")
    assert await plant.states() == []


async def test_somebody_of_no_branch_teaches_nobody(plant: Plant) -> None:
    stranger = plant.house.person("路人")
    await stranger.start()
    await plant.house.settle()
    answer = await plant.asks(stranger, "请问一下验证码怎么老是收不到啊")
    await plant.taps(stranger, answer, "👎 没解决")
    assert await plant.states() == []


async def test_one_tap_adds_the_wordings_to_an_own_entry_and_one_takes_them_back(plant: Plant) -> None:
    await plant.entry(plant.tree.branch, "own-stage", "班车几点发车", "班车时间表", "几点有班车回市里")
    await plant.lesson("通勤车什么时候走", account=plant.li.id)
    await plant.lesson("通勤车什么时候开走", account=plant.zhao.id)
    queue = await plant.queue(plant.wang)
    assert queue.buttons[0] == "2 人 · 通勤车什么时候走"
    group = await plant.taps(plant.wang, queue, queue.buttons[0])
    assert "• 通勤车什么时候走\n• 通勤车什么时候开走" in group.text
    assert group.buttons[-1] == "‹ 返回"
    stages = await plant.taps(plant.wang, group, "另选一条")
    titles = await plant.taps(plant.wang, stages, "使用")
    done = await plant.taps(plant.wang, titles, "班车几点发车")
    assert done.text.startswith("已加进“班车几点发车”：\n• 通勤车什么时候走\n• 通勤车什么时候开走")
    assert done.buttons == ["看下一个 ›", "撤回"]

    answer = await plant.asks(plant.li, "通勤车什么时候开走")
    assert answer.text.startswith("班车几点发车")
    audit = await plant.house.rows("SELECT by_member FROM audit WHERE act = 'faq.learnt'")
    assert [row["by_member"] for row in audit] == [plant.members["王梅"]]
    assert "没有要看的" in (await plant.queue(plant.wang)).text

    back = await plant.taps(plant.wang, done, "撤回")
    assert back.text == "已撤回，又回到单子上了。"
    assert (await plant.queue(plant.wang)).buttons[0] == "2 人 · 通勤车什么时候走"
    rows = await plant.house.rows(
        "SELECT text FROM faq_phrasing JOIN faq_entry ON faq_entry.id = entry_id WHERE slug = 'own-stage'"
    )
    assert {row["text"] for row in rows} == {"班车时间表", "几点有班车回市里"}


async def test_the_likeliest_own_entry_is_one_tap_away(plant: Plant) -> None:
    await plant.entry(plant.tree.branch, "own-bus", "麒麟阁在哪", "麒麟阁怎么走", "麒麟阁在几楼")
    await plant.lesson("麒麟阁咋走", account=plant.li.id)
    queue = await plant.queue(plant.wang)
    group = await plant.taps(plant.wang, queue, queue.buttons[0])
    done = await plant.taps(plant.wang, group, "加到“麒麟阁在哪”")
    assert done.text.startswith("已加进“麒麟阁在哪”")
    assert await plant.states() == [("麒麟阁咋走", "added")]


async def test_an_entry_changed_meanwhile_is_not_taken_back(plant: Plant) -> None:
    row = await plant.entry(plant.tree.branch, "own-bus", "麒麟阁在哪", "麒麟阁怎么走")
    await plant.lesson("麒麟阁咋走", account=plant.li.id)
    queue = await plant.queue(plant.wang)
    group = await plant.taps(plant.wang, queue, queue.buttons[0])
    done = await plant.taps(plant.wang, group, "加到“麒麟阁在哪”")
    await plant.house.advance(minutes=1)
    await plant.entry(plant.tree.branch, "own-bus", "麒麟阁在二楼", "麒麟阁怎么走", "麒麟阁咋走")
    told = await plant.told(plant.wang, done, "撤回")
    assert told == "这条后来又改过，我就没有动它。改动的经过在 /faq 里能看到。"
    assert await plant.states() == [("麒麟阁咋走", "added")]
    rows = await plant.house.rows("SELECT title FROM faq_entry WHERE id = :id", id=row)
    assert rows[0]["title"] == "麒麟阁在二楼"


async def test_an_entry_is_found_by_words(plant: Plant) -> None:
    await plant.entry(plant.tree.branch, "own-bus", "班车几点发车", "班车时间表", "几点有班车回市里")
    await plant.lesson("通勤车什么时候走", account=plant.li.id)
    queue = await plant.queue(plant.wang)
    group = await plant.taps(plant.wang, queue, queue.buttons[0])
    stages = await plant.taps(plant.wang, group, "另选一条")
    await plant.taps(plant.wang, stages, "打几个字来搜")
    missed = await plant.asks(plant.wang, "锅炉房")
    assert "没找到" in missed.text
    found = await plant.asks(plant.wang, "班车时间")
    done = await plant.taps(plant.wang, found, "班车几点发车")
    assert "通勤车什么时候走" in done.text


async def test_what_is_not_needed_stays_away_with_what_is_like_it(plant: Plant) -> None:
    await plant.lesson("食堂几点开饭", account=plant.li.id)
    queue = await plant.queue(plant.wang)
    group = await plant.taps(plant.wang, queue, queue.buttons[0])
    done = await plant.taps(plant.wang, group, "不用加")
    assert done.text == "“食堂几点开饭”不加了。以后差不多的问法也不再来问您。"
    await plant.house.advance(days=100)
    await plant.lesson("食堂中午几点开饭", account=plant.zhao.id)
    assert "没有要看的" in (await plant.queue(plant.wang)).text
    # A colleague of another branch sees nothing of it; the committee still does.
    assert "没有要看的" in (await plant.queue(plant.sun)).text
    assert (await plant.queue(plant.chen)).buttons[0] == "1 人 · 食堂中午几点开饭"
    await plant.taps(plant.wang, done, "撤回")
    assert len((await plant.queue(plant.wang)).buttons) == 2


async def test_above_it_is_one_group_and_dismissing_it_there_leaves_it_to_the_branches(plant: Plant) -> None:
    await plant.lesson("食堂几点开饭", account=plant.li.id)
    await plant.lesson("食堂中午几点开饭", account=plant.sun.id, unit=plant.tree.sibling)
    queue = await plant.queue(plant.chen)
    assert queue.buttons[0] == "2 人 · 食堂几点开饭"
    group = await plant.taps(plant.chen, queue, queue.buttons[0])
    assert not any(button.startswith("提给") for button in group.buttons)
    done = await plant.taps(plant.chen, group, "不用加")
    assert "没有要看的" in (await plant.queue(plant.chen)).text
    assert (await plant.queue(plant.wang)).buttons[0] == "1 人 · 食堂几点开饭"
    await plant.taps(plant.chen, done, "撤回")
    assert (await plant.queue(plant.chen)).buttons[0] == "2 人 · 食堂几点开饭"
    assert {state for _, state in await plant.states()} == {"open"}


async def test_what_is_passed_up_stands_first_above_and_may_be_called_back(plant: Plant) -> None:
    await plant.lesson("短信验证的号码收不着", account=plant.li.id)
    for account in (1, 2, 3):
        await plant.lesson("食堂几点开饭", account=account, unit=plant.tree.sibling)
    queue = await plant.queue(plant.wang)
    group = await plant.taps(plant.wang, queue, queue.buttons[0])
    assert "由采油一厂党委维护" in group.text
    assert not any(button.startswith("加到") for button in group.buttons)
    done = await plant.taps(plant.wang, group, "提给采油一厂党委")
    assert "没有要看的" in (await plant.queue(plant.wang)).text
    above = await plant.queue(plant.chen)
    assert above.buttons[:2] == ["请您看 · 短信验证的号码收不着", "3 人 · 食堂几点开饭"]

    await plant.taps(plant.wang, done, "撤回")
    assert (await plant.queue(plant.wang)).buttons[0] == "1 人 · 短信验证的号码收不着"
    assert (await plant.queue(plant.chen)).buttons[:2] == [
        "3 人 · 食堂几点开饭",
        "1 人 · 短信验证的号码收不着",
    ]


async def test_the_committee_adds_what_was_passed_up_to_an_entry_everybody_sees(plant: Plant) -> None:
    await plant.lesson("短信验证的号码收不着", account=plant.li.id)
    queue = await plant.queue(plant.wang)
    group = await plant.taps(plant.wang, queue, queue.buttons[0])
    await plant.taps(plant.wang, group, "提给采油一厂党委")
    above = await plant.queue(plant.chen)
    group = await plant.taps(plant.chen, above, above.buttons[0])
    add = next(button for button in group.buttons if button.startswith("加到"))
    done = await plant.taps(plant.chen, group, add)
    assert done.text.startswith("已加进")
    assert [state for _, state in await plant.states()] == ["passed_up", "added"]
    assert "没有要看的" in (await plant.queue(plant.chen)).text


async def test_a_new_entry_begins_with_the_wordings_and_the_answer(plant: Plant) -> None:
    await plant.lesson("通勤车什么时候走", account=plant.li.id, answer="每天 17:40 从队部门口走。")
    queue = await plant.queue(plant.wang)
    group = await plant.taps(plant.wang, queue, queue.buttons[0])
    assert "每天 17:40 从队部门口走。" in group.text
    draft = await plant.taps(plant.wang, group, "写一条新的")
    assert "每天 17:40 从队部门口走。" in draft.text
    rows = await plant.house.rows("SELECT content FROM faq_draft")
    assert "通勤车什么时候走" in rows[0]["content"]
    # Nothing is learnt yet: it is the writer's to publish.
    assert await plant.states() == [("通勤车什么时候走", "open")]


async def test_an_entry_published_with_the_wording_has_taken_care_of_it(plant: Plant) -> None:
    await plant.lesson("通勤车什么时候走", account=plant.li.id)
    await plant.house.advance(minutes=1)
    await plant.entry(plant.tree.branch, "own-bus", "班车几点发车", "通勤车什么时候走")
    assert "没有要看的" in (await plant.queue(plant.wang)).text
    # Asked again after that, and not helped: it is on the list again.
    await plant.house.advance(minutes=1)
    await plant.lesson("通勤车什么时候走", account=plant.zhao.id, reason="unsolved")
    assert (await plant.queue(plant.wang)).buttons[0] == "1 人 · 通勤车什么时候走"


async def test_rights_are_checked_on_every_tap(plant: Plant) -> None:
    lesson = await plant.lesson("食堂几点开饭", account=plant.li.id)
    queue = await plant.queue(plant.wang)
    group = await plant.taps(plant.wang, queue, queue.buttons[0])
    async with plant.house.work() as work:
        await work.session.run(
            "UPDATE post SET until = :now WHERE member_id = :member",
            now=work.now,
            member=plant.members["王梅"],
        )
    no = "这件事要由本支部的工作人员来办。您的支部书记可以帮您。"
    for button in ("不用加", "提给采油一厂党委", "另选一条", "写一条新的"):
        assert await plant.told(plant.wang, group, button) == no, button
    query = await plant.sun.taps((await plant.home(plant.sun)), data=f"faq.la:{plant.tree.branch}:{lesson}:1")
    await plant.house.settle()
    answer = await plant.sun.answer(query)
    assert answer is not None
    assert answer.text == no
    assert await plant.states() == [("食堂几点开饭", "open")]


async def test_an_own_entry_of_another_unit_cannot_be_added_to(plant: Plant) -> None:
    row = await plant.entry(plant.tree.sibling, "own-bus", "班车几点发车", "班车时间表", by="孙丽")
    lesson = await plant.lesson("通勤车什么时候走", account=plant.li.id)
    home = await plant.home(plant.wang)
    await plant.wang.taps(home, data=_encoded("faq.la", plant.tree.branch, lesson, row))
    await plant.house.settle()
    assert await plant.house.rows("SELECT 1 FROM faq_revision WHERE act = 'learnt'") == []
    assert await plant.states() == [("通勤车什么时候走", "open")]


async def test_two_colleagues_at_once(plant: Plant) -> None:
    lesson = await plant.lesson("食堂几点开饭", account=plant.li.id)
    queue = await plant.queue(plant.wang)
    group = await plant.taps(plant.wang, queue, queue.buttons[0])
    await plant.taps(plant.wang, group, "不用加")
    query = await plant.wang.taps(group, data=_encoded("faq.lw", plant.tree.branch, lesson))
    await plant.house.settle()
    answer = await plant.wang.answer(query)
    assert answer is not None
    assert answer.text == "这个问题已经有人处理过了，或者时间太久了。请回到单子上再看看。"


async def test_staff_are_told_once_a_week_when_enough_has_come_together(plant: Plant) -> None:
    for text in ("食堂几点开饭", "通勤车什么时候走"):
        await plant.lesson(text, account=plant.li.id)
    await plant.house.advance_to(2026, 11, 9, 9, 5)
    assert "还没答好" not in plant.wang.last().text
    await plant.lesson("宿舍的水卡在哪充", account=plant.li.id)
    await plant.house.advance_to(2026, 11, 11, 9, 5)
    assert "还没答好" not in plant.wang.last().text
    await plant.house.advance_to(2026, 11, 16, 8, 55)
    assert "还没答好" not in plant.wang.last().text
    await plant.house.advance_to(2026, 11, 16, 9, 10)
    told = plant.wang.last()
    assert told.text == "采油三队党支部：有 3 个问题还没答好。要不要加进常见问题？"
    queue = await plant.taps(plant.wang, told, "去看看")
    assert len(queue.buttons) == 4
    await plant.house.advance_to(2026, 11, 16, 12, 0)
    await plant.house.advance_to(2026, 11, 17, 9, 10)
    said = [each for each in plant.wang.chat() if each.from_bot and "要不要加进常见问题" in each.text]
    assert len(said) == 1
    assert "还没答好" not in plant.li.last().text


async def test_what_is_kept_is_shown_and_can_be_forgotten(plant: Plant) -> None:
    answer = await plant.asks(plant.li, "请问一下验证码怎么老是收不到啊")
    await plant.taps(plant.li, answer, "👎 没解决")
    await plant.house.advance(minutes=2)
    kept = await plant.asks(plant.li, "/mydata")
    assert "不带姓名留下的问题：1 个" in kept.text
    asked = await plant.asks(plant.li, "/forgetme")
    await plant.taps(plant.li, asked, asked.buttons[0])
    assert await plant.states() == []


@pytest.mark.parametrize(("state", "days"), [("open", 90), ("dismissed", 180)])
async def test_questions_are_forgotten_in_time(plant: Plant, state: str, days: int) -> None:
    await plant.lesson("食堂几点开饭", account=plant.li.id)
    if state == "dismissed":
        queue = await plant.queue(plant.wang)
        group = await plant.taps(plant.wang, queue, queue.buttons[0])
        await plant.taps(plant.wang, group, "不用加")
    begun = plant.house.clock.now()
    await plant.house.until(begun + (days - 1) * DAY)
    assert await plant.states() == [("食堂几点开饭", state)]
    await plant.house.until(begun + (days + 1) * DAY)
    assert await plant.states() == []


def _encoded(tag: str, *numbers: int) -> str:
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"

    def base36(number: int) -> str:
        return (base36(number // 36) if number >= 36 else "") + digits[number % 36]

    return ":".join([tag, *map(base36, numbers)])
