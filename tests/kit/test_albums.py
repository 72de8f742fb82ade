"""Albums: items that arrive one by one leave as one copy, whatever happens between."""

import asyncio
from typing import Any

import pytest

from bot.kit.clock import ManualClock
from bot.kit.database import SqliteDatabase
from bot.kit.delivery import VANISHED
from bot.kit.i18n import Languages
from bot.kit.outbox import ALBUM_GATHERS, Delivered, Outbox, Queued
from bot.kit.transport import Refused
from tests.kit.fakes import Received, until
from tests.kit.post import Post

ANNA, BERT = 11, 22


@pytest.fixture
def post(database: SqliteDatabase, clock: ManualClock, languages: Languages) -> Post:
    made = Post(database, clock, languages)
    ids = iter(range(100, 200))

    def answer(call: Received) -> Any:
        if call.method != "copyMessages":
            return {"message_id": next(ids)}
        return [{"message_id": next(ids)} for _ in call.parameters["message_ids"]]

    made.telegram.answer = answer
    return made


async def item(post: Post, message_id: int, *, album: str = "a", **options: Any) -> int:
    async def write(out: Outbox) -> int:
        key = f"{album}:{message_id}"
        return await out.copy(ANNA, from_chat_id=BERT, message_id=message_id, key=key, album=album, **options)

    return int(await post.write(write))


async def rows(post: Post) -> list[tuple[str, int | None]]:
    async with post.database.reading() as reader:
        found = await reader.all("SELECT state, message_id FROM outgoing ORDER BY id")
    return [(row["state"], row["message_id"]) for row in found]


async def test_items_that_come_within_the_time_leave_together(post: Post, clock: ManualClock) -> None:
    async with post.running():
        await item(post, 7)
        await clock.move_to(clock.now() + ALBUM_GATHERS - 1)
        await item(post, 8)
        await clock.move_to(clock.now() + ALBUM_GATHERS - 1)
        await post.courier.rested()
        assert post.telegram.calls == []
        await post.delivered()
    (call,) = post.telegram.calls
    assert call.method == "copyMessages"
    assert call.parameters == {"from_chat_id": BERT, "message_ids": [7, 8], "chat_id": ANNA}
    assert await rows(post) == [("sent", 100), ("sent", 101)]


async def test_what_comes_too_late_follows_by_itself(post: Post, clock: ManualClock) -> None:
    async with post.running():
        for message_id in (7, 8):
            await item(post, message_id)
        await post.delivered()
        late = await item(post, 9, reply_to=Delivered(3))
        await post.delivered()
    first, second = post.telegram.calls
    assert (first.method, second.method) == ("copyMessages", "copyMessage")
    assert second.parameters["message_id"] == 9
    assert second.parameters["reply_parameters"]["message_id"] == 3
    async with post.database.reading() as reader:
        assert await reader.value("SELECT message_id FROM outgoing WHERE id = :id", id=late) == 102


async def test_an_item_queued_while_the_album_is_under_way_is_not_lost(
    post: Post, clock: ManualClock
) -> None:
    post.telegram.gate = asyncio.Event()
    async with post.running():
        await item(post, 7)
        await item(post, 8)
        await clock.move_to(clock.now() + ALBUM_GATHERS)
        await until(lambda: len(post.telegram.calls) == 1)
        await item(post, 9)
        post.telegram.gate.set()
        await post.delivered()
    asked = [
        call.parameters.get("message_ids") or [call.parameters["message_id"]] for call in post.telegram.calls
    ]
    assert asked == [[7, 8], [9]]


async def test_the_chat_keeps_its_order_and_others_do_not_wait(post: Post) -> None:
    async with post.running():
        await post.text(ANNA, "before")
        await item(post, 7)
        await item(post, 8)
        await post.text(ANNA, "after")
        await post.text(BERT, "elsewhere")
        await post.delivered()
    sent = [
        (call.parameters["chat_id"], call.parameters.get("text", "album")) for call in post.telegram.calls
    ]
    assert [text for chat, text in sent if chat == ANNA] == ["before", "album", "after"]
    assert sent.index((BERT, "elsewhere")) < sent.index((ANNA, "album"))


