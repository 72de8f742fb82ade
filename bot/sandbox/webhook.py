"""Delivery of updates to the bot's webhook: parallel between chats, in order within one, until a 200 comes."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import aiohttp

from bot.sandbox.faults import WEBHOOK, FaultKind, Faults
from bot.sandbox.limits import Limits
from bot.sandbox.updates import Update, Updates
from bot.sandbox.world import Json

_TIMEOUT = aiohttp.ClientTimeout(total=60)
_LONGEST_RETRY_AFTER = 3600.0


@dataclass(slots=True)
class WebhookSettings:
    """As set by setWebhook; `last_error` and its date (UTC seconds) as getWebhookInfo shows them."""

    url: str
    secret_token: str = ""
    max_connections: int = 40
    ip_address: str = ""
    has_certificate: bool = False
    last_error_date: int = 0
    last_error: str = ""

    def info(self, pending: int) -> Json:
        document: Json = {
            "url": self.url,
            "has_custom_certificate": self.has_certificate,
            "pending_update_count": pending,
            "max_connections": self.max_connections,
        }
        if self.ip_address:
            document["ip_address"] = self.ip_address
        if self.last_error:
            document |= {"last_error_date": self.last_error_date, "last_error_message": self.last_error}
        return document


class WebhookSender:
    """Runs from `start` to `stop`. `now` gives UTC seconds for the date of the last error."""

    def __init__(
        self,
        settings: WebhookSettings,
        updates: Updates,
        limits: Limits,
        faults: Faults,
        now: Callable[[], int],
    ) -> None:
        self.settings = settings
        self._updates = updates
        self._limits = limits
        self._faults = faults
        self._now = now
        self._lanes: dict[int, deque[Update]] = {}
        self._workers: set[asyncio.Task[None]] = set()
        self._connections = asyncio.Semaphore(settings.max_connections)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        """Nothing more is sent after this returns; what was not confirmed stays pending."""
        tasks = [task for task in (self._task, *self._workers) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._task = None
        self._lanes.clear()

    async def _run(self) -> None:
        connector = aiohttp.TCPConnector(limit=self.settings.max_connections)
        async with aiohttp.ClientSession(connector=connector, timeout=_TIMEOUT) as session:
            news = asyncio.Event()
            sent_through = 0
            try:
                while True:
                    news.clear()
                    for update in [u for i, u in self._updates.pending.items() if i > sent_through]:
                        sent_through = update.update_id
                        self._queue(session, update)
                    await self._updates.news(news)
            finally:
                for worker in self._workers:
                    worker.cancel()

    def _queue(self, session: aiohttp.ClientSession, update: Update) -> None:
        lane = self._lanes.get(update.lane)
        if lane is not None:
            lane.append(update)
            return
        self._lanes[update.lane] = deque([update])
        worker = asyncio.get_running_loop().create_task(self._work(session, update.lane))
        self._workers.add(worker)
        worker.add_done_callback(self._workers.discard)

    async def _work(self, session: aiohttp.ClientSession, lane: int) -> None:
        queue = self._lanes[lane]
        try:
            while queue:
                await self._deliver(session, queue[0])
                queue.popleft()
        finally:
            del self._lanes[lane]

    async def _deliver(self, session: aiohttp.ClientSession, update: Update) -> None:
        pause = self._limits.webhook_retry
        while update.update_id in self._updates.pending:
            async with self._connections:
                accepted, retry_after = await self._post(session, update)
                if accepted and self._struck(FaultKind.DUPLICATE):
                    await self._post(session, update)
            if accepted and not self._struck(FaultKind.DROP):
                self._updates.confirm(update.update_id)
                return
            await asyncio.sleep(pause if retry_after is None else retry_after)
            pause = min(pause * 2, self._limits.webhook_longest_retry)

    async def _post(self, session: aiohttp.ClientSession, update: Update) -> tuple[bool, float | None]:
        """Whether the bot took it; if not, the Retry-After it asked for in seconds, if any."""
        delay = self._faults.strike(WEBHOOK, frozenset({FaultKind.DELAY}))
        if delay is not None:
            await asyncio.sleep(delay.seconds)
        headers = {}
        if self.settings.secret_token:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.settings.secret_token
        try:
            async with session.post(self.settings.url, json=update.to_json(), headers=headers) as response:
                await response.read()
                if 200 <= response.status < 300:
                    return True, None
                self._failed(f"Wrong response from the webhook: {response.status} {response.reason}")
                return False, _seconds(response.headers.get("Retry-After"))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            timed_out = isinstance(error, TimeoutError)
            self._failed("Read timeout expired" if timed_out else "Connection refused")
            return False, None

    def _failed(self, reason: str) -> None:
        self.settings.last_error = reason
        self.settings.last_error_date = self._now()

    def _struck(self, kind: FaultKind) -> bool:
        return self._faults.strike(WEBHOOK, frozenset({kind})) is not None


def _seconds(retry_after: str | None) -> float | None:
    if retry_after is not None:
        with contextlib.suppress(ValueError):
            return min(max(float(retry_after), 0.0), _LONGEST_RETRY_AFTER)
    return None
