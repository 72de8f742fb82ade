"""Receiving updates by webhook. 200 is answered only after the update is committed; with the database away, 503 with
Retry-After, and Telegram keeps the update.
"""

import hmac
import logging

from aiohttp import web

from bot.kit.database import Unavailable
from bot.kit.intake import FULL, Intake

log = logging.getLogger(__name__)

_RETRY_AFTER_SECONDS = "5"
_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name, not a secret


class Webhook:
    """An HTTP server for Telegram's posts at `path`; `/health` answers whether updates can be kept."""

    def __init__(self, intake: Intake, *, path: str, secret: str) -> None:
        """`ValueError` without a secret: anybody could then speak in Telegram's name."""
        if not secret:
            raise ValueError("a webhook needs a secret")
        self._intake = intake
        self._secret = secret
        self._app = web.Application(client_max_size=4 * 1024 * 1024)
        self._app.router.add_post(path, self._receive)
        self._app.router.add_get("/health", self._health)
        self._runner: web.AppRunner | None = None

    async def start(self, host: str, port: int) -> None:
        """Listens; `OSError` if the address is taken."""
        self._runner = web.AppRunner(self._app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _receive(self, request: web.Request) -> web.Response:
        given = request.headers.get(_SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(errors="surrogateescape"), self._secret.encode()):
            return web.Response(status=403)
        if self._intake.backlog > 5 * FULL:
            return _later()
        try:
            await self._intake.offer([await request.json()])
        except ValueError:
            return web.Response(status=400)
        except Unavailable:
            log.warning("database away; the update is left with Telegram")
            return _later()
        return web.Response()

    async def _health(self, _request: web.Request) -> web.Response:
        try:
            await self._intake.offer([])
        except Unavailable:
            return _later()
        return web.Response(text="ok")


def _later() -> web.Response:
    return web.Response(status=503, headers={"Retry-After": _RETRY_AFTER_SECONDS})
