"""Periods that open by themselves, and rounds from announcement to report."""

import pytest

from bot.dues import jobs, service, store
from bot.dues.errors import TooLate
from bot.dues.model import Note, Obligation, Period, Source, State
from bot.dues.rounds import service as rounds
from bot.kit.clock import DAY, HOUR
from bot.kit.work import Work
from tests import factories
from tests.dues.conftest import Branch, local


async def test_everybody_on_the_roster_gets_an_obligation_once(branch: Branch) -> None:
    await branch.passes(local(2, 9))
    await branch.passes(local(2, 9, 1))
    rows = await branch.rows(
        "SELECT name, amount, state, period FROM owing JOIN member ON member.id = member_id"
    )
    assert {(row["name"], row["amount"], row["state"], row["period"]) for row in rows} == {
        *((name, 2_000, "due", "2026-11") for name in ("王梅", "张强", "李建国", "孙丽", "钱进")),
        ("赵敏", None, "due", "2026-11"),
    }


async def test_who_comes_later_and_what_becomes_known_later(branch: Branch) -> None:
    await branch.passes(local(2, 9))
    async with branch.works.begin() as work:
        late = await factories.member(work.session, "周新", branch.tree.branch, monthly_dues=0)
        for name, dues in (("赵敏", 500), ("李建国", 900)):
            await work.session.run(
                "UPDATE member SET monthly_dues = :dues, updated_at = :now WHERE name = :name",
                dues=dues,
                now=work.now,
                name=name,
            )
    await branch.passes(local(12, 9))
    await branch.passes(local(12, 9, 1))
    rows = await branch.rows("SELECT state FROM owing WHERE member_id = :member", member=late)
    assert [row["state"] for row in rows] == ["not_liable"]
    assert (await branch.obligation("赵敏")).amount == 500
    assert (await branch.obligation("李建国")).amount == 2_000  # a new pay counts from the next period


async def test_months_gone_by_while_the_bot_was_down_are_opened(branch: Branch) -> None:
    await branch.passes(local(2, 9))
    await branch.passes(local(2, 9) + 70 * DAY)
    rows = await branch.rows("SELECT DISTINCT period FROM obligation ORDER BY period")
    assert [row["period"] for row in rows] == ["2026-11", "2026-12", "2027-01"]


async def test_those_who_have_left_owe_nothing_more(branch: Branch) -> None:
    async with branch.works.begin() as work:
        await work.session.run("UPDATE member SET left_at = 1 WHERE name = '李建国'")
    await branch.passes(local(5, 10))
    rows = await branch.rows(
        "SELECT 1 FROM obligation WHERE member_id = :member", member=branch.members["李建国"]
    )
    assert not rows
    assert not any(line.startswith("李建国") for line in await branch.nudged())


async def test_the_secretary_is_told_a_day_ahead(branch: Branch) -> None:
    await branch.passes(local(4, 9, 59))
    assert await branch.told(1) == []
    await branch.passes(local(4, 10))
    await branch.passes(local(4, 11))
    (notice,) = await branch.told(1)
    assert "明早 10:00 将提醒 4 人交 11 月党费" in notice
    for button in ("看名单", "改话术", "取消本轮"):
        assert button in notice
    assert await branch.told(2) == []  # the deputy is told only where no secretary can be
    assert await branch.nudged() == []


async def test_two_months_running_are_counted(branch: Branch) -> None:
    await branch.passes(local(12, 9))
    await branch.passes(local(4, 10, month=12))
    assert "其中 4 人连续两个月未缴" in (await branch.told(1))[-1]


async def test_without_a_secretary_who_can_be_reached_the_deputy_is_told(branch: Branch) -> None:
    async with branch.works.begin() as work:
        await work.session.run("INSERT INTO chat (chat_id, unreachable_since) VALUES (1, 1)")
    await branch.passes(local(4, 10))
    assert await branch.told(1) == []
    assert "明早 10:00 将提醒 3 人" in (await branch.told(2))[0]


async def test_a_round_goes_out_once(branch: Branch) -> None:
    await branch.passes(local(5, 10))
    await branch.passes(local(5, 10, 1))
    expected = [
        "王梅 2026-11-05",
        "张强 2026-11-05",
        "李建国 2026-11-05",
        "赵敏 2026-11-05",
        "钱进 2026-11-05",
    ]
    assert await branch.nudged() == expected
    rows = await branch.rows("SELECT * FROM outgoing WHERE chat_id = 10")
    (row,) = rows
    assert row["dedupe_key"] == f"nudge:2026-11:2026-11-05:{branch.members['李建国']}:"
    assert (row["urgency"], row["policy"]) == (2, "at_most_once")
    assert row["until"] == local(5, 21), "it does not leave in the quiet hours, whatever keeps it waiting"
    assert "11 月党费还没看到您的缴费记录。已经交了就点“已缴”" in row["payload"]


