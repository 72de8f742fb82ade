"""The dues' decisions: when, who, and what next. Values in, values out; instants are UTC milliseconds."""

import dataclasses
import enum
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta, tzinfo

from bot.dues.model import Candidate, Delivery, Outcome, Period, Point, Reached, Round, State, Unreached
from bot.dues.plans import Day, Plan
from bot.kit import outbox
from bot.kit.clock import DAY, HOUR, SECOND, from_local, to_local
from bot.onboarding.quiet import QuietHours

GRACE = 12 * HOUR
"""A point missed by this much is skipped."""

AHEAD = DAY
"""How long before a point the secretary is told."""

SWEEP_SECONDS = 60
"""How often it is looked what is due."""

MISSED_DAYS = 35
"""A point missed longer ago than this is not spoken of any more: its month has gone by."""

REPORT_WITHIN = HOUR
"""A round is reported at the latest so long after its last reminder was written, whatever still waits."""


@dataclasses.dataclass(frozen=True, slots=True)
class Schedule:
    """When reminders go out."""

    zone: tzinfo
    days: tuple[int, ...]
    """Of the month, for units that set none; 0 and below count from its last day (-3: three days before). A day the
    month does not have means its last one.
    """
    time: time
    quiet: QuietHours
    fresh_days: int
    """Payment data older than this holds a round."""
    snooze_days: int
    working_days: bool = False
    """Whether a day off gives way to a working day, for units that do not say."""

    def __post_init__(self) -> None:
        if not self.days or not all(-30 <= day <= 31 for day in self.days):
            raise ValueError("reminder days are 1 to 31, or 0 to -30 counted from the month's end")

    @property
    def plan(self) -> Plan:
        """For units that set nothing, nor any above them."""
        return Plan(tuple(Day.of(day) for day in self.days), self.time, self.working_days)


def day_at(instant: int, zone: tzinfo) -> date:
    return to_local(instant, zone).date()


def period_at(instant: int, zone: tzinfo) -> Period:
    return Period.of(day_at(instant, zone))


def end_of(period: Period, zone: tzinfo) -> int:
    """The moment from which the period is over."""
    return from_local(datetime.combine(period.shifted(1).first, time(), zone))


def to_open(newest: Period | None, now: Period) -> Sequence[Period]:
    """The periods to be open by now: the current one, and those gone by unopened since the newest that is."""
    first = now if newest is None or newest >= now else newest.shifted(1)
    found = [first]
    while found[-1] < now:
        found.append(found[-1].shifted(1))
    return found


def points_near(now: int, plan: Plan, zone: tzinfo) -> Sequence[Point]:
    """The points to be announced or served now: from `AHEAD` before to `GRACE` after."""
    periods = sorted({period_at(moment, zone) for moment in (now - GRACE, now, now + AHEAD)})
    return [
        point
        for period in periods
        for point in plan.points(period, zone)
        if point.at - AHEAD <= now < point.at + GRACE
    ]


def points_missed(since: int, now: int, plan: Plan, schedule: Schedule) -> Sequence[Point]:
    """The points whose `morning_after` has come since then, latest included; whether they were served, their rounds
    tell. None from before the plan was set.
    """
    earliest = max(since, plan.set_at, now - MISSED_DAYS * DAY)
    period, last = period_at(earliest - 2 * DAY, schedule.zone), period_at(now, schedule.zone)
    found: list[Point] = []
    while period <= last:
        found += [
            point
            for point in plan.points(period, schedule.zone)
            if earliest < morning_after(point, schedule) <= now and point.at > plan.set_at
        ]
        period = period.shifted(1)
    return found


def morning_after(point: Point, schedule: Schedule) -> int:
    """When it is said that a point was missed: once it can no longer be served, when the next quiet hours are over."""
    next_day = datetime.combine(point.day + timedelta(days=1), schedule.quiet.end, schedule.zone)
    return max(point.at + GRACE, from_local(next_day))


