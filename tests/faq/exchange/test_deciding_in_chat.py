"""What is changed on both sides, broken, or not one's own: seen, decided, refused."""

from pathlib import Path

import pytest

from bot.faq import content
from bot.faq.exchange import archives
from bot.faq.exchange.buttons import Files
from bot.faq.upkeep import changes, store
from bot.roster.model import Role
from bot.sandbox import Person
from tests import factories
from tests.faq.exchange.hands import (
    OFFICE,
    OWN,
    changed_here,
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


async def test_conflicts_are_seen_and_decided_one_by_one(
    house: House, tree: factories.Tree, wang: Person
) -> None:
    packed = await taken_out(house, wang, tree.branch, "导出 zip")
    await changed_here(house, tree, "找李建国。")
    async with house.work() as work:
        row = await store.find(work.session, tree.branch, "own-hours", "zh")
        assert row is not None
        await changes.retire(work, row.row, by=None)

    def change(files: dict[str, bytes]) -> None:
        replaced(OFFICE, "找王梅。", "找赵敏。")(files)
        replaced("entries/own-hours.zh.md", "17:30", "18:00")(files)
        replaced("entries/own-canteen.zh.md", "二楼", "三楼")(files)

    preview = await sent(house, wang, tree.branch, edited(packed, change))
    assert preview.text == (
        "共读到 3 条。\n改动：1 条\n两边都改过：2 条\n\n改动\n· 食堂在哪交\n\n两边都改过\n· 几点有人\n· 支部办公室在哪"
    )
    assert preview.buttons == ["全部导入", "只导入没冲突的", "看冲突（2）", "不导入"]

    await tap(house, wang, preview, "看冲突（2）")
    first = wang.sees(preview)
    assert first.text.startswith("几点有人 · 第 1 条，共 2 条")
    assert "这一条在这里已经停用" in first.text
    await tap(house, wang, first, "留现在的")
    second = wang.sees(preview)
    assert second.text == (
        "支部办公室在哪 · 第 2 条，共 2 条\n\n这里和文件里都改过。− 是这里现在的，+ 是文件里的。\n\n"
        "回答\n− 找李建国。\n+ 找赵敏。"
    )
    assert second.buttons == ["用文件的", "留现在的", "‹", "‹ 返回"]
    await house.restart()
    await tap(house, wang, second, "用文件的")
    decided = wang.sees(preview)
    assert decided.text.endswith("选好了：1 条用文件的，1 条留这里的。")
    assert decided.buttons[0] == "按选好的导入"

    await tap(house, wang, decided, "看冲突（2）")
    assert wang.sees(preview).buttons[:2] == ["用文件的", "✓ 留现在的"]
    await tap(house, wang, wang.sees(preview), "‹ 返回")
    await tap(house, wang, wang.sees(preview), "按选好的导入")
    assert wang.sees(preview).text.startswith("导入好了。新增 0 条，改动 2 条。\n留着没动的：1 条。")
    now = await kept(house, tree.branch)
    assert now["own-office"].entry.body.endswith("找赵敏。")
    assert now["own-canteen"].entry.body == "食堂三楼。"
    assert (now["own-hours"].state, now["own-hours"].entry.body) == ("retired", "8:30 到 17:30。")


@pytest.mark.parametrize(
    ("button", "office", "canteen"),
    [
        ("全部导入", "找赵敏。", "三楼"),
        ("只导入没冲突的", "找李建国。", "三楼"),
        ("不导入", "找李建国。", "二楼"),
    ],
)
async def test_conflicts_are_decided_at_once(
    house: House, tree: factories.Tree, wang: Person, button: str, office: str, canteen: str
) -> None:
    packed = await taken_out(house, wang, tree.branch, "导出 zip")
    await changed_here(house, tree, "找李建国。")

    def change(files: dict[str, bytes]) -> None:
        replaced(OFFICE, "找王梅。", "找赵敏。")(files)
        replaced("entries/own-canteen.zh.md", "二楼", "三楼")(files)

    preview = await sent(house, wang, tree.branch, edited(packed, change))
    await tap(house, wang, preview, button)
    now = await kept(house, tree.branch)
    assert now["own-office"].entry.body.endswith(office)
    assert canteen in now["own-canteen"].entry.body
    assert wang.sees(preview).buttons == ["‹ 返回"]
    (row,) = await house.rows("SELECT state, package FROM faq_import")
    assert row["state"] == ("dropped" if button == "不导入" else "applied")
    assert "食堂" not in row["package"]


async def test_a_preview_that_is_out_of_date_is_shown_anew(
    house: House, tree: factories.Tree, wang: Person
) -> None:
    packed = await taken_out(house, wang, tree.branch, "导出 zip")
    preview = await sent(house, wang, tree.branch, edited(packed, replaced(OFFICE, "找王梅。", "找赵敏。")))
    assert "改动：1 条" in preview.text
    await changed_here(house, tree, "找李建国。")
    assert await tap(house, wang, preview, "导入") == "常见问题在这期间有变化。请先看新的预览。"
    assert "两边都改过：1 条" in wang.sees(preview).text
    assert (await kept(house, tree.branch))["own-office"].entry.body.endswith("找李建国。")
    await tap(house, wang, wang.sees(preview), "全部导入")
    assert (await kept(house, tree.branch))["own-office"].entry.body.endswith("找赵敏。")


async def test_a_broken_file_changes_nothing_and_the_corrected_one_follows(
    house: House, tree: factories.Tree, wang: Person
) -> None:
    packed = await taken_out(house, wang, tree.branch, "导出 zip")

    def break_two(files: dict[str, bytes]) -> None:
        replaced(OFFICE, "stage: help", "stage: hilf")(files)
        replaced("entries/own-canteen.zh.md", "食堂能交吗", "几点上班")(files)
        files["entries/own-hours.zh.md"] = b"x"

    refused = await sent(house, wang, tree.branch, edited(packed, break_two))
    assert refused.text.startswith(
        "这个文件有 2 处要先改一下，什么都还没动。\n\nown-hours.zh.md 开头应该是一行"
    )
    assert "own-office.zh.md 第 4 行，“stage”写的是“hilf”" in refused.text
    assert refused.text.endswith("改好后再发一次文件就行。")

    def twice(files: dict[str, bytes]) -> None:
        replaced("entries/own-canteen.zh.md", "食堂能交吗", "几点上班")(files)
        del files["entries/own-hours.zh.md"]

    refused = await once_more(house, wang, edited(packed, twice))
    assert (
        refused.text
        == "own-canteen.zh.md 第 10 行，“几点上班”在 “几点有人” 里已经有了。一种问法只能放在一条里。"
    )
    assert await house.rows("SELECT 1 FROM faq_import") == []
    preview = await once_more(house, wang, edited(packed, replaced(OFFICE, "找王梅。", "找赵敏。")))
    assert "改动：1 条" in preview.text


async def test_one_imports_only_into_ones_own_unit(house: House, tree: factories.Tree, wang: Person) -> None:
    packed = await taken_out(house, wang, tree.branch, "导出 zip")
    message = wang.last()
    for owner in (tree.sibling, tree.general, None):
        for data in (Files(owner).encode(), f"fx.in:{Files(owner).encode().split(':')[1]}"):
            assert "工作人员" in str(await tap(house, wang, message, data=data))
    preview = await sent(house, wang, tree.branch, edited(packed, replaced(OFFICE, "找王梅。", "找赵敏。")))
    li = await member(house, "李建国", tree.sibling, (tree.sibling, Role.SECRETARY))
    assert "已经过时" in str(await tap(house, li, li.last(), data="fx.apply:1:h"))
    async with house.work() as work:
        await work.session.run("UPDATE post SET until = 1 WHERE unit_id = :unit", unit=tree.branch)
    assert "工作人员" in str(await tap(house, wang, preview, "导入"))
    assert (await kept(house, tree.branch))["own-office"].entry.body.endswith("找王梅。")


async def test_another_units_file_is_brought_in_as_new_with_a_warning(
    house: House, tree: factories.Tree, wang: Person
) -> None:
    packed = await taken_out(house, wang, tree.branch, "导出 zip")
    li = await member(house, "李建国", tree.sibling, (tree.sibling, Role.SECRETARY))
    preview = await sent(house, li, tree.sibling, packed)
    assert preview.text.startswith(
        "这份文件是从“采油三队党支部”导出的。确定要放到这里吗？\n\n共读到 3 条。\n新增：3 条"
    )
    await tap(house, li, preview, "导入")
    assert set(await kept(house, tree.sibling)) == {each.id for each in OWN}


async def test_the_committee_takes_out_what_is_for_all(house: House, tree: factories.Tree) -> None:
    admin = await member(house, "管理员", tree.branch, (tree.committee, Role.ADMIN))
    assert (await files_of(house, admin, None)).text.startswith("全单位共用")
    packed = await taken_out(house, admin, None, "导出 zip")
    names = {name for name in archives.unpacked(packed) if name.endswith(".md")}
    folder = Path(house.settings.content_dir)
    assert names == {
        path.relative_to(folder).as_posix()
        for part in content.FOLDERS
        for path in (folder / part).glob("*.md")
    }


async def test_however_much_is_wrong_or_differs_it_fits_a_message(
    house: House, tree: factories.Tree, wang: Person
) -> None:
    packed = await taken_out(house, wang, tree.branch, "导出 zip")

    def break_many(files: dict[str, bytes]) -> None:
        for number in range(60):
            long = f"id: x\ntitle: 长\nstage: {'长' * 3_000}\n"
            files[f"entries/x{number}.zh.md"] = f"---\n{long}---\n正文\n".encode()

    refused = await sent(house, wang, tree.branch, edited(packed, break_many))
    assert refused.text.startswith("这个文件有 60 处要先改一下")
    assert "…还有 50 条" in refused.text

    def rewrite(files: dict[str, bytes]) -> None:
        lines = "\n".join(f"第 {number} 句{'长' * 90}" for number in range(30))
        asked = "".join(f"\n- 第 {number} 问{'长' * 200}" for number in range(300)).encode()
        files[OFFICE] = files[OFFICE].replace(b"phrasings:", b"phrasings:" + asked)
        replaced(OFFICE, "找王梅。", lines)(files)

    await changed_here(house, tree, "找李建国。")
    preview = await once_more(house, wang, edited(packed, rewrite))
    await tap(house, wang, preview, "看冲突（1）")
    assert "…还有 25 条" in wang.sees(preview).text
    assert "…还有 295 条" in wang.sees(preview).text