async def test_the_data_date_is_told_where_there_is_one(branch: Branch) -> None:
    await branch.imported(local(4, 18))
    await branch.passes(local(5, 10))
    assert "（数据截至 11 月 4 日）" in (await branch.told(10))[0]


async def test_downtime_within_the_grace_delays_and_beyond_it_skips(branch: Branch) -> None:
    await branch.passes(local(5, 18))
    assert len(await branch.nudged()) == 5
    await branch.passes(local(20, 22))
    assert len(await branch.nudged()) == 5


async def test_no_reminder_in_quiet_hours(branch: Branch) -> None:
    await branch.passes(local(5, 21, 30))
    assert await branch.nudged() == []


async def test_large_branches_go_in_batches_and_nobody_twice(
    branch: Branch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "BATCH", 2)
    await branch.passes(local(5, 10))
    nudged = await branch.nudged()
    assert len(nudged) == len(set(nudged)) == 5
    rows = await branch.rows(
        "SELECT finished_at FROM dues_round WHERE branch_id = :id", id=branch.tree.branch
    )
    assert rows[0]["finished_at"] == local(5, 10)


async def let_off(work: Work, obligation: Obligation) -> None:
    await store.note(work.session, obligation, Note.EXEMPT, Source.WAIVER, by=None, now=work.now)
    await service.recall_needless(work, obligation.member_id)


async def test_who_has_paid_claimed_snoozed_blocked_or_is_exempt_is_left_alone(branch: Branch) -> None:
    await branch.passes(local(4, 12))
    async with branch.works.begin() as work:
        li, zhao = await branch.actor(10), await branch.actor(11)
        wang = await branch.actor(1)
        await service.claim(work, li, (await branch.obligation("李建国")).id)
        await service.snooze(work, zhao, (await branch.obligation("赵敏")).id, branch.schedule)
        await let_off(work, await branch.obligation("张强"))
        await service.settle(work, wang, (await branch.obligation("王梅")).id, State.PAID)
        await work.session.run("INSERT INTO chat (chat_id, unreachable_since) VALUES (3, 1)")
    await branch.passes(local(5, 10))
    assert await branch.nudged() == []


async def test_old_data_holds_the_round_until_new_data_comes(branch: Branch) -> None:
    await branch.imported(local(1, 9) - 10 * DAY)
    await branch.passes(local(5, 10))
    await branch.passes(local(5, 10, 30))
    assert await branch.nudged() == []
    asked = [text for text in await branch.told(1) if "提醒先不发" in text]
    assert len(asked) == 1
    assert "缴费数据只到 10 月 22 日" in asked[0]
    assert "22:00 之前发来" in asked[0]
    await branch.imported(local(5, 11))
    await branch.passes(local(5, 11, 1))
    assert len(await branch.nudged()) == 5
    assert "数据截至 11 月 5 日" in (await branch.told(10))[0]


async def test_data_that_stays_old_skips_the_round(branch: Branch) -> None:
    await branch.imported(local(1, 9) - 10 * DAY)
    await branch.passes(local(5, 10))
    await branch.imported(local(5, 22, 30))
    await branch.passes(local(6, 9))
    assert await branch.nudged() == []


async def test_a_cancelled_round_stays_cancelled_for_this_branch_only(branch: Branch) -> None:
    await branch.passes(local(4, 10))
    async with branch.works.begin() as work:
        await rounds.cancel(work, await branch.actor(1), branch.tree.branch, "2026-11-05")
    await branch.passes(local(5, 10))
    assert await branch.nudged() == ["钱进 2026-11-05"]
    await branch.passes(local(20, 10))
    assert len(await branch.nudged()) == 6


async def test_a_round_taken_up_again_goes_out(branch: Branch) -> None:
    await branch.passes(local(4, 10))
    async with branch.works.begin() as work:
        actor = await branch.actor(1)
        await rounds.cancel(work, actor, branch.tree.branch, "2026-11-05")
        await rounds.restore(work, actor, branch.tree.branch, "2026-11-05", branch.schedule)
    await branch.passes(local(5, 10))
    assert len(await branch.nudged()) == 5


