"""Handing a post over: one act, in one transaction, asked about again at every step."""

from collections.abc import Sequence

from bot.faq.editing import drafts
from bot.helpdesk import absences, holdings, ladder, moving, people, store, teams
from bot.helpdesk.away import service as away
from bot.helpdesk.handover import errors, texts
from bot.helpdesk.handover import store as held
from bot.helpdesk.handover.model import Held, Plan, Wish
from bot.helpdesk.model import Rung, Ticket, Why
from bot.helpdesk.rules import Desk
from bot.kit import dialogue
from bot.kit.database import Reader
from bot.kit.errors import NotAllowed
from bot.kit.messages import Message
from bot.kit.outbox import Urgency
from bot.kit.work import Work
from bot.roster import store as roster
from bot.roster.joining import notices
from bot.roster.model import BRANCH_ROLES, Actor, Person, Post, Role, Unit, UnitKind
from bot.roster.rules import clean

_HANDED_OVER = BRANCH_ROLES | {Role.GENERAL}
"""Who looks after the committee's matters is decided on the roster."""
_HELPING = frozenset({Role.DEPUTY, Role.HELPER})
_ABOVE = frozenset({Role.GENERAL, Role.ADMIN})


async def posts(reader: Reader, actor: Actor) -> Sequence[Held]:
    """The posts that the actor may hand over, to choose from: their own; the secretaries' and general branches' right
    below; and of a secretary's own branch the deputies' and helpers'. `NothingToHandOver` if there are none.
    """
    member = people.bound(actor)
    found: list[Held] = []
    person = await roster.person(reader, member.id)
    for post, unit in await roster.posts_of(reader, member.id):
        if person is not None and post.role in _HANDED_OVER:
            found.append(Held(person, post, unit))
    for unit_id in actor.units(*_ABOVE):
        for unit in await roster.children(reader, unit_id):
            role = Role.SECRETARY if unit.kind is UnitKind.BRANCH else Role.GENERAL
            found += [
                Held(each.person, each.post, unit) for each in await roster.staff_of(reader, unit.id, {role})
            ]
    for unit_id in actor.units(Role.SECRETARY):
        branch = await roster.unit(reader, unit_id)
        staff = await roster.staff_of(reader, unit_id, _HELPING)
        found += [Held(each.person, each.post, branch) for each in staff if branch is not None]
    if not found:
        raise errors.NothingToHandOver
    return list({(each.person.member.id, each.post): each for each in found}.values())


async def require(reader: Reader, actor: Actor, member_id: int, post: Post) -> Held:
    """The post, if the actor may hand it over: its holder may, whoever is above its unit, and for a deputy or helper the
    branch's secretary. `NotAllowed` for anybody else, `HeldNoMore` if that member does not hold it.
    """
    line = await roster.lineage(reader, post.unit_id)
    if actor.member is None or not line or post.role not in _HANDED_OVER:
        raise NotAllowed
    is_own = actor.member.id == member_id and actor.holds(post.unit_id, frozenset({post.role}))
    is_above = any(actor.holds(unit.id, _ABOVE) for unit in line[1:])
    is_secretary = post.role in _HELPING and actor.holds(post.unit_id, frozenset({Role.SECRETARY}))
    if not (is_own or is_above or is_secretary):
        raise NotAllowed
    for each in await roster.staff_of(reader, post.unit_id, {post.role}):
        if each.person.member.id == member_id:
            return Held(each.person, post, line[0])
    person = await roster.person(reader, member_id)
    raise errors.HeldNoMore(name="" if person is None else person.member.name)


async def offered(reader: Reader, actor: Actor, held: Held) -> Sequence[Person]:
    """Those who may take the post over, as far as the actor sees their names: of the branch's own staff all, those who
    hold a post in it first, then those who use the bot; from above, only those who hold a post.
    """
    able = await _able(reader, held)
    units = await _units(reader, held)
    staff = {each.person.member.id for unit in units for each in await roster.staff_of(reader, unit.id)}
    if not actor.holds(held.unit.id):
        able = [person for person in able if person.member.id in staff]
    return sorted(able, key=lambda person: (person.member.id not in staff, person.account_id is None))


