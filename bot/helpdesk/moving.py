"""How a ticket changes hands: the only place where it does."""

from telegram import InlineKeyboardMarkup

from bot.helpdesk import (
    delivery,
    holdings,
    move_texts,
    people,
    places,
    rules,
    schedules,
    staff_texts,
    store,
    texts,
    thread,
)
from bot.helpdesk.model import Holder, Part, State, Ticket, Why
from bot.helpdesk.rules import Desk
from bot.kit.outbox import Queued, Urgency
from bot.kit.work import Work
from bot.roster import store as roster

_OF_ITSELF = frozenset({Why.ASKED, Why.ANSWERED, Why.HANDED_OVER})
"""Who had the ticket, and who has it now, are told of these otherwise, if at all."""

_CHOSEN = frozenset({Why.CLAIMED, Why.TRANSFERRED})
"""Somebody's own decision, of which a member hears also while they are waiting for nothing."""


async def move(
    work: Work,
    desk: Desk,
    ticket: Ticket,
    holder: Holder,
    *,
    why: Why,
    by: int | None = None,
    words: str = "",
    keyboard: InlineKeyboardMarkup | None = None,
) -> Ticket:
    """Gives the ticket to `holder` and tells everybody concerned; returns it as it is now.

    The clock starts anew for one who has a waiting ticket from now on; it stands in an answered one, and for one who has
    just answered. Who had the ticket is told, unless they are `by`, the acting member; who has it now gets its card and
    all that was said, unless they are `by` and have it before them. The member is told who has it and by when they
    answer, with `keyboard` under it. `words` are what `by` adds for the new owner. Nothing happens where `holder` has
    the ticket already. `ValueError` for the member who asked: nobody answers their own question.
    """
    if holder.member_id == ticket.requester_id:
        raise ValueError(f"ticket {ticket.id} cannot go to the member who asked it")
    if holder.member_id == ticket.owner_id:
        return ticket
    before = await people.owner(work.session, ticket)
    timing = None
    if ticket.state is State.OPEN and why is not Why.ANSWERED:
        schedule = await schedules.of_branch(work.session, desk, ticket.branch_id)
        timing = rules.timing(work.now, schedule, climbing=why is Why.LADDER)
    number = await store.hand_to(work.session, ticket.id, holder, timing, why=why, now=work.now)
    await holdings.end_guest(work.session, ticket.id, holder.member_id, now=work.now)
    moved = await store.existing(work.session, ticket.id)
    if before is not None:
        await _audit(work, moved, before=before, after=holder, why=why, by=by)
        if why not in _OF_ITSELF and by != before.member_id:
            await _tell_who_had_it(work, moved, before, holder, why, key=f"moved:{number}")
    await _bring(work, desk, moved, holder, before, why=why, by=by, words=words, key=f"given:{number}")
    await close_to_outsiders(work, moved, key=f"moved:{number}")
    if why is not Why.ANSWERED and (moved.state is State.OPEN or why in _CHOSEN):
        await _tell_the_member(work, desk, moved, before, holder, why, f"told-moved:{number}", keyboard)
    return moved


async def release(work: Work, ticket: Ticket) -> Ticket:
    """Takes the ticket from its owner: nobody can look after it now. Returns it as it is now."""
    if ticket.owner_id is not None:
        await store.release(work.session, ticket.id, now=work.now)
        await work.audit("ticket.released", by=None, subject=f"ticket:{ticket.id}", before=ticket.owner_id)
    released = await store.existing(work.session, ticket.id)
    await close_to_outsiders(work, released, key=f"released:{work.now}")
    return released


async def close_to_outsiders(work: Work, ticket: Ticket, *, key: str) -> None:
    """Takes the ticket away from the chats of those who may no longer see it: of its card one line stays, what was said
    is deleted. (What is older than two days Telegram does not let us delete.)
    """
    requester = await delivery.requester_of(work.session, ticket)
    allowed = {requester.account_id, *await places.languages(work.session, ticket)}
    for copy in await thread.shown(work.session, ticket.id):
        if copy.chat_id in allowed:
            continue
        target, row_key = Queued(copy.outgoing_id), f"ticket:{ticket.id}:gone:{key}:{copy.outgoing_id}"
        if copy.part is Part.CARD:
            account = await roster.account(work.session, copy.chat_id)
            _ = work.languages[None if account is None else account.language]
            emptied = move_texts.out_of_your_hands(_)
            await work.out.edit(copy.chat_id, target, emptied, key=row_key, urgency=Urgency.TICKET)
        else:
            await work.out.delete(copy.chat_id, target, key=row_key)
        await thread.note_gone(work.session, copy.outgoing_id)


