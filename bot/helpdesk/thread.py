"""The helpdesk's rows: what was said in a ticket, and the messages of ours that stand for it."""

import dataclasses
from collections.abc import Sequence

from bot.helpdesk.model import Content, Copy, Direction, Entry, Kind, Part, Ticket
from bot.kit import outbox
from bot.kit.database import Reader, Row, Session

_ENTRY = (
    "SELECT id, ticket_id, author_id, direction, kind, text, html, chat_id, message_id, album, at, bring_at, joined_to"
    " FROM ticket_message"
)
_COPY = "SELECT ticket_id, entry_id, chat_id, outgoing_id, part, has_buttons FROM ticket_copy"


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """Where in the helpdesk a message of a chat belongs."""

    ticket_id: int
    entry_id: int | None
    part: Part | None = None
    """What the message is, if it is one of ours."""


async def add(
    session: Session, ticket_id: int, author_id: int, direction: Direction, content: Content, *, now: int
) -> Entry | None:
    """Notes something said; None if that message was noted before."""
    row = await session.first(
        "INSERT INTO ticket_message (ticket_id, author_id, direction, kind, text, html, chat_id, message_id, album, at)"
        " VALUES (:ticket, :author, :direction, :kind, :text, :html, :chat, :message, :album, :now)"
        " ON CONFLICT (chat_id, message_id) DO NOTHING RETURNING *",
        ticket=ticket_id,
        author=author_id,
        direction=str(direction),
        kind=str(content.kind),
        text=content.text,
        html=content.html,
        chat=content.chat_id,
        message=content.message_id,
        album=content.album,
        now=now,
    )
    return None if row is None else _entry(row)


async def entries(reader: Reader, ticket_id: int, direction: Direction | None = None) -> Sequence[Entry]:
    """What was said in the ticket, oldest first."""
    if direction is None:
        rows = await reader.all(f"{_ENTRY} WHERE ticket_id = :ticket ORDER BY id", ticket=ticket_id)
    else:
        rows = await reader.all(
            f"{_ENTRY} WHERE ticket_id = :ticket AND direction = :direction ORDER BY id",
            ticket=ticket_id,
            direction=str(direction),
        )
    return [_entry(row) for row in rows]


async def by_source(reader: Reader, chat_id: int, message_id: int) -> Entry | None:
    row = await reader.first(
        f"{_ENTRY} WHERE chat_id = :chat AND message_id = :message", chat=chat_id, message=message_id
    )
    return None if row is None else _entry(row)


async def entry(reader: Reader, entry_id: int) -> Entry | None:
    row = await reader.first(f"{_ENTRY} WHERE id = :id", id=entry_id)
    return None if row is None else _entry(row)


async def reword(session: Session, entry_id: int, content: Content) -> None:
    """What was said reads thus from now on."""
    await session.run(
        "UPDATE ticket_message SET kind = :kind, text = :text, html = :html WHERE id = :id",
        kind=str(content.kind),
        text=content.text,
        html=content.html,
        id=entry_id,
    )


async def move(session: Session, from_id: int, to_id: int) -> None:
    """What was said in one ticket belongs to another from now on, and so does a reply to any of its messages; its cards
    remain its own.
    """
    await session.run(
        "UPDATE ticket_message SET ticket_id = :into WHERE ticket_id = :ticket", into=to_id, ticket=from_id
    )
    await session.run(
        "UPDATE ticket_copy SET ticket_id = :into WHERE ticket_id = :ticket AND part IN ('relay', 'note')",
        into=to_id,
        ticket=from_id,
    )


async def keep_question(session: Session, ticket: Ticket, *, now: int) -> None:
    """A question that was not typed stands on the ticket's card alone: as something said, it can be moved."""
    if ticket.question and ticket.question_message_id is None:
        question = Content(Kind.TEXT, ticket.question, None, None)
        await add(session, ticket.id, ticket.requester_id, Direction.ASKED, question, now=now)


async def place_of(reader: Reader, chat_id: int, message_id: int) -> Place | None:
    """The ticket that a message of this chat belongs to, be it the person's own or one of ours."""
    said = await by_source(reader, chat_id, message_id)
    if said is not None:
        return Place(said.ticket_id, said.id)
    outgoing_id = await outbox.find_sent(reader, chat_id, message_id)
    if outgoing_id is None:
        return None
    row = await reader.first(f"{_COPY} WHERE outgoing_id = :outgoing", outgoing=outgoing_id)
    return None if row is None else Place(row["ticket_id"], row["entry_id"], Part(row["part"]))


async def place_of_album(reader: Reader, chat_id: int, album: str) -> Place | None:
    """The ticket that earlier pictures of the same album joined."""
    row = await reader.first(
        f"{_ENTRY} WHERE chat_id = :chat AND album = :album ORDER BY id LIMIT 1", chat=chat_id, album=album
    )
    return None if row is None else Place(row["ticket_id"], None)


async def add_copy(session: Session, copy: Copy) -> None:
    await session.run(
        "INSERT INTO ticket_copy (ticket_id, entry_id, chat_id, outgoing_id, part, has_buttons)"
        " VALUES (:ticket, :entry, :chat, :outgoing, :part, :buttons) ON CONFLICT (outgoing_id) DO NOTHING",
        ticket=copy.ticket_id,
        entry=copy.entry_id,
        chat=copy.chat_id,
        outgoing=copy.outgoing_id,
        part=str(copy.part),
        buttons=int(copy.has_buttons),
    )


