"""Sending, batch by batch: pauses, nights, deaths in the middle, people who come and go."""

import dataclasses
from collections.abc import Sequence
from datetime import time
from random import Random
from typing import Any

import pytest

from bot.dues.announcing import jobs, rules, service, store
from bot.dues.announcing.errors import EnoughForToday, NightTime, NobodyToReach, OnItsWay
from bot.dues.announcing.model import Content, Outcome, Reach, Stage
from bot.dues.announcing.rules import Manner
from bot.kit import delivery
from bot.kit.clock import HOUR, ManualClock
from bot.kit.database import Row
from bot.kit.errors import NotAllowed
from bot.kit.work import Works
from bot.onboarding.quiet import QuietHours
from bot.roster import store as roster
from bot.roster.model import Actor, Role
from tests import factories
from tests.conftest import ZONE
from tests.dues.conftest import local
from tests.factories import Tree

MANNER = Manner(ZONE, QuietHours(time(21), time(8)), per_day=3)


@dataclasses.dataclass(slots=True)
class Desk:
    """A branch of twelve whose secretary (account 1) announces; the courier is played by the test."""

    works: Works
    clock: ManualClock
    tree: Tree

    async def actor(self, account_id: int = 1) -> Actor:
        async with self.works.reading() as reader:
            actor = await roster.actor(reader, account_id, "zh_CN")
        assert actor is not None
        return actor

    async def confirmed(self, reach: int = 11) -> int:
        """An announcement confirmed now."""
        async with self.works.begin() as work:
            actor = await self.actor()
            draft = await service.write(work, actor, self.tree.branch, None, Content("周五开会", None))
            await service.confirm(work, actor, draft.announcement.id, Reach(reach, 0, 0), 77, MANNER)
        return draft.announcement.id

    async def passes(self, milliseconds: int = 3_000) -> None:
        await self.clock.move_to(self.clock.now() + milliseconds)
        await jobs.send_on(self.works, MANNER)

    async def courier(self, state: str = "sent", at_most: int = 1_000) -> list[int]:
        """Delivers what waits; returns to whom."""
        async with self.works.begin() as work:
            rows = await work.session.all(
                "UPDATE outgoing SET state = :state, finished_at = :now WHERE id IN (SELECT id FROM outgoing"
                " WHERE state = 'waiting' AND dedupe_key LIKE 'announcement:%' ORDER BY id LIMIT :most)"
                " RETURNING chat_id",
                state=state,
                now=work.now,
                most=at_most,
            )
        return [row["chat_id"] for row in rows]

    async def rows(self, sql: str) -> Sequence[Row]:
        async with self.works.reading() as reader:
            return await reader.all(sql)

    async def waiting(self) -> list[int]:
        found = await self.rows(
            "SELECT chat_id FROM outgoing WHERE state = 'waiting' AND dedupe_key LIKE 'announcement:%'"
        )
        return [row["chat_id"] for row in found]

    async def stage(self, announcement_id: int) -> Stage:
        async with self.works.reading() as reader:
            found = await store.announcement(reader, announcement_id)
        assert found is not None
        return found.stage

    async def outcomes(self, announcement_id: int) -> dict[Outcome, int]:
        async with self.works.reading() as reader:
            return dict((await store.fared(reader, announcement_id)).counts)

    async def told(self) -> list[str]:
        """What was written for the author, oldest first."""
        found = await self.rows("SELECT payload FROM outgoing WHERE chat_id = 1 ORDER BY id")
        return [row["payload"] for row in found]


