"""What is taken out and brought in again is the same, in both shapes."""

import dataclasses
import hashlib
import io
import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.faq import content, facts
from bot.faq.exchange import archives, markdown, package, service, sheets
from bot.faq.exchange.columns import TITLES, Column
from bot.faq.exchange.package import fingerprint, plain
from bot.faq.model import Attachment, Audience, Entry, HandOver, Kind, MediaKind, Phone, Stage
from tests.faq.conftest import FOLDER

PICTURE = b"\x89PNG a picture"
DIGEST = hashlib.sha256(PICTURE).hexdigest()

# What can be typed into a phone: no control characters, no lone surrogates. Braces would be facts.
typed = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\ufeff\ufffe\uffff{"),
    max_size=40,
) | st.sampled_from(
    [
        "=1+1",
        '=HYPERLINK("http://x")',
        "+86",
        "-1",
        "@SUM(A1)",
        "#N/A",
        "null",
        "no",
        "~",
        "007",
        '"quoted"',
        "'",
        "_x0041_",
        "_x000D_",
        "👩‍👩‍👧",
        "🫩",
        "---",
        "- a",
        "a: b",
        "1.5",
        "TRUE",
        "2026-11-22",
    ]
)
line = typed.map(str.strip).filter(bool)
body = (
    st.lists(typed | st.just(""), min_size=1, max_size=8)
    .map("\n".join)
    .filter(lambda text: bool(text.strip()))
)
ids = st.from_regex(r"[a-z][a-z0-9]{0,9}(-[a-z0-9]{1,9}){0,2}", fullmatch=True)
attachments = st.builds(
    Attachment,
    st.sampled_from(MediaKind),
    st.just(DIGEST),
    st.sampled_from(["", "说明.pdf", "a b  c.jpg", "=x.png", "没有后缀"]),
)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    kind = draw(st.sampled_from(Kind))
    return plain(
        Entry(
            id=draw(ids),
            language=draw(st.sampled_from(["zh", "en"])),
            title=draw(line.map(lambda text: text[:18].strip())),
            body=draw(body),
            phrasings=tuple(draw(st.lists(line, max_size=5))),
            kind=kind,
            stage=draw(st.sampled_from(Stage)) if kind is Kind.ENTRY else None,
            steps=tuple(draw(st.lists(ids, max_size=3))),
            phones=tuple(draw(st.lists(st.sampled_from(Phone), unique=True))),
            audience=draw(st.sampled_from(Audience)),
            source=draw(typed.map(str.strip)),
            handover=draw(st.sampled_from(HandOver)) if kind is Kind.DECLINE else HandOver.NEVER,
            media=tuple(draw(st.lists(attachments, max_size=2))),
        )
    )


several = st.lists(entries(), min_size=1, max_size=4, unique_by=lambda each: (each.id, each.language))


def no_check(file: str, entry: Entry) -> None:
    """Lengths are not what these tests are about."""


@given(several, st.sampled_from([None, "采油三队党支部"]))
def test_a_zip_loses_nothing(written: Sequence[Entry], unit: str | None) -> None:
    packed = archives.packed(markdown.files_of(written, {DIGEST: PICTURE}, unit=unit, manifest=True))
    read, problems = markdown.read(archives.unpacked(packed), no_check)
    assert problems == []
    assert sorted((item.entry for item in read.items), key=repr) == sorted(written, key=repr)
    assert [item.base for item in read.items] == [fingerprint(item.entry) for item in read.items]
    assert read.unit == unit
    attached = any(each.media for each in written)
    assert dict(read.media) == ({DIGEST: PICTURE} if attached else {})


@given(several, st.sampled_from([None, "采油三队党支部"]))
@settings(deadline=None, max_examples=40)
def test_a_sheet_loses_nothing(written: Sequence[Entry], unit: str | None) -> None:
    read, problems = sheets.read(sheets.write(written, unit=unit), no_check)
    assert problems == []
    assert [item.entry for item in read.items] == list(written)
    assert [item.base for item in read.items] == [fingerprint(each) for each in written]
    assert read.unit == unit


@given(several)
def test_a_file_that_waits_loses_nothing(written: Sequence[Entry]) -> None:
    items = tuple(package.Item(each, "a", (7,) * len(each.phrasings), fingerprint(each)) for each in written)
    waiting = package.Package(items, carries=frozenset({DIGEST}), unit="采油三队党支部")
    assert package.read(package.write(waiting)) == waiting


