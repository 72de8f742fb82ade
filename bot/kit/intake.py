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

STOP_SECONDS = 1.0
"""How long a stop waits for handlers under way."""

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
        self._busy = 0
        self._moved = asyncio.Condition()
        self._offered: list[tuple[Sequence[Received], asyncio.Future[None]]] = []
        self._committer: asyncio.Task[None] | None = None
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
        """Keeps the updates; `Unavailable` if the database is away, and then none of them counts as received.
        `ValueError` for a document that is no update.
        """
        updates = [inbox.received(payload) for payload in payloads]
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._offered.append((updates, kept))
        # All who wait while one commit is under way share the next: many webhook posts, one commit. It is nobody's own,
        # so that a caller who goes away takes no one else's along.
        if self._committer is None:
            self._committer = asyncio.create_task(self._commit_while_offered())
        await kept

    async def has_room(self) -> None:
        """Returns when the backlog is small enough to fetch more."""
        async with self._moved:
            await self._moved.wait_for(lambda: self._backlog < FULL or self._stopping.is_set())

    async def rested(self) -> None:
        """Returns when nothing can be done at this moment: every update kept so far is applied, set aside, or waits for
        the time of its next attempt.
        """
        async with self._moved:
            await self._moved.wait_for(lambda: self._busy == 0)

    async def stop(self) -> None:
        """Lets the handlers under way finish. What waits behind them is taken up by the next start, and so is a handler
        that does not finish in time: cancelled, it leaves nothing behind.
        """
        self._stopping.set()
        async with self._moved:
            self._moved.notify_all()
        if self._committer is not None:
            await self._committer
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=STOP_SECONDS)
            for task in late:
                log.warning("a handler did not finish in time; its update is applied after the next start")
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _commit_while_offered(self) -> None:
        try:
            while self._offered:
                await self._commit_offered()
        finally:
            self._committer = None

    async def _commit_offered(self) -> None:
        batch, self._offered = self._offered, []
        try:
            async with self._works.begin() as work:
                updates = [update for offered, _ in batch for update in offered]
                fresh = await inbox.keep(work.session, updates, now=work.now)
        except Exception as error:  # noqa: BLE001 - every waiting caller is given it
            for kept in _still_waiting(batch):
                kept.set_exception(error)
            return
        for kept in _still_waiting(batch):
            kept.set_result(None)
        self._enqueue(fresh)

    def _enqueue(self, updates: Sequence[Received]) -> None:
        for update in updates:
            self._backlog += 1
            if update.lane in self._lanes:
                self._lanes[update.lane].append(update)
                continue
            self._lanes[update.lane] = collections.deque([update])
            self._busy += 1
            task = asyncio.create_task(self._work_off(update.lane))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _work_off(self, lane: int) -> None:
        waiting = self._lanes[lane]
        while waiting and not self._stopping.is_set():
            async with self._side_by_side:
                if self._stopping.is_set():
                    break
                pause = await self._try(waiting[0])
            if pause is None:
                waiting.popleft()
                self._backlog -= 1
                await self._tell(busy=0)
            else:
                await self._sleep(pause)
        del self._lanes[lane]
        await self._tell(busy=-1)

    async def _tell(self, *, busy: int) -> None:
        self._busy += busy
        async with self._moved:
            self._moved.notify_all()

    async def _sleep(self, seconds: float) -> None:
        """Sleeps, but not beyond a stop; the lane does not count as busy meanwhile."""
        await self._tell(busy=-1)
        stop, nap = asyncio.create_task(self._stopping.wait()), asyncio.create_task(self._nap(seconds))
        try:
            await asyncio.wait([stop, nap], return_when=asyncio.FIRST_COMPLETED)
        finally:
            stop.cancel()
            if not nap.done():
                nap.cancel()
                self._busy += 1

    async def _nap(self, seconds: float) -> None:
        await self._clock.sleep(seconds)
        self._busy += 1

    async def _try(self, update: Received) -> float | None:
        """Applies the update once; the seconds to wait before trying again, None when it is settled."""
        try:
            await self._apply(update)
        except Unavailable:
            return _DATABASE_PAUSE
        except asyncio.CancelledError as error:
            if (own := asyncio.current_task()) is not None and own.cancelling():
                raise
            # Something the handler waited for was cancelled, not we.
            return await self._after_failure(update, error)
        except Exception as error:  # noqa: BLE001 - whatever a handler dies of, the others go on
            return await self._after_failure(update, error)
        return None

    async def _after_failure(self, update: Received, error: BaseException) -> float | None:
        facts = {"update_id": update.update_id, "error": type(error).__name__}
        try:
            async with self._works.begin() as work:
                attempts = await inbox.count_attempt(work.session, update.update_id)
            if attempts < ATTEMPTS:
                log.warning("update failed; it is tried again", extra={**facts, "attempts": attempts})
                return _RETRY_SECONDS[min(attempts, len(_RETRY_SECONDS)) - 1]
            story = "".join(traceback.format_exception(error))
            log.error("update is set aside", extra=facts)
            await self._set_aside(update, story)
        except Exception as trouble:  # noqa: BLE001 - the lane must go on, or all of the chat's updates would wait for ever
            log.warning("a failure could not be noted", extra={**facts, "trouble": type(trouble).__name__})
            return _DATABASE_PAUSE
        return None

    async def _set_aside(self, update: Received, story: str) -> None:
        try:
            async with self._works.begin() as work:
                if await inbox.park(work.session, update.update_id, traceback=story, now=work.now):
                    await self._apologise(work, update)
        except Unavailable:
            raise
        except Exception:
            log.exception("the sender is not told", extra={"update_id": update.update_id})
            async with self._works.begin() as work:
                await inbox.park(work.session, update.update_id, traceback=story, now=work.now)


def _still_waiting(
    batch: Iterable[tuple[Sequence[Received], asyncio.Future[None]]],
) -> Iterable[asyncio.Future[None]]:
    """The futures of those callers who have not gone away."""
    return [kept for _, kept in batch if not kept.done()]
