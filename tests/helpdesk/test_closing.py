"""Ends of tickets, lists, and what is kept."""

from bot.helpdesk import Origin, Question
from bot.helpdesk.closing import contribute, forget
from bot.helpdesk.model import Content, Kind
from bot.kit.i18n import Languages
from bot.roster import store as roster
from bot.roster.model import Actor
from bot.sandbox import Person
from tests import factories
from tests.helpdesk.conftest import PICTURE, Office, found, said_to, told


async def actor(office: Office, person: Person) -> Actor:
    async with office.counter.work() as work:
        known = await roster.actor(work.session, person.id, "zh_CN")
    assert known is not None
    return known


async def test_the_member_says_it_is_solved(office: Office) -> None:
    answer = await office.answered()
    await office.member.taps(answer, "已解决")
    await office.counter.settle()
    assert office.member.sees(answer).buttons == []
    thanks = office.member.last()
    assert (thanks.text, thanks.buttons) == ("解决了就好。这次帮得怎么样？", ["帮上了", "一般", "没帮上"])
    assert office.secretary.last().text == "李建国说已经解决了，辛苦您。"
    await office.member.taps(thanks, "帮上了")
    await office.counter.settle()
    assert office.member.last().text == "谢谢您。什么时候需要，直接打字就行。"
    row = await office.counter.ticket()
    assert (row["state"], row["close_reason"], row["rating"]) == ("closed", "solved", "good")
    again = await told(office.member, answer, data="hd.solved:1")
    assert again == "这个问题已经结束了。"
    # what is typed now is a question, not a late word in a closed ticket
    await office.member.says("党费怎么算")
    await office.counter.settle()
    assert office.member.last().text.startswith("这个我没有现成的答案")


async def test_the_staff_close_and_the_member_takes_it_up_again(office: Office) -> None:
    card = await office.asked()
    await office.secretary.taps(card, "结束")
    await office.counter.settle()
    assert office.secretary.sees(card).buttons == []
    closed = office.member.last()
    assert closed.text == "王梅书记结束了这个问题。\n没解决就点“还有问题”。解决了的话，这次帮得怎么样？"
    assert closed.buttons == ["还有问题", "帮上了", "一般", "没帮上"]
    await office.member.taps(closed, "还有问题")
    await office.counter.settle()
    ask, promise = office.member.last().text.splitlines()
    assert ask == "还有什么没解决？直接打字或发截图，我转给王梅。"
    assert promise.startswith("王梅今天 13:")
    assert office.secretary.last().text == "李建国说这件还有问题，他接着会写给您。"
    await office.member.sends_photo(PICTURE, "还是这样")
    await office.counter.settle()
    assert (office.secretary.last().kind, office.secretary.last().text) == ("photo", "李建国：还是这样")
    row = await office.counter.ticket()
    assert (row["state"], row["closed_at"], row["close_reason"]) == ("open", None, None)
    assert row["deadline"] is not None


async def test_settled_by_phone(office: Office) -> None:
    card = await office.asked()
    await office.secretary.taps(card, "我已电话处理")
    await office.counter.settle()
    assert office.member.last().text.startswith("王梅书记说已经和您在电话里办好了。")
    assert (await office.counter.ticket())["close_reason"] == "phoned"
    again = await told(office.secretary, card, data="hd.close:1:done")
    assert again == "这个问题已经结束了。"


async def test_replying_within_a_week_opens_it_again(office: Office) -> None:
    answer = await office.answered()
    await office.member.taps(answer, "已解决")
    await office.counter.advance(hours=24 * 6)
    await office.member.says("又不行了", reply_to=answer)
    await office.counter.settle()
    assert office.secretary.last().text == "李建国：又不行了"
    assert (await office.counter.ticket())["state"] == "open"


async def test_after_a_week_a_reply_is_a_new_question(office: Office) -> None:
    answer = await office.answered()
    await office.member.taps(answer, "已解决")
    await office.counter.advance(hours=24 * 7 + 1)
    await office.member.says("又不行了", reply_to=answer)
    await office.counter.settle()
    assert office.member.last().text.startswith("收到，正在转给您的支部书记王梅。")
    rows = await office.counter.rows("SELECT id, state, follows_id FROM ticket ORDER BY id")
    assert [tuple(row.values()) for row in rows] == [(1, "closed", None), (2, "gathering", 1)]


