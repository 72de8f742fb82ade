"""The rows of helping."""

from collections.abc import Sequence

from bot.kit.database import Reader


async def with_stranded_helpers(reader: Reader) -> Sequence[int]:
    """Tickets that somebody helps with who holds no post right above their branch (any more)."""
    rows = await reader.all(
        "SELECT DISTINCT ticket.id FROM ticket_guest JOIN ticket ON ticket.id = ticket_guest.ticket_id"
        " JOIN unit ON unit.id = ticket.branch_id"
        " WHERE ticket_guest.until IS NULL AND NOT EXISTS ("
        " SELECT 1 FROM post JOIN member ON member.id = post.member_id AND member.left_at IS NULL"
        " WHERE post.member_id = ticket_guest.member_id AND post.until IS NULL AND post.unit_id = unit.parent_id)"
        " ORDER BY ticket.id",
    )
    return [row["id"] for row in rows]
