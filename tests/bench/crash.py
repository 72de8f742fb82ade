"""Kills the bot with SIGKILL at random moments under a stream of updates and reminders, then counts.

    python tests/bench/crash.py                              20 kills, 2,000 updates from 200 people (about three minutes)
    python tests/bench/crash.py --kills 4 --updates 200      as the test suite runs it

Afterwards every update must have been applied exactly once, every message due must be there, at-least-once messages may
have come twice no more often than there were kills, and at-most-once messages (the reminders) never.
"""

import argparse
import asyncio
import collections
import dataclasses
import random
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from bot.kit import schema
from bot.kit.clock import SystemClock, to_local
from bot.kit.database import SqliteDatabase
from bot.sandbox import Person, Sandbox
from bot.settings import Settings
from tests import factories
from tests.bench.process import Child

TOKEN = "1000:crash"
REMINDER = "还没看到"
"""Stands in every reminder and in no answer."""

RATE = 20
"""Updates a second: what is left of Telegram's 30 messages goes to the reminders."""


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    kills: int
    updates: int
    applied: int
    applied_twice: int
    answers_missing: int
    answers_twice: int
    reminders_due: int
    reminders_sent: int
    reminders_unknown: int
    reminders_missing: int
    """Marked as sent, but never received."""
    reminders_twice: int

    @property
    def kept(self) -> bool:
        """Whether every promise was."""
        return (
            self.applied == self.updates
            and self.applied_twice == 0
            and self.answers_missing == 0
            and self.answers_twice <= self.kills
            and self.reminders_sent + self.reminders_unknown >= self.reminders_due
            and self.reminders_missing == 0
            and self.reminders_twice == 0
        )


async def crash(folder: Path, *, kills: int, updates: int, people: int, seed: int) -> Outcome:
    """Runs the bot through its crashes in `folder` and counts what became of everything."""
    chance = random.Random(seed)
    clock, settings = SystemClock(), Settings(data_dir=folder)
    async with Sandbox(
        token=TOKEN, clock=clock, random=random.Random(seed), keep_calls=20 * (updates + people)
    ) as sandbox:
        crowd = [sandbox.add_person(first_name=f"P{number}") for number in range(people)]
        for person in crowd:
            await person.start()
        sandbox.core.updates.drop()
        await _enrol(crowd, settings, now=clock.now())
        bot = Child(
            ["-m", "bot", "run"], _environment(sandbox, folder, settings, clock.now()), folder / "bot.log"
        )
        await bot.start()
        stream = asyncio.create_task(_stream(crowd, updates))
        busy_seconds = updates / RATE
        for _ in range(kills):
            await asyncio.sleep(chance.uniform(0.3, 1.7) * busy_seconds / kills)
            await bot.kill()
            await bot.start()
        await stream
        async with asyncio.timeout(60 + busy_seconds):
            await sandbox.confirmed()
            while not await _finished(settings, people):
                if bot.process.returncode is not None:
                    raise RuntimeError(f"the bot ended by itself; its log is {folder / 'bot.log'}")
                await asyncio.sleep(0.2)
        code = await bot.stop()
        if code != 0:
            raise RuntimeError(f"the bot did not stop cleanly: exit code {code}")
        return await _count(sandbox, settings, kills=kills, updates=updates, people=crowd)


async def _stream(crowd: list[Person], updates: int) -> None:
    for number in range(updates):
        await crowd[number % len(crowd)].says("怎么交党费")
        await asyncio.sleep(1 / RATE)


def _environment(sandbox: Sandbox, folder: Path, settings: Settings, now: int) -> dict[str, str]:
    # This very minute, so that reminders leave beside the answers from the start.
    due = to_local(now, settings.zone)
    return {
        "ZHIBU_TOKEN": TOKEN,
        "ZHIBU_API_URL": sandbox.api_url,
        "ZHIBU_FILE_URL": sandbox.file_url,
        "ZHIBU_DATA_DIR": str(folder),
        "ZHIBU_LOG_LEVEL": "WARNING",
        "ZHIBU_REMINDER_DAYS": str(due.day),
        "ZHIBU_REMINDER_TIME": f"{due:%H:%M}",
        "ZHIBU_QUIET_HOURS": f"{(due.hour + 11) % 24:02}:00-{(due.hour + 12) % 24:02}:00",
    }


async def _enrol(crowd: list[Person], settings: Settings, *, now: int) -> None:
    schema.upgrade(settings.database_path)
    database = await SqliteDatabase.open(settings.database_path)
    async with database.transaction() as session:
        tree = await factories.tree(session)
        for person in crowd:
            await factories.member(session, f"M{person.id}", tree.branch, account=person.id, now=now)
    await database.close()


async def _finished(settings: Settings, people: int) -> bool:
    """Whether every update is applied, every reminder was decided on, and nothing waits to be sent."""
    open_updates, waiting, reminders = await _rows(
        settings,
        "SELECT (SELECT COUNT(*) FROM inbox WHERE state = 'new') AS open,"
        " (SELECT COUNT(*) FROM outgoing WHERE state IN ('waiting', 'sending')) AS waiting,"
        " (SELECT COUNT(*) FROM outgoing WHERE dedupe_key LIKE 'nudge:%') AS reminders",
    )
    return open_updates == 0 and waiting == 0 and reminders == people


async def _count(
    sandbox: Sandbox, settings: Settings, *, kills: int, updates: int, people: list[Person]
) -> Outcome:
    (applied, unknown, sent) = await _rows(
        settings,
        "SELECT (SELECT COUNT(*) FROM faq_question) AS applied,"
        " (SELECT COUNT(*) FROM outgoing WHERE dedupe_key LIKE 'nudge:%' AND state = 'unknown') AS unknown,"
        " (SELECT COUNT(*) FROM outgoing WHERE dedupe_key LIKE 'nudge:%' AND state = 'sent') AS sent",
    )
    asked = collections.Counter(people[number % len(people)].id for number in range(updates))
    answers: collections.Counter[int] = collections.Counter()
    reminders: collections.Counter[int] = collections.Counter()
    for person in people:
        for message in person.chat():
            if message.from_bot:
                (reminders if REMINDER in message.text else answers)[person.id] += 1
    return Outcome(
        kills=kills,
        updates=updates,
        applied=applied,
        applied_twice=max(0, applied - updates),
        answers_missing=(asked - answers).total(),
        answers_twice=(answers - asked).total(),
        reminders_due=len(people),
        reminders_sent=sent,
        reminders_unknown=unknown,
        reminders_missing=max(0, sent - len(reminders)),
        reminders_twice=sum(count - 1 for count in reminders.values()),
    )


async def _rows(settings: Settings, sql: str) -> tuple[int, ...]:
    database = await SqliteDatabase.open(settings.database_path, readers=1)
    async with database.reading() as reader:
        row = await reader.first(sql)
    await database.close()
    return tuple(row.values()) if row is not None else ()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--updates", type=int, default=2_000)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outcome = asyncio.run(
            crash(
                Path(folder),
                kills=options.kills,
                updates=options.updates,
                people=options.people,
                seed=options.seed,
            )
        )
    for name, value in dataclasses.asdict(outcome).items():
        print(f"{name.replace('_', ' '):20} {value}")
    print("every promise kept" if outcome.kept else "A PROMISE WAS BROKEN")
    return 0 if outcome.kept else 1


if __name__ == "__main__":
    sys.exit(main())