async def test_a_quiet_ticket_closes_by_itself(office: Office) -> None:
    await office.answered()
    before = (len(said_to(office.member)), len(said_to(office.secretary)))
    await office.counter.advance(hours=24 * 7 - 1)
    assert (await office.counter.ticket())["state"] == "answered"
    await office.counter.advance(hours=1)
    assert (await office.counter.ticket())["close_reason"] == "quiet"
    assert (len(said_to(office.member)), len(said_to(office.secretary))) == (before[0] + 1, before[1])
    quiet = office.member.last()
    assert quiet.text == (
        "“验证码一直收不到”一星期没有新消息，先到这里。没解决就点“还有问题”。解决了的话，这次帮得怎么样？"
    )
    assert quiet.buttons == ["还有问题", "帮上了", "一般", "没帮上"]


async def test_nobody_is_told_of_a_quiet_end_at_night(office: Office) -> None:
    await office.answered()
    await office.counter.advance(hours=24 * 7 + 10)
    assert (await office.counter.ticket())["state"] == "answered"
    await office.counter.advance(hours=14)
    assert (await office.counter.ticket())["close_reason"] == "quiet"


async def test_the_inbox_of_the_staff(office: Office) -> None:
    for number in range(8):
        await office.asked(f"第{number}个问题")
    await office.secretary.says("/tickets")
    await office.counter.settle()
    inbox = office.secretary.last()
    assert "李建国 · 第0个问题" in inbox.buttons
    await office.secretary.taps(inbox, "下一页")
    await office.counter.settle()
    second = office.secretary.sees(inbox)
    assert "李建国 · 第7个问题" in second.buttons
    before = len(said_to(office.secretary))
    await office.secretary.taps(second, "李建国 · 第6个问题")
    await office.counter.settle()
    card = office.secretary.last()
    assert len(said_to(office.secretary)) == before + 1
    assert "第6个问题" in card.text
    await office.secretary.says("好的", reply_to=card)
    await office.counter.settle()
    assert office.member.last().text == "王梅书记：好的"


async def test_answered_ones_can_be_brought_and_closed(office: Office) -> None:
    await office.answered()
    await office.counter.advance(minutes=31)
    await office.asked("第二个问题")
    await office.secretary.says("/tickets")
    await office.counter.settle()
    inbox = office.secretary.last()
    (answered,) = [label for label in inbox.buttons if "验证码一直收不到" in label]
    await office.secretary.taps(inbox, answered)
    await office.counter.settle()
    await office.secretary.taps(office.secretary.last(), "结束")
    await office.counter.settle()
    rows = await office.counter.rows("SELECT state FROM ticket ORDER BY id")
    assert [row["state"] for row in rows] == ["closed", "open"]


async def test_pressing_ones_are_counted(office: Office) -> None:
    await office.asked()
    await office.counter.advance(hours=3, minutes=5)
    await office.secretary.says("/tickets")
    await office.counter.settle()
    assert "其中 1 件快到时间或已过时间。" in office.secretary.last().text


async def test_a_member_reads_their_own(office: Office) -> None:
    await office.member.says("/tickets")
    await office.counter.settle()
    assert office.member.last().text == "您没有转给支部的问题。哪里办不成，直接打字告诉我。"
    await office.answered()
    await office.member.sends_photo(PICTURE, "还是这样")
    await office.member.says("/tickets")
    await office.counter.settle()
    mine = office.member.last()
    assert mine.buttons == ["11-02 · 等回复 · 验证码一直收不到"]
    await office.member.taps(mine, place=(0, 0))
    await office.counter.settle()
    history = office.member.last()
    lines = history.text.splitlines()
    assert lines[0] == "11-02 09:00 问的，等回复。"
    assert lines[1] == "验证码一直收不到"
    assert [line.split(" ", 2)[2] for line in lines[2:4]] == ["王梅：先把短信箱清一清", "您：[图片]还是这样"]
    assert lines[4] == "已转给您的支部书记王梅。"
    assert lines[5].startswith("王梅今天 13:")
    assert history.buttons == ["补充", "已解决", "撤回", "‹ 我的求助"]
    await office.member.says("补一句", reply_to=history)
    await office.counter.settle()
    assert office.secretary.last().text == "李建国：补一句"