async def by_name(reader: Reader, held: Held, name: str) -> Sequence[Person]:
    """Those of that very name, or employee number, who may take the post over; not listed to those above, but theirs to
    name.
    """
    wanted = clean(name)
    return [
        person
        for person in await _able(reader, held)
        if wanted and wanted in (person.member.name, person.member.employee_no)
    ]


async def plan(reader: Reader, actor: Actor, wish: Wish) -> Plan:
    """What this handover comes to. `NotAllowed`, `HeldNoMore`, `NoSuccessor`."""
    case = await require(reader, actor, wish.member_id, wish.post)
    able = await _able(reader, case)
    successor = next((each for each in able if each.member.id == wish.successor_id), None)
    if successor is None:
        person = await roster.person(reader, wish.successor_id)
        raise errors.NoSuccessor(name="" if person is None else person.member.name)
    ends = [
        post
        for post, unit in await roster.posts_of(reader, successor.member.id)
        if unit.id == case.unit.id and _rank(post.role) > _rank(wish.post.role)
    ]
    going = [
        each
        for each in await held.tickets_of(reader, wish.member_id)
        if await _goes_along(reader, await store.existing(reader, each.ticket_id), case)
    ]
    team = await teams.of_unit(reader, case.unit.id)
    return Plan(
        case,
        successor,
        ends,
        waiting=sum(each.is_open for each in going),
        answered=sum(not each.is_open for each in going),
        group=None if team is None else team.title,
        keeps=[each for each in await roster.posts_of(reader, wish.member_id) if each[0] != wish.post],
    )


async def hand_over(work: Work, desk: Desk, actor: Actor, wish: Wish) -> Plan:
    """Hands the post over, with everything that hangs on it, and tells both but the actor. From the commit on the former
    holder has no more access than their other posts give them.
    """
    me = people.bound(actor)
    planned = await plan(work.session, actor, wish)
    before, after = planned.held.person, planned.successor
    await _change_posts(work, planned, wish.post, by=me.id)
    await work.audit(
        "post.handed_over",
        by=me.id,
        subject=f"unit:{wish.post.unit_id}",
        role=str(wish.post.role),
        before=before.member.id,
        after=after.member.id,
        tickets=planned.waiting + planned.answered,
    )
    key = f"handover:{wish.post.unit_id}:{wish.post.role}:{work.now}"
    if me.id != before.member.id:
        message = texts.handed_over_for_you(work.languages[before.language], planned)
        await _tell(work, before, message, key=key)
    if me.id != after.member.id:
        message = texts.yours_now(work.languages[after.language], planned)
        await _tell(work, after, message, key=key)
    await away.pass_on(work, desk, before.member.id, after.member.id)
    await _pass_on_tickets(work, desk, planned, by=me.id)
    await _pass_on_guests(work, planned, by=me.id)
    await _close_to_former(work, planned)
    await drafts.hand_over(work, before.member.id, after.member.id, wish.post.unit_id)
    for branch in await roster.branches_below(work.session, wish.post.unit_id):
        await notices.pass_on(work, branch.id)
    if before.account_id is not None:
        await dialogue.end(work.session, before.account_id)
    return planned


async def _change_posts(work: Work, planned: Plan, post: Post, *, by: int) -> None:
    before, after = planned.held.person.member.id, planned.successor.member.id
    for member_id, lost in ((before, post), *((after, each) for each in planned.ends)):
        await roster.dismiss(work.session, member_id, lost, now=work.now)
        await _audit_post(work, "post.lost", member_id, lost, by=by)
    await roster.appoint(work.session, after, post, now=work.now)
    await _audit_post(work, "post.gained", after, post, by=by)


async def _audit_post(work: Work, act: str, member_id: int, post: Post, *, by: int) -> None:
    await work.audit(act, by=by, subject=f"member:{member_id}", unit=post.unit_id, role=str(post.role))


