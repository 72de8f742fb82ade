"""Arranging absences: each act asks again who may."""

import dataclasses
from collections.abc import Sequence

from bot.helpdesk import absences, ladder, moving, people, schedules, store, substitutes
from bot.helpdesk.absences import Absence
from bot.helpdesk.away import colleagues, errors, rules, texts
from bot.helpdesk.away.rules import Days
from bot.helpdesk.model import Holder, Why
from bot.helpdesk.rules import Desk, Schedule, rung_of
from bot.helpdesk.substitutes import Away
from bot.kit.clock import to_local
from bot.kit.database import Reader
from bot.kit.errors import NotAllowed
from bot.kit.messages import Message
from bot.kit.outbox import Urgency
from bot.kit.work import Work
from bot.roster import store as roster
from bot.roster.model import Actor


@dataclasses.dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks to be arranged."""

    member_id: int
    days: Days
    substitute_id: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """What will be, once it is confirmed."""

    whom: Holder
    days: Days
    from_at: int
    until_at: int
    substitute: Holder | None
    then: Holder | None
    """Who answers while the substitute is away, too."""
    substitute_is_away: bool
    """At some time in between."""
    waiting: int
    """How many questions wait for their answer now."""
    replaced: Sequence[Absence]
    """What was arranged for some of these days before."""


async def arranged(reader: Reader, member_id: int) -> Sequence[tuple[Absence, Holder | None]]:
    """A person's absences that are not over, each with the substitute."""
    return [
        (each, None if each.substitute_id is None else await colleagues.colleague(reader, each.substitute_id))
        for each in await absences.of_member(reader, member_id)
    ]


async def plan(work: Work, desk: Desk, actor: Actor, wish: Wish) -> Plan:
    """What this wish comes to. `NotAllowed`, or one of `errors` where the days or the substitute will not do."""
    whom = await colleagues.require(work.session, actor, wish.member_id)
    days, from_at, until_at = await _checked(work, desk, whom, wish.days)
    away = await absences.between(work.session, from_at, until_at)
    substitute = None
    if wish.substitute_id is not None:
        substitute = await colleagues.candidate(work.session, whom, wish.substitute_id)
        if substitutes.leads_back(whom.member_id, substitute.member_id, away):
            raise errors.CountsOnEachOther(name=substitute.name)
    is_away = substitute is not None and substitute.member_id in away
    then = None
    if substitute is not None and is_away:
        answering = substitutes.stand_in(substitute.member_id, away)
        then = None if answering is None else await colleagues.colleague(work.session, answering)
    earlier = await absences.of_member(work.session, whom.member_id)
    return Plan(
        whom,
        days,
        from_at,
        until_at,
        substitute,
        then,
        substitute_is_away=is_away,
        waiting=len(await absences.waiting_with(work.session, whom.member_id)),
        replaced=[each for each in earlier if each.from_at < until_at and from_at < each.until_at],
    )


async def who_else_is_away(
    work: Work, desk: Desk, actor: Actor, member_id: int, days: Days
) -> tuple[Days, Away]:
    """The days, from today on, and who else is away at some time in between. One of `errors` where the days will not
    do, `NotAllowed` where they are not the actor's to arrange.
    """
    whom = await colleagues.require(work.session, actor, member_id)
    days, from_at, until_at = await _checked(work, desk, whom, days)
    return days, await absences.between(work.session, from_at, until_at)


async def _checked(work: Work, desk: Desk, whom: Holder, days: Days) -> tuple[Days, int, int]:
    today = to_local(work.now, desk.zone).date()
    if days.until < days.since:
        raise errors.EndsBeforeItBegins
    if days.until < today:
        raise errors.LastDayOver
    days = Days(max(days.since, today), days.until)
    if days.until - today > rules.LONGEST:
        raise errors.TooLong(day=days.until.isoformat())
    schedule = await _schedule(work.session, desk, whom.member_id)
    from_at, until_at = rules.bounds(days, work.now, desk.zone, schedule)
    if from_at >= until_at:
        raise errors.NoWorkThen
    return days, from_at, until_at


