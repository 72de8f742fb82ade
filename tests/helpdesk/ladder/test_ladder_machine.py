"""Whatever happens to tickets and to the people around them: a waiting ticket is with exactly one person, who is there,
may see it and did not ask it themselves; or with nobody, when nobody is there.
"""

import asyncio
import contextlib
import dataclasses
import logging
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Coroutine
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bot.helpdesk import absences, asking, holdings, jobs, people, schedules, store, talking
from bot.helpdesk.claiming import service as claiming
from bot.helpdesk.model import Content, Kind, Origin, Question, State, Ticket, Why
from bot.helpdesk.transferring import service as transferring
from bot.helpdesk.transferring.buttons import Way
from bot.kit.clock import DAY, MINUTE, ManualClock
from bot.kit.database import Reader, Session, SqliteDatabase
from bot.kit.errors import Refusal
from bot.kit.i18n import Languages
from bot.kit.work import Work, Works
from bot.roster import store as roster
from bot.roster.model import Actor, Member, Post, Role, UnitKind
from tests import factories
from tests.helpdesk.conftest import DESK

T = TypeVar("T")

START = 1_793_581_200_000
"""Monday 2 November 2026, 09:00 in Shanghai."""

SWEEPS = ("helpdesk.members", "helpdesk.gathered", "helpdesk.ladder", "helpdesk.away", "helpdesk.owners")

people_in_it = st.integers(0, 9)


@dataclasses.dataclass(slots=True)
class Climb:
    """What was seen of a ticket's present climb."""

    began: int | None
    deadline: int


