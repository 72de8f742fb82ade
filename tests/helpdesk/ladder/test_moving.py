"""A ticket changes hands: who is told what, who sees it from then on, and what is noted."""

import dataclasses
import json
from collections.abc import Collection, Sequence

import pytest

from bot.helpdesk import asking, holdings, ladder, moving, people, store, talking
from bot.helpdesk.model import Content, Holder, Kind, Origin, Question, State, Ticket, Why
from bot.kit.clock import HOUR, ManualClock
from bot.kit.database import Reader
from bot.kit.work import Work, Works
from bot.roster import store as roster
from bot.roster.model import Role
from tests import factories
from tests.helpdesk.conftest import DESK

MEMBER, SECRETARY, DEPUTY, SIBLING, GENERAL = range(1, 6)
"""Accounts."""

NAMES = {MEMBER: "李建国", SECRETARY: "王梅", DEPUTY: "张强", SIBLING: "孙丽", GENERAL: "赵敏"}


class Scene:
    """A ticket of 李建国's that 王梅 has, and the people who may come to have it."""

    def __init__(self, works: Works, clock: ManualClock) -> None:
        self.works = works
        self.clock = clock
        self.members: dict[int, int] = {}
        self.seen = 0

    async def open(self) -> None:
        async with self.works.begin() as work:
            tree = await factories.tree(work.session)
            for account, branch, posts in (
                (MEMBER, tree.branch, ()),
                (SECRETARY, tree.branch, ((tree.branch, Role.SECRETARY),)),
                (DEPUTY, tree.branch, ((tree.branch, Role.DEPUTY),)),
                (SIBLING, tree.sibling, ((tree.sibling, Role.SECRETARY),)),
                (GENERAL, tree.sibling, ((tree.general, Role.GENERAL),)),
            ):
                self.members[account] = await factories.member(
                    work.session, NAMES[account], branch, account=account, posts=posts
                )
            person = await roster.person(work.session, self.members[MEMBER])
            assert person is not None
            await asking.open_at_once(work, DESK, person.member, Question("验证码收不到", Origin.ASK))
            await self.told(work)

    async def ticket(self, work: Work) -> Ticket:
        return await store.existing(work.session, 1)

    async def holder(self, work: Work, account: int) -> Holder:
        return await people.named(work.session, await self.ticket(work), self.members[account])

    async def move(
        self, work: Work, account: int, why: Why, *, by: int | None = None, words: str = ""
    ) -> dict[int, list[str]]:
        """What everybody is told, by account, when it goes to this person."""
        acting = None if by is None else self.members[by]
        holder = await self.holder(work, account)
        await moving.move(work, DESK, await self.ticket(work), holder, why=why, by=acting, words=words)
        return await self.told(work)

    async def told(self, work: Work) -> dict[int, list[str]]:
        """The first lines of what was queued since the last time, by account; '-' for what is deleted."""
        found: dict[int, list[str]] = {}
        for row in await work.session.all(
            "SELECT id, chat_id, method, payload FROM outgoing WHERE id > :seen AND method <> 'editMessageReplyMarkup'"
            " AND state = 'waiting' ORDER BY id",
            seen=self.seen,
        ):
            text = json.loads(row["payload"]).get("text", "-")
            mark = "* " if row["method"] == "editMessageText" else ""
            found.setdefault(row["chat_id"], []).append(mark + text.splitlines()[0])
            self.seen = row["id"]
        return found


@pytest.fixture
async def scene(works: Works, clock: ManualClock) -> Scene:
    opened = Scene(works, clock)
    await opened.open()
    return opened


CARD = "<b>采油三队党支部 李建国</b>"


