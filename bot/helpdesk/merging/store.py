"""The helpdesk's rows: tickets that are put together."""

import json
from collections.abc import Sequence

from bot.helpdesk import thread
from bot.helpdesk.merging.rules import Merged
from bot.helpdesk.model import Ticket
from bot.kit.database import Reader, Session


async def others(reader: Reader, ticket: Ticket) -> Sequence[int]:
    """The member's other tickets that are with the staff, newest first."""
    rows = await reader.all(
        "SELECT id FROM ticket WHERE requester_id = :member AND id <> :id AND state IN ('open', 'answered')"
        " ORDER BY id DESC",
        member=ticket.requester_id,
        id=ticket.id,
    )
    return [row["id"] for row in rows]


async def join(session: Session, joined_id: int, kept_id: int, merged: Merged) -> None:
    """The one goes on in the other, with all that was said in it."""
    await session.run(
        "UPDATE ticket SET merged_into = :kept WHERE id = :joined OR merged_into = :joined",
        kept=kept_id,
        joined=joined_id,
    )
    await thread.move(session, joined_id, kept_id)
    await session.run(
        "UPDATE ticket SET state = :state, deadline = :deadline, next_at = :next, warned_at = :warned,"
        " reminded_at = :reminded, snoozed_until = :snoozed, climbing_since = :climbing, facts = :facts,"
        " shown = :shown, follows_id = :follows WHERE id = :id",
        state=str(merged.state),
        deadline=merged.deadline,
        next=merged.next_at,
        warned=merged.warned_at,
        reminded=merged.reminded_at,
        snoozed=merged.snoozed_until,
        climbing=merged.climbing_since,
        facts=json.dumps(merged.facts, ensure_ascii=False),
        shown=json.dumps(merged.shown),
        follows=merged.follows_id,
        id=kept_id,
    )
