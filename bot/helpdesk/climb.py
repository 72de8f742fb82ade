"""The ladder's decisions: who is asked, who is asked next, when. Values in, values out."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from bot.helpdesk.model import Holder, Holding, Rung, Why
from bot.helpdesk.rules import Schedule, Timing, grace, timing

_ORDER = (Rung.SECRETARY, Rung.DEPUTY, Rung.HELPER, Rung.SIBLING, Rung.GENERAL)
_ORDER_FOR_A_SECRETARY = (Rung.GENERAL, Rung.SECRETARY, Rung.SIBLING, Rung.DEPUTY, Rung.HELPER)
"""The level above helps the secretary; their own deputies learn from them, not the other way round."""

_BY_THE_LADDER = frozenset({Why.ASKED, Why.LADDER, Why.UNFIT, Why.MOVED})
"""Steps of the ladder. What people pass to one another leaves it standing where it was."""

Asked: TypeAlias = Mapping[Rung, Sequence[Holder]]
"""Those who can be asked now, rung by rung in the order of asking; on a rung, those with the fewest waiting tickets
first.
"""


def asked(
    available: Iterable[Holder], loads: Mapping[int, int], requester_id: int, *, is_secretary: bool
) -> Asked:
    """`loads`: how many waiting tickets each of them has. Nobody is asked their own question; the one of a secretary
    (`is_secretary`) goes to the level above first.
    """
    holders = [holder for holder in available if holder.member_id != requester_id]
    order = _ORDER_FOR_A_SECRETARY if is_secretary else _ORDER
    return {
        rung: sorted(
            (holder for holder in holders if holder.rung is rung),
            key=lambda holder: loads.get(holder.member_id, 0),
        )
        for rung in order
    }


def first(asked: Asked) -> Holder | None:
    """Who gets a new ticket; None when nobody can. A branch without anybody turns to the level above at once; to other
    branches only if nobody is there either.
    """
    order = (*(rung for rung in asked if rung is not Rung.SIBLING), Rung.SIBLING)
    return next((holder for rung in order for holder in asked[rung]), None)


def course(held: Iterable[Holding], since: int) -> Sequence[Holding]:
    """What belongs to the climb that began at `since`, of all who have had the ticket: from whoever had it then."""
    return [each for each in held if each.since >= since or each.until is None or each.until > since]


def heir(asked: Asked, course: Sequence[Holding]) -> Holder | None:
    """Who takes over a ticket that its owner has left unanswered; None when everybody was asked.

    One person a rung, upwards; a climb that began higher up goes on to the rungs below it; at last to the others of the
    level above. Nobody twice.
    """
    tried = {each.member_id for each in course}
    climbed = [
        each for number, each in enumerate(course) if number == 0 or each.why in _BY_THE_LADDER
    ]  # the first had it when the climb began, however it came to them
    visited = {each.rung for each in climbed}
    order = list(asked)
    above = max((order.index(rung) for rung in visited if rung is not None), default=-1) + 1
    for rung in (*order[above:], *order[:above]):
        if rung in visited:
            continue
        for holder in asked[rung]:
            if holder.member_id not in tried:
                return holder
    return next((holder for holder in asked[Rung.GENERAL] if holder.member_id not in tried), None)


def successor(asked: Asked, course: Sequence[Holding]) -> Holder | None:
    """Who gets a ticket whose owner can no longer look after it: whoever stands in for them, else somebody else on the
    same rung, else whoever is next in the branch or above it, as for a new ticket. Rather somebody for the second time than
    nobody.
    """
    if not course:
        return first(asked)
    last, tried = course[-1], {each.member_id for each in course}
    absent = last.instead_of or last.member_id
    for holder in (each for rung in asked for each in asked[rung]):
        if holder.instead_of == absent and holder.member_id not in tried:
            return dataclasses.replace(holder, rung=last.rung)
    untried = {rung: [each for each in asked[rung] if each.member_id not in tried] for rung in asked}
    beside = [] if last.rung is None else untried[last.rung]
    if beside:
        return beside[0]
    upwards = heir(asked, course)
    if upwards is not None and upwards.rung is not Rung.SIBLING:
        return upwards
    return first(untried) or first(asked)


@dataclasses.dataclass(frozen=True, slots=True)
class Wait:
    """It is not time."""


@dataclasses.dataclass(frozen=True, slots=True)
class Rest:
    """It is time, but nobody is at work."""

    next_at: int
    """When they are again."""


@dataclasses.dataclass(frozen=True, slots=True)
class Warn:
    """The owner is told that time is running out."""

    next_at: int


@dataclasses.dataclass(frozen=True, slots=True)
class PassOn:
    """The ticket goes to the next on the ladder."""


@dataclasses.dataclass(frozen=True, slots=True)
class Remind:
    """There is nobody to pass it to: the owner is reminded and has the same time once more."""

    timing: Timing


Step: TypeAlias = Wait | Rest | Warn | PassOn | Remind


@dataclasses.dataclass(frozen=True, slots=True)
class Standing:
    """Where a ticket stands with its owner."""

    deadline: int | None
    next_at: int | None
    warned: bool
    climbing: bool = False
    """Others had it before and did not answer."""


def next_step(standing: Standing, now: int, schedule: Schedule, *, has_heir: bool) -> Step:
    """What the ladder does now. Never anything outside working time; nobody loses a ticket without a warning and the
    rest of the time after it, however long the bot was down; taking the step makes the next one wait.
    """
    if standing.deadline is None or standing.next_at is None or now < standing.next_at:
        return Wait()
    if not schedule.at_work(now):
        return Rest(schedule.opens(now))
    if not standing.warned:
        return Warn(max(standing.deadline, grace(now, schedule, climbing=standing.climbing)))
    return PassOn() if has_heir else Remind(_once_more(now, schedule))


def _once_more(now: int, schedule: Schedule) -> Timing:
    deadline = timing(now, schedule, climbing=True).deadline
    return Timing(deadline, deadline)
