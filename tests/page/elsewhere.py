"""People whose phones lie on no table: they act through the sandbox's people API while the page shows somebody else's."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import aiohttp

from tests.page.hands import PATIENCE, Demo


class Elsewhere:
    """The world around the page."""

    def __init__(self, session: aiohttp.ClientSession, root: str) -> None:
        self._session = session
        self._root = root

    async def person(self, name: str) -> "Person":
        people = (await self.get("state"))["people"]
        return Person(self, next(each["id"] for each in people if each["first_name"] == name))

    async def it_becomes(self, instant: datetime) -> None:
        await self.post("clock", to=round(instant.timestamp() * 1000))

    async def get(self, path: str) -> Any:
        async with self._session.get(f"{self._root}sandbox/{path}") as response:
            response.raise_for_status()
            return await response.json()

    async def post(self, path: str, **body: Any) -> Any:
        async with self._session.post(f"{self._root}sandbox/{path}", json=body) as response:
            assert response.ok, await response.text()
            return await response.json()


class Person:
    def __init__(self, world: Elsewhere, person_id: int) -> None:
        self._world = world
        self._path = f"people/{person_id}"
        self.id = person_id

    async def joins(self) -> None:
        """Starts the bot and shares their number, and is known from then on."""
        await self._world.post(f"{self._path}/start")
        await self.reads("我去名册里找您")
        await self._world.post(f"{self._path}/contact", chat_id=self.id)
        await self.reads("找到您了")

    async def says(self, text: str) -> None:
        await self._world.post(f"{self._path}/text", chat_id=self.id, text=text)

    async def asks(self, question: str) -> None:
        """Asks what nobody has an answer to, and does not wait."""
        await self.says(question)
        offer = await self.reads("没有现成的答案", "您问的是哪一个")
        if "您问的是哪一个" in offer["text"]:
            await self.taps("都不是", offer)
            offer = await self.reads("正在转给")
        await self.taps("马上转", offer)
        await self.reads("已转给您的支部书记")

    async def taps(self, label: str, message: dict[str, Any]) -> None:
        for row, buttons in enumerate(message["inline_keyboard"]):
            for column, button in enumerate(buttons):
                if label in button["text"]:
                    place = {"message_id": message["message_id"], "row": row, "column": column}
                    await self._world.post(f"{self._path}/tap", chat_id=self.id, **place)
                    return
        raise AssertionError(f"no button {label!r} under {message['text']!r}")

    async def reads(self, *words: str) -> dict[str, Any]:
        """The newest message of the bot's with any of these words, once it is there."""
        until = time.monotonic() + PATIENCE / 1000
        while True:
            chat = await self._world.get(f"{self._path}/chats/{self.id}")
            said = [each for each in reversed(chat["messages"]) if each["from"]["is_bot"]]
            for message in said:
                if any(each in (message["text"] or message["caption"] or "") for each in words):
                    return dict(message)
            assert time.monotonic() < until, f"{words!r} is in none of {[each['text'] for each in said]}"
            await asyncio.sleep(0.05)  # the other process tells only the page that something is new


@asynccontextmanager
async def elsewhere(demo: Demo) -> AsyncIterator[Elsewhere]:
    async with aiohttp.ClientSession() as session:
        yield Elsewhere(session, demo.address)
