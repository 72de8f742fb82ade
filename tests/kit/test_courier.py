"""The courier's promises: order, pace, at least once, at most once, and what it does with Telegram's refusals."""

import asyncio

import pytest

from bot.kit import delivery
from bot.kit.clock import ManualClock
from bot.kit.courier import Courier
from bot.kit.database import SqliteDatabase
from bot.kit.i18n import Languages
from bot.kit.messages import Media, Message
from bot.kit.outbox import Delivered, Policy, Queued, Urgency
from bot.kit.pace import Limits, Pace
from bot.kit.transport import NoAnswer, Refused
from bot.kit.work import Works
from tests.kit.fakes import Received, until
from tests.kit.post import Post

ANNA, BERT, GROUP = 11, 22, -33


@pytest.fixture
def post(database: SqliteDatabase, clock: ManualClock, languages: Languages) -> Post:
    return Post(database, clock, languages)


async def test_a_committed_message_leaves_and_its_message_id_is_kept(post: Post) -> None:
    async with post.running():
        outgoing = await post.text(ANNA, "hello")
        await post.delivered()
    call = post.telegram.calls[0]
    assert (call.method, call.parameters["chat_id"], call.parameters["text"]) == (
        "sendMessage",
        ANNA,
        "hello",
    )
    async with post.database.reading() as reader:
        row = await reader.first("SELECT state, message_id FROM outgoing WHERE id = :id", id=outgoing)
    assert row == {"state": "sent", "message_id": 1}


async def test_a_rolled_back_message_never_leaves(post: Post) -> None:
    async with post.running():
        with pytest.raises(RuntimeError):
            async with post.works.begin() as work:
                await work.out.send(ANNA, Message("never"), key="a")
                raise RuntimeError
        await post.text(ANNA, "after")
        await post.delivered()
    assert post.telegram.texts == ["after"]


async def test_the_same_key_is_written_once(post: Post) -> None:
    async with post.running():
        first = await post.text(ANNA, "one", key="k")
        again = await post.text(ANNA, "two", key="k")
        await post.delivered()
    assert first == again
    assert post.telegram.texts == ["one"]


async def test_messages_of_one_chat_leave_in_order_one_at_a_time(post: Post) -> None:
    post.telegram.gate = asyncio.Event()
    for number in range(5):
        await post.text(ANNA, str(number))
    async with post.running():
        await until(lambda: len(post.telegram.calls) == 1)
        post.telegram.gate.set()
        await post.delivered()
    assert post.telegram.texts == ["0", "1", "2", "3", "4"]


async def test_interactive_before_ticket_before_bulk_across_chats(post: Post) -> None:
    post.courier._pace = Pace(Limits(overall=1))
    await post.text(1, "bulk", urgency=Urgency.BULK, policy=Policy.AT_MOST_ONCE)
    await post.text(2, "ticket", urgency=Urgency.TICKET)
    await post.text(3, "interactive")
    async with post.running():
        await post.delivered()
    assert post.telegram.texts == ["interactive", "ticket", "bulk"]


async def test_an_urgent_message_does_not_overtake_within_its_chat(post: Post) -> None:
    post.courier._pace = Pace(Limits(overall=1))
    await post.text(1, "bulk to 1", urgency=Urgency.BULK)
    await post.text(2, "bulk to 2", urgency=Urgency.BULK)
    await post.text(2, "urgent to 2")
    async with post.running():
        await post.delivered()
    assert post.telegram.texts == ["bulk to 2", "urgent to 2", "bulk to 1"]


async def test_the_overall_limit_holds_over_every_second(post: Post) -> None:
    for person in range(100):
        await post.text(person + 1, "hi", urgency=Urgency.BULK)
    async with post.running():
        await post.delivered()
    times = [call.at for call in post.telegram.calls]
    assert len(times) == 100
    assert all(late - early >= 1.0 - 1e-9 for early, late in zip(times, times[30:], strict=False))
    assert times[-1] < 4.5


async def test_a_group_gets_at_most_twenty_a_minute(post: Post) -> None:
    for number in range(45):
        await post.text(GROUP, str(number))
    async with post.running():
        await post.delivered()
    times = [call.at for call in post.telegram.calls]
    assert all(late - early >= 60.0 for early, late in zip(times, times[20:], strict=False))


async def test_waiting_edits_of_a_message_collapse_into_the_newest(post: Post) -> None:
    for text in ("first", "second", "third"):
        await post.edit(ANNA, Delivered(5), text)
    async with post.running():
        await post.delivered()
    assert [(call.method, call.parameters["message_id"]) for call in post.telegram.calls] == [
        ("editMessageText", 5)
    ]
    assert post.telegram.texts == ["third"]
    assert await post.states() == ["superseded", "superseded", "sent"]


async def test_an_edit_and_a_reply_find_a_message_that_was_still_waiting(post: Post) -> None:
    card = await post.text(ANNA, "card")
    await post.write(lambda out: out.edit(ANNA, Queued(card), Message("card 2"), key="e"))
    await post.text(ANNA, "answer", reply_to=Queued(card))
    async with post.running():
        await post.delivered()
    edit, reply = post.telegram.calls[1:]
    assert edit.parameters["message_id"] == 1
    assert reply.parameters["reply_parameters"]["message_id"] == 1


async def test_a_server_error_is_retried_with_growing_pauses(post: Post) -> None:
    answers = iter([Refused(502, "Bad Gateway"), Refused(500, "Internal"), None])
    post.telegram.answer = lambda _: next(answers)
    await post.text(ANNA, "again")
    async with post.running():
        await post.delivered()
    assert [round(call.at) for call in post.telegram.calls] == [0, 1, 3]
    assert await post.states() == ["sent"]


