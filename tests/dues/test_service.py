"""What members and staff may do with dues, and who may not."""

import pytest

from bot.dues import contributor, service, store
from bot.dues.errors import AlreadyGone, AlreadySettled, NotYours
from bot.dues.model import Note, Source, State
from bot.dues.rounds import service as rounds
from bot.kit.errors import NotAllowed, Outdated, Refusal
from bot.onboarding.errors import NotOnRoster
from bot.roster.model import Actor
from tests.conftest import ZONE
from tests.dues.conftest import Branch, local


async def test_ones_own_dues_are_there_before_any_sweep_has_run(branch: Branch) -> None:
    async with branch.works.begin() as work:
        own = await service.mine(work, await branch.actor(10), branch.schedule)
    assert (own.obligation.amount, own.obligation.state, own.as_of) == (2_000, State.DUE, None)


async def test_months_not_paid_before_are_named(branch: Branch) -> None:
    await branch.passes(local(2, 9))
    await branch.passes(local(2, 9, month=12))
    async with branch.works.begin() as work:
        own = await service.mine(work, await branch.actor(10), branch.schedule)
    assert [str(period) for period in own.before] == ["2026-11"]


async def test_claiming_and_taking_it_back(branch: Branch) -> None:
    await branch.passes(local(2, 9))
    li, obligation = await branch.actor(10), await branch.obligation("李建国")
    async with branch.works.begin() as work:
        await service.claim(work, li, obligation.id)
        await service.claim(work, li, obligation.id)
    claimed = await branch.obligation("李建国")
    assert claimed.state is State.CLAIMED
    async with branch.works.reading() as reader:
        written = await store.entries(reader, claimed)
    assert [(entry.kind, entry.source, entry.by_member) for entry in written] == [
        (Note.OWES, Source.RULE, None),
        (Note.CLAIMED, Source.CLAIM, branch.members["李建国"]),
    ]
    async with branch.works.begin() as work:
        await service.take_back(work, li, obligation.id)
    assert (await branch.obligation("李建国")).state is State.DUE


async def test_what_is_settled_stays_settled(branch: Branch) -> None:
    await branch.passes(local(2, 9))
    li, obligation = await branch.actor(10), await branch.obligation("李建国")
    async with branch.works.begin() as work:
        await service.settle(work, await branch.actor(1), obligation.id, State.PAID)
    for act in (service.claim, service.take_back):
        with pytest.raises(AlreadySettled):
            async with branch.works.begin() as work:
                await act(work, li, obligation.id)
    with pytest.raises(AlreadySettled):
        async with branch.works.begin() as work:
            await service.snooze(work, li, obligation.id, branch.schedule)


async def test_nobody_acts_on_the_dues_of_another(branch: Branch) -> None:
    await branch.passes(local(2, 9))
    obligation = await branch.obligation("李建国")
    for act in (service.own, service.claim, service.take_back):
        with pytest.raises(NotYours):
            async with branch.works.begin() as work:
                await act(work, await branch.actor(11), obligation.id)
    with pytest.raises(NotOnRoster):
        async with branch.works.begin() as work:
            await service.claim(work, Actor(99, "zh_CN"), obligation.id)
    with pytest.raises(Outdated):
        async with branch.works.begin() as work:
            await service.claim(work, await branch.actor(10), 10**9)


@pytest.mark.parametrize("account", [10, 3])  # a member of the branch; the secretary of another
async def test_only_the_own_branch_staff_see_names_and_decide(branch: Branch, account: int) -> None:
    await branch.passes(local(4, 10))
    stranger, obligation = await branch.actor(account), await branch.obligation("李建国")
    here, point = branch.tree.branch, "2026-11-05"

    async def refused(act: object) -> None:
        with pytest.raises(Refusal) as raised:
            async with branch.works.begin() as work:
                await act(work)  # type: ignore[operator]  # a table of differently typed calls
        assert isinstance(raised.value, NotAllowed)

    await refused(lambda work: service.branch(work, stranger, here, branch.schedule))
    await refused(lambda work: service.listed(work, stranger, here, State.DUE, branch.schedule))
    await refused(lambda work: service.look(work, stranger, obligation.id))
    await refused(lambda work: service.settle(work, stranger, obligation.id, State.PAID))
    await refused(lambda work: rounds.cancel(work, stranger, here, point))
    await refused(lambda work: rounds.restore(work, stranger, here, point, branch.schedule))
    await refused(lambda work: rounds.ahead(work, stranger, here, point, branch.schedule))
    assert (await branch.obligation("李建国")).state is State.DUE


