"""Who answers for a branch, who of them can be reached, and who may act on a ticket."""

import dataclasses
from collections.abc import Collection, Sequence

from bot.helpdesk import absences, climb, holdings, rules, store, substitutes
from bot.helpdesk.climb import Asked
from bot.helpdesk.errors import NotYours
from bot.helpdesk.model import Holder, Holding, Rung, State, Ticket
from bot.helpdesk.rules import Desk
from bot.kit.database import Reader
from bot.kit.errors import NotAllowed
from bot.roster import store as roster
from bot.roster.model import BRANCH_ROLES, Actor, Member, Role, Staff, UnitKind


async def staff(reader: Reader, branch_id: int) -> Sequence[Holder]:
    """The staff of the branch and of the general branch above it, secretaries first."""
    found: list[Holder] = []
    for unit in await roster.lineage(reader, branch_id):
        roles = {UnitKind.BRANCH: BRANCH_ROLES, UnitKind.GENERAL: {Role.GENERAL}}.get(unit.kind)
        if roles is not None:
            found += [holder(each, unit.name) for each in await roster.staff_of(reader, unit.id, roles)]
    return found


async def siblings(reader: Reader, branch_id: int) -> Sequence[Holder]:
    """The secretaries of the other branches under the same unit."""
    branch = await roster.unit(reader, branch_id)
    if branch is None or branch.parent_id is None:
        return []
    beside = await roster.staff_right_below(reader, branch.parent_id, Role.SECRETARY)
    return [
        dataclasses.replace(holder(each, unit.name), rung=Rung.SIBLING, beside=True)
        for each, unit in beside
        if unit.kind is UnitKind.BRANCH and unit.id != branch_id
    ]


async def everyone(reader: Reader, branch_id: int) -> Sequence[Holder]:
    """All who may look after a ticket of the branch: its staff, the general branch's, sibling branches' secretaries.
    Whoever holds several posts stands in it with each.
    """
    return [*await staff(reader, branch_id), *await siblings(reader, branch_id)]


async def accounts_of_branch(reader: Reader, branch_id: int) -> Sequence[int]:
    """The accounts of the branch's own staff, without those of the general branch above it."""
    found = await roster.staff_of(reader, branch_id, BRANCH_ROLES)
    return [each.person.account_id for each in found if each.person.account_id is not None]


async def reachable(reader: Reader, branch_id: int) -> Sequence[Holder]:
    """Those of the staff who have an account and have not blocked the bot."""
    return await _reachable(reader, await staff(reader, branch_id))


async def available(reader: Reader, branch_id: int, *, now: int) -> Sequence[Holder]:
    """All who can look after a ticket of the branch now: reachable and here, or standing in for somebody who is not."""
    holders = await _reachable(reader, await everyone(reader, branch_id))
    return substitutes.present(holders, await absences.away_now(reader, now))


async def fit(reader: Reader, ticket: Ticket, member_id: int, *, now: int) -> Holder | None:
    """This person, if they may look after the ticket and can: with a post near its branch, reachable, not away, and not
    the one who asked.
    """
    if member_id == ticket.requester_id:
        return None
    if member_id in await absences.away_now(reader, now):
        return None
    posts = [each for each in await everyone(reader, ticket.branch_id) if each.member_id == member_id]
    return next(iter(await _reachable(reader, posts)), None)


async def first_holder(
    reader: Reader, desk: Desk, branch_id: int, requester_id: int, *, now: int
) -> Holder | None:
    """Who gets a question of this member now."""
    return climb.first(await _asked(reader, desk, branch_id, requester_id, now=now))


async def heir(reader: Reader, desk: Desk, ticket: Ticket, *, now: int) -> Holder | None:
    """Who takes the ticket over if its owner does not answer; None where everybody has had it."""
    asked = await _asked(reader, desk, ticket.branch_id, ticket.requester_id, now=now)
    return climb.heir(asked, await course(reader, ticket))


async def successor(reader: Reader, desk: Desk, ticket: Ticket, *, now: int) -> Holder | None:
    """Who gets the ticket when its owner can no longer look after it; in the place of one who is only away."""
    asked = await _asked(reader, desk, ticket.branch_id, ticket.requester_id, now=now)
    held = await course(reader, ticket)
    found = climb.successor(asked, held)
    if found is None or not held or ticket.owner_id not in await absences.away_now(reader, now):
        return found
    return dataclasses.replace(found, instead_of=held[-1].instead_of or ticket.owner_id)


