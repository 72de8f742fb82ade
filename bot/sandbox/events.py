"""The page's event stream (server-sent events)."""

import asyncio
import json
from typing import Any

from aiohttp import web

from bot.sandbox.changes import Change
from bot.sandbox.core import Core
from bot.sandbox.views import page_chat, page_message, person_json

_KEEP_ALIVE_SECONDS = 15.0


class Events:
    """`GET /sandbox/events?after=CURSOR`: what happened since, and then what happens, until either side ends it."""

    def __init__(self, core: Core) -> None:
        self._core = core

    async def handle(self, request: web.Request) -> web.StreamResponse:
        after = request.headers.get("Last-Event-ID") or request.query.get("after", "")
        try:
            cursor = int(after) if after else self._core.changes.cursor
        except ValueError:
            return web.json_response({"error": "after must be a number"}, status=400)
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        write = asyncio.Lock()
        alive = asyncio.get_running_loop().create_task(self._keep_alive(response, write))
        try:
            async for change in self._core.changes.follow(cursor):
                async with write:
                    await response.write(self._event(change))
        except ConnectionError:
            pass
        finally:
            alive.cancel()
        return response

    @staticmethod
    async def _keep_alive(response: web.StreamResponse, write: asyncio.Lock) -> None:
        """Comments, so that neither side takes a quiet stream for a dead one."""
        while True:
            async with write:
                await response.write(b": \n\n")
            await asyncio.sleep(_KEEP_ALIVE_SECONDS)

    def _event(self, change: Change | None) -> bytes:
        if change is None:
            return _packed(self._core.changes.cursor, "reset", {})
        kind, data = self._data(change)
        return _packed(change.cursor, kind, data)

    def _data(self, change: Change) -> tuple[str, Any]:
        """Kind and data as they are now; a message that is gone by now is told as deleted."""
        world = self._core.world
        place = {"chat_id": change.chat_id, "message_id": change.message_id}
        match change.kind:
            case "message" | "edit":
                chat = world.chats.get(change.chat_id)
                message = None if chat is None else chat.messages.get(change.message_id)
                return ("delete", place) if message is None else (change.kind, page_message(world, message))
            case "delete":
                return "delete", place
            case "chat":
                return "chat", page_chat(world, world.chats[change.chat_id])
            case "person":
                return "person", person_json(world.users[change.data["person"]])
            case "keyboard":
                person = change.data["person"]
                shown = world.chats[change.chat_id].reply_keyboards.get(person)
                return "keyboard", {"chat_id": change.chat_id, "person": person, "reply_keyboard": shown}
            case "action":
                return "action", {"chat_id": change.chat_id, **change.data}
            case "clock":
                return "clock", {"now": self._core.clock.now()}
            case _:
                return change.kind, change.data


def _packed(cursor: int, kind: str, data: Any) -> bytes:
    return f"id: {cursor}\nevent: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