@pytest.mark.parametrize(
    ("account", "why", "by", "told"),
    [
        (
            DEPUTY,
            Why.LADDER,
            None,
            {
                SECRETARY: ["李建国的问题到时间了，已请张强副书记接着帮，您不用再管。", f"* {CARD}"],
                DEPUTY: ["王梅书记暂时没顾上李建国的问题，请您接着帮一下。", CARD],
                MEMBER: ["王梅暂时没顾上，已请副书记张强接着帮您。"],
            },
        ),
        (
            DEPUTY,
            Why.CLAIMED,
            DEPUTY,
            {
                SECRETARY: ["张强副书记正在回复李建国，您不用再管。", f"* {CARD}"],
                MEMBER: ["您的问题现在由副书记张强负责。"],
            },
        ),
        (
            DEPUTY,
            Why.TRANSFERRED,
            SECRETARY,
            {
                SECRETARY: [f"* {CARD}"],
                DEPUTY: ["王梅书记把李建国的问题转给您了。", CARD],
                MEMBER: ["您的问题现在由副书记张强负责。"],
            },
        ),
        (
            GENERAL,
            Why.TRANSFERRED,
            DEPUTY,
            {
                SECRETARY: ["李建国的问题现在由总支书记赵敏负责，您不用再管。", f"* {CARD}"],
                GENERAL: ["张强副书记把李建国的问题转给您了。", CARD],
                MEMBER: ["您的问题现在由第一党总支的赵敏负责。"],
            },
        ),
        (
            DEPUTY,
            Why.UNFIT,
            None,
            {
                SECRETARY: ["李建国的问题现在由张强副书记负责，您不用再管。", f"* {CARD}"],
                DEPUTY: ["王梅书记这会儿接不了李建国的问题，请您接着帮一下。", CARD],
                MEMBER: ["您的问题现在由副书记张强负责。"],
            },
        ),
        (
            DEPUTY,
            Why.RETURNED,
            None,
            {
                SECRETARY: ["张强副书记回来了，李建国的问题已交还，谢谢您代班。", f"* {CARD}"],
                DEPUTY: ["李建国还在等回复，这个问题交还给您了。", CARD],
                MEMBER: ["您的问题现在由副书记张强负责。"],
            },
        ),
        (
            DEPUTY,
            Why.HANDED_OVER,
            SECRETARY,
            {SECRETARY: [f"* {CARD}"], DEPUTY: [CARD], MEMBER: ["您的问题现在由副书记张强负责。"]},
        ),
        (DEPUTY, Why.ANSWERED, DEPUTY, {}),
    ],
)
async def test_everybody_concerned_is_told(
    scene: Scene, account: int, why: Why, by: int | None, told: dict[int, list[str]]
) -> None:
    async with scene.works.begin() as work:
        assert await scene.move(work, account, why, by=by) == told
        ticket = await scene.ticket(work)
        assert ticket.owner_id == scene.members[account]
        first, second = await holdings.of_ticket(work.session, 1)
        assert (first.member_id, first.until) == (scene.members[SECRETARY], work.now)
        assert (second.member_id, second.why, second.until) == (scene.members[account], why, None)
        audited = await work.session.first("SELECT by_member, details FROM audit WHERE act = 'ticket.moved'")
        assert audited is not None
        assert audited["by_member"] == (None if by is None else scene.members[by])
        assert json.loads(audited["details"])["why"] == str(why)


async def test_what_the_sender_adds_comes_along(scene: Scene) -> None:
    async with scene.works.begin() as work:
        holder = await scene.holder(work, DEPUTY)
        await moving.move(
            work,
            DESK,
            await scene.ticket(work),
            holder,
            why=Why.TRANSFERRED,
            by=scene.members[SECRETARY],
            words="他<手机>是老款",
        )
        rows = await work.session.all("SELECT payload FROM outgoing WHERE chat_id = :chat", chat=DEPUTY)
        note = next(text for row in rows if "转给您了" in (text := json.loads(row["payload"])["text"]))
        assert "<blockquote>他&lt;手机&gt;是老款</blockquote>" in note


async def test_the_clock_starts_anew_for_one_who_is_waited_for(scene: Scene) -> None:
    async with scene.works.begin() as work:
        first = await scene.ticket(work)
    await scene.clock.move_to(scene.clock.now() + HOUR)
    async with scene.works.begin() as work:
        await scene.move(work, DEPUTY, Why.TRANSFERRED, by=SECRETARY)
        second = await scene.ticket(work)
    assert first.deadline is not None
    assert second.deadline == first.deadline + HOUR
    assert second.warned_at is None


async def test_it_stands_in_an_answered_one(scene: Scene) -> None:
    async with scene.works.begin() as work:
        actor = await roster.actor(work.session, SECRETARY, "zh_CN")
        assert actor is not None
        await talking.answer(work, DESK, actor, 1, Content(Kind.TEXT, "好了吗", SECRETARY, 7))
        await scene.told(work)
        told = await scene.move(work, DEPUTY, Why.HANDED_OVER, by=SECRETARY)
        ticket = await scene.ticket(work)
        assert (ticket.state, ticket.deadline, ticket.next_at) == (State.ANSWERED, None, None)
        assert MEMBER not in told  # who waits for nothing need not hear of it
        told = await scene.move(work, GENERAL, Why.TRANSFERRED, by=DEPUTY)
        assert told[MEMBER] == ["您的问题现在由第一党总支的赵敏负责。"]


