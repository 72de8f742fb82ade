"""The helpdesk's rows: which open tickets ask alike. It is decided once, when a ticket is sent, so that finding the
others is one look-up.
"""

import dataclasses
import json
from collections.abc import Sequence

from bot.helpdesk import likeness
from bot.helpdesk.likeness import Asked
from bot.helpdesk.model import Origin, Ticket
from bot.helpdesk.scope import mine
from bot.kit.database import Reader, Session

FRESH = "ticket.state = 'open' AND ticket.first_answered_at IS NULL"
"""Tickets that nobody has answered yet: in the others a conversation goes on, and its question is no longer what is
waiting. As the index `ticket_fresh` has it.
"""


async def assign(session: Session, ticket: Ticket) -> None:
    """Puts a ticket that waits for its first answer with those of its general branch that ask alike, if there are
    any. Its own first wording, or a changed one: then it may leave those it was with.
    """
    asked = Asked.of(ticket)
    sound = likeness.heard(asked)
    if sound is None:
        await _note(session, ticket.id, None, None)
        return
    near = await _waiting_near(session, ticket)
    others = await _asked(session, likeness.shortlist(sound, {each.id: each.heard for each in near}))
    found = likeness.nearest(asked, others)
    group = next((each.alike_id for each in near if each.id == found), ticket.id)
    await _note(session, ticket.id, group, sound)


@dataclasses.dataclass(frozen=True, slots=True)
class _Waiting:
    id: int
    alike_id: int
    heard: str


async def _waiting_near(reader: Reader, ticket: Ticket) -> Sequence[_Waiting]:
    rows = await reader.all(
        "SELECT ticket.id, ticket.alike_id, ticket.heard FROM unit AS home"
        " JOIN unit AS branch ON branch.parent_id = home.parent_id"
        " JOIN ticket ON ticket.branch_id = branch.id"
        f" WHERE home.id = :branch AND {FRESH} AND ticket.heard IS NOT NULL AND ticket.id <> :id",
        branch=ticket.branch_id,
        id=ticket.id,
    )
    return [_Waiting(row["id"], row["alike_id"], row["heard"]) for row in rows]


async def _asked(reader: Reader, ids: Sequence[int]) -> Sequence[tuple[int, Asked]]:
    if not ids:
        return []
    named = {f"id{number}": each for number, each in enumerate(ids)}
    rows = await reader.all(
        "SELECT id, question, facts, shown, origin FROM ticket"
        f" WHERE id IN ({', '.join(f':{name}' for name in named)}) ORDER BY id",
        **named,
    )
    return [
        (
            row["id"],
            Asked.of_parts(
                row["question"], json.loads(row["facts"]), json.loads(row["shown"]), Origin(row["origin"])
            ),
        )
        for row in rows
    ]


async def _note(session: Session, ticket_id: int, alike_id: int | None, sound: str | None) -> None:
    await session.run(
        "UPDATE ticket SET alike_id = :alike, heard = :heard WHERE id = :id",
        alike=alike_id,
        heard=sound,
        id=ticket_id,
    )


_ANSWERABLE = (
    f"{FRESH} AND ticket.alike_id IS NOT NULL AND (ticket.claimed_at IS NULL OR ticket.owner_id = :me)"
)
"""A colleague who has said that they answer is not forestalled."""


@dataclasses.dataclass(frozen=True, slots=True)
class Group:
    """Tickets that one answer would do for."""

    id: int
    question: str
    """Of the oldest."""
    tickets: int


@dataclasses.dataclass(frozen=True, slots=True)
class Member:
    """A ticket of a group."""

    ticket_id: int
    name: str
    """Of the member who asks."""
    question: str


async def groups(reader: Reader, member_id: int) -> Sequence[Group]:
    """Of the tickets that somebody of the staff may answer, those that at least two members ask alike; what most ask
    first.
    """
    rows = await reader.all(
        "SELECT grouped.alike_id, grouped.tickets, first.question FROM ("
        " SELECT ticket.alike_id, COUNT(*) AS tickets, MIN(ticket.id) AS oldest FROM ticket"
        f" WHERE {mine(_ANSWERABLE)} GROUP BY ticket.alike_id HAVING COUNT(*) > 1) AS grouped"
        " JOIN ticket AS first ON first.id = grouped.oldest ORDER BY grouped.tickets DESC, grouped.oldest",
        me=member_id,
    )
    return [Group(row["alike_id"], row["question"], row["tickets"]) for row in rows]


async def members(reader: Reader, member_id: int, group_id: int) -> Sequence[Member]:
    """The tickets of a group that somebody of the staff may answer, oldest first."""
    rows = await reader.all(
        "SELECT ticket.id, ticket.question, member.name FROM ticket JOIN member ON member.id = ticket.requester_id"
        f" WHERE {mine(f'ticket.alike_id = :group AND {_ANSWERABLE}')} ORDER BY ticket.id",
        me=member_id,
        group=group_id,
    )
    return [Member(row["id"], row["name"], row["question"]) for row in rows]
