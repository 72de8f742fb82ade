"""What a branch agrees on with a member about paying."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

import pytest

from bot.dues import service as dues
from bot.dues.agreements import errors, service
from bot.dues.agreements.model import Kind
from bot.dues.model import Obligation, Period, State
from bot.kit.errors import NotAllowed, Refusal
from bot.kit.work import Work
from bot.roster.model import Actor, Role
from tests import factories
from tests.dues.conftest import Branch, local
from tests.helpdesk.conftest import said_to

if TYPE_CHECKING:
    from tests.harness import House


Act: TypeAlias = Callable[[Work, Actor, int], Awaitable[Sequence[Obligation]]]


async def quarterly(branch: Branch, name: str = "李建国") -> None:
    async with branch.works.begin() as work:
        await service.by_quarter(work, await branch.actor(1), (await branch.obligation(name)).id)


async def test_by_the_quarter_and_back(branch: Branch) -> None:
    await branch.passes(local(2, 9))
    obligation = await branch.obligation("李建国")
    async with branch.works.begin() as work:
        wang = await branch.actor(1)
        found, is_new = await service.by_quarter(work, wang, obligation.id)
        _, again = await service.by_quarter(work, wang, obligation.id)
        assert (is_new, again) == (True, False)
        assert [(each.kind, each.since, each.agreed_by) for each in found.agreements] == [
            (Kind.QUARTERLY, work.now, "王梅")
        ]
        found, ended = await service.revoke(work, wang, obligation.id, Kind.QUARTERLY)
        _, twice = await service.revoke(work, wang, obligation.id, Kind.QUARTERLY)
    assert (found.agreements, ended, twice) == ([], True, False)
    rows = await branch.rows("SELECT since, until, ended_by FROM dues_agreement")
    assert [(row["until"] is not None, row["ended_by"]) for row in rows] == [(True, branch.members["王梅"])]
    rows = await branch.rows("SELECT act FROM audit ORDER BY id")
    assert [row["act"] for row in rows] == ["dues.agreement_agreed", "dues.agreement_revoked"]


async def test_by_the_quarter_only_its_last_month_is_reminded_of(branch: Branch) -> None:
    await branch.passes(local(2, 9))
    await quarterly(branch)
    await branch.passes(local(5, 10))
    assert [line for line in await branch.nudged() if line.startswith("李建国")] == []
    await branch.passes(local(1, 9, month=12))
    await branch.passes(local(5, 10, month=12))
    assert "李建国 2026-12-05" in await branch.nudged()
    assert "11 月、12 月党费还没看到" in (await branch.told(10))[-1]


async def test_the_months_of_a_quarter_are_claimed_and_taken_back_together(branch: Branch) -> None:
    await branch.passes(local(2, 9))
    await quarterly(branch)
    await branch.passes(local(1, 9, month=12))
    december = Period(2026, 12)

    async def states() -> list[State]:
        return [(await branch.obligation("李建国", period)).state for period in (Period(2026, 11), december)]

    async def says(act: Act) -> list[Period]:
        last = await branch.obligation("李建国", december)
        async with branch.works.begin() as work:
            return [each.period for each in await act(work, await branch.actor(10), last.id)]

    assert await says(dues.claim) == [Period(2026, 11), december]
    assert await states() == [State.CLAIMED, State.CLAIMED]
    assert await says(dues.take_back) == [Period(2026, 11), december]
    assert await states() == [State.DUE, State.DUE]


async def test_a_reminder_under_way_is_taken_back(branch: Branch) -> None:
    await branch.passes(local(5, 10))
    assert "李建国 2026-11-05" in await branch.nudged()
    await quarterly(branch)
    assert "李建国 2026-11-05" not in await branch.nudged()


async def test_what_can_still_be_paid_in_time_is_no_arrears(branch: Branch) -> None:
    async with branch.works.begin() as work:
        for month in (7, 8, 9, 10):
            await factories.obligation(work.session, branch.members["李建国"], f"2026-{month:02}")
            await factories.obligation(work.session, branch.members["孙丽"], f"2026-{month:02}")
    await branch.passes(local(2, 9))
    await quarterly(branch)
    async with branch.works.begin() as work:
        _, owed = await dues.listed(
            work, await branch.actor(1), branch.tree.branch, State.DUE, branch.schedule
        )
        ended = await dues.late_at_end(work.session, branch.tree.branch, Period(2026, 10))
    months = {each.name: each.months for each in owed}
    assert (months["李建国"], months["孙丽"]) == (3, 5)
    assert [each.name for each in ended] == ["孙丽"]


async def test_somebody_else_pays(branch: Branch) -> None:
    await branch.passes(local(2, 9))
    obligation = await branch.obligation("李建国")
    async with branch.works.begin() as work:
        wang = await branch.actor(1)
        found = await service.paid_by_member(work, wang, obligation.id, branch.members["赵敏"])
        assert [each.payer for each in found.agreements] == ["赵敏"]
        found = await service.paid_by(work, wang, obligation.id, " 他 儿子 ")
        assert [each.payer for each in found.agreements] == ["他 儿子"]
        for wrong in (branch.members["李建国"], branch.members["钱进"]):
            with pytest.raises(Refusal):
                await service.paid_by_member(work, wang, obligation.id, wrong)
        with pytest.raises(errors.NotAPayer):
            await service.paid_by(work, wang, obligation.id, "123")
    await branch.passes(local(5, 10))
    assert "李建国 2026-11-05" in await branch.nudged()


@pytest.mark.parametrize("account", [10, 3])
async def test_only_the_branch_agrees(branch: Branch, account: int) -> None:
    await branch.passes(local(2, 9))
    obligation = await branch.obligation("李建国")
    stranger = await branch.actor(account)
    for act in (service.terms, service.by_quarter, service.payers):
        with pytest.raises(NotAllowed):
            async with branch.works.begin() as work:
                await act(work, stranger, obligation.id)


async def test_in_the_chat(house: "House") -> None:
    wang, li = house.person("王梅"), house.person("李建国")
    async with house.work() as work:
        tree = await factories.tree(work.session)
        posts = ((tree.branch, Role.SECRETARY),)
        await factories.member(work.session, "王梅", tree.branch, account=wang.id, posts=posts)
        await factories.member(work.session, "李建国", tree.branch, account=li.id)
    for person in (wang, li):
        await person.start()
    await house.advance(minutes=1)
    await wang.says("/dues")
    await house.settle()
    branch = next(message for message in wang.chat() if "应缴 2 人" in message.text)
    for label in ("还没缴的 2 人", "李建国 · 20 元", "缴费约定", "改为按季缴"):
        await wang.taps(wang.sees(branch), label)
        await house.settle()
    shown = wang.sees(branch)
    assert shown.text == "李建国怎么缴党费\n按季缴（11 月 2 日起，王梅记）\n只在每季最后一个月提醒。"
    assert shown.buttons == ["改回每月缴", "由他人代缴…", "‹ 返回"]
    assert "您的党费按季缴" in li.last().text
    await wang.taps(shown, "由他人代缴…")
    await wang.says("他儿子")
    await house.settle()
    assert "由他儿子代缴（11 月 2 日起，王梅记）" in wang.last().text
    await wang.taps(wang.last(), "‹ 返回")
    await house.settle()
    card = wang.last().text.splitlines()
    assert card[1:3] == ["按季缴（11 月 2 日起，王梅记）", "由他儿子代缴（11 月 2 日起，王梅记）"]
    await li.says("/dues")
    await house.settle()
    assert "您按季缴，每季最后一个月一起缴。" in li.last().text
    assert not any("代缴" in text for text in said_to(li))
