"""Payments from a file: read, matched with the roster, applied once."""

import io
from collections.abc import Callable

import openpyxl
import pytest

from bot.dues import importing, service
from bot.dues.importing import Plan
from bot.dues.importing.columns import NoPayments
from bot.dues.importing.rules import Miss
from bot.dues.model import Period, State
from bot.kit.vault import Vault
from bot.roster.importing import sheets
from tests import factories
from tests.conftest import ZONE
from tests.dues.conftest import Branch, local

HEADER = "工号,手机号,姓名,缴费月份,金额,缴费时间,流水号"


async def number_of(branch: Branch, name: str) -> str:
    (row,) = await branch.rows("SELECT employee_no FROM member WHERE id = :id", id=branch.members[name])
    return str(row["employee_no"])


async def preview(branch: Branch, vault: Vault, content: bytes) -> Plan:
    async with branch.works.reading() as reader:
        return await importing.preview(reader, sheets.read(content), vault, ZONE, now=branch.clock.now())


async def apply(branch: Branch, vault: Vault, content: bytes) -> int:
    plan = await preview(branch, vault, content)
    async with branch.works.begin() as work:
        return await importing.apply(work, plan)


def table(*lines: str) -> str:
    return "\n".join([HEADER, *lines])


async def test_a_confirmed_payment_takes_back_the_reminder_that_has_not_left(
    branch: Branch, vault: Vault
) -> None:
    await branch.passes(local(5, 10))
    content = table(f"{await number_of(branch, '李建国')},,李建国,2026-11,20,,T1").encode()
    assert await apply(branch, vault, content) == 1
    rows = await branch.rows("SELECT chat_id FROM outgoing WHERE state = 'waiting' ORDER BY chat_id")
    assert [row["chat_id"] for row in rows] == [1, 2, 3, 11]
    assert "李建国 2026-11-05" not in await branch.nudged()


@pytest.mark.parametrize(
    "encode",
    [lambda text: text.encode(), lambda text: text.encode("utf-8-sig"), lambda text: text.encode("gb18030")],
)
async def test_a_file_in_any_encoding_confirms(
    branch: Branch, vault: Vault, encode: Callable[[str], bytes]
) -> None:
    await branch.passes(local(19, 9))
    number = await number_of(branch, "李建国")
    content = encode(table(f"{number},,李建国,2026年11月,20.00元,2026-11-18 09:05:00,T1"))
    plan = await preview(branch, vault, content)
    assert (plan.rows, len(plan.new), plan.settles) == (1, 1, 1)
    assert plan.as_of == local(18, 9, 5)
    assert (await branch.obligation("李建国")).state is State.DUE
    assert await apply(branch, vault, content) == 1
    assert (await branch.obligation("李建国")).state is State.PAID


async def test_the_same_file_again_changes_nothing(branch: Branch, vault: Vault) -> None:
    await branch.passes(local(19, 9))
    number = await number_of(branch, "李建国")
    content = table(f"{number},,,2026-11,20,2026-11-18,T1", f"{number},,,2026-11,5,2026-11-18,").encode()
    await apply(branch, vault, content)
    before = await branch.rows("SELECT * FROM dues_entry WHERE kind = 'payment' ORDER BY key")
    plan = await preview(branch, vault, content)
    assert (len(plan.new), plan.known, plan.settles) == (0, 2, 0)
    assert await apply(branch, vault, content) == 0
    assert await branch.rows("SELECT * FROM dues_entry WHERE kind = 'payment' ORDER BY key") == before


async def test_xlsx_with_a_title_above_the_header(branch: Branch, vault: Vault) -> None:
    await branch.passes(local(19, 9))
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(["十一月党费缴纳情况"])
    sheet.append(["姓名", "缴费月份", "缴费金额(元)"])
    sheet.append(["李建国", 202611, 20])
    file = io.BytesIO()
    workbook.save(file)
    assert await apply(branch, vault, file.getvalue()) == 1
    assert (await branch.obligation("李建国")).state is State.PAID


async def test_a_claim_is_confirmed_and_an_unknown_amount_too(branch: Branch, vault: Vault) -> None:
    await branch.passes(local(19, 9))
    for account in (10, 11):
        async with branch.works.begin() as work:
            actor = await branch.actor(account)
            await service.claim(work, actor, (await service.mine(work, actor, branch.schedule)).obligation.id)
    assert await apply(branch, vault, table(",,李建国,2026-11,20,,", ",,赵敏,2026-11,1,,").encode()) == 2
    assert (await branch.obligation("赵敏")).state is State.PAID