@pytest.mark.parametrize("shape", ["zip", "xlsx"])
async def test_all_that_is_shipped_goes_out_and_comes_in_as_it_is(shape: str) -> None:
    shipped = content.read_entries(FOLDER)
    if shape == "zip":
        packed = archives.packed(markdown.files_of(shipped, {}, unit=None, manifest=True))
    else:
        packed = sheets.write(shipped, unit=None)
    read = await service.read(packed, facts.read(FOLDER))
    assert sorted((item.entry for item in read.items), key=repr) == sorted(shipped, key=repr)


def entry(**changed: Any) -> Entry:
    whole = Entry("pay-how", "zh", "怎么交党费", "打开 App。", ("怎么交",), stage=Stage.PAY)
    return dataclasses.replace(whole, **changed)


@pytest.mark.parametrize("text", ["=1+1", "+86 010", "-5", "@SUM(A1:A9)", "#REF!", "123", "TRUE"])
def test_every_cell_is_text_whatever_it_begins_with(text: str) -> None:
    packed = sheets.write([entry(title=text, body=text, phrasings=(text,))], unit=None)
    sheet = openpyxl.load_workbook(io.BytesIO(packed)).worksheets[0]
    for column in (Column.TITLE, Column.BODY, Column.PHRASINGS):
        cell = sheet.cell(2, list(Column).index(column) + 1)
        assert (cell.value, cell.data_type, cell.number_format) == (text, "s", "@")
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_a_sheet_is_made_for_editing() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(sheets.write([entry()], unit=None))).worksheets[0]
    assert [cell.value for cell in sheet[1]] == [TITLES[column] for column in Column]
    assert [cell.value for cell in sheet[2]][:5] == ["pay-how", "中文", "常见问题", "怎么交党费", "交党费"]
    assert sheet.freeze_panes == "E2"
    letter = {column: chr(ord("A") + place) for place, column in enumerate(Column)}
    assert sheet.column_dimensions[letter[Column.BODY]].width >= 60
    assert sheet.column_dimensions[letter[Column.PHRASINGS]].width >= 40
    assert sheet.column_dimensions[letter[Column.BASE]].hidden
    assert not sheet.column_dimensions[letter[Column.MEDIA]].hidden
    assert all(cell.alignment.wrap_text and cell.alignment.vertical == "top" for cell in sheet[2])
    assert all(cell.font.bold for cell in sheet[1])
    offered = {str(each.sqref)[0]: each.formula1 for each in sheet.data_validations.dataValidation}
    assert offered[letter[Column.STAGE]] == '"安装,登录,使用,交党费,支部帮手"'
    assert sheet.auto_filter.ref == "A1:N2"


def test_what_no_cell_holds_is_refused_not_cut_off() -> None:
    assert sheets.write([entry(body="字" * 32_767)], unit=None)
    with pytest.raises(sheets.DoesNotFit) as caught:
        sheets.write([entry(body="👍" * 16_384)], unit=None)
    assert caught.value.details == {
        "title": "怎么交党费",
        "column": "回答",
        "length": 32_768,
        "limit": 32_767,
    }


def test_a_folder_is_written_as_the_content_stands_in_faq(tmp_path: Path) -> None:
    picture = Attachment(MediaKind.PHOTO, DIGEST, "首页.png")
    files = markdown.files_of([entry(media=(picture,))], {DIGEST: PICTURE}, unit=None, manifest=False)
    archives.into_folder(tmp_path, files)
    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*")) == [
        "entries/pay-how.zh.md",
        f"media/{DIGEST}.png",
    ]
    assert content.read_entries(tmp_path) == [entry(media=(picture,))]
    shutil.move(tmp_path / f"media/{DIGEST}.png", tmp_path / "media/front.png")
    said = (tmp_path / "entries/pay-how.zh.md").read_text(encoding="utf-8")
    (tmp_path / "entries/pay-how.zh.md").write_text(
        said.replace(f"{DIGEST}.png", "media/front.png"), encoding="utf-8"
    )
    assert content.read_entries(tmp_path) == [entry(media=(picture,))]


def test_the_same_entries_make_the_same_zip() -> None:
    files = markdown.files_of([entry()], {}, unit=None, manifest=True)
    assert archives.packed(files) == archives.packed(files)
