"""The real application on the embedded Bot API, with a clock the test moves: what most tests stand on.

house.person("李建国", phone="13800000001")      somebody with a Telegram client
await house.settle()                              until nobody has anything left to do
await house.advance(hours=4)                      time passes, sweeps run, messages leave
await house.restart()                             the application is stopped and started on the same database
"""

import asyncio
import functools
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from bot import app
from bot.kit.clock import DAY, HOUR, MINUTE, SECOND, ManualClock, from_local
from bot.kit.database import Row
from bot.kit.i18n import Languages
from bot.kit.runtime import Runtime
from bot.kit.work import Work
from bot.sandbox import Limits, Person, Sandbox
from bot.settings import Settings

TOKEN = "1000:sandbox"
PATIENCE = 1_000
"""How often it is looked again whether something moves that waits for nobody."""


@functools.cache
def spoken() -> Languages:
    """The catalogues, read once for all houses."""
    return Languages.load()


class House:
    def __init__(self, sandbox: Sandbox, clock: ManualClock, settings: Settings) -> None:
        self.sandbox = sandbox
        self.clock = clock
        self.settings = settings
        self._application: app.Zhibu | None = None

    @property
    def zhibu(self) -> app.Zhibu:
        assert self._application is not None, "the house is closed"
        return self._application

    @property
    def runtime(self) -> Runtime:
        return self.zhibu.runtime

    async def open(self) -> None:
        self._application = await app.build(self.settings, self.clock, random.Random(7), spoken())
        await self.runtime.start()

    async def close(self) -> None:
        if self._application is not None:
            await self.runtime.stop()
            self._application = None

    async def restart(self) -> None:
        await self.close()
        await self.open()

    def person(
        self, first_name: str, *, phone: str = "", language_code: str = "zh-hans", **more: Any
    ) -> Person:
        return self.sandbox.add_person(
            first_name=first_name, phone=phone, language_code=language_code, **more
        )

    async def settle(self) -> None:
        """Returns when every update is applied and every message has left; moves the clock by the seconds that pacing
        and retries need.
        """
        stood = 0
        while True:
            async with asyncio.timeout(20):
                await self.sandbox.confirmed()
                await self.runtime.rested()
            waiting = await self._waiting()
            if not waiting:
                return
            # Without a sleeper somebody has just been woken: let them run.
            wake_at = self.clock.next_wake()
            if wake_at is not None:
                await self.clock.move_to(wake_at)
            elif (stood := stood + 1) > PATIENCE:
                raise AssertionError(f"something waits, but not for time to pass: {waiting}")
            await asyncio.sleep(0)

    async def advance(
        self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0
    ) -> None:
        """Time passes; what falls due is done."""
        await self.until(
            self.clock.now() + round(days * DAY + hours * HOUR + minutes * MINUTE + seconds * SECOND)
        )

    async def advance_to(self, year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> None:
        """Time passes until this local time."""
        await self.until(from_local(datetime(year, month, day, hour, minute, tzinfo=self.settings.zone)))

    async def until(self, instant: int) -> None:
        await self.settle()
        await self.clock.move_to(instant)
        await self.runtime.sweep()
        await self.settle()

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """A unit of work of the application's own, for arranging rows."""
        async with self.zhibu.foundation.works.begin() as work:
            yield work

    async def rows(self, sql: str, **parameters: Any) -> Sequence[Row]:
        async with self.zhibu.foundation.works.reading() as reader:
            return await reader.all(sql, **parameters)

    async def _waiting(self) -> Sequence[Row]:
        """Updates and messages that wait for their next attempt or their turn."""
        updates = await self.rows("SELECT update_id, attempts FROM inbox WHERE state = 'new'")
        messages = await self.rows(
            "SELECT id, chat_id, method, attempts, not_before, error FROM outgoing WHERE state = 'waiting'"
        )
        return [*updates, *messages]


@asynccontextmanager
async def open_house(
    clock: ManualClock, folder: Path, *, limits: Limits | None = None, **settings: Any
) -> AsyncIterator[House]:
    """A house with its sandbox; `settings` as in `Settings`."""
    sandbox = Sandbox(token=TOKEN, clock=clock, limits=limits or Limits(), random=random.Random(7))
    await sandbox.start()
    house = House(
        sandbox,
        clock,
        Settings(
            token=TOKEN,
            api_url=sandbox.api_url,
            file_url=sandbox.file_url,
            data_dir=folder,
            secret_key="a secret for tests, of thirty-two bytes",
            **settings,
        ),
    )
    try:
        await house.open()
        yield house
    finally:
        await house.close()
        await sandbox.stop()
