"""The helpdesk's rows: the groups in which branches' helper teams sit, and the tickets that are looked after there."""

import dataclasses
import enum
from collections.abc import Sequence

from bot.kit.database import Reader, Row, Session

_TEAM = (
    "SELECT id, unit_id, chat_id, title, has_topics, state, linked_by, offered_at, group_asked, person_asked,"
    " group_agreed_at, person_agreed_at FROM team_group"
)


class TeamState(enum.StrEnum):
    OFFERED = "offered"
    """Somebody of the staff wants it; not everybody has agreed yet."""
    LINKED = "linked"
    ENDED = "ended"


class Ending(enum.StrEnum):
    """Why a group is linked no more, or never was."""

    UNLINKED = "unlinked"
    DECLINED = "declined"
    REPLACED = "replaced"
    """Another group, or another offer, has taken its place."""
    REMOVED = "removed"
    """The bot was put out of the group."""
    RIGHTS = "rights"
    """The bot may no longer open topics, or write, in the group."""


class Side(enum.StrEnum):
    """Who has to agree."""

    GROUP = "group"
    """In the group: one of its administrators."""
    PERSON = "person"
    """In private: who asked for it, of the branch's staff."""


@dataclasses.dataclass(frozen=True, slots=True)
class Team:
    """A group, linked to a branch or offered to be."""

    id: int
    unit_id: int
    chat_id: int
    title: str
    has_topics: bool
    state: TeamState
    linked_by: int
    """The member of the staff who asked for it."""
    offered_at: int
    group_asked: int | None
    person_asked: int | None
    """The outgoing rows that ask the two sides."""
    agreed: frozenset[Side]


@dataclasses.dataclass(frozen=True, slots=True)
class Seat:
    """A ticket's place in a group."""

    id: int
    ticket_id: int
    team_id: int
    chat_id: int
    outgoing_id: int | None
    """The call that makes its topic; None in a group without topics."""


async def offer(
    session: Session, unit_id: int, chat_id: int, title: str, *, has_topics: bool, by: int, now: int
) -> int:
    """Notes that somebody wants the group for the unit, in the place of earlier wishes for this group; returns its id."""
    await session.run(
        "UPDATE team_group SET state = 'ended', ended_at = :now, ended_why = 'replaced'"
        " WHERE chat_id = :chat AND state = 'offered'",
        chat=chat_id,
        now=now,
    )
    team_id = await session.value(
        "INSERT INTO team_group (unit_id, chat_id, title, has_topics, state, linked_by, offered_at)"
        " VALUES (:unit, :chat, :title, :topics, 'offered', :by, :now) RETURNING id",
        unit=unit_id,
        chat=chat_id,
        title=title,
        topics=int(has_topics),
        by=by,
        now=now,
    )
    return int(team_id)


async def note_asked(session: Session, team_id: int, *, group: int, person: int) -> None:
    """Which outgoing rows ask the two sides."""
    await session.run(
        "UPDATE team_group SET group_asked = :group, person_asked = :person WHERE id = :id",
        id=team_id,
        group=group,
        person=person,
    )


async def agree(session: Session, team_id: int, side: Side, *, now: int) -> None:
    column = {Side.GROUP: "group_agreed_at", Side.PERSON: "person_agreed_at"}[side]
    await session.run(f"UPDATE team_group SET {column} = :now WHERE id = :id", id=team_id, now=now)


async def link(session: Session, team_id: int, *, now: int) -> None:
    await session.run(
        "UPDATE team_group SET state = 'linked', linked_at = :now WHERE id = :id", id=team_id, now=now
    )


async def end(session: Session, team_id: int, why: Ending, *, now: int) -> None:
    await session.run(
        "UPDATE team_group SET state = 'ended', ended_at = :now, ended_why = :why WHERE id = :id",
        id=team_id,
        why=str(why),
        now=now,
    )


async def describe(session: Session, team_id: int, title: str, *, has_topics: bool) -> None:
    """The group has another title, or has topics now."""
    await session.run(
        "UPDATE team_group SET title = :title, has_topics = :topics WHERE id = :id",
        id=team_id,
        title=title,
        topics=int(has_topics),
    )