async def test_the_report_names_those_to_phone(branch: Branch) -> None:
    await branch.passes(local(4, 10))
    await branch.passes(local(5, 10))
    assert not any("党费提醒" in text for text in await branch.told(1))
    for account in (1, 2, 10):
        await branch.delivered(account)
    await branch.delivered(11, "blocked")
    await branch.passes(local(5, 10, 5))
    await branch.passes(local(5, 10, 6))
    reports = [text for text in await branch.told(1) if "党费提醒" in text]
    assert len(reports) == 1
    assert "送达 3 人、停用了我 1 人、还没用过我 1 人" in reports[0]
    assert "要打电话的 2 人" in reports[0]


async def waiting(branch: Branch) -> list[int]:
    """The accounts whose messages have not left yet."""
    rows = await branch.rows("SELECT chat_id FROM outgoing WHERE state = 'waiting' ORDER BY chat_id")
    return [row["chat_id"] for row in rows]


@pytest.mark.parametrize("member", ["李建国", "赵敏"])
async def test_a_reminder_that_is_needless_by_now_does_not_leave(branch: Branch, member: str) -> None:
    await branch.passes(local(5, 10))
    account = {"李建国": 10, "赵敏": 11}[member]
    assert account in await waiting(branch)
    async with branch.works.begin() as work:
        await service.claim(work, await branch.actor(account), (await branch.obligation(member)).id)
    assert await waiting(branch) == sorted({1, 2, 3, 10, 11} - {account})
    assert f"{member} 2026-11-05" not in await branch.nudged()


async def test_confirmed_waived_or_snoozed_recalls_it_too(branch: Branch) -> None:
    await branch.passes(local(5, 10))
    async with branch.works.begin() as work:
        wang = await branch.actor(1)
        await service.settle(work, wang, (await branch.obligation("李建国")).id, State.PAID)
        await let_off(work, await branch.obligation("赵敏"))
        deputy = await branch.actor(2)
        await service.snooze(work, deputy, (await branch.obligation("张强")).id, branch.schedule)
    assert await waiting(branch) == [1, 3]
    for account in (1, 3):
        await branch.delivered(account)
    await branch.passes(local(5, 10, 5))
    (report,) = [text for text in await branch.told(1) if "党费提醒" in text]
    assert "送达 1 人、还没用过我 1 人" in report


async def test_what_has_left_is_not_recalled(branch: Branch) -> None:
    await branch.passes(local(5, 10))
    await branch.delivered(10)
    async with branch.works.begin() as work:
        await service.claim(work, await branch.actor(10), (await branch.obligation("李建国")).id)
    assert "李建国 2026-11-05" in await branch.nudged()


async def test_what_has_not_left_by_the_quiet_hours_stays_and_is_reported(branch: Branch) -> None:
    await branch.passes(local(5, 20, 58))
    for account in (1, 3):
        await branch.delivered(account)
    assert await waiting(branch) == [2, 10, 11]
    await branch.passes(local(5, 20, 59))  # the next look would come when they have begun
    assert await waiting(branch) == [1, 3], "only the two secretaries' reports"
    (report,) = [text for text in await branch.told(1) if "党费提醒" in text]
    assert "送达 1 人、到了休息时间没发 3 人、还没用过我 1 人" in report
    assert "要打电话的 1 人" in report


async def test_no_round_begins_just_before_the_quiet_hours(branch: Branch) -> None:
    await branch.passes(local(5, 20, 59))
    assert await branch.nudged() == []


async def test_a_round_whose_time_is_over_cannot_be_taken_up_again(branch: Branch) -> None:
    await branch.passes(local(4, 10))
    actor, here = await branch.actor(1), branch.tree.branch
    async with branch.works.begin() as work:
        await rounds.cancel(work, actor, here, "2026-11-05")
    await branch.passes(local(5, 22))
    with pytest.raises(TooLate):
        async with branch.works.begin() as work:
            await rounds.restore(work, actor, here, "2026-11-05", branch.schedule)


async def spared(branch: Branch) -> set[str]:
    """Who has, or may yet have, a reminder today."""
    async with branch.works.begin() as work:
        found = await jobs.reminded_today(branch.schedule)(work, branch.members.values())
    return {name for name, member in branch.members.items() if member in found}


