"""The helpdesk at its own front door: the real intake, router, courier and sweeps on the embedded Bot API, with a FAQ
beside it that never knows an answer.
"""

import asyncio
import dataclasses
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from bot import helpdesk
from bot.helpdesk import Desk, Helpdesk, Origin, Question
from bot.helpdesk.calendar import Hours
from bot.kit.buttons import Button
from bot.kit.clock import HOUR, MINUTE, SECOND, ManualClock
from bot.kit.database import Row, SqliteDatabase
from bot.kit.i18n import Languages
from bot.kit.inbox import Received
from bot.kit.messages import Message
from bot.kit.pace import Limits
from bot.kit.router import Router
from bot.kit.runtime import Foundation, Runtime, TelegramAccess
from bot.kit.work import Work
from bot.roster import Ctx
from bot.roster.model import Actor, Role
from bot.roster.service import recognise, resolve_actor
from bot.sandbox import Person, Sandbox, SeenMessage
from tests import factories
from tests.conftest import ZONE

TOKEN = "1000:sandbox"

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001e221bc330000"
    "000049454e44ae426082"
)


DESK = Desk.of(
    hours=Hours.parse("08:30-17:30"), answer_hours=4, zone=ZONE, gather_seconds=60, ticket_days=365
)


class Unsolved(Button, tag="test.unsolved"):
    """As under an answer of the FAQ: the question was asked some time ago, in another message."""


