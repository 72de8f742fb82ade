"""The dues' decisions: when, who, and what next. Values in, values out; instants are UTC milliseconds."""

import dataclasses
import enum
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta, tzinfo

from bot.dues.model import Candidate, Delivery, Outcome, Period, Point, Reached, Round, State
from bot.kit import outbox
from bot.kit.clock import DAY, HOUR, SECOND, from_local, to_local
from bot.onboarding.quiet import QuietHours

GRACE = 12 * HOUR
"""A point missed by this much is skipped."""

AHEAD = DAY
"""How long before a point the secretary is told."""

SWEEP_SECONDS = 60
"""How often it is looked what is due."""

REPORT_WITHIN = HOUR
"""A round is reported at the latest so long after its last reminder was written, whatever still waits."""


@dataclasses.dataclass(frozen=True, slots=True)
class Schedule:
    """When reminders go out."""

    zone: tzinfo
    days: tuple[int, ...]
    """Of the month; 0 and below count from its last day (-3: three days before). A day the month does not have means
    its last one.
    """
    time: time
    quiet: QuietHours
    fresh_days: int
    """Payment data older than this holds a round."""
    snooze_days: int

    def __post_init__(self) -> None:
        if any(not -30 <= day <= 31 for day in self.days):
            raise ValueError("reminder days are 1 to 31, or 0 to -30 counted from the month's end")


def day_at(instant: int, zone: tzinfo) -> date:
    return to_local(instant, zone).date()


def period_at(instant: int, zone: tzinfo) -> Period:
    return Period.of(day_at(instant, zone))


def to_open(newest: Period | None, now: Period) -> Sequence[Period]:
    """The periods to be open by now: the current one, and those gone by unopened since the newest that is."""
    first = now if newest is None or newest >= now else newest.shifted(1)
    found = [first]
    while found[-1] < now:
        found.append(found[-1].shifted(1))
    return found


def points(period: Period, days: Iterable[int], at: time, zone: tzinfo) -> Sequence[Point]:
    """The points of a period, in order; two rules that meet on one day make one point."""
    chosen = sorted({_day(period, day) for day in days})
    return [Point(period, day, from_local(datetime.combine(day, at, zone))) for day in chosen]


def _day(period: Period, day: int) -> date:
    if day > 0:
        return period.first.replace(day=min(day, period.last.day))
    return max(period.first, period.last + timedelta(days=day))


def points_near(now: int, schedule: Schedule) -> Sequence[Point]:
    """The points to be announced or served now: from `AHEAD` before to `GRACE` after."""
    periods = sorted({period_at(moment, schedule.zone) for moment in (now - GRACE, now, now + AHEAD)})
    return [
        point
        for period in periods
        for point in points(period, schedule.days, schedule.time, schedule.zone)
        if point.at - AHEAD <= now < point.at + GRACE
    ]


def is_quiet(now: int, schedule: Schedule) -> bool:
    """Whether nobody is to be reminded now, nor queued for: the quiet hours have begun or will have before the next
    look.
    """
    moments = (now, now + SWEEP_SECONDS * SECOND)
    return any(schedule.quiet.contain(moment, schedule.zone) for moment in moments)


def is_over(point: str, now: int, schedule: Schedule) -> bool:
    """Whether the point of that key can no longer be served."""
    day = date.fromisoformat(point)
    return now >= from_local(datetime.combine(day, schedule.time, schedule.zone)) + GRACE


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


def next_step(point: Point, found: Round | None, now: int, *, is_quiet: bool, is_held: bool) -> Step:
    """`is_held`: the payment data is too old. A held round goes out after all if data comes within the grace."""
    current = found or Round(0, point.key, point.period)
    if is_quiet or current.cancelled_at is not None or current.finished_at is not None:
        return Step.NOTHING
    if point.at - AHEAD <= now < point.at:
        return Step.ANNOUNCE if current.announced_at is None else Step.NOTHING
    if not is_current(point, now):
        return Step.NOTHING
    if is_held:
        return Step.ASK_FOR_DATA if current.data_asked_at is None else Step.NOTHING
    return Step.REMIND


def is_to_be_nudged(candidate: Candidate, now: int) -> bool:
    """Whoever owes, can be written to, has not asked to be left alone for now, and was not reminded at this point."""
    return (
        candidate.state is State.DUE
        and candidate.account_id is not None
        and candidate.is_reachable
        and (candidate.snoozed_until is None or candidate.snoozed_until <= now)
        and not candidate.was_nudged
    )


def is_overdue(candidate: Candidate, now: int) -> bool:
    """Whether the end of a snooze was missed by more than the grace."""
    return candidate.snoozed_until is not None and now - candidate.snoozed_until >= GRACE


def choose(candidates: Iterable[Candidate], now: int) -> Sequence[Candidate]:
    return [candidate for candidate in candidates if is_to_be_nudged(candidate, now)]


def snooze_until(now: int, schedule: Schedule) -> int:
    """The reminder time so many days from today."""
    day = to_local(now, schedule.zone).date() + timedelta(days=schedule.snooze_days)
    return from_local(datetime.combine(day, schedule.time, schedule.zone))


MEMBER_MAY = {State.DUE: State.CLAIMED, State.CLAIMED: State.DUE}
"""Into which state members may put their own obligation, by the state it is in."""

STAFF_MAY = frozenset({State.PAID, State.EXEMPT, State.NOT_LIABLE, State.DUE})
"""Into which states the branch's secretaries may put an obligation."""


LATE_MONTHS = 3
"""Periods running unpaid of which the secretary is told in private. After six, the Party's constitution (章程第九条) treats
it as leaving.
"""


def months_running(unpaid: Collection[Period], period: Period) -> int:
    """How many periods in a row, up to and including this one, are unpaid."""
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
    if reached.state is not State.DUE:
        return None
    if not reached.has_account:
        return Outcome.NEVER_STARTED
    return None if reached.is_reachable else Outcome.BLOCKED


def summed_up(members: Iterable[Reached]) -> Delivery:
    fared = [(member, found) for member in members if (found := outcome(member)) is not None]
    return Delivery(
        dict(Counter(found for _, found in fared)),
        tuple(member.name for member, found in fared if found in _TO_BE_PHONED and member.state is State.DUE),
    )


def is_to_be_reported(found: Round, delivery: Delivery, now: int, *, is_quiet: bool) -> bool:
    """Once nothing waits any more, or has waited too long."""
    if found.finished_at is None or found.reported_at is not None or is_quiet:
        return False
    return not delivery.counts.get(Outcome.WAITING) or now - found.finished_at >= REPORT_WITHIN
