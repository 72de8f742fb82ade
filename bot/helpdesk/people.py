"""Who answers for a branch, who of them can be reached, and who may act on a ticket."""

from collections.abc import Collection, Sequence

from bot.helpdesk import holdings, rules, store
from bot.helpdesk.errors import NotYours
from bot.helpdesk.model import Holder, Rung, State, Ticket
from bot.kit.database import Reader
from bot.kit.errors import NotAllowed
from bot.roster import store as roster
from bot.roster.model import BRANCH_ROLES, Actor, Member, Role, Staff, UnitKind


async def staff(reader: Reader, branch_id: int) -> Sequence[Holder]:
    """The staff of the branch and of the general branch above it, in the order in which they are asked."""
    found: list[Holder] = []
    for unit in await roster.lineage(reader, branch_id):
        roles = {UnitKind.BRANCH: BRANCH_ROLES, UnitKind.GENERAL: {Role.GENERAL}}.get(unit.kind)
        if roles is not None:
            found += [_holder(each, unit.name) for each in await roster.staff_of(reader, unit.id, roles)]
    return found


async def reachable(reader: Reader, branch_id: int) -> Sequence[Holder]:
    """Those of the staff who have an account and have not blocked the bot."""
    return [
        holder
        for holder in await staff(reader, branch_id)
        if holder.account_id is not None and not await store.is_unreachable(reader, holder.account_id)
    ]


async def first_holder(reader: Reader, branch_id: int, requester_id: int) -> Holder | None:
    """Who gets a question of this member now."""
    is_secretary = await _is_secretary(reader, branch_id, requester_id)
    return rules.first_holder(await reachable(reader, branch_id), requester_id, is_secretary=is_secretary)


async def heir(reader: Reader, ticket: Ticket) -> Holder | None:
    """Who takes the ticket over if its owner does not answer."""
    return rules.heir(await reachable(reader, ticket.branch_id), ticket.requester_id, ticket)


async def stands_in(reader: Reader, branch_id: int, requester_id: int, holder: Holder) -> bool:
    """Whether the general branch answers because the branch has nobody who can."""
    return holder.rung is Rung.GENERAL and not await _is_secretary(reader, branch_id, requester_id)


async def secretary(reader: Reader, branch_id: int, *, but: int) -> Holder | None:
    """The branch's secretary, reachable here or not; whom to phone when nobody is."""
    for holder in await staff(reader, branch_id):
        if holder.role is Role.SECRETARY and holder.member_id != but:
            return holder
    return None


async def named(reader: Reader, ticket: Ticket, member_id: int) -> Holder:
    """How a person is named in this ticket; without a role if they hold no post over its branch any more."""
    for holder in await staff(reader, ticket.branch_id):
        if holder.member_id == member_id:
            return holder
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


async def _is_secretary(reader: Reader, branch_id: int, member_id: int) -> bool:
    secretaries = await roster.staff_of(reader, branch_id, {Role.SECRETARY})
    return any(each.person.member.id == member_id for each in secretaries)


def _holder(each: Staff, unit: str) -> Holder:
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
