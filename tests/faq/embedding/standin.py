"""A small embeddings server on a real port: vectors of hashed n-grams, and every way of going wrong as told."""

import asyncio
import zlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from aiohttp import web

MODEL = "stand-in"
Answer = Callable[[Sequence[str]], Awaitable[web.StreamResponse]]


class Standin:
    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        """The texts of each request."""
        self.headers: list[dict[str, str]] = []
        self.key: str | None = None
        """The one that is asked for."""
        self.dimension = 256
        self.means: dict[str, str] = {}
        """Texts that this model understands as others."""
        self.answer: Answer = self.well
        app = web.Application()
        app.router.add_post("/v1/embeddings", self._serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0.01)
        self._port = 0

    async def start(self) -> None:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """From now on its port is dead."""
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/v1"

    @property
    def texts(self) -> list[str]:
        return [text for texts in self.asked for text in texts]

    async def well(self, texts: Sequence[str]) -> web.StreamResponse:
        """As it should: the last first, for an answer's order is told by its indices alone."""
        data = [{"index": index, "embedding": self.vector(text)} for index, text in enumerate(texts)]
        return web.json_response({"object": "list", "data": data[::-1], "model": MODEL})

    async def never(self, _texts: Sequence[str]) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError

    def vector(self, text: str) -> list[float]:
        text = self.means.get(text, text)
        found = [0.0] * self.dimension
        for size in (1, 2, 3):
            for start in range(len(text) - size + 1):
                number = zlib.crc32(text[start : start + size].encode())
                found[number % self.dimension] += 1 if number & 0x10000 else -1
        return found if any(found) else [1.0] * self.dimension

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        asked: dict[str, Any] = await request.json()
        self.asked.append(asked["input"])
        self.headers.append(dict(request.headers))
        if self.key is not None and request.headers.get("Authorization") != f"Bearer {self.key}":
            return web.json_response({"error": {"message": "Incorrect API key"}}, status=401)
        if asked["model"] != MODEL:
            return web.json_response({"error": {"message": "model not found"}}, status=404)
        return await self.answer(asked["input"])


def saying(status: int, body: str | bytes) -> Answer:
    async def answer(_: Sequence[str]) -> web.StreamResponse:
        raw = body.encode() if isinstance(body, str) else body
        return web.Response(status=status, body=raw, content_type="application/json")

    return answer
