"""Files that cannot be used: each is told what is wrong, where, and what to do."""

import io
import unicodedata
import zipfile
from collections.abc import Mapping, Sequence

import openpyxl
import pytest

from bot.faq.exchange import archives, service, sheets
from bot.faq.exchange.package import NothingInIt, Package, ToCorrect
from bot.faq.facts import Facts
from bot.faq.model import Entry, Stage
from bot.kit.errors import Refusal
from bot.kit.i18n import Languages
from bot.roster.importing.sheets import DamagedWorkbook, OldExcel

FACTS = Facts({"zh": {"app_name": "石油党建"}, "en": {"app_name": "the app"}})
GOOD = "---\nid: a\ntitle: 甲\nstage: pay\nphrasings:\n  - 怎么办\n---\n正文\n"


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, held in files.items():
            archive.writestr(name, held)
    return into.getvalue()


def sheet(*rows: Sequence[object], header: Sequence[str] = ("编号", "标题", "阶段", "回答", "问法")) -> bytes:
    workbook = openpyxl.Workbook()
    table = workbook.worksheets[0]
    for row in (header, *rows):
        table.append(list(row))
    into = io.BytesIO()
    workbook.save(into)
    return into.getvalue()


async def told(packed: bytes, languages: Languages) -> list[str]:
    _ = languages["zh_CN"]
    with pytest.raises(Refusal) as caught:
        await service.read(packed, FACTS)
    error = caught.value
    problems = error.problems if isinstance(error, ToCorrect) else [error]
    return [unicodedata.normalize("NFKC", _.plain(each.message, **each.details)) for each in problems]


async def names(packed: bytes) -> list[str]:
    read: Package = await service.read(packed, FACTS)
    return [f"{item.entry.id}.{item.entry.language}" for item in read.items]


async def test_every_broken_file_of_a_zip_is_named_with_its_line(languages: Languages) -> None:
    packed = zipped(
        {
            "entries/a.zh.md": GOOD.replace("stage: pay", "stage: buy"),
            "entries/b.zh.md": "没有头",
            "entries/c.zh.md": GOOD.replace("id: a", "id: c").replace("正文", "{apname}"),
            "entries/d.zh.md": GOOD.replace("id: a", "id: d").replace(
                "phrasings", "media: [photo x.png]\nphrasings"
            ),
            "entries/e.zh.md": GOOD.replace("id: a", "id: e").replace("正文", "长" * 4_100),
            "entries/f.zh.md": GOOD.encode("gb18030"),
            "entries/ok.zh.md": GOOD.replace("id: a", "id: ok"),
        }
    )
    said = await told(packed, languages)
    assert len(said) == 6
    assert "a.zh.md 第 4 行,“stage”写的是“buy”" in said[0]
    assert "b.zh.md 开头应该是一行“---”" in said[1]
    assert "c.zh.md" in said[2]
    assert "{apname}" in said[2]
    assert "d.zh.md 第 5 行,“x.png”不在 media/ 文件夹里" in said[3]
    assert "e.zh.md" in said[4]
    assert "f.zh.md 第 3 行读不出来" in said[5]


async def test_every_broken_cell_of_a_sheet_is_named_with_row_and_column(languages: Languages) -> None:
    packed = sheet(
        ("ok", "好的", "交党费", "正文", "问一\n问二"),
        ("b", "", "交党费", "正文"),
        ("c", "标题", "买菜", "正文"),
        ("d", "标题", "pay", " \n "),
        ("e e", "标题", "pay", "正文"),
        (None, "标题", "pay", "正文"),
        ("g", "长" * 19, "pay", "正文"),
        ("h", "标题", "pay", "{apname}"),
        ("ok", "又一条", "pay", "正文"),
        ("j", "标题", "pay", "长" * 4_100),
    )
    assert await told(packed, languages) == [
        "第 3 行 B · 标题:这一格不能空着。",
        "第 4 行 C · 阶段:写的是“买菜”,应该是:安装 / 登录 / 使用 / 交党费 / 支部帮手。",
        "第 5 行 D · 回答:这一格不能空着。",
        "第 6 行 A · 编号:写的是“e e”,应该是:login-sms。",
        "第 7 行 A · 编号:这一格不能空着。",
        "第 8 行 B · 标题:有 19 个字,放得下 18 个。请写短一点。",
        "第 9 行 D · 回答:{apname} 我不认识,请看看是不是写错了。",
        "第 10 行 A · 编号:“ok”在第 2 行已经有了,请只留一行。",
        "第 11 行 D · 回答:有 4100 个字,放得下 4096 个。请写短一点。",
    ]


async def test_a_picture_a_sheet_does_not_have_is_missed(languages: Languages) -> None:
    packed = sheet(
        ("a", "标题", "pay", "正文", "photo 首页.png"), header=("id", "title", "stage", "body", "media")
    )
    assert await told(packed, languages) == [
        "第 2 行 E · media:“首页.png”我这里没有。表格带不了图片,请改用 zip,或者删掉这一行字。"
    ]


