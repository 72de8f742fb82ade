"""Tables as people send them: CSV in the encodings Excel and WPS write, and XLSX. Cells come out as text."""

import codecs
import csv
import dataclasses
import datetime as dt
import io
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from bot.kit.errors import Refusal

MOST_ROWS = 100_000
MOST_COLUMNS = 100
_MOST_UNPACKED = 300 * 1024 * 1024
_SEPARATORS = ",;\t"
_LOOKED_AT = 20

_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


class OldExcel(Refusal):
    """This is an old Excel file (.xls), or one with a password. Please open it, choose “Save as”, the type “Excel workbook (.xlsx)”, and send that."""


class WideText(Refusal):
    """This file is in the “Unicode text” form (UTF-16). Please save it as “Excel workbook (.xlsx)” or “CSV UTF-8” and send it again."""


class NotATable(Refusal):
    """I cannot read a table in this file. Please send an Excel workbook (.xlsx) or a CSV file."""


class DamagedText(Refusal):
    """The characters of this file are damaged (line {line}). Please save it anew as “Excel workbook (.xlsx)” and send it again."""


class DamagedWorkbook(Refusal):
    """I cannot open this workbook; it seems incomplete. Please save it anew as “Excel workbook (.xlsx)” and send it again."""


class TooLarge(Refusal):
    """This table is too large for me: at most {rows} rows, please. Could you divide it into several files?"""


class EmptyTable(Refusal):
    """There is nothing in this table. Perhaps another file was meant?"""


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    number: int
    """As the spreadsheet counts: the first row is 1."""
    cells: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a table that hold anything."""

    rows: tuple[Row, ...]


def read(content: bytes) -> Sequence[Sheet]:
    """The sheets of a file that hold anything: one for a CSV, and at least one. Blocks; call it in a thread."""
    if content.startswith(_OLD_EXCEL):
        raise OldExcel
    sheets = _workbook(content) if content.startswith(_ZIP) else [_sheet(_records(decoded(content)))]
    filled = [sheet for sheet in sheets if sheet.rows]
    if not filled:
        raise EmptyTable
    return filled


def decoded(content: bytes) -> str:
    """The text of a CSV file: UTF-8 (with or without BOM) if it is valid, else GB18030."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise WideText
    if b"\0" in content:
        # Without a BOM, the separators give it away: every second byte only is zero.
        raise NotATable if b"\0" in content[::2] and b"\0" in content[1::2] else WideText
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        first_fault = error.start
    # Text in GB18030 is hardly ever anything in UTF-8; where most of it is, it is UTF-8 that was damaged.
    as_utf8 = content.decode("utf-8", errors="replace")
    if sum(character > "\x7f" for character in as_utf8) > 3 * as_utf8.count("�"):
        raise DamagedText(line=content.count(b"\n", 0, first_fault) + 1)
    try:
        return content.decode("gb18030")
    except UnicodeDecodeError as error:
        raise NotATable from error


def _records(text: str) -> Iterable[Sequence[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text)))
    except csv.Error as error:
        raise NotATable from error


def _separator(text: str) -> str:
    """The separator by which most rows at the beginning are of one width; of several, that of the wider rows."""
    beginning = "\n".join(text.splitlines()[:_LOOKED_AT])

    def regularity(separator: str) -> tuple[int, int]:
        rows = csv.reader(io.StringIO(beginning, newline=""), delimiter=separator)
        widths = Counter(len(row) for row in rows if len(row) > 1)
        return max(((count, width) for width, count in widths.items()), default=(0, 0))

    return max(_SEPARATORS, key=regularity)


def _workbook(content: bytes) -> Sequence[Sheet]:
    # Here, because it takes 18 MiB and most days bring no workbook.
    import openpyxl  # noqa: PLC0415
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > _MOST_UNPACKED:
                raise TooLarge(rows=MOST_ROWS)
        workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        try:
            return [_sheet(_cells(sheet)) for sheet in workbook.worksheets]
        finally:
            workbook.close()
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError, SyntaxError) as error:
        # SyntaxError is what the XML parser's error derives from.
        raise DamagedWorkbook from error


def _cells(sheet: Any) -> Iterable[Sequence[str]]:  # openpyxl's stubs do not know read-only sheets
    sheet.reset_dimensions()  # some programs write a wrong extent, and openpyxl would stop there
    for row in sheet.iter_rows(values_only=True):
        yield [_text(value) for value in row[:MOST_COLUMNS]]


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case float() if value.is_integer():
            return str(int(value))
        case dt.datetime() if value.time() == dt.time():
            return value.date().isoformat()
        case _:
            return str(value)


def _sheet(records: Iterable[Sequence[str]]) -> Sheet:
    rows = []
    for number, cells in enumerate(records, start=1):
        if number > MOST_ROWS:
            raise TooLarge(rows=MOST_ROWS)
        if any(cell.strip() for cell in cells):
            rows.append(Row(number, tuple(cells)))
    return Sheet(tuple(rows))
