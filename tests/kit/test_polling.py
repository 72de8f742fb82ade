"""Polling: the offset follows the commits, and whatever Telegram says, polling goes on."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.kit import inbox, intake
from bot.kit.clock import ManualClock
from bot.kit.database import SqliteDatabase
from bot.kit.i18n import Languages
from bot.kit.inbox import Received as Update
from bot.kit.intake import Intake
from bot.kit.polling import ALLOWED_UPDATES, Poller
from bot.kit.transport import NoAnswer, Refused
from bot.kit.work import Work, Works
from tests.kit.fakes import FakeTelegram, Received, Watched, private_message, some_turns, until

ANNA = 11


class Counter:
    """A poller over a Telegram that answers by script, then hangs as a long poll does."""

    def __init__(self, database: SqliteDatabase, clock: ManualClock, languages: Languages) -> None:
        self.clock = clock
        self.database = Watched(database)
        self.works = Works(self.database, clock, languages, wake_courier=lambda: None)
        self.intake = Intake(self.works, clock, self._apply, self._apologise, side_by_side=4)
        self.applied: list[int] = []
        self.gate: asyncio.Event | None = None
        self.script: list[Any] = []
        self.telegram = FakeTelegram(clock, self._answer)
        self.quiet = asyncio.Event()
        """Set once the script is at its end and the poller waits for news."""

    @asynccontextmanager
    async def polling(self, *script: Any) -> AsyncIterator[None]:
        self.script = list(script)
        task = asyncio.create_task(Poller(self.telegram, self.intake, self.clock).run())
        try:
            yield
        finally:
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await self.intake.stop()

    async def heard_out(self) -> None:
        """Moves the clock through every back-off until the script is at its end and all is applied."""
        async with asyncio.timeout(20):
            while self.script or self.telegram.gate is None:
                wake_at = self.clock.next_wake()
                await (asyncio.sleep(0) if wake_at is None else self.clock.move_to(wake_at))
        await self.intake.rested()

    @property
    def offsets(self) -> list[int | None]:
        return [call.parameters.get("offset") for call in self.telegram.calls]

    @property
    def times(self) -> list[float]:
        return [call.at for call in self.telegram.calls]

    def _answer(self, _: Received) -> Any:
        answer = self.script.pop(0)
        if not self.script:
            self.telegram.gate = asyncio.Event()  # from the next call on
        return [private_message(number, ANNA) for number in answer] if isinstance(answer, list) else answer

    async def _apply(self, update: Update) -> None:
        if self.gate is not None:
            await self.gate.wait()
        async with self.works.begin() as work:
            if await inbox.mark_applied(work.session, update.update_id, now=work.now):
                self.applied.append(update.update_id)

    async def _apologise(self, work: Work, update: Update) -> None:
        raise AssertionError("nothing fails here")


@pytest.fixture
def counter(database: SqliteDatabase, clock: ManualClock, languages: Languages) -> Counter:
    return Counter(database, clock, languages)


async def test_the_offset_follows_what_is_kept(counter: Counter) -> None:
    async with counter.polling([5, 6], [], [7]):
        await counter.heard_out()
        await until(lambda: len(counter.telegram.calls) == 4)
    assert counter.offsets == [None, 7, 7, 8]
    assert counter.applied == [5, 6, 7]
    first = counter.telegram.calls[0].parameters
    assert (first["allowed_updates"], first["limit"]) == (list(ALLOWED_UPDATES), 100)
    assert first["timeout"] > 0


async def test_nothing_further_is_asked_for_before_the_commit(
    counter: Counter, database: SqliteDatabase, database_path: Path
) -> None:
    async with counter.polling([5], []):
        async with database._writing:
            await until(lambda: len(counter.telegram.calls) == 1)
            await some_turns()
            assert len(counter.telegram.calls) == 1
        await until(lambda: len(counter.telegram.calls) >= 2)
        other = sqlite3.connect(database_path)
        assert other.execute("SELECT COUNT(*) FROM inbox WHERE update_id = 5").fetchone() == (1,)
        other.close()


async def test_with_the_database_away_the_offset_stays_and_the_updates_come_again(counter: Counter) -> None:
    counter.database.away = True
    async with counter.polling([5, 6], [5, 6], []):
        await until(lambda: counter.clock.next_wake() is not None)
        counter.database.away = False
        await counter.heard_out()
    assert counter.offsets[:3] == [None, None, 7]
    assert counter.applied == [5, 6]


@pytest.mark.parametrize(
    "steps", [[[1_000], [3], [4]], [[5], [2_000_000_000], [2_000_000_001]], [[900, 5], [6, 901]]]
)
async def test_ids_that_jump_are_taken_all_the_same(counter: Counter, steps: Sequence[Sequence[int]]) -> None:
    async with counter.polling(*steps, []):
        await counter.heard_out()
    assert counter.applied == [number for step in steps for number in step]


async def test_a_poller_that_starts_again_repeats_nothing(counter: Counter) -> None:
    async with counter.polling([5, 6], [5, 6, 7], []):
        await counter.heard_out()
    assert counter.applied == [5, 6, 7]


@pytest.mark.parametrize(
    "failure",
    [
        NoAnswer("ServerDisconnectedError", may_have_arrived=True),
        Refused(409, "Conflict: terminated by other getUpdates request"),
        Refused(401, "Unauthorized"),
        Refused(502, "Bad Gateway"),
    ],
)
async def test_failures_back_off_further_and_further_and_recovery_is_at_once(
    counter: Counter, failure: Exception
) -> None:
    async with counter.polling(*[failure] * 7, [5], failure, []):
        await counter.heard_out()
    assert counter.times[:10] == [0, 1, 3, 7, 15, 31, 61, 91, 91, 92]
    assert counter.applied == [5]


async def test_an_outage_of_half_a_day_is_outlasted(counter: Counter) -> None:
    lost = NoAnswer("TimeoutError", may_have_arrived=True)
    async with counter.polling(*[lost] * 1_440, [5], []):
        await counter.heard_out()
    assert counter.applied == [5]
    pauses = [late - early for early, late in zip(counter.times[10:], counter.times[11:], strict=False)]
    assert max(pauses) == 30


async def test_telegrams_own_wish_is_obeyed(counter: Counter) -> None:
    async with counter.polling(Refused(429, "Too Many Requests", retry_after=17), [5], []):
        await counter.heard_out()
    assert counter.times[:3] == [0, 17, 17]


async def test_a_wrong_token_is_critical_in_the_log(
    counter: Counter, caplog: pytest.LogCaptureFixture
) -> None:
    async with counter.polling(Refused(401, "Unauthorized"), []):
        await counter.heard_out()
    assert [record.levelname for record in caplog.records] == ["CRITICAL"]


async def test_with_too_many_waiting_no_more_are_fetched(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "FULL", 30)
    counter.gate = asyncio.Event()
    async with counter.polling(*[list(range(start, start + 10)) for start in range(0, 50, 10)], []):
        await until(lambda: counter.intake.backlog == 30)
        await some_turns()
        assert len(counter.telegram.calls) == 3
        counter.gate.set()
        await counter.heard_out()
    assert counter.applied == list(range(50))
