"""The roster file sent in chat."""

import pytest

from bot.roster import sample
from bot.roster.model import Role
from bot.sandbox import Person, SeenMessage
from tests import factories
from tests.harness import House
from tests.roster.tables import csv_bytes, line, xlsx_bytes

CSV = "名册.csv"


@pytest.fixture
async def tree(house: House) -> factories.Tree:
    async with house.work() as work:
        return await factories.tree(work.session)


async def member(house: House, name: str, branch: int, *posts: tuple[int, Role]) -> Person:
    person = house.person(name)
    async with house.work() as work:
        await factories.member(work.session, name, branch, account=person.id, posts=posts)
    await person.start()
    await house.settle()
    return person


@pytest.fixture
async def admin(house: House, tree: factories.Tree) -> Person:
    return await member(house, "管理员", tree.branch, (tree.committee, Role.ADMIN))


async def send(house: House, person: Person, content: bytes, name: str = CSV) -> SeenMessage:
    await person.sends_document(content, name)
    await house.settle()
    return person.last()


async def tap(house: House, person: Person, message: SeenMessage, button: str) -> str | None:
    query = await person.taps(message, button)
    await house.settle()
    answer = await person.answer(query)
    return None if answer is None else answer.text


async def names(house: House) -> list[str]:
    return [
        row["name"] for row in await house.rows("SELECT name FROM member WHERE left_at IS NULL ORDER BY name")
    ]


async def test_sent_shown_applied(house: House, admin: Person) -> None:
    shown = await send(
        house, admin, csv_bytes(line("1", "王梅", post="书记"), line("2", "李建国", branch="采油五队党支部"))
    )
    assert shown.text == (
        "共读到 2 行。\n新增：2 人\n职务：新任 1 个，卸任 0 个\n新建单位：1 个\n\n"
        "职务变化\n王梅 新任：采油三队党支部，支部书记\n\n"
        "新建单位\n采油一厂党委 · 第一党总支 · 采油五队党支部"
    )
    assert shown.buttons == ["应用", "名册里没有的 1 人标为已离开…", "取消"]
    assert await names(house) == ["管理员"]
    await house.restart()
    await tap(house, admin, shown, "应用")
    assert admin.sees(shown).text.startswith("好了，名册已更新。\n共读到 2 行。\n新增：2 人")
    assert await names(house) == ["李建国", "王梅", "管理员"]
    again = await send(house, admin, xlsx_bytes(line("1", "王梅", post="书记")), "名册.xlsx")
    assert "没有变化" in again.text
    (audit,) = await house.rows("SELECT by_member FROM audit WHERE act = 'roster.imported'")
    assert audit["by_member"] is not None


async def test_bad_rows_are_listed_and_skipped_only_when_told(house: House, admin: Person) -> None:
    rows = [line(str(number), f"王{number}", "1391234567") for number in range(12)]
    shown = await send(house, admin, csv_bytes(line("99", "李建国"), *rows))
    assert "12 行要改一下\n第 3 行第 3 列（手机号）：手机号少一位：1391234567\n第 4 行" in shown.text
    assert "第 12 行第 3 列" in shown.text
    assert "第 13 行第 3 列" not in shown.text
    assert "…还有 2 条" in shown.text
    assert shown.buttons[0] == "跳过 12 行并应用"
    await tap(house, admin, shown, "跳过 12 行并应用")
    assert admin.sees(shown).text.endswith("跳过了 12 行，改好后再发一次文件就行。")
    assert await names(house) == ["李建国", "管理员"]


async def test_only_bad_rows_leave_nothing_to_apply(house: House, admin: Person) -> None:
    shown = await send(house, admin, csv_bytes(line("1", "")))
    assert [label for label in shown.buttons if "应用" in label] == []


async def test_marking_as_left_takes_a_second_tap(house: House, tree: factories.Tree, admin: Person) -> None:
    await member(house, "离开的", tree.sibling)
    async with house.work() as work:
        number = await work.session.value("SELECT employee_no FROM member WHERE name = '管理员'")
    shown = await send(house, admin, csv_bytes(line(number, "管理员", post="党委管理员")))
    await tap(house, admin, shown, "名册里没有的 1 人标为已离开…")
    asked = admin.sees(shown)
    assert "离开的 · 采油四队党支部" in asked.text
    await tap(house, admin, asked, "‹ 返回")
    assert admin.sees(shown).text == shown.text
    await tap(house, admin, shown, "名册里没有的 1 人标为已离开…")
    await tap(house, admin, admin.sees(shown), "应用，并把这 1 人标为已离开")
    assert "标为已离开：1 人" in admin.sees(shown).text
    assert await names(house) == ["管理员"]


