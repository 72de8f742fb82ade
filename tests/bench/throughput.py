"""How fast Zhibu takes updates, beside a bare python-telegram-bot echo bot on the same server in the same run, and how
well a reminder round uses Telegram's 30 messages a second.

    python tests/bench/throughput.py                 all of it (about seven minutes; the round takes most)
    python tests/bench/throughput.py --recipients 1000

Each bot is a process of its own; the embedded Bot API and the people are another. Zhibu keeps every update with a commit
before it is acknowledged and applies it with a second one, both on disk (synchronous=FULL).
"""

import argparse
import asyncio
import collections
import random
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from bot.kit import schema
from bot.kit.clock import SystemClock, to_local
from bot.kit.database import SqliteDatabase
from bot.sandbox import Change, Limits, Person, Sandbox
from bot.settings import Settings
from tests import factories
from tests.bench.process import Child

TOKEN = "1000:bench"
PEOPLE = 200
UPDATES = 3_000
STEADY_RATE = 20
STEADY_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Figures:
    """What one bot showed."""

    per_second: float
    cpu_milliseconds: float
    p50: float
    p99: float
    memory: float


class Replies:
    """Counts the bot's messages as people receive them, and times each against the question it follows."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._bot = int(TOKEN.split(":", maxsplit=1)[0])
        self._sandbox = sandbox
        self._asked: dict[int, collections.deque[float]] = collections.defaultdict(collections.deque)
        self.seconds: list[float] = []
        self.count = 0
        self.last_at = 0.0
        self._more = asyncio.Event()
        sandbox.on_change(self._changed)

    async def ask(self, person: Person, text: str) -> None:
        self._asked[person.id].append(time.perf_counter())
        await person.says(text)

    async def received(self, count: int, patience: float = 120.0) -> None:
        async with asyncio.timeout(patience):
            while self.count < count:
                self._more.clear()
                await self._more.wait()

    def _changed(self, change: Change) -> None:
        if change.kind != "message":
            return
        message = self._sandbox.core.world.chats[change.chat_id].messages[change.message_id]
        if message.sender_id != self._bot:
            return
        self.last_at = time.perf_counter()
        if self._asked[change.chat_id]:
            self.seconds.append(self.last_at - self._asked[change.chat_id].popleft())
        self.count += 1
        self._more.set()


@asynccontextmanager
async def running(
    sandbox: Sandbox, arguments: Sequence[str], environment: Mapping[str, str], log: Path
) -> AsyncIterator[Child]:
    """A bot under measurement, from its first poll on."""
    child = Child(arguments, environment, log)
    await child.start()
    try:
        async with asyncio.timeout(60):
            while not sandbox.counters["deleteWebhook"]:  # what both do just before they poll
                if child.process.returncode is not None:
                    raise RuntimeError(f"the bot ended at once; its log is {log}")
                await asyncio.sleep(0.05)
        yield child
    finally:
        await child.stop()


def zhibu(sandbox: Sandbox, folder: Path, **settings: str) -> tuple[list[str], dict[str, str]]:
    """How Zhibu is started on this sandbox."""
    environment = {
        "ZHIBU_TOKEN": TOKEN,
        "ZHIBU_API_URL": sandbox.api_url,
        "ZHIBU_FILE_URL": sandbox.file_url,
        "ZHIBU_DATA_DIR": str(folder),
        "ZHIBU_LOG_LEVEL": "WARNING",
    }
    return ["-m", "bot", "run"], {**environment, **settings}


async def measure(name: str, text: str, folder: Path) -> Figures:
    async with Sandbox(
        token=TOKEN, clock=SystemClock(), limits=Limits.off(), random=random.Random(1), keep_messages=20
    ) as sandbox:
        people = [sandbox.add_person(first_name=f"P{number}") for number in range(PEOPLE)]
        for person in people:
            await person.start()
        sandbox.core.updates.drop()
        replies = Replies(sandbox)
        if name == "echo":
            start: tuple[list[str], dict[str, str]] = (
                [str(Path(__file__).parent / "echo_bot.py"), TOKEN, sandbox.api_url],
                {},
            )
        else:
            schema.upgrade(Settings(data_dir=folder).database_path)
            start = zhibu(sandbox, folder, ZHIBU_SENDS_PER_SECOND="0")
        async with running(sandbox, *start, folder / "bot.log") as child:
            for person in people:  # warm up: everybody is known afterwards
                await replies.ask(person, text)
            await replies.received(PEOPLE)
            cpu, began = child.cpu_seconds(), time.perf_counter()
            for number in range(UPDATES):
                await replies.ask(people[number % PEOPLE], text)
            await replies.received(PEOPLE + UPDATES)
            busy = replies.last_at - began
            cpu = child.cpu_seconds() - cpu
            replies.seconds.clear()
            for number in range(STEADY_RATE * STEADY_SECONDS):
                await replies.ask(people[number % PEOPLE], text)
                await asyncio.sleep(1 / STEADY_RATE)
            await replies.received(PEOPLE + UPDATES + STEADY_RATE * STEADY_SECONDS)
            cuts = statistics.quantiles(replies.seconds, n=100)
            return Figures(
                UPDATES / busy, cpu / UPDATES * 1000, cuts[49] * 1000, cuts[98] * 1000, child.memory()
            )


async def reminder_round(recipients: int, folder: Path) -> None:
    """A dues round by the real sweep to so many members, the server as strict as Telegram."""
    clock, settings = SystemClock(), Settings(data_dir=folder)
    async with Sandbox(
        token=TOKEN, clock=clock, random=random.Random(1), keep_messages=3, keep_calls=2 * recipients
    ) as sandbox:
        people = [sandbox.add_person(first_name=f"P{number}") for number in range(recipients)]
        for person in people:
            await person.start()
        sandbox.core.updates.drop()
        await _enrol(people, settings, now=clock.now())
        replies = Replies(sandbox)
        due = to_local(clock.now(), settings.zone) + timedelta(minutes=1)
        plan = {
            "ZHIBU_REMINDER_DAYS": str(due.day),
            "ZHIBU_REMINDER_TIME": f"{due:%H:%M}",
            "ZHIBU_QUIET_HOURS": _hours_away_from(due),
        }
        async with running(sandbox, *zhibu(sandbox, folder, **plan), folder / "round.log") as child:
            memory = []
            while replies.count < recipients:
                await asyncio.sleep(1)
                if replies.count:
                    memory.append(child.memory())
    sent = [call.at for call in sandbox.calls if call.method == "sendMessage" and call.code == 200]
    seconds = sent[-1] - sent[0]
    tenth = max(1, len(memory) // 10)
    print(f"\nReminder round to {recipients:,} members, at most 30 a second")
    print(
        f"  {(len(sent) - 1) / seconds:.2f} a second = {(len(sent) - 1) / seconds / 30:.1%} of the limit (aim: 98 %)"
    )
    print(f"  429s: {sandbox.counters['429']} (aim: 0)   sent twice: {len(sent) - recipients} (aim: 0)")
    print(
        f"  memory after the first tenth {statistics.mean(memory[tenth : 2 * tenth]):.0f} MiB,"
        f" in the last {statistics.mean(memory[-tenth:]):.0f} MiB"
    )


async def _enrol(people: Sequence[Person], settings: Settings, *, now: int) -> None:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    schema.upgrade(settings.database_path)
    database = await SqliteDatabase.open(settings.database_path)
    async with database.transaction() as session:
        tree = await factories.tree(session)
        for person in people:
            await factories.member(session, f"M{person.id}", tree.branch, account=person.id, now=now)
    await database.close()


def _hours_away_from(moment: datetime) -> str:
    return f"{(moment.hour + 11) % 24:02}:00-{(moment.hour + 12) % 24:02}:00"


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--recipients", type=int, default=10_000, help="of the reminder round; 0 leaves it out"
    )
    options = parser.parse_args()
    runs = {"echo": "hello", "zhibu": "/language", "zhibu, question": "怎么交党费"}
    results: dict[str, Figures] = {}
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, text) in enumerate(runs.items()):
            home = Path(folder) / str(number)
            home.mkdir()
            print(f"measuring {name} …", flush=True)
            results[name] = await measure(name, text, home)
        base = results["echo"]
        print(
            f"\n{PEOPLE} people, {UPDATES} updates; latency at {STEADY_RATE} updates a second, server without limits"
        )
        print(f"{'':16}{'updates/s':>10}{'ratio':>7}{'CPU ms':>8}{'p50 ms':>8}{'p99 ms':>8}{'MiB':>6}")
        for name, figures in results.items():
            print(
                f"{name:16}{figures.per_second:10.0f}{figures.per_second / base.per_second:7.2f}"
                f"{figures.cpu_milliseconds:8.2f}{figures.p50:8.1f}{figures.p99:8.1f}{figures.memory:6.0f}"
            )
        if options.recipients:
            home = Path(folder) / "round"
            home.mkdir()
            await reminder_round(options.recipients, home)


if __name__ == "__main__":
    asyncio.run(main())
