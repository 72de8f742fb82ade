"""The intake's promises: kept before acknowledged, applied once, in order per chat, chats side by side."""

import asyncio
import shutil
import sqlite3
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.kit import inbox, intake
from bot.kit.clock import ManualClock
from bot.kit.database import SqliteDatabase, Unavailable
from bot.kit.i18n import Languages
from bot.kit.inbox import Received
from bot.kit.intake import FULL, Intake
from bot.kit.messages import Message
from bot.kit.work import Work, Works
from tests.kit.fakes import Watched, private_message, some_turns, until

ANNA, BERT, CARL = 11, 22, 33


class Station:
    """An intake whose handler notes each update in the audit table, fails as told and waits at gates."""

    def __init__(
        self, database: SqliteDatabase, clock: ManualClock, languages: Languages, *, side_by_side: int = 8
    ) -> None:
        self.database = Watched(database)
        self.clock = clock
        self.works = Works(self.database, clock, languages, wake_courier=lambda: None)
        self.started: list[int] = []
        self.at: list[float] = []
        self.gates: dict[int, asyncio.Event] = {}
        self.failures: dict[int, list[BaseException]] = {}
        self.apology_fails = False
        self.side_by_side = side_by_side
        self.intake = self._new()

    def _new(self) -> Intake:
        return Intake(self.works, self.clock, self._apply, self._apologise, side_by_side=self.side_by_side)

    async def restart(self) -> None:
        await self.intake.stop()
        self.intake = self._new()
        await self.intake.resume()

    async def offer(self, *updates: tuple[int, int]) -> None:
        await self.intake.offer([private_message(number, person) for number, person in updates])

    async def settled(self) -> None:
        """Moves the clock as far as retries need, until every update is applied or set aside."""
        async with asyncio.timeout(20):
            while self.intake.backlog:
                await self.intake.rested()
                wake_at = self.clock.next_wake()
                await (asyncio.sleep(0) if wake_at is None else self.clock.move_to(wake_at))

    async def applied(self) -> list[int]:
        """The updates whose effects are committed, in that order."""
        async with self.works.reading() as reader:
            return [int(row["subject"]) for row in await reader.all("SELECT subject FROM audit ORDER BY id")]

    async def row(self, update_id: int) -> dict[str, Any]:
        async with self.works.reading() as reader:
            found = await reader.first(
                "SELECT state, attempts, error FROM inbox WHERE update_id = :id", id=update_id
            )
        assert found is not None
        return dict(found)

    async def _apply(self, update: Received) -> None:
        self.started.append(update.update_id)
        self.at.append(self.clock.monotonic())
        gate = self.gates.get(update.update_id)
        async with self.works.begin() as work:
            if not await inbox.mark_applied(work.session, update.update_id, now=work.now):
                return
            await work.audit("applied", by=None, subject=str(update.update_id))
            if failures := self.failures.get(update.update_id):
                raise failures.pop(0)
            if gate is None:
                return
        await gate.wait()

    async def _apologise(self, work: Work, update: Received) -> None:
        if self.apology_fails:
            raise RuntimeError("no words")
        await work.out.send(update.lane, Message("sorry"), key=f"sorry:{update.update_id}")


@pytest.fixture
def station(database: SqliteDatabase, clock: ManualClock, languages: Languages) -> Station:
    return Station(database, clock, languages)


def in_file(path: Path, sql: str) -> Any:
    """What another process sees in the database file."""
    connection = sqlite3.connect(path)
    try:
        return connection.execute(sql).fetchone()[0]
    finally:
        connection.close()


KEPT = "SELECT COUNT(*) FROM inbox"


async def test_an_offer_returns_only_when_the_updates_are_in_the_file(
    station: Station, database: SqliteDatabase, database_path: Path
) -> None:
    async with database._writing:
        offer = asyncio.create_task(station.offer((1, ANNA)))
        await some_turns()
        assert not offer.done()
        assert in_file(database_path, KEPT) == 0
    await offer
    assert in_file(database_path, KEPT) == 1


async def test_with_the_database_away_nothing_counts_as_received(station: Station) -> None:
    station.database.away = True
    with pytest.raises(Unavailable):
        await station.offer((1, ANNA))
    station.database.away = False
    assert station.started == []
    await station.offer((1, ANNA))
    await station.settled()
    assert await station.applied() == [1]


async def test_a_commit_that_fails_keeps_nothing(
    station: Station, database: SqliteDatabase, database_path: Path
) -> None:
    async with database._writing:
        offer = asyncio.create_task(station.offer((1, ANNA)))
        await some_turns()
        station.database.away = True  # between the statement and its commit
    with pytest.raises(Unavailable):
        await offer
    assert in_file(database_path, KEPT) == 0
    assert station.intake.backlog == 0


