"""What is said in a ticket once it is there: answers, what the member adds, changed texts."""

import dataclasses
import enum
from collections.abc import Sequence

from bot.helpdesk import (
    asking,
    closing,
    delivery,
    held,
    ladder,
    moving,
    people,
    places,
    rules,
    staff_texts,
    store,
    thread,
)
from bot.helpdesk.asking import Joined
from bot.helpdesk.errors import Expired
from bot.helpdesk.flooding import service as flooding
from bot.helpdesk.flooding.service import Slowed
from bot.helpdesk.model import Content, Direction, Entry, Holder, Part, State, Ticket, Why
from bot.helpdesk.notes import service as noting
from bot.helpdesk.rules import LISTENING, Desk
from bot.helpdesk.thread import Place
from bot.kit.database import Reader
from bot.kit.errors import Outdated
from bot.kit.work import Work
from bot.roster.model import Actor, Member


@dataclasses.dataclass(frozen=True, slots=True)
class PassedOn:
    """The member's words went to the owner; to nobody yet where there is none."""

    owner: Holder | None
    until: int | None = None
    """By when they answer, where the clock began anew with these words."""


@dataclasses.dataclass(frozen=True, slots=True)
class Answered:
    ticket: Ticket
    requester: str
    unreachable: bool
    """The member sees nothing of it: they have blocked the bot or lost their account."""


@dataclasses.dataclass(frozen=True, slots=True)
class Held:
    """An answer is kept back until its author decides: the ticket is closed, or somebody else answers it."""

    ticket: Ticket
    requester: str
    claimed_by: Holder | None
    """None: the ticket is closed."""


@dataclasses.dataclass(frozen=True, slots=True)
class Noted:
    """An internal note was taken."""

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


Outcome = Joined | PassedOn | Slowed | Answered | Held | Noted | Again


async def say(
    work: Work, desk: Desk, actor: Actor, place: Place, content: Content, *, courteous: bool
) -> Outcome:
    """Something sent as a reply to a message of a ticket (or as part of an album that joined it). `courteous`: it is a
    thank-you or the like, and nothing else. `NotYours` if the actor is neither the ticket's requester nor its staff.
    """
    ticket = await store.living(work.session, place.ticket_id)
    if actor.member is not None and actor.member.id == ticket.requester_id:
        if ticket.state is State.GATHERING:
            return await asking.join(work, ticket, actor.member, content)
        if ticket.state is State.CLOSED and not rules.is_reopenable(ticket, work.now, desk.reopenable):
            return Again.LONG_CLOSED
        return await follow_up(
            work, desk, actor.member, ticket, content, courteous=courteous, replied=place.entry_id
        )
    me = await people.as_staff(work.session, actor, ticket)
    if ticket.expired_at is not None:
        raise Expired
    if await _is_among_the_staff(work.session, ticket, me, place, content):
        noted = await noting.add(work, desk, ticket, me, content, replied=place.entry_id)
        is_further = noted is None or await thread.is_introduced(work.session, noted)
        return Again.ALBUM if is_further else Noted(ticket, await _name_of(work, ticket))
    return await _answer(work, desk, ticket, me, content, replied=place.entry_id)


async def answer(work: Work, desk: Desk, actor: Actor, ticket_id: int, content: Content) -> Outcome:
    """An answer that is no reply to a message of the ticket, as one from a button. `NotYours`, `Expired`."""
    ticket = await store.living(work.session, ticket_id)
    me = await people.as_staff(work.session, actor, ticket)
    if ticket.expired_at is not None:
        raise Expired
    return await _answer(work, desk, ticket, me, content, replied=None)


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
    waiting = None if entry is None else await flooding.hold(work, desk, entry)
    begins_anew = rules.rests(ticket) and not courteous
    if begins_anew:
        await closing.reopen(work, desk, ticket, by=member.id, key=f"asked:{work.now}")
    ticket = await ladder.looked_after(work, desk, await store.existing(work.session, ticket.id))
    owner = await people.owner(work.session, ticket)
    if entry is None:
        return Again.ALBUM
    if waiting is not None:
        return Slowed(ticket, owner, told=courteous or not waiting.first)
    await delivery.relay_to_staff(work, ticket, entry, replied=replied)
    if courteous:
        return Again.COURTESY
    if await thread.is_introduced(work.session, entry):
        return Again.ALBUM
    return PassedOn(owner, ticket.deadline if begins_anew else None)


async def reopen_and_send(work: Work, desk: Desk, actor: Actor, ticket_id: int) -> Answered:
    """Opens a closed ticket again and sends the member what the actor wrote to it meanwhile. `NotYours`, `Expired`;
    `Outdated` where nothing of theirs is kept back.
    """
    ticket = await store.living(work.session, ticket_id)
    me = await people.as_staff(work.session, actor, ticket)
    if ticket.expired_at is not None:
        raise Expired
    return await _send_held(work, desk, ticket, me)


async def send_anyway(work: Work, desk: Desk, actor: Actor, ticket_id: int) -> Answered | Held:
    """Sends the member what the actor wrote although somebody else answers them, whose the ticket stays. Still held
    where it was closed meanwhile. `NotYours`, `Expired`; `Outdated` where nothing of theirs is kept back.
    """
    ticket = await store.living(work.session, ticket_id)
    me = await people.as_staff(work.session, actor, ticket)
    if ticket.expired_at is not None:
        raise Expired
    if ticket.state is State.CLOSED:
        return Held(ticket, await _name_of(work, ticket), None)
    return await _send_held(work, desk, ticket, me)


