"""When a unit reminds: its days of the month, the hour, and what happens on days off. All pure."""

import dataclasses
import enum
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from bot.dues.model import Period, Point
from bot.helpdesk.calendar import is_working_day_in_china
from bot.kit.clock import from_local

MOST_DAYS = 4
"""Reminders a month that a unit may set: about one a week."""

_BY_WEEKDAY = re.compile(r"(-1|[1-4])w([1-7])", re.ASCII)
_BY_NUMBER = re.compile(r"-?\d{1,2}", re.ASCII)


class Sort(enum.StrEnum):
    """How a day of the month is named."""

    NUMBER = "number"
    BEFORE_END = "end"
    WEEKDAY = "weekday"


@dataclasses.dataclass(frozen=True, slots=True)
class Day:
    """One day of every month."""

    sort: Sort
    number: int
    """1 to 31 (a day the month does not have means its last one); or days before the month's last day, 0 to 30; or
    which such weekday, 1 to 4, -1 the last one.
    """
    weekday: int = 0
    """0 is Monday; only by weekday."""

    def __post_init__(self) -> None:
        allowed = {
            Sort.NUMBER: range(1, 32),
            Sort.BEFORE_END: range(31),
            Sort.WEEKDAY: (-1, 1, 2, 3, 4),
        }[self.sort]
        if self.number not in allowed or self.weekday not in range(7):
            raise ValueError(f"{self.number} is no day of every month ({self.sort})")

    @classmethod
    def of(cls, number: int) -> "Day":
        """1 to 31; 0 and below count from the month's last day, to -30."""
        return cls(Sort.NUMBER, number) if number > 0 else cls(Sort.BEFORE_END, -number)

    @classmethod
    def parse(cls, text: str) -> "Day":
        """From '5', '-3' (three days before the last), '0' (the last), '1w1' (the first Monday), '-1w5' (the last
        Friday); `ValueError` for anything else.
        """
        by_weekday = _BY_WEEKDAY.fullmatch(text)
        if by_weekday is not None:
            return cls(Sort.WEEKDAY, int(by_weekday[1]), int(by_weekday[2]) - 1)
        if _BY_NUMBER.fullmatch(text) is None:
            raise ValueError(f"{text!r} is no day of every month; examples are 5, -3, 1w1 and -1w5")
        return cls.of(int(text))

    def __str__(self) -> str:
        """As `parse` takes it."""
        match self.sort:
            case Sort.NUMBER:
                return str(self.number)
            case Sort.BEFORE_END:
                return str(-self.number)
            case Sort.WEEKDAY:
                return f"{self.number}w{self.weekday + 1}"

    def within(self, period: Period) -> date:
        """The day in that month."""
        match self.sort:
            case Sort.NUMBER:
                return period.first.replace(day=min(self.number, period.last.day))
            case Sort.BEFORE_END:
                return max(period.first, period.last - timedelta(days=self.number))
            case Sort.WEEKDAY if self.number < 0:
                return period.last - timedelta(days=(period.last.weekday() - self.weekday) % 7)
            case Sort.WEEKDAY:
                ahead = (self.weekday - period.first.weekday()) % 7
                return period.first + timedelta(days=ahead + 7 * (self.number - 1))

    @property
    def order(self) -> tuple[int, int]:
        """Where it mostly stands in a month, for lists."""
        match self.sort:
            case Sort.NUMBER:
                return self.number, 0
            case Sort.BEFORE_END:
                return 31 - self.number, 1
            case Sort.WEEKDAY:
                return (7 * (self.number - 1) + 1 if self.number > 0 else 25), 2 + self.weekday


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """All that is set for a unit, be it by itself or from above."""

    days: tuple[Day, ...]
    at: time
    """Local."""
    working_days: bool = False
    """Whether a day off gives way to the next working day, or where none is left in the month, to the last one before."""
    set_at: int = 0
    """When any of this was last changed for the unit, in UTC milliseconds: nothing is made up for that was earlier."""

    def __post_init__(self) -> None:
        if not self.days:
            raise ValueError("reminders need at least one day of the month")

    def points(
        self, period: Period, zone: tzinfo, is_working_day: Callable[[date], bool] = is_working_day_in_china
    ) -> Sequence[Point]:
        """The points of a period, in order, all within its month; two rules that meet on one day make one point."""
        found = {day.within(period) for day in self.days}
        if self.working_days:
            found = {_moved(day, period, is_working_day) for day in found}
        return [Point(period, day, from_local(datetime.combine(day, self.at, zone))) for day in sorted(found)]

    def point(self, key: str, zone: tzinfo) -> Point | None:
        """The point of that key; None for one that this plan does not have (any more)."""
        points = self.points(Period.of(date.fromisoformat(key)), zone)
        return next((point for point in points if point.key == key), None)


def _moved(day: date, period: Period, is_working_day: Callable[[date], bool]) -> date:
    """A reminder for a month still comes in that month: it must leave time to pay."""
    later = day
    while later <= period.last:
        if is_working_day(later):
            return later
        later += timedelta(days=1)
    sooner = day
    while sooner >= period.first:
        if is_working_day(sooner):
            return sooner
        sooner -= timedelta(days=1)
    return day


@dataclasses.dataclass(frozen=True, slots=True)
class OwnPlan:
    """What a unit has set itself; None: as the unit above it."""

    days: tuple[Day, ...] | None = None
    at: time | None = None
    working_days: bool | None = None


class Term(enum.StrEnum):
    """What a unit can set, by its name in `Plan` and `OwnPlan`."""

    DAYS = "days"
    AT = "at"
    WORKING_DAYS = "working_days"


@dataclasses.dataclass(frozen=True, slots=True)
class Setting:
    """What a unit has set itself, and when it last did."""

    own: OwnPlan = OwnPlan()
    set_at: int = 0


def source_of(term: Term, line: Sequence[OwnPlan]) -> int | None:
    """Which in a line of units, the lowest first, sets that term for the lowest: its place; None: none of them."""
    return next((place for place, own in enumerate(line) if getattr(own, term) is not None), None)


def inherited(line: Sequence[Setting], default: Plan) -> Plan:
    """The plan of the first in a line of units, each of which is below the next; `default` where none says anything."""
    owns = [each.own for each in line]
    found: dict[str, Any] = {"set_at": max((each.set_at for each in line), default=default.set_at)}
    for term in Term:
        place = source_of(term, owns)
        if place is not None:
            found[term.value] = getattr(owns[place], term)
    return dataclasses.replace(default, **found)


@dataclasses.dataclass(frozen=True, slots=True)
class Plans:
    """The plans of all units."""

    default: Plan
    governing: Mapping[int, Plan]
    """Of the units that have set something; those below one follow it."""

    def of(self, governed_by: int | None) -> Plan:
        """The plan of a unit, by the nearest unit from itself upwards that has set something; None: there is none."""
        return self.default if governed_by is None else self.governing.get(governed_by, self.default)

    @property
    def distinct(self) -> frozenset[Plan]:
        return frozenset({self.default, *self.governing.values()})