async def test_many_concurrent_offers_share_a_commit(station: Station, database: SqliteDatabase) -> None:
    async with database._writing:
        offers = [asyncio.create_task(station.offer((number, number))) for number in range(1, 101)]
        await some_turns()
    await asyncio.gather(*offers)
    await station.settled()
    # One commit was under way, one kept all the others; each update then has a transaction of its own.
    assert station.database.transactions <= 2 + 100
    assert sorted(await station.applied()) == list(range(1, 101))


async def test_repeats_and_concurrent_repeats_do_nothing(station: Station) -> None:
    await asyncio.gather(*(station.offer((1, ANNA), (2, ANNA), (1, ANNA)) for _ in range(10)))
    await station.settled()
    await station.offer((2, ANNA), (1, ANNA))
    await station.settled()
    assert await station.applied() == [1, 2]


async def test_a_caller_who_goes_away_takes_nobody_elses_commit_along(
    station: Station, database: SqliteDatabase
) -> None:
    async with database._writing:
        first = asyncio.create_task(station.offer((1, ANNA)))
        await some_turns()
        others = [asyncio.create_task(station.offer((number, BERT))) for number in (2, 3)]
        await some_turns()
        first.cancel()
        others[0].cancel()
        await some_turns()
    await others[1]
    await station.settled()
    assert sorted(await station.applied()) == [1, 2, 3]


@pytest.mark.parametrize(
    "document",
    [
        None,
        5,
        "text",
        [],
        ["update_id"],
        {},
        {"update_id": None},
        {"update_id": "x"},
        {"update_id": True},
        {"update_id": 2**63},
    ],
)
async def test_a_document_that_is_no_update_is_refused_alone(station: Station, document: Any) -> None:
    good, bad = await asyncio.gather(
        station.offer((1, ANNA)), station.intake.offer([document]), return_exceptions=True
    )
    assert good is None
    assert isinstance(bad, ValueError)
    await station.settled()
    assert await station.applied() == [1]


async def test_an_update_without_a_chat_or_with_an_absurd_one_is_applied(station: Station) -> None:
    await station.intake.offer(
        [{"update_id": 1, "from_the_future": {"chat": {"id": 2**70}}}, {"update_id": 2}]
    )
    await station.settled()
    assert await station.applied() == [1, 2]


async def test_half_a_character_is_kept_as_it_came(station: Station) -> None:
    await station.intake.offer([private_message(1, ANNA, "half \ud83d"), private_message(2, BERT, "支部")])
    await station.intake.stop()
    async with station.works.reading() as reader:
        payloads = [row["payload"] for row in await reader.all("SELECT payload FROM inbox ORDER BY seq")]
    assert ["\\ud83d" in payload for payload in payloads] == [True, False]


async def test_one_chat_in_order_and_chats_side_by_side(station: Station) -> None:
    station.gates = {number: asyncio.Event() for number in (1, 2, 3, 4)}
    await station.offer((1, ANNA), (2, ANNA), (3, BERT), (4, CARL))
    await until(lambda: len(station.started) == 3)
    await some_turns()
    assert sorted(station.started) == [1, 3, 4], (
        "others wait for nobody; the second of a chat waits for the first"
    )
    station.gates[1].set()
    await until(lambda: 2 in station.started)
    for gate in station.gates.values():
        gate.set()
    await station.settled()


async def test_no_more_than_so_many_chats_at_a_time(
    database: SqliteDatabase, clock: ManualClock, languages: Languages
) -> None:
    station = Station(database, clock, languages, side_by_side=2)
    station.gates = {number: asyncio.Event() for number in range(1, 6)}
    await station.offer(*((number, number) for number in range(1, 6)))
    await until(lambda: len(station.started) == 2)
    await some_turns()
    assert station.started == [1, 2]
    for gate in station.gates.values():
        gate.set()
    await station.settled()
    assert sorted(await station.applied()) == [1, 2, 3, 4, 5]


async def test_a_handler_that_fails_leaves_nothing_and_is_tried_again(station: Station) -> None:
    station.failures = {1: [ValueError("one"), ValueError("two")]}
    await station.offer((1, ANNA), (2, ANNA), (3, BERT))
    await until(lambda: station.clock.next_wake() is not None and 3 in station.started)
    assert 1 not in await station.applied()
    assert 2 not in station.started, "nothing overtakes within a chat"
    await station.settled()
    assert await station.applied() == [3, 1, 2]
    assert [at for number, at in zip(station.started, station.at, strict=True) if number == 1] == [0, 1, 5]