def is_quiet(now: int, schedule: Schedule) -> bool:
    """Whether nobody is to be reminded now, nor queued for: the quiet hours have begun or will have before the next
    look.
    """
    moments = (now, now + SWEEP_SECONDS * SECOND)
    return any(schedule.quiet.contain(moment, schedule.zone) for moment in moments)


def quiet_from(now: int, schedule: Schedule) -> int | None:
    """When the next quiet hours begin: what has not left by then stays here. None where there are none at all."""
    quiet = schedule.quiet
    if quiet.start == quiet.end:
        return None
    today = day_at(now, schedule.zone)
    starts = (datetime.combine(today + timedelta(days=days), quiet.start, schedule.zone) for days in (0, 1))
    return next(start for start in map(from_local, starts) if start > now)


def is_over(point: Point, now: int) -> bool:
    """Whether the point can no longer be served."""
    return now >= point.at + GRACE


def nudge_key(period: Period, point: str, member_id: int | None = None) -> str:
    """The key of a member's reminder, or what the keys of a point's reminders begin with. No key begins with another."""
    return f"nudge:{period}:{point}:" + ("" if member_id is None else f"{member_id}:")


def is_current(point: Point, now: int) -> bool:
    """Whether the point's reminders may go out now."""
    return point.at <= now < point.at + GRACE


def is_stale(as_of: int | None, now: int, fresh_days: int) -> bool:
    """Whether payment data of that date is too old to remind by. Without any, claims are all there is."""
    return as_of is not None and now - as_of > fresh_days * DAY


class Step(enum.Enum):
    """What a round needs next."""

    NOTHING = enum.auto()
    ANNOUNCE = enum.auto()
    ASK_FOR_DATA = enum.auto()
    REMIND = enum.auto()


def next_step(
    point: Point, found: Round | None, now: int, *, is_quiet: bool, is_held: bool, set_at: int = 0
) -> Step:
    """`is_held`: the payment data is too old. A held round goes out after all if data comes within the grace. A point
    that was past already when the unit's plan was set (`set_at`) is none, unless it was announced before.
    """
    current = found or Round(0, point.key, point.period)
    if is_quiet or current.cancelled_at is not None or current.finished_at is not None:
        return Step.NOTHING
    if point.at - AHEAD <= now < point.at:
        return Step.ANNOUNCE if current.announced_at is None else Step.NOTHING
    if not is_current(point, now) or (point.at <= set_at and current.announced_at is None):
        return Step.NOTHING
    if is_held:
        return Step.ASK_FOR_DATA if current.data_asked_at is None else Step.NOTHING
    return Step.REMIND


class Spared(enum.Enum):
    """Why somebody is not reminded."""

    SETTLED = enum.auto()
    """Paid, said to be, let off, or nothing to pay."""
    NO_ACCOUNT = enum.auto()
    UNREACHABLE = enum.auto()
    SNOOZED = enum.auto()
    SERVED = enum.auto()
    """At this point already."""
    BEING_DECIDED = enum.auto()
    """Has asked to be let off; nobody has decided yet."""
    PAYS_LATER = enum.auto()
    """By the quarter, and this is not its last month."""


def spared(candidate: Candidate, now: int) -> Spared | None:
    """Why somebody is not reminded now; None for whoever is."""
    if candidate.state is not State.DUE:
        return Spared.SETTLED
    if candidate.account_id is None:
        return Spared.NO_ACCOUNT
    if not candidate.is_reachable:
        return Spared.UNREACHABLE
    if candidate.was_nudged:
        return Spared.SERVED
    if candidate.is_being_decided:
        return Spared.BEING_DECIDED
    if candidate.pays_later:
        return Spared.PAYS_LATER
    if candidate.snoozed_until is not None and candidate.snoozed_until > now:
        return Spared.SNOOZED
    return None


