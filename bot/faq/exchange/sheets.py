"""Entries as a workbook of one sheet, one row an entry and language, and back. Blocks: call it in a thread."""

import io
import re
from collections.abc import Iterable, Mapping, Sequence

from bot.faq import content
from bot.faq.content import ID, ID_LIMIT, FactUnknown, MediaMissing, TextTooLong, TitleTooLong
from bot.faq.exchange import columns
from bot.faq.exchange.columns import LISTS, NEEDED, TITLES, WORDS, Column
from bot.faq.exchange.markdown import Check
from bot.faq.exchange.package import Item, Name, Package, fingerprint, name_of, plain
from bot.faq.frontmatter import Document, Field, FieldMissing, FieldWrong, Written
from bot.faq.model import DEFAULT_LANGUAGE, LANGUAGES, Entry
from bot.kit.errors import Refusal
from bot.roster.importing import sheets
from bot.roster.importing.sheets import Row

CELL_LIMIT = 32_767
"""UTF-16 code units: more, and spreadsheet programs cut the text off."""

_LOOKED_FOR_IN = 10
_ROW_HEIGHT = 90
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED = re.compile(r"(?P<underscore>_x005[Ff]_(?=x[0-9A-Fa-f]{4}_))|_x000[Dd]_\n?")
"""As workbooks write an underscore that could be taken for an escape, and a carriage return."""
_BETWEEN = re.compile(r"[,，、;；\s]+")
_OF_THE_WHOLE = "*"
_LAST_ROW = 5_000
"""Down to here the cells of a sheet offer their choices."""

_Places = Mapping[Column, tuple[int, str]]
"""Where each column stands, from 0, and what its header is."""


class NoSheet(Refusal):
    """I do not find the header of the entries in this workbook. It needs at least the columns {columns}. The easiest is to export one here and write into that."""


class CellWrong(Refusal):
    """Row {row}, column {column}: it says “{value}”. It should be {wanted}."""


class CellEmpty(Refusal):
    """Row {row}, column {column}: this must not be empty."""


class CellTooLong(Refusal):
    """Row {row}, column {column}: {length} characters stand here; {limit} fit. Please shorten it."""


class CellFactUnknown(Refusal):
    """Row {row}, column {column}: {name} is not a name I know here. Please check the spelling."""


class CellMediaMissing(Refusal):
    """Row {row}, column {column}: I do not have “{name}”. A sheet cannot carry pictures: please use the zip, or delete this line."""


class RowTwice(Refusal):
    """Row {row}, column {column}: “{value}” stands in row {other} already. Please keep one of them."""


class DoesNotFit(Refusal):
    """“{title}” ({column}) has {length} characters, and a cell of a sheet holds {limit}. Please export as zip instead."""


def read(packed: bytes, check: Check) -> tuple[Package, Sequence[Refusal]]:
    """What stands in a workbook, and what is wrong with the rows that cannot be used. The check names a file; what it
    says is told of the row.
    """
    places, rows = _table(sheets.read(packed))
    items: list[Item] = []
    problems: list[Refusal] = []
    seen: dict[Name, int] = {}
    units = set()
    for raw in rows:
        row = _Reading(raw, places)
        try:
            item = row.item(check)
            other = seen.setdefault(name_of(item.entry), raw.number)
            if other != raw.number:
                raise RowTwice(row=raw.number, column=row.at(Column.ID), value=item.entry.id, other=other)
        except Refusal as problem:
            problems.append(row.told(problem))
        else:
            items.append(item)
            if item.base is not None:
                units.add(row.unit())
    return Package(tuple(items), unit=units.pop() if len(units) == 1 else None), problems