async def test_poison_is_set_aside_with_its_story_and_the_sender_is_told(station: Station) -> None:
    station.failures = {1: [ValueError("boom \udc80")] * 3}
    await station.offer((1, ANNA), (2, ANNA), (3, BERT))
    await station.settled()
    assert await station.applied() == [3, 2]
    row = await station.row(1)
    assert (row["state"], row["attempts"]) == ("parked", 3)
    assert "test_intake.py" in row["error"]
    assert "ValueError: boom" in row["error"]
    async with station.works.reading() as reader:
        sent = await reader.all("SELECT chat_id, dedupe_key FROM outgoing")
    assert sent == [{"chat_id": ANNA, "dedupe_key": "sorry:1"}]


async def test_an_apology_that_fails_does_not_hold_up_the_chat(station: Station) -> None:
    station.failures = {1: [ValueError("boom")] * 3}
    station.apology_fails = True
    await station.offer((1, ANNA), (2, ANNA))
    await station.settled()
    await station.offer((3, ANNA))
    await station.settled()
    assert await station.applied() == [2, 3]
    assert (await station.row(1))["state"] == "parked"


async def test_something_cancelled_within_a_handler_does_not_hold_up_the_chat(station: Station) -> None:
    station.failures = {1: [asyncio.CancelledError()]}
    await station.offer((1, ANNA), (2, ANNA))
    await station.settled()
    assert await station.applied() == [1, 2]


async def test_an_outage_counts_against_no_update(station: Station) -> None:
    station.failures = {1: [Unavailable("gone")] * 10}
    await station.offer((1, ANNA))
    await station.settled()
    assert await station.applied() == [1]
    assert (await station.row(1))["attempts"] == 0
    assert station.at == list(range(11))


async def test_an_outage_while_a_failure_is_noted_is_waited_for(station: Station) -> None:
    class Leaves(ValueError):
        """The database goes away with the handler's failure."""

    def leave() -> Leaves:
        station.database.away = True
        return Leaves()

    original = station._apply

    async def apply(update: Received) -> None:
        try:
            await original(update)
        except ValueError:
            raise leave() from None

    station.failures = {1: [ValueError("one")]}
    station.intake._apply = apply
    await station.offer((1, ANNA))
    await until(lambda: station.clock.next_wake() is not None)
    station.database.away = False
    await station.settled()
    assert await station.applied() == [1]
    assert (await station.row(1))["attempts"] == 0


async def test_a_restart_takes_up_what_was_kept_in_order_with_its_attempts(station: Station) -> None:
    station.failures = {1: [ValueError("poison")] * 5}
    await station.offer((1, ANNA), (2, ANNA), (3, ANNA))
    await until(lambda: station.clock.next_wake() is not None)
    await station.restart()
    await station.settled()
    assert await station.applied() == [2, 3]
    assert (await station.row(1))["attempts"] == 3
    assert len(station.failures[1]) == 2


async def test_a_stop_lets_handlers_finish_and_starts_no_other(station: Station) -> None:
    station.gates = {1: asyncio.Event()}
    await station.offer((1, ANNA), (2, ANNA))
    await until(lambda: station.started == [1])
    stop = asyncio.create_task(station.intake.stop())
    await some_turns()
    assert not stop.done()
    station.gates[1].set()
    await stop
    assert await station.applied() == [1]
    await station.restart()
    await station.settled()
    assert await station.applied() == [1, 2]


async def test_a_stop_does_not_wait_out_a_pause(station: Station) -> None:
    station.failures = {1: [ValueError("one")]}
    await station.offer((1, ANNA))
    await until(lambda: station.clock.next_wake() is not None)
    async with asyncio.timeout(1):
        await station.intake.stop()
    await station.restart()
    await station.settled()
    assert await station.applied() == [1]


async def test_a_handler_that_does_not_end_is_cut_off_and_applied_after_the_next_start(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "STOP_SECONDS", 0.01)
    original, hang = station._apply, asyncio.Event()

    async def hangs(update: Received) -> None:
        async with station.works.begin() as work:
            await inbox.mark_applied(work.session, update.update_id, now=work.now)
            await work.audit("applied", by=None, subject=str(update.update_id))
            hang.set()
            await asyncio.Event().wait()

    station.intake._apply = hangs
    await station.offer((1, ANNA))
    await hang.wait()
    await station.intake.stop()
    assert await station.applied() == []
    station.intake._apply = original
    await station.restart()
    await station.settled()
    assert await station.applied() == [1]