async def with_buttons(reader: Reader, ticket_id: int) -> Sequence[Copy]:
    """The messages of a ticket that have buttons under them, in order."""
    rows = await reader.all(
        f"{_COPY} WHERE ticket_id = :ticket AND has_buttons = 1 ORDER BY id", ticket=ticket_id
    )
    return [_copy(row) for row in rows]


async def note_buttons(session: Session, outgoing_id: int, has_buttons: bool) -> None:
    await session.run(
        "UPDATE ticket_copy SET has_buttons = :buttons WHERE outgoing_id = :outgoing",
        buttons=int(has_buttons),
        outgoing=outgoing_id,
    )


async def copies(reader: Reader, ticket_id: int, part: Part) -> Sequence[Copy]:
    rows = await reader.all(
        f"{_COPY} WHERE ticket_id = :ticket AND part = :part ORDER BY id", ticket=ticket_id, part=str(part)
    )
    return [_copy(row) for row in rows]


async def shown(reader: Reader, ticket_id: int) -> Sequence[Copy]:
    """The messages of ours that show what the ticket is about, in all chats, in order."""
    rows = await reader.all(
        f"{_COPY} WHERE ticket_id = :ticket"
        " AND (part IN ('card', 'relay') OR (part = 'note' AND entry_id IS NOT NULL)) ORDER BY id",
        ticket=ticket_id,
    )
    return [_copy(row) for row in rows]


async def note_gone(session: Session, outgoing_id: int) -> None:
    """A message was taken away, or emptied: what it said counts as not brought."""
    await session.run(
        "UPDATE ticket_copy SET part = 'gone', has_buttons = 0 WHERE outgoing_id = :outgoing",
        outgoing=outgoing_id,
    )


async def times_taken_away(reader: Reader, entry_id: int, chat_id: int) -> int:
    """How often what was said was brought to this chat and taken away again."""
    return int(
        await reader.value(
            "SELECT COUNT(*) FROM ticket_copy WHERE entry_id = :entry AND chat_id = :chat AND part = 'gone'",
            entry=entry_id,
            chat=chat_id,
        )
    )


async def copies_of_entry(reader: Reader, entry_id: int) -> Sequence[Copy]:
    """The relayed copies of one entry, or of the one with which it was brought, in order."""
    rows = await reader.all(
        f"{_COPY} WHERE part = 'relay' AND entry_id ="
        " (SELECT COALESCE(joined_to, id) FROM ticket_message WHERE id = :entry) ORDER BY id",
        entry=entry_id,
    )
    return [_copy(row) for row in rows]


async def has_name_above(reader: Reader, copy: Copy) -> bool:
    """Whether the name of who said it stands in a message of its own above this copy."""
    above = await reader.value(
        "SELECT 1 FROM ticket_copy WHERE entry_id = :entry AND chat_id = :chat AND part = 'note' LIMIT 1",
        entry=copy.entry_id,
        chat=copy.chat_id,
    )
    return above is not None


async def joined(reader: Reader, entry_id: int) -> Sequence[Entry]:
    """What is brought together with this entry, in one message below its own words."""
    rows = await reader.all(f"{_ENTRY} WHERE joined_to = :entry ORDER BY id", entry=entry_id)
    return [_entry(row) for row in rows]


async def not_yet_in(reader: Reader, ticket_id: int, chat_id: int) -> Sequence[Entry]:
    """What was said in the ticket and neither stands in this chat nor was brought there, oldest first."""
    rows = await reader.all(
        f"{_ENTRY} WHERE ticket_id = :ticket AND direction <> 'held' AND joined_to IS NULL"
        " AND (chat_id IS NULL OR chat_id <> :chat) AND NOT EXISTS ("
        " SELECT 1 FROM ticket_copy WHERE ticket_copy.entry_id = ticket_message.id"
        " AND ticket_copy.chat_id = :chat AND ticket_copy.part = 'relay') ORDER BY id",
        ticket=ticket_id,
        chat=chat_id,
    )
    return [_entry(row) for row in rows]


async def is_introduced(reader: Reader, entry: Entry) -> bool:
    """Whether earlier pictures of the same album were said in the same ticket."""
    if entry.content.album is None:
        return False
    earlier = await reader.value(
        "SELECT 1 FROM ticket_message WHERE ticket_id = :ticket AND album = :album AND id < :id LIMIT 1",
        ticket=entry.ticket_id,
        album=entry.content.album,
        id=entry.id,
    )
    return earlier is not None


def _entry(row: Row) -> Entry:
    content = Content(
        Kind(row["kind"]), row["text"], row["chat_id"], row["message_id"], row["album"], row["html"]
    )
    return Entry(
        row["id"],
        row["ticket_id"],
        row["author_id"],
        Direction(row["direction"]),
        content,
        row["at"],
        row["bring_at"],
        row["joined_to"],
    )


def _copy(row: Row) -> Copy:
    return Copy(
        row["ticket_id"],
        row["entry_id"],
        row["chat_id"],
        row["outgoing_id"],
        Part(row["part"]),
        bool(row["has_buttons"]),
    )
