"""Where the staff see a ticket: in private chats, or in the branch's group."""

from collections.abc import Mapping, Sequence

from bot.helpdesk import holdings, people, rules, store, teams, thread
from bot.helpdesk.model import Copy, Holder, Part, Spot, Ticket
from bot.helpdesk.teams import Seat
from bot.kit.database import Reader
from bot.kit.messages import Call
from bot.kit.outbox import Queued, Urgency
from bot.kit.work import Work
from bot.roster import store as roster
from bot.roster.model import BRANCH_ROLES

_TOPIC_NAME = 100
"""UTF-16 units; Telegram takes 128 characters (Bot API: createForumTopic)."""


def private(holder: Holder) -> Spot | None:
    """Somebody's private chat; None for a person without an account."""
    return None if holder.account_id is None else Spot(holder.account_id, holder.language)


async def home(work: Work, ticket: Ticket) -> Spot | None:
    """Where a ticket is to be brought to its owner who has just got it; None while nobody has it. Where the owner is of
    the branch and the branch's team sits in a group, the ticket gets its place there, unless it had and lost one.
    """
    owner = await people.owner(work.session, ticket)
    if owner is not None and owner.rung in rules.OF_THE_BRANCH:
        await _seat(work, ticket)
    return await of_owner(work.session, ticket)


async def of_owner(reader: Reader, ticket: Ticket) -> Spot | None:
    """Where the ticket's owner looks after it; None while nobody has it who may."""
    owner = await people.owner(reader, ticket)
    if owner is None or owner.rung is None:
        return None
    seat = await teams.seat_of(reader, ticket.id) if owner.rung in rules.OF_THE_BRANCH else None
    return private(owner) if seat is None else _in_group(seat)


async def of_staff(reader: Reader, ticket: Ticket) -> Sequence[Spot]:
    """Where the ticket is looked after now: in the branch's group, with an owner who is not of the branch or has it in
    private, and with those who were asked to help.
    """
    seat = await teams.seat_of(reader, ticket.id)
    helping = [
        await people.named(reader, ticket, guest) for guest in await holdings.guests(reader, ticket.id)
    ]
    spots = [
        None if seat is None else _in_group(seat),
        await of_owner(reader, ticket),
        *[private(guest) for guest in helping if guest.rung is not None],
    ]
    return list({spot.chat_id: spot for spot in spots if spot is not None}.values())


async def languages(reader: Reader, ticket: Ticket) -> Mapping[int, str | None]:
    """The chats whose people may see the ticket now, with their languages: of its branch's staff and their group, of its
    owner and of those who help.
    """
    found = {
        each.account_id: each.language
        for each in await people.staff(reader, ticket.branch_id)
        if each.account_id is not None and each.rung in rules.OF_THE_BRANCH
    }
    return found | {spot.chat_id: spot.language for spot in await of_staff(reader, ticket)}


def _in_group(seat: Seat) -> Spot:
    topic = None if seat.outgoing_id is None else Queued(seat.outgoing_id)
    return Spot(seat.chat_id, None, topic)


async def _seat(work: Work, ticket: Ticket) -> None:
    team = await teams.of_unit(work.session, ticket.branch_id)
    if team is None or await teams.has_sat(work.session, ticket.id, team.id):
        return
    if await store.is_unreachable(work.session, team.chat_id):
        return
    # Who asks is not to read what is said about them.
    staff = await roster.staff_of(work.session, ticket.branch_id, BRANCH_ROLES)
    if any(each.person.member.id == ticket.requester_id for each in staff):
        return
    topic = await _open_topic(work, ticket, team.chat_id) if team.has_topics else None
    await teams.take_seat(work.session, ticket.id, team.id, topic, now=work.now)


async def _open_topic(work: Work, ticket: Ticket, chat_id: int) -> int:
    """Queues the making of the ticket's topic. What somebody writes there without replying answers its first message."""
    requester = await roster.person(work.session, ticket.requester_id)
    words = [] if requester is None else [requester.member.name]
    words += [" ".join(ticket.question.split())] if ticket.question.strip() else []
    name = rules.clipped(" · ".join(words), _TOPIC_NAME)
    outgoing_id = await work.out.call(
        chat_id,
        Call("createForumTopic", {"name": name}),
        key=f"ticket:{ticket.id}:topic:{chat_id}",
        urgency=Urgency.TICKET,
    )
    await thread.add_copy(work.session, Copy(ticket.id, None, chat_id, outgoing_id, Part.TOPIC))
    return outgoing_id
