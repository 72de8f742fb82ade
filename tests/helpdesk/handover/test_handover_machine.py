"""As the ladder's machine, with people who arrange their absences and hand their posts over through the front rooms: who
has handed over has nothing left that they may not have.
"""

import logging
from datetime import timedelta
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import rule, run_state_machine_as_test

from bot.helpdesk import absences, people, store
from bot.helpdesk.away import colleagues
from bot.helpdesk.away import service as away
from bot.helpdesk.away.rules import Days
from bot.helpdesk.handover import service as handover
from bot.helpdesk.handover import store as held
from bot.helpdesk.handover.model import Wish
from bot.kit.clock import to_local
from bot.kit.errors import Refusal
from bot.kit.i18n import Languages
from bot.kit.work import Work
from bot.roster import store as roster
from tests.helpdesk.conftest import DESK
from tests.helpdesk.ladder.test_ladder_machine import Ladder, people_in_it

staff = st.integers(0, 5)
"""Those of the ten to whom questions come, to begin with."""


class Handovers(Ladder):
    @rule(of=staff, to=people_in_it, by=st.none() | people_in_it)
    def hands_over(self, of: int, to: int, by: int | None) -> None:
        async def hand_over(work: Work) -> None:
            actor = await roster.actor(work.session, 1_000 + (of if by is None else by), "zh_CN")
            posts = await roster.posts_of(work.session, self.members[of])
            if actor is None or not posts:
                return
            post = posts[0][0]
            try:
                await handover.hand_over(work, DESK, actor, Wish(self.members[of], post, self.members[to]))
            except Refusal:
                return
            holding = [
                each.person.member.id
                for each in await roster.staff_of(work.session, post.unit_id, {post.role})
            ]
            assert self.members[to] in holding
            assert self.members[of] not in holding
            await self._check_former(work, self.members[of])

        self.act(hand_over)

    async def _check_former(self, work: Work, former: int) -> None:
        for each in await held.tickets_of(work.session, former):
            ticket = await store.existing(work.session, each.ticket_id)
            assert await people.fit(work.session, ticket, former, now=work.now) is not None
        for ticket_id in await held.helps_with(work.session, former):
            ticket = await store.existing(work.session, ticket_id)
            assert await people.fit(work.session, ticket, former, now=work.now) is not None
        if await colleagues.colleague(work.session, former) is None:
            assert not await absences.of_member(work.session, former)
        for absence in await absences.with_substitute(work.session, former):
            whom = await colleagues.colleague(work.session, absence.member_id)
            able = await colleagues.candidates(work.session, absence.member_id)
            assert whom is None or former in {each.member_id for each in able}

    @rule(whom=staff, substitute=st.none() | staff, ahead=st.integers(0, 3), by=st.none() | people_in_it)
    def arranges_an_absence(self, whom: int, substitute: int | None, ahead: int, by: int | None) -> None:
        async def arrange(work: Work) -> None:
            actor = await roster.actor(work.session, 1_000 + (whom if by is None else by), "zh_CN")
            since = to_local(work.now, DESK.zone).date() + timedelta(days=ahead)
            named = None if substitute is None else self.members[substitute]
            wish = away.Wish(self.members[whom], Days(since, since + timedelta(days=2)), named)
            try:
                if actor is not None:
                    await away.arrange(work, DESK, actor, wish)
            except Refusal:
                return
            assert len(await absences.of_member(work.session, self.members[whom])) >= 1

        self.act(arrange)

    @rule(by=people_in_it, whom=staff)
    def comes_back_early(self, by: int, whom: int) -> None:
        async def come_back(work: Work) -> None:
            actor = await roster.actor(work.session, 1_000 + by, "zh_CN")
            for absence in await absences.of_member(work.session, self.members[whom]):
                try:
                    if actor is not None:
                        await away.come_back(work, DESK, actor, absence.id)
                except Refusal:
                    return

        self.act(come_back)

    @rule(by=people_in_it, whom=staff)
    def cannot_stand_in(self, by: int, whom: int) -> None:
        async def decline(work: Work) -> None:
            actor = await roster.actor(work.session, 1_000 + by, "zh_CN")
            for absence in await absences.of_member(work.session, self.members[whom]):
                try:
                    if actor is not None:
                        await away.decline(work, DESK, actor, absence.id)
                except Refusal:
                    return

        self.act(decline)


def test_nothing_is_left_with_whoever_has_handed_over(
    empty_database: Path, languages: Languages, caplog: pytest.LogCaptureFixture
) -> None:
    Handovers.template, Handovers.languages = empty_database, languages
    run_state_machine_as_test(
        Handovers,
        settings=settings(
            max_examples=8,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert [record.exc_text for record in caplog.records if record.levelno >= logging.ERROR] == []