async def stands_in(reader: Reader, desk: Desk, branch_id: int, requester_id: int, holder: Holder) -> bool:
    """Whether somebody from outside answers because the branch has nobody who can."""
    outside = holder.rung in (Rung.SIBLING, Rung.GENERAL) and Rung.SECRETARY in desk.asks
    return outside and not await _is_secretary(reader, branch_id, requester_id)


async def secretary(reader: Reader, branch_id: int, *, but: int) -> Holder | None:
    """The branch's secretary, reachable here or not; whom to phone when nobody is."""
    for holder in await staff(reader, branch_id):
        if holder.role is Role.SECRETARY and holder.member_id != but:
            return holder
    return None


async def named(reader: Reader, ticket: Ticket, member_id: int) -> Holder:
    """How a person is named in this ticket; without a role if they hold no post over its branch any more."""
    for find in (staff, siblings):
        for each in await find(reader, ticket.branch_id):
            if each.member_id == member_id:
                return each
    person = await roster.person(reader, member_id)
    if person is None:
        raise LookupError(f"member {member_id} is on no roster")
    return Holder(
        member_id,
        person.member.name,
        role=None,
        unit="",
        account_id=person.account_id,
        language=person.language,
        rung=None,
    )


async def owner(reader: Reader, ticket: Ticket) -> Holder | None:
    return None if ticket.owner_id is None else await named(reader, ticket, ticket.owner_id)


async def as_staff(reader: Reader, actor: Actor, ticket: Ticket) -> Holder:
    """The actor as one of the ticket's staff; `NotYours` if they are not (any more), or it was not sent to them yet."""
    if actor.member is None or ticket.state is State.GATHERING:
        raise NotYours
    guests = await holdings.guests(reader, ticket.id)
    if not rules.may_answer(actor, ticket, await near(reader, ticket.branch_id), guests):
        raise NotYours
    return await named(reader, ticket, actor.member.id)


async def near(reader: Reader, branch_id: int) -> Collection[int]:
    """The units whose staff may be asked to look after a branch's tickets: the branch, those above it, and its
    siblings.
    """
    line = await roster.lineage(reader, branch_id)
    siblings = await roster.children(reader, line[0].parent_id) if line and line[0].parent_id else []
    return {unit.id for unit in (*line, *siblings)}


def bound(actor: Actor) -> Member:
    """The member behind the actor; `NotAllowed` for an account that is bound to none."""
    if actor.member is None:
        raise NotAllowed
    return actor.member


def as_requester(actor: Actor, ticket: Ticket) -> Member:
    """The actor as the ticket's requester; `NotYours` if they are not."""
    if actor.member is None or actor.member.id != ticket.requester_id:
        raise NotYours
    return actor.member


async def _reachable(reader: Reader, holders: Sequence[Holder]) -> Sequence[Holder]:
    return [
        holder
        for holder in holders
        if holder.account_id is not None and not await store.is_unreachable(reader, holder.account_id)
    ]


async def _asked(reader: Reader, desk: Desk, branch_id: int, requester_id: int, *, now: int) -> Asked:
    found = [each for each in await available(reader, branch_id, now=now) if each.rung in desk.asks]
    beside = [holder.member_id for holder in found if holder.rung is Rung.SIBLING]
    ready = await desk.ready(reader, beside) if beside else ()
    willing = [holder for holder in found if holder.rung is not Rung.SIBLING or holder.member_id in ready]
    loads = await store.loads(reader, {holder.member_id for holder in willing})
    is_secretary = await _is_secretary(reader, branch_id, requester_id)
    return climb.asked(willing, loads, requester_id, is_secretary=is_secretary)


async def course(reader: Reader, ticket: Ticket) -> Sequence[Holding]:
    """Who has had the ticket in the present climb, from whoever had it when it began."""
    held = await holdings.of_ticket(reader, ticket.id)
    return climb.course(held, ticket.climbing_since or 0)


async def _is_secretary(reader: Reader, branch_id: int, member_id: int) -> bool:
    secretaries = await roster.staff_of(reader, branch_id, {Role.SECRETARY})
    return any(each.person.member.id == member_id for each in secretaries)


def holder(each: Staff, unit: str) -> Holder:
    person = each.person
    return Holder(
        person.member.id,
        person.member.name,
        each.post.role,
        unit,
        person.account_id,
        person.language,
        rules.rung_of(each.post.role),
    )