def write(entries: Iterable[Entry], *, unit: str | None) -> bytes:
    """A workbook with these entries; `DoesNotFit` for one too long for a cell."""
    # Here, because it takes 18 MiB and most days bring no workbook.
    import openpyxl  # noqa: PLC0415
    from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "FAQ"
    wrapped = Alignment(wrap_text=True, vertical="top")
    table = [{column: TITLES[column] for column in Column}, *(_cells(plain(each), unit) for each in entries)]
    for number, said in enumerate(table, start=1):
        for place, column in enumerate(Column, start=1):
            cell = sheet.cell(number, place)
            cell.number_format = "@"
            cell.alignment = wrapped
            if said[column]:
                cell.value = _ESCAPE.sub("_x005F_", said[column])
                cell.data_type = "s"  # also where the text begins with "=": nothing here is a formula
                cell.quotePrefix = said[column][0] in "=+-@"
        sheet.row_dimensions[number].height = _ROW_HEIGHT if number > 1 else None
    for place, column in enumerate(Column, start=1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = columns.WIDTHS[column]
        sheet.column_dimensions[letter].hidden = column is Column.BASE
        head = sheet.cell(1, place)
        head.font, head.fill = Font(bold=True), PatternFill("solid", fgColor="DDEBF7")
        if column in WORDS and column not in LISTS:
            offered = DataValidation(
                "list", formula1=f'"{",".join(WORDS[column].values())}"', allow_blank=True
            )
            offered.add(f"{letter}2:{letter}{_LAST_ROW}")
            sheet.add_data_validation(offered)
    sheet.freeze_panes = "E2"  # id, language, kind and title stay in sight
    sheet.auto_filter.ref = sheet.dimensions
    into = io.BytesIO()
    workbook.save(into)
    return into.getvalue()


def _cells(entry: Entry, unit: str | None) -> Mapping[Column, str]:
    said = {
        Column.ID: entry.id,
        Column.LANGUAGE: entry.language,
        Column.KIND: entry.kind.value,
        Column.TITLE: entry.title,
        Column.STAGE: "" if entry.stage is None else entry.stage.value,
        Column.AUDIENCE: entry.audience.value,
        Column.SOURCE: entry.source,
        Column.HANDOVER: entry.handover.value,
        Column.BODY: entry.body,
        Column.BASE: f"{fingerprint(entry)} {_OF_THE_WHOLE if unit is None else unit}",
    }
    cells = {column: columns.said(column, value) for column, value in said.items()} | {
        Column.STEPS: ", ".join(entry.steps),
        Column.PHONES: "、".join(columns.said(Column.PHONES, phone) for phone in entry.phones),
        Column.PHRASINGS: "\n".join(entry.phrasings),
        Column.MEDIA: "\n".join(map(content.written, entry.media)),
    }
    for column, text in cells.items():
        length = len(text.encode("utf-16-le")) // 2
        if length > CELL_LIMIT:
            raise DoesNotFit(title=entry.title, column=TITLES[column], length=length, limit=CELL_LIMIT)
    return cells


def _table(found: Sequence[sheets.Sheet]) -> tuple[_Places, Sequence[Row]]:
    """Where the columns stand, and the rows below their header, of the first sheet that has one."""
    for sheet in found:
        for number, row in enumerate(sheet.rows[:_LOOKED_FOR_IN]):
            places: dict[Column, tuple[int, str]] = {}
            for place, cell in enumerate(row.cells):
                column = columns.of_header(cell)
                if column is not None:
                    places.setdefault(column, (place, cell.strip()))
            if all(column in places for column in NEEDED):
                return places, sheet.rows[number + 1 :]
    raise NoSheet(columns="、".join(TITLES[column] for column in NEEDED))


class _Reading:
    """One row being read."""

    def __init__(self, row: Row, places: _Places) -> None:
        self._row = row
        self._places = places

    def item(self, check: Check) -> Item:
        entry_id, language = self._id(), self._language()
        file = f"{entry_id}.{language}.md"
        body = self._cell(Column.BODY)
        if not body.strip():
            raise CellEmpty(row=self._row.number, column=self.at(Column.BODY))
        fields = {
            str(column): field
            for column in Column
            if column not in (Column.LANGUAGE, Column.BODY, Column.BASE)
            if (field := self._field(column)) is not None
        }
        entry = plain(content.entry_of(Document(file, fields, body)))
        check(file, entry)
        base, _, _ = self._cell(Column.BASE).partition(" ")
        return Item(entry, f"{entry_id}.{language}", (self._row.number,) * len(entry.phrasings), base or None)

    def unit(self) -> str | None:
        _, _, unit = self._cell(Column.BASE).partition(" ")
        return None if unit in ("", _OF_THE_WHOLE) else unit

    def at(self, column: Column) -> str:
        """A column as a spreadsheet and its header name it: 'D · 标题'."""
        if column not in self._places:
            return TITLES[column]
        place, title = self._places[column]
        return f"{_letter(place)} · {title}"

    def told(self, problem: Refusal) -> Refusal:
        """A problem with a file, told of the row."""
        said, row = problem.details, self._row.number
        match problem:
            case FieldWrong():
                column = Column(str(said["field"]))
                wanted = columns.choices(column) if column in WORDS else said["wanted"]
                return CellWrong(row=row, column=self.at(column), value=said["value"], wanted=wanted)
            case FieldMissing():
                return CellEmpty(row=row, column=self.at(Column(str(said["field"]))))
            case MediaMissing():
                return CellMediaMissing(row=row, column=self.at(Column.MEDIA), name=said["name"])
            case FactUnknown():
                return CellFactUnknown(row=row, column=self.at(Column.BODY), name=said["name"])
            case TitleTooLong() | TextTooLong():
                column = Column.TITLE if isinstance(problem, TitleTooLong) else Column.BODY
                return CellTooLong(
                    row=row, column=self.at(column), length=said["length"], limit=said["limit"]
                )
        return problem

    def _cell(self, column: Column) -> str:
        place, _ = self._places.get(column, (len(self._row.cells), ""))
        if place >= len(self._row.cells):
            return ""
        return _ESCAPED.sub(lambda found: "_" if found["underscore"] else "\n", self._row.cells[place])

    def _id(self) -> str:
        said = self._cell(Column.ID).strip()
        if not said:
            raise CellEmpty(row=self._row.number, column=self.at(Column.ID))
        if not ID.fullmatch(said) or len(said) > ID_LIMIT:
            raise CellWrong(row=self._row.number, column=self.at(Column.ID), value=said, wanted="login-sms")
        return said

    def _language(self) -> str:
        said = self._cell(Column.LANGUAGE).strip()
        language = columns.meant(Column.LANGUAGE, said) or DEFAULT_LANGUAGE
        if language not in LANGUAGES:
            wanted = columns.choices(Column.LANGUAGE)
            raise CellWrong(row=self._row.number, column=self.at(Column.LANGUAGE), value=said, wanted=wanted)
        return language

    def _field(self, column: Column) -> Field | None:
        """The cell as the field of a file; None for an empty one."""
        number, text = self._row.number, self._cell(column).strip()
        if not text:
            return None
        if column not in LISTS:
            return Field(number, (Written(columns.meant(column, text), number),), is_list=False)
        parts = text.split("\n") if column in columns.BY_LINE else _BETWEEN.split(text)
        said = (columns.meant(column, part.strip()) for part in parts)
        return Field(number, tuple(Written(part, number) for part in said if part), is_list=True)


def _letter(place: int) -> str:
    """The letter of a column, by its index from 0."""
    before, last = divmod(place, 26)
    return (_letter(before - 1) if before else "") + chr(ord("A") + last)