async def _pass_on_tickets(work: Work, desk: Desk, planned: Plan, *, by: int) -> None:
    before, after = planned.held.person.member.id, planned.successor.member.id
    for each in await held.tickets_of(work.session, before):
        ticket = await store.existing(work.session, each.ticket_id)
        if await _goes_along(work.session, ticket, planned.held):
            await _give(work, desk, ticket, after, by=by)
        await ladder.looked_after(work, desk, await store.existing(work.session, ticket.id))
    # What others have in the former holder's place, who was away, is the successor's to answer, too.
    for standing in await absences.standing(work.session):
        ticket = await store.existing(work.session, standing.ticket_id)
        if standing.instead_of == before and await _goes_along(work.session, ticket, planned.held):
            await _give(work, desk, ticket, after, by=by)


async def _give(work: Work, desk: Desk, ticket: Ticket, member_id: int, *, by: int) -> None:
    """To the successor, if they can look after it; it stays where it is if not."""
    holder = await people.fit(work.session, ticket, member_id, now=work.now)
    if holder is not None:
        await moving.move(work, desk, ticket, holder, why=Why.HANDED_OVER, by=by)


async def _pass_on_guests(work: Work, planned: Plan, *, by: int) -> None:
    before, after = planned.held.person.member.id, planned.successor.member.id
    for ticket_id in await held.helps_with(work.session, before):
        ticket = await store.existing(work.session, ticket_id)
        if await people.fit(work.session, ticket, before, now=work.now) is not None:
            continue
        await holdings.end_guest(work.session, ticket_id, before, now=work.now)
        if (
            await people.fit(work.session, ticket, after, now=work.now) is not None
            and ticket.owner_id != after
        ):
            await holdings.add_guest(work.session, ticket_id, after, asked_by=by, now=work.now)


async def _close_to_former(work: Work, planned: Plan) -> None:
    """Takes away what still stands of others' tickets in the chat of one who may no longer see it."""
    account_id = planned.held.person.account_id
    if account_id is None:
        return
    unit = planned.held.unit
    top = unit.parent_id if unit.kind is UnitKind.BRANCH and unit.parent_id is not None else unit.id
    for branch in await roster.branches_below(work.session, top):
        for ticket_id in await held.shown_in(work.session, account_id, branch.id):
            ticket = await store.existing(work.session, ticket_id)
            await moving.close_to_outsiders(work, ticket, key=f"handover:{work.now}")


async def _units(reader: Reader, held: Held) -> Sequence[Unit]:
    """The units whose members may take the post over."""
    return [held.unit] if held.unit.kind is UnitKind.BRANCH else await roster.children(reader, held.unit.id)


async def _able(reader: Reader, held: Held) -> Sequence[Person]:
    """Who may take the post over: the members of the branch, or of the general branch's branches; neither those who hold
    it, nor those who hold a higher one in the unit.
    """
    holding = {
        each.person.member.id
        for each in await roster.staff_of(reader, held.unit.id)
        if _rank(each.post.role) <= _rank(held.post.role)
    }
    return [
        person
        for unit in await _units(reader, held)
        for person in await roster.members_of(reader, unit.id)
        if person.member.id not in holding
    ]


async def _goes_along(reader: Reader, ticket: Ticket, case: Held) -> bool:
    """Whether the holder has the ticket by virtue of this post."""
    if case.unit.kind is UnitKind.BRANCH:
        return ticket.branch_id == case.unit.id
    if ticket.rung is not Rung.GENERAL:
        return False
    return case.unit.id in {unit.id for unit in await roster.lineage(reader, ticket.branch_id)}


def _rank(role: Role) -> int:
    return list(Role).index(role)


async def _tell(work: Work, person: Person, message: Message, *, key: str) -> None:
    if person.account_id is not None:
        await work.out.send(
            person.account_id, message, key=f"{key}:{person.account_id}", urgency=Urgency.TICKET
        )
