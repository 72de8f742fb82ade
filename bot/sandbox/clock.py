"""Time as the sandbox needs it; whoever builds a sandbox passes the clock in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable


class Clock(Protocol):
    """Where the sandbox reads the time."""

    def now(self) -> int:
        """UTC in milliseconds: dates of messages, expiry of callback queries."""
        ...

    def monotonic(self) -> float:
        """Seconds that never go back: rate limits, the call log."""
        ...


@runtime_checkable
class MovableClock(Clock, Protocol):
    """A clock that can be moved forward by hand, as in a demo or a test."""

    async def move_to(self, instant: int) -> None:
        """Go to `instant` (UTC milliseconds); returns when all that was due until then has been done."""
        ...


@dataclass(frozen=True, slots=True)
class ClockMove:
    """A named target on the page's clock menu: `target` turns the present instant into the wanted one."""

    id: str
    label: str
    target: Callable[[int], int]
