"""What is said in a ticket once it is there: answers, what the member adds, changed texts."""

import dataclasses
import enum

from bot.helpdesk import asking, closing, delivery, ladder, people, rules, staff_texts, store, thread
from bot.helpdesk.asking import Joined
from bot.helpdesk.errors import Expired
from bot.helpdesk.model import Content, Direction, Entry, Holder, Part, State, Ticket, Why
from bot.helpdesk.rules import LISTENING, Desk
from bot.helpdesk.thread import Place
from bot.kit.errors import Outdated
from bot.kit.work import Work
from bot.roster.model import Actor, Member


@dataclasses.dataclass(frozen=True, slots=True)
class PassedOn:
    """The member's words went to the owner; to nobody yet where there is none."""

    owner: Holder | None


@dataclasses.dataclass(frozen=True, slots=True)
class Answered:
    ticket: Ticket
    requester: str
    unreachable: bool
    """The member sees nothing of it: they have blocked the bot or lost their account."""


@dataclasses.dataclass(frozen=True, slots=True)
class Held:
    """An answer to a closed ticket waits until it is opened again."""

    ticket: Ticket
    requester: str


class Again(enum.Enum):
    """Nothing is to be said about it."""

    ALBUM = enum.auto()
    """A further picture of an album that was acknowledged."""
    LONG_CLOSED = enum.auto()
    """The member wrote to a ticket that is no longer taken up: theirs is a new question."""
    COURTESY = enum.auto()
    """A thank-you of the member: passed on quietly."""


Outcome = Joined | PassedOn | Answered | Held | Again


async def say(
    work: Work, desk: Desk, actor: Actor, place: Place, content: Content, *, courteous: bool
) -> Outcome:
    """Something sent as a reply to a message of a ticket (or as part of an album that joined it). `courteous`: it is a
    thank-you or the like, and nothing else. `NotYours` if the actor is neither the ticket's requester nor its staff.
    """
    ticket = await store.existing(work.session, place.ticket_id)
    if actor.member is not None and actor.member.id == ticket.requester_id:
        if ticket.state is State.GATHERING:
            return await asking.join(work, ticket, actor.member, content)
        if ticket.state is State.CLOSED and not rules.is_reopenable(ticket, work.now):
            return Again.LONG_CLOSED
        return await follow_up(
            work, desk, actor.member, ticket, content, courteous=courteous, replied=place.entry_id
        )
    me = await people.as_staff(work.session, actor, ticket)
    if ticket.expired_at is not None:
        raise Expired
    return await _answer(work, desk, ticket, me, content, replied=place.entry_id)


async def follow_up(
    work: Work,
    desk: Desk,
    member: Member,
    ticket: Ticket,
    content: Content,
    *,
    courteous: bool,
    replied: int | None = None,
) -> Outcome:
    """What the member adds: it goes to the owner, and the clock runs (again). A mere courtesy asks for no answer: it
    starts no clock and opens no closed ticket.
    """
    entry = await thread.add(work.session, ticket.id, member.id, Direction.ASKED, content, now=work.now)
    if ticket.state is not State.OPEN and not courteous:
        await closing.reopen(work, desk, ticket, by=member.id, key=f"asked:{work.now}")
    owner = await people.owner(work.session, ticket)
    if entry is None:
        return Again.ALBUM
    await delivery.relay_to_staff(work, ticket, entry, replied=replied)
    if courteous:
        return Again.COURTESY
    return Again.ALBUM if await thread.is_introduced(work.session, entry) else PassedOn(owner)


