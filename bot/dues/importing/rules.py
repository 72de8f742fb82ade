"""From the rows of a payment file to payments of members: reading, matching, telling new from known. No I/O."""

import dataclasses
import enum
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import tzinfo
from typing import TypeVar

from bot.dues import reading
from bot.dues.importing import columns
from bot.dues.importing.columns import Column, Header
from bot.dues.model import Period, State
from bot.dues.reading import Unreadable
from bot.roster.importing.sheets import Row, Sheet
from bot.roster.rules import NotAPhone, phone

T = TypeVar("T")


@dataclasses.dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that says nothing I understand; its row is left out."""

    row: int
    """As the spreadsheet counts."""
    column: Column
    value: str


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """A row with nothing wrong in itself; what the file does not say is empty."""

    row: int
    employee_no: str
    phone: str
    name: str
    periods: tuple[Period, ...]
    amount: int
    """In fen, for all its periods together."""
    paid_at: int | None
    reference: str


@dataclasses.dataclass(frozen=True, slots=True)
class Parsed:
    lines: tuple[Line, ...]
    bad: tuple[BadCell, ...]


def parse(sheets: Sequence[Sheet], zone: tzinfo) -> Parsed:
    """The rows of a payment file; a `Refusal` if it is none. A row with a bad cell is listed, not guessed at."""
    header, rows = columns.find(sheets)
    lines: list[Line] = []
    bad: list[BadCell] = []
    for row in rows:
        found = _Reading(header, row)
        line = found.line(zone)
        if line is None:
            bad += found.bad
        else:
            lines.append(line)
    return Parsed(tuple(lines), tuple(bad))


class _Reading:
    """One row being read: its values, and what is wrong with it."""

    def __init__(self, header: Header, row: Row) -> None:
        self._header = header
        self._row = row
        self.bad: list[BadCell] = []

    def line(self, zone: tzinfo) -> Line | None:
        periods = self._read(Column.PERIOD, reading.periods)
        amount = self._read(Column.AMOUNT, _positive)
        paid_at = self._read(Column.PAID_AT, lambda text: reading.moment(text, zone) if text else None)
        employee_no = self._header.cell(self._row, Column.EMPLOYEE_NO)
        name = self._header.cell(self._row, Column.NAME)
        try:
            number = phone(self._header.cell(self._row, Column.PHONE))
        except NotAPhone:
            number = ""  # many exports hide digits; the other columns must do then
        if not (employee_no or number or name):
            self.bad.append(BadCell(self._row.number, Column.NAME, ""))
        if self.bad or periods is None or amount is None:
            return None
        reference = self._header.cell(self._row, Column.REFERENCE)
        return Line(self._row.number, employee_no, number, name, tuple(periods), amount, paid_at, reference)

    def _read(self, column: Column, reader: Callable[[str], T]) -> T | None:
        value = self._header.cell(self._row, column)
        try:
            return reader(value)
        except Unreadable:
            self.bad.append(BadCell(self._row.number, column, value))
            return None


def _positive(text: str) -> int:
    amount = reading.fen(text)
    if amount == 0:
        raise Unreadable(text)
    return amount


@dataclasses.dataclass(frozen=True, slots=True)
class Known:
    """Somebody on the roster, as a payment may name them."""

    member_id: int
    name: str
    employee_no: str | None
    phone_hash: str | None
    has_left: bool


class Miss(enum.StrEnum):
    """Why a row belongs to nobody."""

    UNKNOWN = "unknown"
    AMBIGUOUS = "ambiguous"
    """Several people have this name."""
    OTHER_NAME = "other_name"
    """The employee number or phone is that of somebody with another name."""
    CHANGED = "changed"
    """The same reference was imported before with another amount."""


class Book:
    """The roster, to look people up in."""

    def __init__(self, people: Iterable[Known]) -> None:
        self._by_number: dict[str, Known] = {}
        self._by_phone: dict[str, Known] = {}
        self._by_name: dict[str, list[Known]] = {}
        for person in people:
            if person.employee_no is not None:
                self._by_number[person.employee_no] = person
            if person.phone_hash is not None:
                self._by_phone[person.phone_hash] = person
            if not person.has_left:
                self._by_name.setdefault(_squeezed(person.name), []).append(person)

    def look_up(self, line: Line, fingerprint: Callable[[str], str]) -> Known | Miss:
        """By employee number, else by phone, else by name if only one has it and nothing speaks against it."""
        found = self._by_number.get(line.employee_no) or (
            self._by_phone.get(fingerprint(line.phone)) if line.phone else None
        )
        if found is not None:
            same_name = not line.name or _squeezed(line.name) == _squeezed(found.name)
            return found if same_name else Miss.OTHER_NAME
        namesakes = self._by_name.get(_squeezed(line.name), []) if line.name else []
        fitting = [
            person
            for person in namesakes
            if (person.employee_no is None or not line.employee_no)
            and (person.phone_hash is None or not line.phone)
        ]
        if len(fitting) > 1:
            return Miss.AMBIGUOUS
        return fitting[0] if fitting else Miss.UNKNOWN


@dataclasses.dataclass(frozen=True, slots=True)
class Payment:
    key: str
    """The same for the same payment, in whichever file it comes."""
    member_id: int
    period: Period
    amount: int
    paid_at: int | None
    reference: str | None


def payments_of(line: Line, member_id: int) -> Sequence[Payment]:
    """One payment a period; the sum is divided evenly, the first months taking what is left over."""
    share, rest = divmod(line.amount, len(line.periods))
    found = []
    for place, period in enumerate(line.periods):
        amount = share + (place < rest)
        if line.reference:
            key = f"{member_id}/{period}/{line.reference}"
        else:
            content = f"{member_id}/{period}/{amount}/{line.paid_at}"
            key = hashlib.sha256(content.encode()).hexdigest()
        found.append(Payment(key, member_id, period, amount, line.paid_at, line.reference or None))
    return found


@dataclasses.dataclass(frozen=True, slots=True)
class Owes:
    """What decides whether a payment settles an obligation."""

    amount: int | None
    state: State


@dataclasses.dataclass(frozen=True, slots=True)
class Short:
    """Payments that do not cover what is owed."""

    member_id: int
    period: Period
    paid: int
    owed: int


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do."""

    rows: int
    new: tuple[Payment, ...]
    known: int
    """Payments that were imported before, or stand in the file twice."""
    bad: tuple[BadCell, ...]
    missed: tuple[tuple[int, Miss], ...]
    """Rows that belong to nobody."""
    settles: int
    """Obligations that become paid."""
    short: tuple[Short, ...]
    as_of: int
    """Up to when the data goes."""

    @property
    def periods(self) -> Sequence[Period]:
        return sorted({payment.period for payment in self.new})


