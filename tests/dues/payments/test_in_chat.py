"""Payment files sent in chat, as their secretaries do it."""

import dataclasses

import pytest

from bot.roster.model import Role, UnitKind
from bot.sandbox import Person, SeenMessage
from tests import factories
from tests.dues.payments.tables import HEADER, csv_bytes, line, xlsx_bytes
from tests.harness import House

FILE = "党费.csv"


@dataclasses.dataclass(slots=True)
class Office:
    house: House
    wang: Person
    """王梅, the branch's secretary."""
    deputy: Person
    """张强, her deputy."""
    general: Person
    """吴总, of the general branch above."""
    li: Person
    """李建国, a member of the branch."""

    async def send(self, person: Person, content: bytes, name: str = FILE) -> SeenMessage:
        await person.sends_document(content, name)
        await self.house.settle()
        return person.last()

    async def tap(self, person: Person, message: SeenMessage, button: str) -> SeenMessage:
        """Taps, and returns the same message as it stands afterwards."""
        await person.taps(message, button)
        await self.house.settle()
        return person.sees(message)

    async def told(self, person: Person, message: SeenMessage, button: str) -> str:
        """What the tap answers in its box."""
        query = await person.taps(message, button)
        await self.house.settle()
        answer = await person.answer(query)
        return "" if answer is None else answer.text

    async def paid(self) -> list[str]:
        """Who has paid for November."""
        rows = await self.house.rows(
            "SELECT member.name FROM owing JOIN member ON member.id = owing.member_id"
            " WHERE owing.period = '2026-11' AND owing.state = 'paid' ORDER BY member.id"
        )
        return [row["name"] for row in rows]


@pytest.fixture
async def office(house: House) -> Office:
    people = [house.person(name) for name in ("王梅", "张强", "吴总", "李建国")]
    wang, deputy, general, li = people
    async with house.work() as work:
        session = work.session
        tree = await factories.tree(session)
        far = await factories.unit(session, "作业一队党支部", UnitKind.BRANCH, tree.committee)
        here = tree.branch
        member = factories.member
        await member(session, "王梅", here, account=wang.id, posts=((here, Role.SECRETARY),))
        await member(session, "张强", here, account=deputy.id, posts=((here, Role.DEPUTY),))
        await member(session, "吴总", tree.sibling, account=general.id, posts=((tree.general, Role.GENERAL),))
        await member(session, "李建国", here, account=li.id)
        await member(session, "孙丽", tree.sibling)
        await member(session, "周新", far)
    for person in people:
        await person.start()
    await house.advance(minutes=1)  # everybody has their obligation
    return Office(house, wang, deputy, general, li)


async def test_sent_shown_imported_taken_back_and_imported_again(office: Office) -> None:
    content = csv_bytes(
        line("李建国", "20.00元", "T1", at="2026-11-01 09:05"),
        line("王梅", 12, "T2", at="2026/11/1"),
        line("张强", 20, "T3"),
        line("张强", 20, "T4"),
        line("孙丽", 20, "T5"),
        line("没这人", 20, "T6"),
        line("李建国", "免", "T7", at="昨天"),
        encoding="gb18030",
    )
    shown = await office.send(office.wang, content)
    assert shown.text == (
        "读到 7 行，数据截至 11 月 1 日。\n新缴费 4 笔，共 72 元。\n2 人次由此缴清。\n\n"
        "没缴够 1 人次\n第 3 行，11 月：应缴 20 元，只缴了 12 元\n\n"
        "多缴或重复缴 1 人次\n第 5 行，11 月：应缴 20 元，缴了 40 元（2 笔）\n\n"
        "看不懂 1 行\n第 8 行“金额”看不懂：免\n第 8 行“缴费时间”看不懂：昨天\n\n"
        "没导入 2 行\n第 7 行：名册里没对上人\n第 6 行：不是您负责的人，请由他们支部导入"
    )
    assert shown.buttons == ["导入", "取消"]
    assert await office.paid() == []
    done = await office.tap(office.wang, shown, "导入")
    assert done.text.startswith("导入好了，数据截至 11 月 1 日。\n新缴费 4 笔，共 72 元。\n2 人次由此缴清。")
    assert "多缴或重复缴 1 人次" in done.text
    assert await office.paid() == ["张强", "李建国"]
    asked = await office.tap(office.wang, done, "撤回这次导入")
    assert asked.text == (
        "上次导入：11 月 2 日 09:01，王梅导入 4 笔，数据截至 11 月 1 日。\n"
        "要撤回吗？撤回后这些缴费不再算数，改好的表可以再导入。"
    )
    undone = await office.tap(office.wang, asked, "撤回")
    assert undone.text == "已撤回，4 笔缴费不再算数。改好的表随时发给我。"
    assert await office.paid() == []
    again = await office.send(office.wang, content)
    assert again.text == shown.text
    await office.tap(office.wang, again, "导入")
    assert await office.paid() == ["张强", "李建国"]
    same = await office.send(office.wang, content)
    assert "没有新的缴费。\n4 笔以前导入过，不重复算。" in same.text
    assert same.buttons == ["更新数据日期", "取消"]
    acts = await office.house.rows("SELECT act, by_member FROM audit WHERE act LIKE 'dues.%' ORDER BY id")
    assert [row["act"] for row in acts] == ["dues.imported", "dues.import_undone", "dues.imported"]
    assert all(row["by_member"] for row in acts)