async def test_it_goes_to_nobody_twice_and_never_to_the_one_who_asked(scene: Scene) -> None:
    async with scene.works.begin() as work:
        assert await scene.move(work, SECRETARY, Why.TRANSFERRED, by=DEPUTY) == {}
        assert len(await holdings.of_ticket(work.session, 1)) == 1
        with pytest.raises(ValueError, match="cannot go to the member who asked"):
            await scene.move(work, MEMBER, Why.TRANSFERRED, by=SECRETARY)


async def test_a_secretary_beside_sees_it_only_while_it_is_theirs(scene: Scene) -> None:
    async with scene.works.begin() as work:
        actor = await roster.actor(work.session, MEMBER, "zh_CN")
        assert actor is not None
        assert actor.member is not None
        content = Content(Kind.TEXT, "急着用", MEMBER, 9)
        await talking.follow_up(work, DESK, actor.member, await scene.ticket(work), content, courteous=False)
        await scene.told(work)
        told = await scene.move(work, SIBLING, Why.TRANSFERRED, by=SECRETARY)
        assert told[SIBLING] == ["王梅书记把李建国的问题转给您了。", CARD, "李建国：急着用"]
        assert told[MEMBER] == ["您的问题现在由采油四队党支部的孙丽负责。"]
        await scene.move(work, GENERAL, Why.LADDER)
        texts = await _queued(work, SIBLING)
        assert texts[-2:] == ["这个问题现在由别的同志负责。", "-"]
        # Coming back, all of it is brought again.
        told = await scene.move(work, SIBLING, Why.TRANSFERRED, by=GENERAL)
        assert told[SIBLING][1:] == [CARD, "李建国：急着用"]


async def test_whoever_gets_a_ticket_learns_that_its_member_must_be_phoned(scene: Scene) -> None:
    async with scene.works.begin() as work:
        await work.session.run("INSERT INTO chat (chat_id, unreachable_since) VALUES (:chat, 1)", chat=MEMBER)
        told = await scene.move(work, DEPUTY, Why.LADDER)
        assert told[DEPUTY][-1] == "李建国已停用机器人，从这里看不到您的话，请电话联系。"


async def test_whoever_helped_and_has_it_now_is_no_guest_any_more(scene: Scene) -> None:
    async with scene.works.begin() as work:
        for account in (GENERAL, DEPUTY):
            await holdings.add_guest(
                work.session, 1, scene.members[account], asked_by=scene.members[SECRETARY], now=work.now
            )
        await scene.move(work, GENERAL, Why.CLAIMED, by=GENERAL)
        assert await holdings.guests(work.session, 1) == [scene.members[DEPUTY]]


async def test_only_secretaries_who_are_ready_are_asked_to_help_other_branches(scene: Scene) -> None:
    asked: list[Collection[int]] = []

    async def nobody(_: Reader, secretaries: Collection[int]) -> Collection[int]:
        asked.append(secretaries)
        return ()

    async with scene.works.begin() as work:
        ticket = await scene.ticket(work)
        await scene.move(work, DEPUTY, Why.LADDER)
        everybody = await people.heir(work.session, DESK, ticket, now=work.now)
        trained = dataclasses.replace(DESK, ready=nobody)
        ready = await people.heir(work.session, trained, ticket, now=work.now)
        assert (_name(everybody), _name(ready)) == ("孙丽", "赵敏")
        assert asked == [[scene.members[SIBLING]]]


async def test_a_ticket_nobody_can_have_is_nobodys(scene: Scene) -> None:
    async with scene.works.begin() as work:
        await work.session.run("UPDATE post SET until = :now", now=work.now)
        released = await ladder.looked_after(work, DESK, await scene.ticket(work))
        assert (released.owner_id, released.rung, released.deadline, released.next_at) == (None,) * 4
        assert [each.until for each in await holdings.of_ticket(work.session, 1)] == [work.now]
        assert await ladder.looked_after(work, DESK, released) == released
        acts = await work.session.all("SELECT act FROM audit")
        assert [row["act"] for row in acts] == ["ticket.released"]


async def _queued(work: Work, account: int) -> Sequence[str]:
    rows = await work.session.all(
        "SELECT payload FROM outgoing WHERE chat_id = :chat ORDER BY id", chat=account
    )
    return [json.loads(row["payload"]).get("text", "-") for row in rows]


def _name(holder: Holder | None) -> str | None:
    return None if holder is None else holder.name