@pytest.mark.parametrize("failure", [NoAnswer("lost", may_have_arrived=True), Refused(502, "Bad Gateway")])
async def test_an_unknown_outcome_is_never_repeated_when_at_most_once(post: Post, failure: Exception) -> None:
    post.telegram.answer = lambda _: failure
    await post.text(ANNA, "reminder", policy=Policy.AT_MOST_ONCE)
    async with post.running():
        await post.delivered()
    assert len(post.telegram.calls) == 1
    assert await post.states() == ["unknown"]


async def test_what_surely_did_not_arrive_is_repeated_even_when_at_most_once(post: Post) -> None:
    answers = iter(
        [NoAnswer("refused", may_have_arrived=False), Refused(429, "Too Many", retry_after=2), None]
    )
    post.telegram.answer = lambda _: next(answers)
    await post.text(ANNA, "reminder", policy=Policy.AT_MOST_ONCE)
    async with post.running():
        await post.delivered()
    assert len(post.telegram.calls) == 3
    assert await post.states() == ["sent"]


async def test_after_a_crash_at_most_once_is_unknown_and_at_least_once_is_sent_again(post: Post) -> None:
    await post.text(ANNA, "reminder", policy=Policy.AT_MOST_ONCE)
    await post.text(BERT, "answer")
    async with post.works.begin() as work:  # where a killed courier left them
        await delivery.mark_sending(work.session, 1)
    async with post.running():
        await post.delivered()
    assert post.telegram.texts == ["answer"]
    assert await post.states() == ["unknown", "sent"]


async def test_a_group_told_to_wait_waits_alone(post: Post) -> None:
    def answer(call: Received) -> Exception | None:
        if call.parameters["chat_id"] == GROUP and len(post.telegram.calls) == 1:
            return Refused(429, "Too Many Requests", retry_after=7)
        return None

    post.telegram.answer = answer
    await post.text(GROUP, "to group")
    async with post.running():
        await until(lambda: len(post.telegram.calls) == 1)
        await post.text(ANNA, "to anna")
        await post.delivered()
    assert [(call.parameters["chat_id"], round(call.at)) for call in post.telegram.calls] == [
        (GROUP, 0),
        (ANNA, 0),
        (GROUP, 7),
    ]


async def test_a_quiet_person_refused_means_the_whole_bot(post: Post) -> None:
    post.telegram.answer = lambda _: (
        Refused(429, "Too Many Requests", retry_after=5) if len(post.telegram.calls) == 1 else None
    )
    await post.text(ANNA, "to anna")
    async with post.running():
        await until(lambda: len(post.telegram.calls) == 1)
        await post.text(BERT, "to bert")
        await post.delivered()
    assert [round(call.at) for call in post.telegram.calls] == [0, 5, 5]


async def test_a_block_is_noted_and_the_message_not_tried_again(post: Post) -> None:
    post.telegram.answer = lambda _: Refused(403, "Forbidden: bot was blocked by the user")
    await post.text(ANNA, "hello")
    async with post.running():
        await post.delivered()
    assert await post.states() == ["blocked"]
    async with post.database.reading() as reader:
        row = await reader.first(
            "SELECT reason, unreachable_since FROM chat WHERE chat_id = :chat", chat=ANNA
        )
    assert row == {"reason": "Forbidden: bot was blocked by the user", "unreachable_since": post.clock.now()}


async def test_a_migrated_group_is_followed(post: Post) -> None:
    post.telegram.answer = lambda call: (
        Refused(400, "group chat was upgraded", migrate_to=-1001)
        if call.parameters["chat_id"] == GROUP
        else None
    )
    await post.text(GROUP, "one")
    await post.text(GROUP, "two")
    async with post.running():
        await post.delivered()
        await post.text(GROUP, "three")
        await post.delivered()
    assert [(c.parameters["chat_id"], c.parameters["text"]) for c in post.telegram.calls] == [
        (GROUP, "one"),
        (-1001, "one"),
        (-1001, "two"),
        (-1001, "three"),
    ]


async def test_an_unchanged_edit_counts_as_done_and_a_hopeless_one_as_failed(post: Post) -> None:
    answers = iter(
        [
            Refused(400, "Bad Request: message is not modified: …"),
            Refused(400, "Bad Request: message to edit not found"),
        ]
    )
    post.telegram.answer = lambda _: next(answers)
    await post.write(lambda out: out.edit(ANNA, Delivered(5), Message("same"), key="a"))
    await post.write(lambda out: out.edit(ANNA, Delivered(6), Message("gone"), key="b"))
    async with post.running():
        await post.delivered()
    assert await post.states() == ["sent", "failed"]


async def test_a_file_is_uploaded_once_and_then_sent_by_its_id(post: Post) -> None:
    post.telegram.answer = lambda _: {"message_id": 9, "photo": [{"file_id": "small"}, {"file_id": "large"}]}
    file = await post.write(lambda out: out.upload("card.png", b"picture"))
    for person in (ANNA, BERT):
        async with post.works.begin() as work:
            await work.out.send(person, Message("see", media=Media("photo", file)), key=str(person))
        async with post.running():
            await post.delivered()
        post.courier = Courier(post.database, post.telegram, post.clock, Limits())
        post.works = Works(post.database, post.clock, post.works.languages, post.courier.wake)
    first, second = post.telegram.calls
    assert [(file.name, file.content) for file in first.attachments] == [("card.png", b"picture")]
    assert first.parameters["photo"] == "attach://file0"
    assert (second.parameters["photo"], second.attachments) == ("large", [])


async def test_a_clean_stop_delivers_what_waits(post: Post) -> None:
    async with post.running():
        for person in range(1, 20):
            await post.text(person, "bye")
    assert await post.states() == ["sent"] * 19
