"""What is used up goes away, courtesies disturb nobody, what is lost is told, and what happens is audited."""

import json

import pytest

from bot.helpdesk import texts
from bot.kit.clock import SECOND
from bot.kit.i18n import Languages
from bot.roster.model import Role
from bot.sandbox import Person
from tests.helpdesk.conftest import PICTURE, Counter, Office, found, said_to


def standing(person: Person) -> list[str]:
    """All buttons in the chat that can still be tapped, from top to bottom."""
    return [label for message in person.chat() if message.from_bot for label in message.buttons]


async def test_only_the_newest_answer_can_be_judged(office: Office) -> None:
    card = await office.asked()
    for words in ("先重启", "再清一清短信箱"):
        await office.secretary.says(words, reply_to=card)
        await office.counter.settle()
    assert office.secretary.sees(card).text.splitlines()[2:] == ["已回复。想补充，直接回复这条消息。"]
    assert found(office.member, "再清").buttons == ["已解决", "还有问题"]
    assert standing(office.member) == ["已解决", "还有问题"]
    assert standing(office.secretary) == ["结束", "我已电话处理", "更多…", "结束"]


async def test_nothing_is_left_to_tap_once_it_is_closed(office: Office) -> None:
    await office.answered()
    await office.deputy.says("/tickets")
    await office.counter.settle()
    await office.secretary.taps(office.secretary.last(), "结束")
    await office.counter.settle()
    assert standing(office.secretary) == []
    assert found(office.secretary, "采油三队党支部 李建国").text.splitlines()[-1] == "这件已结束。"
    assert standing(office.member) == ["还有问题", "帮上了", "一般", "没帮上"]
    await office.member.taps(office.member.last(), "没帮上")
    await office.counter.settle()
    assert standing(office.member) == ["还有问题", "说一句"]


async def test_the_member_closes_it_for_everybody(office: Office) -> None:
    answer = await office.answered()
    await office.member.taps(answer, "已解决")
    await office.counter.settle()
    assert standing(office.secretary) == []
    assert standing(office.member) == ["帮上了", "一般", "没帮上"]


async def test_a_quiet_end_takes_the_buttons_too(office: Office) -> None:
    await office.answered()
    await office.counter.advance(hours=24 * 7 + 1)
    assert standing(office.secretary) == []
    assert standing(office.member) == ["还有问题", "帮上了", "一般", "没帮上"]


async def test_opened_again_the_card_can_be_closed_again(office: Office) -> None:
    card = await office.asked()
    await office.secretary.taps(card, "结束")
    await office.counter.settle()
    assert office.secretary.sees(card).buttons == []
    await office.counter.advance(hours=2)
    await office.member.taps(office.member.last(), "还有问题")
    await office.counter.settle()
    assert standing(office.member) == []
    again = office.secretary.sees(card)
    assert again.buttons == ["结束", "我已电话处理", "我来答", "更多…"]
    assert again.text.splitlines()[-1].startswith("请在今天 15:")


async def test_a_card_brought_down_takes_the_place_of_the_old_one(office: Office) -> None:
    card = await office.asked()
    await office.secretary.says("/tickets")
    await office.counter.settle()
    await office.secretary.taps(office.secretary.last(), place=(0, 0))
    await office.counter.settle()
    assert office.secretary.sees(card).buttons == []
    assert office.secretary.last().buttons == ["结束", "我已电话处理", "我来答", "更多…"]


async def test_a_reply_to_what_the_bot_says_of_an_answer_finds_the_ticket(office: Office) -> None:
    await office.answered()
    await office.secretary.says("还有，记得连无线网", reply_to=found(office.secretary, "已发给李建国"))
    await office.counter.settle()
    assert office.member.last().text == "王梅书记：还有，记得连无线网"


@pytest.mark.parametrize("reply", [True, False])
@pytest.mark.parametrize("word", ["谢谢", "好的"])
async def test_thanks_start_no_clock(office: Office, word: str, reply: bool) -> None:
    answer = await office.answered()
    before = said_to(office.member)
    await office.member.says(word, reply_to=answer if reply else None)
    await office.counter.settle()
    assert office.secretary.last().text == f"李建国：{word}"
    row = await office.counter.ticket()
    assert (row["state"], row["deadline"]) == ("answered", None)
    assert said_to(office.member) == before
    told = said_to(office.secretary)
    await office.counter.advance(hours=30)
    assert said_to(office.secretary) == told


async def test_a_sticker_after_an_answer_is_thanks(office: Office) -> None:
    answer = await office.answered()
    await office.member.sends_file("sticker", PICTURE, reply_to=answer)
    await office.counter.settle()
    assert office.secretary.last().kind == "sticker"
    assert (await office.counter.ticket())["state"] == "answered"