async def test_a_stale_preview_is_shown_anew_instead_of_applied(house: House, admin: Person) -> None:
    first = await send(house, admin, csv_bytes(line("1", "王梅")))
    second = await send(house, admin, csv_bytes(line("1", "王梅"), line("2", "李建国")))
    await tap(house, admin, first, "应用")
    assert await names(house) == ["王梅", "管理员"]
    assert await tap(house, admin, second, "应用") == "名册在这期间有变化。请先看新的预览。"
    assert await names(house) == ["王梅", "管理员"]
    fresh = admin.last()
    assert fresh.text.startswith("共读到 2 行。\n新增：1 人")
    assert "已经过时" in str(await tap(house, admin, second, "应用"))
    await tap(house, admin, fresh, "应用")
    assert await names(house) == ["李建国", "王梅", "管理员"]


async def test_cancelled_stays_cancelled(house: House, admin: Person) -> None:
    shown = await send(house, admin, csv_bytes(line("1", "王梅")))
    await tap(house, admin, shown, "取消")
    assert admin.sees(shown).text == "好的，名册没有动。"
    query = await admin.taps(shown, data="im.apply:1:0:0")
    await house.settle()
    answer = await admin.answer(query)
    assert answer is not None
    assert "已经过时" in (answer.text or "")
    assert await names(house) == ["管理员"]


async def test_a_secretary_changes_only_their_branch(
    house: House, tree: factories.Tree, admin: Person
) -> None:
    secretary = await member(house, "王梅", tree.branch, (tree.branch, Role.SECRETARY))
    refused = await send(house, secretary, csv_bytes(line("1", "新人", branch="采油四队党支部")))
    assert refused.text == ("这份文件里有不归您管的单位：采油四队党支部。请去掉那些行，或者请上一级来导入。")
    shown = await send(house, secretary, csv_bytes(line("1", "新人")))
    async with house.work() as work:
        await work.session.run("UPDATE post SET until = 1 WHERE role = 'secretary'")
    assert "工作人员" in str(await tap(house, secretary, shown, "应用"))
    assert await names(house) == ["王梅", "管理员"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (csv_bytes(line("1", "王梅"), encoding="utf-16"), "Unicode 文本"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版 Excel"),
        (b"PK\x03\x04 broken", "好像不完整"),
        (b"\n", "这张表是空的"),
    ],
)
async def test_files_that_cannot_be_read(house: House, admin: Person, content: bytes, words: str) -> None:
    assert words in (await send(house, admin, content)).text


async def test_menus_follow_the_posts_of_the_file(house: House, tree: factories.Tree, admin: Person) -> None:
    li = await member(house, "李建国", tree.branch)
    (row,) = await house.rows("SELECT employee_no FROM member WHERE name = '李建国'")
    assert "code" not in {entry["command"] for entry in li.commands()}
    shown = await send(house, admin, csv_bytes(line(row["employee_no"], "李建国", post="书记")))
    await tap(house, admin, shown, "应用")
    assert "code" in {entry["command"] for entry in li.commands()}


async def test_how_to_comes_with_an_empty_table(house: House, admin: Person) -> None:
    await admin.says("/roster")
    await house.settle()
    how = admin.last()
    assert how.kind == "document"
    assert how.text.startswith("把名册文件直接发给我")
    (upload,) = await house.rows("SELECT content FROM upload WHERE name = 'roster.csv'")
    assert (
        await send(house, admin, upload["content"])
    ).text == "这张表只有表头，下面没有人。是不是发错文件了？"
    filled = upload["content"] + ",".join(line("1", "王梅")).encode()
    assert "新增：1 人" in (await send(house, admin, filled)).text


async def test_the_whole_sample(house: House, admin: Person) -> None:
    shown = await send(house, admin, sample.roster_csv())
    assert f"新增：{len(sample.people())} 人" in shown.text
    await tap(house, admin, shown, "应用")
    assert len(await names(house)) == len(sample.people()) + 1


async def test_other_documents_are_left_to_others(house: House, tree: factories.Tree, admin: Person) -> None:
    payments = csv_bytes(("1", "20"), header=("工号", "金额"))
    li = await member(house, "李建国", tree.branch)
    for person, content, name in (
        (admin, payments, CSV),
        (admin, b"%PDF", "a.pdf"),
        (li, csv_bytes(line("1", "王")), CSV),
    ):
        await send(house, person, content, name)
    assert await house.rows("SELECT 1 FROM roster_import") == []
