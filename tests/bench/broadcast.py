"""A round to a million people beside everybody else's: how much of Telegram's limit it uses, how long an answer waits
meanwhile, what memory it takes, how ten rounds share the limit, and what a SIGKILL in its middle leaves.

    python tests/bench/broadcast.py                          all of it (under six minutes on two cores)
    python tests/bench/broadcast.py --sizes 10000            one size only
    python tests/bench/broadcast.py --kills 0                without the kills

What is real: the outbox, the courier and the database (SQLite, each commit on disk); in the part with the kills also the
whole bot and the embedded Bot API, with its limits, in processes of their own. What is not: in the other parts Telegram is
a stub that answers after 50 ms and counts how often more than 30 messages reached it within a second.

A million messages at 30 a second are nine hours. All of a round's rows are therefore written, and while they wait the
courier works for one minute of a virtual clock (share of the limit) and for fifteen real seconds (answers), in which a
second round is written beside it as fast as it goes. Whatever is measured is thus a steady state, not the whole round.

Beside it a plain loop: it reads the round's rows, sends one, waits for its answer and for a thirtieth of a second, and
comes to whatever was written meanwhile after them; how long that waits is reckoned from the pace it was seen to keep. For
sharing the limit: the same courier without flows; when its smallest round is through is reckoned from the limit.

Ends with an exit code of 1 if a promise is broken.
"""

import argparse
import asyncio
import collections
import dataclasses
import itertools
import json
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from bot.kit import delivery, schema
from bot.kit.clock import SECOND, Clock, ManualClock, SystemClock
from bot.kit.courier import Courier
from bot.kit.database import Reader, Session, SqliteDatabase
from bot.kit.i18n import Languages
from bot.kit.messages import Message
from bot.kit.outbox import Policy, Urgency
from bot.kit.pace import Limits
from bot.kit.transport import READ_SECONDS, Attachment
from bot.kit.work import Works
from bot.sandbox import Person, Sandbox
from bot.settings import Settings
from tests.bench.process import Child
from tests.content import brief_content

SIZES = (10_000, 100_000, 1_000_000)
LIMIT = 30
ANSWERS_AFTER = 0.05
"""Seconds from a call to the stub's answer."""

VIRTUAL_SECONDS = 60
REAL_SECONDS = 15
BATCH = 200
"""Rows written in one transaction, as the dues do."""

ROUNDS = (20_000, 10_000, 8_000, 5_000, 4_000, 3_000, 2_000, 1_000, 500, 250)
"""Ten units' rounds, in the order in which they are written."""

TOKEN = "1000:broadcast"
WORDS = "11 月党费还没看到您的缴费记录（数据截至 11 月 18 日）。已经交了就点“已缴”，我先不再提醒。"

PATIENCE = 120
"""Seconds that the real bot may take between two kills."""

LEAST_SHARE = 0.9
"""Of the limit. With answers after 50 ms a window of 30 lets 28.6 a second leave, which is 95 %."""
SLOWEST_ANSWER = 1.0
"""Seconds."""
MOST_GROWTH = 16.0
"""MiB between the smallest and the largest round."""
FAIR = (0.08, 0.12)
"""Of what has left after a minute, what each of ten rounds may have had."""


class StubTelegram:
    """Answers every call after a while, and remembers when it came."""

    def __init__(self, clock: Clock) -> None:
        self.arrived: list[tuple[float, int]] = []
        """When, and to which chat."""
        self.on_answer: dict[int, asyncio.Event] = {}
        self._clock = clock
        self._ids = itertools.count(1)

    async def call(
        self,
        method: str,
        parameters: Mapping[str, Any],
        attachments: Sequence[Attachment] = (),
        *,
        patience: float = READ_SECONDS,
    ) -> Any:
        chat_id = int(parameters["chat_id"])
        self.arrived.append((self._clock.monotonic(), chat_id))
        await self._clock.sleep(ANSWERS_AFTER)
        if chat_id in self.on_answer:
            self.on_answer[chat_id].set()
        return {"message_id": next(self._ids)}

    def too_many(self) -> int:
        """How often a call came while there had been `LIMIT` others within the second before it."""
        times = [at for at, _ in self.arrived]
        return sum(late - early < 1 - 1e-6 for early, late in zip(times, times[LIMIT:], strict=False))


