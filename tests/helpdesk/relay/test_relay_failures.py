"""What does not arrive: whoever wrote it learns that, and why, once."""

import pytest

from bot.helpdesk.failing.rules import Trouble, trouble
from bot.kit.outbox import State
from bot.sandbox.faults import Fault, FaultKind
from tests.helpdesk.conftest import PICTURE, Office, said_to

GONE = "李建国已停用机器人，从这里看不到您的话，请电话联系。"
LOST = "您的回复没送到李建国那里，请再发一次，或者打电话。"
TOO_LARGE = "这个文件太大，李建国没收到。请换个小一点的，或者截图发来。"


@pytest.mark.parametrize(
    ("state", "error", "expected"),
    [
        (State.BLOCKED, "403: Forbidden: bot was blocked by the user", Trouble.GONE),
        (State.FAILED, "400: Bad Request: message to copy not found", Trouble.DELETED),
        (State.FAILED, "400: Bad Request: there are no messages to forward", Trouble.DELETED),
        (State.FAILED, "message to copy not found", Trouble.DELETED),
        (State.FAILED, "413: Request Entity Too Large", Trouble.TOO_LARGE),
        (State.FAILED, "400: Bad Request: file is too big", Trouble.TOO_LARGE),
        (State.FAILED, "400: Bad Request: message caption is too long", Trouble.TOO_LARGE),
        (State.FAILED, "400: Bad Request: can't parse entities", Trouble.LOST),
        (State.FAILED, "400: Bad Request: VOICE_MESSAGES_FORBIDDEN", Trouble.UNWANTED),
        (State.FAILED, None, Trouble.LOST),
        (State.WAITING, "500: Internal Server Error", Trouble.DELAYED),
    ],
)
def test_what_kept_a_message_from_arriving(state: State, error: str | None, expected: Trouble) -> None:
    assert trouble(state, error) is expected


def refuse(office: Office, method: str, status: int, times: int | None = 1) -> None:
    office.counter.sandbox.faults.add(Fault(FaultKind.ERROR, (method,), times, status=status))


async def test_a_file_that_is_too_large_is_said_to_be(office: Office) -> None:
    card = await office.asked()
    refuse(office, "copyMessage", 413)
    mine = await office.secretary.sends_file("video", PICTURE, reply_to=card)
    await office.counter.settle()
    await office.counter.advance(seconds=20)
    assert (office.secretary.last().text, office.secretary.last().reply_to) == (TOO_LARGE, mine.message_id)
    await office.counter.advance(minutes=2)
    assert said_to(office.secretary).count(TOO_LARGE) == 1


async def test_the_member_learns_it_too(office: Office) -> None:
    answer = await office.answered()
    refuse(office, "copyMessage", 413)
    mine = await office.member.sends_file("video", PICTURE, reply_to=answer)
    await office.counter.settle()
    await office.counter.advance(seconds=20)
    assert office.member.last().text == "这个文件太大，王梅书记没收到。请换个小一点的，或者截图发来。"
    assert office.member.last().reply_to == mine.message_id


async def test_what_telegram_refuses_for_good(office: Office) -> None:
    answer = await office.answered()
    refuse(office, "copyMessage", 400, times=2)
    await office.member.sends_file("sticker", PICTURE, reply_to=answer)
    await office.counter.settle()
    await office.counter.advance(seconds=20)
    told = "您刚才发的没送到王梅书记那里。请改用文字再发一次，或者直接打电话。"
    assert said_to(office.member)[-1] == told
    await office.secretary.sends_file(
        "sticker",
        PICTURE,
        reply_to=next(each for each in reversed(office.secretary.chat()) if "发来一个表情" in each.text),
    )
    await office.counter.settle()
    await office.counter.advance(seconds=20)
    assert office.secretary.last().text == LOST
    assert said_to(office.member).count(told) == 1


async def test_a_temporary_failure_is_tried_again_and_nobody_is_bothered(office: Office) -> None:
    card = await office.asked()
    refuse(office, "copyMessage", 500, times=3)
    await office.secretary.sends_file("photo", PICTURE, caption="看图", reply_to=card)
    await office.counter.settle()
    await office.counter.advance(minutes=2)
    assert office.member.last().text == "王梅书记：看图"
    assert "没" not in said_to(office.secretary)[-1]