async def test_too_little_is_no_payment_until_the_rest_comes(branch: Branch, vault: Vault) -> None:
    await branch.passes(local(19, 9))
    plan = await preview(branch, vault, table(",,李建国,2026-11,12,,A").encode())
    (short,) = plan.short
    assert (short.member_id, short.paid, short.owed) == (branch.members["李建国"], 1_200, 2_000)
    assert await apply(branch, vault, table(",,李建国,2026-11,12,,A").encode()) == 0
    assert await apply(branch, vault, table(",,李建国,2026-11,8,,B").encode()) == 1
    assert (await branch.obligation("李建国")).state is State.PAID


async def test_a_range_pays_each_month(branch: Branch, vault: Vault) -> None:
    await branch.passes(local(19, 9))
    await apply(branch, vault, table(",,李建国,2026年10月-12月,60.01,,Q4").encode())
    rows = await branch.rows("SELECT period, amount FROM dues_entry WHERE kind = 'payment' ORDER BY period")
    assert [(row["period"], row["amount"]) for row in rows] == [
        ("2026-10", 2_001), ("2026-11", 2_000), ("2026-12", 2_000)
    ]  # fmt: skip
    await branch.passes(local(1, 9, month=12))
    assert (await branch.obligation("李建国", Period(2026, 12))).state is State.PAID


async def test_people_are_found_by_number_then_phone_then_a_name_of_their_own(
    branch: Branch, vault: Vault
) -> None:
    async with branch.works.begin() as work:
        for name, phone in (("周新", "13800000001"), ("周新", "13800000002"), ("吴静", "13800000003")):
            await factories.member(work.session, name, branch.tree.branch, phone=phone, vault=vault)
    number = await number_of(branch, "李建国")
    plan = await preview(
        branch,
        vault,
        table(
            f"{number},,,2026-11,20,,1",
            ",138 0000 0001,,2026-11,20,,2",
            ",,吴 静,2026-11,20,,3",
            ",,周新,2026-11,20,,4",
            ",,没这个人,2026-11,20,,5",
            f"{number},,王梅,2026-11,20,,6",
            "E99999,,赵敏,2026-11,20,,7",  # somebody else of that name: ours has another number
            ",138****0003,吴静,2026-11,20,,8",
        ).encode(),
    )
    assert len(plan.new) == 4
    assert plan.missed == (
        (5, Miss.AMBIGUOUS), (6, Miss.UNKNOWN), (7, Miss.OTHER_NAME), (8, Miss.UNKNOWN)
    )  # fmt: skip


async def test_a_reference_with_another_amount_is_not_applied(branch: Branch, vault: Vault) -> None:
    await branch.passes(local(19, 9))
    await apply(branch, vault, table(",,李建国,2026-11,12,,A").encode())
    plan = await preview(
        branch, vault, table(",,李建国,2026-11,20,,A", ",,赵敏,2026-11,1,,B", ",,赵敏,2026-11,2,,B").encode()
    )
    assert plan.missed == ((2, Miss.CHANGED), (4, Miss.CHANGED))
    assert len(plan.new) == 1


async def test_one_reference_may_pay_for_two(branch: Branch, vault: Vault) -> None:
    await branch.passes(local(19, 9))
    content = table(",,李建国,2026-11,20,,A", ",,王梅,2026-11,20,,A").encode()
    assert await apply(branch, vault, content) == 2


async def test_bad_cells_are_listed_and_the_rest_applied(branch: Branch, vault: Vault) -> None:
    await branch.passes(local(19, 9))
    content = table(
        ",,李建国,十一月,20,,",
        ",,李建国,2026-11,免,昨天,",
        ",,李建国,2026-11,0,,",
        ",,,2026-11,20,,",
        ",,王梅,2026-11,20,,",
    ).encode()
    plan = await preview(branch, vault, content)
    assert [(cell.row, str(cell.column), cell.value) for cell in plan.bad] == [
        (2, "period", "十一月"),
        (3, "amount", "免"),
        (3, "paid_at", "昨天"),
        (4, "amount", "0"),
        (5, "name", ""),
    ]
    assert (plan.rows, len(plan.new)) == (5, 1)
    told = importing.summary(plan, ZONE, applied=False)
    assert told["bad"][0] == {"row": 2, "column": "period", "value": "十一月"}
    assert "王梅" not in str(told)


def test_a_roster_is_no_payment_list() -> None:
    content = "工号,姓名,党支部\n1,李建国,采油三队".encode()
    with pytest.raises(NoPayments):
        importing.rules.parse(sheets.read(content), ZONE)
