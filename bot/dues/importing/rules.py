"""From matched rows to payments: telling new from known, and what the new ones settle. No I/O."""

import dataclasses
import functools
import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from bot.dues.importing.lines import KEPT, BadCell, Line, PaymentFile
from bot.dues.importing.matching import Directory, Known, Miss
from bot.dues.importing.packing import Packed, pack
from bot.dues.model import Period, State

Place = tuple[int, Period]
"""A member's period."""


class Payment(NamedTuple):
    """A tuple, so that it can be `Packed`."""

    row: int
    key: str
    """The same for the same payment, in whichever file it comes."""
    member_id: int
    period: str
    """As `Period` writes it."""
    amount: int
    paid_at: int | None
    reference: str | None
    payer: str | None
    """Who paid, where the file says that it was somebody else."""


def payments_of(line: Line, member_id: int) -> Sequence[Payment]:
    """One payment a period; the sum is divided evenly, the first months taking what is left over."""
    share, rest = divmod(line.amount, line.months)
    found = []
    for place, period in enumerate(line.periods):
        amount = share + (place < rest)
        if line.reference:
            key = f"{member_id}/{period}/{line.reference}"
        else:
            content = f"{member_id}/{period}/{amount}/{line.paid_at}"
            key = hashlib.sha256(content.encode()).hexdigest()
        found.append(
            Payment(
                line.row,
                key,
                member_id,
                str(period),
                amount,
                line.paid_at,
                line.reference or None,
                line.payer or None,
            )
        )
    return found


@dataclasses.dataclass(frozen=True, slots=True)
class Owes:
    """What decides whether a payment settles an obligation."""

    amount: int | None
    state: State


@dataclasses.dataclass(frozen=True, slots=True)
class Ledger:
    """What is known already about some people's periods."""

    amounts: Mapping[str, int]
    """Of payments, by key."""
    paid: Mapping[Place, Sequence[int]]
    """The amounts of the payments."""
    payers: Mapping[str, Collection[int]]
    """The members for whom there is a payment, by reference."""
    owed: Mapping[Place, Owes]


@dataclasses.dataclass(frozen=True, slots=True)
class Short:
    """Payments that do not cover what is owed."""

    row: int
    """The last of the file that adds to it."""
    member_id: int
    period: Period
    paid: int
    owed: int