async def withhold(work: Work, actor: Actor, ticket_id: int) -> None:
    """Throws away what the actor wrote and was asked about. `Outdated` where nothing of theirs is kept back, as when it
    was sent after all. Everybody may throw away their own words, whatever became of their post.
    """
    member = people.bound(actor)
    ticket = await store.living(work.session, ticket_id)
    if not await held.discard(work.session, ticket.id, member.id):
        raise Outdated


async def _answer(
    work: Work, desk: Desk, ticket: Ticket, me: Holder, content: Content, *, replied: int | None
) -> Outcome:
    begun = await held.album_of(work.session, ticket.id, me.member_id, content.album)
    claimed = begun is None and rules.is_in_other_hands(ticket, me)
    if ticket.state is State.CLOSED or begun is Direction.HELD or claimed:
        await thread.add(work.session, ticket.id, me.member_id, Direction.HELD, content, now=work.now)
        if begun is Direction.HELD:
            return Again.ALBUM
        claimed_by = None if ticket.state is State.CLOSED else await people.owner(work.session, ticket)
        return Held(ticket, await _name_of(work, ticket), claimed_by)
    ticket, before = await _taken_on(work, desk, ticket, me), ticket
    entry = await thread.add(work.session, ticket.id, me.member_id, Direction.ANSWERED, content, now=work.now)
    if entry is None:
        return Again.ALBUM
    answered = await _say(work, desk, before, ticket, me, [entry], replied=replied)
    return Again.ALBUM if begun is not None else answered


async def _send_held(work: Work, desk: Desk, ticket: Ticket, me: Holder) -> Answered:
    sent = await held.release(work.session, ticket.id, me.member_id, now=work.now)
    if not sent:
        raise Outdated
    ticket, before = await _taken_on(work, desk, ticket, me), ticket
    entries = [entry for each in sent if (entry := await thread.entry(work.session, each)) is not None]
    answered = await _say(work, desk, before, ticket, me, entries)
    if before.state is State.CLOSED:
        await closing.note_reopened(work, ticket, by=me.member_id)
    return answered


async def _taken_on(work: Work, desk: Desk, ticket: Ticket, me: Holder) -> Ticket:
    """Whoever answers has the ticket from now on, and the member's next words go to them; unless somebody else had said
    that they answer, or had asked them to help.
    """
    keeps = rules.is_helping(ticket, me) or rules.is_in_other_hands(ticket, me)
    if keeps and ticket.owner_id is not None:
        return ticket
    return await moving.move(work, desk, ticket, me, why=Why.ANSWERED, by=me.member_id)


async def _say(
    work: Work,
    desk: Desk,
    before: Ticket,
    ticket: Ticket,
    me: Holder,
    entries: Sequence[Entry],
    *,
    replied: int | None = None,
) -> Answered:
    """Brings answers to the member and to those who look after the ticket. `before`: as it stood until now."""
    requester = await delivery.requester_of(work.session, ticket)
    for entry in entries:
        await delivery.relay_to_requester(work, desk, ticket, entry, requester, replied=replied)
        await delivery.relay_to_staff(work, ticket, entry, replied=replied)
    if before.state is State.OPEN:
        await _tell_colleagues(work, ticket, me, entries[0], requester.member.name)
    await store.note_answered(work.session, ticket.id, listen_until=work.now + LISTENING, now=work.now)
    answered = await store.existing(work.session, ticket.id)
    if _face(before) != _face(answered):
        await delivery.renew_cards(work, desk, answered, key=f"answered:{work.now}")
    out_of_reach = await delivery.is_out_of_reach(work.session, requester)
    return Answered(ticket, requester.member.name, out_of_reach)


def _face(ticket: Ticket) -> tuple[State, int | None, bool]:
    """What a card says of how its ticket stands."""
    return ticket.state, ticket.owner_id, ticket.claimed_at is not None


async def _tell_colleagues(work: Work, ticket: Ticket, me: Holder, entry: Entry, requester: str) -> None:
    """Those who have the ticket's card before them, and do not see what was said, learn that it is answered."""
    cards = {copy.chat_id for copy in await thread.copies(work.session, ticket.id, Part.CARD)}
    seeing = {spot.chat_id for spot in await places.of_staff(work.session, ticket)}
    for colleague in await people.staff(work.session, ticket.branch_id):
        if colleague.account_id in cards - seeing and colleague.member_id != me.member_id:
            message = staff_texts.answered_by(work.languages[colleague.language], me, requester)
            await delivery.note_to_staff(work, ticket, colleague, message, key=f"answered:{entry.id}")


async def _is_among_the_staff(
    reader: Reader, ticket: Ticket, me: Holder, place: Place, content: Content
) -> bool:
    """Whether this continues an internal note: it replies to one, or is a further picture of one."""
    replied = None if place.entry_id is None else await thread.entry(reader, place.entry_id)
    if replied is not None and replied.direction is Direction.NOTED:
        return True
    return await held.album_of(reader, ticket.id, me.member_id, content.album) is Direction.NOTED


async def _name_of(work: Work, ticket: Ticket) -> str:
    return (await delivery.requester_of(work.session, ticket)).member.name
