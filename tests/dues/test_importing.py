"""Payments from a file: read, matched with the roster, applied once."""

import io
from collections.abc import Callable

import openpyxl
import pytest

from bot.dues import importing, service, store
from bot.dues.importing.columns import NoPayments
from bot.dues.importing.matching import Miss
from bot.dues.importing.rules import Plan
from bot.dues.model import Period, State
from bot.kit.vault import Vault
from tests import factories
from tests.conftest import ZONE
from tests.dues.conftest import Branch, local

HEADER = "工号,手机号,姓名,缴费月份,金额,缴费时间,流水号"


async def number_of(branch: Branch, name: str) -> str:
    (row,) = await branch.rows("SELECT employee_no FROM member WHERE id = :id", id=branch.members[name])
    return str(row["employee_no"])


async def preview(branch: Branch, vault: Vault, content: bytes) -> Plan:
    now = branch.clock.now()
    file = await importing.read(content, vault.fingerprint, ZONE, now=now)
    async with branch.works.reading() as reader:
        return await importing.preview(reader, file, by=None)


async def apply(branch: Branch, vault: Vault, content: bytes) -> int:
    """Returns how many obligations became paid."""
    file = await importing.read(content, vault.fingerprint, ZONE, now=branch.clock.now())
    async with branch.works.begin() as work:
        return (await importing.apply(work, file, by=None)).plan.settles


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
    assert (plan.rows, plan.new, plan.settles) == (1, 1, 1)
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
    assert (plan.new, plan.known, plan.settles) == (0, 2, 0)
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
    assert (short.row, short.member_id, short.paid, short.owed) == (2, branch.members["李建国"], 1_200, 2_000)
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
    assert plan.new == 4
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
    assert plan.new == 1


async def test_a_reference_is_one_persons(branch: Branch, vault: Vault) -> None:
    await branch.passes(local(19, 9))
    content = table(",,李建国,2026-11,20,,A", ",,王梅,2026-11,20,,A", ",,李建国,2026-10,20,,A").encode()
    plan = await preview(branch, vault, content)
    assert (plan.new, plan.missed) == (2, ((3, Miss.OTHER_PERSON),))
    assert await apply(branch, vault, content) == 1
    plan = await preview(branch, vault, table(",,王梅,2026-12,20,,A").encode())
    assert plan.missed == ((2, Miss.OTHER_PERSON),)


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
    assert (plan.rows, plan.new) == (5, 1)
    told = importing.document(plan, ZONE, applied=False)
    assert told["bad"][0] == {"row": 2, "column": "period", "value": "十一月"}
    assert "王梅" not in str(told)


async def test_a_roster_is_no_payment_list(branch: Branch, vault: Vault) -> None:
    with pytest.raises(NoPayments):
        await preview(branch, vault, "工号,姓名,党支部\n1,李建国,采油三队".encode())


async def test_twice_and_too_much_is_told_and_kept(branch: Branch, vault: Vault) -> None:
    await branch.passes(local(19, 9))
    await apply(branch, vault, table(",,李建国,2026-11,20,,A").encode())
    content = table(
        ",,李建国,2026-11,20,,B", ",,王梅,2026-11,20.5,,C", ",,赵敏,2026-11,3,,D", ",,赵敏,2026-11,3,,E"
    ).encode()
    plan = await preview(branch, vault, content)
    twice, too_much, perhaps = plan.extra
    assert (twice.row, twice.paid, twice.owed, twice.payments) == (2, 4_000, 2_000, 2)
    assert (too_much.row, too_much.paid, too_much.owed, too_much.payments) == (3, 2_050, 2_000, 1)
    assert (perhaps.row, perhaps.paid, perhaps.owed, perhaps.payments) == (5, 600, None, 2)
    assert await apply(branch, vault, content) == 2
    assert (await branch.obligation("李建国")).surplus == 2_000


async def test_who_paid_for_somebody_is_kept(branch: Branch, vault: Vault) -> None:
    content = "姓名,缴费月份,金额,付款人\n李建国,2026-11,20,李建国之子\n王梅,2026-11,20,王梅\n".encode()
    await apply(branch, vault, content)
    rows = await branch.rows("SELECT note FROM dues_entry WHERE kind = 'payment' ORDER BY id")
    assert [row["note"] for row in rows] == ["李建国之子", None]


async def test_the_branch_in_the_file_tells_namesakes_apart(branch: Branch, vault: Vault) -> None:
    async with branch.works.begin() as work:
        theirs = await factories.member(work.session, "李建国", branch.tree.sibling)
    rows = ["李建国,采油四队党支部,2026-11,20", "李建国,,2026-11,20", "李建国,没有的支部,2026-11,20"]
    content = "\n".join(["姓名,党支部,缴费月份,金额", *rows]).encode()
    assert (await preview(branch, vault, content)).missed == ((3, Miss.AMBIGUOUS), (4, Miss.UNKNOWN))
    await apply(branch, vault, content)
    (row,) = await branch.rows("SELECT member_id FROM dues_entry WHERE kind = 'payment'")
    assert row["member_id"] == theirs
    # A secretary's own branch is meant where the file names none.
    file = await importing.read(content, vault.fingerprint, ZONE, now=branch.clock.now())
    async with branch.works.reading() as reader:
        plan = await importing.preview(reader, file, by=await branch.actor(1))
    assert (plan.new, plan.missed) == (1, ((2, Miss.NOT_THEIRS), (4, Miss.UNKNOWN)))


async def test_new_data_lets_a_held_round_go_on_in_its_branch_only(branch: Branch, vault: Vault) -> None:
    await branch.imported(local(1, 9, month=10))
    await branch.passes(local(5, 10))
    assert await branch.nudged() == []
    file = await importing.read(
        table(",,李建国,2026-11,20,2026-11-04,A").encode(), vault.fingerprint, ZONE, now=branch.clock.now()
    )
    async with branch.works.begin() as work:
        await importing.apply(work, file, by=await branch.actor(1))
    async with branch.works.reading() as reader:
        dates = await store.data_dates(reader)
        assert dates.of(branch.tree.branch) == await store.as_of(reader, branch.tree.branch) == local(4, 0)
        assert dates.of(branch.tree.sibling) == await store.as_of(reader, branch.tree.sibling)
        assert dates.of(branch.tree.sibling) == local(1, 9, month=10)
    await branch.passes(local(5, 11))
    assert "赵敏 2026-11-05" in await branch.nudged()
    assert "李建国 2026-11-05" not in await branch.nudged()
    assert "钱进 2026-11-05" not in await branch.nudged()