async def move(session: Session, team_id: int, chat_id: int) -> None:
    """The group has another id."""
    await session.run("UPDATE team_group SET chat_id = :chat WHERE id = :id", id=team_id, chat=chat_id)


async def team(reader: Reader, team_id: int) -> Team | None:
    row = await reader.first(f"{_TEAM} WHERE id = :id", id=team_id)
    return None if row is None else _team(row)


async def of_unit(reader: Reader, unit_id: int) -> Team | None:
    """The group that is linked to the unit."""
    row = await reader.first(f"{_TEAM} WHERE unit_id = :unit AND state = 'linked'", unit=unit_id)
    return None if row is None else _team(row)


async def of_chat(reader: Reader, chat_id: int) -> Team | None:
    """The team that sits in this group, if it is linked."""
    row = await reader.first(f"{_TEAM} WHERE chat_id = :chat AND state = 'linked'", chat=chat_id)
    return None if row is None else _team(row)


async def stranded(reader: Reader) -> Sequence[tuple[int, int | None]]:
    """Linked groups that cannot be written to, with None, and those that have moved, with where to."""
    rows = await reader.all(
        "SELECT team_group.id, chat.migrated_to FROM team_group JOIN chat ON chat.chat_id = team_group.chat_id"
        " WHERE team_group.state = 'linked'"
        " AND (chat.unreachable_since IS NOT NULL OR chat.migrated_to IS NOT NULL) ORDER BY team_group.id"
    )
    return [(row["id"], row["migrated_to"]) for row in rows]


# Tickets


async def take_seat(
    session: Session, ticket_id: int, team_id: int, outgoing_id: int | None, *, now: int
) -> None:
    """From now on the ticket is looked after in the group, and in no other."""
    await session.run(
        "UPDATE team_ticket SET left_at = :now WHERE ticket_id = :ticket AND left_at IS NULL",
        ticket=ticket_id,
        now=now,
    )
    await session.run(
        "INSERT INTO team_ticket (ticket_id, team_id, outgoing_id) VALUES (:ticket, :team, :outgoing)",
        ticket=ticket_id,
        team=team_id,
        outgoing=outgoing_id,
    )


async def leave(session: Session, seat_id: int, *, now: int) -> None:
    """The ticket is no longer looked after in the group."""
    await session.run("UPDATE team_ticket SET left_at = :now WHERE id = :id", id=seat_id, now=now)


async def has_sat(reader: Reader, ticket_id: int, team_id: int) -> bool:
    """Whether the ticket is, or was, looked after in this group."""
    found = await reader.value(
        "SELECT 1 FROM team_ticket WHERE ticket_id = :ticket AND team_id = :team",
        ticket=ticket_id,
        team=team_id,
    )
    return found is not None


_COLUMNS = (
    "team_ticket.id, team_ticket.ticket_id, team_ticket.team_id, team_group.chat_id, team_ticket.outgoing_id"
)
_SEAT = (
    f"SELECT {_COLUMNS} FROM team_ticket JOIN team_group ON team_group.id = team_ticket.team_id"
    " JOIN ticket ON ticket.id = team_ticket.ticket_id"
)


async def seat_of(reader: Reader, ticket_id: int) -> Seat | None:
    """Where the ticket is looked after, if that is in the group of its branch."""
    row = await reader.first(
        f"{_SEAT} WHERE team_ticket.ticket_id = :ticket AND left_at IS NULL"
        " AND team_group.unit_id = ticket.branch_id AND team_group.state = 'linked'",
        ticket=ticket_id,
    )
    return None if row is None else _seat(row)


async def seat(reader: Reader, seat_id: int) -> Seat | None:
    row = await reader.first(f"{_SEAT} WHERE team_ticket.id = :id", id=seat_id)
    return None if row is None else _seat(row)


async def seats_of(reader: Reader, team_id: int) -> Sequence[Seat]:
    """The tickets in work that are looked after in this group."""
    rows = await reader.all(
        f"{_SEAT} WHERE team_id = :team AND left_at IS NULL AND ticket.state <> 'closed' ORDER BY team_ticket.id",
        team=team_id,
    )
    return [_seat(row) for row in rows]


