"""Sums over working time."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.helpdesk.calendar import Hours, add_working_time, is_working_day_in_china, is_working_time
from bot.kit.clock import DAY, MINUTE, from_local, to_local

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
HOURS = Hours(time(8, 30), time(17, 30))


def at(text: str, zone: ZoneInfo = SHANGHAI) -> int:
    return from_local(datetime.fromisoformat(text).replace(tzinfo=zone))


def added(start: str, minutes: int) -> str:
    end = add_working_time(at(start), minutes, HOURS, SHANGHAI, is_working_day_in_china)
    return f"{to_local(end, SHANGHAI):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-11-02 09:00", 240, "2026-11-02 13:00"),  # a Monday
        ("2026-11-02 15:30", 240, "2026-11-03 10:30"),
        ("2026-11-02 13:30", 240, "2026-11-02 17:30"),  # just fits the day
        ("2026-11-02 13:31", 240, "2026-11-03 08:31"),
        ("2026-11-02 07:00", 60, "2026-11-02 09:30"),  # before opening
        ("2026-11-02 20:00", 60, "2026-11-03 09:30"),  # after closing
        ("2026-11-06 17:00", 60, "2026-11-09 09:00"),  # a Friday; over the weekend
        ("2026-11-07 12:00", 0, "2026-11-09 08:30"),  # nothing to add: the next opening
        ("2026-11-02 17:30", 0, "2026-11-02 17:30"),  # closing counts as inside
        ("2026-09-30 17:00", 60, "2026-10-08 09:00"),  # National Day: 1 to 7 October 2026
        ("2026-10-10 09:00", 60, "2026-10-10 10:00"),  # a Saturday that is worked in its place
        (
            "2026-02-14 16:30",
            120,
            "2026-02-24 09:30",
        ),  # Saturday worked; Spring Festival 15 to 23 February 2026
        ("2026-11-02 09:00", 9 * 60 * 5, "2026-11-09 09:00"),  # a working week
    ],
)
def test_working_time_is_added(start: str, minutes: int, end: str) -> None:
    assert added(start, minutes) == end


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 10, 1), False),
        (date(2026, 10, 10), True),
        (date(2026, 11, 1), False),
        (date(2026, 11, 2), True),
        (date(2199, 10, 1), True),  # a Tuesday of a year nobody has announced: Monday to Friday
        (date(2199, 10, 5), False),  # its Saturday
        (date(1999, 1, 1), True),  # a Friday before the calendar begins
    ],
)
def test_days_off_in_china(day: date, worked: bool) -> None:
    assert is_working_day_in_china(day) is worked


@pytest.mark.parametrize(
    "text", ["", "8-17", "08:30", "08:30-17:30-18:00", "17:30-08:30", "08:30-08:30", "ab-cd"]
)
def test_hours_that_are_none(text: str) -> None:
    with pytest.raises(ValueError, match="working hours"):
        Hours.parse(text)


def test_hours_as_written() -> None:
    assert Hours.parse("08:30-17:30") == HOURS
    assert Hours.parse(" 09:00 - 12:15 ") == Hours(time(9), time(12, 15))


@pytest.mark.parametrize(
    ("moment", "working"),
    [
        ("2026-11-02 08:29", False),
        ("2026-11-02 08:30", True),
        ("2026-11-02 17:29", True),
        ("2026-11-02 17:30", False),
        ("2026-11-01 12:00", False),
        ("2026-10-10 12:00", True),
    ],
)
def test_when_people_are_at_work(moment: str, working: bool) -> None:
    assert is_working_time(at(moment), HOURS, SHANGHAI, is_working_day_in_china) is working


def test_an_organisation_that_never_works_is_an_error() -> None:
    with pytest.raises(ValueError, match="no working day"):
        add_working_time(at("2026-11-02 09:00"), 5, HOURS, SHANGHAI, lambda _: False)


instants = st.integers(at("2025-01-01 00:00"), at("2028-12-31 00:00"))
minutes = st.integers(0, 5_000)
zones = st.sampled_from([SHANGHAI, BERLIN, ZoneInfo("America/New_York")])
shifts = st.tuples(st.integers(0, 22), st.integers(1, 23)).filter(lambda pair: pair[0] < pair[1])
hours = shifts.map(lambda pair: Hours(time(pair[0], 30), time(pair[1], 45)))
weeks = st.sets(st.integers(0, 6), min_size=1)


@given(instants, minutes, hours, zones, weeks)
def test_the_end_is_inside_working_time_and_not_earlier(
    start: int, more: int, shift: Hours, zone: ZoneInfo, week: set[int]
) -> None:
    end = add_working_time(start, more, shift, zone, lambda day: day.weekday() in week)
    local = to_local(end, zone)
    assert end >= start
    assert end - start >= more * MINUTE
    assert local.weekday() in week
    opening = from_local(datetime.combine(local.date(), shift.start, zone))
    closing = from_local(datetime.combine(local.date(), shift.end, zone))
    assert opening <= end <= closing


@given(instants, minutes, minutes, hours, zones, weeks)
def test_it_is_additive(
    start: int, first: int, second: int, shift: Hours, zone: ZoneInfo, week: set[int]
) -> None:
    def later(instant: int, more: int) -> int:
        return add_working_time(instant, more, shift, zone, lambda day: day.weekday() in week)

    assert later(later(start, first), second) == later(start, first + second)


@given(instants, st.integers(0, 3 * DAY), minutes, st.integers(0, 500), hours, zones)
def test_it_is_monotone(start: int, wait: int, less: int, more: int, shift: Hours, zone: ZoneInfo) -> None:
    def later(instant: int, added: int) -> int:
        return add_working_time(instant, added, shift, zone, is_working_day_in_china)

    assert later(start, less) <= later(start + wait, less)
    assert later(start, less) <= later(start, less + more)


@given(instants, hours, zones, weeks)
def test_being_at_work_agrees_with_adding_nothing(
    start: int, shift: Hours, zone: ZoneInfo, week: set[int]
) -> None:
    def worked(day: date) -> bool:
        return day.weekday() in week

    if is_working_time(start, shift, zone, worked):
        assert add_working_time(start, 0, shift, zone, worked) == start
    else:
        end = add_working_time(start, 1, shift, zone, worked)
        assert end - start >= MINUTE
