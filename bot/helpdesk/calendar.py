"""Working time: days off, hours, and sums over both. All pure; instants are UTC milliseconds."""

import dataclasses
import enum
import functools
import itertools
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta, tzinfo

import chinese_calendar

from bot.kit.clock import MINUTE, from_local, to_local

WorkingDay = Callable[[date], bool]

DAY_MINUTES = 24 * 60

_LONGEST_BREAK = 60
"""Days off in a row, after which nobody is expected to work again; Spring Festival has nine."""

_NEVER = f"no working day in {_LONGEST_BREAK} days"

_SHORTEST_DAY = 30
"""Minutes; with less, an answer would take weeks: it is surely a slip of the hand."""

_MOST_WINDOWS = 4
"""As many as fit a line on a phone."""

_FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
"""Months and days that are off in every year, whatever is announced for it: 全国年节及纪念日放假办法 (State Council order
795, in force since 2025), article 2. The other public holidays move with the moon or the sun.
"""

_CLOCK = r"(?P<{0}_h>\d{{1,2}})(?:[:.](?P<{0}_m>\d{{2}})|[点时](?:(?P<{0}_half>半)|(?P<{0}_after>\d{{1,2}})分?)?)?|(?P<{0}_all>\d{{4}})"
_WINDOW = re.compile(rf"(?:{_CLOCK.format('from')})-(?:次日|第二天)?(?:{_CLOCK.format('to')})")
_WITHIN_A_WINDOW = re.compile(r"\s*(?:-+|~|至|到)\s*")
_BETWEEN_WINDOWS = re.compile(r"[\s,;、和/]+")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−〜", "-"))


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class Window:
    """A stretch of working time, in minutes after the local midnight with which its day begins."""

    start: int
    """0 to 1439."""
    end: int
    """After the start, by a day at most: past 1440 it lies in the next day."""

    def __post_init__(self) -> None:
        if not 0 <= self.start < DAY_MINUTES or not self.start < self.end <= self.start + DAY_MINUTES:
            raise ValueError(f"no stretch of working time: minutes {self.start} to {self.end}")


@dataclasses.dataclass(frozen=True, slots=True)
class Hours:
    """The working hours of a day, local time: one stretch or several, in order. The last may pass midnight and then
    belongs to the day on which it begins; 00:00-24:00 is around the clock.
    """

    windows: tuple[Window, ...]

    def __post_init__(self) -> None:
        if sum(each.end - each.start for each in self.windows) < _SHORTEST_DAY:
            raise ValueError(f"fewer than {_SHORTEST_DAY} minutes of work a day")
        if len(self.windows) > _MOST_WINDOWS:
            raise ValueError(f"more than {_MOST_WINDOWS} stretches a day")
        overlaps = any(later.start < sooner.end for sooner, later in itertools.pairwise(self.windows))
        if overlaps or self.windows[-1].end > self.windows[0].start + DAY_MINUTES:
            raise ValueError("working hours overlap or are out of order")

    @classmethod
    def parse(cls, text: str) -> "Hours":
        """From '08:30-12:00, 14:00-17:30' and the ways in which people write such hours ('8点半到12点', '20:00-8:00' for
        a night shift, '0830-1730'); `ValueError` for anything else.
        """
        plain = unicodedata.normalize("NFKC", text).translate(_DASHES).strip()
        parts = _BETWEEN_WINDOWS.split(_WITHIN_A_WINDOW.sub("-", plain))
        try:
            return cls(tuple(sorted(_window(part) for part in parts)))
        except ValueError as error:
            raise ValueError(
                f"{text!r} are no working hours; examples are 08:30-17:30 and 08:30-12:00, 14:00-17:30"
            ) from error

    def __str__(self) -> str:
        """As `parse` takes it."""
        return ",".join(f"{clock(each.start)}-{clock(each.end)}" for each in self.windows)

    @property
    def are_all_day(self) -> bool:
        return sum(each.end - each.start for each in self.windows) == DAY_MINUTES


def clock(minute: int) -> str:
    """A minute of the day as on a clock: 510 is 08:30, 1440 is 24:00, 1920 is 08:00 of the next day."""
    if minute > DAY_MINUTES:
        minute -= DAY_MINUTES
    return f"{minute // 60:02}:{minute % 60:02}"


class Pattern(enum.StrEnum):
    WORKING = "working"
    """Monday to Friday, less the public holidays, plus the days worked in their place (调休)."""
    DAILY = "daily"
    """Every day, public holidays too."""
    WEEKDAYS = "weekdays"
    """Certain weekdays, less the public holidays."""


