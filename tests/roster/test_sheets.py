import contextlib
import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kit.errors import Refusal
from bot.roster.importing import sheets
from tests.roster.tables import csv_bytes, line, xlsx_bytes

ROWS = (line("00123", "王强", "13800001234"), line("00124", "李娜", "13800001235"))

cells = st.text(
    st.characters(min_codepoint=0x20, max_codepoint=0xFFFF, exclude_categories=("Cs", "Cn", "Co", "Cc")),
    max_size=8,
)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_every_encoding_and_separator_reads_the_same(encoding: str, separator: str) -> None:
    (sheet,) = sheets.read(csv_bytes(*ROWS, encoding=encoding, separator=separator))
    assert [row.cells for row in sheet.rows[1:]] == list(ROWS)
    assert [row.number for row in sheet.rows] == [1, 2, 3]


def test_a_workbook_reads_the_same() -> None:
    (sheet,) = sheets.read(xlsx_bytes(*ROWS))
    assert [row.cells for row in sheet.rows[1:]] == list(ROWS)


def test_numbers_of_a_workbook_are_read_as_people_see_them() -> None:
    (sheet,) = sheets.read(xlsx_bytes((123.0, "王强", 13800001234, None, 20.5)))
    assert sheet.rows[1].cells[:5] == ("123", "王强", "13800001234", "", "20.5")


def test_rows_keep_the_numbers_the_spreadsheet_shows() -> None:
    content = '工号,姓名\n\n1,"王\n强"\n\n2,李娜\n'.encode()
    (sheet,) = sheets.read(content)
    assert [(row.number, row.cells[0]) for row in sheet.rows] == [(1, "工号"), (3, "1"), (5, "2")]


@given(
    st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=5),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
)
def test_what_is_written_is_read(rows: list[tuple[str, str, str]], encoding: str) -> None:
    (sheet,) = sheets.read(csv_bytes(*rows, header=("工号", "姓名", "党支部"), encoding=encoding))
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    assert [row.cells for row in sheet.rows[1:]] == filled


def _bomb() -> bytes:
    content = BytesIO()
    with (
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/sheet.xml", "w") as part,
    ):
        for _ in range(301):
            part.write(b"0" * 1024 * 1024)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", sheets.EmptyTable),
        (b"\n \n,,\n", sheets.EmptyTable),
        ("工号,姓名\n1,王强\n".encode("utf-16"), sheets.WideText),
        ("工号\t姓名\n1\t王强\n".encode("utf-16-le"), sheets.WideText),
        ("工号\t姓名\n1\t王强\n".encode("utf-16-be"), sheets.WideText),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", sheets.OldExcel),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01", sheets.NotATable),
        (b"\x81\xff\xff\xfe", sheets.NotATable),
        (b"PK\x03\x04 this is no archive", sheets.DamagedWorkbook),
        (xlsx_bytes(*ROWS)[:-300], sheets.DamagedWorkbook),
        (csv_bytes(*ROWS).replace("王".encode(), "王".encode()[:2]), sheets.DamagedText),
    ],
)
def test_files_that_cannot_be_read_say_why(content: bytes, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        sheets.read(content)


def test_damaged_text_names_the_line() -> None:
    with pytest.raises(sheets.DamagedText) as caught:
        sheets.read(csv_bytes(*ROWS).replace("李".encode(), "李".encode()[:2]))
    assert caught.value.details == {"line": 3}


def test_a_packed_giant_is_refused_unopened() -> None:
    with pytest.raises(sheets.TooLarge):
        sheets.read(_bomb())


@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_kindly_refused(content: bytes) -> None:
    with contextlib.suppress(Refusal):
        assert sheets.read(content)
