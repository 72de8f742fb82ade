"""On which days a unit reminds."""

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dues.model import Period
from bot.dues.plans import Day, OwnPlan, Plan, Setting, Sort, Term, inherited, source_of
from bot.helpdesk.calendar import is_working_day_in_china
from bot.kit.clock import to_local

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")  # changes its clocks, at 02:00 and 03:00
NOVEMBER = Period(2026, 11)  # the 1st is a Sunday, the 30th a Monday
USUAL = Plan((Day.of(5), Day.of(20), Day.of(-3)), time(10))

periods = st.builds(Period, st.integers(2024, 2032), st.integers(1, 12))
numbered = st.builds(Day.of, st.integers(-30, 31))
by_weekday = st.builds(Day, st.just(Sort.WEEKDAY), st.sampled_from([-1, 1, 2, 3, 4]), st.integers(0, 6))
days = st.lists(numbered | by_weekday, min_size=1, max_size=5).map(tuple)
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))


def plan(*written: str, working_days: bool = False) -> Plan:
    return Plan(tuple(Day.parse(each) for each in written), time(10), working_days)


@pytest.mark.parametrize(
    ("period", "written", "expected"),
    [
        (NOVEMBER, ("5", "20", "-3"), [5, 20, 27]),
        (Period(2026, 12), ("5", "20", "-3"), [5, 20, 28]),
        (Period(2026, 2), ("5", "20", "-3"), [5, 20, 25]),
        (Period(2028, 2), ("-3", "0"), [26, 29]),  # a leap year
        (NOVEMBER, ("31", "0"), [30]),  # the same day by two rules
        (Period(2026, 2), ("30", "31", "28"), [28]),
        (NOVEMBER, ("-30", "1"), [1]),
        (NOVEMBER, ("1w1", "-1w5"), [2, 27]),  # the first Monday, the last Friday
        (NOVEMBER, ("1w7", "4w7", "-1w7"), [1, 22, 29]),
        (NOVEMBER, ("-1w1",), [30]),
        (Period(2026, 2), ("4w6", "-1w6"), [28]),
    ],
)
def test_the_days_of_a_month(period: Period, written: tuple[str, ...], expected: list[int]) -> None:
    found = plan(*written).points(period, SHANGHAI)
    assert [point.day.day for point in found] == expected
    assert [to_local(point.at, SHANGHAI).hour for point in found] == [10] * len(expected)


@pytest.mark.parametrize(
    ("period", "written", "expected"),
    [
        (Period(2026, 10), "1", "2026-10-08"),  # National Day's week
        (Period(2026, 2), "16", "2026-02-24"),  # Spring Festival
        (Period(2026, 2), "14", "2026-02-14"),  # a Saturday that is worked in another day's place
        (NOVEMBER, "7", "2026-11-09"),  # a Saturday
        (NOVEMBER, "-1", "2026-11-30"),  # the Sunday before the last day
        (Period(2026, 5), "0", "2026-05-29"),  # a Sunday; none comes after it that month
        (Period(2027, 5), "1", "2027-05-03"),  # not announced yet: the fixed days off, then the weekend
    ],
)
def test_days_off_give_way(period: Period, written: str, expected: str) -> None:
    (moved,) = plan(written, working_days=True).points(period, SHANGHAI)
    assert moved.key == expected
    (as_is,) = plan(written).points(period, SHANGHAI)
    assert (as_is.key != expected) or is_working_day_in_china(as_is.day)


@given(periods, days, times, st.sampled_from([SHANGHAI, BERLIN]), st.booleans())
def test_every_rule_makes_one_point_within_its_month(
    period: Period, given_days: tuple[Day, ...], at: time, zone: ZoneInfo, moves: bool
) -> None:
    found = Plan(given_days, at, moves).points(period, zone)
    assert 1 <= len(found) <= len(given_days)
    assert len({point.key for point in found}) == len(found)
    assert [point.at for point in found] == sorted({point.at for point in found})
    assert all(Period.of(point.day) == period for point in found)
    if moves:
        assert all(is_working_day_in_china(point.day) for point in found)


@pytest.mark.parametrize(
    ("day", "expected"),
    # Clocks go forward on 29 March 2026 (02:30 does not exist) and back on 25 October (02:30 comes twice).
    [(date(2026, 3, 29), "2026-03-29T03:30"), (date(2026, 10, 25), "2026-10-25T02:30")],
)
def test_a_day_on_which_the_clocks_change_has_one_point(day: date, expected: str) -> None:
    (point,) = Plan((Day.of(day.day),), time(2, 30)).points(Period.of(day), BERLIN)
    assert to_local(point.at, BERLIN).strftime("%Y-%m-%dT%H:%M") == expected


@given(numbered | by_weekday)
def test_a_day_is_read_as_it_was_written(day: Day) -> None:
    assert Day.parse(str(day)) == day
    assert len(str(day)) <= 4


@pytest.mark.parametrize("text", ["", "32", "-31", "5w1", "1w8", "0w1", "-2w3", "x", "1w", "5,6", "١"])
def test_what_names_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="day of every month"):
        Day.parse(text)


def test_what_a_unit_does_not_set_comes_from_above() -> None:
    branch = Setting(OwnPlan(at=time(15)), set_at=7)
    general = Setting()
    committee = Setting(OwnPlan(days=(Day.of(10),), working_days=True), set_at=9)
    found = inherited([branch, general, committee], USUAL)
    assert found == Plan((Day.of(10),), time(15), working_days=True, set_at=9)
    assert inherited([general], USUAL) == USUAL
    owns = [branch.own, general.own, committee.own]
    assert [source_of(term, owns) for term in (Term.AT, Term.DAYS)] == [0, 2]
    assert source_of(Term.DAYS, owns[:2]) is None
