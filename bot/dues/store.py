"""The rows of what is owed and paid."""

from collections.abc import Sequence

from bot.dues.model import Figures, Obligation, Owed, Period, State
from bot.kit.database import Reader, Row, Session

_OBLIGATION = (
    "SELECT obligation.id, obligation.member_id, obligation.period, obligation.amount, obligation.state,"
    " obligation.state_at, obligation.state_by, obligation.snoozed_until FROM obligation"
)
_OWED = (
    "SELECT obligation.id, obligation.member_id, obligation.period, obligation.amount, obligation.state,"
    " obligation.state_at, obligation.state_by, obligation.snoozed_until, member.name, member.branch_id"
    " FROM obligation JOIN member ON member.id = obligation.member_id AND member.left_at IS NULL"
)
_PAID_SO_FAR = (
    "(SELECT COALESCE(SUM(payment.amount), 0) FROM payment"
    " WHERE payment.member_id = obligation.member_id AND payment.period = obligation.period)"
)


async def is_opened(reader: Reader, period: Period) -> bool:
    """Whether everybody on the roster has their obligation for this period, with its amount if that is known."""
    missing = await reader.value(
        "SELECT 1 FROM member LEFT JOIN obligation"
        " ON obligation.member_id = member.id AND obligation.period = :period"
        " WHERE member.left_at IS NULL AND (obligation.id IS NULL"
        " OR (obligation.amount IS NULL AND obligation.state IN ('due', 'claimed')"
        " AND member.monthly_dues IS NOT NULL)) LIMIT 1",
        period=str(period),
    )
    return missing is None


async def newest_period(reader: Reader) -> Period | None:
    found = await reader.value("SELECT MAX(period) FROM obligation")
    return None if found is None else Period.parse(found)


async def open_period(session: Session, period: Period, *, now: int) -> int:
    """Gives everybody on the roster their obligation for this period, however late they came; returns how many got
    one. Amounts that have become known since are filled in, and what was paid beforehand counts.
    """
    opened = await session.run(
        "INSERT INTO obligation (member_id, period, amount, state, state_at, opened_at)"
        " SELECT member.id, :period, member.monthly_dues,"
        " CASE WHEN member.monthly_dues = 0 THEN 'not_liable' ELSE 'due' END, :now, :now FROM member"
        " WHERE member.left_at IS NULL ON CONFLICT (member_id, period) DO NOTHING",
        period=str(period),
        now=now,
    )
    await session.run(
        "UPDATE obligation SET amount = (SELECT monthly_dues FROM member WHERE member.id = obligation.member_id)"
        " WHERE period = :period AND amount IS NULL AND state IN ('due', 'claimed')",
        period=str(period),
    )
    await settle_paid(session, period, now=now)
    return opened


async def settle_paid(session: Session, period: Period, *, now: int) -> int:
    """Marks as paid whatever the payments of this period cover; returns how many. A payment towards an amount that is
    not known covers it.
    """
    return await session.run(
        "UPDATE obligation SET state = 'paid', state_at = :now, state_by = NULL, snoozed_until = NULL"
        " WHERE period = :period AND state IN ('due', 'claimed')"
        f" AND {_PAID_SO_FAR} >= CASE WHEN COALESCE(amount, 0) > 0 THEN amount ELSE 1 END",
        period=str(period),
        now=now,
    )


async def obligation(reader: Reader, obligation_id: int) -> Obligation | None:
    row = await reader.first(f"{_OBLIGATION} WHERE obligation.id = :id", id=obligation_id)
    return None if row is None else _obligation(row)


async def of_member(reader: Reader, member_id: int, period: Period) -> Obligation | None:
    row = await reader.first(
        f"{_OBLIGATION} WHERE obligation.member_id = :member AND obligation.period = :period",
        member=member_id,
        period=str(period),
    )
    return None if row is None else _obligation(row)


