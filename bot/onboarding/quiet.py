"""The hours in which nobody is written to unasked."""

import dataclasses
from datetime import time, tzinfo

from bot.kit.clock import to_local


@dataclasses.dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` to just before `end`, local time, every day; they may pass midnight. None at all if both are the
    same.
    """

    start: time
    end: time

    @classmethod
    def parse(cls, text: str) -> "QuietHours":
        """From '21:00-08:00'; `ValueError` for anything else."""
        try:
            start, end = (time.fromisoformat(part.strip()) for part in text.split("-"))
        except ValueError as error:
            raise ValueError(f"{text!r} are no quiet hours; an example is 21:00-08:00") from error
        return cls(start, end)

    def contain(self, instant: int, zone: tzinfo) -> bool:
        local = to_local(instant, zone).time()
        if self.start <= self.end:
            return self.start <= local < self.end
        return local >= self.start or local < self.end
