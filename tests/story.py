"""People of a story, played over HTTP as the sandbox's page plays them (see bot/sandbox/API.md); the bot polls over HTTP
as it would from Telegram. After every act the story goes on when nobody has anything left to do.
"""

import dataclasses
import io
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Self

import aiohttp

from bot.kit.clock import MINUTE, SECOND, from_local
from tests.harness import House


@dataclasses.dataclass(frozen=True, slots=True)
class Seen:
    """A message as a person sees it."""

    id: int
    text: str
    """Or the caption."""
    kind: str
    """"text", or the kind of media."""
    from_bot: bool
    reply_to: int | None
    rows: Sequence[Sequence[str]]
    """What stands on the buttons under it."""

    @classmethod
    def of(cls, message: dict[str, Any]) -> Self:
        media, reply_to = message["media"], message["reply_to"]
        return cls(
            id=message["message_id"],
            text=message["text"] or message["caption"] or "",
            kind=media["kind"] if media else "text",
            from_bot=message["from"]["is_bot"],
            reply_to=reply_to["message_id"] if reply_to else None,
            rows=[[button["text"] for button in row] for row in message["inline_keyboard"] or ()],
        )

    @property
    def buttons(self) -> list[str]:
        return [label for row in self.rows for label in row]

    def button(self, words: str) -> str:
        """What stands on the first button with these words."""
        return next(label for label in self.buttons if words in label)

    def place(self, button: str) -> tuple[int, int]:
        for number, row in enumerate(self.rows):
            if button in row:
                return number, row.index(button)
        raise AssertionError(f"no button {button!r}, but {self.buttons} under {self.text!r}")


class Story:
    """The house, and the way into it from outside."""

    def __init__(self, house: House, session: aiohttp.ClientSession) -> None:
        self.house = house
        self._session = session
        self._root = f"{house.sandbox.page_url}sandbox/"

    async def person(self, name: str, phone: str = "", **more: Any) -> "Someone":
        """Somebody with a Telegram client who has not started the bot yet."""
        added = await self.post("people", first_name=name, phone=phone, **more)
        return Someone(self, added["id"])

    async def passes(self, *, minutes: float = 0, seconds: float = 0) -> None:
        """Time goes by."""
        await self._until(self.house.clock.now() + round(minutes * MINUTE + seconds * SECOND))

    async def comes(self, day: int, hour: int, minute: int = 0) -> None:
        """It becomes this local time of November 2026."""
        await self._until(from_local(datetime(2026, 11, day, hour, minute, tzinfo=self.house.settings.zone)))

    async def get(self, path: str) -> Any:
        async with self._session.get(self._root + path) as response:
            return await _answer(response)

    async def post(self, path: str, **body: Any) -> Any:
        async with self._session.post(self._root + path, json=body) as response:
            return await _answer(response)

    async def upload(self, path: str, form: aiohttp.FormData) -> Any:
        async with self._session.post(self._root + path, data=form) as response:
            return await _answer(response)

    async def _until(self, instant: int) -> None:
        await self.house.settle()
        await self.post("clock", to=instant)
        await self.house.runtime.sweep()
        await self.house.settle()