@pytest.fixture
async def desk(works: Works, clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(jobs, "BATCH", 3)
    monkeypatch.setattr(jobs, "BACKLOG", 5)
    async with works.begin() as work:
        tree = await factories.tree(work.session)
        await factories.member(
            work.session, "王梅", tree.branch, account=1, posts=((tree.branch, Role.SECRETARY),)
        )
        for number in range(11):
            await factories.member(work.session, f"党员{number}", tree.branch, account=10 + number)
    return Desk(works, clock, tree)


async def test_batches_stay_small_and_nobody_is_served_twice(desk: Desk) -> None:
    announcement = await desk.confirmed()
    await desk.passes(29_000)
    assert await desk.waiting() == []
    served: list[int] = []
    for _ in range(4):
        await desk.passes()
        assert len(await desk.waiting()) <= 6  # a batch is begun while fewer than five wait
        served += await desk.courier()
    await desk.passes()
    assert sorted(served) == list(range(10, 21))
    assert await desk.stage(announcement) is Stage.DONE
    keys = [
        row["dedupe_key"] for row in await desk.rows("SELECT dedupe_key FROM outgoing WHERE chat_id = 10")
    ]
    member = (await desk.actor(10)).member
    assert member is not None
    assert keys == [f"announcement:{announcement}:{member.id}:"]
    rows = await desk.rows(
        "SELECT DISTINCT policy, urgency FROM outgoing WHERE dedupe_key LIKE 'announcement:%'"
    )
    assert [(row["policy"], row["urgency"]) for row in rows] == [("at_most_once", 2)]


async def test_pause_calls_back_what_waits_and_going_on_repeats_nobody(desk: Desk) -> None:
    announcement = await desk.confirmed()
    await desk.passes(31_000)
    served = await desk.courier(at_most=2)
    async with desk.works.begin() as work:
        await service.pause(work, await desk.actor(), announcement)
    assert await desk.waiting() == []
    await desk.passes()
    assert (await desk.stage(announcement), await desk.waiting()) == (Stage.PAUSED, [])
    async with desk.works.begin() as work:
        await service.resume(work, await desk.actor(), announcement)
    for _ in range(5):
        await desk.passes()
        served += await desk.courier()
    await desk.passes()
    assert sorted(served) == list(range(10, 21))
    assert await desk.outcomes(announcement) == {Outcome.DELIVERED: 11}


async def test_stopped_for_good(desk: Desk) -> None:
    announcement = await desk.confirmed()
    await desk.passes(31_000)
    await desk.courier(at_most=2)
    async with desk.works.begin() as work:
        await service.stop(work, await desk.actor(), announcement)
    await desk.passes()
    await desk.passes()
    assert await desk.waiting() == []
    assert await desk.stage(announcement) is Stage.DONE
    assert "已停止：送达 2 人、没有发 9 人。" in (await desk.told())[-1]
    audited = [row["act"] for row in await desk.rows("SELECT act FROM audit ORDER BY id")]
    assert audited == ["announcement.sent", "announcement.stopped"]


async def test_what_the_night_interrupts_goes_on_in_the_morning(desk: Desk) -> None:
    await desk.clock.move_to(local(2, 20, 58))
    announcement = await desk.confirmed()
    await desk.passes(30_000)
    served = await desk.courier(at_most=2)
    await desk.passes(62_000)  # 20:59:32
    assert await desk.waiting() == []
    assert "已发 2 / 11。到休息时间了，其余的11 月 3 日 08:00 接着发。" in (await desk.told())[-1]
    for hour in (22, 3, 7):
        await desk.clock.move_to(local(2 if hour == 22 else 3, hour))
        await desk.passes()
        assert await desk.waiting() == []
    await desk.clock.move_to(local(3, 8))
    for _ in range(5):
        await desk.passes()
        served += await desk.courier()
    await desk.passes()
    assert sorted(served) == list(range(10, 21))
    assert await desk.stage(announcement) is Stage.DONE


async def test_what_still_waits_when_the_night_begins_never_leaves_in_it(desk: Desk) -> None:
    """Not even if nothing but the courier runs: each row says until when it may leave."""
    await desk.confirmed()
    await desk.passes(31_000)
    rows = await desk.rows("SELECT DISTINCT until FROM outgoing WHERE dedupe_key LIKE 'announcement:%'")
    assert [row["until"] for row in rows] == [local(2, 21)]
    await desk.courier("cancelled")
    served: list[int] = []
    for _ in range(5):
        await desk.passes()
        served += await desk.courier()
    assert sorted(served) == list(range(10, 21))


async def test_killed_in_the_middle_of_a_batch(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    announcement = await desk.confirmed()
    await desk.clock.move_to(desk.clock.now() + 31_000)
    add_copy, calls = store.add_copy, iter(range(100))

    async def dies_at_the_fifth(*args: Any, **more: Any) -> None:
        if next(calls) == 4:
            raise KeyboardInterrupt
        await add_copy(*args, **more)

    monkeypatch.setattr(store, "add_copy", dies_at_the_fifth)
    with pytest.raises(KeyboardInterrupt):
        await jobs.send_on(desk.works, MANNER)
    assert len(await desk.waiting()) == 3  # the batch that was finished, and nothing of the other
    async with desk.works.begin() as work:  # one was in the air, so nobody knows whether it arrived
        await work.session.run("UPDATE outgoing SET state = 'sending' WHERE chat_id = 10")
        await delivery.settle_interrupted(work.session, now=work.now)
    served: list[int] = []
    for _ in range(5):
        await desk.passes()
        served += await desk.courier()
    await desk.passes()
    assert sorted(served) == list(range(11, 21))
    assert await desk.outcomes(announcement) == {Outcome.DELIVERED: 10, Outcome.UNKNOWN: 1}


@pytest.mark.parametrize("seed", range(5))
async def test_whatever_happens_on_the_way_everybody_gets_it_once(desk: Desk, seed: int) -> None:
    chance = Random(seed)
    announcement = await desk.confirmed()
    served: list[int] = []

    async def deliver() -> None:
        served.extend(await desk.courier(at_most=chance.randrange(4)))

    async def pause() -> None:
        async with desk.works.begin() as work:
            await service.pause(work, await desk.actor(), announcement)

    async def resume() -> None:
        async with desk.works.begin() as work:
            await service.resume(work, await desk.actor(), announcement)

    async def night() -> None:
        await desk.clock.move_to(desk.clock.now() + 7 * HOUR)
        await jobs.send_on(desk.works, MANNER)

    await desk.passes(31_000)
    for act in chance.choices((deliver, desk.passes, pause, resume, night), (6, 6, 2, 3, 1), k=40):
        await act()
        if MANNER.quiet.contain(desk.clock.now(), ZONE):
            assert await desk.waiting() == []
    await resume()
    await desk.clock.move_to(rules.leaves_at(desk.clock.now(), MANNER))
    for _ in range(6):
        await desk.passes()
        served += await desk.courier()
    await desk.passes()
    assert sorted(served) == list(range(10, 21))
    assert await desk.stage(announcement) is Stage.DONE


async def test_who_joins_later_is_not_written_to(desk: Desk) -> None:
    announcement = await desk.confirmed()
    await desk.passes(31_000)
    async with desk.works.begin() as work:
        await factories.member(work.session, "新来", desk.tree.branch, account=50, now=work.now)
        late = await factories.member(work.session, "早在册", desk.tree.branch)
        await work.session.run(
            "INSERT INTO account (id, member_id, display_name, first_seen_at, bound_at)"
            " VALUES (51, :member, '', :now, :now)",
            member=late,
            now=work.now,
        )
    served: list[int] = []
    for _ in range(6):
        await desk.passes()
        served += await desk.courier()
    assert sorted(served) == list(range(10, 21))
    assert await desk.outcomes(announcement) == {Outcome.DELIVERED: 11, Outcome.NEVER_STARTED: 1}


async def test_the_report_counts_everybody_once(desk: Desk) -> None:
    async with desk.works.begin() as work:
        await work.session.run("INSERT INTO chat (chat_id, unreachable_since) VALUES (20, 1)")
        await factories.member(work.session, "周新", desk.tree.branch)
    announcement = await desk.confirmed(reach=10)
    await desk.passes(31_000)
    for state, number in (("failed", 1), ("unknown", 2), ("blocked", 1)):
        assert len(await desk.courier(state, number)) == number
    for _ in range(5):
        await desk.passes()
        await desk.courier()
    await desk.passes()
    assert await desk.outcomes(announcement) == {
        Outcome.DELIVERED: 6,
        Outcome.FAILED: 1,
        Outcome.UNKNOWN: 2,
        Outcome.BLOCKED: 2,
        Outcome.NEVER_STARTED: 1,
    }
    report = [text for text in await desk.told() if "请打个电话" in text]
    assert len(report) == 1
    assert "送达 6 人、没送到 1 人、停用了我 2 人、不确定 2 人、还没用过我 1 人。" in report[0]
    assert "请打个电话：党员0、党员10、党员3、周新" in report[0]


async def test_the_limit_of_a_day_counts_what_was_sent_only(desk: Desk) -> None:
    first = await desk.confirmed()
    async with desk.works.begin() as work:
        await service.undo(work, await desk.actor(), first)
    for _ in range(3):
        await desk.confirmed()
    with pytest.raises(EnoughForToday):
        await desk.confirmed()
    with pytest.raises(NobodyToReach):
        await desk.clock.move_to(local(3, 9))
        await desk.confirmed(reach=0)


async def test_it_cannot_be_taken_back_once_it_leaves_nor_be_sent_at_night(desk: Desk) -> None:
    announcement = await desk.confirmed()
    await desk.passes(31_000)
    async with desk.works.begin() as work:
        with pytest.raises(OnItsWay):
            await service.undo(work, await desk.actor(), announcement)
    await desk.clock.move_to(local(2, 22))
    waits = await desk.confirmed()
    async with desk.works.begin() as work:
        with pytest.raises(NightTime):
            await service.send_now(work, await desk.actor(), waits, MANNER)


async def test_others_cannot_touch_it(desk: Desk) -> None:
    announcement = await desk.confirmed()
    async with desk.works.begin() as work:
        for act in (service.pause, service.stop, service.undo, service.reading):
            with pytest.raises(NotAllowed):
                await act(work, await desk.actor(10), announcement)


async def test_old_drafts_go(desk: Desk) -> None:
    async with desk.works.begin() as work:
        await service.write(work, await desk.actor(), desk.tree.branch, None, Content("旧", None))
    sent = await desk.confirmed()
    await desk.clock.move_to(desk.clock.now() + rules.DRAFTS_KEPT + 1)
    await jobs.tidy(desk.works)
    assert [row["id"] for row in await desk.rows("SELECT id FROM announcement")] == [sent]