async def test_thanks_open_nothing_that_is_closed(office: Office) -> None:
    answer = await office.answered()
    await office.member.taps(answer, "已解决")
    await office.counter.settle()
    await office.member.says("谢谢", reply_to=answer)
    await office.counter.settle()
    assert office.secretary.last().text == "李建国：谢谢"
    assert (await office.counter.ticket())["state"] == "closed"


async def test_thanks_join_nothing_that_gathers(office: Office) -> None:
    await office.member.says("验证码收不到")
    await office.member.says("谢谢")
    await office.counter.settle()
    assert office.member.last().text == "不客气"
    await office.counter.advance(seconds=61)
    assert "李建国：谢谢" not in said_to(office.secretary)


async def test_thanks_long_after_the_end_are_no_question(office: Office) -> None:
    answer = await office.answered()
    await office.member.taps(answer, "已解决")
    await office.counter.advance(hours=24 * 8)
    await office.member.says("谢谢", reply_to=answer)
    await office.counter.settle()
    assert office.member.last().text == "不客气"
    assert len(await office.counter.rows("SELECT * FROM ticket")) == 1


async def test_words_that_never_arrive_are_told_to_the_member(office: Office) -> None:
    answer = await office.answered()
    await office.member.says("清了，还是不行", reply_to=answer)
    await office.counter.settle()
    await lose(office, "failed")
    await office.counter.advance(minutes=1)
    lost = "您刚才发的没送到王梅书记那里。请改用文字再发一次，或者直接打电话。"
    assert said_to(office.member).count(lost) == 1
    await office.counter.advance(minutes=2)
    assert said_to(office.member).count(lost) == 1


async def test_with_nobody_left_the_member_is_told_to_phone(counter: Counter) -> None:
    member = await counter.person("李建国")
    secretary = await counter.person("王梅", (counter.tree.branch, Role.SECRETARY))
    await member.says("验证码收不到")
    await counter.settle()
    await secretary.blocks()
    await counter.advance(seconds=61)
    await counter.advance(minutes=1)
    assert member.last().text.splitlines() == [
        "采油三队党支部和上级总支眼下没有人能在这里接到消息。您的问题我先留着，一有人就转过去。",
        "着急的话，请直接给王梅书记打电话。",
    ]
    before = said_to(member)
    await counter.advance(minutes=2)
    assert said_to(member) == before


async def test_where_somebody_else_takes_over_only_that_is_told(office: Office) -> None:
    answer = await office.answered()
    await office.secretary.blocks()
    await office.member.says("还是不行", reply_to=answer)
    await office.counter.settle()
    await office.counter.advance(minutes=2)
    assert office.deputy.last().text == "李建国：还是不行"
    assert not any("没送到" in text for text in said_to(office.member))


async def test_ends_and_moves_are_audited(office: Office) -> None:
    answer = await office.answered()
    await office.member.taps(answer, "已解决")
    await office.counter.settle()
    await office.member.says("又不行了", reply_to=answer)
    await office.counter.advance(hours=3, minutes=5)
    await office.counter.advance(hours=1, minutes=5)
    await office.secretary.says("我回来了", reply_to=found(office.secretary, "直接回复这条消息"))
    await office.counter.settle()
    await office.secretary.taps(office.secretary.last(), "结束")
    await office.counter.settle()
    li, wang, zhang = (office.counter.members[name] for name in ("李建国", "王梅", "张强"))
    rows = await office.counter.rows("SELECT act, by_member, subject, details FROM audit ORDER BY id")
    assert [(row["act"], row["by_member"], json.loads(row["details"])) for row in rows] == [
        ("ticket.closed", li, {"reason": "solved"}),
        ("ticket.reopened", li, {}),
        ("ticket.moved", None, {"before": wang, "after": zhang, "rung": "deputy", "why": "ladder"}),
        ("ticket.moved", wang, {"before": zhang, "after": wang, "rung": "secretary", "why": "answered"}),
        ("ticket.closed", wang, {"reason": "done"}),
    ]
    assert {row["subject"] for row in rows} == {"ticket:1"}


@pytest.mark.parametrize(
    ("seconds", "chinese", "english"),
    [(30, "30 秒后", "30 seconds"), (60, "一分钟后", "a minute"), (90, "90 秒后", "90 seconds"),
     (120, "2 分钟后", "2 minutes")],
)  # fmt: skip
def test_how_long_it_gathers(languages: Languages, seconds: int, chinese: str, english: str) -> None:
    assert texts.wait(languages["zh_CN"], seconds * SECOND) == chinese
    assert texts.wait(languages["en"], seconds * SECOND) == english


async def lose(office: Office, state: str) -> None:
    """The newest message to the secretary was given up."""
    async with office.counter.work() as work:
        await work.session.run(
            "UPDATE outgoing SET state = :state, message_id = NULL, finished_at = :now WHERE id ="
            " (SELECT MAX(outgoing_id) FROM ticket_copy WHERE chat_id = :chat AND part = 'relay')",
            state=state,
            now=work.now,
            chat=office.secretary.id,
        )
