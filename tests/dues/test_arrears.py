"""Three months running unpaid: told to the secretary in private, once a month, and to nobody else."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dues import arrears, rules
from bot.dues.agreements import service as agreements
from bot.dues.arrears.rules import WAITS_FOR_DATA, is_time
from bot.dues.model import Period
from bot.kit.clock import DAY
from tests import factories
from tests.dues.conftest import NOVEMBER, Branch, local

LATE = "连续三个月"


async def owes(branch: Branch, name: str, months: Sequence[int]) -> None:
    async with branch.works.begin() as work:
        for month in months:
            await factories.obligation(work.session, branch.members[name], f"2026-{month:02}")


async def swept(branch: Branch, until: int) -> None:
    await branch.clock.move_to(until)
    await arrears.sweep(branch.schedule).run(branch.works)


async def told(branch: Branch, account: int) -> list[str]:
    return [payload for payload in await branch.told(account) if LATE in payload]


async def test_the_secretary_is_told_once_and_nobody_else(branch: Branch) -> None:
    await owes(branch, "李建国", (8, 9, 10))
    await owes(branch, "赵敏", (8, 10))
    await owes(branch, "孙丽", (7, 8, 9, 10))
    for hour in (9, 10, 11):
        await swept(branch, local(2, hour))
    (payload,) = await told(branch, 1)
    for said in ("到 10 月底", "2 人", "孙丽（4 个月）、李建国（3 个月）", "党章第九条", "这条只发给您"):
        assert said in payload
    assert "赵敏" not in payload
    assert [await told(branch, account) for account in (2, 3, 10, 11)] == [[], [], [], []]


async def test_again_a_month_later_as_long_as_it_lasts(branch: Branch) -> None:
    await owes(branch, "李建国", (8, 9, 10, 11))
    await swept(branch, local(2, 9))
    await swept(branch, local(1, 9, month=12))
    first, second = await told(branch, 1)
    assert "3 个月" in first
    assert "李建国（4 个月）" in second


async def test_whoever_is_behind_is_not_told_about_themselves(branch: Branch) -> None:
    await owes(branch, "王梅", (8, 9, 10))
    await swept(branch, local(2, 9))
    assert await told(branch, 1) == []


async def test_who_moves_is_told_of_once(branch: Branch) -> None:
    await owes(branch, "李建国", (8, 9, 10))
    await swept(branch, local(2, 9))
    async with branch.works.begin() as work:
        await work.session.run(
            "UPDATE member SET branch_id = :to WHERE name = '李建国'", to=branch.tree.sibling
        )
        await work.session.run("DELETE FROM dues_arrears_look")
    await swept(branch, local(2, 10))
    assert await told(branch, 3) == []


async def test_who_pays_by_the_quarter_is_told_of_by_the_quarter(branch: Branch) -> None:
    await owes(branch, "李建国", (7, 8, 9, 10, 11, 12))
    async with branch.works.begin() as work:
        obligation = await branch.obligation("李建国")
        await agreements.by_quarter(work, await branch.actor(1), obligation.id)
    await swept(branch, local(2, 9))
    await swept(branch, local(2, 9, month=12))
    assert await told(branch, 1) == []
    await swept(branch, local(31, 20, month=12) + DAY)
    (payload,) = await told(branch, 1)
    assert "李建国（6 个月）" in payload


async def test_nobody_is_judged_by_old_payment_data(branch: Branch) -> None:
    await owes(branch, "李建国", (8, 9, 10))
    await branch.imported(local(20, 0, month=10))
    await swept(branch, local(2, 9))
    assert await told(branch, 1) == []
    await swept(branch, local(11, 9))
    (payload,) = await told(branch, 1)
    assert "数据截至 10 月 20 日" in payload


@pytest.mark.parametrize(
    ("as_of", "now", "expected"),
    [
        (None, local(2, 9), True),
        (None, local(2, 7), False),  # the quiet hours
        (local(1, 0), local(2, 9), True),
        (local(31, 23, month=10), local(2, 9), False),
        (local(31, 23, month=10), local(1, 9) + WAITS_FOR_DATA, True),
    ],
)
def test_when_it_can_be_said(branch: Branch, as_of: int | None, now: int, expected: bool) -> None:
    assert is_time(Period(2026, 10), as_of, now, branch.schedule) is expected


periods = st.builds(Period, st.integers(2024, 2027), st.integers(1, 12))


@given(unpaid=st.sets(periods), period=periods)
def test_months_running_are_those_without_a_gap(unpaid: set[Period], period: Period) -> None:
    months = rules.months_running(unpaid, period)
    assert all(period.shifted(-number) in unpaid for number in range(months))
    assert period.shifted(-months) not in unpaid


@given(period=periods)
def test_the_last_quarter_that_is_over(period: Period) -> None:
    quarter = rules.last_quarter(period)
    assert quarter.month % 3 == 0
    assert quarter <= period < quarter.shifted(3)


def test_a_quarter_under_way_does_not_count() -> None:
    assert str(rules.last_quarter(NOVEMBER)) == "2026-09"
    assert str(rules.last_quarter(Period(2026, 12))) == "2026-12"
    assert str(rules.last_quarter(Period(2026, 2))) == "2025-12"
