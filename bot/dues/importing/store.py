"""The rows that a payment import reads and writes. What it reads, it reads about some rows of the file at a time."""

import dataclasses
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from bot.dues.importing.lines import Line
from bot.dues.importing.matching import Directory, Known, plain
from bot.dues.importing.rules import Ledger, Owes, Payment, Place
from bot.dues.model import Period, State
from bot.kit.database import Reader, Row, Session
from bot.roster import store as roster
from bot.roster.importing.offers import Offers
from bot.roster.model import UnitKind

PAYMENT_FILES = Offers("dues_file")

_MEMBER = "SELECT id, name, employee_no, phone_hash, branch_id, left_at FROM member"
_PLAIN_NAME = "LOWER(REPLACE(REPLACE(name, ' ', ''), '·', ''))"
"""As `matching.plain`, and as the index has it."""


async def branches_by_name(reader: Reader) -> Mapping[str, Collection[int]]:
    """The ids of the branches by `plain` name."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for unit in await roster.units(reader, UnitKind.BRANCH):
        found[plain(unit.name)].append(unit.id)
    return found


async def directory(
    reader: Reader, lines: Sequence[Line], branches: Mapping[str, Collection[int]]
) -> Directory:
    """Whom these rows may be about. Those who have left may have paid before."""
    by_number = await _people(reader, "employee_no", {line.employee_no for line in lines})
    numbers = {person.employee_no for person in by_number}
    others = [line for line in lines if line.employee_no not in numbers]
    by_phone = await _people(reader, "phone_hash", {line.phone_hash for line in others})
    phones = {person.phone_hash for person in by_phone}
    nameless = [line for line in others if line.phone_hash not in phones]
    by_name = await _people(reader, _PLAIN_NAME, {plain(line.name) for line in nameless})
    return Directory([*by_number, *by_phone, *by_name], branches)


async def _people(reader: Reader, column: str, values: set[str]) -> Sequence[Known]:
    condition, parameters = _one_of(column, sorted(values - {""}))
    if not parameters:
        return ()
    return [_known(row) for row in await reader.all(f"{_MEMBER} WHERE {condition} ORDER BY id", **parameters)]


async def ledger(
    reader: Reader, matched: Sequence[tuple[Line, int]], periods: tuple[Period, Period]
) -> Ledger:
    """What is known about these rows' members and references, between the two periods."""
    members, references = {member for _, member in matched}, {line.reference for line, _ in matched} - {""}
    amounts: dict[str, int] = {}
    paid: defaultdict[Place, list[int]] = defaultdict(list)
    payers: defaultdict[str, set[int]] = defaultdict(set)
    owed: dict[Place, Owes] = {}
    if members:
        condition, parameters = _one_of("member_id", sorted(members))
        between = {"first": str(periods[0]), "last": str(periods[1])}
        for row in await reader.all(
            f"SELECT key, member_id, period, amount FROM dues_entry WHERE {condition} AND kind = 'payment'"
            " AND undone_at IS NULL AND period >= :first AND period <= :last",
            **parameters,
            **between,
        ):
            paid[row["member_id"], Period.parse(row["period"])].append(row["amount"])
            if row["key"] is not None:
                amounts[row["key"]] = row["amount"]
        for row in await reader.all(
            f"SELECT member_id, period, amount, state FROM owing WHERE {condition}"
            " AND period >= :first AND period <= :last",
            **parameters,
            **between,
        ):
            place = row["member_id"], Period.parse(row["period"])
            owed[place] = Owes(row["amount"], State(row["state"]))
    if references:
        condition, parameters = _one_of("reference", sorted(references))
        for row in await reader.all(
            f"SELECT DISTINCT reference, member_id FROM dues_entry WHERE {condition} AND undone_at IS NULL",
            **parameters,
        ):
            payers[row["reference"]].add(row["member_id"])
    return Ledger(amounts, paid, payers, owed)


def _one_of(column: str, values: Sequence[Any]) -> tuple[str, dict[str, Any]]:
    """A condition with its parameters."""
    parameters = {f"v{number}": value for number, value in enumerate(values)}
    return f"{column} IN ({', '.join(f':{name}' for name in parameters)})", parameters


