"""Internal notes: from the staff, for the staff."""

import dataclasses

from bot.helpdesk import delivery, people, store, thread
from bot.helpdesk.errors import Expired
from bot.helpdesk.model import Content, Direction, Entry, Holder, Ticket
from bot.helpdesk.rules import Desk
from bot.kit.database import Reader
from bot.kit.work import Work
from bot.roster.model import Actor


@dataclasses.dataclass(frozen=True, slots=True)
class Desired:
    """A ticket for which a note may be written."""

    ticket: Ticket
    me: Holder
    requester: str


async def of_ticket(reader: Reader, actor: Actor, ticket_id: int) -> Desired:
    """`NotYours` for anybody but the ticket's staff; `Expired`. A closed ticket may still be noted on."""
    ticket = await store.living(reader, ticket_id)
    me = await people.as_staff(reader, actor, ticket)
    if ticket.expired_at is not None:
        raise Expired
    requester = await delivery.requester_of(reader, ticket)
    return Desired(ticket, me, requester.member.name)


async def write(work: Work, desk: Desk, actor: Actor, ticket_id: int, content: Content) -> Desired:
    """Takes an internal note. Refuses as `of_ticket` does."""
    desired = await of_ticket(work.session, actor, ticket_id)
    await add(work, desk, desired.ticket, desired.me, content)
    return desired


async def add(
    work: Work, desk: Desk, ticket: Ticket, me: Holder, content: Content, *, replied: int | None = None
) -> Entry | None:
    """Notes what `me` says to the others: those who look after the ticket get it, every card tells of it, and the member
    never sees it. It is no answer: the clock goes on. None if that message was taken before.
    """
    entry = await thread.add(work.session, ticket.id, me.member_id, Direction.NOTED, content, now=work.now)
    if entry is not None:
        await delivery.relay_to_staff(work, ticket, entry, replied=replied)
        await delivery.renew_cards(work, desk, ticket, key=f"noted:{entry.id}")
    return entry
