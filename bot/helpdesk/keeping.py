"""The helpdesk's rows: what is kept of tickets, and what is due to end or to be deleted."""

from collections.abc import Sequence
from typing import Any

from bot.kit.database import Reader, Session


async def forget(session: Session, ticket_id: int, *, now: int) -> None:
    """Deletes what was said in a ticket; its row stays for the counts."""
    await session.run(
        "UPDATE ticket SET question = '', facts = '[]', shown = '[]', heard = NULL, rating_words = NULL,"
        " expired_at = :now WHERE id = :id",
        now=now,
        id=ticket_id,
    )
    await session.run("UPDATE ticket_message SET text = '', html = NULL WHERE ticket_id = :id", id=ticket_id)


async def quiet(reader: Reader, *, before: int) -> Sequence[int]:
    """Tickets answered by that moment, to which nobody has written since."""
    return await _ids(
        reader,
        "SELECT id FROM ticket WHERE state = 'answered' AND answered_at <= :before ORDER BY answered_at",
        before=before,
    )


async def kept_too_long(reader: Reader, *, before: int, limit: int) -> Sequence[int]:
    return await _ids(
        reader,
        "SELECT id FROM ticket WHERE state = 'closed' AND expired_at IS NULL AND closed_at < :before"
        " ORDER BY closed_at LIMIT :limit",
        before=before,
        limit=limit,
    )


async def ids_of(reader: Reader, requester_id: int) -> Sequence[int]:
    """A member's tickets whose contents are still here."""
    return await _ids(
        reader,
        "SELECT id FROM ticket WHERE requester_id = :member AND expired_at IS NULL ORDER BY id",
        member=requester_id,
    )


async def counts_of(reader: Reader, requester_id: int) -> tuple[int, int]:
    """How many tickets a member has that are not closed, and how many that are."""
    row = await reader.first(
        "SELECT COUNT(CASE WHEN state <> 'closed' THEN 1 END) AS running,"
        " COUNT(CASE WHEN state = 'closed' THEN 1 END) AS closed FROM ticket WHERE requester_id = :member",
        member=requester_id,
    )
    return (0, 0) if row is None else (row["running"], row["closed"])


async def _ids(reader: Reader, sql: str, **parameters: Any) -> Sequence[int]:
    return [int(row["id"]) for row in await reader.all(sql, **parameters)]
