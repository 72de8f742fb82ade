"""Sums over working time."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.helpdesk.calendar import (
    DAY_MINUTES,
    Days,
    Hours,
    Pattern,
    Window,
    add_working_time,
    first_unknown_year,
    is_working_day_in_china,
    is_working_time,
    next_working_moment,
)
from bot.kit.clock import DAY, MINUTE, from_local, to_local

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
HOURS = Hours.parse("08:30-17:30")


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
    ("start", "minutes", "hours", "days", "end"),
    [
        ("2026-11-02 11:00", 120, "08:00-12:00,14:00-18:00", "working", "2026-11-02 15:00"),  # over noon
        ("2026-11-02 12:30", 0, "08:00-12:00,14:00-18:00", "working", "2026-11-02 14:00"),
        ("2026-11-07 23:00", 240, "00:00-24:00", "daily", "2026-11-08 03:00"),  # a crew around the clock
        ("2026-09-30 22:00", 240, "08:00-08:00", "daily", "2026-10-01 02:00"),  # over National Day
        ("2026-11-02 12:00", 60, "20:00-08:00", "daily", "2026-11-02 21:00"),  # a night shift
        ("2026-11-03 07:00", 120, "20:00-08:00", "daily", "2026-11-03 21:00"),
        (
            "2026-11-06 23:00",
            600,
            "20:00-08:00",
            "working",
            "2026-11-09 21:00",
        ),  # Friday's night ends on Saturday
        ("2026-11-07 07:00", 60, "20:00-08:00", "working", "2026-11-07 08:00"),
        ("2026-11-06 17:00", 60, "08:30-17:30", "123456", "2026-11-07 09:00"),  # Saturdays, too
        ("2026-09-30 17:00", 60, "08:30-17:30", "123456", "2026-10-08 09:00"),  # but no public holiday
        (
            "2026-10-10 09:00",
            60,
            "08:30-17:30",
            "12345",
            "2026-10-12 09:30",
        ),  # nor a Saturday worked elsewhere
    ],
)
def test_other_days_and_hours(start: str, minutes: int, hours: str, days: str, end: str) -> None:
    worked = Days.parse(days).include
    reached = add_working_time(at(start), minutes, Hours.parse(hours), SHANGHAI, worked)
    assert f"{to_local(reached, SHANGHAI):%Y-%m-%d %H:%M}" == end


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 10, 1), False),
        (date(2026, 10, 10), True),
        (date(2026, 11, 1), False),
        (date(2026, 11, 2), True),
        (date(2199, 9, 30), True),  # a Monday of a year nobody has announced: Monday to Friday
        (date(2199, 10, 5), False),  # its Saturday
        (date(2199, 10, 1), False),  # a Tuesday, but National Day is on it in every year
        (date(2199, 5, 2), False),
        (date(2199, 1, 1), False),
        (date(2199, 1, 2), True),
    ],
)
def test_days_off_in_china(day: date, worked: bool) -> None:
    assert is_working_day_in_china(day) is worked


@pytest.mark.parametrize(
    ("day", "within", "year"),
    [
        (date(2026, 3, 1), 92, None),
        (date(2026, 9, 30), 92, None),
        (date(2026, 11, 2), 92, 2027),
        (date(2027, 5, 1), 92, 2027),
    ],
)
def test_a_year_not_known_yet_is_named_in_time(day: date, within: int, year: int | None) -> None:
    assert first_unknown_year(day, within=timedelta(days=within)) == year


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("08:30-17:30", "08:30-17:30"),
        (" 09:00 - 12:15 ", "09:00-12:15"),
        ("8-17", "08:00-17:00"),
        ("8：30～12：00，14：00—17：30", "08:30-12:00,14:00-17:30"),
        ("8:30至12:00、14:00至17:30", "08:30-12:00,14:00-17:30"),
        ("14-18 8-12", "08:00-12:00,14:00-18:00"),
        ("8点半到12点", "08:30-12:00"),
        ("12点30分-13点", "12:30-13:00"),
        ("0830-1730", "08:30-17:30"),
        ("20:00-次日8:00", "20:00-08:00"),
        ("0:00-24:00", "00:00-24:00"),
        ("20:00-0:00", "20:00-24:00"),
        ("8:00-8:00", "08:00-08:00"),
    ],
)
def test_hours_as_people_write_them(text: str, meant: str) -> None:
    assert str(Hours.parse(text)) == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "08:30",
        "08:30-17:30-18:00",
        "ab-cd",
        "25:00-26:00",
        "08:60-09:00",
        "24:00-08:00",
        "08:00-12:00,11:00-13:00",
        "22:00-06:00,05:00-07:00",  # the night runs into the morning
        "08:00-08:10",
        "08-09,10-11,12-13,14-15,16-17",
        "早上八点到下班",
    ],
)
def test_hours_that_are_none(text: str) -> None:
    with pytest.raises(ValueError, match="working hours"):
        Hours.parse(text)


@pytest.mark.parametrize("text", ["", "weekdays", "0", "8", "holidays", "1-5"])
def test_days_that_are_none(text: str) -> None:
    with pytest.raises(ValueError, match="working days"):
        Days.parse(text)


def test_days_as_written() -> None:
    assert Days.parse("working") == Days(Pattern.WORKING)
    assert Days.parse("1,2, 7") == Days(Pattern.WEEKDAYS, frozenset({0, 1, 6}))
    assert [str(Days.parse(text)) for text in ("working", "daily", "71")] == ["working", "daily", "17"]


@pytest.mark.parametrize(
    ("moment", "hours", "working"),
    [
        ("2026-11-02 08:29", "08:30-17:30", False),
        ("2026-11-02 08:30", "08:30-17:30", True),
        ("2026-11-02 17:29", "08:30-17:30", True),
        ("2026-11-02 17:30", "08:30-17:30", False),
        ("2026-11-01 12:00", "08:30-17:30", False),
        ("2026-10-10 12:00", "08:30-17:30", True),
        ("2026-11-02 13:00", "08:00-12:00,14:00-18:00", False),
        ("2026-11-07 07:59", "20:00-08:00", True),  # Friday's night
        ("2026-11-07 08:00", "20:00-08:00", False),
        ("2026-11-09 07:59", "20:00-08:00", False),  # Sunday had none
    ],
)
def test_when_people_are_at_work(moment: str, hours: str, working: bool) -> None:
    assert is_working_time(at(moment), Hours.parse(hours), SHANGHAI, is_working_day_in_china) is working


def test_an_organisation_that_never_works_is_an_error() -> None:
    with pytest.raises(ValueError, match="no working day"):
        add_working_time(at("2026-11-02 09:00"), 5, HOURS, SHANGHAI, lambda _: False)
    with pytest.raises(ValueError, match="no working day"):
        next_working_moment(at("2026-11-02 09:00"), HOURS, SHANGHAI, lambda _: False)


@st.composite
def any_hours(draw: st.DrawFn) -> Hours:
    """Up to three stretches, anywhere on the clock."""
    turn = draw(st.integers(0, DAY_MINUTES - 1))
    cuts = sorted(draw(st.sets(st.integers(0, DAY_MINUTES), min_size=2, max_size=6)))
    stretches = [
        Window((turn + start) % DAY_MINUTES, (turn + start) % DAY_MINUTES + end - start)
        for start, end in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    assume(sum(each.end - each.start for each in stretches) >= 30)
    return Hours(tuple(sorted(stretches)))


def on(week: set[int]) -> Callable[[date], bool]:
    return lambda day: day.weekday() in week


instants = st.integers(at("2025-01-01 00:00"), at("2028-12-31 00:00"))
minutes = st.integers(0, 5_000)
zones = st.sampled_from([SHANGHAI, BERLIN, ZoneInfo("America/New_York")])
hours = any_hours()
weeks = st.sets(st.integers(0, 6), min_size=1)


@given(hours)
def test_hours_survive_being_written_down(shift: Hours) -> None:
    assert Hours.parse(str(shift)) == shift
    assert Hours.parse(str(shift).replace(":", "")) == shift


@given(instants, minutes, hours, zones, weeks)
def test_the_end_is_inside_working_time_and_not_earlier(
    start: int, more: int, shift: Hours, zone: ZoneInfo, week: set[int]
) -> None:
    end = add_working_time(start, more, shift, zone, on(week))
    assert end - start >= more * MINUTE
    if more:
        assert is_working_time(end - 1, shift, zone, on(week))


@given(instants, minutes, minutes, hours, zones, weeks)
def test_it_is_additive(
    start: int, first: int, second: int, shift: Hours, zone: ZoneInfo, week: set[int]
) -> None:
    def later(instant: int, more: int) -> int:
        return add_working_time(instant, more, shift, zone, on(week))

    assert later(later(start, first), second) == later(start, first + second)


@given(instants, st.integers(0, 3 * DAY), minutes, st.integers(0, 500), hours, zones)
def test_it_is_monotone(start: int, wait: int, less: int, more: int, shift: Hours, zone: ZoneInfo) -> None:
    def later(instant: int, added: int) -> int:
        return add_working_time(instant, added, shift, zone, is_working_day_in_china)

    assert later(start, less) <= later(start + wait, less)
    assert later(start, less) <= later(start, less + more)


@settings(max_examples=50)
@given(st.integers(0, 3 * 365 * 1_440), st.integers(1, 1_500), hours, weeks)
def test_it_counts_as_one_would_with_a_finger(start: int, more: int, shift: Hours, week: set[int]) -> None:
    """Minute by minute, from the definition."""
    moment = at("2025-01-01 00:00") + start * MINUTE
    end = add_working_time(moment, more, shift, SHANGHAI, on(week))
    while more:
        local = to_local(moment, SHANGHAI)
        minute = local.hour * 60 + local.minute
        today, night = local.weekday() in week, (local.weekday() - 1) % 7 in week
        more -= any(
            (today and each.start <= minute < each.end)
            or (night and each.start <= minute + DAY_MINUTES < each.end)
            for each in shift.windows
        )
        moment += MINUTE
    assert end == moment


@given(instants, hours, zones, weeks, st.floats(0, 1))
def test_the_next_moment_of_work(
    start: int, shift: Hours, zone: ZoneInfo, week: set[int], between: float
) -> None:
    opening = next_working_moment(start, shift, zone, on(week))
    assert opening >= start
    assert is_working_time(opening, shift, zone, on(week))
    before = start + int((opening - start) * between)
    assert before == opening or not is_working_time(before, shift, zone, on(week))
