"""Files of entries taken out and brought in by a secretary, with thumbs."""

import hashlib
import io

import openpyxl
import pytest

from bot import faq
from bot.faq.exchange import archives, handlers
from bot.faq.model import Entry, Stage
from bot.kit.clock import DAY
from bot.roster import store as roster
from bot.roster.model import Role
from bot.sandbox import Person
from tests import factories
from tests.faq.exchange.hands import (
    OFFICE,
    edited,
    files_of,
    kept,
    member,
    once_more,
    replaced,
    sent,
    taken_out,
    tap,
)
from tests.harness import House

PICTURE = b"\x89PNG a picture of the first page"
DIGEST = hashlib.sha256(PICTURE).hexdigest()


async def test_a_sheet_is_taken_out_changed_and_brought_in(
    house: House, tree: factories.Tree, wang: Person
) -> None:
    shown = await files_of(house, wang, tree.branch)
    assert shown.text.startswith("采油三队党支部\n把常见问题导出成文件")
    assert shown.buttons == ["导出表格", "导出 zip", "导入文件", "‹ 返回"]
    packed = await taken_out(house, wang, tree.branch, "导出表格")
    assert wang.last().text == "3 条，一行一条。直接改，也可以加行，存好再发给我。"

    workbook = openpyxl.load_workbook(io.BytesIO(packed))
    sheet = workbook.worksheets[0]
    titles = [cell.value for cell in sheet[1]]
    body = titles.index("回答") + 1
    assert [sheet.cell(row, 1).value for row in (2, 3, 4)] == ["own-canteen", "own-hours", "own-office"]
    sheet.cell(2, body).value = "食堂二楼，周三。"
    sheet.append(["own-bus", None, None, "班车几点", "使用", *[None] * 5, "7:40 在大门口。", "班车\n坐车"])
    into = io.BytesIO()
    workbook.save(into)

    preview = await sent(house, wang, tree.branch, into.getvalue(), "改好的.xlsx")
    assert preview.text == (
        "共读到 4 条。\n新增：1 条\n改动：1 条\n一样：2 条\n\n新增\n· 班车几点\n\n改动\n· 食堂在哪交"
    )
    assert preview.buttons == ["导入", "不导入"]
    assert "own-bus" not in await kept(house, tree.branch)

    await house.restart()
    await tap(house, wang, preview, "导入")
    assert wang.sees(preview).text.startswith("导入好了。新增 1 条，改动 1 条。")
    now = await kept(house, tree.branch)
    assert now["own-canteen"].entry.body == "食堂二楼，周三。"
    assert now["own-bus"].entry == Entry(
        "own-bus", "zh", "班车几点", "7:40 在大门口。", ("班车", "坐车"), stage=Stage.USE
    )
    (wang_id,) = [row["id"] for row in await house.rows("SELECT id FROM member WHERE name = '王梅'")]
    assert now["own-bus"].changed_by == wang_id
    history = await house.rows(
        "SELECT act, by_member FROM faq_revision WHERE entry_id = :row ORDER BY id",
        row=now["own-canteen"].row,
    )
    assert [(row["act"], row["by_member"]) for row in history] == [("created", None), ("imported", wang_id)]
    acts = await house.rows(
        "SELECT act, by_member, details FROM audit WHERE act LIKE 'faq.import%' ORDER BY id"
    )
    assert [(row["act"], row["by_member"]) for row in acts] == [
        ("faq.imported", wang_id),
        ("faq.imported", wang_id),
        ("faq.import", wang_id),
    ]
    assert "已经过时" in str(await tap(house, wang, preview, data="fx.apply:1:h"))


async def test_the_same_file_changes_nothing(house: House, tree: factories.Tree, wang: Person) -> None:
    packed = await taken_out(house, wang, tree.branch, "导出 zip")
    preview = await sent(house, wang, tree.branch, packed)
    assert preview.text == "共读到 3 条。\n一样：3 条\n\n没有要导入的。"
    assert preview.buttons == ["‹ 返回"]


