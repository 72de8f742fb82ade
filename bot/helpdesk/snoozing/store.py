"""The helpdesk's rows: tickets that are put aside."""

from collections.abc import Sequence

from bot.kit.database import Reader, Session


async def snooze(session: Session, ticket_id: int, until: int, *, now: int) -> None:
    """It waits for its owner, who is not expected to do anything before that moment: no clock runs."""
    await session.run(
        "UPDATE ticket SET state = 'open', snoozed_until = :until, deadline = NULL, next_at = NULL,"
        " warned_at = NULL, reminded_at = NULL, climbing_since = COALESCE(climbing_since, :now) WHERE id = :id",
        until=until,
        now=now,
        id=ticket_id,
    )


async def due(reader: Reader, *, now: int) -> Sequence[int]:
    """The tickets whose time has come, by id."""
    rows = await reader.all(
        "SELECT id FROM ticket WHERE snoozed_until <= :now AND state = 'open' ORDER BY snoozed_until, id",
        now=now,
    )
    return [row["id"] for row in rows]
