"""Acts that are tried and taken back: every button, command and dialogue of the bot, by everybody.

Each registered act is wrapped: it runs in its real transaction, on a real update that came in at the front door; what it
did is noted, and then the transaction is rolled back. So thousands of acts can be tried on one and the same world.
"""

import dataclasses
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, cast

import pytest

from bot.kit.buttons import Button
from bot.kit.context import WorkOutside
from bot.kit.database import Session
from bot.kit.dialogue import Dialogue
from bot.kit.errors import Refusal
from bot.kit.router import Router
from bot.roster import Ctx

_CHANGES = re.compile(r"\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+(\w+)", re.IGNORECASE)

_ONES_OWN = frozenset({"account", "dialogue", "upload", "join_attempt"})
"""Rows that are only about the acting person and the bot."""


class Probed(Refusal):
    """This was only tried."""


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an act."""

    refusal: str | None
    """The name of the refusal, if there was one."""
    changed: frozenset[str]
    """The tables it wrote to, but for those that are only about the acting person."""
    said: str
    """Everything it queued to be sent to the acting person."""


class Probe:
    """What the wrapped acts note down."""

    def __init__(self) -> None:
        self.buttons: dict[str, type[Button]] = {}
        self.commands: list[str] = []
        self.group_commands: list[str] = []
        self.dialogues: dict[str, type[Dialogue]] = {}
        self.outcomes: dict[str, Outcome] = {}
        """By the id of the tap, or of the person and the message."""

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """From now on what is registered with a router is wrapped."""
        button, command, dialogue = Router.button, Router.command, Router.dialogue
        group_command = Router.group_command

        def register_button(router: Router[Any], kind: type[Button], act: Any, **more: Any) -> None:
            self.buttons[kind.tag] = kind
            button(router, kind, self._wrapped(act), **more)

        def register_command(router: Router[Any], name: str, act: Any, **more: Any) -> None:
            self.commands.append(name)
            command(router, name, self._wrapped(act), **more)

        def register_dialogue(router: Router[Any], kind: type[Dialogue], act: Any) -> None:
            self.dialogues[kind.tag] = kind
            dialogue(router, kind, self._wrapped(act))

        def register_group_command(router: Router[Any], name: str, act: Any) -> None:
            self.group_commands.append(name)
            group_command(router, name, self._wrapped(act))

        monkeypatch.setattr(Router, "group_command", register_group_command)
        monkeypatch.setattr(Router, "dialogue", register_dialogue)
        monkeypatch.setattr(Router, "button", register_button)
        monkeypatch.setattr(Router, "command", register_command)

    def _wrapped(self, act: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        async def run(ctx: Ctx, *value: Button | Dialogue) -> None:
            last = await ctx.session.value("SELECT COALESCE(MAX(id), 0) FROM outgoing")
            session = ctx.session
            recorder = _Recorder(session)
            ctx.session = cast(Session, recorder)
            refusal = None
            try:
                await act(ctx, *value)
            except WorkOutside:
                raise
            except Refusal as refused:
                refusal = type(refused).__name__
            rows = await session.all(
                "SELECT payload FROM outgoing WHERE id > :last AND chat_id = :me", last=last, me=ctx.user.id
            )
            said = "" if refusal else "\n".join(row["payload"] for row in rows)
            changed = frozenset() if refusal else frozenset(recorder.changed) - _ONES_OWN
            query = ctx.update.callback_query
            done = f"{ctx.user.id}/{ctx.message.message_id}" if query is None else query.id
            self.outcomes[done] = Outcome(refusal, changed, said)
            raise Probed

        return run


class _Recorder:
    def __init__(self, session: Any) -> None:
        self._session = session
        self.changed: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    async def run(self, sql: str, **parameters: Any) -> Any:
        done = await self._session.run(sql, **parameters)
        if done:
            self._note(sql)
        return done

    async def first(self, sql: str, **parameters: Any) -> Mapping[str, Any] | None:
        row: Mapping[str, Any] | None = await self._session.first(sql, **parameters)
        if row is not None:
            self._note(sql)
        return row

    async def value(self, sql: str, **parameters: Any) -> Any:
        self._note(sql)
        return await self._session.value(sql, **parameters)

    def _note(self, sql: str) -> None:
        found = _CHANGES.match(sql)
        if found is not None:
            self.changed.add(found.group(1))
