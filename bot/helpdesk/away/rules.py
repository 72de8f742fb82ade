"""Which days somebody is away. Values in, values out."""

import calendar
import dataclasses
import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta, tzinfo

from bot.helpdesk.dates import read_day
from bot.helpdesk.rules import Schedule
from bot.kit.clock import from_local

LONGEST = timedelta(days=183)
"""From the first day to the last."""

_SUNDAY = 6
_BETWEEN = re.compile(r"到|至|~|—+|–|\bto\b|\buntil\b|-", re.IGNORECASE)
_FROM = re.compile(r"^(从|from\b)|起$|开始$", re.IGNORECASE)
_DAYS = re.compile(r"(\d{1,3}|[一两二三四五六七八九十])\s*(天|days?)", re.IGNORECASE)
_DIGITS = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}


@dataclasses.dataclass(frozen=True, slots=True)
class Days:
    """The first and the last day of an absence, both counted in."""

    since: date
    until: date


def offered(since: date) -> Sequence[date]:
    """The last days worth a button, for an absence that begins on `since`: that day and the next, three Sundays, and the
    end of the month.
    """
    sunday = since + timedelta(days=_SUNDAY - since.weekday())
    end_of_month = since.replace(day=calendar.monthrange(since.year, since.month)[1])
    days = {since, since + timedelta(days=1), end_of_month}
    days |= {sunday + timedelta(weeks=weeks) for weeks in range(3)}
    return sorted(days)


def first_days(today: date) -> Sequence[date]:
    """The first days worth a button: the next eight."""
    return [today + timedelta(days=days) for days in range(8)]


def read_days(text: str, today: date) -> Days | None:
    """The days somebody typed: a last day ('11月25日', '周五'), a first and a last one ('11-20 到 11-25'), or how many
    ('三天', from today on). None when it is none of these.
    """
    typed = unicodedata.normalize("NFKC", text).strip(" \n\t。.,")
    counted = _DAYS.fullmatch(typed)
    if counted is not None:
        number = counted[1]
        days = _DIGITS[number] if number in _DIGITS else int(number)
        return Days(today, today + timedelta(days=days - 1)) if days else None
    last = read_day(typed, today)
    if last is not None:
        return Days(min(today, last), last)
    for first_text, last_text in _halves(typed):
        first = read_day(first_text, today)
        last = None if first is None else read_day(last_text, first)
        if first is not None and last is not None:
            return Days(first, last)
    return None


def _halves(typed: str) -> Iterator[tuple[str, str]]:
    """What stands before and after each word or sign that may mean 'to'."""
    for between in _BETWEEN.finditer(typed):
        first, last = typed[: between.start()].strip(), typed[between.end() :].strip()
        if first and last:
            yield _FROM.sub("", first).strip(), last


def bounds(days: Days, now: int, zone: tzinfo, schedule: Schedule) -> tuple[int, int]:
    """From when on somebody is not asked, and when they are again: from the moment work begins on the first day (from
    now on, if that is today or over) to the moment it begins after the last. Equal, or the wrong way round, when nobody
    works in between.
    """
    midnight = _midnight(days.since, zone)
    begins = now if midnight <= now else schedule.opens(midnight)
    return begins, schedule.opens(_midnight(days.until + timedelta(days=1), zone))


def _midnight(day: date, zone: tzinfo) -> int:
    return from_local(datetime(day.year, day.month, day.day, tzinfo=zone))
