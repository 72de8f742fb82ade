"""The rows of rounds and nudges."""

from collections.abc import Mapping, Sequence

from bot.dues.model import Candidate, Nudge, Period, Point, Reached, Round, State
from bot.kit.database import Reader, Row, Session

_ROUND = (
    "SELECT branch_id, point, period, announced_at, cancelled_at, data_asked_at, finished_at, reported_at"
    " FROM dues_round"
)
_CANDIDATE = (
    "SELECT owing.id AS obligation_id, owing.member_id, member.name, owing.state,"
    " owing.snoozed_until, account.id AS account_id, account.language, chat.unreachable_since,"
    " nudge.id AS nudge_id, previous.id AS previous_id FROM owing"
    " JOIN member ON member.id = owing.member_id AND member.left_at IS NULL"
    " LEFT JOIN account ON account.member_id = member.id"
    " LEFT JOIN chat ON chat.chat_id = account.id"
    " LEFT JOIN nudge ON nudge.member_id = member.id AND nudge.point = :point"
    " LEFT JOIN owing AS previous ON previous.member_id = member.id AND previous.period = :previous"
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


async def add_notice(session: Session, branch_id: int, point: str, chat_id: int, outgoing_id: int) -> None:
    """Notes a message of ours under which the round can be held back."""
    await session.run(
        "INSERT INTO dues_notice (outgoing_id, branch_id, point, chat_id)"
        " VALUES (:outgoing, :branch, :point, :chat) ON CONFLICT (outgoing_id) DO NOTHING",
        outgoing=outgoing_id,
        branch=branch_id,
        point=point,
        chat=chat_id,
    )


async def take_notices(session: Session, branch_id: int, point: str) -> Sequence[tuple[int, int]]:
    """The chats and outgoing rows of these messages, which are forgotten with this."""
    rows = await session.all(
        "DELETE FROM dues_notice WHERE branch_id = :branch AND point = :point RETURNING chat_id, outgoing_id",
        branch=branch_id,
        point=point,
    )
    return [(row["chat_id"], row["outgoing_id"]) for row in rows]


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
        f"{_CANDIDATE} WHERE member.branch_id = :branch AND owing.period = :period"
        " AND owing.member_id > :after ORDER BY owing.member_id LIMIT :limit",
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
        _CANDIDATE.replace("SELECT ", "SELECT member.branch_id, owing.period, ", 1)
        + " WHERE owing.snoozed_until <= :now ORDER BY owing.snoozed_until, owing.id LIMIT :limit",
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


async def needless(reader: Reader, *, now: int, member_id: int | None = None) -> Sequence[Nudge]:
    """The reminders, of everybody or of one member, that have not left yet and should no longer: paid, said to be, let
    off, or to be left alone for now.
    """
    one = "" if member_id is None else " AND nudge.member_id = :member"
    rows = await reader.all(
        "SELECT nudge.member_id, nudge.period, nudge.point FROM outgoing"
        " JOIN nudge ON nudge.outgoing_id = outgoing.id"
        " JOIN owing ON owing.member_id = nudge.member_id AND owing.period = nudge.period"
        " WHERE outgoing.state = 'waiting' AND (owing.state <> 'due' OR owing.snoozed_until > :now)" + one,
        now=now,
        member=member_id,
    )
    return [Nudge(row["member_id"], Period.parse(row["period"]), row["point"]) for row in rows]


async def drop_nudge(session: Session, nudge: Nudge) -> None:
    """Forgets a reminder that never left."""
    await session.run(
        "DELETE FROM nudge WHERE member_id = :member AND point = :point",
        member=nudge.member_id,
        point=nudge.point,
    )


async def under_way(reader: Reader) -> Sequence[tuple[Period, str]]:
    """The periods and points of which reminders have not left yet."""
    rows = await reader.all(
        "SELECT DISTINCT nudge.period, nudge.point FROM outgoing JOIN nudge ON nudge.outgoing_id = outgoing.id"
        " WHERE outgoing.state = 'waiting'"
    )
    return [(Period.parse(row["period"]), row["point"]) for row in rows]


async def nudged_at(reader: Reader, point: str) -> Sequence[int]:
    """The members reminded at this point."""
    rows = await reader.all("SELECT member_id FROM nudge WHERE point = :point", point=point)
    return [row["member_id"] for row in rows]


async def in_store(reader: Reader, period: Period, point: str) -> Sequence[int]:
    """The members who owe for this period and whose branch has not held back its reminders at this point."""
    rows = await reader.all(
        "SELECT owing.member_id FROM owing JOIN member ON member.id = owing.member_id"
        " WHERE owing.period = :period AND owing.state = 'due' AND NOT EXISTS ("
        " SELECT 1 FROM dues_round WHERE dues_round.branch_id = member.branch_id AND dues_round.point = :point"
        " AND dues_round.cancelled_at IS NOT NULL)",
        period=str(period),
        point=point,
    )
    return [row["member_id"] for row in rows]


async def snoozed_until(reader: Reader, before: int) -> Sequence[int]:
    """The members whose snooze ends before that moment."""
    rows = await reader.all("SELECT member_id FROM obligation WHERE snoozed_until < :before", before=before)
    return [row["member_id"] for row in rows]


async def reached(reader: Reader, branch_id: int, period: Period, point: str) -> Sequence[Reached]:
    """How the members of a branch stand after a round, by name."""
    rows = await reader.all(
        "SELECT member.name, owing.state, account.id AS account_id, chat.unreachable_since,"
        " outgoing.state AS sent FROM owing"
        " JOIN member ON member.id = owing.member_id AND member.left_at IS NULL"
        " LEFT JOIN account ON account.member_id = member.id"
        " LEFT JOIN chat ON chat.chat_id = account.id"
        " LEFT JOIN nudge ON nudge.member_id = member.id AND nudge.point = :point"
        " LEFT JOIN outgoing ON outgoing.id = nudge.outgoing_id"
        " WHERE member.branch_id = :branch AND owing.period = :period ORDER BY member.name, member.id",
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
