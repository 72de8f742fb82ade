"""Rows of a roster file, each checked by itself and against the others of the file."""

import dataclasses
from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

from bot.kit.i18n import N_, Words
from bot.roster.importing import columns
from bot.roster.importing.columns import Column, Header
from bot.roster.importing.sheets import Row as RawRow
from bot.roster.model import Category, Role, Status
from bot.roster.rules import NAME_LIMIT, NotAPhone, PhoneFault, clean, phone

T = TypeVar("T")

_UNIT_LIMIT = 60
_EMPLOYEE_NO_LIMIT = 40


@dataclasses.dataclass(frozen=True, slots=True)
class Reason:
    """Why a cell cannot be taken, and what to do about it: a msgid with its values."""

    message: str
    values: tuple[tuple[str, str | int], ...] = ()

    def said(self, words: Words) -> str:
        return words.plain(self.message, **dict(self.values))


@dataclasses.dataclass(frozen=True, slots=True)
class BadCell:
    row: int
    """As the spreadsheet counts."""
    column: Column
    value: str
    reason: Reason


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """A row with nothing wrong in itself. None stands for 'the file says nothing about it'."""

    number: int
    employee_no: str | None
    name: str
    phone: str | None
    committee: str | None
    general: str | None
    branch: str
    roles: frozenset[Role] | None
    status: Status | None
    category: Category | None
    monthly_dues: int | None
    accepted_on: date | None = None
    """The day the branch meeting accepted them as probationary members."""


@dataclasses.dataclass(frozen=True, slots=True)
class Mention:
    """Whom a bad row is about, as far as can be told."""

    employee_no: str | None
    phone: str | None
    name: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class Checked:
    rows: tuple[Row, ...]
    bad: tuple[BadCell, ...]
    mentions: tuple[Mention, ...]

    @property
    def count(self) -> int:
        return len(self.rows) + len(self.mentions)


_PHONE_REASONS = {
    PhoneFault.SCIENTIFIC: N_(
        "the spreadsheet has rounded this number: set the column to “Text” and enter it again"
    ),
    PhoneFault.NOT_A_MOBILE: N_("this is not a mobile number of eleven digits beginning with 1"),
}
_IS_ONE_SHORT = N_("this phone number lacks one digit")
_IS_SHORT = N_("this phone number lacks {digits} digits")
_IS_LONG = N_("this phone number has too many digits ({digits} more than eleven)")


def check(header: Header, raw: Sequence[RawRow]) -> Checked:
    rows: list[Row] = []
    bad: list[BadCell] = []
    mentions: list[Mention] = []
    for row in raw:
        reading = _Reading(header, row)
        checked = reading.row()
        if checked is None:
            bad += reading.bad
            mentions.append(reading.mention())
        else:
            rows.append(checked)
    return _without_doubles(rows, bad, mentions)


def _without_doubles(rows: Sequence[Row], bad: list[BadCell], mentions: list[Mention]) -> Checked:
    kept: list[Row] = []
    numbers: dict[str, int] = {}
    phones: dict[str, int] = {}
    for row in rows:
        found = [
            BadCell(row.number, column, key, Reason(message, (("row", seen[key]),)))
            for column, key, seen, message in (
                (
                    Column.EMPLOYEE_NO,
                    row.employee_no,
                    numbers,
                    N_("the same employee number stands in row {row} already"),
                ),
                (
                    Column.PHONE,
                    row.phone,
                    phones,
                    N_("the same phone number stands in row {row} already: everybody needs their own"),
                ),
            )
            if key is not None and key in seen
        ]
        if found:
            bad += found
            mentions.append(Mention(row.employee_no, row.phone, row.name))
            continue
        kept.append(row)
        if row.employee_no is not None:
            numbers[row.employee_no] = row.number
        if row.phone is not None:
            phones[row.phone] = row.number
    order = {column: place for place, column in enumerate(Column)}
    bad.sort(key=lambda cell: (cell.row, order[cell.column]))
    return Checked(tuple(kept), tuple(bad), tuple(mentions))