class Someone:
    """A person in their private chat with the bot. `Seen` messages may be older than what stands there now."""

    def __init__(self, story: Story, person_id: int) -> None:
        self._story = story
        self._path = f"people/{person_id}"
        self.id = person_id

    # What they do

    async def starts(self, payload: str = "") -> Seen:
        """Presses Start or opens a deep link; the newest message."""
        await self._story.post(f"{self._path}/start", **({"payload": payload} if payload else {}))
        return await self._goes_on()

    async def says(self, text: str, *, to: Seen | None = None) -> Seen:
        """Types, perhaps replying; the newest message afterwards."""
        await self._story.post(f"{self._path}/text", chat_id=self.id, text=text, **_reply(to))
        return await self._goes_on()

    async def shares_contact(self, of: "Someone | None" = None) -> Seen:
        """The own contact, or one from the address book; the newest message afterwards."""
        owner = {"of": of.id} if of else {}
        await self._story.post(f"{self._path}/contact", chat_id=self.id, **owner)
        return await self._goes_on()

    async def forwards(self, message_id: int) -> Seen:
        """Into the same chat; the newest message afterwards."""
        await self._story.post(
            f"{self._path}/forward", chat_id=self.id, from_chat_id=self.id, message_id=message_id
        )
        return await self._goes_on()

    async def sends(
        self, kind: str, content: bytes, name: str, *, caption: str = "", to: Seen | None = None
    ) -> Seen:
        """Sends a file, perhaps replying; the newest message afterwards."""
        form = aiohttp.FormData({"chat_id": str(self.id), "kind": kind, "caption": caption})
        for field, value in _reply(to).items():
            form.add_field(field, str(value))
        form.add_field("file", io.BytesIO(content), filename=name, content_type="application/octet-stream")
        await self._story.upload(f"{self._path}/file", form)
        return await self._goes_on()

    async def taps(self, message: Seen, button: str) -> Seen:
        """Taps a button; the same message as it stands afterwards."""
        row, column = (await self.sees(message)).place(button)
        tapped = {"chat_id": self.id, "message_id": message.id, "row": row, "column": column}
        answered = await self._story.post(f"{self._path}/tap", **tapped)
        assert answered["answer"] is not None, f"nobody answered the tap on {button!r}"
        await self._story.house.settle()
        return await self.sees(message)

    # What they see

    async def chat(self) -> list[Seen]:
        """Oldest first, without service messages."""
        seen = await self._chat()
        return [Seen.of(message) for message in seen["messages"] if message["service"] is None]

    async def told(self) -> list[Seen]:
        """What the bot has sent, oldest first."""
        return [message for message in await self.chat() if message.from_bot]

    async def last(self) -> Seen:
        return (await self.chat())[-1]

    async def sees(self, message: Seen) -> Seen:
        """A message as it stands now."""
        return next(found for found in await self.chat() if found.id == message.id)

    async def finds(self, *words: str) -> Seen:
        """The newest message of the bot with all these words."""
        told = await self.told()
        for message in reversed(told):
            if all(word in message.text for word in words):
                return message
        raise AssertionError(f"{words} is in none of: {[message.text for message in told]}")

    async def offered(self, button: str) -> Seen:
        """The newest message with this button."""
        told = await self.told()
        for message in reversed(told):
            if button in message.buttons:
                return message
        raise AssertionError(f"{button!r} is under none of: {[(each.text, each.buttons) for each in told]}")

    async def count(self, words: str) -> int:
        """How many messages of the bot hold these words."""
        return sum(words in message.text for message in await self.told())

    async def commands(self) -> dict[str, str]:
        """The menu: descriptions by command."""
        seen = await self._chat()
        return {entry["command"]: entry["description"] for entry in seen["commands"]}

    async def keyboard(self) -> list[str]:
        """What stands on the keyboard below the chat."""
        markup = (await self._chat())["reply_keyboard"] or {}
        return [button["text"] for row in markup.get("keyboard", ()) for button in row]

    async def _chat(self) -> dict[str, Any]:
        seen: dict[str, Any] = await self._story.get(f"{self._path}/chats/{self.id}")
        return seen

    async def _goes_on(self) -> Seen:
        await self._story.house.settle()
        return await self.last()


@asynccontextmanager
async def open_story(house: House) -> AsyncIterator[Story]:
    async with aiohttp.ClientSession() as session:
        yield Story(house, session)


def _reply(to: Seen | None) -> dict[str, int]:
    return {"reply_to": to.id} if to else {}


async def _answer(response: aiohttp.ClientResponse) -> Any:
    assert response.status == 200, await response.text()
    return await response.json()
