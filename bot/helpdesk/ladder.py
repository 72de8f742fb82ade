"""Whose ticket it is: giving it to somebody, reminding them, passing it on."""

from telegram import InlineKeyboardMarkup

from bot.helpdesk import delivery, people, places, rules, schedules, staff_texts, store, texts
from bot.helpdesk.model import Holder, State, Ticket, Why
from bot.helpdesk.rules import Desk, PassOn, Remind, Standing, Wait, Warn
from bot.kit.work import Work
from bot.roster import store as roster


async def begin(work: Work, desk: Desk, ticket: Ticket, keyboard: InlineKeyboardMarkup | None = None) -> None:
    """Gives a ticket that has just been sent to whoever can be reached, and tells the member who that is and by when
    they answer; or honestly that nobody can be reached yet. `keyboard` stands under what the member is told.
    """
    holder = await people.first_holder(work.session, ticket.branch_id, ticket.requester_id)
    if holder is not None:
        ticket = await give(work, desk, ticket, holder, why=Why.ASKED)
        await _tell_whose_it_is(work, desk, ticket, holder, keyboard)
        return
    await _tell_it_is_kept(work, ticket, key="kept", keyboard=keyboard)


async def find_owner(work: Work, desk: Desk, ticket_id: int) -> None:
    """Gives a waiting ticket to somebody who can be reached, if its owner cannot, and tells the member. Nothing
    happens while nobody can.
    """
    ticket = await store.ticket(work.session, ticket_id)
    if ticket is None or ticket.state is not State.OPEN:
        return
    reachable = await people.reachable(work.session, ticket.branch_id)
    if any(holder.member_id == ticket.owner_id for holder in reachable):
        return
    holder = await people.first_holder(work.session, ticket.branch_id, ticket.requester_id)
    if holder is None:
        return
    before = await people.owner(work.session, ticket)
    ticket = await give(work, desk, ticket, holder, why=Why.UNFIT)
    if before is None:
        await _tell_whose_it_is(work, desk, ticket, holder)
    else:
        await _tell_of_move(work, desk, ticket, before, holder)


async def step(work: Work, desk: Desk, ticket_id: int) -> None:
    """Does what the ladder asks for now; nothing if it is not time, or was done."""
    ticket = await store.ticket(work.session, ticket_id)
    if ticket is None or ticket.state is not State.OPEN:
        return
    owner = await people.owner(work.session, ticket)
    if owner is None:
        return
    heir = await people.heir(work.session, ticket)
    standing = Standing(ticket.deadline, ticket.next_at, warned=ticket.warned_at is not None)
    schedule = await schedules.of_branch(work.session, desk, ticket.branch_id)
    match rules.next_step(standing, work.now, schedule, has_heir=heir is not None):
        case Wait():
            pass
        case Warn(next_at):
            await _warn(work, desk, ticket, owner)
            await store.note_warned(work.session, ticket.id, next_at, now=work.now)
        case PassOn() if heir is not None:
            await _pass_on(work, desk, ticket, owner, heir)
        case PassOn(timing) | Remind(timing):
            await _remind(work, ticket, owner)
            await store.note_reminded(work.session, ticket.id, timing, now=work.now)


async def tell_of_lost_messages(work: Work, ticket_id: int) -> None:
    """Tells the owner that the member has blocked the bot and must be phoned, or that an answer did not arrive."""
    ticket = await store.ticket(work.session, ticket_id)
    if ticket is None or ticket.state not in (State.OPEN, State.ANSWERED):
        return
    requester = await delivery.requester_of(work.session, ticket)
    owner = await people.owner(work.session, ticket)
    if owner is not None:
        _, name = work.languages[owner.language], requester.member.name
        gone = await delivery.is_out_of_reach(work.session, requester)
        message = staff_texts.out_of_reach(_, name) if gone else staff_texts.not_delivered(_, name)
        await delivery.note_to_staff(work, ticket, owner, message, key=f"lost:{work.now}")
    await store.note_unreachable_told(work.session, ticket.id, now=work.now)


async def tell_of_undelivered_words(work: Work, ticket_id: int) -> None:
    """Tells the member that what they said did not reach the owner and never will: to say it once more, or to phone.
    Where the owner has blocked the bot, somebody else gets all of it (`find_owner`); the member is told if nobody can.
    """
    ticket = await store.ticket(work.session, ticket_id)
    if ticket is None or ticket.state not in (State.OPEN, State.ANSWERED):
        return
    owner = await people.owner(work.session, ticket)
    if owner is None:
        return
    reachable = await people.reachable(work.session, ticket.branch_id)
    key = f"undelivered:{work.now}"
    if any(holder.member_id == owner.member_id for holder in reachable):
        requester = await delivery.requester_of(work.session, ticket)
        message = texts.not_delivered(work.languages[requester.language], owner)
        await delivery.note(work, ticket, requester.account_id, message, key=key)
    elif await people.first_holder(work.session, ticket.branch_id, ticket.requester_id) is None:
        await _tell_it_is_kept(work, ticket, key=key)
    await store.note_undelivered_told(work.session, ticket.id, now=work.now)