async def seat_in_topic(reader: Reader, chat_id: int, topic_id: int) -> Seat | None:
    """The ticket in work to which a forum topic belongs."""
    row = await reader.first(
        f"{_SEAT} JOIN ticket_copy ON ticket_copy.ticket_id = ticket.id AND ticket_copy.part = 'topic'"
        " JOIN outgoing ON outgoing.id = ticket_copy.outgoing_id"
        " WHERE outgoing.chat_id = :chat AND outgoing.message_id = :topic AND outgoing.id = team_ticket.outgoing_id"
        " AND team_group.chat_id = :chat AND left_at IS NULL AND ticket.state <> 'closed'",
        chat=chat_id,
        topic=topic_id,
    )
    return None if row is None else _seat(row)


# The sweep's questions say in which order the tables are to be joined: from the few rows that can matter.


async def refused(reader: Reader) -> Sequence[tuple[Seat, str]]:
    """Tickets in work of which something did not reach their group, with what Telegram said."""
    rows = await reader.all(
        f"SELECT {_COLUMNS}, outgoing.error FROM team_group CROSS JOIN outgoing CROSS JOIN ticket_copy"
        " CROSS JOIN team_ticket CROSS JOIN ticket"
        " WHERE team_group.state = 'linked' AND outgoing.chat_id = team_group.chat_id"
        " AND outgoing.state IN ('failed', 'blocked') AND ticket_copy.outgoing_id = outgoing.id"
        " AND team_ticket.ticket_id = ticket_copy.ticket_id AND team_ticket.team_id = team_group.id"
        " AND team_ticket.left_at IS NULL AND ticket.id = team_ticket.ticket_id AND ticket.state <> 'closed'"
        " ORDER BY team_ticket.id, outgoing.id"
    )
    return [(_seat(row), row["error"] or "") for row in rows]


async def topics_to_close(reader: Reader, *, limit: int) -> Sequence[Seat]:
    """Open topics of tickets that are closed, or have come under another branch."""
    rows = await reader.all(
        f"{_SEAT} WHERE left_at IS NULL AND team_ticket.closed_at IS NULL AND team_group.state = 'linked'"
        " AND (ticket.state = 'closed' OR ticket.branch_id <> team_group.unit_id)"
        " ORDER BY team_ticket.ticket_id LIMIT :limit",
        limit=limit,
    )
    return [_seat(row) for row in rows]


async def topics_to_reopen(reader: Reader, *, limit: int) -> Sequence[Seat]:
    """Tickets that are in work while their topic is closed."""
    rows = await reader.all(
        f"SELECT {_COLUMNS} FROM ticket CROSS JOIN team_ticket CROSS JOIN team_group"
        " WHERE ticket.owner_id IS NOT NULL AND ticket.state IN ('open', 'answered') AND team_ticket.ticket_id = ticket.id"
        " AND team_ticket.left_at IS NULL AND team_ticket.closed_at IS NOT NULL"
        " AND team_group.id = team_ticket.team_id AND team_group.state = 'linked' LIMIT :limit",
        limit=limit,
    )
    return [_seat(row) for row in rows]


async def note_topic(session: Session, seat_id: int, closed_at: int | None) -> None:
    """The ticket's topic was closed, or opened again (None)."""
    await session.run("UPDATE team_ticket SET closed_at = :at WHERE id = :id", id=seat_id, at=closed_at)


def _team(row: Row) -> Team:
    columns = {Side.GROUP: "group_agreed_at", Side.PERSON: "person_agreed_at"}
    return Team(
        row["id"],
        row["unit_id"],
        row["chat_id"],
        row["title"],
        bool(row["has_topics"]),
        TeamState(row["state"]),
        row["linked_by"],
        row["offered_at"],
        row["group_asked"],
        row["person_asked"],
        frozenset(side for side, column in columns.items() if row[column] is not None),
    )


def _seat(row: Row) -> Seat:
    return Seat(row["id"], row["ticket_id"], row["team_id"], row["chat_id"], row["outgoing_id"])
