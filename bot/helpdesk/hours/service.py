"""Setting the terms on which a unit answers."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.helpdesk import rules, unit_desks
from bot.helpdesk.calendar import Days, Hours, Pattern, first_unknown_year
from bot.helpdesk.rules import Desk, Schedule
from bot.helpdesk.terms import OwnTerms, Term, Terms, inherited, source_of
from bot.kit.clock import to_local
from bot.kit.database import Reader
from bot.kit.errors import NotAllowed, Outdated, Refusal
from bot.kit.work import Work
from bot.roster import store as roster
from bot.roster.model import Actor, Role, Unit

LONGEST = 80 * 60
"""Minutes of working time to answer in: two weeks of work."""

_KEEPERS = (Role.SECRETARY, Role.DEPUTY, Role.GENERAL, Role.ADMIN)
_AHEAD = timedelta(days=92)
"""How long before a year begins it is said that its days off are not known; they are announced in November mostly."""


class UnclearHours(Refusal):
    """I cannot read these hours. Please write them like 8:30-12:00, 14:00-17:30; a night shift like 20:00-8:00, around
    the clock like 0:00-24:00.
    """


@dataclasses.dataclass(frozen=True, slots=True)
class Arrangement:
    """A unit's terms, and where each comes from."""

    unit: Unit
    terms: Terms
    own: OwnTerms
    from_above: Terms
    """As they would be if the unit had set nothing itself."""
    sources: Mapping[Term, Unit | None]
    """Who has set a term; None: nobody, the default holds."""
    sources_above: Mapping[Term, Unit | None]
    """Likewise if the unit had set nothing."""
    promise: int
    """By when a question asked now would be answered."""
    unknown_year: int | None
    """A year near enough to matter whose days off are not known yet."""


def may_set_any(actor: Actor) -> bool:
    return bool(actor.units(*_KEEPERS))


async def units(reader: Reader, actor: Actor) -> Sequence[Unit]:
    """Those for which the actor sets the terms, in the order of their posts."""
    found = [await roster.unit(reader, unit_id) for unit_id in actor.units(*_KEEPERS)]
    return [unit for unit in found if unit is not None]


async def arrangement(work: Work, desk: Desk, actor: Actor, unit_id: int) -> Arrangement:
    """`NotAllowed` for whoever does not set this unit's terms."""
    if unit_id not in actor.units(*_KEEPERS):
        raise NotAllowed
    return await _arrangement(work, desk, unit_id)


async def of_own_branch(work: Work, desk: Desk, actor: Actor) -> Arrangement:
    """What every member may know of their branch."""
    if actor.member is None:
        raise NotAllowed
    return await _arrangement(work, desk, actor.member.branch_id)


async def choose(work: Work, desk: Desk, actor: Actor, unit_id: int, term: Term, text: str) -> Arrangement:
    """Sets a term of a unit (an empty text: as the unit above it has it). What was promised stays. `NotAllowed` as
    above; `Outdated` for a value that no button offers.
    """
    before = await arrangement(work, desk, actor, unit_id)
    value = read(term, text)
    changed: dict[str, Any] = {term.value: value}
    own = dataclasses.replace(before.own, **changed)
    if own == before.own:
        return before
    await unit_desks.write(work.session, unit_id, own)
    await work.audit(
        "hours.set",
        by=None if actor.member is None else actor.member.id,
        subject=f"unit:{unit_id}",
        term=str(term),
        before=plain(getattr(before.own, term)),
        after=plain(value),
    )
    return await _arrangement(work, desk, unit_id)


async def write_hours(work: Work, desk: Desk, actor: Actor, unit_id: int, text: str | None) -> Arrangement:
    """Sets the hours as somebody wrote them; `UnclearHours` for what are none, `NotAllowed` as above."""
    await arrangement(work, desk, actor, unit_id)
    try:
        hours = Hours.parse(text or "")
    except ValueError as error:
        raise UnclearHours from error
    return await choose(work, desk, actor, unit_id, Term.HOURS, str(hours))


def read(term: Term, text: str) -> Days | Hours | int | bool | None:
    """The value a button carries; `Outdated` for what none does. Empty: as the unit above."""
    try:
        return _read(term, text) if text else None
    except ValueError as error:
        raise Outdated from error


def weekdays(text: str) -> frozenset[int]:
    """Those picked so far, 0 is Monday; `Outdated` for what no button carries."""
    if not text:
        return frozenset()
    try:
        days = Days.parse(text)
    except ValueError as error:
        raise Outdated from error
    if days.pattern is not Pattern.WEEKDAYS:
        raise Outdated
    return days.weekdays


def _read(term: Term, text: str) -> Days | Hours | int | bool:
    match term:
        case Term.DAYS:
            return Days.parse(text)
        case Term.HOURS:
            return Hours.parse(text)
        case Term.ACCOUNTS:
            return bool(("0", "1").index(text))
        case Term.WARN:
            return _number(text, 99)
        case Term.ANSWER | Term.CLIMB:
            return _number(text, LONGEST)


def _number(text: str, most: int) -> int:
    number = int(text)
    if not 1 <= number <= most:
        raise ValueError(text)
    return number


def plain(value: object) -> str | int | None:
    """A value as it is audited."""
    return value if value is None or isinstance(value, int) else str(value)


async def _arrangement(work: Work, desk: Desk, unit_id: int) -> Arrangement:
    reader = work.session
    line = await roster.lineage(reader, unit_id)
    if not line:
        raise Outdated
    said = (await unit_desks.lines(reader, [unit_id]))[unit_id]
    terms = inherited(said, desk.terms)
    schedule = Schedule.of(terms, desk.zone)
    today = to_local(work.now, desk.zone).date()
    unknown = first_unknown_year(today, within=_AHEAD) if terms.days.follow_the_calendar else None
    return Arrangement(
        line[0],
        terms,
        said[0],
        inherited(said[1:], desk.terms),
        _sources(said, line),
        _sources(said[1:], line[1:]),
        rules.timing(work.now, schedule).deadline,
        unknown,
    )


def _sources(said: Sequence[OwnTerms], line: Sequence[Unit]) -> Mapping[Term, Unit | None]:
    places = {term: source_of(term, said) for term in Term}
    return {term: None if place is None else line[place] for term, place in places.items()}