async def test_pictures_travel_in_a_zip_and_arrive_after_a_restart(
    house: House, tree: factories.Tree, wang: Person
) -> None:
    packed = await taken_out(house, wang, tree.branch, "导出 zip")

    def with_picture(files: dict[str, bytes]) -> None:
        files[OFFICE] = files[OFFICE].replace(
            b"phrasings:", "media:\n- photo 门口.png 门口\nphrasings:".encode()
        )
        files["media/门口.png"] = PICTURE

    preview = await sent(house, wang, tree.branch, edited(packed, with_picture))
    assert "改动：1 条" in preview.text
    assert await house.rows("SELECT 1 FROM faq_media") == []
    await house.restart()
    await tap(house, wang, preview, "导入")
    (attachment,) = (await kept(house, tree.branch))["own-office"].entry.media
    assert (attachment.digest, attachment.name) == (DIGEST, "门口")
    again = await taken_out(house, wang, tree.branch, "导出 zip")
    assert archives.unpacked(again)[f"media/{DIGEST}.jpg"] == PICTURE

    # A sheet names the picture, which is known here.
    sheet = await taken_out(house, wang, tree.branch, "导出表格")
    assert "一样：3 条" in (await sent(house, wang, tree.branch, sheet, "faq.xlsx")).text
    # Where it is not known, somebody must send it.
    async with house.work() as work:
        await work.session.run("DELETE FROM faq_media")
    li = await member(house, "李建国", tree.sibling, (tree.sibling, Role.SECRETARY))
    assert (await sent(house, li, tree.sibling, sheet, "faq.xlsx")).text == (
        "own-office.zh 的图片或文件“门口”我这里没有。请用带 media/ 文件夹的 zip，或者删掉写它的那一行。"
    )
    assert "新增：3 条" in (await once_more(house, li, again)).text


async def test_other_things_than_a_file_are_told_kindly_and_one_may_leave(
    house: House, tree: factories.Tree, wang: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = await files_of(house, wang, tree.branch)
    await tap(house, wang, shown, "导入文件")
    assert wang.sees(shown).text.startswith("请把 .xlsx 或 .zip 文件发给我。")
    await wang.says("怎么弄")
    await house.settle()
    assert wang.last().text.startswith("我在等一个 .xlsx 或 .zip 文件。")
    assert (await once_more(house, wang, b"%PDF", "a.pdf")).text.startswith("这个文件我用不了。")
    monkeypatch.setattr(handlers, "LARGEST", 3)
    assert (await once_more(house, wang, b"PK\x03\x04", "a.zip")).text.startswith("这个文件超过 20 MB")
    await tap(house, wang, wang.sees(shown), "‹ 返回")
    assert await house.rows("SELECT 1 FROM dialogue WHERE person_id = :id", id=wang.id) == []


async def test_it_says_at_once_that_it_is_looking(house: House, tree: factories.Tree, wang: Person) -> None:
    packed = await taken_out(house, wang, tree.branch, "导出 zip")
    preview = await sent(house, wang, tree.branch, packed)
    said = await house.rows("SELECT method, payload FROM outgoing ORDER BY id DESC LIMIT 2")
    assert [row["method"] for row in said] == ["editMessageText", "sendMessage"]
    assert "正在看…" in said[1]["payload"]
    assert preview.text.startswith("共读到 3 条。")


async def test_files_that_were_sent_are_forgotten(house: House, tree: factories.Tree, wang: Person) -> None:
    packed = await taken_out(house, wang, tree.branch, "导出 zip")
    preview = await sent(house, wang, tree.branch, edited(packed, replaced(OFFICE, "找王梅。", "找赵敏。")))
    await house.until(house.clock.now() + 31 * DAY)
    assert await house.rows("SELECT 1 FROM faq_import") == []
    assert "已经过时" in str(await tap(house, wang, preview, "导入"))


async def test_files_that_were_sent_go_with_the_person(
    house: House, tree: factories.Tree, wang: Person
) -> None:
    packed = await taken_out(house, wang, tree.branch, "导出 zip")
    await sent(house, wang, tree.branch, edited(packed, replaced(OFFICE, "找王梅。", "找赵敏。")))
    async with house.work() as work:
        actor = await roster.actor(work.session, wang.id, "zh_CN")
        assert actor is not None
        await faq.forget(work, actor)
    assert await house.rows("SELECT 1 FROM faq_import") == []


async def test_the_way_there_and_back_is_by_thumb(house: House, tree: factories.Tree, wang: Person) -> None:
    await wang.says("/faq")
    await house.settle()
    home = wang.last()
    await tap(house, wang, home, "导入 / 导出")
    shown = wang.sees(home)
    assert shown.text.startswith("采油三队党支部\n")
    await tap(house, wang, shown, "‹ 返回")
    assert wang.sees(home).text == home.text
