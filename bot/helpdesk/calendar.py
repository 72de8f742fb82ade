"""Working time: days off, hours, and sums over both. All pure; instants are UTC milliseconds."""

import dataclasses
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, tzinfo

import chinese_calendar

from bot.kit.clock import MINUTE, from_local, to_local

WorkingDay = Callable[[date], bool]

_LONGEST_BREAK = 60
"""Days off in a row, after which nobody is expected to work again; Spring Festival has nine."""


@dataclasses.dataclass(frozen=True, slots=True)
class Hours:
    """The working hours of a day, local time; they do not pass midnight."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if not self.start < self.end:
            raise ValueError(f"working hours must end after they start: {self.start:%H:%M}-{self.end:%H:%M}")

    @classmethod
    def parse(cls, text: str) -> "Hours":
        """From '08:30-17:30'; `ValueError` for anything else."""
        try:
            start, end = (time.fromisoformat(part.strip()) for part in text.split("-"))
        except ValueError as error:
            raise ValueError(f"{text!r} are no working hours; an example is 08:30-17:30") from error
        return cls(start, end)


def is_working_day_in_china(day: date) -> bool:
    """Whether `day` is worked: Monday to Friday, less the public holidays, plus the days worked in their place (调休),
    as the State Council announces them each autumn for the next year. Monday to Friday for years not known yet.
    """
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


def add_working_time(
    instant: int, minutes: int, hours: Hours, zone: tzinfo, is_working_day: WorkingDay
) -> int:
    """The moment at which `minutes` (0 or more) of working time have passed since `instant`.

    Always inside working time (opening and closing included) and never before `instant`: with 0 minutes, `instant`
    itself or else the next opening. `ValueError` where no working day comes for two months.
    """
    rest = minutes * MINUTE
    day = to_local(instant, zone).date()
    days_off = 0
    while days_off < _LONGEST_BREAK:
        if is_working_day(day):
            days_off = 0
            opening, closing = _window(day, hours, zone)
            begin = max(instant, opening)
            if begin <= closing:
                if begin + rest <= closing:
                    return begin + rest
                rest -= closing - begin
        else:
            days_off += 1
        day += timedelta(days=1)
    raise ValueError(f"no working day in the {_LONGEST_BREAK} days before {day}")


def is_working_time(instant: int, hours: Hours, zone: tzinfo, is_working_day: WorkingDay) -> bool:
    """Whether people are at work: from the opening to just before the closing of a working day."""
    day = to_local(instant, zone).date()
    opening, closing = _window(day, hours, zone)
    return is_working_day(day) and opening <= instant < closing


def _window(day: date, hours: Hours, zone: tzinfo) -> tuple[int, int]:
    return (
        from_local(datetime.combine(day, hours.start, zone)),
        from_local(datetime.combine(day, hours.end, zone)),
    )
