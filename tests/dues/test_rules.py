"""When reminders go out, to whom, and what a round needs next."""

import dataclasses
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dues import rules
from bot.dues.model import Candidate, Outcome, Period, Point, Reached, Round, State
from bot.dues.rules import AHEAD, GRACE, Schedule, Spared, Step
from bot.kit.clock import DAY, HOUR, MINUTE, from_local, to_local
from bot.onboarding.quiet import QuietHours

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")  # changes its clocks, at 02:00 and 03:00
QUIET = QuietHours(time(21), time(8))
NOVEMBER = Period(2026, 11)
SCHEDULE = Schedule(SHANGHAI, (5, 20, -3), time(10), QUIET, fresh_days=7, snooze_days=3)

times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
periods = st.builds(Period, st.integers(2024, 2032), st.integers(1, 12))
zones = st.sampled_from([SHANGHAI, BERLIN])


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> int:
    return from_local(datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI))


def test_impossible_days_are_refused() -> None:
    with pytest.raises(ValueError, match="1 to 31"):
        dataclasses.replace(SCHEDULE, days=(32,))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(4, 9, 59), []),
        (at(4, 10), ["2026-11-05"]),
        (at(5, 10), ["2026-11-05"]),
        (at(5, 21, 59), ["2026-11-05"]),
        (at(5, 22), []),
        (at(12, 12), []),
    ],
)
def test_the_points_near(now: int, expected: list[str]) -> None:
    assert [point.key for point in rules.points_near(now, SCHEDULE.plan, SHANGHAI)] == expected


def test_the_points_near_the_end_of_a_month_belong_to_both() -> None:
    schedule = dataclasses.replace(SCHEDULE, days=(1, 0), time=time(20))
    near = rules.points_near(at(1, 7, month=12), schedule.plan, SHANGHAI)
    assert [(point.key, point.period) for point in near] == [
        ("2026-11-30", NOVEMBER),
        ("2026-12-01", Period(2026, 12)),
    ]


@given(times, st.integers(0, 59 * 24 * 60), zones)
def test_nobody_is_reminded_in_quiet_hours(when: time, minutes: int, zone: ZoneInfo) -> None:
    schedule = dataclasses.replace(SCHEDULE, zone=zone, time=when)
    now = at(1, 0) + minutes * MINUTE
    is_quiet = QUIET.contain(now, zone)
    steps = [
        rules.next_step(point, None, now, is_quiet=is_quiet, is_held=False)
        for point in rules.points_near(now, schedule.plan, zone)
    ]
    local = to_local(now, zone).time()
    if local >= time(21) or local < time(8):
        assert set(steps) <= {Step.NOTHING}


POINT = Point(NOVEMBER, date(2026, 11, 5), at(5, 10))
FRESH = Round(1, POINT.key, NOVEMBER)


@pytest.mark.parametrize(
    ("found", "now", "is_quiet", "is_held", "expected"),
    [
        (None, POINT.at - AHEAD - 1, False, False, Step.NOTHING),
        (None, POINT.at - AHEAD, False, False, Step.ANNOUNCE),
        (None, POINT.at - 1, False, True, Step.ANNOUNCE),
        (dataclasses.replace(FRESH, announced_at=1), POINT.at - 1, False, False, Step.NOTHING),
        (None, POINT.at - AHEAD, True, False, Step.NOTHING),
        (None, POINT.at, False, False, Step.REMIND),
        (FRESH, POINT.at + GRACE - 1, False, False, Step.REMIND),
        (FRESH, POINT.at + GRACE, False, False, Step.NOTHING),
        (FRESH, POINT.at, True, False, Step.NOTHING),
        (FRESH, POINT.at, False, True, Step.ASK_FOR_DATA),
        (dataclasses.replace(FRESH, data_asked_at=1), POINT.at, False, True, Step.NOTHING),
        (dataclasses.replace(FRESH, data_asked_at=1), POINT.at + HOUR, False, False, Step.REMIND),
        (dataclasses.replace(FRESH, cancelled_at=1), POINT.at, False, False, Step.NOTHING),
        (dataclasses.replace(FRESH, cancelled_at=1), POINT.at, False, True, Step.NOTHING),
        (dataclasses.replace(FRESH, finished_at=1), POINT.at, False, False, Step.NOTHING),
    ],
)
def test_what_a_round_needs_next(
    found: Round | None, now: int, is_quiet: bool, is_held: bool, expected: Step
) -> None:
    assert rules.next_step(POINT, found, now, is_quiet=is_quiet, is_held=is_held) is expected


@pytest.mark.parametrize(
    ("age", "expected"), [(None, False), (0, False), (7 * DAY, False), (7 * DAY + 1, True), (30 * DAY, True)]
)
def test_old_data(age: int | None, expected: bool) -> None:
    now = at(20, 10)
    assert rules.is_stale(None if age is None else now - age, now, 7) is expected


DUE = Candidate(
    obligation_id=1,
    member_id=1,
    name="李建国",
    state=State.DUE,
    account_id=10,
    language=None,
    is_reachable=True,
    snoozed_until=None,
    was_nudged=False,
    owed_before=False,
)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({}, None),
        ({"owed_before": True}, None),
        ({"state": State.PAID}, Spared.SETTLED),
        ({"state": State.CLAIMED}, Spared.SETTLED),
        ({"state": State.EXEMPT}, Spared.SETTLED),
        ({"state": State.NOT_LIABLE}, Spared.SETTLED),
        ({"account_id": None}, Spared.NO_ACCOUNT),
        ({"is_reachable": False}, Spared.UNREACHABLE),
        ({"was_nudged": True}, Spared.SERVED),
        ({"is_being_decided": True}, Spared.BEING_DECIDED),
        ({"pays_later": True}, Spared.PAYS_LATER),
        ({"snoozed_until": 101}, Spared.SNOOZED),
        ({"snoozed_until": 100}, None),
    ],
)
def test_why_somebody_is_spared(changed: dict[str, Any], why: Spared | None) -> None:
    assert rules.spared(dataclasses.replace(DUE, **changed), 100) is why