async def test_contents_go_a_year_after_closing(office: Office) -> None:
    answer = await office.answered()
    await office.member.taps(answer, "已解决")
    await office.counter.advance(hours=24 * 365 - 1)
    assert (await office.counter.ticket())["question"] == "验证码一直收不到"
    await office.counter.advance(hours=2)
    row = await office.counter.ticket()
    assert (row["question"], row["facts"], row["state"], row["close_reason"]) == (
        "",
        "[]",
        "closed",
        "solved",
    )
    assert {row["text"] for row in await office.counter.rows("SELECT text FROM ticket_message")} == {""}
    await office.member.says("/tickets")
    await office.counter.settle()
    assert office.member.last().text.startswith("您没有转给支部的问题")


async def test_what_is_told_and_forgotten_about_a_person(office: Office, languages: Languages) -> None:
    answer = await office.answered()
    await office.member.taps(answer, "已解决")
    await office.counter.settle()
    card = await office.asked("第二个问题")
    await office.member.says("第三个，还没转")
    await office.counter.settle()
    me = await actor(office, office.member)
    async with office.counter.work() as work:
        assert await contribute(work.session, me, languages["zh_CN"]) == [
            "您向支部求助过：2 件进行中，1 件已结束。"
        ]
        await forget(work, me)
        await forget(work, me)
    await office.counter.settle()
    rows = await office.counter.rows("SELECT question, state, close_reason FROM ticket ORDER BY id")
    assert [tuple(row.values()) for row in rows] == [("", "closed", "solved"), ("", "closed", "forgotten")]
    assert {row["text"] for row in await office.counter.rows("SELECT text FROM ticket_message")} == {""}
    assert office.secretary.last().text == "这位党员已清除自己的资料，这件不用再办了。"
    await office.secretary.says("还在吗", reply_to=card)
    await office.counter.settle()
    assert office.secretary.last().text == "这里的内容已经到期删除了。请打电话，或者请他重新提一个问题。"


async def test_strangers_have_nothing(office: Office, languages: Languages) -> None:
    async with office.counter.work() as work:
        assert await contribute(work.session, Actor(5, "zh_CN"), languages["zh_CN"]) == []
        await forget(work, Actor(5, "zh_CN"))


async def test_a_made_up_reason_closes_nothing(office: Office) -> None:
    card = await office.asked()
    answer = await told(office.secretary, card, data="hd.close:1:forgotten")
    assert answer == "这个按钮已经过时了。请用最新的那条消息，或者发 /start。"
    assert (await office.counter.ticket())["state"] == "open"


async def test_opened_at_once_with_what_is_known(office: Office) -> None:
    """As the walk-through does it, with facts and a screenshot sent before."""
    screenshot = await office.member.sends_photo(PICTURE)
    await office.counter.settle()
    await office.member.taps(office.member.last(), "不用了")
    await office.counter.settle()
    office.counter.prepared = Question(
        "点了没反应",
        Origin.WALKTHROUGH,
        (("卡在", "短信验证码"), ("", "安卓")),
        (Content(Kind.PHOTO, "", office.member.id, screenshot.message_id),),
    )
    await office.member.says("卡住了")
    await office.counter.settle()
    card, picture = [message for message in office.secretary.chat() if message.from_bot]
    assert card.text.splitlines() == [
        "采油三队党支部 李建国 · 卡在“短信验证码” · 安卓 · 附截图 1 张",
        "点了没反应",
        "直接回复这条消息，他就能看到。",
        "请在今天 13:00 前回他。",
    ]
    assert (picture.kind, picture.text) == ("photo", "李建国发来一张截图")
    assert office.member.last().text.startswith("已转给您的支部书记王梅。")
    assert (await office.counter.ticket())["origin"] == "walkthrough"


async def test_english_readers_read_english(office: Office) -> None:
    async with office.counter.work() as work:
        await work.session.run("UPDATE account SET language = 'en' WHERE id = :id", id=office.secretary.id)
    await office.member.says("打不开")
    await office.counter.advance(seconds=60)
    card = found(office.secretary, "Just reply to this message")
    assert card.buttons == ["Close the question", "I have settled it by phone", "I answer it", "More …"]
    await office.secretary.says("Please restart it", reply_to=card)
    await office.counter.settle()
    assert office.member.last().text == "王梅书记：Please restart it"


async def test_two_branches_keep_apart(office: Office) -> None:
    """A ticket of one branch is neither in the inbox nor in the counts of another."""
    async with office.counter.work() as work:
        other = await factories.member(work.session, "钱进", office.counter.tree.sibling)
    assert other
    await office.asked()
    await office.sibling.says("/tickets")
    await office.counter.settle()
    assert not any("李建国" in label for label in office.sibling.last().buttons)