class Busy:
    """A database that knows whether anybody is using it: the virtual clock stands still meanwhile."""

    def __init__(self, database: SqliteDatabase) -> None:
        self.users = 0
        self._database = database

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Session]:
        self.users += 1
        try:
            async with self._database.transaction() as session:
                yield session
        finally:
            self.users -= 1

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Reader]:
        self.users += 1
        try:
            async with self._database.reading() as reader:
                yield reader
        finally:
            self.users -= 1

    async def close(self) -> None:
        await self._database.close()


async def pass_time(clock: ManualClock, database: Busy, until: int) -> None:
    """Moves the clock from sleeper to sleeper, each when there is nothing left to do at its moment."""
    while True:
        still = 0
        while still < 8:
            await asyncio.sleep(0.0002 if database.users else 0)
            still = 0 if database.users else still + 1
        wake_at = clock.next_wake()
        if wake_at is None or wake_at > until:
            break
        await clock.move_to(wake_at)
    await clock.move_to(until)


@asynccontextmanager
async def delivering(courier: Courier) -> AsyncIterator[None]:
    """The courier at work; at the end it is dropped where it stands, as by a crash."""
    task = asyncio.create_task(courier.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def write(works: Works, people: range, flow: str | None, name: str) -> None:
    """A round, through the outbox, in transactions as short as those of the dues."""
    for start in range(people.start, people.stop, BATCH):
        async with works.begin() as work:
            for person in range(start, min(start + BATCH, people.stop)):
                await work.out.send(
                    person,
                    Message(WORDS),
                    key=f"{name}:{person}",
                    urgency=Urgency.BULK,
                    policy=Policy.AT_MOST_ONCE,
                    flow=flow,
                )


@dataclasses.dataclass(frozen=True, slots=True)
class Figures:
    """What a round of one size showed."""

    recipients: int
    share: float
    """Of the limit."""
    too_many: int
    answer_p50: float | None
    """Seconds, from the update to Telegram's answer."""
    answer_worst: float
    memory: float
    """At its peak, in MiB."""
    grown: float
    """Of it, beyond what the process had before."""
    written: float = 0.0
    """Rows a second."""
    read_ms: float = 0.0
    """To find the next thirty messages."""


async def measure(path: Path, recipients: int) -> Figures:
    """The courier beside a waiting round of this size."""
    schema.upgrade(path)
    languages = Languages.load()
    database = await SqliteDatabase.open(path)
    before = _peak_memory()
    writing = Works(database, SystemClock(), languages, lambda: None)
    began = time.perf_counter()
    await write(writing, range(1, recipients + 1), "unit:1", "round")
    written = recipients / (time.perf_counter() - began)
    read_ms = await _reading(database)
    share, too_many = await _share(database)
    answers, more_too_many = await _answers(database, languages)
    await database.close()
    return Figures(
        recipients,
        share,
        too_many + more_too_many,
        statistics.median(answers),
        max(answers),
        _peak_memory(),
        _peak_memory() - before,
        written,
        read_ms,
    )


async def _reading(database: SqliteDatabase) -> float:
    seconds = []
    for _ in range(50):
        began = time.perf_counter()
        async with database.reading() as reader:
            await delivery.heads(reader, now=SystemClock().now(), passing_over=(), limit=LIMIT)
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds) * SECOND


async def _share(database: SqliteDatabase) -> tuple[float, int]:
    """Of the limit, over a minute of a virtual clock; the first second, when the window is empty, is left out."""
    clock, busy = ManualClock(SystemClock().now()), Busy(database)
    stub = StubTelegram(clock)
    start = clock.now()
    async with delivering(Courier(busy, stub, clock, Limits(overall=LIMIT))):
        await pass_time(clock, busy, start + SECOND)
        already = len(stub.arrived)
        await pass_time(clock, busy, start + (VIRTUAL_SECONDS + 1) * SECOND)
    return (len(stub.arrived) - already) / (LIMIT * VIRTUAL_SECONDS), stub.too_many()