class Counter:
    """The running helpdesk and the people before and behind it."""

    def __init__(self, sandbox: Sandbox, clock: ManualClock, path: Path, languages: Languages) -> None:
        self.sandbox = sandbox
        self.clock = clock
        self.desk = DESK
        self.prepared = Question("卡住了", Origin.WALKTHROUGH)
        """What is opened at once for somebody who writes 卡住了, as the walk-through would."""
        self.learnt: list[tuple[int, int, str, str, tuple[str, ...]]] = []
        """What the FAQ was offered: branch, account, question, answer, entries shown."""
        self._path = path
        self._languages = languages
        self._runtime: Runtime | None = None
        self._foundation: Foundation | None = None
        self.tree = factories.Tree(0, 0, 0, 0)
        self.members: dict[str, int] = {}

    @property
    def runtime(self) -> Runtime:
        assert self._runtime is not None
        return self._runtime

    @property
    def foundation(self) -> Foundation:
        assert self._foundation is not None
        return self._foundation

    async def open(self) -> None:
        database = await SqliteDatabase.open(self._path)
        access = TelegramAccess(TOKEN, self.sandbox.api_url, self.sandbox.file_url)
        self._foundation = Foundation(database, self.clock, self._languages, access, Limits())
        router: Router[Actor] = Router(self._foundation.works, resolve_actor, recognise)
        room = helpdesk.register(router, self.desk, titles=_titles, learn=self._learn, courtesy=_is_courtesy)
        for claim in room.claims:
            router.message(claim)
        router.button(Unsolved, _unsolved(room))
        router.message(self._walkthrough(room))
        router.message(_faq_that_knows_nothing(room))
        self._runtime = Runtime(
            self._foundation, router, helpdesk.sweeps(self.desk), _apologise, webhook=None, side_by_side=8
        )
        await self._runtime.start()

    async def close(self) -> None:
        await self.runtime.stop()

    async def restart(self) -> None:
        await self.close()
        await self.open()

    async def person(self, name: str, *posts: tuple[int, Role], branch: int | None = None) -> Person:
        """A member with a Telegram client who has pressed Start and been answered."""
        person = await self.comes(name, *posts, branch=branch)
        await self.settle()
        return person

    async def comes(self, name: str, *posts: tuple[int, Role], branch: int | None = None) -> Person:
        """As `person`, not answered yet: whoever comes together is answered together."""
        person = self.sandbox.add_person(first_name=name)
        async with self.work() as work:
            self.members[name] = await factories.member(
                work.session, name, branch or self.tree.branch, account=person.id, posts=posts
            )
        await person.start()
        return person

    async def settle(self) -> None:
        async with asyncio.timeout(20):
            while True:
                await self.sandbox.confirmed()
                await self.runtime.rested()
                waiting = await self.rows("SELECT 1 FROM outgoing WHERE state = 'waiting' LIMIT 1")
                if not waiting and not self.runtime.intake.backlog:
                    return
                # Without a sleeper somebody has just been woken: let them run.
                wake_at = self.clock.next_wake()
                if wake_at is not None:
                    await self.clock.move_to(wake_at)
                await asyncio.sleep(0)

    async def advance(self, *, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        await self.settle()
        later = self.clock.now() + round(hours * HOUR + minutes * MINUTE + seconds * SECOND)
        await self.clock.move_to(later)
        await self.runtime.sweep()
        await self.settle()

    def work(self) -> AbstractAsyncContextManager[Work]:
        """A unit of work, for arranging rows."""
        return self.foundation.works.begin()

    async def rows(self, sql: str, **parameters: Any) -> Sequence[Row]:
        async with self.foundation.works.reading() as reader:
            return await reader.all(sql, **parameters)

    async def _learn(
        self, ctx: Ctx, *, branch_id: int, account_id: int, question: str, answer: str, shown: Sequence[str]
    ) -> None:
        self.learnt.append((branch_id, account_id, question, answer, tuple(shown)))

    def _walkthrough(self, room: Helpdesk) -> helpdesk.Claim:
        async def claim(ctx: Ctx) -> bool:
            if ctx.message.text != "卡住了":
                return False
            await room.open(ctx, self.prepared)
            return True

        return claim

    async def ticket(self) -> Row:
        """The newest ticket's row."""
        (row,) = await self.rows("SELECT * FROM ticket ORDER BY id DESC LIMIT 1")
        return row


@dataclasses.dataclass(slots=True)
class Office:
    """A branch with its people, at a counter that is open."""

    counter: Counter
    member: Person
    """李建国, of 采油三队党支部."""
    secretary: Person
    """王梅, its secretary."""
    deputy: Person
    """张强, its deputy."""
    general: Person
    """赵敏, of the general branch above."""
    sibling: Person
    """孙丽, secretary of the next branch."""

    async def asked(self, text: str = "验证码一直收不到") -> SeenMessage:
        """李建国 asks, does not wait, and 王梅 has the card: returned as she sees it."""
        await self.member.says(text)
        await self.counter.settle()
        await self.member.taps(found(self.member, "正在转给"), "马上转")
        await self.counter.settle()
        return found(self.secretary, "直接回复这条消息")

    async def answered(self, text: str = "先把短信箱清一清") -> SeenMessage:
        """王梅 has answered; her words as 李建国 sees them."""
        card = await self.asked()
        await self.secretary.says(text, reply_to=card)
        await self.counter.settle()
        return found(self.member, text)


def found(person: Person, words: str) -> SeenMessage:
    """The newest message in the private chat, from the bot, that holds these words."""
    for message in reversed(person.chat()):
        if message.from_bot and words in message.text:
            return message
    raise AssertionError(f"{words!r} is in none of: {said_to(person)}")


def said_to(person: Person) -> list[str]:
    """What the bot has written to this person, oldest first."""
    return [message.text for message in person.chat() if message.from_bot]


async def told(
    person: Person, message: SeenMessage, button: str | None = None, *, data: str | None = None
) -> str:
    """What is answered over the chat to a tap."""
    answer = await person.answer(await person.taps(message, button, data=data))
    assert answer is not None
    return answer.text or ""


@pytest.fixture
async def counter(clock: ManualClock, database_path: Path, languages: Languages) -> AsyncIterator[Counter]:
    sandbox = Sandbox(token=TOKEN, clock=clock, random=random.Random(7))
    await sandbox.start()
    opened = Counter(sandbox, clock, database_path, languages)
    await opened.open()
    async with opened.work() as work:
        opened.tree = await factories.tree(work.session)
    yield opened
    await opened.close()
    await sandbox.stop()


@pytest.fixture
async def office(counter: Counter) -> Office:
    tree = counter.tree
    opened = Office(
        counter,
        member=await counter.comes("李建国"),
        secretary=await counter.comes("王梅", (tree.branch, Role.SECRETARY)),
        deputy=await counter.comes("张强", (tree.branch, Role.DEPUTY)),
        general=await counter.comes("赵敏", (tree.general, Role.GENERAL), branch=tree.sibling),
        sibling=await counter.comes("孙丽", (tree.sibling, Role.SECRETARY), branch=tree.sibling),
    )
    await counter.settle()
    return opened


async def _titles(ctx: Ctx, ids: Sequence[str]) -> Sequence[tuple[str, str]]:
    return [(each, f"{each} 怎么办") for each in ids]


def _is_courtesy(text: str) -> bool:
    return text in {"谢谢", "好的", "收到"}


def _faq_that_knows_nothing(room: Helpdesk) -> helpdesk.Claim:
    async def claim(ctx: Ctx) -> bool:
        text = ctx.message.text
        if not text or text.startswith("/"):
            return False
        if _is_courtesy(text):
            await ctx.reply(Message("不客气"))
            return True
        await room.offer(ctx, text, ("login-sms",) if "验证码" in text else ())
        return True

    return claim


def _unsolved(room: Helpdesk) -> Callable[[Ctx, Unsolved], Awaitable[None]]:
    async def act(ctx: Ctx, _: Unsolved) -> None:
        await room.offer(ctx, "早些时候问的", ("pay-how",))

    return act


async def _apologise(work: Work, received: Received) -> None:
    await work.out.send(received.lane, Message("apology"), key=f"apology:{received.update_id}")
