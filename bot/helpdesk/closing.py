"""Ends of tickets: closing, opening again, rating, forgetting."""

import dataclasses
from collections.abc import Sequence

from bot.helpdesk import (
    absences,
    delivery,
    holdings,
    keeping,
    people,
    rules,
    schedules,
    staff_texts,
    store,
    texts,
)
from bot.helpdesk.away import texts as away_texts
from bot.helpdesk.ending import texts as ending_texts
from bot.helpdesk.errors import AlreadyClosed
from bot.helpdesk.model import CloseReason, Holder, Rating, State, Ticket
from bot.helpdesk.rules import LISTENING, Desk
from bot.kit.database import Reader
from bot.kit.errors import Outdated
from bot.kit.i18n import Words
from bot.kit.work import Work
from bot.roster.model import Actor


@dataclasses.dataclass(frozen=True, slots=True)
class Closed:
    ticket: Ticket
    requester: str
    unreachable: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Wanted:
    """A member who still needs help with a ticket."""

    ticket: Ticket
    owner: Holder | None
    anew: bool
    """It ended too long ago to go on: what they write begins a new one."""


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
    await end(work, ticket, reason, by=me.member_id)
    requester = await delivery.requester_of(work.session, ticket)
    # What they simply type in answer to that is about it.
    await store.listen(work.session, ticket.id, work.now + LISTENING)
    message = ending_texts.closed(work.languages[requester.language], ticket.id, me, reason)
    await delivery.note(work, ticket, requester.account_id, message, key=f"closed:{work.now}")
    return Closed(ticket, requester.member.name, await delivery.is_out_of_reach(work.session, requester))


async def solve(work: Work, actor: Actor, ticket_id: int) -> Ticket:
    """The member says it is settled, and the owner is told. `NotYours`, `AlreadyClosed`, `Outdated`."""
    ticket = await store.existing(work.session, ticket_id)
    member = people.as_requester(actor, ticket)
    _must_be_sent(ticket)
    if ticket.state is State.CLOSED:
        raise AlreadyClosed
    await end(work, ticket, CloseReason.SOLVED, by=member.id)
    owner = await people.owner(work.session, ticket)
    if owner is not None:
        message = staff_texts.solved(work.languages[owner.language], member.name)
        await delivery.note_to_staff(work, ticket, owner, message, key=f"solved:{work.now}")
    return ticket


async def need_more(work: Work, desk: Desk, actor: Actor, ticket_id: int) -> Wanted:
    """The member still needs help: the ticket is open (again) and what they write next joins it; nothing is done to one
    that ended too long ago. `NotYours`, `Outdated`.
    """
    ticket = await store.living(work.session, ticket_id)
    member = people.as_requester(actor, ticket)
    _must_be_sent(ticket)
    owner = await people.owner(work.session, ticket)
    if ticket.state is State.CLOSED and not rules.is_reopenable(ticket, work.now, desk.reopenable):
        return Wanted(ticket, owner, anew=True)
    listen_until = work.now + LISTENING
    await delivery.put_buttons_away(work, ticket, key=f"more:{work.now}", chat_id=actor.account_id)
    if ticket.state is State.OPEN:
        await store.listen(work.session, ticket.id, listen_until)
        return Wanted(ticket, owner, anew=False)
    await reopen(work, desk, ticket, by=member.id, key=f"more:{work.now}", listen_until=listen_until)
    if owner is not None:
        message = staff_texts.needs_more(work.languages[owner.language], member.name)
        await delivery.note_to_staff(work, ticket, owner, message, key=f"more:{work.now}")
    return Wanted(await store.existing(work.session, ticket.id), owner, anew=False)


async def rate(work: Work, actor: Actor, ticket_id: int, rating: Rating) -> tuple[Ticket, Holder | None]:
    """The last tap counts. Returns the ticket and who reads what the member may add in words. `NotYours`; `Outdated`
    while it is not closed.
    """
    ticket = await _rateable(work, actor, ticket_id)
    await store.rate(work.session, ticket.id, rating)
    if rating is not Rating.POOR:
        await store.listen(work.session, ticket.id, None)
    await delivery.put_buttons_away(work, ticket, key=f"rated:{work.now}", chat_id=actor.account_id)
    return ticket, await people.owner(work.session, ticket)


async def rated_ticket(work: Work, actor: Actor, ticket_id: int) -> tuple[Ticket, Holder | None]:
    """A ticket to whose rating its member may add words, and who reads them. `NotYours`; `Outdated` while it is not
    rated.
    """
    ticket = await _rateable(work, actor, ticket_id)
    if ticket.rating is None:
        raise Outdated
    return ticket, await people.owner(work.session, ticket)


