"""Until when a ticket may be put aside. Pure; instants are UTC milliseconds."""

import enum
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from bot.helpdesk.dates import read_day, read_time
from bot.helpdesk.rules import Schedule
from bot.kit.clock import DAY, HOUR, from_local, to_local

LONGEST = 60 * DAY
"""Nobody's question is put aside for longer."""

FOR_A_REPLY = 7 * DAY
"""So long a ticket waits for its member to write; then it comes back by itself."""

_MORNING = time(8)
_AFTERNOON = time(14)
_MONDAY = 0


class Unfit(enum.Enum):
    """Why a typed time is none."""

    UNREADABLE = enum.auto()
    PAST = enum.auto()
    TOO_FAR = enum.auto()


def offered(now: int, schedule: Schedule) -> Sequence[int]:
    """The times to choose from, in order: in an hour, this afternoon, the next day of work and next Monday; moments at
    which people are at work, each once.
    """
    today = to_local(now, schedule.zone).date()
    monday = today + timedelta(days=7 - today.weekday())
    wanted = [
        now + HOUR,
        _at(today, _AFTERNOON, schedule),
        _at(today + timedelta(days=1), _MORNING, schedule),
        _at(monday, _MORNING, schedule),
    ]
    return sorted({schedule.opens(moment) for moment in wanted if moment > now})


def typed(text: str, now: int, schedule: Schedule) -> int | Unfit:
    """The moment somebody has typed, as '11-9', '周五' or '明天 15:00': a day alone means when work begins on it (or, on a
    day off, on the next one), a time alone its next coming.
    """
    today = to_local(now, schedule.zone).date()
    words, clock = read_time(text)
    if not words and clock is not None:
        moment = _at(today, clock, schedule)
        return moment if moment > now else _at(today + timedelta(days=1), clock, schedule)
    day = read_day(words, today)
    if day is None:
        return Unfit.UNREADABLE
    moment = schedule.opens(_at(day, _MORNING, schedule)) if clock is None else _at(day, clock, schedule)
    return check(moment, now)


def check(moment: int, now: int) -> int | Unfit:
    """The moment, unless a ticket cannot be put aside until then."""
    if moment <= now:
        return Unfit.PAST
    return Unfit.TOO_FAR if moment - now > LONGEST else moment


def _at(day: date, clock: time, schedule: Schedule) -> int:
    return from_local(datetime.combine(day, clock, schedule.zone))
