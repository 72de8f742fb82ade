"""Amounts of money as people say them in a chat: 4200, 4,200元, 四千二, 一万零五百块, 1.2万, 每月4200左右."""

import re
from decimal import Decimal

from bot.dues import reading
from bot.dues.reading import Unreadable
from bot.roster.rules import clean

_DIGITS = {
    **{digit: value for value, digit in enumerate("零一二三四五六七八九")},
    **{digit: value for value, digit in enumerate("〇壹贰叁肆伍陆柒捌玖")},
    **{str(value): value for value in range(10)},
    "两": 2,
    "俩": 2,
}
_STYLES = str.maketrans({"拾": "十", "佰": "百", "仟": "千", "萬": "万", "〇": "零"})

_BEFORE = re.compile(
    r"(?:我的?|每个?月|月|大概|大约|约|差不多|工资|退休金|养老金|收入|到手|实发|是|有|拿|领|发|[::￥¥$])+"
)
_AFTER = re.compile(
    r"(?:人民币|左右|上下|整|正|块钱?|元钱?|rmb|cny|yuan|[/每]月|一个月|[。.！!])+$", re.IGNORECASE
)
_BETWEEN = re.compile(r"[\s,，、]+")

_DIGIT = "[零一二两俩三四五六七八九壹贰叁肆伍陆柒捌玖0-9]"
_DECIMAL = re.compile(r"(\d+(?:\.\d+)?)([千万])")
_SECTION = re.compile(
    rf"(?:({_DIGIT})千)?(?:(零)?({_DIGIT})百)?(?:(零)?({_DIGIT})?(十))?(?:(零)?({_DIGIT}))?"
)
_DIGIT_BY_DIGIT = re.compile(rf"{_DIGIT}{{3,9}}")


def fen(text: str) -> int:
    """The amount in fen; `Unreadable` for what is none, and for what is not quite one (四千多, 4000-5000)."""
    said = _BETWEEN.sub("", clean(text).translate(_STYLES))
    said = _BEFORE.sub("", said, count=1) if _BEFORE.match(said) else said
    said = _AFTER.sub("", said)
    try:
        return reading.fen(said)
    except Unreadable:
        return reading.fen(str(_yuan(said)))


def _yuan(said: str) -> Decimal:
    if not said:
        raise Unreadable(said)
    if found := _DECIMAL.fullmatch(said):  # 1.2万, 4.2千
        return Decimal(found[1]) * (10_000 if found[2] == "万" else 1_000)
    if _DIGIT_BY_DIGIT.fullmatch(said):  # 四二零零
        return Decimal("".join(str(_DIGITS[digit]) for digit in said))
    above, ten_thousand, below = said.rpartition("万")
    if not ten_thousand:
        return Decimal(_section(below))
    if not below:
        return Decimal(_section(above) * 10_000)
    if below in _DIGITS:  # 一万二
        return Decimal(_section(above) * 10_000 + _DIGITS[below] * 1_000)
    return Decimal(_section(above) * 10_000 + _section(below))


def _section(said: str) -> int:
    """A number below ten thousand, in words. The last digit may go without its unit: 四千二 is 4200, 四千零二 is 4002."""
    found = _SECTION.fullmatch(said)
    if not said or found is None:
        raise Unreadable(said)
    thousands, _, hundreds, _, tens, ten, zero, last = found.groups()
    unit = 1
    if last is not None and not zero and ten is None:
        unit = 10 if hundreds is not None else 100 if thousands is not None else 1
    return (
        _DIGITS.get(thousands, 0) * 1_000
        + _DIGITS.get(hundreds, 0) * 100
        + (0 if ten is None else _DIGITS.get(tens, 1) * 10)
        + _DIGITS.get(last, 0) * unit
    )
