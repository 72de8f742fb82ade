"""The helpdesk's rows: what a member said so fast that it waits to be brought."""

from collections.abc import Sequence

from bot.kit.database import Reader, Session


async def said_since(reader: Reader, ticket_id: int, author_id: int, since: int) -> int:
    """How much this person has said in the ticket from then on; an album counts as one."""
    said = await reader.value(
        "SELECT COUNT(DISTINCT COALESCE(album, CAST(id AS TEXT))) FROM ticket_message"
        " WHERE ticket_id = :ticket AND author_id = :author AND direction = 'asked' AND at >= :since",
        ticket=ticket_id,
        author=author_id,
        since=since,
    )
    return int(said or 0)


async def last_waiting(reader: Reader, ticket_id: int) -> int | None:
    """The newest entry of the ticket that waits and that nobody has seen yet, for others to be brought with."""
    found = await reader.value(
        "SELECT id FROM ticket_message WHERE ticket_id = :ticket AND bring_at IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM ticket_copy WHERE ticket_copy.entry_id = ticket_message.id)"
        " ORDER BY id DESC LIMIT 1",
        ticket=ticket_id,
    )
    return None if found is None else int(found)


async def bring_at(reader: Reader, ticket_id: int) -> int | None:
    """When what waits in the ticket is to be brought; None when nothing does."""
    found = await reader.value(
        "SELECT MIN(bring_at) FROM ticket_message WHERE ticket_id = :ticket AND bring_at IS NOT NULL",
        ticket=ticket_id,
    )
    return None if found is None else int(found)


async def wait(session: Session, entry_id: int, until: int) -> None:
    await session.run("UPDATE ticket_message SET bring_at = :until WHERE id = :id", until=until, id=entry_id)


async def join(session: Session, entry_id: int, to: int) -> None:
    """Brings the entry in one message with an earlier one."""
    await session.run("UPDATE ticket_message SET joined_to = :to WHERE id = :id", to=to, id=entry_id)


async def due(reader: Reader, *, now: int, limit: int) -> Sequence[int]:
    """Tickets in which something has waited long enough."""
    rows = await reader.all(
        "SELECT DISTINCT ticket_id FROM ticket_message WHERE bring_at IS NOT NULL AND bring_at <= :now"
        " ORDER BY ticket_id LIMIT :limit",
        now=now,
        limit=limit,
    )
    return [int(row["ticket_id"]) for row in rows]


async def release(session: Session, ticket_id: int) -> Sequence[int]:
    """What waited in the ticket waits no longer; its entries, in order."""
    rows = await session.all(
        "UPDATE ticket_message SET bring_at = NULL WHERE ticket_id = :ticket AND bring_at IS NOT NULL"
        " RETURNING id",
        ticket=ticket_id,
    )
    return sorted(int(row["id"]) for row in rows)
