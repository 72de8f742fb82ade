"""The rows of agreements."""

from collections.abc import Sequence

from bot.dues.agreements.model import Agreement, Kind
from bot.kit.database import Reader, Session


async def held(reader: Reader, member_id: int) -> Sequence[Agreement]:
    """What is in force for this member."""
    rows = await reader.all(
        "SELECT agreed.kind, COALESCE(other.name, agreed.payer) AS payer, agreed.since, writer.name AS agreed_by"
        " FROM dues_agreement AS agreed JOIN member AS writer ON writer.id = agreed.agreed_by"
        " LEFT JOIN member AS other ON other.id = agreed.payer_id"
        " WHERE agreed.member_id = :member AND agreed.until IS NULL ORDER BY agreed.id",
        member=member_id,
    )
    return [Agreement(**{**row, "kind": Kind(row["kind"])}) for row in rows]


async def quarterly(reader: Reader, branch_id: int) -> set[int]:
    """The members of a branch who pay by the quarter."""
    rows = await reader.all(
        "SELECT dues_agreement.member_id FROM dues_agreement"
        " JOIN member ON member.id = dues_agreement.member_id AND member.branch_id = :branch"
        " WHERE dues_agreement.kind = 'quarterly' AND dues_agreement.until IS NULL",
        branch=branch_id,
    )
    return {row["member_id"] for row in rows}


async def begin(
    session: Session,
    member_id: int,
    kind: Kind,
    *,
    by: int,
    now: int,
    payer_id: int | None = None,
    payer: str | None = None,
) -> bool:
    """Puts it into force; False where one of this kind is in force already."""
    row = await session.first(
        "INSERT INTO dues_agreement (member_id, kind, payer_id, payer, since, agreed_by)"
        " VALUES (:member, :kind, :payer_id, :payer, :now, :by)"
        " ON CONFLICT (member_id, kind) WHERE until IS NULL DO NOTHING RETURNING id",
        member=member_id,
        kind=str(kind),
        payer_id=payer_id,
        payer=payer,
        now=now,
        by=by,
    )
    return row is not None


async def end(session: Session, member_id: int, kind: Kind, *, by: int, now: int) -> bool:
    """Ends it; False where none of this kind is in force."""
    ended = await session.run(
        "UPDATE dues_agreement SET until = :now, ended_by = :by"
        " WHERE member_id = :member AND kind = :kind AND until IS NULL",
        member=member_id,
        kind=str(kind),
        now=now,
        by=by,
    )
    return bool(ended)