def plan(
    parsed: Parsed,
    book: Book,
    fingerprint: Callable[[str], str],
    *,
    imported: Mapping[str, int],
    paid: Mapping[tuple[int, Period], int],
    owed: Mapping[tuple[int, Period], Owes],
    as_of: int,
) -> Plan:
    """`imported`: amounts of earlier payments by key; `paid` and `owed`: sums and obligations by member and period."""
    new: dict[str, Payment] = {}
    known = 0
    missed: list[tuple[int, Miss]] = []
    for line in parsed.lines:
        found = book.look_up(line, fingerprint)
        if isinstance(found, Miss):
            missed.append((line.row, found))
            continue
        payments = payments_of(line, found.member_id)
        before = {
            payment.key: imported.get(payment.key, new[payment.key].amount if payment.key in new else None)
            for payment in payments
        }
        if any(before[payment.key] not in (None, payment.amount) for payment in payments):
            missed.append((line.row, Miss.CHANGED))
            continue
        for payment in payments:
            if before[payment.key] is None:
                new[payment.key] = payment
            else:
                known += 1
    settles, short = _effects(new.values(), paid, owed)
    return Plan(
        rows=len(parsed.lines) + len({cell.row for cell in parsed.bad}),
        new=tuple(new.values()),
        known=known,
        bad=parsed.bad,
        missed=tuple(missed),
        settles=settles,
        short=short,
        as_of=as_of,
    )


def _effects(
    new: Iterable[Payment],
    paid: Mapping[tuple[int, Period], int],
    owed: Mapping[tuple[int, Period], Owes],
) -> tuple[int, tuple[Short, ...]]:
    sums: dict[tuple[int, Period], int] = {}
    for payment in new:
        place = payment.member_id, payment.period
        sums[place] = sums.get(place, paid.get(place, 0)) + payment.amount
    settles = 0
    short: list[Short] = []
    for place, amount in sums.items():
        owes = owed.get(place)
        if owes is None or owes.state not in (State.DUE, State.CLAIMED):
            continue
        if amount >= (owes.amount or 0):
            settles += 1
        else:
            short.append(Short(*place, amount, owes.amount or 0))
    return settles, tuple(short)


def date_of(parsed: Parsed, now: int) -> int:
    """Up to when the data goes: the newest payment in it, or now where the file gives no times."""
    return max(
        (line.paid_at for line in parsed.lines if line.paid_at is not None and line.paid_at <= now),
        default=now,
    )


def _squeezed(name: str) -> str:
    return "".join(name.split()).replace("·", "").casefold()
