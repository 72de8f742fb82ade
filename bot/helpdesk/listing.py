"""Lists of tickets and the history of one."""

from bot.helpdesk import delivery, people, places, rules, staff_texts, store, texts, thread
from bot.helpdesk.buttons import Shelf
from bot.helpdesk.errors import Expired
from bot.helpdesk.model import Direction, Ticket
from bot.helpdesk.rules import Desk
from bot.kit.i18n import Words
from bot.kit.messages import Message
from bot.kit.outbox import Urgency
from bot.kit.work import Work
from bot.roster.model import Actor, Member

PAGE = 6
"""Tickets on one page."""

SHOWN = 12
"""The newest of what was said, in a history."""


async def page(work: Work, desk: Desk, member: Member, shelf: Shelf, number: int, words: Words) -> Message:
    """A page of somebody's own tickets, or of those that wait for them and their branch. Whoever holds no post finds
    an empty inbox: which tickets it holds is decided by posts, not by the button.
    """
    offset = max(0, number) * PAGE
    zone = desk.zone
    if shelf is Shelf.OWN:
        lines = await store.own(work.session, member.id, limit=PAGE + 1, offset=offset)
        return texts.own_tickets(words, lines[:PAGE], number, zone, has_next=len(lines) > PAGE)
    lines = await store.inbox(work.session, member.id, limit=PAGE + 1, offset=offset)
    counts = await store.inbox_counts(work.session, member.id, now=work.now)
    return staff_texts.inbox(words, lines[:PAGE], counts, number, zone, has_next=len(lines) > PAGE)


async def show(work: Work, desk: Desk, actor: Actor, ticket_id: int, *, key: str) -> None:
    """Brings the requester the history of their ticket, or somebody of its staff its card with all that was said and
    is not in their chat yet. `NotYours` for anybody else, `Expired`.
    """
    ticket = await store.existing(work.session, ticket_id)
    if actor.member is not None and actor.member.id == ticket.requester_id:
        message = await _history(work, desk, ticket, work.languages[actor.language])
        await delivery.note(work, ticket, actor.account_id, message, key=key, urgency=Urgency.INTERACTIVE)
        return
    me = await people.as_staff(work.session, actor, ticket)
    if ticket.expired_at is not None:
        raise Expired
    if (spot := places.private(me)) is not None:
        await delivery.bring(work, desk, ticket, spot, key=key)


async def _history(work: Work, desk: Desk, ticket: Ticket, words: Words) -> Message:
    said = await thread.entries(work.session, ticket.id)
    entries = [entry for entry in said if entry.direction is not Direction.NOTED][-SHOWN:]
    names = {
        author: (await people.named(work.session, ticket, author)).name
        for author in {entry.author_id for entry in entries if entry.direction is Direction.ANSWERED}
    }
    told = [entry for entry in entries if not rules.says_the_card(ticket, entry)]
    reopenable = rules.is_reopenable(ticket, work.now)
    return texts.history(words, ticket, told, names, desk.zone, reopenable=reopenable)
