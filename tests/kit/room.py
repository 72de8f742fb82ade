"""A throw-away room over the real runtime, for the promises that the kit makes to rooms."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Annotated, Any

from telegram import User

from bot.kit import dialogue
from bot.kit.buttons import AtMost, Button
from bot.kit.clock import ManualClock
from bot.kit.context import Context
from bot.kit.database import SqliteDatabase
from bot.kit.groups import News
from bot.kit.i18n import Languages
from bot.kit.inbox import Received
from bot.kit.messages import Message
from bot.kit.pace import Limits
from bot.kit.router import Router
from bot.kit.runtime import Foundation, Runtime, TelegramAccess, WebhookAddress
from bot.kit.sweeps import Sweep
from bot.kit.work import Work
from tests.kit.bot_api import TOKEN, BotApiServer
from tests.kit.fakes import Watched


@dataclasses.dataclass(frozen=True, slots=True)
class Person:
    id: int
    language: str


Ctx = Context[Person]
Act = Callable[[Ctx], Awaitable[None]]


class Pick(Button, tag="t.pick"):
    number: int
    word: Annotated[str, AtMost(20)] = ""


class Agree(Button, tag="t.agree"):
    """One that is settled before everybody."""


class Naming(dialogue.Dialogue, tag="t.name"):
    tries: int


class Counting(dialogue.Dialogue, tag="t.count"):
    """A dialogue whose room is no longer there."""


class Room:
    """What the handlers do is set by the test; what they did stands in the audit table."""

    def __init__(self, router: Router[Person]) -> None:
        self.acts: dict[str, Act] = {}
        router.command("start", self._go, about="Start")
        router.command("go", self._go, about="Go")
        router.command("other", self._other, about="Other", shown_to=lambda person: person.id == 1)
        router.button(Pick, self._picked)
        router.dialogue(Naming, self._named)
        router.message(self._claim_questions)
        router.message(self._claim_rest)
        router.edited(self._edited)
        router.membership(self._membership)
        router.button(Agree, self._agreed, in_group=True)
        router.reaction(self._reacted)
        router.group_command("team", self._team)
        router.group_message(self._claim_in_group)
        router.group_edited(self._edited_in_group)
        router.group_news(self._hear)
        router.inline(self._asked_inline, chosen=self._chosen)

    async def _go(self, context: Ctx) -> None:
        await self._note(context, "go")

    async def _other(self, context: Ctx) -> None:
        await self._note(context, "other")

    async def _picked(self, context: Ctx, button: Pick) -> None:
        await self._note(context, f"picked {button.number}{button.word}")

    async def _named(self, context: Ctx, naming: Naming) -> None:
        await self._note(context, f"named {naming.tries} {context.message.text}")

    async def _claim_questions(self, context: Ctx) -> bool:
        if not (context.message.text or "").endswith("?"):
            return False
        await self._note(context, "question")
        return True

    async def _claim_rest(self, context: Ctx) -> bool:
        await self._note(context, f"text {context.message.text}")
        return True

    async def _edited(self, context: Ctx) -> None:
        await self._note(context, f"edited {context.message.text}")

    async def _membership(self, context: Ctx) -> None:
        await self._note(context, "membership")

    async def _agreed(self, context: Ctx, _: Agree) -> None:
        await self._note(context, "agreed")

    async def _reacted(self, context: Ctx) -> None:
        await self._note(context, "reacted")

    async def _team(self, context: Ctx) -> None:
        await self._note(context, f"team of {context.actor.id}")

    async def _claim_in_group(self, context: Ctx) -> bool:
        await self._note(context, f"heard {context.message.text}")
        return True

    async def _edited_in_group(self, context: Ctx) -> None:
        await self._note(context, f"reheard {context.message.text}")

    async def _hear(self, work: Work, news: News) -> None:
        await work.audit(f"news {news}", by=None, subject="group")

    async def _asked_inline(self, context: Ctx) -> None:
        await self._note(context, f"inline {context.inline.query} of {context.actor.id}")

    async def _chosen(self, context: Ctx) -> None:
        await self._note(context, f"chosen {context.chosen.result_id}")

    async def _note(self, context: Ctx, what: str) -> None:
        await context.audit(what, by=None, subject=f"person:{context.user.id}")
        if act := self.acts.get(what.split(" ", maxsplit=1)[0]):
            await act(context)


class Kit:
    """The kit as an application wires it, with the room in it."""

    def __init__(
        self,
        server: BotApiServer,
        database: SqliteDatabase,
        clock: ManualClock,
        languages: Languages,
        *,
        token: str = TOKEN,
        sweeps: Sequence[Sweep] = (),
        webhook: WebhookAddress | None = None,
    ) -> None:
        self.server = server
        self.clock = clock
        self.writer = database._writing
        self.database = Watched(database)
        access = TelegramAccess(token, server.url, server.url)
        self.foundation = Foundation(self.database, clock, languages, access, Limits())
        self.router: Router[Person] = Router(self.foundation.works, _resolve, _recognise)
        self.room = Room(self.router)
        self.runtime = Runtime(
            self.foundation, self.router, sweeps, _apologise, webhook=webhook, side_by_side=4
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        await self.runtime.start()
        try:
            yield
        finally:
            await self.runtime.stop()

    async def take(self, *updates: Any) -> None:
        """Gives the updates to the intake and moves the clock until all of them are settled."""
        await self.runtime.intake.offer(updates)
        async with asyncio.timeout(10):
            while self.runtime.intake.backlog:
                await self.runtime.intake.rested()
                wake_at = self.clock.next_wake()
                await (asyncio.sleep(0) if wake_at is None else self.clock.move_to(wake_at))
        await self.runtime.rested()

    async def rows(self, sql: str, **parameters: Any) -> list[Any]:
        """The rows; single columns as plain values."""
        async with self.foundation.works.reading() as reader:
            found = await reader.all(sql, **parameters)
        return [next(iter(row.values())) if len(row) == 1 else dict(row) for row in found]

    async def noted(self) -> list[str]:
        return await self.rows("SELECT act FROM audit ORDER BY id")

    async def said(self) -> list[str]:
        """The texts sent, in order."""
        return [str(parameters["text"]) for parameters in self.server.called("sendMessage")]

    async def states(self) -> list[str]:
        return await self.rows("SELECT state FROM inbox ORDER BY seq")


async def _resolve(_: Work, user: User) -> Person:
    return Person(user.id, "en" if user.language_code == "en" else "zh_CN")


async def _recognise(_: Work, user: User) -> Person:
    return Person(-user.id, "en")


async def _apologise(work: Work, update: Received) -> None:
    await work.out.send(update.lane, Message("sorry"), key=f"sorry:{update.update_id}")
