"""When a digest is due."""

from datetime import datetime

HOURS = (
    "06:30",
    "07:00",
    "07:30",
    "08:00",
    "08:30",
    "09:00",
    "12:00",
    "13:30",
    "16:00",
    "17:00",
    "19:00",
    "20:00",
)
"""What is offered to choose from, local time."""

LATE = 4 * 60
"""Minutes after the chosen time in which a digest is still sent, where the bot was down at that time."""


def minute_of(text: str) -> int:
    """The minute of the day of '08:30'; `ValueError` for what is no time of day."""
    hours, minutes = (int(part) for part in text.split(":"))
    if not (0 <= hours < 24 and 0 <= minutes < 60):
        raise ValueError(f"{text!r} is no time of day")
    return hours * 60 + minutes


def clock(minute: int) -> str:
    """A minute of the day, as on a clock: '08:30'."""
    return f"{minute // 60:02}:{minute % 60:02}"


def is_due(minute: int, sent_on: str | None, local: datetime) -> bool:
    """Whether the digest of this local day is to be sent now: once, at the chosen minute of the day or soon after it."""
    late = local.hour * 60 + local.minute - minute
    return sent_on != local.date().isoformat() and 0 <= late < LATE