class Ladder(RuleBasedStateMachine):
    """Ten people of two branches under one general branch, and one of a branch elsewhere."""

    template: Path
    languages: Languages

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = ManualClock(START)
        self.members: list[int] = []
        self.posts: dict[int, Post] = {}
        self.said = 0
        self.climbs: dict[int, Climb] = {}

    def run(self, act: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(act)

    @initialize(askers=st.lists(people_in_it, min_size=2, max_size=4))
    def found_the_branches(self, askers: list[int]) -> None:
        self.run(self._found())
        for who in askers:
            self.asks(who)

    async def _found(self) -> None:
        path = Path(self.folder.name) / "ladder.db"
        shutil.copy(self.template, path)
        self.database = await SqliteDatabase.open(path)
        self.works = Works(self.database, self.clock, self.languages, wake_courier=lambda: None)
        async with self.works.begin() as work:
            tree = await factories.tree(work.session)
            far = await factories.unit(work.session, "采油九队党支部", UnitKind.BRANCH, tree.committee)
            self.branches = [tree.branch, tree.sibling, far]
            for number, post in enumerate(
                (
                    Post(tree.branch, Role.SECRETARY),
                    Post(tree.branch, Role.DEPUTY),
                    Post(tree.branch, Role.HELPER),
                    Post(tree.branch, Role.HELPER),
                    Post(tree.sibling, Role.SECRETARY),
                    Post(tree.general, Role.GENERAL),
                    Post(tree.committee, Role.ADMIN),
                    Post(far, Role.SECRETARY),
                    None,
                    None,
                )
            ):
                branch = self.branches[{4: 1, 7: 2}.get(number, 0)]
                member = await factories.member(
                    work.session,
                    f"某{number}",
                    branch,
                    account=1_000 + number,
                    posts=() if post is None else ((post.unit_id, post.role),),
                )
                self.members.append(member)
                if post is not None:
                    self.posts[member] = post

    def teardown(self) -> None:
        if self.members:
            self.run(self.database.close())
        self.runner.close()
        self.folder.cleanup()

    def words(self, who: int) -> Content:
        self.said += 1
        return Content(Kind.TEXT, f"第 {self.said} 句", 1_000 + who, self.said)

    @rule(who=people_in_it)
    def asks(self, who: int) -> None:
        async def ask(work: Work) -> None:
            member = await self._member(work, who)
            if member.left_at is None:
                await asking.open_at_once(work, DESK, member, Question("验证码收不到", Origin.ASK))

        self.act(ask)

    @rule(who=people_in_it, number=st.integers(1, 6))
    def writes(self, who: int, number: int) -> None:
        """As staff an answer, as the member who asked another word; refused to everybody else."""

        async def write(work: Work, actor: Actor) -> None:
            ticket = await store.existing(work.session, number)
            if actor.member is None or ticket.state is State.CLOSED:
                return
            if actor.member.id == ticket.requester_id:
                await talking.follow_up(work, DESK, actor.member, ticket, self.words(who), courteous=False)
            else:
                await talking.answer(work, DESK, actor, number, self.words(who))

        self.act_as(who, write)

    @rule(who=people_in_it, number=st.integers(1, 6), sure=st.booleans())
    def claims(self, who: int, number: int, sure: bool) -> None:
        async def claim(work: Work, actor: Actor) -> None:
            await claiming.claim(work, DESK, actor, number, sure=sure)

        self.act_as(who, claim)

    @rule(who=people_in_it, number=st.integers(1, 6), to=people_in_it, way=st.sampled_from(Way))
    def passes_it_on(self, who: int, number: int, to: int, way: Way) -> None:
        async def hand(work: Work, actor: Actor) -> None:
            await transferring.hand(work, DESK, actor, number, way, self.members[to], "")

        self.act_as(who, hand)

    @rule(minutes=st.sampled_from([1, 20, 61, 181, 241, 600, 1_440, 5 * 1_440]))
    def time_passes(self, minutes: int) -> None:
        self.run(self.clock.move_to(self.clock.now() + minutes * MINUTE))

    @rule(steps=st.integers(1, 6))
    def time_passes_unused(self, steps: int) -> None:
        """The ladder goes on, step by step as they fall due."""

        async def next_step() -> None:
            async with self.works.reading() as reader:
                due = await reader.value("SELECT MIN(next_at) FROM ticket WHERE state = 'open'")
            if due is not None and due > self.clock.now():
                await self.clock.move_to(due)
            await self._sweep()

        for _ in range(steps):
            self.run(next_step())

    @rule(who=people_in_it)
    def leaves_or_returns_to_the_roster(self, who: int) -> None:
        async def change(work: Work) -> None:
            member = await self._member(work, who)
            left = work.now if member.left_at is None else None
            await work.session.run(
                "UPDATE member SET left_at = :left WHERE id = :id", left=left, id=member.id
            )
            if left is not None:
                await work.session.run(
                    "UPDATE post SET until = :now WHERE member_id = :id AND until IS NULL",
                    now=work.now,
                    id=member.id,
                )

        self.act(change)

    @rule(who=people_in_it, appointed=st.booleans())
    def gains_or_loses_the_post(self, who: int, appointed: bool) -> None:
        async def change(work: Work) -> None:
            member = await self._member(work, who)
            post = self.posts.get(member.id, Post(self.branches[0], Role.DEPUTY))
            if not appointed:
                await roster.dismiss(work.session, member.id, post, now=work.now)
            elif member.left_at is None:
                await roster.appoint(work.session, member.id, post, now=work.now)

        self.act(change)

    @rule(who=people_in_it, blocked=st.booleans())
    def blocks_or_unblocks(self, who: int, blocked: bool) -> None:
        async def change(work: Work) -> None:
            await work.session.run(
                "INSERT INTO chat (chat_id, unreachable_since) VALUES (:chat, :since)"
                " ON CONFLICT (chat_id) DO UPDATE SET unreachable_since = excluded.unreachable_since",
                chat=1_000 + who,
                since=work.now if blocked else None,
            )

        self.act(change)

    @rule(who=people_in_it, substitute=st.none() | people_in_it, days=st.integers(1, 9))
    def goes_away_or_comes_back(self, who: int, substitute: int | None, days: int) -> None:
        async def change(work: Work) -> None:
            running = await absences.of_member(work.session, self.members[who])
            for absence in running:
                await absences.end(work.session, absence.id, now=work.now)
            if not running:
                named = None if substitute in (None, who) else self.members[substitute or 0]
                await absences.add(
                    work.session,
                    self.members[who],
                    substitute_id=named,
                    last_day=date(2026, 11, 9),
                    from_at=work.now,
                    until_at=work.now + days * DAY,
                )

        self.act(change)

    @rule(who=people_in_it, branch=st.integers(0, 2))
    def moves_to_another_branch(self, who: int, branch: int) -> None:
        async def change(work: Work) -> None:
            await work.session.run(
                "UPDATE member SET branch_id = :branch WHERE id = :id",
                branch=self.branches[branch],
                id=self.members[who],
            )

        self.act(change)

    @invariant()
    def every_ticket_is_where_it_belongs(self) -> None:
        if self.members:
            self.run(self._check())

    async def _check(self) -> None:
        await self._sweep()
        async with self.works.reading() as reader:
            before = await _rows(reader)
            for row in await reader.all("SELECT id FROM ticket WHERE state = 'open'"):
                await self._check_waiting(reader, await store.existing(reader, row["id"]))
            assert await reader.value("SELECT COUNT(*) FROM outgoing WHERE chat_id IS NULL") == 0
        await self._sweep()
        async with self.works.reading() as reader:
            assert await _rows(reader) == before  # what was done is not done again

    async def _check_waiting(self, reader: Reader, ticket: Ticket) -> None:
        now = self.clock.now()
        requester = await roster.person(reader, ticket.requester_id)
        assert requester is not None
        assert requester.member.left_at is None
        assert requester.member.branch_id == ticket.branch_id
        held = await holdings.of_ticket(reader, ticket.id)
        running = [each.member_id for each in held if each.until is None]
        available = await people.available(reader, ticket.branch_id, now=now)
        others = {each.member_id for each in available} - {ticket.requester_id}
        if ticket.owner_id is None:
            assert not others
            assert running == []
            assert (ticket.deadline, ticket.next_at, ticket.rung) == (None, None, None)
            return
        assert running == [ticket.owner_id]
        assert ticket.owner_id in others
        owner = await roster.person(reader, ticket.owner_id)
        assert owner is not None
        assert owner.member.left_at is None
        assert owner.account_id is not None
        assert ticket.owner_id not in await absences.away_now(reader, now)
        posts = {unit.kind for _, unit in await roster.posts_of(reader, ticket.owner_id)}
        assert posts & {UnitKind.BRANCH, UnitKind.GENERAL}
        course = await people.course(reader, ticket)
        climbed = [each.member_id for each in course if each.why is Why.LADDER]
        assert len(climbed) == len(set(climbed))
        for number, each in enumerate(course):
            if each.why is Why.LADDER:
                assert each.member_id not in {earlier.member_id for earlier in course[:number]}
        schedule = await schedules.of_branch(reader, DESK, ticket.branch_id)
        assert ticket.deadline is not None
        assert ticket.next_at is not None
        assert ticket.next_at > now
        assert schedule.after(ticket.deadline, 0) == ticket.deadline  # inside working time
        known = self.climbs.get(ticket.id)
        if known is not None and known.began == ticket.climbing_since:
            assert ticket.deadline >= known.deadline
        self.climbs[ticket.id] = Climb(ticket.climbing_since, ticket.deadline)

    def act(self, change: Callable[[Work], Awaitable[object]]) -> None:
        async def once() -> None:
            async with self.works.begin() as work:
                await change(work)

        self.run(once())

    def act_as(self, who: int, act: Callable[[Work, Actor], Awaitable[object]]) -> None:
        """What this person does in chat; a refusal undoes it all."""

        async def change(work: Work) -> None:
            actor = await roster.actor(work.session, 1_000 + who, "zh_CN")
            assert actor is not None
            await act(work, actor)

        with contextlib.suppress(Refusal):
            self.act(change)

    async def _sweep(self) -> None:
        for sweep in jobs.sweeps(DESK):
            if sweep.name in SWEEPS:
                await sweep.run(self.works)

    async def _member(self, work: Work, who: int) -> Member:
        person = await roster.person(work.session, self.members[who])
        assert person is not None
        return person.member


async def _rows(reader: Reader | Session) -> list[Any]:
    return [
        *await reader.all("SELECT id, owner_id, rung, state, deadline, next_at, warned_at FROM ticket"),
        *await reader.all("SELECT id, member_id, until FROM ticket_holding"),
        *await reader.all("SELECT COUNT(*) AS messages FROM outgoing"),
        *await reader.all("SELECT COUNT(*) AS acts FROM audit"),
    ]


def test_every_waiting_ticket_has_one_owner(
    empty_database: Path, languages: Languages, caplog: pytest.LogCaptureFixture
) -> None:
    Ladder.template, Ladder.languages = empty_database, languages
    run_state_machine_as_test(
        Ladder,
        settings=settings(
            max_examples=10,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert [record.exc_text for record in caplog.records if record.levelno >= logging.ERROR] == []
