"""A branch with its people and their dues."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

import pytest

from bot.dues import jobs, rules, store
from bot.dues.model import Obligation, Period
from bot.dues.rules import Schedule
from bot.kit.clock import ManualClock, from_local
from bot.kit.database import Row
from bot.kit.work import Works
from bot.onboarding.quiet import QuietHours
from bot.roster import store as roster
from bot.roster.model import Actor, Role
from tests import factories
from tests.conftest import ZONE
from tests.factories import Tree

NOVEMBER = Period(2026, 11)


def local(day: int, hour: int, minute: int = 0, month: int = 11) -> int:
    return from_local(datetime(2026, month, day, hour, minute, tzinfo=ZONE))


@dataclasses.dataclass(slots=True)
class Branch:
    """采油三队党支部, its secretary 王梅 (account 1), its deputy 张强 (2), and 李建国 (10) and 赵敏 (11), who have both
    started the bot; 孙丽 has not. 钱进 (3) is the sibling branch's secretary.
    """

    works: Works
    clock: ManualClock
    schedule: Schedule
    tree: Tree
    members: dict[str, int]

    async def passes(self, until: int) -> None:
        """Time passes; the sweep runs."""
        await self.clock.move_to(until)
        for sweep in jobs.sweeps(self.schedule):
            await sweep.run(self.works)

    async def rows(self, sql: str, **parameters: Any) -> Sequence[Row]:
        async with self.works.reading() as reader:
            return await reader.all(sql, **parameters)

    async def actor(self, account_id: int) -> Actor:
        async with self.works.reading() as reader:
            actor = await roster.actor(reader, account_id, "zh_CN")
        assert actor is not None
        return actor

    async def obligation(self, name: str, period: Period = NOVEMBER) -> Obligation:
        async with self.works.reading() as reader:
            found = await store.of_member(reader, self.members[name], period)
        assert found is not None
        return found

    async def nudged(self) -> list[str]:
        """Who has a reminder written for them, in order."""
        rows = await self.rows(
            "SELECT member.name, nudge.point FROM nudge JOIN member ON member.id = nudge.member_id ORDER BY nudge.id"
        )
        return [f"{row['name']} {row['point']}" for row in rows]

    async def told(self, account_id: int) -> list[str]:
        """What was written for this account, oldest first."""
        rows = await self.rows(
            "SELECT payload FROM outgoing WHERE chat_id = :chat ORDER BY id", chat=account_id
        )
        return [row["payload"] for row in rows]

    async def imported(self, as_of: int) -> None:
        """Payment data up to this date has come in, with no payment in it."""
        async with self.works.begin() as work:
            await work.session.run(
                "INSERT INTO dues_import (at, as_of, added) VALUES (:now, :as_of, 0)",
                now=work.now,
                as_of=as_of,
            )

    async def delivered(self, account_id: int, state: str = "sent") -> None:
        """The courier has been to this account."""
        async with self.works.begin() as work:
            await work.session.run(
                "UPDATE outgoing SET state = :state WHERE chat_id = :chat", state=state, chat=account_id
            )


@pytest.fixture
def schedule() -> Schedule:
    quiet = QuietHours(time(21), time(8))
    return rules.Schedule(ZONE, (5, 20, -3), time(10), quiet, fresh_days=7, snooze_days=3)


@pytest.fixture
async def branch(works: Works, clock: ManualClock, schedule: Schedule) -> Branch:
    async with works.begin() as work:
        session = work.session
        tree = await factories.tree(session)
        here, there = tree.branch, tree.sibling
        secretary, deputy, other = Role.SECRETARY, Role.DEPUTY, Role.SECRETARY
        member = factories.member
        members = {
            "王梅": await member(session, "王梅", here, account=1, posts=((here, secretary),)),
            "张强": await member(session, "张强", here, account=2, posts=((here, deputy),)),
            "李建国": await member(session, "李建国", here, account=10),
            "赵敏": await member(session, "赵敏", here, account=11, monthly_dues=None),
            "孙丽": await member(session, "孙丽", here),
            "钱进": await member(session, "钱进", there, account=3, posts=((there, other),)),
        }
    return Branch(works, clock, schedule, tree, members)
