"""Rounds at each unit's own times; what is said before, after, and of those that were missed."""

import dataclasses
import json
from datetime import time
from typing import Any

import pytest

from bot.dues import jobs, plan_store, round_store, service, store
from bot.dues.errors import AlreadyGone, NeedsADay, NoWords, QuietThen, TooLate, TooManyDays, TooManyWords
from bot.dues.model import Period
from bot.dues.plans import Day, OwnPlan, Plan, Term
from bot.dues.points import service as points
from bot.dues.rounds import service as rounds
from bot.kit.clock import DAY, HOUR
from bot.kit.errors import NotAllowed, Outdated
from bot.roster.model import Role
from tests import factories
from tests.dues.conftest import Branch, local

POINT = "2026-11-05"


async def plan_of(branch: Branch, unit: int) -> Plan:
    async with branch.works.reading() as reader:
        return await plan_store.plan(reader, unit, branch.schedule.plan)


async def sets(branch: Branch, unit: int, **own: Any) -> None:
    async with branch.works.begin() as work:
        await plan_store.write(work.session, unit, OwnPlan(**own), now=work.now)


async def test_units_inherit_downwards_and_every_branch_goes_by_its_own(branch: Branch) -> None:
    tree = branch.tree
    await sets(branch, tree.committee, days=(Day.of(10),))
    await sets(branch, tree.sibling, at=time(15))
    assert await plan_of(branch, tree.branch) == Plan((Day.of(10),), time(10), set_at=branch.clock.now())
    assert (await plan_of(branch, tree.sibling)).at == time(15)
    await branch.passes(local(5, 10))
    assert await branch.nudged() == []
    await branch.passes(local(10, 10))
    assert len(await branch.nudged()) == 4
    await branch.passes(local(10, 15))
    assert (await branch.nudged())[4:] == ["钱进 2026-11-10"]
    async with branch.works.reading() as reader:
        plans = await plan_store.plans(reader, branch.schedule.plan)
        governed = {
            each.branch_id: each.governed_by for each in await round_store.pending(reader, "2026-12-10")
        }
    for unit in (tree.branch, tree.sibling):
        assert plans.of(governed[unit]) == await plan_of(branch, unit)


async def test_a_day_off_gives_way(branch: Branch) -> None:
    await sets(branch, branch.tree.branch, days=(Day.of(7),), working_days=True)  # a Saturday
    await branch.passes(local(7, 10))
    assert await branch.nudged() == []
    await branch.passes(local(9, 10))
    assert len(await branch.nudged()) == 4


async def test_nothing_is_made_up_for_that_was_earlier_than_the_plan(branch: Branch) -> None:
    await branch.passes(local(12, 14))
    await sets(branch, branch.tree.branch, days=(Day.of(12), Day.of(20)))
    await branch.passes(local(12, 14, 1))
    await branch.passes(local(13, 9))
    assert await branch.nudged() == []
    assert not any("没收到" in text for text in await branch.told(1))


async def test_a_round_under_way_survives_a_change_of_days(branch: Branch) -> None:
    await branch.imported(local(4, 9) - 10 * DAY)
    await branch.passes(local(4, 10))
    await branch.passes(local(5, 10))  # held for want of data
    await sets(branch, branch.tree.branch, days=(Day.of(5),))
    await branch.imported(local(5, 11))
    await branch.passes(local(5, 11, 1))
    assert len(await branch.nudged()) == 5


async def test_who_moves_to_another_branch_is_reminded_once_a_point(branch: Branch) -> None:
    await branch.passes(local(5, 10))
    async with branch.works.begin() as work:
        await work.session.run(
            "UPDATE member SET branch_id = :there, updated_at = :now WHERE name = '李建国'",
            there=branch.tree.sibling,
            now=work.now,
        )
        await work.session.run("UPDATE dues_round SET finished_at = NULL")  # as if all were done again
    await branch.passes(local(5, 10, 1))
    assert (await branch.nudged()).count("李建国 2026-11-05") == 1
    await branch.passes(local(20, 10))
    assert (await branch.nudged()).count("李建国 2026-11-20") == 1