async def test_the_branch_in_numbers(branch: Branch) -> None:
    await branch.passes(local(2, 9))
    async with branch.works.begin() as work:
        wang = await branch.actor(1)
        await service.claim(work, await branch.actor(10), (await branch.obligation("李建国")).id)
        await service.settle(work, wang, (await branch.obligation("孙丽")).id, State.NOT_LIABLE)
        (found,) = await service.branches(work, wang, branch.schedule)
        assert await service.branches(work, await branch.actor(10), branch.schedule) == []
    assert found.figures.counts == {State.DUE: 3, State.CLAIMED: 1, State.NOT_LIABLE: 1}
    assert found.figures.without_amount == 1


async def test_the_unpaid_with_their_months(branch: Branch) -> None:
    await branch.passes(local(2, 9))
    async with branch.works.begin() as work:
        await service.settle(work, await branch.actor(1), (await branch.obligation("孙丽")).id, State.PAID)
    await branch.passes(local(2, 9, month=12))
    async with branch.works.begin() as work:
        _, owed = await service.listed(
            work, await branch.actor(2), branch.tree.branch, State.DUE, branch.schedule
        )
    assert {(each.name, each.months) for each in owed} == {
        ("王梅", 2), ("张强", 2), ("李建国", 2), ("赵敏", 2), ("孙丽", 1)
    }  # fmt: skip


async def test_decisions_are_audited(branch: Branch) -> None:
    await branch.passes(local(4, 10))
    wang, obligation = await branch.actor(1), await branch.obligation("李建国")
    async with branch.works.begin() as work:
        first = await service.settle(work, wang, obligation.id, State.NOT_LIABLE)
        second = await service.settle(work, wang, obligation.id, State.NOT_LIABLE)
        await rounds.cancel(work, wang, branch.tree.branch, "2026-11-05")
        await rounds.cancel(work, wang, branch.tree.branch, "2026-11-05")
    assert first.person is not None
    assert second.person is None
    rows = await branch.rows("SELECT act, by_member, subject FROM audit ORDER BY id")
    assert [(row["act"], row["by_member"], row["subject"]) for row in rows] == [
        ("dues.not_liable", branch.members["王梅"], f"member:{branch.members['李建国']}"),
        ("dues.round_cancelled", branch.members["王梅"], f"unit:{branch.tree.branch}"),
    ]


async def test_a_round_that_has_gone_out_cannot_be_held_back(branch: Branch) -> None:
    await branch.passes(local(5, 10))
    with pytest.raises(AlreadyGone):
        async with branch.works.begin() as work:
            await rounds.cancel(work, await branch.actor(1), branch.tree.branch, "2026-11-05")


async def test_forgetting_keeps_the_books(branch: Branch) -> None:
    await branch.passes(local(5, 10))
    async with branch.works.begin() as work:
        await service.forget(work, await branch.actor(10))
    assert not any(line.startswith("李建国") for line in await branch.nudged())
    assert (await branch.obligation("李建国")).state is State.DUE


async def test_what_is_kept(branch: Branch) -> None:
    await branch.passes(local(2, 9))
    contribute = contributor(branch.clock, ZONE)
    async with branch.works.begin() as work:
        words = work.languages["zh_CN"]
        assert list(await contribute(work.session, await branch.actor(10), words)) == [
            "2026 年 11 月党费：20 元，还没缴"
        ]
        assert not await contribute(work.session, Actor(99, "zh_CN"), words)
