"""The rows of canned replies."""

from collections.abc import Sequence

from bot.helpdesk.canned.model import Reply, Shelf
from bot.kit.database import Reader, Row, Session

_REPLY = "SELECT id, unit_id, member_id, text, used, retired_at FROM canned_reply"
_ON_SHELF = " retired_at IS NULL AND ((CAST(:unit AS BIGINT) IS NULL AND unit_id IS NULL AND member_id = :me) OR unit_id = :unit)"
_FOR_BRANCH = (
    " retired_at IS NULL AND ((unit_id IS NULL AND member_id = :me) OR unit_id IN ("
    " WITH RECURSIVE line (id) AS (SELECT id FROM unit WHERE id = :branch"
    " UNION ALL SELECT unit.parent_id FROM unit JOIN line ON unit.id = line.id WHERE unit.parent_id IS NOT NULL)"
    " SELECT id FROM line))"
)


async def add(session: Session, shelf: Shelf, member_id: int, text: str, *, now: int) -> int:
    return int(
        await session.value(
            "INSERT INTO canned_reply (unit_id, member_id, text, used, created_at)"
            " VALUES (:unit, :member, :text, 0, :now) RETURNING id",
            unit=shelf,
            member=member_id,
            text=text,
            now=now,
        )
    )


async def find(reader: Reader, reply_id: int) -> Reply | None:
    """A reply, retired or not."""
    row = await reader.first(f"{_REPLY} WHERE id = :id", id=reply_id)
    return None if row is None else _reply(row)


async def on_shelf(
    reader: Reader, shelf: Shelf, member_id: int, *, limit: int, offset: int = 0
) -> Sequence[Reply]:
    """The replies of a unit, or this member's own, oldest first."""
    rows = await reader.all(
        f"{_REPLY} WHERE {_ON_SHELF} ORDER BY id LIMIT :limit OFFSET :offset",
        unit=shelf,
        me=member_id,
        limit=limit,
        offset=offset,
    )
    return [_reply(row) for row in rows]


async def count(reader: Reader, shelf: Shelf, member_id: int) -> int:
    return int(
        await reader.value(f"SELECT COUNT(*) FROM canned_reply WHERE {_ON_SHELF}", unit=shelf, me=member_id)
    )


async def says(reader: Reader, shelf: Shelf, member_id: int, text: str) -> bool:
    """Whether the shelf has this very text."""
    found = await reader.value(
        f"SELECT 1 FROM canned_reply WHERE {_ON_SHELF} AND text = :text", unit=shelf, me=member_id, text=text
    )
    return found is not None


async def for_branch(
    reader: Reader, branch_id: int, member_id: int, *, limit: int, offset: int
) -> Sequence[Reply]:
    """What this member may send to the branch's members: their own replies, the branch's and those of the units above
    it; what is sent most comes first.
    """
    rows = await reader.all(
        f"{_REPLY} WHERE {_FOR_BRANCH} ORDER BY used DESC, id LIMIT :limit OFFSET :offset",
        branch=branch_id,
        me=member_id,
        limit=limit,
        offset=offset,
    )
    return [_reply(row) for row in rows]


async def is_for_branch(reader: Reader, reply_id: int, branch_id: int, member_id: int) -> bool:
    found = await reader.value(
        f"SELECT 1 FROM canned_reply WHERE id = :id AND {_FOR_BRANCH}",
        id=reply_id,
        branch=branch_id,
        me=member_id,
    )
    return found is not None


async def reword(session: Session, reply_id: int, text: str) -> None:
    await session.run("UPDATE canned_reply SET text = :text WHERE id = :id", text=text, id=reply_id)


async def retire(session: Session, reply_id: int, *, at: int | None) -> None:
    """`at` None puts it back."""
    await session.run("UPDATE canned_reply SET retired_at = :at WHERE id = :id", at=at, id=reply_id)


async def note_used(session: Session, reply_id: int) -> None:
    await session.run("UPDATE canned_reply SET used = used + 1 WHERE id = :id", id=reply_id)


async def forget(session: Session, member_id: int) -> None:
    """Deletes a member's own replies; what they wrote for a unit is the unit's."""
    await session.run(
        "DELETE FROM canned_reply WHERE unit_id IS NULL AND member_id = :member", member=member_id
    )


def _reply(row: Row) -> Reply:
    return Reply(
        row["id"],
        row["unit_id"],
        row["member_id"],
        row["text"],
        row["used"],
        row["retired_at"] is not None,
    )
