"""The helpdesk's rows: who of the staff is away, from when to when, and who stands in for them."""

import dataclasses
from collections.abc import Sequence
from datetime import date

from bot.helpdesk.substitutes import Away, Standing
from bot.kit.database import Reader, Row, Session

_COLUMNS = "id, member_id, substitute_id, last_day, from_at, until_at, begun_at"
_ABSENCE = f"SELECT {_COLUMNS} FROM absence"


@dataclasses.dataclass(frozen=True, slots=True)
class Absence:
    """A time in which somebody is not to be asked; from `from_at` on, up to but without `until_at`."""

    id: int
    member_id: int
    substitute_id: int | None
    """None: the ladder goes on without a word to anybody in particular."""
    last_day: date
    """As it was arranged; nobody works between it and `until_at`."""
    from_at: int
    until_at: int
    begun_at: int | None
    """When its beginning was acted on; None while it lies ahead."""


async def away_now(reader: Reader, now: int) -> Away:
    """Everybody who is away at that moment, with the substitute they have named."""
    rows = await reader.all(
        "SELECT member_id, substitute_id FROM absence"
        " WHERE ended_at IS NULL AND from_at <= :now AND until_at > :now ORDER BY until_at",
        now=now,
    )
    return {row["member_id"]: row["substitute_id"] for row in rows}


async def of_member(reader: Reader, member_id: int) -> Sequence[Absence]:
    """A member's absences that are not over, the earliest first."""
    rows = await reader.all(
        f"{_ABSENCE} WHERE ended_at IS NULL AND member_id = :member ORDER BY from_at, id", member=member_id
    )
    return [_absence(row) for row in rows]


async def with_substitute(reader: Reader, substitute_id: int) -> Sequence[Absence]:
    """The absences, not over yet, in which this member stands in for somebody."""
    rows = await reader.all(
        f"{_ABSENCE} WHERE ended_at IS NULL AND substitute_id = :member ORDER BY from_at, id",
        member=substitute_id,
    )
    return [_absence(row) for row in rows]


async def between(reader: Reader, from_at: int, until_at: int) -> Away:
    """Everybody who is away at some time between these moments, with the substitute they have named."""
    rows = await reader.all(
        "SELECT member_id, substitute_id FROM absence"
        " WHERE ended_at IS NULL AND from_at < :until AND until_at > :from_at ORDER BY until_at",
        from_at=from_at,
        until=until_at,
    )
    return {row["member_id"]: row["substitute_id"] for row in rows}


async def running(reader: Reader, absence_id: int) -> Absence | None:
    """An absence that is not over."""
    row = await reader.first(f"{_ABSENCE} WHERE ended_at IS NULL AND id = :id", id=absence_id)
    return None if row is None else _absence(row)


async def add(
    session: Session,
    member_id: int,
    *,
    substitute_id: int | None,
    last_day: date,
    from_at: int,
    until_at: int,
) -> Absence:
    row = await session.first(
        "INSERT INTO absence (member_id, substitute_id, last_day, from_at, until_at)"
        f" VALUES (:member, :substitute, :last_day, :from_at, :until_at) RETURNING {_COLUMNS}",
        member=member_id,
        substitute=substitute_id,
        last_day=last_day.isoformat(),
        from_at=from_at,
        until_at=until_at,
    )
    if row is None:
        raise LookupError("an inserted absence came back empty")
    return _absence(row)


async def note_begun(session: Session, absence_id: int, *, now: int) -> None:
    await session.run("UPDATE absence SET begun_at = :now WHERE id = :id", now=now, id=absence_id)


async def end(session: Session, absence_id: int, *, now: int) -> bool:
    """False if it was over already."""
    return bool(
        await session.run(
            "UPDATE absence SET ended_at = :now WHERE id = :id AND ended_at IS NULL", now=now, id=absence_id
        )
    )


async def name_substitute(session: Session, absence_id: int, substitute_id: int | None) -> None:
    await session.run(
        "UPDATE absence SET substitute_id = :substitute WHERE id = :id",
        substitute=substitute_id,
        id=absence_id,
    )


async def beginning(reader: Reader, *, now: int, limit: int) -> Sequence[int]:
    """The absences that have begun and were not acted on yet."""
    return await _ids(
        reader,
        "SELECT id FROM absence WHERE ended_at IS NULL AND begun_at IS NULL AND from_at <= :now"
        " ORDER BY from_at, id LIMIT :limit",
        now=now,
        limit=limit,
    )


async def expired(reader: Reader, *, now: int, limit: int) -> Sequence[int]:
    """The absences whose time is over and that were not ended yet."""
    return await _ids(
        reader,
        "SELECT id FROM absence WHERE ended_at IS NULL AND until_at <= :now ORDER BY until_at, id LIMIT :limit",
        now=now,
        limit=limit,
    )


async def waiting_with(reader: Reader, member_id: int) -> Sequence[int]:
    """The tickets in which somebody waits for this member's answer."""
    rows = await reader.all(
        "SELECT id FROM ticket WHERE owner_id = :member AND state = 'open' ORDER BY id", member=member_id
    )
    return [row["id"] for row in rows]


async def standing(reader: Reader) -> Sequence[Standing]:
    """Every waiting ticket that somebody has in the place of a colleague and has neither answered nor claimed."""
    rows = await reader.all(
        "SELECT ticket.id AS ticket_id, ticket_holding.member_id, ticket_holding.instead_of FROM ticket_holding"
        " JOIN ticket ON ticket.id = ticket_holding.ticket_id"
        " WHERE ticket_holding.instead_of IS NOT NULL AND ticket_holding.until IS NULL"
        " AND ticket.state = 'open' AND ticket.claimed_at IS NULL"
        " AND ticket.owner_id = ticket_holding.member_id ORDER BY ticket_holding.instead_of"
    )
    return [Standing(row["ticket_id"], row["member_id"], row["instead_of"]) for row in rows]


async def _ids(reader: Reader, sql: str, *, now: int, limit: int) -> Sequence[int]:
    return [row["id"] for row in await reader.all(sql, now=now, limit=limit)]


def _absence(row: Row) -> Absence:
    return Absence(**{**row, "last_day": date.fromisoformat(row["last_day"])})