async def give(work: Work, desk: Desk, ticket: Ticket, holder: Holder, *, why: Why) -> Ticket:
    """Gives the ticket to somebody, whose clock starts now, and brings it to where they look after it."""
    if ticket.owner_id is not None:
        await note_moved(work, ticket, holder, by=None)
    schedule = await schedules.of_branch(work.session, desk, ticket.branch_id)
    timing = rules.timing(work.now, schedule)
    await store.hand_to(work.session, ticket.id, holder, timing, why=why, now=work.now)
    given = await store.existing(work.session, ticket.id)
    spot = await places.of_owner(work.session, given)
    if spot is not None:
        await delivery.bring(work, desk, given, spot, key=f"given:{work.now}")
    return given


async def note_moved(work: Work, ticket: Ticket, holder: Holder, *, by: int | None) -> None:
    """Audits that the ticket goes from its owner to `holder`; `by` None: for want of an answer."""
    await work.audit(
        "ticket.moved",
        by=by,
        subject=f"ticket:{ticket.id}",
        before=ticket.owner_id,
        after=holder.member_id,
        rung=None if holder.rung is None else str(holder.rung),
    )


async def _pass_on(work: Work, desk: Desk, ticket: Ticket, before: Holder, heir: Holder) -> None:
    requester = await delivery.requester_of(work.session, ticket)
    name = requester.member.name
    over = staff_texts.taken_over(work.languages[before.language], name, heir)
    await delivery.note_to_staff(work, ticket, before, over, key=f"moved:{work.now}")
    please = staff_texts.please_take_over(work.languages[heir.language], name, before)
    await delivery.note(work, ticket, heir.account_id, please, key=f"please:{work.now}")
    ticket = await give(work, desk, ticket, heir, why=Why.LADDER)
    await _tell_of_move(work, desk, ticket, before, heir)


async def _warn(work: Work, desk: Desk, ticket: Ticket, owner: Holder) -> None:
    if ticket.deadline is None:
        return
    _ = work.languages[owner.language]
    requester = await delivery.requester_of(work.session, ticket)
    by = texts.when(_, ticket.deadline, work.now, desk.zone)
    message = staff_texts.warning(_, requester.member.name, by)
    await delivery.note_to_staff(work, ticket, owner, message, key=f"warned:{ticket.deadline}")


async def _remind(work: Work, ticket: Ticket, owner: Holder) -> None:
    requester = await delivery.requester_of(work.session, ticket)
    message = staff_texts.reminder(work.languages[owner.language], requester.member.name)
    await delivery.note_to_staff(work, ticket, owner, message, key=f"reminded:{ticket.deadline}")
    if ticket.reminded_at is None:  # the member is told once, not with every further reminder
        waiting = texts.still_waiting(work.languages[requester.language], owner)
        key = f"still-waiting:{ticket.deadline}"
        await delivery.note(work, ticket, requester.account_id, waiting, key=key)


async def _tell_whose_it_is(
    work: Work,
    desk: Desk,
    ticket: Ticket,
    holder: Holder,
    keyboard: InlineKeyboardMarkup | None = None,
) -> None:
    requester = await delivery.requester_of(work.session, ticket)
    _ = work.languages[requester.language]
    message = texts.sent(
        _,
        holder,
        texts.when(_, ticket.deadline or work.now, work.now, desk.zone),
        branch=await _branch_name(work, ticket),
        stands_in=await people.stands_in(work.session, ticket.branch_id, ticket.requester_id, holder),
    )
    await delivery.note(
        work, ticket, requester.account_id, message, key=f"sent:{work.now}", keyboard=keyboard
    )


async def _tell_it_is_kept(
    work: Work, ticket: Ticket, *, key: str, keyboard: InlineKeyboardMarkup | None = None
) -> None:
    requester = await delivery.requester_of(work.session, ticket)
    secretary = await people.secretary(work.session, ticket.branch_id, but=ticket.requester_id)
    _ = work.languages[requester.language]
    message = texts.kept(_, await _branch_name(work, ticket), secretary)
    await delivery.note(work, ticket, requester.account_id, message, key=key, keyboard=keyboard)


async def _tell_of_move(work: Work, desk: Desk, ticket: Ticket, before: Holder, after: Holder) -> None:
    requester = await delivery.requester_of(work.session, ticket)
    _ = work.languages[requester.language]
    expected = texts.when(_, ticket.deadline or work.now, work.now, desk.zone)
    message = texts.taken_over(_, before, after, expected)
    await delivery.note(work, ticket, requester.account_id, message, key=f"told-moved:{work.now}")


async def _branch_name(work: Work, ticket: Ticket) -> str:
    branch = await roster.unit(work.session, ticket.branch_id)
    return "" if branch is None else branch.name