def _known(row: Row) -> Known:
    return Known(
        row["id"],
        row["name"],
        row["employee_no"],
        row["phone_hash"],
        row["branch_id"],
        has_left=row["left_at"] is not None,
    )


@dataclasses.dataclass(frozen=True, slots=True)
class Import:
    """A payment file that was imported and counts."""

    id: int
    at: int
    as_of: int
    by_member: int | None
    """None for the command line."""
    by_name: str | None
    added: int
    """Payments that were new."""
    branches: frozenset[int] | None
    """Those it covers; None for all."""

    def covers(self, branches: Collection[int] | None) -> bool:
        """Whether it is about any of these (None: all)."""
        return self.branches is None or branches is None or bool(self.branches & set(branches))


async def imports(reader: Reader, *, since: int = 0) -> Sequence[Import]:
    """What was imported since then and not taken back, the newest first."""
    covered: defaultdict[int, set[int]] = defaultdict(set)
    for row in await reader.all(
        "SELECT import_id, branch_id FROM dues_import_branch JOIN dues_import ON dues_import.id = import_id"
        " WHERE dues_import.at >= :since AND dues_import.undone_at IS NULL",
        since=since,
    ):
        covered[row["import_id"]].add(row["branch_id"])
    rows = await reader.all(
        "SELECT dues_import.id, dues_import.at, dues_import.as_of, dues_import.by_member, dues_import.added,"
        " member.name AS by_name FROM dues_import LEFT JOIN member ON member.id = dues_import.by_member"
        " WHERE dues_import.at >= :since AND dues_import.undone_at IS NULL ORDER BY dues_import.id DESC",
        since=since,
    )
    return [
        Import(
            **row, branches=frozenset(branches) if (branches := covered.get(row["id"])) is not None else None
        )
        for row in rows
    ]


async def add_import(
    session: Session,
    *,
    as_of: int,
    by: int | None,
    added: int,
    branches: Collection[int] | None,
    now: int,
) -> int:
    import_id = int(
        await session.value(
            "INSERT INTO dues_import (at, as_of, by_member, added) VALUES (:now, :as_of, :by, :added) RETURNING id",
            now=now,
            as_of=as_of,
            by=by,
            added=added,
        )
    )
    await session.run_many(
        "INSERT INTO dues_import_branch (import_id, branch_id) VALUES (:import, :branch)",
        [{"import": import_id, "branch": branch} for branch in branches or ()],
    )
    return import_id


async def add_payments(
    session: Session, import_id: int, payments: Iterable[Payment], *, by: int | None, now: int
) -> None:
    await session.run_many(
        "INSERT INTO dues_entry (member_id, period, kind, amount, at, by_member, source, note, key, paid_at,"
        " reference, import_id) VALUES (:member, :period, 'payment', :amount, :now, :by, 'file', :payer, :key,"
        " :paid_at, :reference, :import)"
        " ON CONFLICT (key) WHERE key IS NOT NULL AND undone_at IS NULL DO NOTHING",
        (
            {
                "key": payment.key,
                "member": payment.member_id,
                "period": payment.period,
                "amount": payment.amount,
                "paid_at": payment.paid_at,
                "reference": payment.reference,
                "payer": payment.payer,
                "import": import_id,
                "by": by,
                "now": now,
            }
            for payment in payments
        ),
    )


async def undo(session: Session, import_id: int, *, by: int | None, now: int) -> int:
    """Marks an import and its payments as taken back, and returns how many payments these are."""
    await session.run(
        "UPDATE dues_import SET undone_at = :now, undone_by = :by WHERE id = :id",
        id=import_id,
        by=by,
        now=now,
    )
    return await session.run(
        "UPDATE dues_entry SET undone_at = :now WHERE import_id = :id AND undone_at IS NULL",
        id=import_id,
        now=now,
    )


async def imported_at(reader: Reader, import_id: int) -> tuple[int, bool] | None:
    """When that was, and whether it was taken back since."""
    row = await reader.first(
        "SELECT at, undone_at IS NOT NULL AS is_undone FROM dues_import WHERE id = :id", id=import_id
    )
    return None if row is None else (row["at"], bool(row["is_undone"]))
