"""What a Telegram client lets people do, and what it does not."""

import pytest

from bot.sandbox import Person, PersonError, Sandbox
from tests.sandbox.helpers import PNG, Raw

INLINE = {
    "inline_keyboard": [
        [{"text": "甲", "callback_data": "a"}],
        [{"text": "网", "url": "https://example.org/"}],
    ]
}


async def test_nothing_is_said_before_start(sandbox: Sandbox) -> None:
    person = sandbox.add_person(first_name="王")
    with pytest.raises(PersonError, match="Start"):
        await person.says("好")
    await person.start()
    assert person.last().text == "/start"


async def test_nothing_is_said_to_a_blocked_bot(mei: Person) -> None:
    await mei.blocks()
    with pytest.raises(PersonError, match="blocks"):
        await mei.says("好")


@pytest.mark.parametrize(("text", "complaint"), [(" \n", "nothing to send"), ("好" * 4097, "at most 4096")])
async def test_what_cannot_be_typed(mei: Person, text: str, complaint: str) -> None:
    with pytest.raises(PersonError, match=complaint):
        await mei.says(text)


async def test_only_buttons_that_are_there_can_be_tapped(raw: Raw, mei: Person) -> None:
    await raw("sendMessage", chat_id=501, text="选", reply_markup=INLINE)
    message = mei.last()
    with pytest.raises(PersonError, match="甲 · 网"):
        await mei.taps(message, "乙")
    assert await mei.taps(message, "网") is None, "a link opens; the bot learns nothing"
    await raw("editMessageText", chat_id=501, message_id=message.message_id, text="选好了")
    with pytest.raises(PersonError, match="none"):
        await mei.taps(message, "甲")
    assert await mei.taps(message, data="a") is not None, "as an old client might"
    await raw("deleteMessage", chat_id=501, message_id=message.message_id)
    with pytest.raises(PersonError, match="gone"):
        await mei.taps(message, data="a")


async def test_a_tap_that_nobody_answers(raw: Raw, mei: Person) -> None:
    await raw("sendMessage", chat_id=501, text="选", reply_markup=INLINE)
    assert await mei.answer(await mei.taps(mei.last(), "甲"), seconds=0.01) is None


async def test_only_ones_own_text_is_edited(raw: Raw, mei: Person) -> None:
    await raw("sendMessage", chat_id=501, text="好")
    with pytest.raises(PersonError, match="own"):
        await mei.edits(mei.last(), "坏")
    place = await mei.sends_location(46.59, 125.1)
    with pytest.raises(PersonError, match="no text"):
        await mei.edits(place, "好")
    photo = await mei.sends_photo(PNG, "一")
    assert (await mei.edits(photo, "二")).text == "二"


async def test_bots_are_not_told_of_deletions(raw: Raw, mei: Person, sandbox: Sandbox) -> None:
    message = await mei.says("好")
    sandbox.core.updates.drop()
    await mei.deletes(message)
    assert (await raw("getUpdates")).result == []
    assert [seen.text for seen in mei.chat()] == ["/start"]


async def test_keyboard_buttons_do_what_they_ask(raw: Raw, mei: Person) -> None:
    keyboard = {"keyboard": [["文字", {"text": "位置", "request_location": True}]]}
    await raw("sendMessage", chat_id=501, text="选", reply_markup=keyboard)
    assert (await mei.presses("文字")).text == "文字"
    assert (await mei.presses("位置")).kind == "location"
    with pytest.raises(PersonError, match="no button"):
        await mei.presses("别的")


async def test_a_number_is_needed_to_share_one(sandbox: Sandbox) -> None:
    person = sandbox.add_person(first_name="王")
    await person.start()
    with pytest.raises(PersonError, match="no phone number"):
        await person.shares_contact()


def test_two_people_have_two_ids(sandbox: Sandbox) -> None:
    sandbox.add_person(first_name="王", id=7)
    with pytest.raises(PersonError, match="already"):
        sandbox.add_person(first_name="李", id=7)
    assert len({sandbox.add_person(first_name="赵").id for _ in range(50)}) == 50


async def test_a_chat_keeps_as_many_messages_as_it_is_told(raw: Raw, mei: Person, sandbox: Sandbox) -> None:
    sandbox.core.world.keep_messages = 3
    for number in range(5):
        await raw("sendMessage", chat_id=501, text=str(number))
    assert [message.text for message in mei.chat()] == ["2", "3", "4"]
    assert mei.last().message_id == 6


async def test_calls_are_remembered_and_counted(raw: Raw, mei: Person, sandbox: Sandbox) -> None:
    await raw("sendMessage", chat_id=501, text="好")
    await raw("sendMessage", chat_id=404, text="好")
    done, refused = list(sandbox.calls)
    assert (done.method, done.parameters["text"], done.code) == ("sendMessage", "好", 200)
    assert (refused.code, refused.description) == (400, "Bad Request: chat not found")
    assert sandbox.counters["sendMessage"] == 2


async def test_changes_are_called_back(raw: Raw, mei: Person, sandbox: Sandbox) -> None:
    kinds: list[str] = []
    stop = sandbox.on_change(lambda change: kinds.append(change.kind))
    await raw("sendMessage", chat_id=501, text="好", reply_markup={"force_reply": True})
    await mei.deletes(mei.last())
    stop()
    await mei.says("好")
    assert kinds == ["message", "keyboard", "delete"]


async def test_a_taken_port_is_said_kindly(sandbox: Sandbox) -> None:
    other = Sandbox(token="7:x", clock=sandbox.core.clock)
    port = int(sandbox.page_url.rpartition(":")[2].strip("/"))
    with pytest.raises(OSError, match=f"Port {port} is in use"):
        await other.start(port=port)
    with pytest.raises(ValueError, match="loopback"):
        await other.start(host="0.0.0.0")  # noqa: S104 - that it is refused is the point
    with pytest.raises(ValueError, match="token"):
        Sandbox(token="nonsense", clock=sandbox.core.clock)