async def test_a_preview_that_no_longer_holds_is_shown_anew(office: Office) -> None:
    first = await office.send(office.wang, xlsx_bytes(line("李建国", 20, "T1")), "党费.xlsx")
    second = await office.send(office.deputy, csv_bytes(line("李建国", 20, "T1"), line("王梅", 20, "T2")))
    await office.house.restart()
    await office.tap(office.wang, first, "导入")
    told = await office.told(office.deputy, second, "导入")
    assert told == "缴费记录或名册在这期间有变化。请先看新的预览。"
    assert await office.paid() == ["李建国"]
    anew = office.deputy.sees(second)
    assert (
        anew.text
        == "读到 2 行，数据截至 11 月 2 日。\n新缴费 1 笔，共 20 元。\n1 人次由此缴清。\n1 笔以前导入过，不重复算。"
    )
    await office.tap(office.deputy, anew, "导入")
    assert await office.paid() == ["王梅", "李建国"]
    late = await office.deputy.taps(anew, data=anew.rows[0][0].data)
    await office.house.settle()
    answer = await office.deputy.answer(late)
    assert answer is not None
    assert "已经过时" in answer.text


async def test_cancelled(office: Office) -> None:
    shown = await office.send(office.wang, csv_bytes(line("李建国")))
    dropped = await office.tap(office.wang, shown, "取消")
    assert (dropped.text, dropped.buttons) == ("好的，没有导入。", [])
    assert await office.paid() == []


async def test_files_that_are_no_payment_lists(office: Office) -> None:
    almost = await office.send(office.wang, csv_bytes(("李建国", "2026-11"), header=("姓名", "缴费月份")))
    assert almost.text == ("看着像缴费表，但没找到“金额”这一列。请补上这一列，或把表头改成“金额”，再发一次。")
    damaged = await office.send(office.wang, b"PK\x03\x04nonsense", "党费.xlsx")
    assert damaged.text.startswith("这个表格打不开")
    nobody = await office.send(office.wang, csv_bytes(line("没这人")))
    assert nobody.text.endswith("第 2 行：名册里没对上人\n\n现在还没有能导入的。改好后再发一次就行。")
    assert nobody.buttons == ["取消"]
    # A member's table is a question with a file, for their secretary.
    await office.send(office.li, csv_bytes(line("李建国")))
    assert await office.house.rows("SELECT 1 FROM dues_file WHERE account_id = :id", id=office.li.id) == []
    assert await office.paid() == []


async def test_the_level_above_imports_for_its_branches_and_takes_back_theirs(office: Office) -> None:
    content = csv_bytes(line("李建国"), line("孙丽"), line("周新"))
    shown = await office.send(office.general, content)
    assert "新缴费 2 笔" in shown.text
    assert "第 4 行：不是您负责的人" in shown.text
    await office.tap(office.general, shown, "取消")
    shown = await office.send(office.wang, csv_bytes(line("李建国", 20, "T1")))
    await office.tap(office.wang, shown, "导入")
    for person in (office.deputy, office.general):
        await person.says("/dues")
        await office.house.settle()
    branch = next(message for message in office.deputy.chat() if "缴费表" in message.buttons)
    card = await office.tap(office.deputy, branch, "缴费表")
    assert card.text.endswith("上次导入：11 月 2 日 09:01，王梅导入 1 笔，数据截至 11 月 2 日。")
    assert card.buttons == ["‹ 回到汇总"]
    above = next(message for message in office.general.chat() if "缴费表" in message.buttons)
    card = await office.tap(office.general, above, "缴费表")
    asked = await office.tap(office.general, card, "撤回上次导入")
    assert await office.paid() == ["李建国"]
    await office.tap(office.general, asked, "撤回")
    assert await office.paid() == []


async def test_a_large_file_is_read_aloud(office: Office) -> None:
    rows = [line("李建国", 20, f"T{number}", month="2027-01") for number in range(20_500)]
    before = len(office.wang.chat())
    shown = await office.send(office.wang, csv_bytes(*rows, header=HEADER))
    assert len(office.wang.chat()) == before + 2
    assert shown.text.startswith("读到 20500 行")
    said = await office.house.rows(
        "SELECT payload FROM outgoing WHERE chat_id = :id AND payload LIKE '%已读 20,000 行%'",
        id=office.wang.id,
    )
    assert len(said) == 1
    done = await office.tap(office.wang, shown, "导入")
    assert done.text.startswith("导入好了")
    assert (
        len(await office.house.rows("SELECT 1 FROM outgoing WHERE payload LIKE '%20,500 行都读完了%'")) == 1
    )
