"""Days and times as people type them."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.helpdesk.dates import read_day, read_time

TODAY = date(2026, 11, 4)
"""A Wednesday."""

days = st.dates(date(2024, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("今天", TODAY),
        (" 后天 ", date(2026, 11, 6)),
        ("tomorrow", date(2026, 11, 5)),
        ("周五", date(2026, 11, 6)),
        ("星期三", TODAY),
        ("礼拜天", date(2026, 11, 8)),
        ("周一", date(2026, 11, 9)),
        ("下周三", date(2026, 11, 11)),
        ("下周日", date(2026, 11, 15)),
        ("Friday", date(2026, 11, 6)),
        ("2026-11-09", date(2026, 11, 9)),
        ("2026 年 11 月 9 日", date(2026, 11, 9)),
        ("11-9", date(2026, 11, 9)),
        ("１１／９", date(2026, 11, 9)),
        ("11月9号", date(2026, 11, 9)),
        ("11-3", date(2027, 11, 3)),
        ("2-29", date(2028, 2, 29)),
        ("9号", date(2026, 11, 9)),
        ("4", TODAY),
        ("3日", date(2026, 12, 3)),
        ("31", date(2026, 12, 31)),
        ("fri", date(2026, 11, 6)),
        ("monkey", None),
        ("2-30", None),
        ("32号", None),
        ("13-1", None),
        ("下个月", None),
        ("", None),
        ("等他回来", None),
    ],
)
def test_what_is_typed_is_a_day(typed: str, day: date | None) -> None:
    assert read_day(typed, TODAY) == day


@pytest.mark.parametrize(
    ("typed", "rest", "at"),
    [
        ("9号 15:30", "9号", time(15, 30)),
        ("周五下午3点", "周五", time(15)),
        ("明天8点半", "明天", time(8, 30)),
        ("明天上午 9点15分", "明天", time(9, 15)),
        ("中午12点", "", time(12)),
        ("9号", "9号", None),
        ("9号 25:00", "9号 25:00", None),
    ],
)
def test_a_time_may_stand_at_the_end(typed: str, rest: str, at: time | None) -> None:
    assert read_time(typed) == (rest, at)


@given(day=days, today=days)
def test_a_whole_date_is_read_as_written(day: date, today: date) -> None:
    for written in (f"{day:%Y-%m-%d}", f"{day.year}年{day.month}月{day.day}日"):
        assert read_day(written, today) == day


@given(today=days, ahead=st.integers(0, 364))
def test_without_a_year_it_is_the_next_such_day(today: date, ahead: int) -> None:
    day = today + timedelta(days=ahead)
    read = read_day(f"{day.month}-{day.day}", today)
    assert read is not None
    assert today <= read <= day
    assert (read.month, read.day) == (day.month, day.day)


@given(st.text(max_size=12), days)
def test_whatever_is_typed_is_a_day_or_none(typed: str, today: date) -> None:
    assert isinstance(read_day(typed, today), date | None)
    assert isinstance(read_time(typed)[1], time | None)
