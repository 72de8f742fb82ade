"""The rows of rounds and nudges."""

import dataclasses
from collections.abc import Collection, Sequence

from bot.dues.model import Candidate, Nudge, Period, Point, Reached, Round, State
from bot.dues.plan_store import GOVERNED
from bot.kit.database import Reader, Row, Session

_COLUMNS = ", ".join(f"dues_round.{field.name}" for field in dataclasses.fields(Round))
_ROUND = f"SELECT {_COLUMNS} FROM dues_round"
_BEING_DECIDED = (
    "EXISTS (SELECT 1 FROM dues_waiver WHERE dues_waiver.member_id = owing.member_id"
    " AND dues_waiver.period = owing.period AND dues_waiver.closed_at IS NULL)"
)
_BY_QUARTER = (
    "EXISTS (SELECT 1 FROM dues_agreement WHERE dues_agreement.member_id = owing.member_id"
    " AND dues_agreement.kind = 'quarterly' AND dues_agreement.until IS NULL)"
)
_PAYS_LATER = f"(SUBSTR(owing.period, 6, 2) NOT IN ('03', '06', '09', '12') AND {_BY_QUARTER})"
_CANDIDATE = (
    "SELECT owing.id AS obligation_id, owing.member_id, member.name, owing.state,"
    " owing.snoozed_until, account.id AS account_id, account.language, chat.unreachable_since,"
    f" nudge.id AS nudge_id, {_BEING_DECIDED} AS being_decided, {_PAYS_LATER} AS pays_later,"
    f" {_BY_QUARTER} AS by_quarter,"
    " (SELECT previous.state FROM owing AS previous WHERE previous.member_id = owing.member_id"
    " AND previous.period = :previous) AS state_before FROM owing"
    " JOIN member ON member.id = owing.member_id AND member.left_at IS NULL"
    " LEFT JOIN account ON account.member_id = member.id"
    " LEFT JOIN chat ON chat.chat_id = account.id"
    " LEFT JOIN nudge ON nudge.member_id = member.id AND nudge.point = :point"
)


@dataclasses.dataclass(frozen=True, slots=True)
class Pending:
    """A branch whose round at a point is neither done nor held back, and may not have begun."""

    branch_id: int
    governed_by: int | None
    """The unit whose plan it follows; None: the organisation's."""
    round: Round | None


async def round_of(reader: Reader, branch_id: int, point: str) -> Round | None:
    row = await reader.first(
        f"{_ROUND} WHERE branch_id = :branch AND point = :point", branch=branch_id, point=point
    )
    return None if row is None else _round(row)


async def pending(reader: Reader, point: str, *, is_ahead: bool = False) -> Sequence[Pending]:
    """All branches, by id, but for those that are through with this point; where it is still ahead, but for those that
    have announced it, too. One query.
    """
    unannounced = " AND dues_round.announced_at IS NULL" if is_ahead else ""
    rows = await reader.all(
        f"{GOVERNED} SELECT tree.id AS tree_id, tree.governed_by, {_COLUMNS} FROM tree"
        " LEFT JOIN dues_round ON dues_round.branch_id = tree.id AND dues_round.point = :point"
        " WHERE tree.kind = 'branch' AND dues_round.finished_at IS NULL AND dues_round.cancelled_at IS NULL"
        f"{unannounced} ORDER BY tree.id",
        point=point,
    )
    return [
        Pending(row["tree_id"], row["governed_by"], None if row["branch_id"] is None else _round(row))
        for row in rows
    ]


async def rounds_to_report(reader: Reader, before: int) -> Sequence[Round]:
    """Finished rounds of which their secretary has not been told yet and none of whose reminders waits any more; and
    those finished before that moment, come what may.
    """
    rows = await reader.all(
        f"{_ROUND} WHERE finished_at IS NOT NULL AND reported_at IS NULL AND (finished_at <= :before OR NOT EXISTS ("
        " SELECT 1 FROM nudge JOIN outgoing ON outgoing.id = nudge.outgoing_id"
        " WHERE nudge.branch_id = dues_round.branch_id AND nudge.point = dues_round.point"
        " AND outgoing.state IN ('waiting', 'sending'))) ORDER BY point, branch_id",
        before=before,
    )
    return [_round(row) for row in rows]


async def announced(session: Session, branch_id: int, point: Point, *, now: int) -> None:
    await _note(session, branch_id, point, "announced_at", now)


async def data_asked(session: Session, branch_id: int, point: Point, *, now: int) -> None:
    await _note(session, branch_id, point, "data_asked_at", now)


async def finished(session: Session, branch_id: int, point: Point, *, now: int) -> None:
    await _note(session, branch_id, point, "finished_at", now)


async def skipped(session: Session, branch_id: int, point: Point, *, now: int) -> None:
    await _note(session, branch_id, point, "skipped_at", now)


async def put_words(session: Session, branch_id: int, point: str, words: str | None) -> None:
    """What the branch says above the facts in this round; None: nothing of its own."""
    await session.run(
        "UPDATE dues_round SET words = :words WHERE branch_id = :branch AND point = :point",
        branch=branch_id,
        point=point,
        words=words,
    )


async def looked_at(reader: Reader) -> int | None:
    """Up to when it was looked for missed points; None where nobody has looked yet."""
    found = await reader.value("SELECT looked_at FROM dues_watch WHERE id = 1")
    return None if found is None else int(found)


