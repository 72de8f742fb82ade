"""The helpdesk's rows: answers kept back until their author decides whether they are to be sent."""

from collections.abc import Sequence

from bot.helpdesk.model import Direction
from bot.kit.database import Reader, Session


async def album_of(reader: Reader, ticket_id: int, author_id: int, album: str | None) -> Direction | None:
    """What became of the earlier pictures of the same album in this ticket; None for what is no album or its first."""
    if album is None:
        return None
    found = await reader.value(
        "SELECT direction FROM ticket_message WHERE ticket_id = :ticket AND author_id = :author AND album = :album"
        " ORDER BY id LIMIT 1",
        ticket=ticket_id,
        author=author_id,
        album=album,
    )
    return None if found is None else Direction(found)


async def release(session: Session, ticket_id: int, author_id: int, *, now: int) -> Sequence[int]:
    """Makes answers of what this person has kept back in the ticket, said now; their entries, in order."""
    rows = await session.all(
        "UPDATE ticket_message SET direction = 'answered', at = :now"
        " WHERE ticket_id = :ticket AND author_id = :author AND direction = 'held' RETURNING id",
        ticket=ticket_id,
        author=author_id,
        now=now,
    )
    return sorted(row["id"] for row in rows)


async def discard(session: Session, ticket_id: int, author_id: int) -> int:
    """Deletes what this person has kept back in the ticket; how many messages that were."""
    return await session.run(
        "DELETE FROM ticket_message WHERE ticket_id = :ticket AND author_id = :author AND direction = 'held'",
        ticket=ticket_id,
        author=author_id,
    )
