"""Keeping back what comes too fast, and bringing it."""

import dataclasses

from bot.helpdesk import delivery, thread
from bot.helpdesk import store as tickets
from bot.helpdesk.flooding import rules, store
from bot.helpdesk.model import Direction, Entry, Holder, Ticket
from bot.helpdesk.rules import Desk
from bot.kit.work import Work


@dataclasses.dataclass(frozen=True, slots=True)
class Slowed:
    """What the member said is kept and goes to the owner (None: nobody has it yet) a little later, with what follows."""

    ticket: Ticket
    owner: Holder | None
    told: bool
    """They know: it is not the first that has to wait."""


@dataclasses.dataclass(frozen=True, slots=True)
class Waiting:
    """Something said is kept back."""

    first: bool


async def hold(work: Work, desk: Desk, entry: Entry) -> Waiting | None:
    """Keeps back what a member has just said, if it was too much in too short a time; None: it can be brought at once."""
    flood = desk.flood
    said = await store.said_since(work.session, entry.ticket_id, entry.author_id, work.now - flood.within)
    if not rules.is_too_fast(said, flood):
        return None
    last = await store.last_waiting(work.session, entry.ticket_id)
    together = await _together(work, last)
    if last is not None and together and rules.fits(together, entry.content):
        await store.join(work.session, entry.id, last)
    else:
        running = await store.bring_at(work.session, entry.ticket_id)
        await store.wait(work.session, entry.id, work.now + flood.within if running is None else running)
    return Waiting(first=rules.begins(said, flood) and entry.content.album is None)


async def bundle(work: Work, desk: Desk, ticket_id: int) -> None:
    """Puts together what was said before the ticket was sent, if it is very much; nothing of it was brought yet."""
    asked = await thread.entries(work.session, ticket_id, Direction.ASKED)
    for entry_id, first in rules.bundles(asked, desk.flood):
        await store.join(work.session, entry_id, first)


async def bring(work: Work, ticket_id: int) -> None:
    """Brings to the staff what was kept back; nothing if that was done."""
    ticket = await tickets.ticket(work.session, ticket_id)
    if ticket is None:
        return
    for entry_id in await store.release(work.session, ticket_id):
        entry = await thread.entry(work.session, entry_id)
        if entry is not None and ticket.expired_at is None:
            await delivery.relay_to_staff(work, ticket, entry)


async def _together(work: Work, entry_id: int | None) -> list[Entry]:
    entry = None if entry_id is None else await thread.entry(work.session, entry_id)
    return [] if entry is None else [entry, *await thread.joined(work.session, entry.id)]