def is_to_be_nudged(candidate: Candidate, now: int) -> bool:
    """Whoever owes, can be written to, has not asked to be left alone for now, and was not reminded at this point."""
    return spared(candidate, now) is None


def is_overdue(candidate: Candidate, now: int) -> bool:
    """Whether the end of a snooze was missed by more than the grace."""
    return candidate.snoozed_until is not None and now - candidate.snoozed_until >= GRACE


def choose(candidates: Iterable[Candidate], now: int) -> Sequence[Candidate]:
    return [candidate for candidate in candidates if is_to_be_nudged(candidate, now)]


def snooze_until(now: int, schedule: Schedule, at: time) -> int:
    """That time of day, so many days from today."""
    day = to_local(now, schedule.zone).date() + timedelta(days=schedule.snooze_days)
    return from_local(datetime.combine(day, at, schedule.zone))


WORDS_LENGTH = 200
"""Characters that a branch may put above the reminders of a round: they still fit a phone together with the facts."""


def tidied(words: str | None) -> str:
    """Words as somebody wrote them, without what is around them and without empty lines."""
    lines = (line.strip() for line in (words or "").splitlines())
    return "\n".join(line for line in lines if line)


MEMBER_MAY = {State.DUE: State.CLAIMED, State.CLAIMED: State.DUE}
"""Into which state members may put their own obligation, by the state it is in."""

STAFF_MAY = frozenset({State.PAID, State.NOT_LIABLE, State.DUE})
"""Into which states the branch's secretaries may put an obligation by themselves: to let somebody off, the level above has
to approve it (`dues.waiving`).
"""


LATE_MONTHS = 3
"""Periods running unpaid of which the secretary is told in private. After six, the Party's constitution (章程第九条) treats
it as leaving.
"""


def last_quarter(period: Period) -> Period:
    """The last month of the latest quarter that is over when this month is."""
    return period.shifted(-(period.month % 3))


def months_running(unpaid: Collection[Period], period: Period) -> int:
    """How many periods in a row, up to and including this one, are unpaid. For who pays by the quarter, `period` is the
    last month of a quarter that is over: what can still be paid in time is no arrears.
    """
    months = 0
    while period.shifted(-months) in unpaid:
        months += 1
    return months


_OUTCOMES = {
    outbox.State.WAITING: Outcome.WAITING,
    outbox.State.SENDING: Outcome.WAITING,
    outbox.State.SENT: Outcome.DELIVERED,
    outbox.State.BLOCKED: Outcome.BLOCKED,
    outbox.State.UNKNOWN: Outcome.UNKNOWN,
    outbox.State.CANCELLED: Outcome.NOT_SENT,
}
_TO_BE_PHONED = (Outcome.FAILED, Outcome.BLOCKED, Outcome.NEVER_STARTED)


def outcome(reached: Reached) -> Outcome | None:
    """How a member fared; None for those whom the round did not concern."""
    if reached.sent is not None:
        return _OUTCOMES.get(outbox.State(reached.sent), Outcome.FAILED)
    if reached.state is not State.DUE or reached.is_paused:
        return None
    if not reached.has_account:
        return Outcome.NEVER_STARTED
    return None if reached.is_reachable else Outcome.BLOCKED


def summed_up(members: Iterable[Reached]) -> Delivery:
    fared = [(member, found) for member in members if (found := outcome(member)) is not None]
    return Delivery(
        dict(Counter(found for _, found in fared)),
        tuple(
            Unreached(member.member_id, member.name, found, member.phoned_at)
            for member, found in fared
            if found in _TO_BE_PHONED and member.state is State.DUE
        ),
    )


def is_to_be_reported(found: Round, delivery: Delivery, now: int, *, is_quiet: bool) -> bool:
    """Once nothing waits any more, or has waited too long."""
    if found.finished_at is None or found.reported_at is not None or is_quiet:
        return False
    return not delivery.counts.get(Outcome.WAITING) or now - found.finished_at >= REPORT_WITHIN