async def test_other_rooms_know_who_is_reminded_today(branch: Branch) -> None:
    await branch.passes(local(4, 10))
    assert await spared(branch) == set()
    async with branch.works.begin() as work:
        await rounds.cancel(work, await branch.actor(3), branch.tree.sibling, "2026-11-05")
        await service.claim(work, await branch.actor(10), (await branch.obligation("李建国")).id)
    await branch.passes(local(5, 8))
    assert await spared(branch) == {"王梅", "张强", "赵敏", "孙丽"}
    async with branch.works.begin() as work:
        asked = [branch.members["赵敏"], branch.members["李建国"]]
        found = await jobs.reminded_today(branch.schedule)(work, asked)
    assert {*found} == {branch.members["赵敏"]}, "nobody but those it is asked about"
    await branch.passes(local(5, 10))
    await branch.passes(local(5, 23))
    assert await spared(branch) == {"王梅", "张强", "赵敏"}
    await branch.passes(local(6, 9))
    async with branch.works.begin() as work:
        await service.snooze(
            work, await branch.actor(11), (await branch.obligation("赵敏")).id, branch.schedule
        )
    await branch.passes(local(9, 9))
    assert await spared(branch) == {"赵敏"}


async def test_a_report_does_not_wait_for_ever(branch: Branch) -> None:
    await branch.passes(local(5, 10))
    await branch.passes(local(5, 11))
    assert any("还在路上 4 人" in text for text in await branch.told(1))


async def test_remind_me_later_reminds_later(branch: Branch) -> None:
    await branch.passes(local(5, 10))
    await branch.delivered(10)
    async with branch.works.begin() as work:
        li = await branch.actor(10)
        until = await service.snooze(work, li, (await branch.obligation("李建国")).id, branch.schedule)
        again = await service.snooze(work, li, (await branch.obligation("李建国")).id, branch.schedule)
    assert until == again == local(8, 10)
    await branch.passes(local(8, 9, 59))
    assert len(await branch.nudged()) == 5
    await branch.passes(local(8, 10))
    await branch.passes(local(8, 10, 1))
    assert (await branch.nudged())[5:] == ["李建国 2026-11-08"]


async def test_a_snooze_that_ends_in_the_next_month_is_kept(branch: Branch) -> None:
    await branch.passes(local(27, 10))
    await branch.clock.move_to(local(29, 10))
    async with branch.works.begin() as work:
        await service.snooze(
            work, await branch.actor(10), (await branch.obligation("李建国")).id, branch.schedule
        )
    await branch.passes(local(2, 10, month=12))
    rows = await branch.rows("SELECT point, period FROM nudge ORDER BY id DESC LIMIT 1")
    assert [(row["point"], row["period"]) for row in rows] == [("2026-12-02", "2026-11")]


async def test_a_snooze_missed_by_too_much_ends_quietly(branch: Branch) -> None:
    await branch.passes(local(5, 10))
    await branch.delivered(10)
    async with branch.works.begin() as work:
        await service.snooze(
            work, await branch.actor(10), (await branch.obligation("李建国")).id, branch.schedule
        )
    await branch.passes(local(8, 10) + 12 * HOUR + 12 * HOUR)
    assert len(await branch.nudged()) == 5
    assert (await branch.obligation("李建国")).snoozed_until is None


async def test_somebody_whose_snooze_ends_on_a_point_is_reminded_once(branch: Branch) -> None:
    await branch.passes(local(17, 9))
    async with branch.works.begin() as work:
        await service.snooze(
            work, await branch.actor(10), (await branch.obligation("李建国")).id, branch.schedule
        )
    await branch.passes(local(20, 10))
    assert (await branch.nudged()).count("李建国 2026-11-20") == 1


async def test_what_was_paid_beforehand_counts_when_the_period_opens(branch: Branch) -> None:
    await branch.imported(local(2, 9))
    async with branch.works.begin() as work:
        await work.session.run(
            "INSERT INTO dues_entry (member_id, period, kind, amount, at, source, key, import_id)"
            " VALUES (:member, '2026-12', 'payment', 2000, :now, 'file', 'k', 1)",
            member=branch.members["李建国"],
            now=work.now,
        )
    await branch.passes(local(1, 0, month=12))
    assert (await branch.obligation("李建国", Period(2026, 12))).state is State.PAID
    assert (await branch.obligation("王梅", Period(2026, 12))).state is State.DUE


async def test_three_months_running_are_told_to_the_secretary_alone(branch: Branch) -> None:
    for month in (10, 11):
        await branch.passes(local(12, 9, month=month + 1))
    await branch.passes(local(5, 10, month=12) + 31 * DAY)
    for account in (1, 2, 3, 10, 11):
        await branch.delivered(account)
    await branch.passes(branch.clock.now() + HOUR)
    (report,) = [text for text in await branch.told(1) if "党费提醒</b>" in text]
    assert "连续三个月及以上没缴：孙丽（3 个月）、" in report
    assert not any("连续三个月" in text for text in await branch.told(10))
