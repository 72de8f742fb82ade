"""A small Bot API on a real port, for the parts that speak HTTP: it records calls and answers as told."""

import asyncio
import itertools
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

TOKEN = "123:abc"


class BotApiServer:
    def __init__(self) -> None:
        self.calls: list[tuple[str, Mapping[str, Any]]] = []
        self.answers: dict[str, Callable[[Mapping[str, Any]], web.Response]] = {}
        """Other answers than success, by method."""
        self.hanging: set[str] = set()
        """Methods that are never answered."""
        self.updates: asyncio.Queue[list[Mapping[str, Any]]] = asyncio.Queue()
        """What getUpdates hands out, one list a call; with none there, it hangs as a long poll does."""
        self._ids = itertools.count(1)
        app = web.Application()
        app.router.add_post("/bot{token}/{method}", self._serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0.01)

    async def start(self) -> None:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()

    async def stop(self) -> None:
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}/bot"

    def called(self, method: str) -> list[Mapping[str, Any]]:
        return [parameters for name, parameters in self.calls if name == method]

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        json = request.content_type == "application/json"
        parameters: dict[str, Any] = await request.json() if json else dict(await request.post())
        self.calls.append((method, parameters))
        if request.match_info["token"] != TOKEN:
            return refused(401, "Unauthorized")
        if method in self.hanging:
            await asyncio.Event().wait()
        if method in self.answers:
            return self.answers[method](parameters)
        if method == "getUpdates":
            return _ok(await self.updates.get())
        if method == "getMe":
            return _ok({"id": 1, "is_bot": True, "first_name": "Zhibu", "username": "zhibu_bot"})
        if method.startswith(("send", "copy")) and method != "sendChatAction":
            chat = {"id": int(parameters["chat_id"]), "type": "private"}
            return _ok({"message_id": next(self._ids), "date": 0, "chat": chat})
        return _ok(True)


def _ok(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def refused(code: int, description: str, **parameters: Any) -> web.Response:
    document = {"ok": False, "error_code": code, "description": description, "parameters": parameters}
    return web.json_response(document, status=code)
