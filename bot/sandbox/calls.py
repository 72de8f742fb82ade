"""What the sandbox remembers about received calls, for tests and benchmarks."""

from collections import Counter, deque
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Call:
    """One Bot API call: parameters as received; HTTP status (0: left unanswered by a fault) and
    description of the outcome; monotonic seconds.
    """

    method: str
    parameters: dict[str, Any]
    code: int
    description: str
    at: float


class Calls:
    """A bounded log of calls, and counts per method (and "429" for refusals by rate) that are never cut."""

    def __init__(self, keep: int) -> None:
        self.log: deque[Call] = deque(maxlen=keep)
        self.counters: Counter[str] = Counter()

    def add(self, call: Call) -> None:
        self.log.append(call)
        self.counters[call.method] += 1
        if call.code == 429:
            self.counters["429"] += 1
