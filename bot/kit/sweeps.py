"""Sweeps: work that rows make due. A schedule only wakes them; each is safe to run twice and catches up after
downtime.
"""

import dataclasses
from collections.abc import Awaitable, Callable

from bot.kit.work import Works


@dataclasses.dataclass(frozen=True, slots=True)
class Sweep:
    name: str
    every: int
    """Seconds between two runs, at the longest."""
    run: Callable[[Works], Awaitable[None]]
    """Does what is due now, in as many short transactions as it likes."""