async def note_look(session: Session, *, now: int) -> None:
    await session.run(
        "INSERT INTO dues_watch (id, looked_at) VALUES (1, :now)"
        " ON CONFLICT (id) DO UPDATE SET looked_at = excluded.looked_at",
        now=now,
    )


async def note_phoned(session: Session, member_id: int, point: str, *, by: int, now: int) -> None:
    await session.run(
        "INSERT INTO dues_phoned (member_id, point, at, by_member) VALUES (:member, :point, :now, :by)"
        " ON CONFLICT (member_id, point) DO NOTHING",
        member=member_id,
        point=point,
        now=now,
        by=by,
    )


async def unnote_phoned(session: Session, member_id: int, point: str) -> None:
    await session.run(
        "DELETE FROM dues_phoned WHERE member_id = :member AND point = :point", member=member_id, point=point
    )


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
        " AND member.id > :after ORDER BY member.id LIMIT :limit",
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
    off or about to be, to be left alone for now, or no longer on the roster.
    """
    one = "" if member_id is None else " AND nudge.member_id = :member"
    rows = await reader.all(
        "SELECT nudge.member_id, nudge.period, nudge.point FROM outgoing"
        " JOIN nudge ON nudge.outgoing_id = outgoing.id"
        " JOIN owing ON owing.member_id = nudge.member_id AND owing.period = nudge.period"
        " JOIN member ON member.id = owing.member_id"
        " WHERE outgoing.state = 'waiting' AND (owing.state <> 'due' OR owing.snoozed_until > :now"
        f" OR member.left_at IS NOT NULL OR {_BEING_DECIDED} OR {_PAYS_LATER})" + one,
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


async def nudged_at(reader: Reader, point: str, members: Collection[int]) -> Sequence[int]:
    """Those of the members who were reminded at this point."""
    rows = await reader.all(
        f"SELECT member_id FROM nudge WHERE {_among(members)} AND point = :point", point=point
    )
    return [row["member_id"] for row in rows]


async def in_store(
    reader: Reader, period: Period, point: str, members: Collection[int]
) -> Sequence[tuple[int, int | None]]:
    """Those of the members who owe for this period and whose branch has not held back its reminders at this point, each
    with the unit whose plan their branch follows (None: the organisation's).
    """
    rows = await reader.all(
        f"{GOVERNED} SELECT owing.member_id, tree.governed_by FROM owing"
        " JOIN member ON member.id = owing.member_id JOIN tree ON tree.id = member.branch_id"
        f" WHERE owing.{_among(members)} AND owing.period = :period AND owing.state = 'due' AND NOT EXISTS ("
        " SELECT 1 FROM dues_round WHERE dues_round.branch_id = member.branch_id AND dues_round.point = :point"
        " AND dues_round.cancelled_at IS NOT NULL)",
        period=str(period),
        point=point,
    )
    return [(row["member_id"], row["governed_by"]) for row in rows]


async def snoozed_until(reader: Reader, before: int, members: Collection[int]) -> Sequence[int]:
    """Those of the members whose snooze ends before that moment."""
    rows = await reader.all(
        f"SELECT member_id FROM obligation WHERE {_among(members)} AND snoozed_until < :before", before=before
    )
    return [row["member_id"] for row in rows]


def _among(members: Collection[int]) -> str:
    return f"member_id IN ({', '.join(str(int(member)) for member in members)})"


async def reached(reader: Reader, branch_id: int, period: Period, point: str) -> Sequence[Reached]:
    """How the members of a branch stand after a round, by name."""
    rows = await reader.all(
        "SELECT member.id AS member_id, member.name, owing.state, account.id AS account_id, chat.unreachable_since,"
        f" outgoing.state AS sent, dues_phoned.at AS phoned_at, {_BEING_DECIDED} OR {_PAYS_LATER} AS is_paused"
        " FROM member CROSS JOIN owing"  # as in `store.OF_BRANCH`
        " LEFT JOIN account ON account.member_id = member.id"
        " LEFT JOIN chat ON chat.chat_id = account.id"
        " LEFT JOIN nudge ON nudge.member_id = member.id AND nudge.point = :point"
        " LEFT JOIN outgoing ON outgoing.id = nudge.outgoing_id"
        " LEFT JOIN dues_phoned ON dues_phoned.member_id = member.id AND dues_phoned.point = :point"
        " WHERE owing.member_id = member.id AND member.branch_id = :branch AND member.left_at IS NULL"
        " AND owing.period = :period ORDER BY member.name, member.id",
        branch=branch_id,
        period=str(period),
        point=point,
    )
    return [
        Reached(
            row["member_id"],
            row["name"],
            State(row["state"]),
            has_account=row["account_id"] is not None,
            is_reachable=row["unreachable_since"] is None,
            sent=row["sent"],
            phoned_at=row["phoned_at"],
            is_paused=bool(row["is_paused"]),
        )
        for row in rows
    ]


def _round(row: Row) -> Round:
    values = {field.name: row[field.name] for field in dataclasses.fields(Round)}
    return Round(**{**values, "period": Period.parse(row["period"])})


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
        owed_before=row["state_before"] == State.DUE,
        is_being_decided=bool(row["being_decided"]),
        pays_later=bool(row["pays_later"]),
        by_quarter=bool(row["by_quarter"]),
    )