async def arrange(work: Work, desk: Desk, actor: Actor, wish: Wish) -> Plan:
    """Arranges it and tells everybody concerned but the actor. What was arranged for some of these days before ends."""
    me = people.bound(actor)
    planned = await plan(work, desk, actor, wish)
    whom, substitute = planned.whom, planned.substitute
    for earlier in planned.replaced:
        await absences.end(work.session, earlier.id, now=work.now)
        if earlier.substitute_id not in (None, wish.substitute_id):
            await _tell_not_needed(work, earlier, whom)
    absence = await absences.add(
        work.session,
        whom.member_id,
        substitute_id=wish.substitute_id,
        last_day=planned.days.until,
        from_at=planned.from_at,
        until_at=planned.until_at,
    )
    await work.audit(
        "absence.arranged",
        by=me.id,
        subject=f"member:{whom.member_id}",
        absence=absence.id,
        substitute=wish.substitute_id,
        from_at=absence.from_at,
        until_at=absence.until_at,
        instead_of=[each.id for each in planned.replaced],
    )
    if me.id != whom.member_id:
        arranger = await colleagues.named(work.session, actor)
        message = texts.arranged_for_you(
            work.languages[whom.language], absence, planned.days, arranger, substitute
        )
        await _tell(work, whom, message, key=f"absence:{absence.id}:arranged")
    if substitute is not None and substitute.member_id != me.id:
        message = texts.please_stand_in(work.languages[substitute.language], absence, planned.days, whom)
        await _tell(work, substitute, message, key=f"absence:{absence.id}:please")
    if absence.from_at <= work.now:
        await _take_effect(work, desk, absence)
    await _settle(work, desk)
    return planned


async def begin(work: Work, desk: Desk, absence_id: int) -> None:
    """Acts on an absence whose time has come; nothing if that was done, or it has been ended."""
    absence = await absences.running(work.session, absence_id)
    if absence is None or absence.begun_at is not None or not absence.from_at <= work.now < absence.until_at:
        return
    whom = await colleagues.colleague(work.session, absence.member_id)
    substitute = (
        None
        if absence.substitute_id is None
        else await colleagues.colleague(work.session, absence.substitute_id)
    )
    if whom is not None:
        days = _days(desk, absence)
        message = texts.away_from_now(work.languages[whom.language], absence, days, substitute)
        await _tell(work, whom, message, key=f"absence:{absence.id}:begun")
        if substitute is not None:
            message = texts.stand_in_from_now(work.languages[substitute.language], absence, days, whom)
            await _tell(work, substitute, message, key=f"absence:{absence.id}:begun")
    await _take_effect(work, desk, absence)


async def expire(work: Work, desk: Desk, absence_id: int) -> None:
    """Ends an absence whose time is over."""
    absence = await absences.running(work.session, absence_id)
    if absence is not None and absence.until_at <= work.now:
        await _end(work, desk, absence, by=None)


async def come_back(work: Work, desk: Desk, actor: Actor, absence_id: int) -> tuple[Holder, int]:
    """Ends an absence before its time, or calls it off. Returns whose it was and how many questions came back to them."""
    absence = await absences.running(work.session, absence_id)
    if absence is None:
        raise errors.OverAlready
    whom = await colleagues.require(work.session, actor, absence.member_id)
    return whom, await _end(work, desk, absence, by=people.bound(actor).id)


async def decline(work: Work, desk: Desk, actor: Actor, absence_id: int) -> Holder:
    """The substitute cannot do it: what waits with them goes on to the next, and whoever is away is told. Returns who
    that is.
    """
    me = people.bound(actor)
    absence = await absences.running(work.session, absence_id)
    if absence is None:
        raise errors.OverAlready
    if absence.substitute_id != me.id:
        raise NotAllowed
    whom = await colleagues.colleague(work.session, absence.member_id)
    if whom is None:
        raise errors.OverAlready
    await absences.name_substitute(work.session, absence.id, None)
    await work.audit("absence.declined", by=me.id, subject=f"member:{whom.member_id}", absence=absence.id)
    substitute = await colleagues.named(work.session, actor)
    message = texts.declined(work.languages[whom.language], _days(desk, absence), whom, substitute)
    await _tell(work, whom, message, key=f"absence:{absence.id}:declined:{work.now}")
    for each in await absences.standing(work.session):
        if each.holder_id == me.id and each.instead_of == whom.member_id:
            ticket = await store.existing(work.session, each.ticket_id)
            heir = await people.successor(work.session, desk, ticket, now=work.now)
            if heir is not None and heir.member_id != me.id:
                heir = dataclasses.replace(heir, instead_of=whom.member_id)
                await moving.move(work, desk, ticket, heir, why=Why.UNFIT, by=me.id)
    return whom


