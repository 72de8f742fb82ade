"""Setting when a unit reminds."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any

from bot.dues import plan_store, rules
from bot.dues.errors import NeedsADay, QuietThen, TooManyDays
from bot.dues.model import Point
from bot.dues.plans import MOST_DAYS, Day, OwnPlan, Plan, Term, inherited, source_of
from bot.dues.rules import Schedule
from bot.kit.clock import from_local
from bot.kit.database import Reader
from bot.kit.errors import NotAllowed, Outdated
from bot.kit.work import Work
from bot.roster import store as roster
from bot.roster.model import Actor, Role, Unit

KEEPERS = (Role.SECRETARY, Role.DEPUTY, Role.GENERAL, Role.ADMIN)
_SHOWN = 3
"""Points to come that are shown."""


@dataclasses.dataclass(frozen=True, slots=True)
class Arrangement:
    """A unit's plan, and where each part of it comes from."""

    unit: Unit
    plan: Plan
    own: OwnPlan
    from_above: Plan
    """As it would be if the unit had set nothing itself."""
    sources: Mapping[Term, Unit | None]
    """Who has set a term; None: nobody, the default holds."""
    sources_above: Mapping[Term, Unit | None]
    """Likewise if the unit had set nothing."""
    coming: Sequence[Point]
    """The next points."""
    times: Sequence[time]
    """The full hours outside the quiet ones."""


def may_set_above(actor: Actor) -> bool:
    """Whether the actor sets the times of a unit that has branches under it."""
    return bool(actor.units(Role.GENERAL, Role.ADMIN))


def may_set(actor: Actor, unit_id: int) -> bool:
    return unit_id in actor.units(*KEEPERS)


async def units(reader: Reader, actor: Actor) -> Sequence[Unit]:
    """Those for which the actor sets the times, in the order of their posts; `NotAllowed` where there are none."""
    found = [await roster.unit(reader, unit_id) for unit_id in actor.units(*KEEPERS)]
    if not found:
        raise NotAllowed
    return [unit for unit in found if unit is not None]


async def arrangement(work: Work, actor: Actor, unit_id: int, schedule: Schedule) -> Arrangement:
    """`NotAllowed` for whoever does not set this unit's times."""
    if not may_set(actor, unit_id):
        raise NotAllowed
    line = await roster.lineage(work.session, unit_id)
    if not line:
        raise Outdated
    said = await plan_store.line(work.session, unit_id)
    plan = inherited(said, schedule.plan)
    settings, above = [each.own for each in said], [each.own for each in said[1:]]
    return Arrangement(
        line[0],
        plan,
        settings[0],
        inherited(said[1:], schedule.plan),
        _sources(settings, line),
        _sources(above, line[1:]),
        _coming(plan, work.now, schedule),
        times(schedule),
    )


async def choose(
    work: Work, actor: Actor, unit_id: int, term: Term, text: str, schedule: Schedule
) -> Arrangement:
    """Sets the hour ('1000') or what happens on days off ('0', '1'); an empty text: any term as the unit above has it.
    `QuietThen` for an hour in which nobody is written to, `Outdated` for what no button offers.
    """
    before = await arrangement(work, actor, unit_id, schedule)
    changed: dict[str, Any] = {term.value: _read(term, text, schedule) if text else None}
    return await _write(work, actor, before, dataclasses.replace(before.own, **changed), schedule)


async def toggle(
    work: Work, actor: Actor, unit_id: int, text: str, schedule: Schedule, *, is_set: bool
) -> Arrangement:
    """Adds a day to those of the unit, or takes one away; a unit that had none of its own begins with what it had from
    above. `TooManyDays`, `NeedsADay` for what a month cannot bear.
    """
    before = await arrangement(work, actor, unit_id, schedule)
    try:
        day = Day.parse(text)
    except ValueError as error:
        raise Outdated from error
    if (day in before.plan.days) is is_set:
        return before
    days = {*before.plan.days} ^ {day}
    if is_set and len(days) > MOST_DAYS:
        raise TooManyDays(most=MOST_DAYS)
    if not days:
        raise NeedsADay
    own = dataclasses.replace(before.own, days=tuple(sorted(days, key=lambda each: each.order)))
    return await _write(work, actor, before, own, schedule)


def times(schedule: Schedule) -> Sequence[time]:
    """The full hours at which a round can begin, outside the quiet ones."""
    day = datetime(2000, 1, 1, tzinfo=schedule.zone)
    hours = [time(hour) for hour in range(24)]
    return [
        hour
        for hour in hours
        if not rules.is_quiet(from_local(datetime.combine(day, hour, schedule.zone)), schedule)
    ]


def _read(term: Term, text: str, schedule: Schedule) -> time | bool:
    try:
        if term is Term.WORKING_DAYS:
            return bool(("0", "1").index(text))
        if term is Term.AT and len(text) == len("1000"):
            at = time(int(text[:2]), int(text[2:]))
            if at not in times(schedule):
                raise QuietThen
            return at
    except ValueError as error:
        raise Outdated from error
    raise Outdated


async def _write(
    work: Work, actor: Actor, before: Arrangement, own: OwnPlan, schedule: Schedule
) -> Arrangement:
    if own == before.own:
        return before
    await plan_store.write(work.session, before.unit.id, own, now=work.now)
    after = await arrangement(work, actor, before.unit.id, schedule)
    await work.audit(
        "dues.points_set",
        by=None if actor.member is None else actor.member.id,
        subject=f"unit:{before.unit.id}",
        before=_plain(before.own),
        after=_plain(own),
    )
    return after


def _plain(own: OwnPlan) -> dict[str, Any]:
    """As it is audited."""
    return {
        "days": None if own.days is None else [str(day) for day in own.days],
        "at": None if own.at is None else f"{own.at:%H:%M}",
        "working_days": own.working_days,
    }


def _coming(plan: Plan, now: int, schedule: Schedule) -> Sequence[Point]:
    period = rules.period_at(now, schedule.zone)
    points = [
        point
        for months in range(_SHOWN + 1)
        for point in plan.points(period.shifted(months), schedule.zone)
        if point.at > now
    ]
    return points[:_SHOWN]


def _sources(line: Sequence[OwnPlan], units_: Sequence[Unit]) -> Mapping[Term, Unit | None]:
    places = {term: source_of(term, line) for term in Term}
    return {term: None if place is None else units_[place] for term, place in places.items()}