@dataclasses.dataclass(frozen=True, slots=True)
class Extra:
    """More was paid than is owed, or more than once."""

    row: int
    """The last of the file that adds to it."""
    member_id: int
    period: Period
    paid: int
    owed: int | None
    payments: int


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do. Of what is told row by row, the first `KEPT` are kept and all are counted."""

    rows: int
    payments: Packed[Payment]
    """The new ones."""
    new: int
    amount: int
    """Of the new ones together, in fen."""
    known: int
    """Payments that were imported before, or stand in the file twice."""
    bad: tuple[BadCell, ...]
    bad_rows: int
    missed: tuple[tuple[int, Miss], ...]
    missed_rows: Mapping[Miss, int]
    settles: int
    """Obligations that become paid."""
    short: tuple[Short, ...]
    shorts: int
    extra: tuple[Extra, ...]
    extras: int
    as_of: int
    """Up to when the data goes."""
    digest: str
    """The same for the same effect on the same rows."""

    @property
    def is_about_anybody(self) -> bool:
        """Whether any row is a payment that may be imported here."""
        return bool(self.new or self.known)


class Weighing:
    """The rows of a file being weighed, some at a time, in their order. `scope`: the branches the importing person
    looks after; None for all.
    """

    def __init__(self, scope: Collection[int] | None) -> None:
        self._scope = scope
        self._chunks: list[bytes] = []
        self._digest = hashlib.sha256()
        self._amounts: dict[str, int] = {}
        self._payers: dict[str, int] = {}
        self._sums: dict[Place, int] = {}
        self._new = 0
        self._amount = 0
        self._known = 0
        self._missed: list[tuple[int, Miss]] = []
        self._missed_rows = dict.fromkeys(Miss, 0)
        self._settles = 0
        self._short: dict[Place, Short] = {}
        self._extra: dict[Place, Extra] = {}
        self._often: dict[Place, int] = {}

    def match(self, lines: Iterable[Line], directory: Directory) -> Sequence[tuple[Line, int]]:
        """The rows that are somebody's, with the member's id."""
        matched = []
        for line in lines:
            found = directory.look_up(line, self._scope)
            if isinstance(found, Known) and self._scope is not None and found.branch_id not in self._scope:
                found = Miss.NOT_THEIRS
            if isinstance(found, Miss):
                self._miss(line, found)
            else:
                matched.append((line, found.member_id))
        return matched

    def weigh(self, matched: Iterable[tuple[Line, int]], ledger: Ledger) -> None:
        """Takes the payments of these rows in; `ledger` is what is known about their members."""
        new: list[Payment] = []
        for line, member_id in matched:
            payments = payments_of(line, member_id)
            before = [ledger.amounts.get(each.key, self._amounts.get(each.key)) for each in payments]
            if self._is_somebody_elses(line, member_id, ledger):
                self._miss(line, Miss.OTHER_PERSON)
            elif any(
                amount not in (None, each.amount) for each, amount in zip(payments, before, strict=True)
            ):
                self._miss(line, Miss.CHANGED)
            else:
                if line.reference:
                    self._payers[line.reference] = member_id
                for each, amount in zip(payments, before, strict=True):
                    if amount is None:
                        new.append(each)
                        self._take(each, ledger)
                    else:
                        self._known += 1
        if new:
            self._chunks.append(pack(new))

    def _is_somebody_elses(self, line: Line, member_id: int, ledger: Ledger) -> bool:
        if not line.reference:
            return False
        before = ledger.payers.get(line.reference, ())
        return (bool(before) and member_id not in before) or (
            self._payers.get(line.reference, member_id) != member_id
        )

    def _miss(self, line: Line, miss: Miss) -> None:
        self._missed_rows[miss] += 1
        if len(self._missed) < KEPT:
            self._missed.append((line.row, miss))
        self._digest.update(f"{line.row} {miss}\n".encode())

    def _take(self, payment: Payment, ledger: Ledger) -> None:
        self._new += 1
        self._amount += payment.amount
        self._amounts[payment.key] = payment.amount
        self._digest.update(f"{payment.key} {payment.amount}\n".encode())
        period = _period(payment.period)
        place = payment.member_id, period
        earlier = ledger.paid.get(place, ())
        is_first = place not in self._sums
        before = self._sums.get(place, sum(earlier))
        paid = self._sums[place] = before + payment.amount
        number = self._often.get(place, 1 if not is_first else len(earlier)) + 1
        if number > 1:
            self._often[place] = number
        owes = ledger.owed.get(place)
        if owes is not None and owes.state in (State.DUE, State.CLAIMED):
            owed = owes.amount or 0
            if paid < owed:
                self._short[place] = Short(payment.row, *place, paid, owed)
            elif is_first or before < owed:
                self._settles += 1
                self._short.pop(place, None)
        due = None if owes is None else owes.amount
        if paid > due if due is not None else number > 1:
            self._extra[place] = Extra(payment.row, *place, paid, due, number)

    def plan(self, file: PaymentFile, as_of: int) -> Plan:
        """What is to be done, all rows having been weighed."""
        self._digest.update(f"{self._known} {self._settles}".encode())
        return Plan(
            rows=file.rows,
            payments=Packed(tuple(self._chunks), Payment._make),
            new=self._new,
            amount=self._amount,
            known=self._known,
            bad=file.bad,
            bad_rows=file.bad_rows,
            missed=tuple(sorted(self._missed)),
            missed_rows=self._missed_rows,
            settles=self._settles,
            short=tuple(self._short.values())[:KEPT],
            shorts=len(self._short),
            extra=tuple(self._extra.values())[:KEPT],
            extras=len(self._extra),
            as_of=as_of,
            digest=self._digest.hexdigest(),
        )


@functools.cache
def _period(text: str) -> Period:
    return Period.parse(text)
