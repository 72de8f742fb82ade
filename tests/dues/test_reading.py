"""Amounts, months and moments as people and spreadsheets write them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dues import reading
from bot.dues.model import Period
from bot.dues.reading import Unreadable
from bot.kit.clock import from_local

ZONE = ZoneInfo("Asia/Shanghai")

months = st.builds(Period, st.integers(2000, 2996), st.integers(1, 12))


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("24", 2_400),
        ("24.5", 2_450),
        ("12.00元", 1_200),
        ("¥1,200.50", 120_050),
        ("1200元", 120_000),  # full width
        ("0.2", 20),
        ("0", 0),
    ],
)
def test_amounts(text: str, fen: int) -> None:
    assert reading.fen(text) == fen


@pytest.mark.parametrize("text", ["", "十二元", "-5", "1.005", "NaN", "inf", "12 或 13", "9" * 20])
def test_what_is_no_amount(text: str) -> None:
    with pytest.raises(Unreadable):
        reading.fen(text)


@given(st.integers(0, 10_000_000))
def test_every_amount_is_read_back(fen: int) -> None:
    assert reading.fen(f"{fen // 100:,}.{fen % 100:02}元") == fen


@pytest.mark.parametrize(
    "text",
    [
        "2026-11",
        "202611",
        "2026年11月",
        "2026年11月份",
        "2026/11",
        "2026.11",
        "2026-11-01",
        "20261101",
        "2026-11-01 00:00:00",
        "2026年11月1日",
        " 2026年 11 月 ",
    ],
)
def test_one_month(text: str) -> None:
    assert list(reading.periods(text)) == [Period(2026, 11)]


@pytest.mark.parametrize(
    "text",
    [
        "2026-11至2027-01",
        "202611-202701",
        "2026年11月-2027年1月",
        "2026-11~2027-01",
        "2026年11月到2027年1月",
        "2026.11～2027.1",
    ],
)
def test_a_range_over_the_year(text: str) -> None:
    assert list(reading.periods(text)) == [Period(2026, 11), Period(2026, 12), Period(2027, 1)]


@pytest.mark.parametrize("text", ["2026年10月-12月", "2026年10-12月", "2026-10至12", "2026.10-12"])
def test_a_range_within_the_year(text: str) -> None:
    assert list(reading.periods(text)) == [Period(2026, 10), Period(2026, 11), Period(2026, 12)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "11月",
        "2026",
        "2026-13",
        "202613",
        "2026-12至2026-10",
        "2026-10,2026-12",
        "十一月",
        "2020-01至2026-01",
    ],
)
def test_what_is_no_month(text: str) -> None:
    with pytest.raises(Unreadable):
        reading.periods(text)


@given(months, st.integers(0, reading.MOST_MONTHS - 1))
def test_ranges_are_whole(first: Period, more: int) -> None:
    found = reading.periods(f"{first}至{first.shifted(more)}")
    assert found == [first.shifted(step) for step in range(more + 1)]


@pytest.mark.parametrize(
    "text", ["2026-11-18 09:05:00", "2026/11/18 9:05", "2026年11月18日 09:05", "20261118090500"]
)
def test_moments(text: str) -> None:
    assert reading.moment(text, ZONE) == from_local(datetime(2026, 11, 18, 9, 5, tzinfo=ZONE))


@pytest.mark.parametrize("text", ["昨天", "2026-02-30", ""])
def test_what_is_no_moment(text: str) -> None:
    with pytest.raises(Unreadable):
        reading.moment(text, ZONE)
