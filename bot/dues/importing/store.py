"""The rows that a payment import reads and writes."""

from collections.abc import Mapping, Sequence

from bot.dues.importing.rules import Known, Owes, Payment
from bot.dues.model import Period, State
from bot.kit.database import Reader, Session


async def people(reader: Reader) -> Sequence[Known]:
    """Everybody who is or was on the roster: those who have left may have paid before."""
    rows = await reader.all("SELECT id, name, employee_no, phone_hash, left_at FROM member ORDER BY id")
    return [
        Known(row["id"], row["name"], row["employee_no"], row["phone_hash"], row["left_at"] is not None)
        for row in rows
    ]


async def payments(reader: Reader, first: Period, last: Period) -> Sequence[Payment]:
    rows = await reader.all(
        "SELECT key, member_id, period, amount, paid_at, reference FROM dues_entry"
        " WHERE kind = 'payment' AND undone_at IS NULL AND period >= :first AND period <= :last",
        first=str(first),
        last=str(last),
    )
    return [Payment(**{**row, "period": Period.parse(row["period"])}) for row in rows]


async def owed(reader: Reader, first: Period, last: Period) -> Mapping[tuple[int, Period], Owes]:
    """Obligations by member and period."""
    rows = await reader.all(
        "SELECT member_id, period, amount, state FROM owing WHERE period >= :first AND period <= :last",
        first=str(first),
        last=str(last),
    )
    return {
        (row["member_id"], Period.parse(row["period"])): Owes(row["amount"], State(row["state"]))
        for row in rows
    }


async def add_import(session: Session, *, as_of: int, by: int | None, added: int, now: int) -> int:
    row = await session.first(
        "INSERT INTO dues_import (at, as_of, by_member, added) VALUES (:now, :as_of, :by, :added) RETURNING id",
        now=now,
        as_of=as_of,
        by=by,
        added=added,
    )
    return 0 if row is None else int(row["id"])


async def add_payments(
    session: Session, import_id: int, payments: Sequence[Payment], *, by: int | None, now: int
) -> None:
    await session.run_many(
        "INSERT INTO dues_entry (member_id, period, kind, amount, at, by_member, source, key, paid_at, reference,"
        " import_id) VALUES (:member, :period, 'payment', :amount, :now, :by, 'file', :key, :paid_at, :reference,"
        " :import) ON CONFLICT (key) WHERE key IS NOT NULL AND undone_at IS NULL DO NOTHING",
        [
            {
                "key": payment.key,
                "member": payment.member_id,
                "period": str(payment.period),
                "amount": payment.amount,
                "paid_at": payment.paid_at,
                "reference": payment.reference,
                "import": import_id,
                "by": by,
                "now": now,
            }
            for payment in payments
        ],
    )


async def count_due(reader: Reader, periods: Sequence[Period]) -> int:
    """How many obligations of these periods are neither paid nor let off."""
    found = 0
    for period in periods:
        found += await reader.value(
            "SELECT COUNT(*) FROM owing WHERE period = :period AND state IN ('due', 'claimed')",
            period=str(period),
        )
    return found
