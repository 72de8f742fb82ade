"""Whose ticket it is: the first to be asked, reminding them, passing it on, and whatever the roster changes in that."""

from telegram import InlineKeyboardMarkup

from bot.helpdesk import (
    climb,
    closing,
    delivery,
    holdings,
    move_texts,
    moving,
    people,
    schedules,
    store,
    texts,
)
from bot.helpdesk.climb import PassOn, Remind, Rest, Standing, Wait, Warn
from bot.helpdesk.model import CloseReason, Holder, State, Ticket, Why
from bot.helpdesk.rules import Desk
from bot.kit.work import Work
from bot.roster import store as roster


async def begin(work: Work, desk: Desk, ticket: Ticket, keyboard: InlineKeyboardMarkup | None = None) -> None:
    """Gives a ticket that has just been sent to whoever can be reached, and tells the member who that is and by when
    they answer; or honestly that nobody can be reached yet. `keyboard` stands under what the member is told.
    """
    holder = await people.first_holder(
        work.session, desk, ticket.branch_id, ticket.requester_id, now=work.now
    )
    if holder is None:
        await _tell_it_is_kept(work, ticket, key="kept", keyboard=keyboard)
    else:
        await moving.move(work, desk, ticket, holder, why=Why.ASKED, keyboard=keyboard)


async def find_owner(work: Work, desk: Desk, ticket_id: int) -> None:
    """Sees to it that a waiting ticket is with somebody who can look after it."""
    ticket = await store.ticket(work.session, ticket_id)
    if ticket is not None and ticket.state is State.OPEN:
        await looked_after(work, desk, ticket)


async def looked_after(work: Work, desk: Desk, ticket: Ticket) -> Ticket:
    """The ticket in the hands of somebody who can look after it. If its owner cannot (left, lost the post, is away or has
    blocked the bot), it goes to somebody else; if nobody can, nobody has it, and the waiting member is told. Returns it as
    it is now.
    """
    if ticket.state not in (State.OPEN, State.ANSWERED):
        return ticket
    if ticket.owner_id is not None and await people.fit(work.session, ticket, ticket.owner_id, now=work.now):
        return ticket
    holder = await people.successor(work.session, desk, ticket, now=work.now)
    if holder is not None:
        return await moving.move(work, desk, ticket, holder, why=Why.UNFIT)
    return await _release(work, ticket)


async def follow(work: Work, desk: Desk, ticket_id: int) -> None:
    """Lets a ticket follow its member: to the branch they belong to now, or to its end, once they are on no roster."""
    ticket = await store.ticket(work.session, ticket_id)
    if ticket is None or ticket.state is State.CLOSED:
        return
    requester = (await delivery.requester_of(work.session, ticket)).member
    if requester.left_at is not None:
        await _end_with_the_member(work, ticket)
    elif requester.branch_id != ticket.branch_id:
        await _change_branch(work, desk, ticket, requester.branch_id)


async def close_to_outsiders(work: Work, ticket_id: int) -> None:
    """Takes a ticket in work from the chats of those who may no longer see it."""
    ticket = await store.ticket(work.session, ticket_id)
    if ticket is not None and ticket.state in (State.OPEN, State.ANSWERED):
        await moving.close_to_outsiders(work, ticket, key="post-ended")


async def step(work: Work, desk: Desk, ticket_id: int) -> None:
    """Does what the ladder asks for now; nothing if it is not time, or was done."""
    ticket = await store.ticket(work.session, ticket_id)
    if ticket is None or ticket.state is not State.OPEN:
        return
    looked_after_now = await looked_after(work, desk, ticket)
    owner = await people.owner(work.session, ticket)
    if owner is None or looked_after_now.owner_id != ticket.owner_id:
        return
    warned = ticket.warned_at is not None
    heir = await people.heir(work.session, desk, ticket, now=work.now) if warned else None
    course = await people.course(work.session, ticket)
    climbing = bool(course) and course[-1].why is Why.LADDER
    standing = Standing(ticket.deadline, ticket.next_at, warned=warned, climbing=climbing)
    schedule = await schedules.of_branch(work.session, desk, ticket.branch_id)
    match climb.next_step(standing, work.now, schedule, has_heir=heir is not None):
        case Wait():
            pass
        case Rest(next_at):
            await store.note_next(work.session, ticket.id, next_at)
        case Warn(next_at):
            await _warn(work, desk, ticket, owner)
            await store.note_warned(work.session, ticket.id, next_at, now=work.now)
        case PassOn():
            if heir is not None:
                await moving.move(work, desk, ticket, heir, why=Why.LADDER)
        case Remind(timing):
            await _remind(work, ticket, owner)
            await store.note_reminded(work.session, ticket.id, timing, now=work.now)


