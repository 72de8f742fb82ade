"""Closing with a reason, and what the member may say of it."""

import pytest

from bot.sandbox import Person, SeenMessage
from tests.helpdesk.conftest import PICTURE, Office, found, said_to, told

OUTDATED = "这个按钮已经过时了。请用最新的那条消息，或者发 /start。"
NOT_YOURS = "这件事现在由别的同志负责，您刚才的话我没有转出去。归您办的都在 /tickets 里。"


async def taps(office: Office, person: Person, message: SeenMessage, button: str) -> SeenMessage:
    """Taps, and returns the message as it then stands."""
    await person.taps(person.sees(message), button)
    await office.counter.settle()
    return person.sees(message)


async def reasons(office: Office) -> SeenMessage:
    card = await office.asked()
    await taps(office, office.secretary, card, "更多…")
    return await taps(office, office.secretary, office.secretary.last(), "选原因结束")


async def rated(office: Office, button: str = "帮上了") -> SeenMessage:
    """李建国's question is closed and rated; what he is told then."""
    answer = await office.answered()
    await taps(office, office.member, answer, "已解决")
    await taps(office, office.member, office.member.last(), button)
    return office.member.last()


@pytest.mark.parametrize(
    ("button", "reason", "words", "buttons"),
    [
        (
            "问了没回音",
            "no_answer",
            "王梅书记问过您，还没等到您的回话，这个问题先放下。什么时候方便，点“还有问题”接着说。",
            ["还有问题"],
        ),
        (
            "支部办不了",
            "not_ours",
            "王梅书记看过了：这件支部帮不上，先到这里。还想找人，点“还有问题”。",
            ["还有问题"],
        ),
        (
            "电话里办好了",
            "phoned",
            "王梅书记说已经和您在电话里办好了。",
            ["还有问题", "帮上了", "一般", "没帮上"],
        ),
        ("已办好，结束", "done", "王梅书记结束了这个问题。", ["还有问题", "帮上了", "一般", "没帮上"]),
    ],
)
async def test_closing_with_a_reason(
    office: Office, button: str, reason: str, words: str, buttons: list[str]
) -> None:
    shown = await reasons(office)
    assert shown.text == "结束李建国的求助，是什么原因？我会好好跟他说。"
    await taps(office, office.secretary, shown, button)
    assert (await office.counter.ticket())["close_reason"] == reason
    told_member = office.member.last()
    assert told_member.text.startswith(words)
    assert told_member.buttons == buttons
    assert office.secretary.last().text.startswith("已结束")
    assert office.secretary.sees(shown).buttons == []
    await taps(office, office.member, told_member, "还有问题")
    assert (await office.counter.ticket())["state"] == "open"


@pytest.mark.parametrize("reason", ["solved", "quiet", "forgotten", "withdrawn", "merged", "left", "nothing"])
async def test_a_reason_that_is_not_theirs_closes_nothing(office: Office, reason: str) -> None:
    shown = await reasons(office)
    assert await told(office.secretary, shown, data=f"hd.close:1:{reason}") == OUTDATED
    assert (await office.counter.ticket())["state"] == "open"


async def test_reasons_are_for_its_staff(office: Office) -> None:
    shown = await reasons(office)
    for person in (office.general, office.sibling, office.member):
        await person.says("/tickets")
        await office.counter.settle()
        for data in ("hd.why:1", "hd.close:1:not_ours"):
            assert await told(person, person.last(), data=data) == NOT_YOURS
    await taps(office, office.secretary, shown, "支部办不了")
    assert await told(office.secretary, shown, data="hd.why:1") == "这个问题已经结束了。"
    assert await told(office.secretary, shown, data="hd.close:1:done") == "这个问题已经结束了。"


async def test_a_word_with_the_rating(office: Office) -> None:
    thanks = await rated(office)
    assert thanks.buttons == ["说一句"]
    await taps(office, office.member, thanks, "说一句")
    assert office.member.last().text == "想对王梅书记说点什么？直接打字，本人看得到。"
    await office.member.sends_photo(PICTURE)
    await office.counter.settle()
    assert office.member.last().text == "打几个字就行，最多 500 个字。"
    await office.member.says("讲" * 501)
    await office.counter.settle()
    assert office.member.last().text == "打几个字就行，最多 500 个字。"
    await office.counter.restart()
    await office.member.says("讲得很清楚")
    await office.counter.settle()
    assert office.member.last().text == "谢谢您，王梅书记看得到。"
    assert office.secretary.last().text == "李建国说这次“帮上了”：讲得很清楚"
    row = await office.counter.ticket()
    assert (row["state"], row["rating"], row["rating_words"]) == ("closed", "good", "讲得很清楚")
    await office.member.says("党费怎么算")
    await office.counter.settle()
    assert office.member.last().text.startswith("这个我没有现成的答案")


async def test_no_word_after_all(office: Office) -> None:
    await taps(office, office.member, await rated(office), "说一句")
    prompt = office.member.last()
    await taps(office, office.member, prompt, prompt.buttons[0])
    assert await office.counter.rows("SELECT * FROM dialogue") == []
    assert (await office.counter.ticket())["rating_words"] is None


async def test_a_poor_rating_offers_to_go_on(office: Office) -> None:
    thanks = await rated(office, "没帮上")
    assert thanks.text == "谢谢您直说。要是还没解决，直接写给我。"
    assert thanks.buttons == ["还有问题", "说一句"]
    await taps(office, office.member, thanks, "还有问题")
    assert (await office.counter.ticket())["state"] == "open"


async def test_the_last_rating_counts(office: Office) -> None:
    thanks = await rated(office)
    await told(office.member, thanks, data="hd.rate:1:poor")
    await office.counter.settle()
    assert (await office.counter.ticket())["rating"] == "poor"


async def test_only_what_is_closed_is_rated(office: Office) -> None:
    answer = await office.answered()
    for data in ("hd.rate:1:good", "hd.say:1"):
        assert await told(office.member, answer, data=data) == OUTDATED
    await taps(office, office.member, answer, "已解决")
    assert await told(office.member, office.member.last(), data="hd.say:1") == OUTDATED
    assert (await office.counter.ticket())["rating"] is None


async def test_a_word_to_what_was_opened_again_ends_kindly(office: Office) -> None:
    answer = await office.answered()
    await taps(office, office.member, answer, "已解决")
    await taps(office, office.member, office.member.last(), "帮上了")
    await taps(office, office.member, office.member.last(), "说一句")
    await office.member.says("又不行了", reply_to=answer)
    await office.counter.settle()
    assert (await office.counter.ticket())["state"] == "open"
    await office.member.says("讲得很清楚")
    await office.counter.settle()
    assert office.member.last().text == OUTDATED
    assert await office.counter.rows("SELECT * FROM dialogue") == []


async def test_what_is_said_with_a_rating_is_forgotten_with_the_rest(office: Office) -> None:
    await taps(office, office.member, await rated(office), "说一句")
    await office.member.says("讲得很清楚")
    await office.counter.advance(hours=24 * 366)
    assert (await office.counter.ticket())["rating_words"] is None


async def test_a_reply_of_the_staff_to_what_was_closed_is_held_and_sent_on_a_tap(office: Office) -> None:
    shown = await reasons(office)
    await taps(office, office.secretary, shown, "支部办不了")
    before = len(said_to(office.member))
    await office.secretary.says("再补一句", reply_to=found(office.secretary, "采油三队党支部 李建国"))
    await office.counter.settle()
    assert len(said_to(office.member)) == before
    await taps(office, office.secretary, office.secretary.last(), "重新打开并发给他")
    assert office.member.last().text == "王梅书记：再补一句"
