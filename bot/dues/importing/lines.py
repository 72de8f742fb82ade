"""The rows of a payment file, read one by one: what they say, and what cannot be understood."""

import dataclasses
import functools
import itertools
from collections.abc import Callable, Iterator
from datetime import tzinfo
from typing import NamedTuple, TypeVar

from bot.dues import reading
from bot.dues.importing import columns
from bot.dues.importing.columns import Column, Header
from bot.dues.importing.packing import Packed, pack
from bot.dues.model import Period
from bot.dues.reading import Unreadable
from bot.roster.importing import sheets
from bot.roster.importing.sheets import Row
from bot.roster.rules import NotAPhone, phone

T = TypeVar("T")

MOST_ROWS = 500_000
AT_ONCE = 1_000
"""Rows that are looked at together."""
KEPT = 1_000
"""Of rows that cannot be used, so many are told one by one; the others are counted."""
_NOTE_LIMIT = 60


@dataclasses.dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that says nothing I understand; its row is left out."""

    row: int
    """As the spreadsheet counts."""
    column: Column
    value: str


class Line(NamedTuple):
    """A row with nothing wrong in itself; what the file does not say is empty. A tuple, so that it can be `Packed`."""

    row: int
    employee_no: str
    phone_hash: str
    """The vault's fingerprint of the number."""
    name: str
    branch: str
    first: str
    """The first of its periods, as `Period` writes it."""
    months: int
    """How many there are, running."""
    amount: int
    """In fen, for all its periods together."""
    paid_at: int | None
    reference: str
    payer: str

    @property
    def periods(self) -> tuple[Period, ...]:
        return _periods(self.first, self.months)


@functools.cache
def _periods(first: str, months: int) -> tuple[Period, ...]:
    return tuple(Period.parse(first).shifted(place) for place in range(months))


@dataclasses.dataclass(frozen=True, slots=True)
class PaymentFile:
    """A payment file that has been read."""

    rows: int
    """Below the header, bad ones included."""
    lines: Packed[Line]
    bad: tuple[BadCell, ...]
    """The first `KEPT`."""
    bad_rows: int
    periods: tuple[Period, Period] | None
    """The earliest and the latest; None where no row can be used."""
    as_of: int
    """Up to when the data goes: the newest payment in it, or the moment of reading where the file gives no times."""


class Reading:
    """A payment file under way. `fingerprint` is the vault's; `now` the moment up to which its payments may go."""

    def __init__(self, content: bytes, fingerprint: Callable[[str], str], zone: tzinfo, *, now: int) -> None:
        self._content = content
        self._cells = _Cells(fingerprint, zone)
        self._now = now
        self._found: tuple[Header, Iterator[Row]] | None = None
        self._chunks: list[bytes] = []
        self._bad: list[BadCell] = []
        self._bad_rows = 0
        self._periods: tuple[Period, Period] | None = None
        self._newest: int | None = None
        self.rows = 0

    def go_on(self) -> bool:
        """Reads the next rows, and returns whether there may be more. Blocks; call it in a thread. A `Refusal` if the
        file is no payment list.
        """
        if self._found is None:
            self._found = columns.find(sheets.tables(self._content, MOST_ROWS))
        header, rows = self._found
        lines = []
        taken = 0
        for row in itertools.islice(rows, AT_ONCE):
            taken += 1
            read = self._cells.line(header, row)
            if isinstance(read, Line):
                lines.append(read)
                self._note(read)
            else:
                self._bad_rows += 1
                self._bad += read[: max(0, KEPT - len(self._bad))]
        self.rows += taken
        if lines:
            self._chunks.append(pack(lines))
        return taken == AT_ONCE

    def _note(self, line: Line) -> None:
        first, last = line.periods[0], line.periods[-1]
        if self._periods is None:
            self._periods = first, last
        else:
            self._periods = min(first, self._periods[0]), max(last, self._periods[1])
        if line.paid_at is not None and line.paid_at <= self._now:
            self._newest = max(line.paid_at, self._newest or 0)

    def file(self) -> PaymentFile:
        """What was read."""
        return PaymentFile(
            rows=self.rows,
            lines=Packed(tuple(self._chunks), Line._make),
            bad=tuple(self._bad),
            bad_rows=self._bad_rows,
            periods=self._periods,
            as_of=self._now if self._newest is None else self._newest,
        )


class _Cells:
    """What stands in the cells of a row. Most files say the same amounts and months over and over."""

    def __init__(self, fingerprint: Callable[[str], str], zone: tzinfo) -> None:
        self._fingerprint = fingerprint
        self._zone = zone
        self._amount = functools.lru_cache(10_000)(_positive)
        self._months = functools.lru_cache(1_000)(_months)

    def line(self, header: Header, row: Row) -> Line | list[BadCell]:
        """The row, or what is wrong with it."""
        bad: list[BadCell] = []

        def read(column: Column, reader: Callable[[str], T]) -> T | None:
            value = header.cell(row, column)
            try:
                return reader(value)
            except Unreadable:
                bad.append(BadCell(row.number, column, value))
                return None

        months = read(Column.PERIOD, self._months)
        amount = read(Column.AMOUNT, self._amount)
        paid_at = read(Column.PAID_AT, self._moment)
        employee_no = header.cell(row, Column.EMPLOYEE_NO)
        name = header.cell(row, Column.NAME)
        phone_hash = self._phone(header.cell(row, Column.PHONE))
        if not (employee_no or phone_hash or name):
            bad.append(BadCell(row.number, Column.NAME, ""))
        if bad or months is None or amount is None:
            return bad
        payer = header.cell(row, Column.PAYER)[:_NOTE_LIMIT]
        return Line(
            row.number,
            employee_no,
            phone_hash,
            name,
            header.cell(row, Column.BRANCH),
            *months,
            amount,
            paid_at,
            header.cell(row, Column.REFERENCE),
            "" if payer == name else payer,
        )

    def _moment(self, text: str) -> int | None:
        return reading.moment(text, self._zone) if text else None

    def _phone(self, text: str) -> str:
        """Many exports hide digits; the other columns must do then."""
        try:
            return self._fingerprint(phone(text)) if text else ""
        except NotAPhone:
            return ""


def _positive(text: str) -> int:
    amount = reading.fen(text)
    if amount == 0:
        raise Unreadable(text)
    return amount


def _months(text: str) -> tuple[str, int]:
    found = reading.periods(text)
    return str(found[0]), len(found)
