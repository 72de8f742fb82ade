"""A member's own tickets."""

from bot.helpdesk import closing, delivery, people, rules, staff_texts, store, thread
from bot.helpdesk.errors import AlreadyClosed
from bot.helpdesk.model import CloseReason, Direction, Entry, Holder, State, Ticket
from bot.helpdesk.own import texts
from bot.helpdesk.own.texts import Standing
from bot.helpdesk.rules import LISTENING, Desk
from bot.kit.errors import Outdated
from bot.kit.i18n import Words
from bot.kit.messages import Message
from bot.kit.work import Work
from bot.roster import store as roster
from bot.roster.model import Actor, Member

PAGE = 6
"""Tickets on one page."""

SHOWN = 12
"""The newest of what was said, in one ticket."""


async def page(work: Work, desk: Desk, member: Member, number: int, words: Words) -> Message:
    """A page of somebody's own tickets, from 0."""
    number = max(0, number)
    lines = await store.own(work.session, member.id, limit=PAGE + 1, offset=number * PAGE)
    return texts.page(words, lines[:PAGE], number, desk.zone, has_next=len(lines) > PAGE)


async def view(work: Work, desk: Desk, ticket: Ticket, words: Words) -> Message:
    """One of the member's tickets: what was said, who has it, and by when they answer."""
    shown = [each for each in await _said(work, ticket) if not rules.says_the_card(ticket, each)]
    names = {
        author: (await people.named(work.session, ticket, author)).name
        for author in {each.author_id for each in shown if each.direction is Direction.ANSWERED}
    }
    standing = await _standing(work, desk, ticket)
    return texts.view(words, standing, shown, names, work.now, desk.zone)


async def _said(work: Work, ticket: Ticket) -> list[Entry]:
    """What passed between the member and the staff, the newest."""
    both = (Direction.ASKED, Direction.ANSWERED)
    entries = await thread.entries(work.session, ticket.id)
    return [each for each in entries if each.direction in both][-SHOWN:]


async def _standing(work: Work, desk: Desk, ticket: Ticket) -> Standing:
    branch = await roster.unit(work.session, ticket.branch_id)
    closer = None
    if ticket.closed_by is not None and ticket.closed_by != ticket.requester_id:
        closer = await people.named(work.session, ticket, ticket.closed_by)
    return Standing(
        ticket,
        await people.owner(work.session, ticket),
        closer,
        branch="" if branch is None else branch.name,
        secretary=await people.secretary(work.session, ticket.branch_id, but=ticket.requester_id),
        reopenable=rules.is_reopenable(ticket, work.now, desk.reopenable),
    )


async def add(work: Work, actor: Actor, ticket_id: int) -> tuple[Ticket, Holder | None]:
    """What the member types next joins the ticket; returns it and who sees that. `NotYours`; `Outdated` for a ticket that does not
    wait for an answer.
    """
    ticket = await store.living(work.session, ticket_id)
    people.as_requester(actor, ticket)
    if ticket.state is not State.OPEN:
        raise Outdated
    await store.listen(work.session, ticket.id, work.now + LISTENING)
    return ticket, await people.owner(work.session, ticket)


async def must_be_own(work: Work, actor: Actor, ticket_id: int) -> None:
    """`NotYours` for somebody else's ticket."""
    people.as_requester(actor, await store.existing(work.session, ticket_id))


async def withdraw(work: Work, actor: Actor, ticket_id: int) -> tuple[Ticket, Holder | None]:
    """The member takes the question back, and its owner is told; returns both. `NotYours`, `AlreadyClosed`; `Outdated`
    for a ticket that was not sent yet.
    """
    ticket = await store.existing(work.session, ticket_id)
    member = people.as_requester(actor, ticket)
    if ticket.state is State.GATHERING:
        raise Outdated
    if ticket.state is State.CLOSED:
        raise AlreadyClosed
    await closing.end(work, ticket, CloseReason.WITHDRAWN, by=member.id)
    owner = await people.owner(work.session, ticket)
    if owner is not None:
        message = staff_texts.taken_back(work.languages[owner.language], member.name)
        await delivery.note_to_staff(work, ticket, owner, message, key=f"taken-back:{work.now}")
    return ticket, owner