async def _release(work: Work, ticket: Ticket) -> Ticket:
    released = await moving.release(work, ticket)
    if ticket.owner_id is not None and ticket.state is State.OPEN:
        await _tell_it_is_kept(work, released, key=f"released:{work.now}")
    return released


async def _end_with_the_member(work: Work, ticket: Ticket) -> None:
    if ticket.state is State.GATHERING:
        await store.drop(work.session, ticket.id)
        return
    owner = await people.owner(work.session, ticket)
    await closing.end(work, ticket, CloseReason.LEFT, by=None)
    if owner is not None and ticket.state is State.OPEN:
        requester = await delivery.requester_of(work.session, ticket)
        message = move_texts.requester_left(work.languages[owner.language], requester.member.name)
        await delivery.note_to_staff(work, ticket, owner, message, key="left")


async def _change_branch(work: Work, desk: Desk, ticket: Ticket, branch_id: int) -> None:
    await store.change_branch(work.session, ticket.id, branch_id, now=work.now)
    await work.audit(
        "ticket.followed",
        by=None,
        subject=f"ticket:{ticket.id}",
        before=ticket.branch_id,
        after=branch_id,
    )
    if ticket.state is State.GATHERING:
        return
    await holdings.end_guests(work.session, ticket.id, now=work.now)
    ticket = await store.existing(work.session, ticket.id)
    if ticket.state is State.ANSWERED:
        await moving.release(work, ticket)  # whoever answers there gets it with the member's next words
        return
    holder = await people.first_holder(work.session, desk, branch_id, ticket.requester_id, now=work.now)
    if holder is None:
        await _release(work, ticket)
    elif holder.member_id == ticket.owner_id:
        await moving.close_to_outsiders(work, ticket, key=f"followed:{work.now}")
    else:
        await moving.move(work, desk, ticket, holder, why=Why.MOVED)


async def _warn(work: Work, desk: Desk, ticket: Ticket, owner: Holder) -> None:
    if ticket.deadline is None:
        return
    _ = work.languages[owner.language]
    requester = await delivery.requester_of(work.session, ticket)
    by = texts.when(_, ticket.deadline, work.now, desk.zone)
    message = move_texts.warning(_, requester.member.name, by)
    await delivery.note_to_staff(work, ticket, owner, message, key=f"warned:{ticket.deadline}")


async def _remind(work: Work, ticket: Ticket, owner: Holder) -> None:
    requester = await delivery.requester_of(work.session, ticket)
    message = move_texts.reminder(work.languages[owner.language], requester.member.name)
    await delivery.note_to_staff(work, ticket, owner, message, key=f"reminded:{ticket.deadline}")
    if ticket.reminded_at is None:  # the member is told once, not with every further reminder
        waiting = texts.still_waiting(work.languages[requester.language], owner)
        key = f"still-waiting:{ticket.deadline}"
        await delivery.note(work, ticket, requester.account_id, waiting, key=key)


async def _tell_it_is_kept(
    work: Work, ticket: Ticket, *, key: str, keyboard: InlineKeyboardMarkup | None = None
) -> None:
    requester = await delivery.requester_of(work.session, ticket)
    secretary = await people.secretary(work.session, ticket.branch_id, but=ticket.requester_id)
    _ = work.languages[requester.language]
    message = texts.kept(_, await _branch_name(work, ticket), secretary)
    await delivery.note(work, ticket, requester.account_id, message, key=key, keyboard=keyboard)


async def _branch_name(work: Work, ticket: Ticket) -> str:
    branch = await roster.unit(work.session, ticket.branch_id)
    return "" if branch is None else branch.name
