"""From a question to a ticket: the offer, what is gathered meanwhile, and the sending."""

import dataclasses
from collections.abc import Sequence

from telegram import InlineKeyboardMarkup

from bot.helpdesk import delivery, ladder, people, store, texts, thread
from bot.helpdesk.errors import AlreadySent
from bot.helpdesk.model import Content, Direction, Fact, Origin, Question, State, Ticket
from bot.helpdesk.rules import Desk
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
) -> Ticket | Joined:
    """A new ticket that gathers, or, while one of this member gathers, that one joined by the question."""
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
        now=work.now,
    )
    if content.message_id is not None:
        await thread.add(work.session, ticket.id, member.id, Direction.ASKED, content, now=work.now)
    return ticket


async def offering(work: Work, desk: Desk, ticket: Ticket, language: str, *, unasked: bool) -> Message:
    """The message with which the hand-over is offered."""
    holder = await people.first_holder(work.session, ticket.branch_id, ticket.requester_id)
    branch = await roster.unit(work.session, ticket.branch_id)
    stands_in = holder is not None and await people.stands_in(
        work.session, ticket.branch_id, ticket.requester_id, holder
    )
    return texts.offer(
        work.languages[language],
        ticket,
        holder,
        branch="" if branch is None else branch.name,
        stands_in=stands_in,
        unasked=unasked,
        gathering=desk.gathering,
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