async def add_words(work: Work, actor: Actor, ticket_id: int, words: str) -> Holder | None:
    """What the member adds to their rating; the owner reads it. Returns the owner. Refuses as `rated_ticket`."""
    ticket, owner = await rated_ticket(work, actor, ticket_id)
    await store.add_rating_words(work.session, ticket.id, words)
    if owner is not None and ticket.rating is not None:
        requester = await delivery.requester_of(work.session, ticket)
        _ = work.languages[owner.language]
        message = ending_texts.praised(_, requester.member.name, ticket.rating, words)
        await delivery.note_to_staff(work, ticket, owner, message, key=f"praised:{work.now}")
    return owner


async def _rateable(work: Work, actor: Actor, ticket_id: int) -> Ticket:
    ticket = await store.existing(work.session, ticket_id)
    people.as_requester(actor, ticket)
    if ticket.state is not State.CLOSED or ticket.expired_at is not None:
        raise Outdated
    return ticket


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
    reopened = await store.existing(work.session, ticket.id)
    await delivery.renew_cards(work, desk, reopened, key=key)
    await delivery.present(work, desk, reopened, key=key)


async def note_reopened(work: Work, ticket: Ticket, *, by: int) -> None:
    await work.audit("ticket.reopened", by=by, subject=f"ticket:{ticket.id}")


async def close_quiet(work: Work, desk: Desk, ticket_id: int) -> None:
    """Closes an answered ticket to which nobody has written for long, and tells the member: at an hour at which people
    write to each other, so later if need be.
    """
    ticket = await store.ticket(work.session, ticket_id)
    if ticket is None or ticket.state is not State.ANSWERED:
        return
    schedule = await schedules.of_branch(work.session, desk, ticket.branch_id)
    if not schedule.at_work(work.now):
        return
    await end(work, ticket, CloseReason.QUIET, by=None)
    requester = await delivery.requester_of(work.session, ticket)
    message = ending_texts.gone_quiet(work.languages[requester.language], ticket)
    await delivery.note(work, ticket, requester.account_id, message, key=f"quiet:{work.now}")


async def expire(work: Work, ticket_id: int) -> None:
    await keeping.forget(work.session, ticket_id, now=work.now)


async def contribute(reader: Reader, actor: Actor, words: Words) -> Sequence[str]:
    """What the helpdesk holds about this person, for /mydata."""
    if actor.member is None:
        return []
    running, closed = await keeping.counts_of(reader, actor.member.id)
    away = await absences.of_member(reader, actor.member.id)
    return [
        texts.holdings(words, running, closed),
        *([away_texts.noted(words, [each.last_day for each in away])] if away else []),
    ]


async def forget(work: Work, actor: Actor) -> None:
    """For /forgetme: what this person asked is deleted, what was running is closed and its owner told."""
    if actor.member is None:
        return
    for ticket_id in await keeping.ids_of(work.session, actor.member.id):
        ticket = await store.existing(work.session, ticket_id)
        if ticket.state is State.GATHERING:
            await store.drop(work.session, ticket_id)
            continue
        if ticket.state is not State.CLOSED:
            await _withdraw(work, ticket)
        await keeping.forget(work.session, ticket_id, now=work.now)
        await delivery.close_cards(work, await store.existing(work.session, ticket_id), key="forgotten")


async def end(work: Work, ticket: Ticket, reason: CloseReason, *, by: int | None) -> None:
    """Closes the ticket, whatever it was waiting for, and takes its buttons away; whoever calls tells people. `by` None:
    it closes by a rule.
    """
    await store.close(work.session, ticket.id, reason, by=by, now=work.now)
    await delivery.close_cards(work, ticket, key=f"closed:{work.now}")
    await delivery.put_buttons_away(work, ticket, key=f"closed:{work.now}")
    await holdings.end_guests(work.session, ticket.id, now=work.now)
    await work.audit("ticket.closed", by=by, subject=f"ticket:{ticket.id}", reason=str(reason))


def _must_be_sent(ticket: Ticket) -> None:
    if ticket.state is State.GATHERING:
        raise Outdated


async def _withdraw(work: Work, ticket: Ticket) -> None:
    await end(work, ticket, CloseReason.FORGOTTEN, by=ticket.requester_id)
    owner = await people.owner(work.session, ticket)
    if owner is not None:
        message = staff_texts.withdrawn(work.languages[owner.language])
        await delivery.note_to_staff(work, ticket, owner, message, key="withdrawn")
