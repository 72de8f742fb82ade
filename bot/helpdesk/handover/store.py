"""What hangs on a person's post in the helpdesk's rows."""

import dataclasses
from collections.abc import Sequence

from bot.kit.database import Reader


@dataclasses.dataclass(frozen=True, slots=True)
class Held:
    """A ticket in work that somebody has."""

    ticket_id: int
    is_open: bool


async def tickets_of(reader: Reader, member_id: int) -> Sequence[Held]:
    """The tickets in work that this member owns, the oldest first."""
    rows = await reader.all(
        "SELECT id, state FROM ticket WHERE owner_id = :member AND state IN ('open', 'answered') ORDER BY id",
        member=member_id,
    )
    return [Held(row["id"], row["state"] == "open") for row in rows]


async def helps_with(reader: Reader, member_id: int) -> Sequence[int]:
    """The tickets with which this member helps as a guest."""
    rows = await reader.all(
        "SELECT ticket_id FROM ticket_guest WHERE member_id = :member AND until IS NULL ORDER BY ticket_id",
        member=member_id,
    )
    return [row["ticket_id"] for row in rows]


async def shown_in(reader: Reader, chat_id: int, branch_id: int) -> Sequence[int]:
    """The branch's tickets in work of which something stands in this chat."""
    rows = await reader.all(
        "SELECT id FROM ticket WHERE branch_id = :branch AND state IN ('open', 'answered') AND EXISTS ("
        " SELECT 1 FROM ticket_copy WHERE ticket_copy.ticket_id = ticket.id AND ticket_copy.chat_id = :chat)"
        " ORDER BY id",
        branch=branch_id,
        chat=chat_id,
    )
    return [row["id"] for row in rows]