class _Reading:
    """One row being read: its values, and what is wrong with it."""

    def __init__(self, header: Header, raw: RawRow) -> None:
        self._header = header
        self._raw = raw
        self.bad: list[BadCell] = []

    def row(self) -> Row | None:
        employee_no = self._short(Column.EMPLOYEE_NO, _EMPLOYEE_NO_LIMIT)
        name = self._needed(Column.NAME, NAME_LIMIT)
        number = self._phone()
        branch = self._needed(Column.BRANCH, _UNIT_LIMIT)
        row = Row(
            number=self._raw.number,
            employee_no=employee_no,
            name=name,
            phone=number,
            committee=self._short(Column.COMMITTEE, _UNIT_LIMIT),
            general=self._short(Column.GENERAL, _UNIT_LIMIT),
            branch=branch,
            roles=self._roles(),
            status=self._one_of(Column.STATUS, columns.status, N_("please write 正式 or 预备")),
            category=self._one_of(
                Column.CATEGORY,
                columns.category,
                N_("please write one of 在职, 离退休, 学生, 农民, 下岗, 其他"),
            ),
            monthly_dues=self._dues(),
            accepted_on=self._one_of(
                Column.ACCEPTED_ON, columns.accepted_on, N_("please write a date, for example 2026-09-18")
            ),
        )
        if employee_no is None and number is None and not self.bad:
            column = Column.EMPLOYEE_NO if Column.EMPLOYEE_NO in self._header else Column.PHONE
            self._wrong(column, N_("without an employee number or a phone I cannot tell who this is"))
        return None if self.bad else row

    def mention(self) -> Mention:
        """Read leniently, after `row` has found something wrong."""
        try:
            number = phone(self._cell(Column.PHONE))
        except NotAPhone:
            number = None
        return Mention(self._cell(Column.EMPLOYEE_NO) or None, number, self._cell(Column.NAME) or None)

    def _cell(self, column: Column) -> str:
        return " ".join(clean(self._header.cell(self._raw, column) or "").split())

    def _wrong(self, column: Column, message: str, **values: str | int) -> None:
        cell = (self._header.cell(self._raw, column) or "").strip()
        self.bad.append(BadCell(self._raw.number, column, cell, Reason(message, tuple(values.items()))))

    def _short(self, column: Column, limit: int) -> str | None:
        text = self._cell(column)
        if len(text) > limit:
            self._wrong(column, N_("this is longer than {limit} characters"), limit=limit)
        return text or None

    def _needed(self, column: Column, limit: int) -> str:
        text = self._short(column, limit)
        if text is None:
            self._wrong(column, N_("this must not be empty"))
        return text or ""

    def _phone(self) -> str | None:
        text = self._cell(Column.PHONE)
        if not text:
            return None
        try:
            return phone(text)
        except NotAPhone as error:
            if error.fault is PhoneFault.SHORT:
                self._wrong(
                    Column.PHONE, _IS_ONE_SHORT if error.digits == 1 else _IS_SHORT, digits=error.digits
                )
            elif error.fault is PhoneFault.LONG:
                self._wrong(Column.PHONE, _IS_LONG, digits=error.digits)
            else:
                self._wrong(Column.PHONE, _PHONE_REASONS[error.fault])
        return None

    def _roles(self) -> frozenset[Role] | None:
        if Column.POST not in self._header:
            return None
        try:
            return columns.roles(self._cell(Column.POST))
        except columns.Unknown:
            self._wrong(
                Column.POST,
                N_(
                    "I do not know this post: please write 书记, 副书记, 委员, 总支书记, 党委管理员, or leave it empty"
                ),
            )
        return None

    def _one_of(self, column: Column, read: Callable[[str], T], otherwise: str) -> T | None:
        text = self._cell(column)
        if not text:
            return None
        try:
            return read(text)
        except columns.Unknown:
            self._wrong(column, otherwise)
        return None

    def _dues(self) -> int | None:
        text = self._cell(Column.MONTHLY_DUES)
        if not text:
            return None
        try:
            return columns.monthly_dues(text)
        except columns.Unknown:
            self._wrong(Column.MONTHLY_DUES, N_("please write an amount in yuan, for example 20 or 20.50"))
        except columns.ImplausibleDues:
            self._wrong(
                Column.MONTHLY_DUES, N_("this is too much for one month's dues: perhaps it is the pay")
            )
        return None
