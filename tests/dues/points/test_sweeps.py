"""Whatever happens to the bot and its clock: who is due is reminded exactly once a point, and nobody else ever is."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dues import rules
from bot.dues.model import Candidate, Point, Round, State
from bot.dues.plans import Day, Plan
from bot.dues.rules import GRACE, Schedule, Step
from bot.kit.clock import DAY, HOUR, MINUTE, from_local
from bot.onboarding.quiet import QuietHours

SHANGHAI = ZoneInfo("Asia/Shanghai")
QUIET = QuietHours(time(21), time(8))
SCHEDULE = Schedule(SHANGHAI, (5, 20, -3), time(10), QUIET, fresh_days=7, snooze_days=3)
START = from_local(datetime(2026, 11, 1, tzinfo=SHANGHAI))
PEOPLE = 5


@dataclasses.dataclass(frozen=True, slots=True)
class Moved:
    """The clock stands there, later or earlier than it did."""

    to: int


@dataclasses.dataclass(frozen=True, slots=True)
class Swept:
    """The sweep runs; `killed_after` so many people were written to."""

    killed_after: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class Changed:
    """Something about one of the people changes."""

    person: int
    to: dict[str, object]


NEWS: Sequence[dict[str, object]] = (
    {"state": State.PAID},
    {"state": State.CLAIMED},
    {"state": State.EXEMPT},
    {"state": State.NOT_LIABLE},
    {"state": State.DUE},
    {"is_reachable": False},
    {"is_reachable": True},
    {"account_id": None},
    {"account_id": 1},
    {"is_being_decided": True},
    {"is_being_decided": False},
    {"pays_later": True},
    {"pays_later": False},
    {"snoozed_until": None},
    {"snoozed_until": START + 4 * DAY + 10 * HOUR},
    {"snoozed_until": START + 6 * DAY + 10 * HOUR},
    {"snoozed_until": START + 19 * DAY + 10 * HOUR},
)

plans = st.builds(
    Plan,
    st.lists(
        st.sampled_from([Day.parse(text) for text in ("5", "20", "-3", "1w1", "-1w5", "7")]), min_size=1
    ).map(lambda days: tuple(dict.fromkeys(days))),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.booleans(),
)
near_points = st.builds(
    lambda day, minutes: START + day * DAY + minutes * MINUTE,
    st.sampled_from([1, 4, 5, 6, 8, 19, 20, 26, 27, 29]),
    st.integers(0, 2 * 24 * 60),
)
events = st.lists(
    st.builds(Moved, near_points)
    | st.builds(Swept, st.none() | st.integers(0, PEOPLE))
    | st.builds(Changed, st.integers(0, PEOPLE - 1), st.sampled_from(NEWS)),
    max_size=40,
)


class World:
    """The rows, and the sweep over them as the jobs do it."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.now = START
        self.people = [
            Candidate(
                number + 1,
                number + 1,
                f"党员{number}",
                State.DUE,
                number + 1,
                None,
                is_reachable=True,
                snoozed_until=None,
                was_nudged=False,
                owed_before=False,
            )
            for number in range(PEOPLE)
        ]
        self.nudged: set[tuple[str, int]] = set()
        self.finished: dict[str, int] = {}

    def candidates(self, point: Point) -> list[Candidate]:
        return [
            dataclasses.replace(person, was_nudged=(point.key, person.member_id) in self.nudged)
            for person in self.people
        ]

    def sweep(self, killed_after: int | None) -> None:
        left = killed_after
        is_quiet = rules.is_quiet(self.now, SCHEDULE)
        for point in rules.points_near(self.now, self.plan, SHANGHAI):
            found = Round(1, point.key, point.period, finished_at=self.finished.get(point.key))
            if rules.next_step(point, found, self.now, is_quiet=is_quiet, is_held=False) is not Step.REMIND:
                continue
            for person in rules.choose(self.candidates(point), self.now):
                if left == 0:
                    return
                self.remind(point, person)
                left = None if left is None else left - 1
            self.finished[point.key] = self.now
            missing = rules.choose(self.candidates(point), self.now)
            assert not missing, "everybody who was due then has been reminded"

    def remind(self, point: Point, person: Candidate) -> None:
        assert (point.key, person.member_id) not in self.nudged, "never twice at one point"
        self.nudged.add((point.key, person.member_id))
        assert person.state is State.DUE
        assert person.account_id is not None
        assert person.is_reachable
        assert not person.is_being_decided
        assert not person.pays_later
        assert person.snoozed_until is None or person.snoozed_until <= self.now
        assert point.at <= self.now < point.at + GRACE
        assert not QUIET.contain(self.now, SHANGHAI)


@settings(max_examples=150)
@given(plans, events)
def test_whatever_happens(plan: Plan, happened: list[Moved | Swept | Changed]) -> None:
    world = World(plan)
    for event in happened:
        match event:
            case Moved(to):
                world.now = to
            case Changed(person, to):
                world.people[person] = dataclasses.replace(world.people[person], **to)  # type: ignore[arg-type]  # as in NEWS
            case Swept(killed_after):
                world.sweep(killed_after)


@given(plans, st.lists(near_points, max_size=25))
def test_a_point_is_either_served_or_said_to_be_missed(plan: Plan, wakes: list[int]) -> None:
    """For whoever comes after downtimes of any length, with one look every month at the least."""
    looks = sorted({*wakes, START + 45 * DAY + 12 * HOUR})
    served, said, since = set[str](), list[str](), START
    for now in looks:
        if rules.is_quiet(now, SCHEDULE):
            continue
        missed = rules.points_missed(since, now, plan, SCHEDULE)
        said += [point.key for point in missed if point.key not in served]
        since = now
        for point in rules.points_near(now, plan, SHANGHAI):
            if rules.next_step(point, None, now, is_quiet=False, is_held=False) is Step.REMIND:
                served.add(point.key)
    november = rules.period_at(START, SHANGHAI)
    points = plan.points(november, SHANGHAI)
    recent = [point for point in points if looks[-1] - point.at < (rules.MISSED_DAYS - 2) * DAY]
    assert len(said) == len(set(said)), "each is said once"
    assert served.isdisjoint(said)
    assert {point.key for point in recent} <= served | set(said)