async def test_a_stop_waits_for_the_commit_under_way(station: Station, database: SqliteDatabase) -> None:
    async with database._writing:
        offer = asyncio.create_task(station.offer((1, ANNA)))
        await some_turns()
        stop = asyncio.create_task(station.intake.stop())
        await some_turns()
        assert not stop.done()
    await stop
    await offer
    assert station.started == [], "kept, and left to the next start"


async def test_there_is_room_again_when_the_backlog_has_shrunk(station: Station) -> None:
    station.gates = {1: asyncio.Event()}
    await station.offer(*((number, ANNA) for number in range(1, FULL + 1)))
    room = asyncio.create_task(station.intake.has_room())
    await until(lambda: station.started == [1])
    await some_turns()
    assert not room.done()
    station.gates[1].set()
    await room
    await station.intake.stop()


async def test_waiting_for_room_ends_with_a_stop(station: Station) -> None:
    station.gates = {1: asyncio.Event()}
    await station.offer(*((number, ANNA) for number in range(1, FULL + 1)))
    room = asyncio.create_task(station.intake.has_room())
    await until(lambda: station.started == [1])
    stop = asyncio.create_task(station.intake.stop())
    await room
    station.gates[1].set()
    await stop


async def test_the_sweep_deletes_only_what_telegram_can_no_longer_repeat(station: Station) -> None:
    station.failures = {3: [ValueError("poison")] * 3}
    await station.offer((1, ANNA), (3, BERT))
    await station.settled()
    await station.clock.move_to(station.clock.now() + inbox.KEPT_AFTER_APPLYING - 60_000)
    await station.offer((2, ANNA))
    await station.settled()
    await station.clock.move_to(station.clock.now() + 60_001)
    async with station.works.begin() as work:
        assert await inbox.sweep(work.session, now=work.now) == 1
    async with station.works.reading() as reader:
        left = await reader.all("SELECT update_id FROM inbox ORDER BY update_id")
    assert [row["update_id"] for row in left] == [2, 3]


PEOPLE = {number: number % 3 + 1 for number in range(1, 10)}
some_updates = st.lists(st.sampled_from(sorted(PEOPLE)), min_size=1, max_size=5)
actions = st.lists(
    st.one_of(
        st.tuples(st.just("offer"), st.lists(some_updates, min_size=1, max_size=3)),
        st.tuples(st.just("outage"), st.lists(some_updates, min_size=1, max_size=2)),
        st.tuples(st.just("restart"), st.just([])),
        st.tuples(st.just("settle"), st.just([])),
    ),
    max_size=8,
)


@settings(max_examples=40, deadline=None)
@given(story=actions, failures=st.dictionaries(st.sampled_from(sorted(PEOPLE)), st.integers(1, 4)))
def test_whatever_is_repeated_fails_or_restarts_each_update_is_applied_once_and_in_order(
    empty_database: Path,
    languages: Languages,
    story: list[tuple[str, list[list[int]]]],
    failures: dict[int, int],
) -> None:
    asyncio.run(_story(empty_database, languages, story, failures))


async def _story(
    empty_database: Path,
    languages: Languages,
    story: list[tuple[str, list[list[int]]]],
    failures: dict[int, int],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "zhibu.db"
        shutil.copy(empty_database, path)
        database = await SqliteDatabase.open(path, readers=1)
        station = Station(database, ManualClock(0), languages, side_by_side=2)
        station.failures = {number: [ValueError("as told")] * times for number, times in failures.items()}
        received: list[int] = []
        for action, offers in story:
            updates = [[(number, PEOPLE[number]) for number in offer] for offer in offers]
            if action == "offer":
                await asyncio.gather(*(station.offer(*offer) for offer in updates))
                received += [number for offer in offers for number in offer]
            elif action == "outage":
                station.database.away = True
                told = await asyncio.gather(
                    *(station.offer(*offer) for offer in updates), return_exceptions=True
                )
                assert all(isinstance(each, Unavailable) for each in told)
                station.database.away = False
            elif action == "restart":
                await station.restart()
            else:
                await station.settled()
        await station.settled()
        await station.intake.stop()
        applied = await station.applied()
        failing = {number for number, times in failures.items() if times >= intake.ATTEMPTS}
        # An attempt that cannot be counted, because the database is away just then, is no attempt: one more is made.
        spared = failing if any(action == "outage" for action, _ in story) else set()
        assert len(applied) == len(set(applied))
        for person in set(PEOPLE.values()):
            assert [each for each in applied if PEOPLE[each] == person and each not in spared] == [
                each for each in dict.fromkeys(received) if PEOPLE[each] == person and each not in failing
            ]
        await database.close()