candidates = st.builds(
    Candidate,
    obligation_id=st.integers(1, 10**6),
    member_id=st.integers(1, 10**6),
    name=st.just("李建国"),
    state=st.sampled_from(State),
    account_id=st.none() | st.integers(1, 10**6),
    language=st.none(),
    is_reachable=st.booleans(),
    snoozed_until=st.none() | st.integers(0, 2_000),
    was_nudged=st.booleans(),
    owed_before=st.booleans(),
    is_being_decided=st.booleans(),
    pays_later=st.booleans(),
)


@given(st.lists(candidates, max_size=30), st.integers(0, 2_000))
def test_only_those_who_owe_and_want_to_hear_are_chosen(people: list[Candidate], now: int) -> None:
    chosen = rules.choose(people, now)
    wanted = [
        person
        for person in people
        if person.state is State.DUE
        and person.account_id is not None
        and person.is_reachable
        and not (person.was_nudged or person.is_being_decided or person.pays_later)
        and (person.snoozed_until or 0) <= now
    ]
    assert chosen == wanted


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(5, 10), at(5, 21)),
        (at(5, 21), at(6, 21)),
        (at(6, 3), at(6, 21)),
        (at(30, 22), at(1, 21, month=12)),
    ],
)
def test_when_the_next_quiet_hours_begin(now: int, expected: int) -> None:
    assert rules.quiet_from(now, SCHEDULE) == expected


def test_no_quiet_hours_begin_where_there_are_none() -> None:
    assert (
        rules.quiet_from(at(5, 10), dataclasses.replace(SCHEDULE, quiet=QuietHours(time(0), time(0)))) is None
    )


def test_snoozing_ends_at_the_reminder_time() -> None:
    assert rules.snooze_until(at(5, 15, 30), SCHEDULE, time(10)) == at(8, 10)
    assert rules.snooze_until(at(29, 9), SCHEDULE, time(10)) == at(2, 10, month=12)


@pytest.mark.parametrize(
    ("unpaid", "expected"), [((), 0), ((11,), 1), ((9, 10, 11), 3), ((9, 11), 1), ((9, 10), 0)]
)
def test_months_running(unpaid: tuple[int, ...], expected: int) -> None:
    assert rules.months_running({Period(2026, month) for month in unpaid}, NOVEMBER) == expected


@pytest.mark.parametrize(
    ("newest", "expected"),
    [
        (None, ["2026-11"]),
        (Period(2026, 11), ["2026-11"]),
        (Period(2026, 10), ["2026-11"]),
        (Period(2026, 8), ["2026-09", "2026-10", "2026-11"]),
        (Period(2026, 12), ["2026-11"]),
    ],
)
def test_months_gone_by_are_opened_too(newest: Period | None, expected: list[str]) -> None:
    assert [str(period) for period in rules.to_open(newest, NOVEMBER)] == expected


def reached(
    name: str, sent: str | None, state: State = State.DUE, *, account: bool = True, reachable: bool = True
) -> Reached:
    return Reached(0, name, state, has_account=account, is_reachable=reachable, sent=sent)


def test_a_round_summed_up() -> None:
    delivery = rules.summed_up(
        [
            reached("甲", "sent"),
            reached("乙", "sent", State.PAID),
            reached("丙", "blocked", reachable=False),
            reached("丁", "failed"),
            reached("戊", "unknown"),
            reached("己", None, account=False),
            reached("庚", None, reachable=False),
            reached("辛", None, State.PAID, account=False),
            reached("壬", None),  # asked to be left alone
            reached("癸", "failed", State.PAID),
            dataclasses.replace(reached("子", None, account=False), is_paused=True),
        ]
    )
    assert delivery.counts == {
        Outcome.DELIVERED: 2,
        Outcome.BLOCKED: 2,
        Outcome.FAILED: 2,
        Outcome.UNKNOWN: 1,
        Outcome.NEVER_STARTED: 1,
    }
    assert [(each.name, each.outcome) for each in delivery.to_phone] == [
        ("丙", Outcome.BLOCKED),
        ("丁", Outcome.FAILED),
        ("己", Outcome.NEVER_STARTED),
        ("庚", Outcome.BLOCKED),
    ]


def test_a_round_is_reported_once_nothing_waits() -> None:
    finished = dataclasses.replace(FRESH, finished_at=at(5, 10))
    waiting = rules.summed_up([reached("甲", "waiting")])
    arrived = rules.summed_up([reached("甲", "sent")])
    assert rules.is_to_be_reported(finished, arrived, at(5, 10, 1), is_quiet=False)
    assert not rules.is_to_be_reported(finished, waiting, at(5, 10, 59), is_quiet=False)
    assert rules.is_to_be_reported(finished, waiting, at(5, 11), is_quiet=False)
    assert not rules.is_to_be_reported(finished, arrived, at(5, 23), is_quiet=True)
    assert not rules.is_to_be_reported(FRESH, arrived, at(5, 11), is_quiet=False)
    reported = dataclasses.replace(finished, reported_at=at(5, 11))
    assert not rules.is_to_be_reported(reported, arrived, at(5, 12), is_quiet=False)


@given(periods, st.integers(-40, 40))
def test_periods_shift_there_and_back(period: Period, months: int) -> None:
    shifted = period.shifted(months)
    assert shifted.shifted(-months) == period
    assert Period.parse(str(period)) == period
    assert (shifted > period) == (months > 0)
