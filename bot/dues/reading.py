"""What people and spreadsheets write: amounts, months, moments."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal, InvalidOperation

from bot.dues.model import Period
from bot.kit.clock import from_local
from bot.roster.rules import clean

MOST_MONTHS = 24
"""A payment for more months than this is taken for a slip."""

_LARGEST = 100_000_000_00
_AROUND_MONEY = re.compile(r"[¥￥$元圆整正\s]|人民币|rmb|cny|yuan", re.IGNORECASE)
_ROUNDING = Decimal("0.0001")
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d*)?")

_IN_MONTHS = re.compile(r"[\d年月日份至到~–—/.\-\s]+")
_TIME_OF_DAY = re.compile(r"\s\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")
_DATE = re.compile(r"\d{4}([-/.])\d{1,2}\1\d{1,2}|\d{4}年\d{1,2}月\d{1,2}日|\d{8}")

_HALF = r"(?P<half>上午|下午|am|pm)?"
_MOMENT = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    rf"(?: {_HALF} ?(?P<hour>\d{{1,2}}):(?P<minute>\d{{1,2}})(?::(?P<second>\d{{1,2}})(?:\.\d+)?)? ?(?P<late>am|pm)?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2}) ?"
    r"(?:(?P<hour>\d{2}):?(?P<minute>\d{2})(?::?(?P<second>\d{2}))?)?"
)
_MOMENT_WORDS = str.maketrans(
    {
        "年": "-",
        "月": "-",
        "日": " ",
        "时": ":",
        "点": ":",
        "分": ":",
        "秒": None,
        "/": "-",
        ".": "-",
        "T": " ",
    }
)
_FRACTION = re.compile(r"(:\d{2})\.\d+$")

_SERIAL = re.compile(r"\d{5}(\.\d+)?")
_SERIALS_FROM = datetime(1899, 12, 30)  # noqa: DTZ001 - a day, in whichever zone; Excel counts from here since March 1900
_SERIALS = range(36_526, 73_051)
"""The years 2000 to 2099."""


class Unreadable(ValueError):
    """This is not what belongs here."""


def fen(text: str) -> int:
    """An amount in yuan as fen: '24', '24.5', '24.00元', '¥1,200.50'. `Unreadable` for anything else, for less than 0,
    and for parts of a fen.
    """
    written = _AROUND_MONEY.sub("", clean(text))
    if _THOUSANDS.fullmatch(written):
        written = written.replace(",", "")
    try:
        amount = Decimal(written) * 100
    except InvalidOperation as error:
        raise Unreadable(text) from error
    # A spreadsheet's 0.3 may be 0.30000000000000004.
    if not amount.is_finite() or not 0 <= amount <= _LARGEST or abs(amount - round(amount)) > _ROUNDING:
        raise Unreadable(text)
    return round(amount)


def periods(text: str) -> Sequence[Period]:
    """The months in a cell: '2026-11', '202611', '2026年11月', a date in the month (also as Excel's number of days), or
    a range of months such as '2026-10至2026-12', '2026年10月-12月', '202610-202612'. `Unreadable` for anything else, for a range that runs
    backwards, and for more than `MOST_MONTHS`.
    """
    written = _TIME_OF_DAY.sub("", clean(text))
    day = _of_serial(written)
    if day is not None:
        return [Period.of(day)]
    if not _IN_MONTHS.fullmatch(written):
        raise Unreadable(text)
    numbers = _numbers(written)
    if _DATE.fullmatch(written):
        numbers = numbers[:2]
    try:
        match numbers:
            case [year, month]:
                first = last = Period(year, month)
            case [year, month, last_month]:
                first, last = Period(year, month), Period(year, last_month)
            case [year, month, last_year, last_month]:
                first, last = Period(year, month), Period(last_year, last_month)
            case _:
                raise Unreadable(text)
    except ValueError as error:
        raise Unreadable(text) from error
    found = [first]
    while found[-1] < last:
        found.append(found[-1].shifted(1))
    if found[-1] != last or len(found) > MOST_MONTHS:
        raise Unreadable(text)
    return found


def _numbers(written: str) -> list[int]:
    """The numbers in it; six or eight digits in a row are a year with its month (and day)."""
    numbers: list[int] = []
    for digits in re.findall(r"\d+", written):
        if len(digits) in (6, 8):
            numbers += [int(digits[:4]), int(digits[4:6])]
        else:
            numbers.append(int(digits))
    return numbers


def moment(text: str, zone: tzinfo) -> int:
    """A date with or without a time of day, local, as an instant; also as Excel's number of days. `Unreadable` for
    anything else.
    """
    cleaned = clean(text)
    serial = _of_serial(cleaned)
    if serial is not None:
        return from_local(serial.replace(tzinfo=zone))
    written = " ".join(_FRACTION.sub(r"\1", cleaned).translate(_MOMENT_WORDS).split()).rstrip(":")
    found = _MOMENT.fullmatch(written) or _COMPACT.fullmatch(written)
    if found is None:
        raise Unreadable(text)
    parts = found.groupdict(default="0")
    hour, half = int(parts["hour"]), (parts.get("half", "0") + parts.get("late", "0")).lower()
    if hour <= 12 and ("下午" in half or "pm" in half):
        hour = hour % 12 + 12
    elif hour == 12 and ("上午" in half or "am" in half):
        hour = 0
    try:
        year, month, day, minute, second = (
            int(parts[name]) for name in ("year", "month", "day", "minute", "second")
        )
        return from_local(datetime(year, month, day, hour, minute, second, tzinfo=zone))
    except ValueError as error:
        raise Unreadable(text) from error


def _of_serial(written: str) -> datetime | None:
    """The day that Excel means by this number; None for what is none of this century's days."""
    if not _SERIAL.fullmatch(written) or int(written[:5]) not in _SERIALS:
        return None
    # To the second: Excel keeps parts of a day, and half past nine is no round one.
    return _SERIALS_FROM + timedelta(seconds=round(float(written) * 86_400))
