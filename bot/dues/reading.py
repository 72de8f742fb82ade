"""What people and spreadsheets write: amounts, months, moments."""

import re
from collections.abc import Sequence
from datetime import datetime, tzinfo
from decimal import Decimal, InvalidOperation

from bot.dues.model import Period
from bot.kit.clock import from_local
from bot.roster.rules import clean

MOST_MONTHS = 24
"""A payment for more months than this is taken for a slip."""

_LARGEST = 100_000_000_00
_AROUND_MONEY = re.compile(r"[¥￥$元\s,]|rmb|cny|yuan", re.IGNORECASE)

_IN_MONTHS = re.compile(r"[\d年月日份至到~–—/.\-\s]+")
_TIME_OF_DAY = re.compile(r"\s\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")
_DATE = re.compile(r"\d{4}([-/.])\d{1,2}\1\d{1,2}|\d{4}年\d{1,2}月\d{1,2}日|\d{8}")

_MOMENTS = (
    "%Y-%m-%d %H:%M:%S.%f",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
    "%Y%m%d%H%M%S",
    "%Y%m%d",
)
_DATE_WORDS = str.maketrans({"年": "-", "月": "-", "日": " ", "/": "-", ".": "-", "T": " "})


class Unreadable(ValueError):
    """This is not what belongs here."""


def fen(text: str) -> int:
    """An amount in yuan as fen: '24', '24.5', '24.00元', '¥1,200.50'. `Unreadable` for anything else, for less than 0,
    and for parts of a fen.
    """
    try:
        amount = Decimal(_AROUND_MONEY.sub("", clean(text))) * 100
    except InvalidOperation as error:
        raise Unreadable(text) from error
    if not amount.is_finite() or not 0 <= amount <= _LARGEST or amount != amount.to_integral_value():
        raise Unreadable(text)
    return int(amount)


def periods(text: str) -> Sequence[Period]:
    """The months in a cell: '2026-11', '202611', '2026年11月', a date in the month, or a range of months such as
    '2026-10至2026-12', '2026年10月-12月', '202610-202612'. `Unreadable` for anything else, for a range that runs
    backwards, and for more than `MOST_MONTHS`.
    """
    written = _TIME_OF_DAY.sub("", clean(text))
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
    """A date with or without a time of day, local, as an instant; `Unreadable` for anything else."""
    written = " ".join(clean(text).translate(_DATE_WORDS).split())
    for form in _MOMENTS:
        try:
            return from_local(datetime.strptime(written, form).replace(tzinfo=zone))
        except ValueError:
            continue
    raise Unreadable(text)
