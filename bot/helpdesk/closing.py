"""Ends of tickets: closing, opening again, rating, forgetting."""

import dataclasses
from collections.abc import Sequence

from bot.helpdesk import delivery, people, rules, schedules, staff_texts, store, texts
from bot.helpdesk.errors import AlreadyClosed, TooLongAgo
from bot.helpdesk.model import CloseReason, Holder, Rating, State, Ticket
from bot.helpdesk.rules import LISTENING, Desk
from bot.kit.database import Reader
from bot.kit.errors import Outdated
from bot.kit.i18n import Words
from bot.kit.work import Work
from bot.roster.model import Actor


@dataclasses.dataclass(frozen=True, slots=True)
class Closed:
    requester: str
    unreachable: bool


async def close(work: Work, actor: Actor, ticket_id: int, reason: CloseReason) -> Closed:
    """The staff end a ticket, and the member is told. `NotYours`, `AlreadyClosed`; `Outdated` for a reason that is none
    of theirs.
    """
    if reason not in rules.STAFF_REASONS:
        raise Outdated
    ticket = await store.existing(work.session, ticket_id)
    me = await people.as_staff(work.session, actor, ticket)
    if ticket.state is State.CLOSED:
        raise AlreadyClosed
    await _end(work, ticket, reason, by=me.member_id)
    requester = await delivery.requester_of(work.session, ticket)
    message = texts.closed(work.languages[requester.language], ticket.id, me, reason)
    await delivery.note(work, ticket, requester.account_id, message, key=f"closed:{work.now}")
    return Closed(requester.member.name, await delivery.is_out_of_reach(work.session, requester))


async def solve(work: Work, actor: Actor, ticket_id: int) -> Ticket:
    """The member says it is settled, and the owner is told. `NotYours`, `AlreadyClosed`, `Outdated`."""
    ticket = await store.existing(work.session, ticket_id)
    member = people.as_requester(actor, ticket)
    _must_be_sent(ticket)
    if ticket.state is State.CLOSED:
        raise AlreadyClosed
    await _end(work, ticket, CloseReason.SOLVED, by=member.id)
    owner = await people.owner(work.session, ticket)
    if owner is not None:
        message = staff_texts.solved(work.languages[owner.language], member.name)
        await delivery.note_to_staff(work, ticket, owner, message, key=f"solved:{work.now}")
    return ticket


async def need_more(work: Work, desk: Desk, actor: Actor, ticket_id: int) -> Holder | None:
    """The member still needs help: the ticket is open (again) and what they write next joins it. Returns the owner.
    `NotYours`, `TooLongAgo`, `Outdated`.
    """
    ticket = await store.existing(work.session, ticket_id)
    member = people.as_requester(actor, ticket)
    _must_be_sent(ticket)
    if ticket.state is State.CLOSED and not rules.is_reopenable(ticket, work.now):
        raise TooLongAgo
    owner = await people.owner(work.session, ticket)
    listen_until = work.now + LISTENING
    await delivery.put_buttons_away(work, ticket, key=f"more:{work.now}", chat_id=actor.account_id)
    if ticket.state is State.OPEN:
        await store.listen(work.session, ticket.id, listen_until)
        return owner
    await reopen(work, desk, ticket, by=member.id, key=f"more:{work.now}", listen_until=listen_until)
    if owner is not None:
        message = staff_texts.needs_more(work.languages[owner.language], member.name)
        await delivery.note_to_staff(work, ticket, owner, message, key=f"more:{work.now}")
    return owner


async def rate(work: Work, actor: Actor, ticket_id: int, rating: Rating) -> None:
    """The last tap counts. `NotYours`."""
    ticket = await store.existing(work.session, ticket_id)
    people.as_requester(actor, ticket)
    await store.rate(work.session, ticket.id, rating)
    await delivery.put_buttons_away(work, ticket, key=f"rated:{work.now}", chat_id=actor.account_id)


async def reopen(
    work: Work,
    desk: Desk,
    ticket: Ticket,
    *,
    by: int,
    key: str,
    listen_until: int | None = None,
) -> None:
    """The member waits again: the clock starts anew, and the cards say by when to answer. `listen_until` None leaves it
    as it was.
    """
    timing = rules.timing(work.now, await schedules.of_branch(work.session, desk, ticket.branch_id))
    await store.reopen(work.session, ticket.id, timing, listen_until=listen_until, now=work.now)
    if ticket.state is State.CLOSED:
        await note_reopened(work, ticket, by=by)
    await delivery.renew_cards(work, desk, await store.existing(work.session, ticket.id), key=key)


async def note_reopened(work: Work, ticket: Ticket, *, by: int) -> None:
    await work.audit("ticket.reopened", by=by, subject=f"ticket:{ticket.id}")


async def close_quiet(work: Work, ticket_id: int) -> None:
    """Closes an answered ticket to which nobody has written for long; nobody is disturbed with that."""
    ticket = await store.ticket(work.session, ticket_id)
    if ticket is None or ticket.state is not State.ANSWERED:
        return
    await _end(work, ticket, CloseReason.QUIET, by=None)


async def expire(work: Work, ticket_id: int) -> None:
    await store.forget(work.session, ticket_id, now=work.now)


async def contribute(reader: Reader, actor: Actor, words: Words) -> Sequence[str]:
    """What the helpdesk holds about this person, for /mydata."""
    if actor.member is None:
        return []
    running, closed = await store.counts_of(reader, actor.member.id)
    return [texts.holdings(words, running, closed)]


async def forget(work: Work, actor: Actor) -> None:
    """For /forgetme: what this person asked is deleted, what was running is closed and its owner told."""
    if actor.member is None:
        return
    for ticket_id in await store.ids_of(work.session, actor.member.id):
        ticket = await store.existing(work.session, ticket_id)
        if ticket.state is State.GATHERING:
            await store.drop(work.session, ticket_id)
            continue
        if ticket.state is not State.CLOSED:
            await _withdraw(work, ticket)
        await store.forget(work.session, ticket_id, now=work.now)
        await delivery.close_cards(work, await store.existing(work.session, ticket_id), key="forgotten")


async def _end(work: Work, ticket: Ticket, reason: CloseReason, *, by: int | None) -> None:
    await store.close(work.session, ticket.id, reason, by=by, now=work.now)
    await delivery.close_cards(work, ticket, key=f"closed:{work.now}")
    await delivery.put_buttons_away(work, ticket, key=f"closed:{work.now}")
    await work.audit("ticket.closed", by=by, subject=f"ticket:{ticket.id}", reason=str(reason))


def _must_be_sent(ticket: Ticket) -> None:
    if ticket.state is State.GATHERING:
        raise Outdated


async def _withdraw(work: Work, ticket: Ticket) -> None:
    await _end(work, ticket, CloseReason.FORGOTTEN, by=ticket.requester_id)
    owner = await people.owner(work.session, ticket)
    if owner is not None:
        message = staff_texts.withdrawn(work.languages[owner.language])
        await delivery.note_to_staff(work, ticket, owner, message, key="withdrawn")