async def test_a_sheet_as_a_person_writes_it_is_understood() -> None:
    rows = await service.read(
        sheet(
            ("2026", "a", "一\n二", None, "安卓,苹果", "甲\n\n 乙 ", "只给党员", "闲聊"),
            (),
            ("English", "a", "text", "英文", None, None, None, "smalltalk"),
            header=(" Title* ", "ID", "【回答】", "语言", "手机", "问法", "谁能看", "类型"),
        ),
        FACTS,
    )
    first, second = (item.entry for item in rows.items)
    assert (first.title, first.language, first.body, first.phrasings) == (
        "2026",
        "zh",
        "一\n二",
        ("甲", "乙"),
    )
    assert [str(phone) for phone in first.phones] == ["android", "iphone"]
    assert (first.audience, first.kind) == ("members", "smalltalk")
    assert (second.id, second.language, second.audience) == ("a", "en", "public")
    assert [item.lines for item in rows.items] == [(2, 2), ()]


@pytest.mark.parametrize(
    "name", ["../a.zh.md", "/entries/a.zh.md", "entries/../../a.zh.md", "C:/a.zh.md", "..\\a.zh.md"]
)
async def test_a_path_that_leads_out_is_refused(name: str) -> None:
    with pytest.raises(archives.PathWrong):
        await service.read(zipped({name: GOOD}), FACTS)


async def test_bombs_are_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    large = b"0" * (archives.MOST_UNPACKED // 4 + 1)
    bomb = zipped({f"media/{number}.bin": large for number in range(4)})
    assert len(bomb) < 1_000_000
    monkeypatch.setattr(zipfile.ZipFile, "read", None)
    with pytest.raises(archives.TooMuchInIt):
        await service.read(bomb, FACTS)
    workbook = zipped({"xl/workbook.xml": large, **{f"xl/{number}.xml": large for number in range(3)}})
    with pytest.raises(archives.TooMuchInIt):
        await service.read(workbook, FACTS)
    with pytest.raises(archives.TooManyFiles):
        await service.read(
            zipped({f"media/{number}": "" for number in range(archives.MOST_FILES + 1)}), FACTS
        )


async def test_a_member_that_lies_about_its_size_is_damaged() -> None:
    packed = zipped({"entries/a.zh.md": GOOD + "长" * 50_000})
    size = len((GOOD + "长" * 50_000).encode()).to_bytes(4, "little")
    with pytest.raises(archives.Damaged):
        await service.read(packed.replace(size, (100).to_bytes(4, "little")), FACTS)


async def test_what_is_no_file_of_ours_is_refused() -> None:
    whole = zipped({"entries/a.zh.md": GOOD})
    locked = bytearray(whole)
    locked[6] |= 1
    locked[whole.index(b"PK\x01\x02") + 8] |= 1
    workbook = sheets.write([Entry("a", "zh", "甲", "正文", (), stage=Stage.PAY)], unit=None)
    for packed, problem in (
        (b"%PDF-1.7", service.NotThisType),
        (b"", service.NotThisType),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", OldExcel),
        (b"PK\x03\x04 broken", archives.Damaged),
        (whole[: len(whole) // 2], archives.Damaged),
        (bytes(locked), archives.WithPassword),
        (zipped({"readme.txt": "x"}), NothingInIt),
        (zipped({"a/entries/a.zh.md": GOOD, "b/entries/a.zh.md": GOOD}), archives.FileTwice),
        (zipped({"xl/workbook.xml": "<broken"}), DamagedWorkbook),
        (sheet(("x", "y"), header=("工号", "姓名")), sheets.NoSheet),
        (workbook[: len(workbook) // 2], archives.Damaged),
    ):
        with pytest.raises(problem):
            await service.read(packed, FACTS)


async def test_a_zip_is_understood_however_it_was_packed() -> None:
    assert await names(zipped({"我的/faq/entries/a.zh.md": GOOD, "__MACOSX/faq/entries/._a.zh.md": "x"})) == [
        "a.zh"
    ]
    assert await names(zipped({"a.zh.md": GOOD, "steps/1-x.zh.md": "x", ".DS_Store": "x"})) == ["a.zh"]
    assert await names(zipped({"faq\\entries\\a.zh.md": GOOD})) == ["a.zh"]
    attached = GOOD.replace("phrasings", "media:\n  - photo 首页.png\nphrasings")
    by_windows = bytearray(zipped({"a.zh.md": attached, "media/abcd.png": b"x"}))
    read = await service.read(
        bytes(by_windows).replace(b"abcd.png", "首页".encode("gb18030") + b".png"), FACTS
    )
    assert len(read.media) == 1
    by_mac = zipped({"a.zh.md": attached, "media/abcdef.png": b"x"}).replace(
        b"abcdef.png", "首页.png".encode()
    )
    assert len((await service.read(by_mac, FACTS)).media) == 1


async def test_a_manifest_that_was_changed_is_refused() -> None:
    for written in ("{", "[]", '{"unit": 1, "entries": {}}', '{"unit": null}'):
        with pytest.raises(Refusal) as caught:
            await service.read(zipped({"a.zh.md": GOOD, "zhibu.json": written}), FACTS)
        assert type(caught.value).__name__ == "ManifestBroken"
