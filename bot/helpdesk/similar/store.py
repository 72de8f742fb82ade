"""The helpdesk's rows: whom the answers of one sending have reached."""

import dataclasses
import enum
from collections.abc import Sequence

from bot.kit.database import Reader


class Fate(enum.Enum):
    ARRIVED = enum.auto()
    UNDER_WAY = enum.auto()
    LOST = enum.auto()


@dataclasses.dataclass(frozen=True, slots=True)
class Sent:
    name: str
    fate: Fate


async def fates(reader: Reader, author_id: int, *, first: int, last: int) -> Sequence[Sent]:
    """What became of the answers that this person gave, from one entry to another, in order."""
    rows = await reader.all(
        "SELECT member.name, copy.outgoing_id, outgoing.state"
        " FROM ticket_message AS said JOIN ticket ON ticket.id = said.ticket_id"
        " JOIN member ON member.id = ticket.requester_id"
        " LEFT JOIN account ON account.member_id = member.id"
        " LEFT JOIN ticket_copy AS copy ON copy.entry_id = said.id AND copy.chat_id = account.id"
        " AND copy.part = 'relay'"
        " LEFT JOIN outgoing ON outgoing.id = copy.outgoing_id"
        " WHERE said.id BETWEEN :first AND :last AND said.author_id = :author AND said.direction = 'answered'"
        " ORDER BY said.id",
        author=author_id,
        first=first,
        last=last,
    )
    return [Sent(row["name"], _fate(row["outgoing_id"], row["state"])) for row in rows]


def _fate(outgoing_id: int | None, state: str | None) -> Fate:
    if outgoing_id is None or state in ("blocked", "failed", "cancelled"):
        return Fate.LOST
    return Fate.UNDER_WAY if state in ("waiting", "sending") else Fate.ARRIVED