async def pass_on(work: Work, desk: Desk, before: int, after: int) -> None:
    """After a post has gone from one member to another: who has no questions coming to them any more is away no longer,
    and where they were to stand in for somebody and may not now, the successor does, if they can.
    """
    if await colleagues.colleague(work.session, before) is None:
        for absence in await absences.of_member(work.session, before):
            await absences.end(work.session, absence.id, now=work.now)
            await work.audit("absence.ended", by=None, subject=f"member:{before}", absence=absence.id)
    for absence in await absences.with_substitute(work.session, before):
        whom = await colleagues.colleague(work.session, absence.member_id)
        able = {each.member_id: each for each in await colleagues.candidates(work.session, absence.member_id)}
        if whom is None or before in able:
            continue
        away = await absences.between(work.session, absence.from_at, absence.until_at)
        successor = None if substitutes.leads_back(whom.member_id, after, away) else able.get(after)
        substitute_id = None if successor is None else successor.member_id
        await absences.name_substitute(work.session, absence.id, substitute_id)
        await work.audit(
            "absence.passed_on",
            by=None,
            subject=f"member:{whom.member_id}",
            absence=absence.id,
            before=before,
            after=substitute_id,
        )
        await _tell_of_successor(work, desk, absence, whom, successor)


async def misplaced(work: Work) -> Sequence[int]:
    """The tickets that somebody has in a colleague's place and that are to go to somebody else by now."""
    away = await absences.away_now(work.session, work.now)
    standing = await absences.standing(work.session)
    return [each.ticket_id for each, _ in substitutes.misplaced(standing, away)]


async def put_right(work: Work, desk: Desk, ticket_id: int) -> bool:
    """Moves a misplaced ticket to whoever is to have it: back to one who has returned, on to another substitute. False if
    they cannot look after it, or there is nothing to move.
    """
    away = await absences.away_now(work.session, work.now)
    standing = [each for each in await absences.standing(work.session) if each.ticket_id == ticket_id]
    for each, target in substitutes.misplaced(standing, away):
        ticket = await store.existing(work.session, each.ticket_id)
        holder = await people.fit(work.session, ticket, target, now=work.now)
        if holder is None:
            return False
        why = Why.RETURNED
        if target != each.instead_of:
            why = Why.UNFIT
            holder = dataclasses.replace(holder, rung=ticket.rung, instead_of=each.instead_of)
        await moving.move(work, desk, ticket, holder, why=why)
        return True
    return False


async def _settle(work: Work, desk: Desk) -> int:
    """Puts right what is misplaced; returns how many tickets were moved."""
    return sum([await put_right(work, desk, ticket_id) for ticket_id in await misplaced(work)])


async def _take_effect(work: Work, desk: Desk, absence: Absence) -> None:
    await absences.note_begun(work.session, absence.id, now=work.now)
    for ticket_id in await absences.waiting_with(work.session, absence.member_id):
        await ladder.find_owner(work, desk, ticket_id)


async def _end(work: Work, desk: Desk, absence: Absence, *, by: int | None) -> int:
    if not await absences.end(work.session, absence.id, now=work.now):
        raise errors.OverAlready
    await work.audit("absence.ended", by=by, subject=f"member:{absence.member_id}", absence=absence.id)
    returned = await _settle(work, desk)
    whom = await colleagues.colleague(work.session, absence.member_id)
    if whom is None:
        return returned
    if by != whom.member_id:
        message = texts.welcome_back(work.languages[whom.language], returned)
        await _tell(work, whom, message, key=f"absence:{absence.id}:over")
    if absence.substitute_id not in (None, by):
        await _tell_not_needed(work, absence, whom)
    return returned


async def _tell_of_successor(
    work: Work, desk: Desk, absence: Absence, whom: Holder, successor: Holder | None
) -> None:
    key, days = f"absence:{absence.id}:passed-on:{work.now}", _days(desk, absence)
    message = texts.substitute_changed(work.languages[whom.language], days, whom, successor)
    await _tell(work, whom, message, key=key)
    if successor is not None:
        message = texts.please_stand_in(work.languages[successor.language], absence, days, whom)
        await _tell(work, successor, message, key=key)


async def _tell_not_needed(work: Work, absence: Absence, whom: Holder) -> None:
    substitute = (
        None
        if absence.substitute_id is None
        else await colleagues.colleague(work.session, absence.substitute_id)
    )
    if substitute is not None:
        begun = absence.begun_at is not None
        message = texts.no_longer_needed(work.languages[substitute.language], whom, begun=begun)
        await _tell(work, substitute, message, key=f"absence:{absence.id}:thanks")


async def _tell(work: Work, whom: Holder, message: Message, *, key: str) -> None:
    if whom.account_id is not None:
        await work.out.send(whom.account_id, message, key=f"{key}:{whom.account_id}", urgency=Urgency.TICKET)


async def _schedule(reader: Reader, desk: Desk, member_id: int) -> Schedule:
    """The hours of the unit whose questions come to this person first."""
    for post, unit in await roster.posts_of(reader, member_id):
        if rung_of(post.role) is not None:
            return await schedules.of_branch(reader, desk, unit.id)
    return Schedule.of(desk.terms, desk.zone)


def _days(desk: Desk, absence: Absence) -> Days:
    return Days(to_local(absence.from_at, desk.zone).date(), absence.last_day)