async def _answers(database: SqliteDatabase, languages: Languages) -> tuple[Sequence[float], int]:
    """How long answers took while the round was under way and another was being written, in real seconds."""
    clock, chance = SystemClock(), random.Random(1)
    stub = StubTelegram(clock)
    courier = Courier(database, stub, clock, Limits(overall=LIMIT))
    works = Works(database, clock, languages, courier.wake)
    seconds: list[float] = []

    async def answer(person: int) -> None:
        answered = stub.on_answer[person] = asyncio.Event()
        began = time.perf_counter()
        async with works.begin() as work:
            await work.out.send(person, Message("answer"), key=f"answer:{person}")
        await answered.wait()
        seconds.append(time.perf_counter() - began)

    async with delivering(courier):
        beside = asyncio.create_task(write(works, range(10**8, 2 * 10**8), "unit:2", "beside"))
        await asyncio.sleep(2)  # the window is full from here on
        end = time.perf_counter() + REAL_SECONDS
        async with asyncio.TaskGroup() as asking:
            for person in itertools.count(10**9):
                asking.create_task(answer(person))
                await asyncio.sleep(chance.uniform(0.05, 0.25))
                if time.perf_counter() > end:
                    break
        beside.cancel()
        await asyncio.wait([beside])
    return seconds, stub.too_many()


async def plain(path: Path, recipients: int) -> Figures:
    """The plain loop beside the same rows."""
    database = await SqliteDatabase.open(path)
    before = _peak_memory()
    clock = ManualClock(SystemClock().now())
    stub = StubTelegram(clock)

    async def loop() -> None:
        async with database.reading() as reader:
            rows = await reader.all(
                "SELECT id, chat_id, payload FROM outgoing WHERE state = 'waiting' ORDER BY id LIMIT :most",
                most=recipients,
            )
        for row in rows:
            await stub.call("sendMessage", {"chat_id": row["chat_id"], **json.loads(row["payload"])})
            await clock.sleep(1 / LIMIT)

    sending = asyncio.create_task(loop())
    while not stub.arrived:
        await asyncio.sleep(0.01)
    await pass_time(clock, Busy(database), clock.now() + VIRTUAL_SECONDS * SECOND)
    sending.cancel()
    await asyncio.wait([sending])
    await database.close()
    rate = len(stub.arrived) / VIRTUAL_SECONDS
    memory = _peak_memory()
    # What is written now is read when the rows that were read before have left.
    return Figures(
        recipients, rate / LIMIT, stub.too_many(), None, recipients / rate, memory, memory - before
    )


def _peak_memory() -> float:
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


@dataclasses.dataclass(frozen=True, slots=True)
class Sharing:
    least: float
    most: float
    """Of what had left after a minute, what the round that had least and most of it had."""
    smallest_through: float | None
    """Seconds until the smallest round had left; None: not within ten minutes."""


