"""Kills the bot with SIGKILL at random moments under a stream of updates and reminders, then counts.

    python tests/bench/crash.py                              20 kills, 2,000 updates from 200 people (about three minutes)
    python tests/bench/crash.py --kills 4 --updates 200      as the test suite runs it

Afterwards every update must have been applied exactly once, every message due must be there, at-least-once messages may
have come twice no more often than there were kills, and at-most-once messages (the reminders) never.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent))


TOKEN = "1000:crash"
RATE = 20
"""Updates a second: what is left of Telegram's 30 messages goes to the reminders."""


@dataclass(frozen=True, slots=True)
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
        bot = Child(["-m", "bot", "run"], _environment(sandbox, folder, settings, clock.now()), folder / "bot.log")
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
        await crowd[number % len(crowd)].says(_question(number))
        await asyncio.sleep(1 / RATE)


def _question(number: int) -> str:
    return f"zxcv qwer {number}"


def _environment(sandbox: Sandbox, folder: Path, settings: Settings, now: int) -> dict[str, str]:
    due = to_local(now, settings.zone) + timedelta(minutes=1 if to_local(now, settings.zone).second > 30 else 0)
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