async def test_what_takes_long_is_said_once_and_arrives_in_the_end(office: Office) -> None:
    card = await office.asked()
    refuse(office, "copyMessage", 500, times=None)
    mine = await office.secretary.sends_file("photo", PICTURE, caption="看图", reply_to=card)
    for _ in range(15):
        later = office.counter.clock.now() + 60_000
        await office.counter.clock.move_to(later)
        await office.counter.runtime.sweep()
        await office.counter.runtime.rested()
    delayed = "这条还没送到李建国那里。我会接着送，您不用再发。"
    assert said_to(office.secretary).count(delayed) == 1
    notice = next(message for message in office.secretary.chat() if message.text == delayed)
    assert notice.reply_to == mine.message_id
    office.counter.sandbox.faults.clear()
    await office.counter.settle()
    assert "王梅书记：看图" in said_to(office.member)
    await office.counter.advance(minutes=1)
    assert said_to(office.secretary)[-1] == delayed


async def test_the_writer_is_told_not_whoever_has_the_question_now(office: Office) -> None:
    """The deputy answers; his words are lost; the secretary's are not."""
    await office.asked()
    await office.deputy.says("/tickets")
    await office.counter.settle()
    await office.deputy.taps(office.deputy.last(), place=(0, 0))
    await office.counter.settle()
    theirs = next(message for message in reversed(office.deputy.chat()) if "直接回复" in message.text)
    refuse(office, "copyMessage", 413)
    await office.deputy.sends_file("document", PICTURE, reply_to=theirs)
    await office.counter.settle()
    await office.counter.advance(seconds=20)
    assert office.deputy.last().text == TOO_LARGE
    assert TOO_LARGE not in said_to(office.secretary)


async def test_a_block_between_writing_and_sending(office: Office) -> None:
    card = await office.asked()
    refuse(office, "sendMessage", 500)
    await office.secretary.says("在吗", reply_to=card)
    await office.member.blocks()
    await office.counter.settle()
    await office.counter.advance(seconds=20)
    assert said_to(office.secretary).count(GONE) == 1
    await office.counter.advance(minutes=5)
    assert said_to(office.secretary).count(GONE) == 1


async def test_what_the_member_deleted_before_it_was_brought(office: Office) -> None:
    await office.member.says("收不到验证码")
    await office.counter.settle()
    picture = await office.member.sends_file("photo", PICTURE)
    await office.counter.settle()
    await office.member.deletes(picture)
    await office.member.taps(
        next(message for message in reversed(office.member.chat()) if "正在转给" in message.text), "马上转"
    )
    await office.counter.settle()
    await office.counter.advance(seconds=20)
    assert office.secretary.last().text == "李建国发过一张图片，后来自己删掉了。"
    before = said_to(office.member)
    await office.counter.advance(minutes=2)
    assert said_to(office.member) == before  # they know what they deleted
    assert said_to(office.secretary).count("李建国发过一张图片，后来自己删掉了。") == 1


async def test_what_the_staff_deleted_before_it_was_brought(office: Office) -> None:
    card = await office.asked()
    refuse(office, "copyMessage", 500)
    mine = await office.secretary.sends_file("voice", PICTURE, reply_to=card)
    await office.secretary.deletes(mine)
    await office.counter.settle()
    await office.counter.advance(seconds=20)
    assert office.member.last().text == "王梅书记发过一段语音，后来自己删掉了。"


async def test_one_picture_of_an_album_deleted_meanwhile(office: Office) -> None:
    card = await office.asked()
    refuse(office, "copyMessages", 500)
    parts = [
        await office.secretary.sends_file("photo", PICTURE, caption=text, reply_to=card, media_group="a")
        for text in ("一", "二", "三")
    ]
    await office.secretary.deletes(parts[1])
    await office.counter.settle()
    await office.counter.advance(seconds=20)
    album = [message.text for message in office.member.chat() if message.kind == "photo"]
    assert album == ["一", "三"]
    assert office.member.last().text == "王梅书记发过一张图片，后来自己删掉了。"


async def test_nothing_is_told_of_what_has_expired(office: Office) -> None:
    card = await office.asked()
    refuse(office, "copyMessage", 413)
    await office.secretary.sends_file("video", PICTURE, reply_to=card)
    await office.counter.settle()
    async with office.counter.work() as work:
        await work.session.run("UPDATE ticket SET expired_at = :now", now=work.now)
    before = said_to(office.secretary)
    await office.counter.advance(minutes=1)
    assert said_to(office.secretary) == before