async def share_among_rounds(path: Path, *, flows: bool) -> Sharing:
    """Ten rounds written one after another, the largest first."""
    schema.upgrade(path)
    database = await SqliteDatabase.open(path)
    clock, busy = ManualClock(SystemClock().now()), Busy(database)
    works = Works(busy, clock, Languages.load(), lambda: None)
    for number, size in enumerate(ROUNDS):
        people = range(number * 10**6 + 1, number * 10**6 + 1 + size)
        await write(works, people, f"unit:{number}" if flows else "all", f"round:{number}")
    stub, start = StubTelegram(clock), clock.now()
    async with delivering(Courier(busy, stub, clock, Limits(overall=LIMIT))):
        await pass_time(clock, busy, start + 60 * SECOND)
        had = collections.Counter(chat_id // 10**6 for _, chat_id in stub.arrived)
        total = had.total()
        await pass_time(clock, busy, start + (150 if flows else 60) * SECOND)
    await database.close()
    smallest = [at for at, chat_id in stub.arrived if chat_id // 10**6 == len(ROUNDS) - 1]
    return Sharing(
        min(had[number] for number in range(len(ROUNDS))) / total,
        max(had.values()) / total,
        smallest[-1] if len(smallest) == ROUNDS[-1] else None,
    )


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What became of rounds in whose middle the bot was killed."""

    kills: int
    recipients: int
    received: int
    repeats: int
    sent: int
    unknown: int
    under_way: int
    """Neither sent nor unknown at the end."""

    @property
    def kept(self) -> bool:
        return (
            self.repeats == 0
            and self.under_way == 0
            and self.sent + self.unknown == self.recipients
            and self.sent <= self.received <= self.sent + self.unknown
        )


async def interrupted(folder: Path, *, kills: int, recipients: int) -> Outcome:
    """The real bot on three units' rounds, killed with SIGKILL in their middle again and again."""
    settings, chance = Settings(data_dir=folder), random.Random(1)
    async with Sandbox(
        token=TOKEN, clock=SystemClock(), random=random.Random(1), keep_calls=20 * recipients
    ) as sandbox:
        crowd = [sandbox.add_person(first_name=f"P{number}") for number in range(recipients)]
        for person in crowd:
            await person.start()
        sandbox.core.updates.drop()
        schema.upgrade(settings.database_path)
        database = await SqliteDatabase.open(settings.database_path)
        works = Works(database, SystemClock(), Languages.load(), lambda: None)
        async with works.begin() as work:
            for number, person in enumerate(crowd):
                await work.out.send(
                    person.id,
                    Message(WORDS),
                    key=f"round:{person.id}",
                    urgency=Urgency.BULK,
                    policy=Policy.AT_MOST_ONCE,
                    flow=f"unit:{number % 3}",
                )
        bot = Child(["-m", "bot", "run"], _environment(sandbox, folder), folder / "bot.log")
        await bot.start()
        try:
            for kill in range(kills):
                # Not before some of this life's share has left, so that each kill finds sends under way.
                await _until_received(crowd, (kill + 1) * recipients // (kills + 2))
                await asyncio.sleep(chance.uniform(0, 0.3))
                await bot.kill()
                await bot.start()
            async with asyncio.timeout(PATIENCE):
                while (states := await _states(database))["waiting"] + states["sending"]:
                    await asyncio.sleep(0.2)
        finally:
            await bot.kill()
        await database.close()
        received = collections.Counter({person.id: _reminders(person) for person in crowd})
    return Outcome(
        kills=kills,
        recipients=recipients,
        received=sum(count > 0 for count in received.values()),
        repeats=sum(max(0, count - 1) for count in received.values()),
        sent=states["sent"],
        unknown=states["unknown"],
        under_way=recipients - states["sent"] - states["unknown"],
    )


async def _until_received(crowd: Sequence[Person], count: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while sum(_reminders(person) for person in crowd) < count:
            await asyncio.sleep(0.02)


def _reminders(person: Person) -> int:
    return sum(message.from_bot and message.text == WORDS for message in person.chat())


async def _states(database: SqliteDatabase) -> collections.Counter[str]:
    async with database.reading() as reader:
        rows = await reader.all(
            "SELECT state, COUNT(*) AS count FROM outgoing WHERE dedupe_key >= 'round:' AND dedupe_key < 'round;'"
            " GROUP BY state"
        )
    return collections.Counter({row["state"]: row["count"] for row in rows})


def _environment(sandbox: Sandbox, folder: Path) -> Mapping[str, str]:
    return {
        "ZHIBU_TOKEN": TOKEN,
        "ZHIBU_API_URL": sandbox.api_url,
        "ZHIBU_FILE_URL": sandbox.file_url,
        "ZHIBU_DATA_DIR": str(folder),
        "ZHIBU_CONTENT_DIR": str(brief_content(folder)),
        "ZHIBU_LOG_LEVEL": "WARNING",
    }


def apart(what: str, path: Path, recipients: int) -> Figures:
    """Measures in a process of its own, whose memory nothing else has touched."""
    found = subprocess.run(
        [sys.executable, __file__, "--only", what, "--path", str(path), "--sizes", str(recipients)],
        check=True,
        stdout=subprocess.PIPE,
    )
    return Figures(**json.loads(found.stdout))


def compare_sizes(folder: Path, sizes: Sequence[int]) -> Sequence[str]:
    """Prints the table of sizes; returns which promises were broken."""
    print(
        f"{'recipients':>11}{'share of limit':>16}{'>30/s':>7}{'answer p50':>12}{'worst':>9}{'memory MiB':>12}{'grown':>8}"
        f"{'rows/s written':>16}{'next 30, ms':>13}"
    )
    ours = {}
    for size in sizes:
        path = folder / f"{size}.db"
        mine, theirs = apart("courier", path, size), apart("plain", path, size)
        ours[size] = mine
        print(
            f"{size:>11,}{mine.share:>16.1%}{mine.too_many:>7}{_seconds(mine.answer_p50):>12}"
            f"{_seconds(mine.answer_worst):>9}{mine.memory:>12.0f}{mine.grown:>8.0f}"
            f"{mine.written:>16,.0f}{mine.read_ms:>13.2f}"
        )
        print(
            f"{'plain loop':>11}{theirs.share:>16.1%}{theirs.too_many:>7}{'':12}{_seconds(theirs.answer_worst):>9}"
            f"{theirs.memory:>12.0f}{theirs.grown:>8.0f}"
        )
        print(
            f"{'ratio':>11}{f'x{mine.share / theirs.share:.1f}':>16}{'':19}"
            f"{f'1/{theirs.answer_worst / mine.answer_worst:,.0f}':>9}"
            f"{f'x{mine.memory / theirs.memory:.2f}':>12}",
            flush=True,
        )
        for file in folder.glob(f"{size}.db*"):
            file.unlink()
    broken = []
    if any(figures.share < LEAST_SHARE for figures in ours.values()):
        broken.append(f"less than {LEAST_SHARE:.0%} of the limit used")
    if any(figures.too_many for figures in ours.values()):
        broken.append("more than 30 messages in a second")
    if any(figures.answer_worst >= SLOWEST_ANSWER for figures in ours.values()):
        broken.append(f"an answer took {SLOWEST_ANSWER} s or more")
    if ours[max(sizes)].memory - ours[min(sizes)].memory > MOST_GROWTH:
        broken.append("memory grows with the round")
    return broken


async def compare_sharing(folder: Path) -> Sequence[str]:
    """Prints how ten rounds share the limit; returns which promises were broken."""
    ours = await share_among_rounds(folder / "flows.db", flows=True)
    theirs = await share_among_rounds(folder / "queue.db", flows=False)
    # The queue's smallest comes last: its end is that of all.
    last = sum(ROUNDS) / LIMIT
    print(f"\nten rounds of {ROUNDS[-1]:,} to {ROUNDS[0]:,}, written one after another, the largest first")
    print(f"{'':22}{'had after a minute, each':>26}{'the smallest is through':>26}")
    through = "-" if ours.smallest_through is None else f"{ours.smallest_through:.0f} s"
    print(f"{'taking turns':22}{f'{ours.least:.1%} to {ours.most:.1%}':>26}{through:>26}")
    print(f"{'first come, first':22}{f'{theirs.least:.1%} to {theirs.most:.1%}':>26}{f'> {last:.0f} s':>26}")
    if ours.smallest_through is None or not FAIR[0] <= ours.least <= ours.most <= FAIR[1]:
        return ["ten rounds did not share the limit"]
    print(f"{'ratio':22}{'':26}{f'1/{last / ours.smallest_through:.0f}':>26}", flush=True)
    return []


async def survive(folder: Path, kills: int, recipients: int) -> Sequence[str]:
    """Prints what kills have left; returns which promises were broken."""
    await asyncio.to_thread(folder.mkdir)
    outcome = await interrupted(folder, kills=kills, recipients=recipients)
    print(f"\nthree rounds together, the real bot killed with SIGKILL {kills} times in their middle")
    for name, value in dataclasses.asdict(outcome).items():
        print(f"{name.replace('_', ' '):22}{value}")
    return [] if outcome.kept else ["a message was repeated or lost by a kill"]


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value * SECOND:.0f} ms" if value < 10 else f"{value:,.0f} s"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="recipients of a round")
    parser.add_argument("--kills", type=int, default=4, help="0 leaves this part out")
    parser.add_argument("--recipients", type=int, default=240, help="of the rounds that are killed")
    parser.add_argument("--only", choices=("courier", "plain"), help=argparse.SUPPRESS)
    parser.add_argument("--path", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.only:
        one = measure if given.only == "courier" else plain
        print(json.dumps(dataclasses.asdict(asyncio.run(one(given.path, given.sizes[0])))))
        return 0
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        broken = [*compare_sizes(folder, given.sizes), *asyncio.run(compare_sharing(folder))]
        if given.kills:
            broken += asyncio.run(survive(folder / "killed", given.kills, given.recipients))
    print(f"\n{time.perf_counter() - began:.0f} s in all; " + ("; ".join(broken) or "every promise kept"))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
