"""The rows of who has been told of."""

from collections.abc import Sequence

from bot.dues.model import Period
from bot.kit.database import Reader, Session


async def to_look_at(reader: Reader, period: Period) -> Sequence[int]:
    """The branches in which it was not looked yet who has not paid for the months up to this one."""
    rows = await reader.all(
        "SELECT unit.id FROM unit LEFT JOIN dues_arrears_look AS look"
        " ON look.branch_id = unit.id AND look.period = :period"
        " WHERE unit.kind = 'branch' AND look.branch_id IS NULL ORDER BY unit.id",
        period=str(period),
    )
    return [row["id"] for row in rows]


async def looked_at(session: Session, branch_id: int, period: Period, *, now: int) -> None:
    await session.run(
        "INSERT INTO dues_arrears_look (branch_id, period, at) VALUES (:branch, :period, :now)"
        " ON CONFLICT (branch_id, period) DO NOTHING",
        branch=branch_id,
        period=str(period),
        now=now,
    )


async def told(session: Session, member_id: int, period: Period, *, now: int) -> bool:
    """Notes that somebody is told of this member; False where that was done before, also by another branch."""
    row = await session.first(
        "INSERT INTO dues_arrears_told (member_id, period, at) VALUES (:member, :period, :now)"
        " ON CONFLICT (member_id, period) DO NOTHING RETURNING member_id",
        member=member_id,
        period=str(period),
        now=now,
    )
    return row is not None
