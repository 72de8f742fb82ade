"""Amounts as people say them."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dues.calculating import spoken
from bot.dues.reading import Unreadable


@pytest.mark.parametrize(
    ("said", "yuan"),
    [
        ("4200", 4200),
        ("4,200", 4200),
        ("4，200", 4200),
        ("4 200", 4200),
        ("4200元", 4200),
        ("4200块钱", 4200),
        ("¥4200", 4200),
        ("４２００元", 4200),
        ("4200.50", 4200.5),
        ("四千二", 4200),
        ("四千二百", 4200),
        ("四千二百元整", 4200),
        ("四千二百五", 4250),
        ("四千二百五十", 4250),
        ("四千二百零五", 4205),
        ("四千零二", 4002),
        ("四千零五十", 4050),
        ("4千2", 4200),
        ("4.2千", 4200),
        ("两千五", 2500),
        ("三千块", 3000),
        ("一万", 10000),
        ("1万", 10000),
        ("1.2万", 12000),
        ("一万二", 12000),
        ("1万2", 12000),
        ("一万二千", 12000),
        ("一万零五百", 10500),
        ("一万零五", 10005),
        ("十二万", 120000),
        ("叁仟伍佰元整", 3500),
        ("四二零零", 4200),
        ("八百", 800),
        ("一百五", 150),
        ("十五", 15),
        ("二十五", 25),
        ("零", 0),
        ("每月4200", 4200),
        ("我的退休金是四千二左右", 4200),
        ("大概 4200 块", 4200),
        ("4200元/月", 4200),
    ],
)
def test_understood(said: str, yuan: float) -> None:
    assert spoken.fen(said) == round(yuan * 100)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "不知道",
        "四千多",
        "4000-5000",
        "4000到5000",
        "三四千",
        "四千万万",
        "万",
        "千",
        "元",
        "-5",
        "负五百",
        "四千千",
        "四百千",
        "1亿",
        "没有工资",
        "4200或4300",
        "12.345",
        "工资条在哪里看",
    ],
)
def test_kindly_refused(said: str) -> None:
    with pytest.raises(Unreadable):
        spoken.fen(said)


_DIGITS = "零一二三四五六七八九"


def _below_ten_thousand(number: int) -> str:
    said, owes_zero = "", False
    for unit, value in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit = number // value % 10
        if digit:
            said += ("零" if owes_zero and said else "") + _DIGITS[digit] + unit
            owes_zero = False
        else:
            owes_zero = True
    return said


def in_words(number: int) -> str:
    """A number from 1 to 99,999,999 in full Chinese words."""
    above, below = divmod(number, 10_000)
    if not above:
        return _below_ten_thousand(below)
    zero = "零" if 0 < below < 1_000 else ""
    return f"{_below_ten_thousand(above)}万{zero}{_below_ten_thousand(below)}"


@given(st.integers(1, 99_999_999))
def test_every_number_in_words_is_understood(number: int) -> None:
    assert spoken.fen(in_words(number)) == number * 100


@given(st.integers(1, 9), st.sampled_from([("百", 100), ("千", 1_000), ("万", 10_000)]), st.integers(1, 9))
def test_the_last_digit_may_go_without_its_unit(first: int, unit: tuple[str, int], last: int) -> None:
    word, value = unit
    assert spoken.fen(f"{_DIGITS[first]}{word}{_DIGITS[last]}") == (first * value + last * value // 10) * 100


@given(st.text(max_size=12))
def test_anything_else_is_refused_and_nothing_else(said: str) -> None:
    with contextlib.suppress(Unreadable):
        assert spoken.fen(said) >= 0
