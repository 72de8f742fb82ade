"""The walk-through's rows."""

import dataclasses
from collections.abc import Sequence

from bot.faq.model import Phone, Stage
from bot.kit.database import Reader, Row, Session


@dataclasses.dataclass(frozen=True, slots=True)
class Walk:
    """Where a member is."""

    member_id: int
    phone: Phone
    step_id: str
    started_at: int
    moved_at: int
    """When they last did anything in it."""
    finished_at: int | None
    """When all cards were done for the first time."""
    asked_at: int | None
    """When they were asked, having stood still, whether to go on."""


@dataclasses.dataclass(frozen=True, slots=True)
class Standing:
    """Somebody whose walk stands still and who can be written to."""

    walk: Walk
    account_id: int
    language: str | None


_WALK = "walk.member_id, walk.phone, walk.step_id, walk.started_at, walk.moved_at, walk.finished_at, walk.asked_at"


async def walk(reader: Reader, member_id: int) -> Walk | None:
    row = await reader.first(f"SELECT {_WALK} FROM walk WHERE member_id = :member", member=member_id)
    return None if row is None else _walk(row)


async def put(session: Session, member_id: int, phone: Phone, step_id: str, *, now: int) -> None:
    """Begins the walk or moves it: this phone, this step, touched now."""
    await session.run(
        "INSERT INTO walk (member_id, phone, step_id, started_at, moved_at)"
        " VALUES (:member, :phone, :step, :now, :now) ON CONFLICT (member_id) DO UPDATE SET"
        " phone = excluded.phone, step_id = excluded.step_id, moved_at = excluded.moved_at",
        member=member_id,
        phone=str(phone),
        step=step_id,
        now=now,
    )


async def touch(session: Session, member_id: int, *, now: int) -> None:
    await session.run("UPDATE walk SET moved_at = :now WHERE member_id = :member", member=member_id, now=now)


async def finish(session: Session, member_id: int, *, now: int) -> bool:
    """Notes the end of the walk; False if it was reached before."""
    return bool(
        await session.run(
            "UPDATE walk SET finished_at = :now WHERE member_id = :member AND finished_at IS NULL",
            member=member_id,
            now=now,
        )
    )


async def mark_done(session: Session, member_id: int, step_id: str, *, now: int) -> None:
    await session.run(
        "INSERT INTO walk_done (member_id, step_id, at) VALUES (:member, :step, :now)"
        " ON CONFLICT (member_id, step_id) DO NOTHING",
        member=member_id,
        step=step_id,
        now=now,
    )


async def steps_done(reader: Reader, member_id: int) -> frozenset[str]:
    rows = await reader.all("SELECT step_id FROM walk_done WHERE member_id = :member", member=member_id)
    return frozenset(row["step_id"] for row in rows)


async def reach(session: Session, member_id: int, stage: Stage, *, now: int) -> bool:
    """Notes that the member has done all of a stage; False if they had before."""
    return bool(
        await session.run(
            "INSERT INTO walk_stage (member_id, stage, at) VALUES (:member, :stage, :now)"
            " ON CONFLICT (member_id, stage) DO NOTHING",
            member=member_id,
            stage=str(stage),
            now=now,
        )
    )


async def stages_reached(reader: Reader, member_id: int) -> Sequence[Stage]:
    rows = await reader.all("SELECT stage FROM walk_stage WHERE member_id = :member", member=member_id)
    return [Stage(row["stage"]) for row in rows]


async def note_stuck(
    session: Session, member_id: int, stage: Stage, step_id: str, phone: Phone, *, now: int
) -> None:
    await session.run(
        "INSERT INTO walk_stuck (member_id, stage, step_id, phone, at)"
        " VALUES (:member, :stage, :step, :phone, :now)",
        member=member_id,
        stage=str(stage),
        step=step_id,
        phone=str(phone),
        now=now,
    )


async def note_tried(session: Session, member_id: int, step_id: str, entry_id: str, *, now: int) -> None:
    await session.run(
        "INSERT INTO walk_tried (member_id, step_id, entry_id, at) VALUES (:member, :step, :entry, :now)"
        " ON CONFLICT (member_id, step_id, entry_id) DO NOTHING",
        member=member_id,
        step=step_id,
        entry=entry_id,
        now=now,
    )


async def tried(reader: Reader, member_id: int, step_id: str) -> Sequence[str]:
    """The entries the member was shown at this step, in order."""
    rows = await reader.all(
        "SELECT entry_id FROM walk_tried WHERE member_id = :member AND step_id = :step ORDER BY at, entry_id",
        member=member_id,
        step=step_id,
    )
    return [row["entry_id"] for row in rows]


async def standing_still(reader: Reader, *, before: int, after: int, limit: int) -> Sequence[Standing]:
    """Walks not touched since `before`, neither finished nor asked about, of people who can be written to and do not
    wait for an answer of their staff anyway; by member id from after `after`.
    """
    rows = await reader.all(
        f"SELECT {_WALK}, account.id AS account_id, account.language FROM walk"
        " JOIN member ON member.id = walk.member_id AND member.left_at IS NULL"
        " JOIN account ON account.member_id = walk.member_id"
        " LEFT JOIN chat ON chat.chat_id = account.id"
        " WHERE walk.finished_at IS NULL AND walk.asked_at IS NULL AND walk.moved_at <= :before"
        " AND walk.member_id > :after"
        " AND chat.unreachable_since IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM ticket WHERE ticket.requester_id = walk.member_id AND ticket.state = 'open')"
        " ORDER BY walk.member_id LIMIT :limit",
        before=before,
        after=after,
        limit=limit,
    )
    return [Standing(_walk(row), row["account_id"], row["language"]) for row in rows]


async def note_asked(session: Session, member_id: int, *, now: int) -> None:
    await session.run("UPDATE walk SET asked_at = :now WHERE member_id = :member", member=member_id, now=now)


async def forget(session: Session, member_id: int) -> None:
    for table in ("walk_tried", "walk_stuck", "walk_stage", "walk_done", "walk"):
        await session.run(f"DELETE FROM {table} WHERE member_id = :member", member=member_id)


def _walk(row: Row) -> Walk:
    return Walk(
        member_id=row["member_id"],
        phone=Phone(row["phone"]),
        step_id=row["step_id"],
        started_at=row["started_at"],
        moved_at=row["moved_at"],
        finished_at=row["finished_at"],
        asked_at=row["asked_at"],
    )
