"""Updates in, the rows: every update is kept before Telegram is told it arrived, and marked once applied."""

import dataclasses
import enum
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeGuard

from bot.kit.clock import DAY
from bot.kit.database import Reader, Session

KEPT_AFTER_APPLYING = DAY + DAY // 4
"""Telegram may repeat an update for 24 hours; a row is kept a little longer, then swept."""


_AT_A_TIME = 100
"""Updates kept by one statement; Telegram hands out as many at once."""


KEPT_AFTER_PARKING = 30 * DAY
"""So long may somebody look into an update that could not be applied; it holds what a person wrote."""


class State(enum.StrEnum):
    NEW = "new"
    APPLIED = "applied"
    PARKED = "parked"


@dataclasses.dataclass(frozen=True, slots=True)
class Received:
    update_id: int
    lane: int
    """Updates of one lane (a chat, else a person) are applied in order."""
    payload: Mapping[str, Any]
    attempts: int = 0


def received(payload: Any) -> Received:
    """An update as Telegram sent it; `ValueError` for a document that is none."""
    update_id = payload.get("update_id") if isinstance(payload, Mapping) else None
    if not _is_number(update_id):
        raise ValueError("this is no update")
    return Received(update_id, _lane(payload), payload)


def _is_number(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63


def _lane(payload: Mapping[str, Any]) -> int:
    for content in payload.values():
        if not isinstance(content, Mapping):
            continue
        holder = content.get("message", content)
        chat = holder.get("chat") if isinstance(holder, Mapping) else None
        person = chat or content.get("from") or content.get("user")
        if isinstance(person, Mapping) and _is_number(number := person.get("id")):
            return number
    return 0


async def keep(session: Session, updates: Iterable[Received], *, now: int) -> Sequence[Received]:
    """Keeps the updates not seen before and returns those."""
    offered = list({update.update_id: update for update in updates}.values())
    fresh: list[Received] = []
    for start in range(0, len(offered), _AT_A_TIME):
        batch = offered[start : start + _AT_A_TIME]
        rows = ", ".join(f"(:update{n}, :lane{n}, :payload{n}, 'new', 0, :now)" for n in range(len(batch)))
        inserted = await session.all(
            "INSERT INTO inbox (update_id, lane, payload, state, attempts, received_at)"
            f" VALUES {rows} ON CONFLICT (update_id) DO NOTHING RETURNING update_id",
            now=now,
            **{f"update{n}": update.update_id for n, update in enumerate(batch)},
            **{f"lane{n}": update.lane for n, update in enumerate(batch)},
            # ASCII: a broken character is kept, too
            **{
                f"payload{n}": json.dumps(update.payload, separators=(",", ":"))
                for n, update in enumerate(batch)
            },
        )
        kept = {row["update_id"] for row in inserted}
        fresh += [update for update in batch if update.update_id in kept]
    return fresh


async def unapplied(reader: Reader, *, limit: int) -> Sequence[Received]:
    """The oldest updates still to be applied, in the order they arrived."""
    rows = await reader.all(
        "SELECT update_id, lane, payload, attempts FROM inbox WHERE state = 'new' ORDER BY seq LIMIT :limit",
        limit=limit,
    )
    return [
        Received(row["update_id"], row["lane"], json.loads(row["payload"]), row["attempts"]) for row in rows
    ]


async def mark_applied(session: Session, update_id: int, *, now: int) -> bool:
    """Marks the update as applied by this transaction, which also lets go of its content; False when another one has done
    so.
    """
    changed = await session.run(
        "UPDATE inbox SET state = 'applied', payload = '{}', applied_at = :now WHERE update_id = :update AND state = 'new'",
        update=update_id,
        now=now,
    )
    return changed == 1


async def count_attempt(session: Session, update_id: int) -> int:
    """Counts a failed attempt and returns how many there were."""
    attempts = await session.value(
        "UPDATE inbox SET attempts = attempts + 1 WHERE update_id = :update RETURNING attempts",
        update=update_id,
    )
    return int(attempts or 0)


async def park(session: Session, update_id: int, *, traceback: str, now: int) -> bool:
    """Sets a poisonous update aside with what it died of; False if it was no longer waiting."""
    changed = await session.run(
        "UPDATE inbox SET state = 'parked', applied_at = :now, error = :traceback"
        " WHERE update_id = :update AND state = 'new'",
        update=update_id,
        traceback=traceback.encode(errors="backslashreplace").decode(),
        now=now,
    )
    return changed == 1


async def sweep(session: Session, *, now: int) -> int:
    """Deletes applied updates that Telegram can no longer repeat, and long ago those set aside; returns how many."""
    return await session.run(
        "DELETE FROM inbox WHERE (state = 'applied' AND applied_at < :repeatable)"
        " OR (state = 'parked' AND applied_at < :looked_into)",
        repeatable=now - KEPT_AFTER_APPLYING,
        looked_into=now - KEPT_AFTER_PARKING,
    )