async def _audit(
    work: Work, ticket: Ticket, *, before: Holder, after: Holder, why: Why, by: int | None
) -> None:
    await work.audit(
        "ticket.moved",
        by=by,
        subject=f"ticket:{ticket.id}",
        before=before.member_id,
        after=after.member_id,
        rung=None if after.rung is None else str(after.rung),
        why=str(why),
    )


async def _tell_who_had_it(
    work: Work, ticket: Ticket, before: Holder, after: Holder, why: Why, *, key: str
) -> None:
    if before.account_id is None or await store.is_unreachable(work.session, before.account_id):
        return
    person = await roster.person(work.session, before.member_id)
    if person is None or person.member.left_at is not None:
        return
    requester = await delivery.requester_of(work.session, ticket)
    message = move_texts.left_to(work.languages[before.language], why, requester.member.name, after)
    await delivery.note_to_staff(work, ticket, before, message, key=key)


async def _bring(
    work: Work,
    desk: Desk,
    ticket: Ticket,
    holder: Holder,
    before: Holder | None,
    *,
    why: Why,
    by: int | None,
    words: str,
    key: str,
) -> None:
    if by == holder.member_id:
        if why is not Why.ANSWERED:  # the cards change once the answer is noted
            await delivery.renew_cards(work, desk, ticket, key=key)
        if (own := await places.of_owner(work.session, ticket)) is not None:
            await delivery.catch_up(work, ticket, own)
        return
    spot = await places.home(work, ticket)
    requester = await delivery.requester_of(work.session, ticket)
    name, _ = requester.member.name, work.languages[holder.language]
    if why is Why.ASKED and await people.stands_in(
        work.session, desk, ticket.branch_id, ticket.requester_id, holder
    ):
        at_once = move_texts.stands_in(_, await _branch_name(work, ticket), name)
        await delivery.note(work, ticket, holder.account_id, at_once, key=f"please:{key}")
    if why not in _OF_ITSELF:
        sender = before if by is None else await people.named(work.session, ticket, by)
        elsewhere = spot is not None and spot.chat_id != holder.account_id
        please = move_texts.comes_to(_, why, name, sender, words, ticket.id if elsewhere else None)
        if please is not None:
            await delivery.note(work, ticket, holder.account_id, please, key=f"please:{key}")
    if spot is not None:
        await delivery.bring(work, desk, ticket, spot, key=key)
    if why is not Why.ASKED:
        await delivery.renew_cards(work, desk, ticket, key=key, but=None if spot is None else spot.chat_id)
        if await delivery.is_out_of_reach(work.session, requester):
            gone = staff_texts.out_of_reach(_, name)
            await delivery.note_to_staff(work, ticket, holder, gone, key=f"lost:{key}")


async def _tell_the_member(
    work: Work,
    desk: Desk,
    ticket: Ticket,
    before: Holder | None,
    after: Holder,
    why: Why,
    key: str,
    keyboard: InlineKeyboardMarkup | None,
) -> None:
    if before is None or (why is not Why.LADDER and await _leaves_the_branch(work, desk, ticket, after)):
        await _tell_whose_it_is(work, desk, ticket, after, key=key, keyboard=keyboard)
        return
    requester = await delivery.requester_of(work.session, ticket)
    _ = work.languages[requester.language]
    expected = None
    if ticket.deadline is not None:
        expected = texts.when(_, ticket.deadline, work.now, desk.zone)
    message = move_texts.moved(_, why, before, after, expected)
    await delivery.note(work, ticket, requester.account_id, message, key=key, keyboard=keyboard)


async def _tell_whose_it_is(
    work: Work,
    desk: Desk,
    ticket: Ticket,
    holder: Holder,
    *,
    key: str,
    keyboard: InlineKeyboardMarkup | None,
) -> None:
    """Tells the member who answers them, and by when."""
    requester = await delivery.requester_of(work.session, ticket)
    _ = work.languages[requester.language]
    message = texts.sent(
        _,
        holder,
        texts.when(_, ticket.deadline or work.now, work.now, desk.zone),
        branch=await _branch_name(work, ticket),
        stands_in=await people.stands_in(work.session, desk, ticket.branch_id, ticket.requester_id, holder),
    )
    await delivery.note(work, ticket, requester.account_id, message, key=key, keyboard=keyboard)


async def _leaves_the_branch(work: Work, desk: Desk, ticket: Ticket, after: Holder) -> bool:
    """Whether somebody from outside has it because the branch has nobody who can answer."""
    if not await people.stands_in(work.session, desk, ticket.branch_id, ticket.requester_id, after):
        return False
    available = await people.available(work.session, ticket.branch_id, now=work.now)
    return not any(
        each.rung in rules.OF_THE_BRANCH for each in available if each.member_id != ticket.requester_id
    )


async def _branch_name(work: Work, ticket: Ticket) -> str:
    branch = await roster.unit(work.session, ticket.branch_id)
    return "" if branch is None else branch.name
