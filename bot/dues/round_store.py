"""The rows of rounds and nudges."""

from collections.abc import Mapping, Sequence

from bot.dues.model import Candidate, Period, Point, Reached, Round, State
from bot.kit.database import Reader, Row, Session

_ROUND = (
    "SELECT branch_id, point, period, announced_at, cancelled_at, data_asked_at, finished_at, reported_at"
    " FROM dues_round"
)
_CANDIDATE = (
    "SELECT obligation.id AS obligation_id, obligation.member_id, member.name, obligation.state,"
    " obligation.snoozed_until, account.id AS account_id, account.language, chat.unreachable_since,"
    " nudge.id AS nudge_id, previous.id AS previous_id FROM obligation"
    " JOIN member ON member.id = obligation.member_id AND member.left_at IS NULL"
    " LEFT JOIN account ON account.member_id = member.id"
    " LEFT JOIN chat ON chat.chat_id = account.id"
    " LEFT JOIN nudge ON nudge.member_id = member.id AND nudge.point = :point"
    " LEFT JOIN obligation AS previous ON previous.member_id = member.id AND previous.period = :previous"
    " AND previous.state = 'due'"
)


async def round_of(reader: Reader, branch_id: int, point: str) -> Round | None:
    row = await reader.first(
        f"{_ROUND} WHERE branch_id = :branch AND point = :point", branch=branch_id, point=point
    )
    return None if row is None else _round(row)


async def rounds_at(reader: Reader, point: str) -> Mapping[int, Round]:
    """The rounds of a point, by branch."""
    rows = await reader.all(f"{_ROUND} WHERE point = :point", point=point)
    return {row["branch_id"]: _round(row) for row in rows}


async def rounds_to_report(reader: Reader) -> Sequence[Round]:
    """Finished rounds whose secretary has not been told yet."""
    rows = await reader.all(
        f"{_ROUND} WHERE finished_at IS NOT NULL AND reported_at IS NULL ORDER BY point, branch_id"
    )
    return [_round(row) for row in rows]


async def announced(session: Session, branch_id: int, point: Point, *, now: int) -> None:
    await _note(session, branch_id, point, "announced_at", now)


async def data_asked(session: Session, branch_id: int, point: Point, *, now: int) -> None:
    await _note(session, branch_id, point, "data_asked_at", now)


async def finished(session: Session, branch_id: int, point: Point, *, now: int) -> None:
    await _note(session, branch_id, point, "finished_at", now)


async def _note(session: Session, branch_id: int, point: Point, column: str, now: int) -> None:
    await session.run(
        f"INSERT INTO dues_round (branch_id, point, period, {column}) VALUES (:branch, :point, :period, :now)"
        f" ON CONFLICT (branch_id, point) DO UPDATE SET {column} = excluded.{column}",
        branch=branch_id,
        point=point.key,
        period=str(point.period),
        now=now,
    )


async def reported(session: Session, branch_id: int, point: str, *, now: int) -> None:
    await session.run(
        "UPDATE dues_round SET reported_at = :now WHERE branch_id = :branch AND point = :point",
        branch=branch_id,
        point=point,
        now=now,
    )


async def cancel(session: Session, branch_id: int, point: str, *, by: int, now: int) -> None:
    await session.run(
        "UPDATE dues_round SET cancelled_at = :now, cancelled_by = :by WHERE branch_id = :branch AND point = :point",
        branch=branch_id,
        point=point,
        by=by,
        now=now,
    )


async def restore(session: Session, branch_id: int, point: str) -> None:
    await session.run(
        "UPDATE dues_round SET cancelled_at = NULL, cancelled_by = NULL WHERE branch_id = :branch AND point = :point",
        branch=branch_id,
        point=point,
    )


async def candidates(
    reader: Reader, branch_id: int, period: Period, point: str, *, after: int = 0, limit: int = 100_000
) -> Sequence[Candidate]:
    """The members of a branch with what decides whether they are reminded, by member id from after `after`."""
    rows = await reader.all(
        f"{_CANDIDATE} WHERE member.branch_id = :branch AND obligation.period = :period"
        " AND obligation.member_id > :after ORDER BY obligation.member_id LIMIT :limit",
        branch=branch_id,
        period=str(period),
        previous=str(period.shifted(-1)),
        point=point,
        after=after,
        limit=limit,
    )
    return [_candidate(row) for row in rows]


async def snoozed(
    reader: Reader, point: str, *, now: int, limit: int
) -> Sequence[tuple[int, Period, Candidate]]:
    """Those whose snooze is over, each with their branch and the period it is about."""
    rows = await reader.all(
        _CANDIDATE.replace("SELECT ", "SELECT member.branch_id, obligation.period, ", 1)
        + " WHERE obligation.snoozed_until <= :now ORDER BY obligation.snoozed_until, obligation.id LIMIT :limit",
        now=now,
        previous="",  # whether they owe more does not matter here
        point=point,
        limit=limit,
    )
    return [(row["branch_id"], Period.parse(row["period"]), _candidate(row)) for row in rows]


async def add_nudge(
    session: Session,
    member_id: int,
    branch_id: int,
    period: Period,
    point: str,
    outgoing_id: int,
    *,
    now: int,
) -> None:
    await session.run(
        "INSERT INTO nudge (member_id, branch_id, period, point, outgoing_id, at)"
        " VALUES (:member, :branch, :period, :point, :outgoing, :now)",
        member=member_id,
        branch=branch_id,
        period=str(period),
        point=point,
        outgoing=outgoing_id,
        now=now,
    )


async def reached(reader: Reader, branch_id: int, period: Period, point: str) -> Sequence[Reached]:
    """How the members of a branch stand after a round, by name."""
    rows = await reader.all(
        "SELECT member.name, obligation.state, account.id AS account_id, chat.unreachable_since,"
        " outgoing.state AS sent FROM obligation"
        " JOIN member ON member.id = obligation.member_id AND member.left_at IS NULL"
        " LEFT JOIN account ON account.member_id = member.id"
        " LEFT JOIN chat ON chat.chat_id = account.id"
        " LEFT JOIN nudge ON nudge.member_id = member.id AND nudge.point = :point"
        " LEFT JOIN outgoing ON outgoing.id = nudge.outgoing_id"
        " WHERE member.branch_id = :branch AND obligation.period = :period ORDER BY member.name, member.id",
        branch=branch_id,
        period=str(period),
        point=point,
    )
    return [
        Reached(
            row["name"],
            State(row["state"]),
            has_account=row["account_id"] is not None,
            is_reachable=row["unreachable_since"] is None,
            sent=row["sent"],
        )
        for row in rows
    ]


def _round(row: Row) -> Round:
    return Round(**{**row, "period": Period.parse(row["period"])})


def _candidate(row: Row) -> Candidate:
    return Candidate(
        obligation_id=row["obligation_id"],
        member_id=row["member_id"],
        name=row["name"],
        state=State(row["state"]),
        account_id=row["account_id"],
        language=row["language"],
        is_reachable=row["unreachable_since"] is None,
        snoozed_until=row["snoozed_until"],
        was_nudged=row["nudge_id"] is not None,
        owed_before=row["previous_id"] is not None,
    )
