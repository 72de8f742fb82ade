"""Putting a ticket aside, and what brings it back."""

from bot.helpdesk import closing, delivery, ladder, people, places, schedules, store, texts
from bot.helpdesk.errors import AlreadyClosed, NotTheOwner
from bot.helpdesk.model import Holder, State, Ticket
from bot.helpdesk.rules import Desk, Schedule
from bot.helpdesk.snoozing import store as snoozed
from bot.helpdesk.snoozing import texts as snoozing_texts
from bot.helpdesk.snoozing.rules import FOR_A_REPLY, Unfit, check
from bot.kit.errors import Outdated
from bot.kit.work import Work
from bot.roster.model import Actor


async def owned(work: Work, actor: Actor, ticket_id: int) -> Ticket:
    """The ticket, if the actor may put it aside. `NotYours`, `AlreadyClosed`; `NotTheOwner` for a colleague of its owner."""
    ticket = await store.existing(work.session, ticket_id)
    me = await people.as_staff(work.session, actor, ticket)
    if ticket.state is State.CLOSED:
        raise AlreadyClosed
    owner = await people.owner(work.session, ticket)
    if owner is None:
        raise Outdated
    if owner.member_id != me.member_id:
        raise NotTheOwner(name=owner.name)
    return ticket


async def schedule_of(work: Work, desk: Desk, ticket: Ticket) -> Schedule:
    return await schedules.of_branch(work.session, desk, ticket.branch_id)


async def snooze(work: Work, desk: Desk, actor: Actor, ticket_id: int, until: int) -> Ticket:
    """The owner puts the ticket aside until a moment, and the member is told. Refuses as `owned`; `Outdated` for a moment
    that has passed or is too far off.
    """
    ticket = await owned(work, actor, ticket_id)
    if isinstance(check(until, work.now), Unfit):
        raise Outdated
    ticket, owner = await _put_aside(work, desk, actor, ticket, until)
    requester = await delivery.requester_of(work.session, ticket)
    _ = work.languages[requester.language]
    when = texts.when(_, until, work.now, desk.zone)
    message = snoozing_texts.put_aside_until(_, owner, when)
    await delivery.note(work, ticket, requester.account_id, message, key=f"aside:{work.now}")
    return ticket


async def await_reply(work: Work, desk: Desk, actor: Actor, ticket_id: int) -> Ticket:
    """The owner waits for what the member writes, and the member is told. Refuses as `owned`."""
    ticket = await owned(work, actor, ticket_id)
    ticket, owner = await _put_aside(work, desk, actor, ticket, work.now + FOR_A_REPLY)
    requester = await delivery.requester_of(work.session, ticket)
    message = snoozing_texts.waiting_for_you(work.languages[requester.language], owner)
    await delivery.note(work, ticket, requester.account_id, message, key=f"aside:{work.now}")
    return ticket


async def wake(work: Work, desk: Desk, actor: Actor, ticket_id: int) -> Ticket:
    """The owner goes on with it before its time. Refuses as `owned`; `Outdated` for a ticket that is not put aside."""
    ticket = await owned(work, actor, ticket_id)
    if ticket.snoozed_until is None:
        raise Outdated
    return await _go_on(work, desk, ticket, by=people.bound(actor).id)


async def wake_due(work: Work, desk: Desk, ticket_id: int) -> None:
    """Brings back a ticket whose time has come: the clock starts, the owner has it before them, and the member knows by
    when they answer. Nothing for one that came back earlier.
    """
    ticket = await store.ticket(work.session, ticket_id)
    if ticket is None or ticket.state is not State.OPEN:
        return
    if ticket.snoozed_until is None or ticket.snoozed_until > work.now:
        return
    ticket = await ladder.looked_after(work, desk, ticket)
    if ticket.snoozed_until is None:
        return  # somebody else has it now, with a clock of their own, and everybody was told
    ticket = await _go_on(work, desk, ticket, by=None)
    owner = await people.owner(work.session, ticket)
    requester = await delivery.requester_of(work.session, ticket)
    if owner is None:
        return
    reminder = snoozing_texts.time_has_come(work.languages[owner.language], requester.member.name)
    await delivery.note_to_staff(work, ticket, owner, reminder, key=f"awake:{work.now}")
    spot = await places.of_owner(work.session, ticket)
    if spot is not None:
        await delivery.bring(work, desk, ticket, spot, key=f"awake:{work.now}")


async def _put_aside(
    work: Work, desk: Desk, actor: Actor, ticket: Ticket, until: int
) -> tuple[Ticket, Holder]:
    me = people.bound(actor)
    await snoozed.snooze(work.session, ticket.id, until, now=work.now)
    await work.audit("ticket.snoozed", by=me.id, subject=f"ticket:{ticket.id}", until=until)
    ticket = await store.existing(work.session, ticket.id)
    await delivery.renew_cards(work, desk, ticket, key=f"aside:{work.now}")
    return ticket, await people.named(work.session, ticket, me.id)


async def _go_on(work: Work, desk: Desk, ticket: Ticket, *, by: int | None) -> Ticket:
    await work.audit("ticket.woken", by=by, subject=f"ticket:{ticket.id}")
    await closing.reopen(work, desk, ticket, by=ticket.requester_id, key=f"awake:{work.now}")
    ticket = await store.existing(work.session, ticket.id)
    owner = await people.owner(work.session, ticket)
    requester = await delivery.requester_of(work.session, ticket)
    _ = work.languages[requester.language]
    if owner is not None and ticket.deadline is not None:
        expected = texts.when(_, ticket.deadline, work.now, desk.zone)
        message = snoozing_texts.goes_on(_, owner, expected)
        await delivery.note(work, ticket, requester.account_id, message, key=f"awake:{work.now}")
    return ticket
