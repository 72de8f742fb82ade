"""Updates in: kept first, acknowledged then, applied once.

`Intake.offer` returns when the updates are committed; only then does polling advance its offset and the webhook answer
200. Each update is then applied in the lane of its chat: one lane in order, lanes side by side. What marks an update as
applied is the very transaction of its effects (`kit.router`), so a repeat, even a concurrent one, does nothing.
"""

import asyncio
import collections
import logging
import traceback
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

from bot.kit import inbox
from bot.kit.clock import Clock
from bot.kit.database import Unavailable
from bot.kit.inbox import Received
from bot.kit.work import Work, Works

log = logging.getLogger(__name__)

ATTEMPTS = 3
"""So often is an update tried before it is set aside."""

FULL = 2_000
"""With so many updates waiting, no more are fetched; Telegram keeps them for 24 hours."""

_RETRY_SECONDS = (1.0, 4.0)
_DATABASE_PAUSE = 1.0

Apply = Callable[[Received], Awaitable[None]]
Apologise = Callable[[Work, Received], Awaitable[None]]


class Intake:
    def __init__(
        self, works: Works, clock: Clock, apply: Apply, apologise: Apologise, *, side_by_side: int
    ) -> None:
        """`apply` runs an update through its handler and raises what the handler raised; `apologise` writes a kind word
        to the sender of an update that was set aside.
        """
        self._works = works
        self._clock = clock
        self._apply = apply
        self._apologise = apologise
        self._side_by_side = asyncio.Semaphore(side_by_side)
        self._lanes: dict[int, collections.deque[Received]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._backlog = 0
        self._moved = asyncio.Condition()
        self._offered: list[tuple[Sequence[Received], asyncio.Future[None]]] = []
        self._committing = asyncio.Lock()
        self._stopping = asyncio.Event()

    @property
    def backlog(self) -> int:
        """How many kept updates are not applied yet."""
        return self._backlog

    async def resume(self) -> None:
        """Takes up what an earlier run kept and did not apply."""
        async with self._works.reading() as reader:
            left = await inbox.unapplied(reader, limit=10 * FULL)
        if left:
            log.info("resuming", extra={"updates": len(left)})
        self._enqueue(left)

    async def offer(self, payloads: Iterable[Mapping[str, Any]]) -> None:
        """Keeps the updates; `Unavailable` if the database is away, and then none of them counts as received."""
        updates = [inbox.received(payload) for payload in payloads]
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._offered.append((updates, kept))
        # Whoever gets the lock first commits for all who wait: many webhook posts, one commit.
        async with self._committing:
            if not kept.done():
                await self._commit_offered()
        kept.result()

    async def has_room(self) -> None:
        """Returns when the backlog is small enough to fetch more."""
        async with self._moved:
            await self._moved.wait_for(lambda: self._backlog < FULL or self._stopping.is_set())

    async def idle(self) -> None:
        """Returns when every update offered so far is applied or set aside."""
        async with self._moved:
            await self._moved.wait_for(lambda: self._backlog == 0)

    async def stop(self) -> None:
        """Lets the handlers under way finish; what waits behind them is taken up by the next start."""
        self._stopping.set()
        async with self._moved:
            self._moved.notify_all()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _commit_offered(self) -> None:
        batch, self._offered = self._offered, []
        try:
            async with self._works.begin() as work:
                updates = [update for offered, _ in batch for update in offered]
                fresh = await inbox.keep(work.session, updates, now=work.now)
        except Exception as error:  # noqa: BLE001 - every waiting caller is given it
            for _, kept in batch:
                kept.set_exception(error)
            return
        for _, kept in batch:
            kept.set_result(None)
        self._enqueue(fresh)

    def _enqueue(self, updates: Sequence[Received]) -> None:
        for update in updates:
            self._backlog += 1
            if update.lane in self._lanes:
                self._lanes[update.lane].append(update)
                continue
            self._lanes[update.lane] = collections.deque([update])
            task = asyncio.create_task(self._work_off(update.lane))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _work_off(self, lane: int) -> None:
        waiting = self._lanes[lane]
        while waiting and not self._stopping.is_set():
            async with self._side_by_side:
                if self._stopping.is_set():
                    break
                settled = await self._try(waiting[0])
            if isinstance(settled, float):
                await self._clock.sleep(settled)
                continue
            waiting.popleft()
            self._backlog -= 1
            async with self._moved:
                self._moved.notify_all()
        del self._lanes[lane]

    async def _try(self, update: Received) -> float | None:
        """Applies the update once; the seconds to wait before trying again, None when it is settled."""
        try:
            await self._apply(update)
        except Unavailable:
            return _DATABASE_PAUSE
        except Exception as error:  # noqa: BLE001 - whatever a handler dies of, the others go on
            return await self._after_failure(update, error)
        return None

    async def _after_failure(self, update: Received, error: Exception) -> float | None:
        facts = {"update_id": update.update_id, "error": type(error).__name__}
        try:
            async with self._works.begin() as work:
                attempts = await inbox.count_attempt(work.session, update.update_id)
                if attempts < ATTEMPTS:
                    log.warning("update failed; it is tried again", extra={**facts, "attempts": attempts})
                    return _RETRY_SECONDS[min(attempts, len(_RETRY_SECONDS)) - 1]
                story = "".join(traceback.format_exception(error))
                if await inbox.park(work.session, update.update_id, traceback=story, now=work.now):
                    log.error("update set aside", extra=facts)
                    await self._apologise(work, update)
        except Unavailable:
            return _DATABASE_PAUSE
        return None
