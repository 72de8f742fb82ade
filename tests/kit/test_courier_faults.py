"""The courier when things go wrong: outages, odd errors, cancellations at the worst moment, stops."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from bot.kit import courier as courier_module
from bot.kit import delivery
from bot.kit.clock import HOUR, MINUTE, ManualClock
from bot.kit.courier import Courier
from bot.kit.database import Session, SqliteDatabase
from bot.kit.i18n import Languages
from bot.kit.messages import Call
from bot.kit.outbox import Delivered, Policy, Queued, Urgency
from bot.kit.pace import Limits, Pace
from bot.kit.transport import NoAnswer, Refused
from tests.kit.fakes import Received, some_turns, until
from tests.kit.post import Post

ANNA, BERT, GROUP = 11, 22, -33
ONCE = {"urgency": Urgency.BULK, "policy": Policy.AT_MOST_ONCE}


@pytest.fixture
def post(database: SqliteDatabase, clock: ManualClock, languages: Languages) -> Post:
    return Post(database, clock, languages)


async def test_sends_that_fail_together_are_one_outage_and_one_short_pause(post: Post) -> None:
    post.telegram.answer = lambda call: NoAnswer("refused", may_have_arrived=False) if call.at < 1 else None
    for person in range(1, 31):
        await post.text(person, "hi")
    async with post.running():
        await post.delivered()
    assert await post.states() == ["sent"] * 30
    assert post.telegram.calls[-1].at < 3


async def test_a_message_telegram_breaks_down_over_does_not_keep_the_others_waiting(post: Post) -> None:
    def answer(call: Received) -> Refused | None:
        return Refused(500, "Internal Server Error") if call.parameters["chat_id"] == ANNA else None

    post.telegram.answer = answer
    await post.text(ANNA, "poison")
    async with post.running():
        await until(lambda: len(post.telegram.calls) == 1)
        for person in range(100, 130):
            await post.text(person, "hi", urgency=Urgency.BULK)
        end = post.clock.now() + MINUTE
        while post.clock.now() < end:
            await post.courier.rested()
            await some_turns()
            await post.clock.move_to(min(end, post.clock.next_wake() or end))
        assert (await post.states()).count("sent") == 30
        assert 5 < len([call for call in post.telegram.calls if call.parameters["chat_id"] == ANNA]) < 15
        post.telegram.answer = None
        await post.delivered()
    assert await post.states() == ["sent"] * 31


@pytest.mark.parametrize("failure", [NoAnswer("lost", may_have_arrived=True), Refused(502, "Bad Gateway")])
async def test_an_outage_does_not_use_up_a_round_of_messages_sent_at_most_once(
    post: Post, failure: Exception
) -> None:
    post.telegram.answer = lambda call: failure if call.at < 300 else None
    for person in range(1, 201):
        await post.text(person, "reminder", **ONCE)
    async with post.running():
        await post.delivered()
    states = await post.states()
    # The first window, and then one message for each time it was tried whether the outage is over.
    assert states.count("unknown") < 30 + 15
    assert states.count("sent") == 200 - states.count("unknown")


async def test_a_bug_in_sending_one_message_neither_loops_nor_stops_the_others(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    def answer(call: Any) -> Any:
        return ValueError("odd") if call.parameters["text"] == "odd" and call.at < 3 else None

    post.telegram.answer = answer
    await post.text(ANNA, "odd")
    await post.text(BERT, "fine")
    async with post.running():
        await post.delivered()
    assert [round(call.at) for call in post.telegram.calls if call.parameters["text"] == "odd"] == [0, 1, 3]
    assert await post.states() == ["sent", "sent"]
    assert "could not be sent" in caplog.text


async def test_an_answer_of_another_shape_counts_as_delivered(post: Post) -> None:
    post.telegram.answer = lambda _: ["not", "a", "message"]
    await post.text(ANNA, "hello")
    async with post.running():
        await post.delivered()
    assert await post.states() == ["sent"]


async def test_a_message_cancelled_while_under_way_is_not_tried_again(post: Post) -> None:
    post.telegram.gate = asyncio.Event()
    post.telegram.answer = lambda _: Refused(502, "Bad Gateway")
    async with post.running():
        await post.text(ANNA, "oops", key="oops:1")
        await until(lambda: len(post.telegram.calls) == 1)
        assert await post.write(lambda out: out.cancel("oops:")) == 1
        post.telegram.gate.set()
        await post.delivered()
    assert len(post.telegram.calls) == 1
    assert await post.states() == ["cancelled"]


async def test_a_message_cancelled_while_under_way_that_arrived_is_shown_as_sent(post: Post) -> None:
    post.telegram.gate = asyncio.Event()
    async with post.running():
        await post.text(ANNA, "oops", key="oops:1")
        await until(lambda: len(post.telegram.calls) == 1)
        await post.write(lambda out: out.cancel("oops:"))
        post.telegram.gate.set()
        await post.courier.rested()
    assert await post.states() == ["sent"]


async def test_a_reminder_cancelled_at_the_last_moment_does_not_stall_what_comes_after(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def just_cancelled(session: Session, outgoing_id: int) -> bool:
        await session.run("UPDATE outgoing SET state = 'cancelled' WHERE id = :id", id=outgoing_id)
        return False

    monkeypatch.setattr(delivery, "mark_sending", just_cancelled)
    post.courier._pace = Pace(Limits(overall=1))
    await post.text(ANNA, "reminder", **ONCE)
    await post.text(BERT, "bulk", urgency=Urgency.BULK)
    async with post.running():
        await post.delivered()
    assert await post.states() == ["cancelled", "sent"]


async def test_cancelling_the_first_of_a_chat_lets_the_next_leave_at_once(post: Post) -> None:
    post.telegram.answer = lambda _: (
        Refused(429, "Too Many Requests", retry_after=50) if len(post.telegram.calls) == 1 else None
    )
    await post.text(GROUP, "first", key="first")
    async with post.running():
        await post.courier.rested()
        post.courier._pace = Pace(Limits())
        await post.text(GROUP, "second")
        await post.write(lambda out: out.cancel("first"))
        await post.courier.rested()
        assert post.telegram.texts == ["first", "second"]


async def test_a_chat_that_must_wait_a_minute_costs_nothing_and_holds_up_nobody(post: Post) -> None:
    for number in range(25):
        await post.text(GROUP, str(number))
    async with post.running():
        await until(lambda: len(post.telegram.calls) == 20)
        await post.courier.rested()
        before = post.database.readings
        await some_turns(500)
        assert post.database.readings == before, "the courier sleeps"
        await post.text(ANNA, "hello")
        await post.courier.rested()
        assert post.telegram.calls[-1].parameters["chat_id"] == ANNA
        assert post.telegram.calls[-1].at == 0
        await post.delivered()
    assert await post.states() == ["sent"] * 26


async def test_while_an_answer_is_awaited_the_courier_sleeps(post: Post) -> None:
    post.telegram.gate = asyncio.Event()
    post.courier._outage_pauses = 1
    for person in (1, 2, 3):
        await post.text(person, "hi")
    async with post.running():
        await until(lambda: len(post.telegram.calls) == 1)
        await some_turns(200)
        before = post.database.readings
        await some_turns(500)
        assert post.database.readings == before
        post.telegram.gate.set()
        await post.delivered()
    assert await post.states() == ["sent"] * 3


async def test_when_the_wall_clock_is_set_back_new_messages_leave_all_the_same(post: Post) -> None:
    post.clock._now += HOUR
    await post.text(ANNA, "written by the wrong clock")
    post.clock._now -= HOUR
    async with post.running():
        await post.courier.rested()
        assert post.telegram.texts == ["written by the wrong clock"]


async def test_a_courier_that_starts_without_its_database_waits_for_it(post: Post) -> None:
    await post.text(ANNA, "hello")
    post.database.away = True
    async with post.running():
        await until(lambda: post.clock.next_wake() is not None)
        assert post.telegram.calls == []
        post.database.away = False
        await post.clock.move_to(post.clock.now() + 1_000)
        await until(lambda: len(post.telegram.calls) == 1)
        await post.delivered()


async def test_an_outcome_is_kept_until_the_database_is_back(post: Post) -> None:
    post.telegram.gate = asyncio.Event()
    await post.text(ANNA, "reminder", **ONCE)
    async with post.running():
        await until(lambda: len(post.telegram.calls) == 1)
        post.database.away = True
        post.telegram.gate.set()
        await until(lambda: post.clock.next_wake() is not None)
        post.database.away = False
        await post.clock.move_to(post.clock.now() + 1_000)
        await post.delivered()
    assert len(post.telegram.calls) == 1
    assert await post.states() == ["sent"]


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courier_module, "DRAIN_SECONDS", 0.02)
    monkeypatch.setattr(courier_module, "LAST_SECONDS", 0.02)


async def test_a_stop_with_the_database_away_ends_and_repeats_no_reminder(post: Post, hurried: None) -> None:
    post.telegram.gate = asyncio.Event()
    await post.text(ANNA, "reminder", **ONCE)
    task = asyncio.create_task(post.courier.run())
    await until(lambda: len(post.telegram.calls) == 1)
    post.database.away = True
    async with asyncio.timeout(2):
        stop = asyncio.create_task(post.courier.stop())
        while not task.done():
            await post.clock.move_to(post.clock.now() + 1_000)
            await asyncio.sleep(0)
        await stop
        await task
    post.database.away = False
    assert await post.states() == ["sending"]
    post.courier = Courier(post.database, post.telegram, post.clock, Limits())
    post.telegram.gate = None
    async with post.running():
        await post.courier.rested()
    assert await post.states() == ["unknown"]
    assert len(post.telegram.calls) == 1


@pytest.mark.parametrize(
    ("policy", "left"), [(Policy.AT_LEAST_ONCE, "waiting"), (Policy.AT_MOST_ONCE, "unknown")]
)
async def test_what_telegram_does_not_answer_before_a_stop(
    post: Post, hurried: None, policy: Policy, left: str
) -> None:
    post.telegram.gate = asyncio.Event()
    await post.text(ANNA, "hello", policy=policy)
    await post.text(ANNA, "next")
    task = asyncio.create_task(post.courier.run())
    await until(lambda: len(post.telegram.calls) == 1)
    async with asyncio.timeout(2):
        await post.courier.stop()
        await task
    assert await post.states() == [left, "waiting"]


async def test_a_stop_while_everything_is_held_ends_at_once(post: Post) -> None:
    post.telegram.answer = lambda _: Refused(429, "Too Many Requests", retry_after=60)
    await post.text(ANNA, "hello")
    task = asyncio.create_task(post.courier.run())
    await until(lambda: len(post.telegram.calls) == 1)
    async with asyncio.timeout(1):
        await post.courier.stop()
        await task
    assert await post.states() == ["waiting"]


async def test_a_stop_of_a_courier_that_never_ran_ends(post: Post, hurried: None) -> None:
    async with asyncio.timeout(1):
        await post.courier.stop()


async def test_a_menu_is_set_for_the_chat_its_scope_names(post: Post) -> None:
    scope: Mapping[str, Any] = {"type": "chat", "chat_id": ANNA}
    async with post.running():
        call = Call("setMyCommands", {"commands": [], "scope": scope})
        await post.write(lambda out: out.call(ANNA, call, key="menu"))
        await post.delivered()
    assert post.telegram.calls[0].parameters == {"commands": [], "scope": scope}


async def test_an_edit_of_a_message_that_never_came_about_is_given_up(post: Post) -> None:
    post.telegram.answer = lambda call: (
        Refused(400, "Bad Request: can't parse entities") if call.method == "sendMessage" else None
    )
    card = await post.text(ANNA, "<broken")
    async with post.works.begin() as work:
        await work.out.remove_keyboard(ANNA, Queued(card), key="k")
    async with post.running():
        await post.delivered()
    assert [call.method for call in post.telegram.calls] == ["sendMessage"]
    assert await post.states() == ["failed", "failed"]


async def test_a_new_text_is_not_lost_to_the_removal_of_the_keyboard(post: Post) -> None:
    await post.edit(ANNA, Delivered(5), "new text")
    async with post.works.begin() as work:
        await work.out.remove_keyboard(ANNA, Delivered(5), key="k")
    async with post.running():
        await post.delivered()
    assert [call.method for call in post.telegram.calls] == ["editMessageText", "editMessageReplyMarkup"]
