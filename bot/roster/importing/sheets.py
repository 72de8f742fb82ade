"""Tables as people send them: CSV in the encodings Excel and WPS write, and XLSX. Cells come out as text."""

import codecs
import csv
import dataclasses
import datetime as dt
import io
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from bot.kit.errors import Refusal

MOST_ROWS = 100_000
MOST_COLUMNS = 100
_MOST_UNPACKED = 300 * 1024 * 1024
_SEPARATORS = ",;\t"
_LOOKED_AT = 20
_LOOKED_INTO = 64 * 1024

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
    filled = [sheet for rows in tables(content) if (sheet := Sheet(tuple(rows))).rows]
    if not filled:
        raise EmptyTable
    return filled


def tables(content: bytes, most_rows: int = MOST_ROWS) -> Iterator[Iterator[Row]]:
    """The sheets of a file, each as the rows that hold anything, read as they are asked for: memory does not grow with
    the table. A sheet is to be done with before the next is asked for. Blocks; call it in a thread.
    """
    if content.startswith(_OLD_EXCEL):
        raise OldExcel
    if content.startswith(_ZIP):
        yield from _workbook(content, most_rows)
    else:
        yield _filled(_records(content, encoding_of(content)), most_rows)


def encoding_of(content: bytes) -> str:
    """How the text of a CSV file is encoded: UTF-8 (with or without BOM) if it is valid, else GB18030."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise WideText
    if b"\0" in content:
        # Without a BOM, the separators give it away: every second byte only is zero.
        raise NotATable if b"\0" in content[::2] and b"\0" in content[1::2] else WideText
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        first_fault = error.start
    else:
        return "utf-8-sig"
    # Text in GB18030 is hardly ever anything in UTF-8; where most of it is, it is UTF-8 that was damaged.
    as_utf8 = content.decode("utf-8", errors="replace")
    if sum(character > "\x7f" for character in as_utf8) > 3 * as_utf8.count("�"):
        raise DamagedText(line=content.count(b"\n", 0, first_fault) + 1)
    try:
        content.decode("gb18030")
    except UnicodeDecodeError as error:
        raise NotATable from error
    return "gb18030"


def _records(content: bytes, encoding: str) -> Iterator[Sequence[str]]:
    beginning = content[:_LOOKED_INTO].decode(encoding, errors="ignore")
    lines = io.TextIOWrapper(io.BytesIO(content), encoding, newline="")
    try:
        yield from csv.reader(lines, delimiter=_separator(beginning))
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


def _workbook(content: bytes, most_rows: int) -> Iterator[Iterator[Row]]:
    # Here, because it takes 18 MiB and most days bring no workbook.
    import openpyxl  # noqa: PLC0415

    with _sound_workbook():
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > _MOST_UNPACKED:
                raise TooLarge(rows=most_rows)
        workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    try:
        for sheet in workbook.worksheets:
            yield _filled(_cells(sheet), most_rows)
    finally:
        workbook.close()


@contextmanager
def _sound_workbook() -> Iterator[None]:
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415 - as above

    try:
        yield
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError, SyntaxError) as error:
        # SyntaxError is what the XML parser's error derives from.
        raise DamagedWorkbook from error


def _cells(sheet: Any) -> Iterator[Sequence[str]]:  # openpyxl's stubs do not know read-only sheets
    with _sound_workbook():
        sheet.reset_dimensions()  # some programs write a wrong extent, and openpyxl would stop there
        rows = sheet.iter_rows(values_only=True)
    while True:
        with _sound_workbook():
            row = next(rows, None)
        if row is None:
            return
        yield [_text(value) for value in row[:MOST_COLUMNS]]


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case float() if value.is_integer():
            return str(int(value))
        case dt.datetime() if value.time() == dt.time():
            return value.date().isoformat()
        case _:
            return str(value)


def _filled(records: Iterable[Sequence[str]], most_rows: int) -> Iterator[Row]:
    for number, cells in enumerate(records, start=1):
        if number > most_rows:
            raise TooLarge(rows=most_rows)
        if any(cell.strip() for cell in cells):
            yield Row(number, tuple(cells))
