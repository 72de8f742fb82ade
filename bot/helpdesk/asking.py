"""From a question to a ticket: the offer, what is gathered meanwhile, and the sending."""

import dataclasses
from collections.abc import Sequence

from telegram import InlineKeyboardMarkup

from bot.helpdesk import alike, closing, delivery, ladder, people, places, rules, store, texts, thread
from bot.helpdesk.errors import AlreadySent
from bot.helpdesk.flooding import service as flooding
from bot.helpdesk.model import Content, Direction, Fact, Origin, Question, State, Ticket
from bot.helpdesk.rules import Desk
from bot.kit.errors import Outdated
from bot.kit.messages import Message
from bot.kit.outbox import Delivered, Urgency
from bot.kit.work import Work
from bot.roster import store as roster
from bot.roster.model import Actor, Member


@dataclasses.dataclass(frozen=True, slots=True)
class Joined:
    """Something joined a ticket; `first` of what was gathered, so that it is said once."""

    first: bool


async def offer(
    work: Work,
    desk: Desk,
    member: Member,
    content: Content,
    *,
    shown: Sequence[str] = (),
    facts: Sequence[Fact] = (),
    follows: int | None = None,
) -> Ticket | Joined:
    """A new ticket that gathers, or, while one of this member gathers, that one joined by the question. `follows`: the
    long closed ticket to which the member wrote.
    """
    running = await store.gathering(work.session, member.id)
    if running is not None:
        return await join(work, running, member, content)
    ticket = await store.add(
        work.session,
        requester_id=member.id,
        branch_id=member.branch_id,
        state=State.GATHERING,
        origin=Origin.ASK,
        question=content.text,
        question_message_id=content.message_id,
        facts=facts,
        shown=shown,
        gather_until=work.now + desk.gathering,
        follows_id=follows,
        now=work.now,
    )
    if content.message_id is not None:
        await thread.add(work.session, ticket.id, member.id, Direction.ASKED, content, now=work.now)
    return ticket


async def offering(work: Work, desk: Desk, ticket: Ticket, language: str, *, unasked: bool) -> Message:
    """The message with which the hand-over is offered."""
    holder = await people.first_holder(
        work.session, desk, ticket.branch_id, ticket.requester_id, now=work.now
    )
    branch = await roster.unit(work.session, ticket.branch_id)
    stands_in = holder is not None and await people.stands_in(
        work.session, desk, ticket.branch_id, ticket.requester_id, holder
    )
    return texts.offer(
        work.languages[language],
        ticket,
        holder,
        branch="" if branch is None else branch.name,
        stands_in=stands_in,
        unasked=unasked,
        gathering=desk.gathering,
        earlier=None
        if ticket.follows_id is not None
        else await store.earlier(work.session, ticket, since=work.now - desk.reopenable),
    )


async def put_offer(work: Work, ticket: Ticket, account_id: int, message: Message) -> None:
    """Queues the offer, so that a reply to it joins."""
    under = None if ticket.question_message_id is None else Delivered(ticket.question_message_id)
    await delivery.note(
        work, ticket, account_id, message, key="offer", reply_to=under, urgency=Urgency.INTERACTIVE
    )


async def join(work: Work, ticket: Ticket, member: Member, content: Content) -> Joined:
    """Adds something to a ticket that gathers."""
    before = await thread.entries(work.session, ticket.id)
    others = [each for each in before if each.content.message_id != ticket.question_message_id]
    entry = await thread.add(work.session, ticket.id, member.id, Direction.ASKED, content, now=work.now)
    same_album = content.album is not None and any(each.content.album == content.album for each in before)
    return Joined(first=entry is not None and not others and not same_album)


async def send_now(work: Work, desk: Desk, actor: Actor, ticket_id: int) -> None:
    """The member does not want to wait. `AlreadySent` if it has gone."""
    ticket = await store.existing(work.session, ticket_id)
    people.as_requester(actor, ticket)
    if ticket.state is not State.GATHERING:
        raise AlreadySent
    await send(work, desk, ticket)


async def go_on_with(work: Work, desk: Desk, actor: Actor, ticket_id: int, earlier_id: int) -> Ticket:
    """What gathers belongs to an earlier question of the member's: it goes there at once, and the clock of that one runs
    (again). Returns the earlier ticket. `NotYours`; `AlreadySent` if it has gone; `Outdated` where the earlier one takes up
    nothing any more.
    """
    ticket = await store.existing(work.session, ticket_id)
    member = people.as_requester(actor, ticket)
    earlier = await store.living(work.session, earlier_id)
    people.as_requester(actor, earlier)
    if ticket.state is not State.GATHERING:
        raise AlreadySent
    is_taken_up = earlier.state in (State.OPEN, State.ANSWERED) or rules.is_reopenable(
        earlier, work.now, desk.reopenable
    )
    if not is_taken_up:
        raise Outdated
    await thread.keep_question(work.session, ticket, now=work.now)
    await flooding.bundle(work, desk, ticket.id)
    await thread.move(work.session, ticket.id, earlier.id)
    await store.add_facts(
        work.session,
        earlier.id,
        tuple(dict.fromkeys((*earlier.facts, *ticket.facts))),
        tuple(dict.fromkeys((*earlier.shown, *ticket.shown))),
    )
    await store.drop(work.session, ticket.id)
    key = f"goes-on:{ticket.id}"
    if rules.rests(earlier):
        await closing.reopen(work, desk, earlier, by=member.id, key=key)
    else:
        await delivery.renew_cards(work, desk, await store.existing(work.session, earlier.id), key=key)
    earlier = await ladder.looked_after(work, desk, await store.existing(work.session, earlier.id))
    for spot in await places.of_staff(work.session, earlier):
        await delivery.catch_up(work, earlier, spot)
    return earlier


async def drop(work: Work, actor: Actor, ticket_id: int) -> None:
    """The member does not want help after all. `AlreadySent` if it is too late."""
    ticket = await store.existing(work.session, ticket_id)
    people.as_requester(actor, ticket)
    if ticket.state is not State.GATHERING:
        raise AlreadySent
    await store.drop(work.session, ticket.id)


async def send_gathered(work: Work, desk: Desk, ticket_id: int) -> None:
    """Sends a ticket whose gathering time is over; nothing if it was sent or dropped meanwhile."""
    ticket = await store.ticket(work.session, ticket_id)
    if ticket is None or ticket.state is not State.GATHERING or (ticket.gather_until or 0) > work.now:
        return
    await send(work, desk, ticket)


async def send(work: Work, desk: Desk, ticket: Ticket, keyboard: InlineKeyboardMarkup | None = None) -> None:
    await store.send(work.session, ticket.id, now=work.now)
    await flooding.bundle(work, desk, ticket.id)
    await alike.assign(work.session, ticket)
    await delivery.put_buttons_away(work, ticket, key="sent")
    await ladder.begin(work, desk, await store.existing(work.session, ticket.id), keyboard)


async def open_at_once(
    work: Work,
    desk: Desk,
    member: Member,
    question: Question,
    keyboard: InlineKeyboardMarkup | None = None,
) -> Ticket:
    """A ticket that is sent as it stands. `keyboard` stands under what the member is told of it."""
    ticket = await store.add(
        work.session,
        requester_id=member.id,
        branch_id=member.branch_id,
        state=State.OPEN,
        origin=question.origin,
        question=question.text,
        question_message_id=None,
        facts=question.facts,
        shown=(),
        gather_until=None,
        now=work.now,
    )
    for content in question.files:
        await thread.add(work.session, ticket.id, member.id, Direction.ASKED, content, now=work.now)
    await send(work, desk, ticket, keyboard)
    return ticket
