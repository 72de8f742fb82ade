"""The days of an absence, as buttons offer them and people type them."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.helpdesk.away.rules import Days, bounds, first_days, offered, read_days
from bot.helpdesk.calendar import Hours
from bot.helpdesk.rules import Schedule
from bot.kit.clock import from_local, to_local
from tests.conftest import ZONE
from tests.helpdesk.conftest import DESK

TODAY = date(2026, 11, 2)  # a Monday
_DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))


def at(day: date, hour: int = 0, minute: int = 0) -> int:
    return from_local(datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE))


@pytest.mark.parametrize(
    ("typed", "since", "until"),
    [
        ("11月20日到25日", date(2026, 11, 20), date(2026, 11, 25)),
        ("11月20日到11月25日。", date(2026, 11, 20), date(2026, 11, 25)),
        ("从11.20至11.25", date(2026, 11, 20), date(2026, 11, 25)),
        ("11-20-11-25", date(2026, 11, 20), date(2026, 11, 25)),
        ("11/20 ~ 25", date(2026, 11, 20), date(2026, 11, 25)),
        ("20-25", date(2026, 11, 20), date(2026, 11, 25)),
        ("12月28日到1月3日", date(2026, 12, 28), date(2027, 1, 3)),
        ("2026-11-20到2026-11-25", date(2026, 11, 20), date(2026, 11, 25)),
        ("明天到周五", date(2026, 11, 3), date(2026, 11, 6)),
        ("tomorrow to 11-6", date(2026, 11, 3), date(2026, 11, 6)),
        ("11月6日", TODAY, date(2026, 11, 6)),
        ("下周三", TODAY, date(2026, 11, 11)),
        ("三天", TODAY, date(2026, 11, 4)),
        ("10天", TODAY, date(2026, 11, 11)),
        ("1 day", TODAY, TODAY),
    ],
)
def test_what_people_type(typed: str, since: date, until: date) -> None:
    assert read_days(typed, TODAY) == Days(since, until)


@pytest.mark.parametrize(
    "typed", ["", "不知道", "0天", "11月31日", "到", "11月20日到", "请假", "13-45到13-50"]
)
def test_what_names_no_day(typed: str) -> None:
    assert read_days(typed, TODAY) is None


@given(_DAYS, _DAYS)
def test_days_written_in_full_are_read_as_written(first: date, last: date) -> None:
    assert read_days(f"{first}到{last}", TODAY) == Days(first, last)


@given(_DAYS)
def test_buttons_offer_later_days_only(today: date) -> None:
    days = offered(today)
    assert list(days) == sorted(set(days))
    assert days[0] == today
    assert len(days) <= 6
    assert first_days(today)[0] == today


@given(_DAYS, st.integers(0, 40), st.integers(0, 180), st.integers(0, 24 * 60 - 1))
def test_an_absence_begins_and_ends_with_working_time(
    today: date, ahead: int, length: int, minute: int
) -> None:
    schedule = Schedule.of(DESK.terms, ZONE)
    now = at(today) + minute * 60_000
    since = today + timedelta(days=ahead)
    until = since + timedelta(days=length)
    from_at, until_at = bounds(Days(since, until), now, ZONE, schedule)
    assert from_at >= now
    assert schedule.at_work(until_at)
    assert to_local(until_at, ZONE).date() > until
    if ahead:
        assert schedule.at_work(from_at)
        assert to_local(from_at, ZONE).date() >= since
    if from_at < until_at:
        # Nobody is asked in vain: in the working time between, all of it is covered.
        assert schedule.opens(at(until + timedelta(days=1))) == until_at


def test_a_weekend_off_needs_nothing() -> None:
    schedule = Schedule.of(DESK.terms, ZONE)
    saturday, sunday = date(2026, 11, 7), date(2026, 11, 8)
    from_at, until_at = bounds(Days(saturday, sunday), at(TODAY, 9), ZONE, schedule)
    assert from_at == until_at == at(date(2026, 11, 9), 8, 30)


def test_from_now_on() -> None:
    schedule = Schedule.of(DESK.terms, ZONE)
    assert bounds(Days(TODAY, TODAY), at(TODAY, 9), ZONE, schedule) == (
        at(TODAY, 9),
        at(date(2026, 11, 3), 8, 30),
    )
    assert Hours.parse("08:30-17:30") == DESK.terms.hours
