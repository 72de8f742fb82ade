"""Asking to be let off, deciding and approving: what becomes of it, and who may."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dues import service as dues
from bot.dues import store as ledger
from bot.dues.errors import AlreadySettled
from bot.dues.model import Note, Obligation, Period, Source, State
from bot.dues.waiving import errors, rules, service, store
from bot.dues.waiving.model import Act, Case, Stage, Step, Waiver
from bot.kit.errors import NotAllowed, Outdated
from bot.roster.model import Role
from tests import factories
from tests.dues.conftest import Branch, local

SECRETARY, DEPUTY, GENERAL, ADMIN, LI = 1, 2, 30, 31, 10


@pytest.fixture
async def office(branch: Branch) -> Branch:
    """With 周强 (account 30) in the general branch and 郑洁 (31) in the committee."""
    async with branch.works.begin() as work:
        tree = branch.tree
        for name, account, unit, role in (
            ("周强", GENERAL, tree.general, Role.GENERAL),
            ("郑洁", ADMIN, tree.committee, Role.ADMIN),
        ):
            branch.members[name] = await factories.member(
                work.session, name, tree.sibling, account=account, posts=((unit, role),)
            )
    await branch.passes(local(2, 9))
    return branch


async def asked(office: Branch, name: str = "李建国", account: int = LI, words: str | None = "住院") -> Case:
    async with office.works.begin() as work:
        obligation = await office.obligation(name)
        of, is_new = await service.ask(work, await office.actor(account), obligation.id, words=words)
    assert is_new
    return of


async def stands(office: Branch, name: str = "李建国") -> tuple[State, int | None]:
    found = await office.obligation(name)
    return found.state, found.amount


async def test_asked_agreed_and_approved(office: Branch) -> None:
    of = await asked(office)
    assert (rules.stage(of.waiver), of.above and of.above.name) == (Stage.BRANCH, "第一党总支")
    async with office.works.begin() as work:
        of, act = await service.agree(work, await office.actor(SECRETARY), of.waiver.id, None)
    assert (act, rules.stage(of.waiver)) == (Act.AGREED, Stage.ABOVE)
    assert await stands(office) == (State.DUE, 2_000)
    async with office.works.begin() as work:
        of, act = await service.approve(work, await office.actor(GENERAL), of.waiver.id)
    assert (act, rules.stage(of.waiver)) == (Act.APPROVED, Stage.DONE)
    assert await stands(office) == (State.EXEMPT, 2_000)
    assert [(step.act, step.by_name, step.words) for step in of.waiver.steps] == [
        (Act.ASKED, "李建国", "住院"),
        (Act.AGREED, "王梅", None),
        (Act.APPROVED, "周强", None),
    ]
    rows = await office.rows("SELECT act FROM audit ORDER BY id")
    assert [row["act"] for row in rows] == [
        "dues.waiver_asked",
        "dues.waiver_agreed",
        "dues.waiver_approved",
    ]
    async with office.works.reading() as reader:
        written = await ledger.entries(reader, await office.obligation("李建国"))
    assert (written[-1].kind, written[-1].source) == (Note.EXEMPT, Source.WAIVER)
    assert written[-1].by_member == office.members["周强"]


async def test_less_instead_of_nothing(office: Branch) -> None:
    of = await asked(office)
    async with office.works.begin() as work:
        with pytest.raises(errors.NotLess):
            await service.agree(work, await office.actor(SECRETARY), of.waiver.id, 2_000)
    async with office.works.begin() as work:
        await service.agree(work, await office.actor(SECRETARY), of.waiver.id, 500)
        await service.approve(work, await office.actor(GENERAL), of.waiver.id)
    assert await stands(office) == (State.DUE, 500)
    await office.passes(local(2, 10))
    assert await stands(office) == (State.DUE, 500)


async def test_sent_back_and_decided_anew(office: Branch) -> None:
    of = await asked(office)
    async with office.works.begin() as work:
        await service.agree(work, await office.actor(SECRETARY), of.waiver.id, None)
        of, act = await service.send_back(work, await office.actor(GENERAL), of.waiver.id, "请核实收入")
        assert (act, rules.stage(of.waiver)) == (Act.RETURNED, Stage.BRANCH)
        of, act = await service.refuse(work, await office.actor(DEPUTY), of.waiver.id, "已补发工资")
    assert (act, of.waiver.last.words) == (Act.REFUSED, "已补发工资")
    assert await stands(office) == (State.DUE, 2_000)


async def test_nobody_is_reminded_while_it_is_being_decided(office: Branch) -> None:
    of = await asked(office)
    await office.passes(local(5, 10))
    nudged = await office.nudged()
    assert "赵敏 2026-11-05" in nudged
    assert "李建国 2026-11-05" not in nudged
    async with office.works.begin() as work:
        await service.refuse(work, await office.actor(SECRETARY), of.waiver.id, None)
    await office.passes(local(20, 10))
    assert "李建国 2026-11-20" in await office.nudged()


async def test_a_reminder_that_still_waits_is_taken_back(office: Branch) -> None:
    await office.passes(local(5, 10))
    assert "李建国 2026-11-05" in await office.nudged()
    await asked(office)
    assert "李建国 2026-11-05" not in await office.nudged()


async def test_one_at_a_time_and_again_after_it_is_taken_back(office: Branch) -> None:
    first = await asked(office)
    obligation = await office.obligation("李建国")
    async with office.works.begin() as work:
        li = await office.actor(LI)
        again, is_new = await service.ask(work, li, obligation.id, words="又来")
        assert (again.waiver.id, is_new) == (first.waiver.id, False)
        await service.withdraw(work, li, first.waiver.id)
        with pytest.raises(errors.NoneAboutIt):
            await service.withdraw(work, li, first.waiver.id)
        second, is_new = await service.ask(work, li, obligation.id, words="又来")
    assert is_new
    assert second.waiver.id != first.waiver.id


async def test_two_decide_at_once(office: Branch) -> None:
    of = await asked(office)
    async with office.works.begin() as work:
        await service.refuse(work, await office.actor(SECRETARY), of.waiver.id, None)
        late, act = await service.agree(work, await office.actor(DEPUTY), of.waiver.id, None)
    assert (act, rules.stage(late.waiver)) == (None, Stage.DONE)
    assert await stands(office) == (State.DUE, 2_000)


async def test_a_secretary_who_asks_is_decided_on_above(office: Branch) -> None:
    of = await asked(office, "王梅", SECRETARY)
    assert rules.stage(of.waiver) is Stage.ALONE
    async with office.works.begin() as work:
        with pytest.raises(NotAllowed):
            await service.agree(work, await office.actor(SECRETARY), of.waiver.id, None)
        same, act = await service.agree(work, await office.actor(DEPUTY), of.waiver.id, None)
        assert (act, rules.stage(same.waiver)) == (None, Stage.ALONE)
        _, act = await service.agree(work, await office.actor(GENERAL), of.waiver.id, 300)
    assert act is Act.APPROVED
    assert await stands(office, "王梅") == (State.DUE, 300)


async def test_without_a_general_branch_the_committee_approves(office: Branch) -> None:
    async with office.works.begin() as work:
        await work.session.run("UPDATE post SET until = 1 WHERE role = 'general'")
    of = await asked(office)
    async with office.works.begin() as work:
        await service.agree(work, await office.actor(SECRETARY), of.waiver.id, None)
        with pytest.raises(NotAllowed):
            await service.approve(work, await office.actor(GENERAL), of.waiver.id)
        _, act = await service.approve(work, await office.actor(ADMIN), of.waiver.id)
    assert act is Act.APPROVED


async def test_with_nobody_above_the_branch_decides_and_the_audit_says_so(office: Branch) -> None:
    async with office.works.begin() as work:
        await work.session.run("UPDATE post SET until = 1 WHERE role IN ('general', 'admin')")
    of = await asked(office)
    assert of.above is None
    async with office.works.begin() as work:
        of, act = await service.agree(work, await office.actor(SECRETARY), of.waiver.id, None)
    assert act is Act.APPROVED
    assert await stands(office) == (State.EXEMPT, 2_000)
    rows = await office.rows("SELECT act, by_member FROM audit ORDER BY id DESC LIMIT 2")
    assert [(row["act"], row["by_member"]) for row in rows] == [
        ("dues.waiver_approved", None),
        ("dues.waiver_agreed", office.members["王梅"]),
    ]


async def test_nobody_decides_about_themselves_even_where_they_are_alone(office: Branch) -> None:
    async with office.works.begin() as work:
        await work.session.run("UPDATE post SET until = 1 WHERE role <> 'secretary'")
    with pytest.raises(errors.NobodyDecides):
        await asked(office, "王梅", SECRETARY)


async def test_who_holds_both_posts_does_not_approve_what_they_agreed_to(office: Branch) -> None:
    async with office.works.begin() as work:
        await work.session.run("UPDATE post SET until = 1 WHERE role = 'general'")
        await work.session.run(
            "INSERT INTO post (member_id, unit_id, role, since) VALUES (:member, :unit, 'general', 0)",
            member=office.members["王梅"],
            unit=office.tree.general,
        )
    of = await asked(office)
    async with office.works.begin() as work:
        of, act = await service.agree(work, await office.actor(SECRETARY), of.waiver.id, None)
        assert (act, of.above and of.above.name) == (Act.AGREED, "采油一厂党委")
        _, act = await service.approve(work, await office.actor(SECRETARY), of.waiver.id)
    assert act is None


@pytest.mark.parametrize("account", [LI, 11, 3, GENERAL, ADMIN])
async def test_who_has_no_say_is_refused(office: Branch, account: int) -> None:
    of = await asked(office)
    stranger = await office.actor(account)
    for act in (service.approve, service.seen):
        with pytest.raises(NotAllowed):
            async with office.works.begin() as work:
                await act(work, stranger, of.waiver.id)
    with pytest.raises(NotAllowed):
        async with office.works.begin() as work:
            await service.agree(work, stranger, of.waiver.id, None)
    if account != LI:
        with pytest.raises(NotAllowed):
            async with office.works.begin() as work:
                await service.withdraw(work, stranger, of.waiver.id)


async def test_a_secretary_cannot_let_anybody_off_alone(office: Branch) -> None:
    obligation = await office.obligation("李建国")
    async with office.works.begin() as work:
        with pytest.raises(Outdated):
            await dues.settle(work, await office.actor(SECRETARY), obligation.id, State.EXEMPT)
    async with office.works.begin() as work:
        of, act = await service.propose(work, await office.actor(SECRETARY), obligation.id)
        again, second = await service.propose(work, await office.actor(SECRETARY), obligation.id)
    assert (act, second, again.waiver.id) == (Act.AGREED, None, of.waiver.id)
    assert await stands(office) == (State.DUE, 2_000)
    own = await office.obligation("王梅")
    async with office.works.begin() as work:
        of, act = await service.propose(work, await office.actor(SECRETARY), own.id)
    assert rules.stage(of.waiver) is Stage.ALONE


async def test_what_is_settled_needs_no_request(office: Branch) -> None:
    of = await asked(office)
    obligation = await office.obligation("李建国")
    async with office.works.begin() as work:
        await dues.settle(work, await office.actor(SECRETARY), obligation.id, State.PAID)
        assert not await service.waiting(work, await office.actor(SECRETARY))
        with pytest.raises(errors.SettledMeanwhile):
            await service.agree(work, await office.actor(SECRETARY), of.waiver.id, None)
    async with office.works.begin() as work:
        await service.withdraw(work, await office.actor(LI), of.waiver.id)
        with pytest.raises(AlreadySettled):
            await service.ask(work, await office.actor(LI), obligation.id, words=None)


async def test_what_waits_for_whom(office: Branch) -> None:
    of = await asked(office)

    async def waiting(account: int) -> list[int]:
        async with office.works.begin() as work:
            return [each.waiver.id for each in await service.waiting(work, await office.actor(account))]

    assert [await waiting(each) for each in (SECRETARY, DEPUTY, GENERAL, ADMIN, LI)] == [
        [of.waiver.id], [of.waiver.id], [], [], []
    ]  # fmt: skip
    async with office.works.begin() as work:
        await service.agree(work, await office.actor(DEPUTY), of.waiver.id, None)
    assert [await waiting(each) for each in (SECRETARY, DEPUTY, GENERAL, ADMIN)] == [
        [],
        [],
        [of.waiver.id],
        [],
    ]


async def test_who_moves_takes_the_request_along(office: Branch) -> None:
    of = await asked(office)
    async with office.works.begin() as work:
        await work.session.run(
            "UPDATE member SET branch_id = :sibling, updated_at = :now WHERE name = '李建国'",
            sibling=office.tree.sibling,
            now=work.now,
        )
    async with office.works.begin() as work:
        with pytest.raises(NotAllowed):
            await service.agree(work, await office.actor(SECRETARY), of.waiver.id, None)
        _, act = await service.agree(work, await office.actor(3), of.waiver.id, None)
    assert act is Act.AGREED


async def test_forgetting_takes_it_back_and_deletes_the_reason(office: Branch) -> None:
    of = await asked(office)
    async with office.works.begin() as work:
        await dues.forget(work, await office.actor(LI))
        found = await store.waiver(work.session, of.waiver.id)
    assert found is not None
    assert (found.last.act, found.reason) == (Act.WITHDRAWN, None)


_MEMBER, _SECRETARY = 1, 2


@given(st.lists(st.sampled_from(list(Act)), max_size=8))
def test_whatever_is_tried_it_ends_once_and_is_never_approved_unasked(tried: list[Act]) -> None:
    steps = [Step(Act.ASKED, _MEMBER, None, 0, None, None)]
    for act in tried:
        waiver = Waiver(1, _MEMBER, Period(2026, 11), None, None, None, tuple(steps))
        if rules.may_follow(waiver, act):
            steps.append(Step(act, _SECRETARY, None, 0, None, None))
    acts = [step.act for step in steps]
    assert sum(rules.ends(act) for act in acts) <= 1
    assert not any(rules.ends(act) for act in acts[:-1])
    if Act.APPROVED in acts:
        assert acts[-2] in (Act.AGREED, Act.PASSED_UP)


@pytest.mark.parametrize(
    ("amount", "offered"),
    [(None, 4), (2_400, 4), (1_000, 4), (200, 2), (20, 1), (1, 0)],
)
def test_only_less_is_offered(amount: int | None, offered: int) -> None:
    found = rules.smaller_amounts(amount)
    assert len(found) == offered
    assert all(0 < each < (amount or 10**9) for each in found)


def test_reasons_are_kept_short() -> None:
    assert rules.shortened("  \n ") is None
    assert len(rules.shortened("难" * 2_000) or "") == rules.LONGEST_WORDS


def test_an_obligation_says_what_is_too_much() -> None:
    assert Obligation(1, 1, Period(2026, 11), 2_000, State.PAID, 2_500, None).surplus == 500
