"""A courier at work over a fake Telegram and a real database."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from bot.kit.clock import ManualClock
from bot.kit.courier import Courier
from bot.kit.database import SqliteDatabase
from bot.kit.i18n import Languages
from bot.kit.messages import Message
from bot.kit.outbox import Outbox, Target
from bot.kit.pace import Limits
from bot.kit.work import Works
from tests.kit.fakes import FakeTelegram, Watched


class Post:
    """A courier under way over a fake Telegram, and the rows it works on."""

    def __init__(self, database: SqliteDatabase, clock: ManualClock, languages: Languages) -> None:
        self.telegram = FakeTelegram(clock)
        self.clock = clock
        self.database = Watched(database)
        self.courier = Courier(self.database, self.telegram, clock, Limits())
        self.works = Works(self.database, clock, languages, self.courier.wake)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.courier.run())
        try:
            yield
        finally:
            if self.telegram.gate is not None:
                self.telegram.gate.set()
            await self.courier.stop()
            await task

    async def write(self, act: Callable[[Outbox], Awaitable[Any]]) -> Any:
        async with self.works.begin() as work:
            return await act(work.out)

    async def text(self, chat: int, text: str, **options: Any) -> int:
        options.setdefault("key", f"{chat}:{text}")
        return int(await self.write(lambda out: out.send(chat, Message(text), **options)))

    async def edit(self, chat: int, target: Target, text: str) -> int:
        return int(await self.write(lambda out: out.edit(chat, target, Message(text), key=f"edit:{text}")))

    async def delivered(self) -> None:
        """Moves the clock as far as pacing and retries need, until nothing waits any more."""
        while True:
            await self.courier.rested()
            async with self.database.reading() as reader:
                if not await reader.value("SELECT COUNT(*) FROM outgoing WHERE state = 'waiting'"):
                    return
            wake_at = self.clock.next_wake()
            assert wake_at is not None, "messages wait, but nobody will wake the courier"
            await self.clock.move_to(wake_at)

    async def states(self) -> list[str]:
        async with self.database.reading() as reader:
            return [row["state"] for row in await reader.all("SELECT state FROM outgoing ORDER BY id")]