@pytest.mark.parametrize("killed_at", [1, 3])
async def test_a_round_that_is_killed_goes_on_where_it_was(
    branch: Branch, monkeypatch: pytest.MonkeyPatch, killed_at: int
) -> None:
    monkeypatch.setattr(jobs, "BATCH", 2)
    written, add_nudge = 0, round_store.add_nudge

    async def dies(*given: Any, **more: Any) -> None:
        nonlocal written
        written += 1
        if written == killed_at:
            raise KeyboardInterrupt
        await add_nudge(*given, **more)

    monkeypatch.setattr(round_store, "add_nudge", dies)
    await branch.passes(local(4, 10))
    with pytest.raises(KeyboardInterrupt):
        await branch.passes(local(5, 10))
    before = await branch.nudged()
    assert len(before) < 5
    await branch.passes(local(5, 10, 1))
    nudged = await branch.nudged()
    assert nudged[: len(before)] == before
    assert len(nudged) == len(set(nudged)) == 5
    rows = await branch.rows("SELECT dedupe_key FROM outgoing WHERE dedupe_key LIKE 'nudge:%'")
    assert len(rows) == 5


@pytest.mark.parametrize("jump", [-3 * DAY, 40 * DAY])
async def test_a_clock_that_jumps_and_comes_back_repeats_nothing(branch: Branch, jump: int) -> None:
    await branch.passes(local(5, 10))
    branch.clock._now += jump
    await branch.passes(branch.clock.now())
    branch.clock._now = local(5, 10, 2)
    await branch.passes(local(5, 10, 3))
    nudged = [each for each in await branch.nudged() if each.endswith(POINT)]
    assert len(nudged) == len(set(nudged)) == 5
    await branch.passes(local(20, 10))
    assert sum(each.endswith("2026-11-20") for each in await branch.nudged()) == 5


async def test_a_missed_point_is_said_the_next_morning_and_once(branch: Branch) -> None:
    await branch.passes(local(5, 9))
    await branch.passes(local(5, 22, 30))  # down all day, up in the quiet hours
    await branch.passes(local(6, 7, 59))
    assert not any("没收到" in text for text in await branch.told(1))
    await branch.passes(local(6, 8))
    await branch.passes(local(6, 8, 1))
    (said,) = [text for text in await branch.told(1) if "没收到" in text]
    assert "11 月 5 日的党费提醒有 4 人没收到：到时候我没能发出去。" in said
    assert "过了时间就不补发了，下一次照常。" in said
    assert "看谁还没缴" in said
    assert await branch.nudged() == []
    await branch.passes(local(20, 10))
    assert len(await branch.nudged()) == 5
    await branch.passes(local(21, 9))
    assert sum("没收到" in text for text in await branch.told(1)) == 1


async def test_points_missed_in_a_long_downtime_are_said_together(branch: Branch) -> None:
    await branch.passes(local(5, 9))
    await branch.passes(local(30, 9))
    (said,) = [text for text in await branch.told(1) if "没收到" in text]
    assert [day in said for day in ("11 月 5 日", "11 月 20 日", "11 月 27 日")] == [True] * 3


async def test_a_point_held_for_want_of_data_says_why(branch: Branch) -> None:
    await branch.imported(local(1, 9) - 10 * DAY)
    await branch.passes(local(5, 10))
    await branch.passes(local(6, 9))
    (said,) = [text for text in await branch.told(1) if "没有发" in text]
    assert "11 月 5 日的党费提醒没有发：新的缴费数据一直没到。本来要提醒 4 人。" in said


async def test_nothing_is_said_of_what_was_held_back_or_nobody_needed(branch: Branch) -> None:
    await branch.passes(local(4, 10))
    async with branch.works.begin() as work:
        await rounds.cancel(work, await branch.actor(1), branch.tree.branch, POINT)
        await service.claim(work, await branch.actor(3), (await branch.obligation("钱进")).id)
    await branch.passes(local(6, 9))
    for account in (1, 3):
        assert not any("没收到" in text or "没有发" in text for text in await branch.told(account))


def texts_of(told: list[str]) -> list[str]:
    """What stands in the messages; taking buttons away says nothing."""
    return [text for payload in told if (text := json.loads(payload).get("text"))]


async def test_the_reminder_gets_no_harsher(branch: Branch) -> None:
    for month in (11, 12):
        for day in (5, 20, 27 if month == 11 else 28):
            await branch.passes(local(day, 10, month=month))
    heard = [text for text in texts_of(await branch.told(10)) if "党费还没看到" in text]
    assert len(heard) == 6
    assert len(set(heard[:3])) == len(set(heard[3:])) == 1
    assert heard[3] == heard[0].replace("11 月", "12 月")
    for threat in ("必须", "否则", "处分", "退党", "通报", "逾期", "欠", "警告", "最后", "尽快", "！"):
        assert threat not in heard[0]


