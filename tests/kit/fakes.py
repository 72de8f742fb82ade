"""A Telegram that does what a test tells it to, without a network; a database that can be away; updates."""

import asyncio
import dataclasses
import itertools
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from bot.kit.clock import ManualClock
from bot.kit.database import Reader, Session, SqliteDatabase, Unavailable
from bot.kit.transport import READ_SECONDS, Attachment


@dataclasses.dataclass(frozen=True, slots=True)
class Received:
    method: str
    parameters: Mapping[str, Any]
    attachments: Sequence[Attachment]
    at: float


class FakeTelegram:
    """Records calls and answers each with the next message id, or as `answer` says (returned or raised)."""

    def __init__(self, clock: ManualClock, answer: Callable[[Received], Any] | None = None) -> None:
        self.calls: list[Received] = []
        self.answer = answer
        self.gate: asyncio.Event | None = None
        """While set and closed, answers are held back."""
        self._clock = clock
        self._ids = itertools.count(1)

    async def call(
        self,
        method: str,
        parameters: Mapping[str, Any],
        attachments: Sequence[Attachment] = (),
        *,
        patience: float = READ_SECONDS,
    ) -> Any:
        received = Received(method, parameters, attachments, self._clock.monotonic())
        self.calls.append(received)
        if self.gate is not None:
            await self.gate.wait()
        result = self.answer(received) if self.answer is not None else None
        if isinstance(result, Exception):
            raise result
        return {"message_id": next(self._ids)} if result is None else result

    @property
    def texts(self) -> list[str]:
        return [str(call.parameters.get("text")) for call in self.calls]


class Watched:
    """A real database whose transactions and readings are counted, and which can be away."""

    def __init__(self, database: SqliteDatabase) -> None:
        self.transactions = 0
        self.readings = 0
        self.away = False
        self._database = database

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Session]:
        if self.away:
            raise Unavailable("away")
        self.transactions += 1
        async with self._database.transaction() as session:
            yield session
            if self.away:
                raise Unavailable("went away before the commit")

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Reader]:
        if self.away:
            raise Unavailable("away")
        self.readings += 1
        async with self._database.reading() as reader:
            yield reader

    async def close(self) -> None:
        await self._database.close()


async def until(condition: Callable[[], bool]) -> None:
    """Lets everybody else go on until the condition holds; fails after five seconds."""
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0)


async def some_turns(turns: int = 50) -> None:
    """Gives everybody else the chance to do what they should not do yet."""
    for _ in range(turns):
        await asyncio.sleep(0)


def private_message(update_id: int, person: int, text: str = "hello", **more: Any) -> dict[str, Any]:
    """An update as Telegram sends it: a person writes to the bot."""
    return {"update_id": update_id, "message": _message(update_id, person, text=text, **more)}


def command(update_id: int, person: int, text: str) -> dict[str, Any]:
    length = len(text.split(maxsplit=1)[0])
    entities = [{"type": "bot_command", "offset": 0, "length": length}]
    return private_message(update_id, person, text, entities=entities)


def edited_message(update_id: int, person: int, text: str) -> dict[str, Any]:
    message = _message(update_id, person, text=text, edit_date=1_700_000_001)
    return {"update_id": update_id, "edited_message": message}


def tap(update_id: int, person: int, data: str, *, accessible: bool = True) -> dict[str, Any]:
    """A person taps a button under a message of the bot."""
    message = _message(7, person, text="a card") | {"date": 1_700_000_000 if accessible else 0}
    return {
        "update_id": update_id,
        "callback_query": {
            "id": f"query{update_id}",
            "from": _user(person),
            "message": message,
            "chat_instance": "1",
            "data": data,
        },
    }


def inline_query(update_id: int, person: int, query: str) -> dict[str, Any]:
    """A person types the bot's name and then `query`, in whatever chat."""
    typed = {"id": f"query{update_id}", "from": _user(person), "query": query, "offset": ""}
    return {"update_id": update_id, "inline_query": typed}


def chosen_result(update_id: int, person: int, result: str) -> dict[str, Any]:
    """A person takes one of the results."""
    chosen = {"result_id": result, "from": _user(person), "query": "q"}
    return {"update_id": update_id, "chosen_inline_result": chosen}


def membership(update_id: int, person: int, status: str) -> dict[str, Any]:
    """A person blocks the bot ('kicked') or starts it again ('member')."""
    bot = {"id": 1, "is_bot": True, "first_name": "Zhibu"}

    def member(status: str) -> dict[str, Any]:
        return {"user": bot, "status": status} | ({"until_date": 0} if status == "kicked" else {})

    other = "member" if status == "kicked" else "kicked"
    return {
        "update_id": update_id,
        "my_chat_member": {
            "chat": _private(person),
            "from": _user(person),
            "date": 1_700_000_000,
            "old_chat_member": member(other),
            "new_chat_member": member(status),
        },
    }


def _message(message_id: int, person: int, **content: Any) -> dict[str, Any]:
    base = {"message_id": message_id, "date": 1_700_000_000, "chat": _private(person), "from": _user(person)}
    return {**base, **content}


def _private(person: int) -> dict[str, Any]:
    return {"id": person, "type": "private", "first_name": "P"}


def _user(person: int) -> dict[str, Any]:
    return {"id": person, "is_bot": False, "first_name": "P"}