@dataclasses.dataclass(frozen=True, slots=True)
class Days:
    """Which days are worked."""

    pattern: Pattern
    weekdays: frozenset[int] = frozenset()
    """0 is Monday; empty for the other patterns."""

    def __post_init__(self) -> None:
        if bool(self.weekdays) is not (self.pattern is Pattern.WEEKDAYS):
            raise ValueError("weekdays belong to the pattern of weekdays")
        if not self.weekdays <= set(range(7)):
            raise ValueError("a week has seven days")

    @classmethod
    def parse(cls, text: str) -> "Days":
        """From 'working', 'daily' or the numbers of weekdays, as '1,2,3,4,5,6' for Monday to Saturday; `ValueError` for
        anything else.
        """
        if text in (Pattern.WORKING, Pattern.DAILY):
            return cls(Pattern(text))
        numbers = text.replace(",", "").replace(" ", "")
        if not re.fullmatch("[1-7]+", numbers):
            raise ValueError(f"{text!r} are no working days; examples are working, daily and 1,2,3,4,5,6")
        return cls(Pattern.WEEKDAYS, frozenset(int(number) - 1 for number in numbers))

    def __str__(self) -> str:
        """As `parse` takes it."""
        if self.pattern is Pattern.WEEKDAYS:
            return "".join(str(day + 1) for day in sorted(self.weekdays))
        return str(self.pattern)

    @property
    def follow_the_calendar(self) -> bool:
        """Whether public holidays matter."""
        return self.pattern is not Pattern.DAILY

    def include(self, day: date) -> bool:
        match self.pattern:
            case Pattern.WORKING:
                return is_working_day_in_china(day)
            case Pattern.DAILY:
                return True
            case Pattern.WEEKDAYS:
                return day.weekday() in self.weekdays and not is_public_holiday_in_china(day)


@functools.lru_cache(maxsize=1_024)  # the library looks through all its years for each day
def is_working_day_in_china(day: date) -> bool:
    """Whether `day` is worked: Monday to Friday, less the public holidays, plus the days worked in their place (调休),
    as the State Council announces them each autumn for the next year. For years not known yet, Monday to Friday less
    the holidays that have the same date every year.
    """
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5 and not is_public_holiday_in_china(day)


@functools.lru_cache(maxsize=1_024)
def is_public_holiday_in_china(day: date) -> bool:
    """Whether `day` is off for a public holiday, weekends within it included; for years not known yet, only the
    holidays that have the same date every year.
    """
    try:
        off, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return (day.month, day.day) in _FIXED_HOLIDAYS
    return bool(off) and name is not None


def is_known(year: int) -> bool:
    """Whether the days off announced for that year are in the calendar we have."""
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


def first_unknown_year(day: date, *, within: timedelta) -> int | None:
    """The first year from `day` until that long after it whose announced days off are not in the calendar."""
    years = range(day.year, (day + within).year + 1)
    return next((year for year in years if not is_known(year)), None)


def add_working_time(
    instant: int, minutes: int, hours: Hours, zone: tzinfo, is_working_day: WorkingDay
) -> int:
    """The moment at which `minutes` (0 or more) of working time have passed since `instant`.

    Always inside working time (opening and closing included) and never before `instant`: with 0 minutes, `instant`
    itself or else the next opening. `ValueError` where no working day comes for two months.
    """
    rest = minutes * MINUTE
    for begin, closing in _stretches(instant, hours, zone, is_working_day):
        if begin + rest <= closing:
            return begin + rest
        rest -= closing - begin
    raise ValueError(_NEVER)


def next_working_moment(instant: int, hours: Hours, zone: tzinfo, is_working_day: WorkingDay) -> int:
    """The first moment from `instant` on at which people are at work. `ValueError` where none comes for two months."""
    for begin, closing in _stretches(instant, hours, zone, is_working_day):
        if begin < closing:
            return begin
    raise ValueError(_NEVER)


def is_working_time(instant: int, hours: Hours, zone: tzinfo, is_working_day: WorkingDay) -> bool:
    """Whether people are at work: from an opening to just before the closing, which may lie in the next day."""
    today = to_local(instant, zone).date()
    return any(
        opening <= instant < closing
        for day in (today - timedelta(days=1), today)
        if is_working_day(day)
        for opening, closing in _of_day(day, hours, zone)
    )


def _stretches(
    instant: int, hours: Hours, zone: tzinfo, is_working_day: WorkingDay
) -> Iterator[tuple[int, int]]:
    """The working time from `instant` on: its stretches in order, without overlap, the first cut at `instant`. They end
    where no working day comes for two months.
    """
    day, days_off, passed = to_local(instant, zone).date() - timedelta(days=1), 0, instant
    while days_off < _LONGEST_BREAK:
        days_off = 0 if is_working_day(day) else days_off + 1
        if days_off == 0:
            for opening, closing in _of_day(day, hours, zone):
                if closing >= passed:
                    yield max(passed, opening), closing
                    passed = closing  # in the night the clocks go forward, stretches may meet
        day += timedelta(days=1)


def _of_day(day: date, hours: Hours, zone: tzinfo) -> Sequence[tuple[int, int]]:
    return [(_moment(day, each.start, zone), _moment(day, each.end, zone)) for each in hours.windows]


def _moment(day: date, minute: int, zone: tzinfo) -> int:
    days, rest = divmod(minute, DAY_MINUTES)
    return from_local(datetime.combine(day + timedelta(days=days), time(rest // 60, rest % 60), zone))


def _window(text: str) -> Window:
    found = _WINDOW.fullmatch(text)
    if found is None:
        raise ValueError(text)
    start, end = _minute(found, "from"), _minute(found, "to")
    return Window(start, end if end > start else end + DAY_MINUTES)


def _minute(found: re.Match[str], side: str) -> int:
    digits = found[f"{side}_all"]
    if digits is not None:
        hour, minute = int(digits[:2]), int(digits[2:])
    else:
        hour = int(found[f"{side}_h"])
        minute = 30 if found[f"{side}_half"] else int(found[f"{side}_m"] or found[f"{side}_after"] or 0)
    if minute > 59 or hour * 60 + minute > DAY_MINUTES:
        raise ValueError(f"no time of day: {hour}:{minute}")
    return hour * 60 + minute