async def test_the_branch_puts_its_own_words_above_the_facts(branch: Branch) -> None:
    await branch.imported(local(4, 9))
    await branch.passes(local(4, 10))
    here = branch.tree.branch
    async with branch.works.begin() as work:
        wang = await branch.actor(1)
        await rounds.reword(work, wang, here, POINT, "  各位：\n\n月底<忙>，趁早交。 ", branch.schedule)
    await branch.passes(local(5, 10))
    (heard,) = texts_of(await branch.told(10))
    assert heard == (
        "各位：\n月底&lt;忙&gt;，趁早交。\n\n11 月党费还没看到您的缴费记录（数据截至 11 月 4 日）。"
        "已经交了就点“已缴”，我先不再提醒。"
    )
    (next_door,) = [text for text in texts_of(await branch.told(3)) if "还没看到" in text]
    assert not next_door.startswith("各位")
    await branch.imported(local(19, 9))
    await branch.passes(local(20, 10))
    assert not texts_of(await branch.told(10))[-1].startswith("各位"), "the next round begins anew"
    async with branch.works.begin() as work:
        with pytest.raises(AlreadyGone):
            await rounds.reword(work, await branch.actor(1), here, POINT, "再说一句", branch.schedule)


async def test_words_that_are_none_too_many_or_not_theirs(branch: Branch) -> None:
    await branch.passes(local(4, 10))
    here = branch.tree.branch
    async with branch.works.begin() as work:
        wang, stranger, li = [await branch.actor(account) for account in (1, 3, 10)]
        with pytest.raises(NoWords):
            await rounds.reword(work, wang, here, POINT, " \n ", branch.schedule)
        with pytest.raises(NoWords):
            await rounds.reword(work, wang, here, POINT, None, branch.schedule)
        with pytest.raises(TooManyWords):
            await rounds.reword(work, wang, here, POINT, "字" * 201, branch.schedule)
        for other in (stranger, li):
            with pytest.raises(NotAllowed):
                await rounds.reword(work, other, here, POINT, "您好", branch.schedule)
        await rounds.reword(work, wang, here, POINT, "字" * 200, branch.schedule)
        found = await rounds.reset_words(work, wang, here, POINT, branch.schedule)
        assert found.words is None
        with pytest.raises(Outdated):
            await rounds.ahead(work, wang, here, "2026-11-20", branch.schedule)
    await branch.passes(local(5, 22))
    async with branch.works.begin() as work:
        await work.session.run("UPDATE dues_round SET finished_at = NULL")
        with pytest.raises(TooLate):
            await rounds.reset_words(work, await branch.actor(1), here, POINT, branch.schedule)


async def test_those_to_phone_are_marked(branch: Branch) -> None:
    await branch.passes(local(5, 10))
    for account in (1, 2, 10):
        await branch.delivered(account)
    await branch.delivered(11, "unknown")
    await branch.passes(local(5, 10, 5))
    (report,) = [text for text in texts_of(await branch.told(1)) if "党费提醒</b>" in text]
    assert "送达 3 人、不确定 1 人、还没用过我 1 人" in report
    assert "我不会再发一遍" in report
    here, sun = branch.tree.branch, branch.members["孙丽"]
    async with branch.works.begin() as work:
        wang, next_door = await branch.actor(1), await branch.actor(3)
        found = await rounds.note_phoned(work, wang, here, sun, POINT, is_done=True)
        again = await rounds.note_phoned(work, wang, here, sun, POINT, is_done=True)
        assert [(each.name, each.phoned_at) for each in found.delivery.to_phone] == [("孙丽", work.now)]
        assert again == found
        with pytest.raises(NotAllowed):
            await rounds.note_phoned(work, next_door, here, sun, POINT, is_done=True)
        with pytest.raises(NotAllowed):
            await rounds.reported(work, next_door, here, POINT)
        with pytest.raises(Outdated):
            await rounds.note_phoned(work, next_door, branch.tree.sibling, sun, POINT, is_done=True)
        await store.forget(work.session, sun)
        forgotten = await rounds.reported(work, wang, here, POINT)
        assert forgotten.delivery.to_phone[0].phoned_at is None
        undone = await rounds.note_phoned(work, wang, here, sun, POINT, is_done=False)
        assert undone.delivery.to_phone[0].phoned_at is None


