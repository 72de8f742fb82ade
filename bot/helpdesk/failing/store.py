"""The helpdesk's rows: what was to be brought to somebody and is not there."""

import dataclasses
from collections.abc import Sequence

from bot.kit.clock import DAY, MINUTE
from bot.kit.database import Reader, Session
from bot.kit.outbox import State

_LOOKED_AT = 3 * DAY
"""A failure that nobody could be told of for so long is let be."""

_DELAY = 10 * MINUTE
"""What has been tried in vain for so long is called delayed."""

_UNTOLD = (
    " FROM ticket_copy JOIN outgoing ON outgoing.id = ticket_copy.outgoing_id"
    " WHERE outgoing.state IN ('blocked', 'failed') AND outgoing.finished_at > :oldest"
    " AND (ticket_copy.told_at IS NULL OR ticket_copy.told_at < outgoing.finished_at)"
    " AND ticket_copy.part IN ('card', 'relay') AND ticket_copy.chat_id > 0"
)
_DELAYED = (
    " FROM outgoing JOIN ticket_copy ON ticket_copy.outgoing_id = outgoing.id"
    " WHERE outgoing.state = 'waiting' AND outgoing.attempts > 0 AND outgoing.created_at < :late"
    " AND ticket_copy.told_at IS NULL AND ticket_copy.part = 'relay' AND ticket_copy.chat_id > 0"
    " AND EXISTS (SELECT 1 FROM outgoing AS later WHERE later.id > outgoing.id AND later.state = 'sent')"
)
_BLOCKED = (
    " FROM ticket JOIN account ON account.member_id = ticket.requester_id"
    " JOIN chat ON chat.chat_id = account.id"
    " WHERE ticket.state IN ('open', 'answered') AND ticket.owner_id IS NOT NULL"
    " AND chat.unreachable_since > COALESCE(ticket.unreachable_told_at, -1)"
)


@dataclasses.dataclass(frozen=True, slots=True)
class Loss:
    """A message of ours that is not where it should be."""

    outgoing_id: int
    entry_id: int | None
    """What it was to bring; None for a card."""
    chat_id: int
    state: State
    error: str | None


async def tickets(reader: Reader, *, now: int, limit: int) -> Sequence[int]:
    """Tickets in which somebody is to be told that something did not arrive."""
    rows = await reader.all(
        # Ordered outside: a sorted UNION would be read in the order of tickets, all messages of them.
        f"SELECT DISTINCT id FROM (SELECT ticket_copy.ticket_id AS id{_UNTOLD}"
        f" UNION ALL SELECT ticket_copy.ticket_id{_DELAYED} UNION ALL SELECT ticket.id{_BLOCKED}) AS lost"
        " ORDER BY id LIMIT :limit",
        oldest=now - _LOOKED_AT,
        late=now - _DELAY,
        limit=limit,
    )
    return [int(row["id"]) for row in rows]


async def losses(reader: Reader, ticket_id: int, *, now: int) -> Sequence[Loss]:
    """What did not arrive in this ticket, and nobody was told of it; oldest first."""
    columns = "outgoing.id, ticket_copy.entry_id, ticket_copy.chat_id, outgoing.state, outgoing.error"
    rows = await reader.all(
        f"SELECT {columns}{_UNTOLD} AND ticket_copy.ticket_id = :ticket"
        f" UNION SELECT {columns}{_DELAYED} AND ticket_copy.ticket_id = :ticket ORDER BY 1",
        oldest=now - _LOOKED_AT,
        late=now - _DELAY,
        ticket=ticket_id,
    )
    return [
        Loss(row["id"], row["entry_id"], row["chat_id"], State(row["state"]), row["error"]) for row in rows
    ]


async def note_told(session: Session, told: Sequence[Loss], *, now: int) -> None:
    """Those concerned know of it."""
    await session.run_many(
        "UPDATE ticket_copy SET told_at = :now WHERE outgoing_id = :outgoing",
        [{"now": now, "outgoing": loss.outgoing_id} for loss in told],
    )


async def blocked_since(reader: Reader, account_id: int) -> int | None:
    """Since when this person has blocked the bot; None if they have not."""
    since = await reader.value("SELECT unreachable_since FROM chat WHERE chat_id = :chat", chat=account_id)
    return None if since is None else int(since)


async def note_block_told(session: Session, ticket_id: int, *, now: int) -> None:
    """The ticket's owner knows that the requester has blocked the bot."""
    await session.run("UPDATE ticket SET unreachable_told_at = :now WHERE id = :id", now=now, id=ticket_id)