async def test_an_album_refused_for_now_is_tried_again_whole(post: Post) -> None:
    usual, refusals = (
        post.telegram.answer,
        [Refused(429, "Too Many Requests", retry_after=5), Refused(502, "x")],
    )
    assert usual is not None
    post.telegram.answer = lambda call: refusals.pop(0) if refusals else usual(call)
    async with post.running():
        await item(post, 7)
        await item(post, 8)
        await post.delivered()
    assert [call.parameters["message_ids"] for call in post.telegram.calls] == [[7, 8]] * 3
    assert await rows(post) == [("sent", 100), ("sent", 101)]


async def test_after_a_crash_an_album_is_sent_again(post: Post) -> None:
    for message_id in (7, 8):
        await item(post, message_id)
    await post.write(_as_after_a_crash)
    async with post.running():
        await post.delivered()
    assert [call.parameters["message_ids"] for call in post.telegram.calls] == [[7, 8]]


async def _as_after_a_crash(out: Outbox) -> None:
    await out._session.run("UPDATE outgoing SET state = 'sending'")


async def test_originals_that_vanished_are_counted(post: Post) -> None:
    post.telegram.answer = lambda _: [{"message_id": 100}]
    async with post.running():
        for message_id in (7, 8, 9):
            await item(post, message_id)
        await post.delivered()
    assert await rows(post) == [("sent", 100), ("failed", None), ("failed", None)]
    async with post.database.reading() as reader:
        errors = await reader.all("SELECT error FROM outgoing WHERE state = 'failed'")
    assert {row["error"] for row in errors} == {VANISHED}


async def test_all_of_it_gone_or_blocked_is_said_of_every_item(post: Post) -> None:
    post.telegram.answer = lambda _: Refused(403, "Forbidden: bot was blocked by the user")
    async with post.running():
        for message_id in (7, 8):
            await item(post, message_id)
        await post.delivered()
    assert await rows(post) == [("blocked", None), ("blocked", None)]


async def test_an_items_copy_can_be_changed_as_any_message(post: Post) -> None:
    async with post.running():
        await item(post, 7)
        second = await item(post, 8)
        await post.write(lambda out: out.react(ANNA, Queued(second), "👍", key="r"))
        await post.delivered()
    call = post.telegram.calls[-1]
    assert call.method == "setMessageReaction"
    assert call.parameters["message_id"] == 101
    assert call.parameters["reaction"] == [{"type": "emoji", "emoji": "👍"}]


async def test_an_album_of_ten_waits_until_the_chat_may_have_so_many(post: Post) -> None:
    async with post.running():
        await post.text(ANNA, "name")
        for message_id in range(10):
            await item(post, message_id)
        await post.text(ANNA, "after")
        await post.delivered()
    name, album, after = [call.at for call in post.telegram.calls]
    assert album - name >= 4.0
    assert after - album >= 4.0


async def test_a_reaction_takes_the_place_of_an_earlier_one_and_of_nothing_else(post: Post) -> None:
    await post.edit(ANNA, Delivered(5), "changed")
    async with post.works.begin() as work:
        for emoji in ("👍", None, "🙏"):
            await work.out.react(ANNA, Delivered(5), emoji, key=f"r{emoji}")
    async with post.running():
        await post.delivered()
    assert [(call.method, call.parameters.get("reaction")) for call in post.telegram.calls] == [
        ("editMessageText", None),
        ("setMessageReaction", [{"type": "emoji", "emoji": "🙏"}]),
    ]


async def test_two_albums_to_one_chat_stay_apart(post: Post) -> None:
    async with post.running():
        for message_id in (7, 8):
            await item(post, message_id)
            await item(post, message_id + 10, album="b")
        await post.delivered()
    assert [call.parameters["message_ids"] for call in post.telegram.calls] == [[7, 8], [17, 18]]