async def reopen_and_send(work: Work, desk: Desk, actor: Actor, ticket_id: int) -> Answered:
    """Opens a closed ticket again and brings the member what staff wrote to it meanwhile. `NotYours`, `Expired`;
    `Outdated` where nothing is waiting to be brought.
    """
    ticket = await store.existing(work.session, ticket_id)
    me = await people.as_staff(work.session, actor, ticket)
    if ticket.expired_at is not None:
        raise Expired
    requester = await delivery.requester_of(work.session, ticket)
    name = requester.member.name
    if requester.account_id is None:
        return Answered(ticket, name, unreachable=True)
    waiting = await thread.not_yet_in(work.session, ticket.id, requester.account_id)
    answers = [entry for entry in waiting if entry.direction is Direction.ANSWERED]
    if not answers:
        raise Outdated
    for entry in answers:
        await delivery.relay_to_requester(work, ticket, entry, requester)
    await _note_answer(work, desk, ticket, me)
    if ticket.state is State.CLOSED:
        await closing.note_reopened(work, ticket, by=me.member_id)
    return Answered(ticket, name, await delivery.is_out_of_reach(work.session, requester))


async def edit(
    work: Work, desk: Desk, actor: Actor, chat_id: int, message_id: int, text: str, *, key: str
) -> None:
    """Carries a changed text over to the ticket and to the other side. Nothing for other messages, and nothing from one
    who may no longer act on the ticket.
    """
    entry = await thread.by_source(work.session, chat_id, message_id)
    if entry is None or actor.member is None or entry.author_id != actor.member.id:
        return
    ticket = await store.existing(work.session, entry.ticket_id)
    if ticket.expired_at is not None:
        return
    if entry.direction is Direction.ANSWERED:
        await people.as_staff(work.session, actor, ticket)
    await thread.reword(work.session, entry.id, text)
    if message_id == ticket.question_message_id and entry.direction is Direction.ASKED:
        await store.reword(work.session, ticket.id, text)
        reworded = await store.existing(work.session, ticket.id)
        await delivery.renew_cards(work, desk, reworded, key=key)
    changed = dataclasses.replace(entry, content=dataclasses.replace(entry.content, text=text))
    await delivery.mirror(work, ticket, changed, key=key)


async def _answer(
    work: Work, desk: Desk, ticket: Ticket, me: Holder, content: Content, *, replied: int | None
) -> Outcome:
    entry = await thread.add(work.session, ticket.id, me.member_id, Direction.ANSWERED, content, now=work.now)
    requester = await delivery.requester_of(work.session, ticket)
    if entry is None:
        return Again.ALBUM
    further_picture = await thread.is_introduced(work.session, entry)
    if ticket.state is State.CLOSED:
        return Again.ALBUM if further_picture else Held(ticket, requester.member.name)
    await delivery.relay_to_requester(work, ticket, entry, requester, replied=replied)
    if ticket.state is State.OPEN:
        await _tell_colleagues(work, ticket, me, entry, requester.member.name)
    await _note_answer(work, desk, ticket, me)
    if further_picture:
        return Again.ALBUM
    out_of_reach = await delivery.is_out_of_reach(work.session, requester)
    return Answered(ticket, requester.member.name, out_of_reach)


async def _note_answer(work: Work, desk: Desk, ticket: Ticket, me: Holder) -> None:
    """Whoever answers has the ticket from now on: the member's next words go to them."""
    if ticket.owner_id != me.member_id:
        await ladder.note_moved(work, ticket, me, by=me.member_id)
        await store.hand_to(work.session, ticket.id, me, None, why=Why.ANSWERED, now=work.now)
    await store.note_answered(work.session, ticket.id, listen_until=work.now + LISTENING, now=work.now)
    if ticket.state is not State.ANSWERED:
        answered = await store.existing(work.session, ticket.id)
        await delivery.renew_cards(work, desk, answered, key=f"answered:{work.now}")


async def _tell_colleagues(work: Work, ticket: Ticket, me: Holder, entry: Entry, requester: str) -> None:
    """Those who have the ticket's card before them learn that it is answered."""
    cards = {copy.chat_id for copy in await thread.copies(work.session, ticket.id, Part.CARD)}
    for colleague in await people.staff(work.session, ticket.branch_id):
        if colleague.account_id in cards and colleague.member_id != me.member_id:
            message = staff_texts.answered_by(work.languages[colleague.language], me, requester)
            await delivery.note_to_staff(work, ticket, colleague, message, key=f"answered:{entry.id}")