async def unpaid_before(reader: Reader, member_id: int, period: Period) -> Sequence[Period]:
    """The member's earlier periods that are still due, oldest first."""
    rows = await reader.all(
        "SELECT period FROM obligation WHERE member_id = :member AND state = 'due' AND period < :period"
        " ORDER BY period",
        member=member_id,
        period=str(period),
    )
    return [Period.parse(row["period"]) for row in rows]


async def owed(reader: Reader, obligation_id: int) -> Owed | None:
    """An obligation of somebody on the roster, with whose it is."""
    row = await reader.first(f"{_OWED} WHERE obligation.id = :id", id=obligation_id)
    return None if row is None else _owed(row)


async def of_branch(reader: Reader, branch_id: int, period: Period, state: State) -> Sequence[Owed]:
    """The obligations of a branch in this state, by name."""
    rows = await reader.all(
        f"{_OWED} WHERE member.branch_id = :branch AND obligation.period = :period AND obligation.state = :state"
        " ORDER BY member.name, member.id",
        branch=branch_id,
        period=str(period),
        state=str(state),
    )
    return [_owed(row) for row in rows]


async def unpaid_periods(reader: Reader, branch_id: int, period: Period) -> dict[int, set[Period]]:
    """The periods up to this one that are due, by member of the branch."""
    rows = await reader.all(
        "SELECT obligation.member_id, obligation.period FROM obligation JOIN member"
        " ON member.id = obligation.member_id WHERE member.branch_id = :branch AND obligation.state = 'due'"
        " AND obligation.period <= :period",
        branch=branch_id,
        period=str(period),
    )
    found: dict[int, set[Period]] = {}
    for row in rows:
        found.setdefault(row["member_id"], set()).add(Period.parse(row["period"]))
    return found


async def figures(reader: Reader, branch_id: int, period: Period) -> Figures:
    rows = await reader.all(
        "SELECT obligation.state, COUNT(*) AS members, COUNT(CASE WHEN obligation.amount IS NULL"
        " AND obligation.state IN ('due', 'claimed') THEN 1 END) AS without_amount"
        " FROM obligation JOIN member ON member.id = obligation.member_id AND member.left_at IS NULL"
        " WHERE member.branch_id = :branch AND obligation.period = :period GROUP BY obligation.state",
        branch=branch_id,
        period=str(period),
    )
    return Figures(
        {State(row["state"]): row["members"] for row in rows}, sum(row["without_amount"] for row in rows)
    )


async def set_state(session: Session, obligation_id: int, state: State, *, by: int | None, now: int) -> None:
    await session.run(
        "UPDATE obligation SET state = :state, state_at = :now, state_by = :by, snoozed_until = NULL WHERE id = :id",
        id=obligation_id,
        state=str(state),
        by=by,
        now=now,
    )


async def snooze(session: Session, obligation_id: int, until: int | None) -> None:
    await session.run(
        "UPDATE obligation SET snoozed_until = :until WHERE id = :id", id=obligation_id, until=until
    )


async def as_of(reader: Reader) -> int | None:
    """Up to when the newest payment data goes; None where none was ever imported."""
    found = await reader.value("SELECT MAX(as_of) FROM dues_import")
    return None if found is None else int(found)


async def forget(session: Session, member_id: int) -> None:
    """Deletes what is kept about talking to the member. What is owed and paid is the organisation's record."""
    await session.run("DELETE FROM nudge WHERE member_id = :member", member=member_id)
    await session.run(
        "UPDATE obligation SET snoozed_until = NULL WHERE member_id = :member", member=member_id
    )


def _obligation(row: Row) -> Obligation:
    return Obligation(
        id=row["id"],
        member_id=row["member_id"],
        period=Period.parse(row["period"]),
        amount=row["amount"],
        state=State(row["state"]),
        state_at=row["state_at"],
        state_by=row["state_by"],
        snoozed_until=row["snoozed_until"],
    )


def _owed(row: Row) -> Owed:
    return Owed(_obligation(row), row["name"], row["branch_id"])
