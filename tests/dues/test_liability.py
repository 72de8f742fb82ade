"""Who owes for a period, and from when; who has paid too much."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.dues import rules, store
from bot.dues.looking import service as looking
from bot.dues.model import Note, Period, Source, State
from bot.kit.database import Session
from tests import factories
from tests.conftest import ZONE
from tests.dues.conftest import NOVEMBER, Branch, local


async def opened(branch: Branch, period: Period = NOVEMBER) -> None:
    async with branch.works.begin() as work:
        until = rules.end_of(period, ZONE)
        while await store.open_more(work.session, period, until=until, now=work.now):
            pass


async def accept(branch: Branch, name: str, day: str | None) -> None:
    async with branch.works.begin() as work:
        await work.session.run(
            "UPDATE member SET accepted_on = :day, updated_at = :now WHERE name = :name",
            day=day,
            now=work.now,
            name=name,
        )


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    accepted=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    period=st.builds(Period, st.just(2026), st.integers(1, 12)),
)
async def test_members_pay_from_the_month_they_were_accepted_in(
    branch: Branch, accepted: date, period: Period
) -> None:
    async with branch.works.begin() as work:
        await _clear(work.session)
    await accept(branch, "李建国", accepted.isoformat())
    await opened(branch, period)
    owes = (await branch.obligation("李建国", period)).state is State.DUE
    assert owes is (Period.of(accepted) <= period)
    assert (await branch.obligation("赵敏", period)).state is State.DUE


async def _clear(session: Session) -> None:
    for table in ("obligation", "dues_entry", "dues_period"):
        await session.run(f"DELETE FROM {table}")


async def test_a_day_that_becomes_known_later_and_is_corrected(branch: Branch) -> None:
    await opened(branch)
    states = []
    for minute, day in enumerate(("2026-12-08", "2026-11-30", "2026-12-01"), start=1):
        await branch.clock.move_to(local(2, 10, minute))
        await accept(branch, "李建国", day)
        await branch.clock.move_to(local(2, 11, minute))
        await opened(branch)
        states.append((await branch.obligation("李建国")).state)
    assert states == [State.NOT_LIABLE, State.DUE, State.NOT_LIABLE]


async def test_what_a_secretary_has_said_stands(branch: Branch) -> None:
    await opened(branch)
    async with branch.works.begin() as work:
        await store.note(
            work.session,
            await branch.obligation("李建国"),
            Note.PAID,
            Source.SECRETARY,
            by=branch.members["王梅"],
            now=work.now,
        )
    await accept(branch, "李建国", "2026-12-08")
    await branch.clock.move_to(local(2, 11))
    await opened(branch)
    assert (await branch.obligation("李建国")).state is State.PAID


async def test_nothing_is_owed_for_months_over_before_one_came(branch: Branch) -> None:
    async with branch.works.begin() as work:
        newcomer = await factories.member(work.session, "周新", branch.tree.branch, now=local(2, 8))
    october = Period(2026, 10)
    await opened(branch, october)
    await opened(branch)
    async with branch.works.reading() as reader:
        assert await store.of_member(reader, newcomer, october) is None
        assert await store.of_member(reader, newcomer, NOVEMBER) is not None


async def test_who_has_left_and_who_moves(branch: Branch) -> None:
    await opened(branch)
    async with branch.works.begin() as work:
        await work.session.run(
            "UPDATE member SET left_at = :now, updated_at = :now WHERE name = '孙丽'", now=work.now
        )
        await work.session.run(
            "UPDATE member SET branch_id = :to, updated_at = :now WHERE name = '李建国'",
            to=branch.tree.sibling,
            now=work.now,
        )
    await branch.clock.move_to(local(2, 11))
    await opened(branch)
    await opened(branch, Period(2026, 12))
    async with branch.works.reading() as reader:
        here = await store.of_branch(reader, branch.tree.branch, NOVEMBER, State.DUE)
        there = await store.of_branch(reader, branch.tree.sibling, NOVEMBER, State.DUE)
        assert await store.of_member(reader, branch.members["孙丽"], Period(2026, 12)) is None
    assert not {"孙丽", "李建国"} & {each.name for each in here}
    assert "李建国" in {each.name for each in there}
    rows = await branch.rows(
        "SELECT COUNT(*) AS rows FROM obligation WHERE member_id = :id AND period = '2026-11'",
        id=branch.members["李建国"],
    )
    assert rows[0]["rows"] == 1
    assert (await branch.obligation("孙丽")).state is State.DUE  # in the ledger still


async def test_changes_under_way_do_not_make_it_endless(
    branch: Branch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "OPENED_AT_ONCE", 2)
    await accept(branch, "李建国", "2026-12-08")
    steps = 1
    async with branch.works.begin() as work:
        await work.session.run("UPDATE member SET updated_at = :later", later=work.now + 1_000_000)
        until = rules.end_of(NOVEMBER, ZONE)
        while await store.open_more(work.session, NOVEMBER, until=until, now=work.now):
            steps += 1
    assert steps == 3


async def _pays(branch: Branch, name: str, *payments: tuple[int, str | None]) -> None:
    async with branch.works.begin() as work:
        for amount, reference in payments:
            await work.session.run(
                "INSERT INTO dues_entry (member_id, period, kind, amount, at, source, reference)"
                " VALUES (:member, '2026-11', 'payment', :amount, :now, 'file', :reference)",
                member=branch.members[name],
                amount=amount,
                now=work.now,
                reference=reference,
            )


async def test_too_much_and_twice(branch: Branch) -> None:
    await opened(branch)
    await _pays(branch, "李建国", (2_000, "A1"), (2_000, "A2"))
    await _pays(branch, "孙丽", (2_500, "B1"))
    await _pays(branch, "王梅", (1_000, "C1"), (1_000, "C2"))  # in two parts
    await _pays(branch, "赵敏", (500, "D1"), (500, "D2"))  # what is owed is not known
    await _pays(branch, "钱进", (9_000, "E1"))  # of another branch
    async with branch.works.begin() as work:
        found = await looking.overpaid(work, await branch.actor(1), branch.tree.branch, NOVEMBER)
        card = await looking.card(work, await branch.actor(1), (await branch.obligation("李建国")).id)
    assert {(each.name, each.too_much, each.is_double) for each in found} == {
        ("李建国", 2_000, True),
        ("孙丽", 500, False),
        ("赵敏", None, True),
    }
    assert [entry.reference for entry in card.entries] == [None, "A1", "A2"]
