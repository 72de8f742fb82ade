"""The clock, the picture and the raw client that the sandbox's tests share."""

import json
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.sandbox import Sandbox

TOKEN = "1000:sandbox"
START = 1_790_000_000_000
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000280000001e0080600000035d1dce4"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
"""Starts like a picture of 640 x 480."""


class HandClock:
    """Stands still until it is moved."""

    def __init__(self, now: int = START) -> None:
        self._now = now

    def now(self) -> int:
        return self._now

    def monotonic(self) -> float:
        return self._now / 1000

    async def move_to(self, instant: int) -> None:
        self._now = instant

    def forward(self, seconds: float) -> None:
        self._now += round(seconds * 1000)


@dataclass
class Reply:
    """Telegram's answer to a raw call."""

    status: int
    body: dict[str, Any]

    @property
    def result(self) -> Any:
        assert self.body["ok"], self.body
        return self.body["result"]

    @property
    def description(self) -> str:
        assert not self.body["ok"], self.body
        assert self.body["error_code"] == self.status
        return str(self.body["description"])


class Raw:
    """Calls as any HTTP client would make them: form fields, with JSON inside."""

    def __init__(self, session: aiohttp.ClientSession, sandbox: Sandbox) -> None:
        self.session = session
        self.sandbox = sandbox

    def url(self, method: str) -> str:
        return f"{self.sandbox.api_url}{TOKEN}/{method}"

    async def __call__(self, method: str, **parameters: Any) -> Reply:
        fields = {
            name: json.dumps(value) if isinstance(value, dict | list | bool) else str(value)
            for name, value in parameters.items()
        }
        async with self.session.post(self.url(method), data=fields) as response:
            return Reply(response.status, await response.json())
