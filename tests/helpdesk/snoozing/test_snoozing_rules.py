"""Until when a ticket may be put aside."""

from datetime import datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.helpdesk.calendar import Hours
from bot.helpdesk.rules import Schedule
from bot.helpdesk.snoozing import rules
from bot.helpdesk.snoozing.rules import LONGEST, Unfit
from bot.kit.clock import DAY, from_local, to_local
from tests.conftest import ZONE

OFFICE = Schedule(Hours.parse("08:30-17:30"), ZONE, 240)
CREW = Schedule(Hours.parse("20:00-08:00"), ZONE, 240)

instants = st.integers(
    from_local(datetime(2026, 1, 1, tzinfo=ZONE)), from_local(datetime(2026, 12, 1, tzinfo=ZONE))
)


def at(text: str) -> int:
    return from_local(datetime.fromisoformat(text).replace(tzinfo=ZONE))


def said(instant: int) -> str:
    return f"{to_local(instant, ZONE):%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("now", "offered"),
    [
        ("2026-11-02 09:00", ["11-02 10:00", "11-02 14:00", "11-03 08:30", "11-09 08:30"]),
        ("2026-11-02 13:30", ["11-02 14:00", "11-02 14:30", "11-03 08:30", "11-09 08:30"]),
        ("2026-11-02 17:10", ["11-03 08:30", "11-09 08:30"]),
        ("2026-11-06 09:00", ["11-06 10:00", "11-06 14:00", "11-09 08:30"]),
        ("2026-11-07 10:00", ["11-09 08:30"]),
    ],
)
def test_what_is_offered(now: str, offered: list[str]) -> None:
    assert [said(each) for each in rules.offered(at(now), OFFICE)] == offered


@given(now=instants, schedule=st.sampled_from([OFFICE, CREW]))
def test_what_is_offered_lies_ahead_at_work_and_in_order(now: int, schedule: Schedule) -> None:
    offered = rules.offered(now, schedule)
    assert offered
    assert list(offered) == sorted(set(offered))
    assert all(each > now and schedule.at_work(each) for each in offered)
    assert all(rules.check(each, now) == each for each in offered)


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("11-5", "2026-11-05 08:30"),
        ("11月5日", "2026-11-05 08:30"),
        ("周六", "2026-11-09 08:30"),
        ("明天 15:00", "2026-11-03 15:00"),
        ("下周三下午2点", "2026-11-11 14:00"),
        ("16:00", "2026-11-02 16:00"),
        ("8:00", "2026-11-03 08:00"),
    ],
)
def test_what_is_typed(typed: str, moment: str) -> None:
    assert rules.typed(typed, at("2026-11-02 09:00"), OFFICE) == at(moment)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("等会儿", Unfit.UNREADABLE),
        ("", Unfit.UNREADABLE),
        ("今天", Unfit.PAST),
        ("今天 8:45", Unfit.PAST),
        ("2026-10-30", Unfit.PAST),
        ("2027-1-2", Unfit.TOO_FAR),
        ("11-1", Unfit.TOO_FAR),
    ],
)
def test_what_is_no_time(typed: str, why: Unfit) -> None:
    assert rules.typed(typed, at("2026-11-02 09:00"), OFFICE) is why


@given(now=instants, ahead=st.integers(-400, 400), schedule=st.sampled_from([OFFICE, CREW]))
def test_a_typed_day_is_kept_within_bounds(now: int, ahead: int, schedule: Schedule) -> None:
    day = to_local(now + ahead * DAY, ZONE)
    assume(2025 <= day.year <= 2027)
    moment = rules.typed(f"{day:%Y-%m-%d}", now, schedule)
    if isinstance(moment, int):
        assert 0 < moment - now <= LONGEST
        assert to_local(moment, ZONE).date() >= day.date()
    else:
        assert (moment is Unfit.PAST) is (ahead <= 0)
