"""Time, passed in.

Two readings: `now` is the wall clock as UTC milliseconds, the form in which times are stored; `monotonic` counts
seconds for pacing and back-off and never jumps. Local dates exist only where a rule of the organisation needs
them, by way of its time zone.
"""

import asyncio
import heapq
import itertools
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Protocol

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_local(instant: int, zone: tzinfo) -> datetime:
    """The aware local time of a UTC millisecond instant."""
    return (_EPOCH + timedelta(milliseconds=instant)).astimezone(zone)


def from_local(moment: datetime) -> int:
    """The UTC millisecond instant of an aware time; `ValueError` for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a naive time names no instant")
    return (moment - _EPOCH) // timedelta(milliseconds=1)


class Clock(Protocol):
    def now(self) -> int:
        """UTC milliseconds."""
        ...

    def monotonic(self) -> float:
        """Seconds since some fixed moment; never jumps."""
        ...

    async def sleep(self, seconds: float) -> None: ...


class SystemClock:
    def now(self) -> int:
        return time.time_ns() // 1_000_000

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class ShiftedClock(SystemClock):
    """The system's clock with a movable offset: the demo's people jump to the 25th; pacing goes on in real seconds."""

    def __init__(self, offset: int = 0) -> None:
        self._offset = offset
        self._on_move: Callable[[], Awaitable[None]] | None = None

    @property
    def offset(self) -> int:
        """Milliseconds by which this clock is ahead of the system's."""
        return self._offset

    def now(self) -> int:
        return super().now() + self._offset

    def when_moved(self, on_move: Callable[[], Awaitable[None]]) -> None:
        """`on_move` is awaited after every move, before the mover goes on."""
        self._on_move = on_move

    async def move_to(self, instant: int) -> None:
        """Jumps forward to `instant` (an earlier one is ignored), then lets the listener act on the new time."""
        self._offset += max(0, instant - self.now())
        if self._on_move is not None:
            await self._on_move()


class ManualClock:
    """A clock that stands still until it is moved. Sleepers wake, in order, when it passes them."""

    def __init__(self, start: int) -> None:
        self._now = start
        self._start = start
        self._sleepers: list[tuple[int, int, asyncio.Future[None]]] = []
        self._order = itertools.count()

    def now(self) -> int:
        return self._now

    def monotonic(self) -> float:
        return (self._now - self._start) / SECOND

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        waiter = asyncio.get_running_loop().create_future()
        wake_at = self._now + max(1, round(seconds * SECOND))
        heapq.heappush(self._sleepers, (wake_at, next(self._order), waiter))
        await waiter

    def next_wake(self) -> int | None:
        """When the first sleeper is due; None when nobody sleeps."""
        while self._sleepers and self._sleepers[0][2].done():
            heapq.heappop(self._sleepers)
        return self._sleepers[0][0] if self._sleepers else None

    async def move_to(self, instant: int) -> None:
        while (wake_at := self.next_wake()) is not None and wake_at <= instant:
            self._now = max(self._now, wake_at)
            _, _, waiter = heapq.heappop(self._sleepers)
            waiter.set_result(None)
            await asyncio.sleep(0)
        self._now = max(self._now, instant)
