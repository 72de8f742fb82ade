"""Days and times as people type them. Pure."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, time, timedelta

_NAMED = {
    "今天": 0,
    "明天": 1,
    "后天": 2,
    "大后天": 3,
    "today": 0,
    "tomorrow": 1,
}
_WEEKDAYS = {name: day for day, name in enumerate("一二三四五六日")} | {"天": 6}
_ENGLISH = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_FULL = re.compile(r"(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})[日号]?")
_MONTH_DAY = re.compile(r"(\d{1,2})(?:[-/.]|月)(\d{1,2})[日号]?")
_DAY = re.compile(r"(\d{1,2})[日号]?")
_WEEKDAY = re.compile(r"(下)?(?:周|星期|礼拜)([一二三四五六日天])")
_TIME = re.compile(r"(上午|早上|中午|下午|晚上)?\s*(\d{1,2})\s*(?:[:：](\d{2})|点(?:(\d{1,2})分?|(半))?)\s*$")
_AFTER_NOON = frozenset({"下午", "晚上"})

_MONTHS_AHEAD = 12
_YEARS_AHEAD = 8
"""A 29 February comes within these."""


def read_day(text: str, today: date) -> date | None:
    """The day somebody has typed: '11-9', '11月9日', '9号', '周五', '下周三', '后天', '2026-11-09', 'friday'. Without a
    year or a month the next such day, today included. None for what is no day, or none there is.
    """
    plain = _normal(text).replace(" ", "")
    if plain in _NAMED:
        return today + timedelta(days=_NAMED[plain])
    if found := _WEEKDAY.fullmatch(plain):
        return _weekday(today, _WEEKDAYS[found[2]], next_week=found[1] is not None)
    english = [day for day, name in enumerate(_ENGLISH) if len(plain) > 2 and name.startswith(plain)]
    if english:
        return _weekday(today, english[0], next_week=False)
    if found := _FULL.fullmatch(plain):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _MONTH_DAY.fullmatch(plain):
        month, day = int(found[1]), int(found[2])
        years = range(today.year, today.year + _YEARS_AHEAD + 1)
        return _first(today, (_day(year, month, day) for year in years))
    if found := _DAY.fullmatch(plain):
        return _first(today, _same_day_of_months(today, int(found[1])))
    return None


def read_time(text: str) -> tuple[str, time | None]:
    """What was typed without the time of day at its end, and that time: '9号 15:30', '周五下午3点', '明天8点半'. The whole
    text and None where no time, or none there is, stands at its end.
    """
    plain = _normal(text)
    found = _TIME.search(plain)
    if found is None:
        return plain, None
    part, hour = found[1], int(found[2])
    minute = 30 if found[5] else int(found[3] or found[4] or 0)
    if part in _AFTER_NOON and hour < 12:
        hour += 12
    if hour > 23 or minute > 59:
        return plain, None
    return plain[: found.start()].strip(), time(hour, minute)


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().lower()


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _weekday(today: date, weekday: int, *, next_week: bool) -> date:
    if next_week:
        return today - timedelta(days=today.weekday()) + timedelta(days=7 + weekday)
    return today + timedelta(days=(weekday - today.weekday()) % 7)


def _same_day_of_months(today: date, day: int) -> Iterator[date | None]:
    for ahead in range(_MONTHS_AHEAD + 1):
        year, month = divmod(today.year * 12 + today.month - 1 + ahead, 12)
        yield _day(year, month + 1, day)


def _first(today: date, days: Iterator[date | None]) -> date | None:
    return next((day for day in days if day is not None and day >= today), None)