async def test_setting_the_days(branch: Branch) -> None:
    here, schedule = branch.tree.branch, branch.schedule
    async with branch.works.begin() as work:
        wang, li = await branch.actor(1), await branch.actor(10)

        async def toggled(day: str, *, is_set: bool) -> list[str]:
            found = await points.toggle(work, wang, here, day, schedule, is_set=is_set)
            return [str(each) for each in found.plan.days]

        assert await toggled("1w1", is_set=True) == ["1w1", "5", "20", "-3"]
        with pytest.raises(TooManyDays):
            await toggled("15", is_set=True)
        for day in ("5", "20", "-3"):
            await toggled(day, is_set=False)
        with pytest.raises(NeedsADay):
            await toggled("1w1", is_set=False)
        assert await toggled("20", is_set=False) == ["1w1"], "tapped twice"
        for nonsense in ("99", "", "abc"):
            with pytest.raises(Outdated):
                await toggled(nonsense, is_set=True)
        with pytest.raises(NotAllowed):
            await points.arrangement(work, li, here, schedule)
        with pytest.raises(NotAllowed):
            await points.toggle(work, wang, branch.tree.general, "5", schedule, is_set=True)
        back = await points.choose(work, wang, here, Term.DAYS, "", schedule)
        assert back.plan.days == schedule.plan.days
        audited = await work.session.all(
            "SELECT details FROM audit WHERE act = 'dues.points_set' ORDER BY id"
        )
        assert json.loads(audited[-1]["details"])["before"]["days"] == ["1w1"]


async def test_setting_the_hour_and_days_off(branch: Branch) -> None:
    here, schedule = branch.tree.branch, branch.schedule
    async with branch.works.begin() as work:
        wang = await branch.actor(1)
        known = await points.arrangement(work, wang, here, schedule)
        assert (known.times[0], known.times[-1]) == (time(8), time(20))
        with pytest.raises(QuietThen):
            await points.choose(work, wang, here, Term.AT, "2200", schedule)
        for nonsense in ("9", "9999", "10:0"):
            with pytest.raises(Outdated):
                await points.choose(work, wang, here, Term.AT, nonsense, schedule)
        await points.choose(work, wang, here, Term.AT, "1500", schedule)
        with pytest.raises(Outdated):
            await points.choose(work, wang, here, Term.WORKING_DAYS, "2", schedule)
        found = await points.choose(work, wang, here, Term.WORKING_DAYS, "1", schedule)
        assert (found.plan.at, found.plan.working_days) == (time(15), True)
        until = await service.snooze(
            work,
            wang,
            (await factories.obligation(work.session, branch.members["王梅"], "2026-11")),
            schedule,
        )
        assert (until - local(5, 15)) % DAY == 0, "a snooze ends at the branch's own hour"


async def test_one_setting_for_all_below(branch: Branch) -> None:
    async with branch.works.begin() as work:
        admin = await factories.member(
            work.session,
            "周书记",
            branch.tree.sibling,
            account=99,
            posts=((branch.tree.committee, Role.ADMIN),),
        )
    assert admin
    async with branch.works.begin() as work:
        zhou = await branch.actor(99)
        known = await points.toggle(work, zhou, branch.tree.committee, "5", branch.schedule, is_set=False)
        assert [unit.id for unit in await points.units(work.session, zhou)] == [branch.tree.committee]
        wang = await points.arrangement(work, await branch.actor(1), branch.tree.branch, branch.schedule)
    assert wang.plan == known.plan
    source = wang.sources[Term.DAYS]
    assert source is not None
    assert source.id == branch.tree.committee
    assert wang.sources[Term.AT] is None


async def test_a_sweep_with_nothing_near_asks_nothing_about_branches(
    branch: Branch, monkeypatch: pytest.MonkeyPatch
) -> None:
    await branch.passes(local(12, 9))

    async def pending(*_: Any) -> None:
        raise AssertionError("nothing is near")

    monkeypatch.setattr(round_store, "pending", pending)
    began = 0
    begin = branch.works.begin

    def counted() -> Any:
        nonlocal began
        began += 1
        return begin()

    monkeypatch.setattr(branch.works, "begin", counted)
    await branch.passes(local(12, 9, 1))
    assert began <= 8
    await branch.passes(local(12, 9, 1) + HOUR)


async def test_every_period_has_its_points(branch: Branch) -> None:
    quiet_day = dataclasses.replace(branch.schedule, days=(1,), working_days=True)
    plan = quiet_day.plan
    for months in range(12):
        (point,) = plan.points(Period(2026, 1).shifted(months), quiet_day.zone)
        assert point.period == Period(2026, 1).shifted(months)
        assert plan.point(point.key, quiet_day.zone) == point
