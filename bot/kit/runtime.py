"""The running bot: intake, python-telegram-bot's application, courier and sweeps, started and stopped in order."""

import asyncio
import contextlib
import dataclasses
import logging
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AsyncExitStack
from typing import Any

from telegram import Update
from telegram.ext import Application, ContextTypes, ExtBot, JobQueue

from bot.kit import delivery, dialogue, inbox
from bot.kit.clock import HOUR, SECOND, Clock
from bot.kit.courier import Courier
from bot.kit.database import Database, Unavailable
from bot.kit.i18n import Languages
from bot.kit.inbox import Received
from bot.kit.intake import Apologise, Intake
from bot.kit.pace import Limits
from bot.kit.polling import ALLOWED_UPDATES, Poller
from bot.kit.router import Router
from bot.kit.sweeps import Sweep
from bot.kit.transport import AiohttpRequest, BotApi, Connections
from bot.kit.webhook import Webhook
from bot.kit.work import SHORT, Works

log = logging.getLogger(__name__)

_STOP_SECONDS = 0.5
"""How long a stop waits for each of: answers to taps, and a sweep under way."""


@dataclasses.dataclass(frozen=True, slots=True)
class TelegramAccess:
    """How one bot reaches the Bot API."""

    token: str
    api_url: str
    file_url: str
    proxy: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class WebhookAddress:
    url: str
    path: str
    secret: str
    host: str
    port: int


class Foundation:
    """What rooms are built on: the database, time, the way to Telegram, and units of work."""

    def __init__(
        self, database: Database, clock: Clock, languages: Languages, access: TelegramAccess, limits: Limits
    ) -> None:
        self.database = database
        self.clock = clock
        self.connections = Connections(access.proxy)
        self.telegram = BotApi(self.connections, access.api_url, access.token)
        self.courier = Courier(database, self.telegram, clock, limits)
        self.works = Works(database, clock, languages, self.courier.wake)
        self.resources = AsyncExitStack()
        """What rooms hold that must be let go of when the bot stops."""
        request = AiohttpRequest(self.connections)
        self.bot = ExtBot(
            access.token,
            base_url=access.api_url,
            base_file_url=access.file_url,
            request=request,
            get_updates_request=request,
        )


class Runtime:
    """A bot that can be started and stopped. `router` knows the handlers, `sweeps` what is to be done by time."""

    def __init__(
        self,
        foundation: Foundation,
        router: Router[Any],
        sweeps: Sequence[Sweep],
        apologise: Apologise,
        *,
        webhook: WebhookAddress | None,
        side_by_side: int,
    ) -> None:
        self._foundation = foundation
        self._router = router
        self._sweeps = [*sweeps, _HOUSEKEEPING]
        self._sweeping = {sweep.name: asyncio.Lock() for sweep in self._sweeps}
        self._failures: dict[int, BaseException] = {}
        self._application: Application[Any, Any, Any, Any, Any, Any] = (
            Application.builder().bot(foundation.bot).updater(None).job_queue(JobQueue()).build()
        )
        for handler in router.handlers():
            self._application.add_handler(handler)
        self._application.add_error_handler(self._note_failure)
        self.intake = Intake(
            foundation.works, foundation.clock, self._apply, apologise, side_by_side=side_by_side
        )
        self.courier = foundation.courier
        self._webhook_address = webhook
        self._webhook: Webhook | None = None
        self._tasks: list[asyncio.Task[None]] = []
        """The courier first, then what brings updates in."""
        self._stopping = False

    async def start(self) -> None:
        """Begins to work. Raises `NoAnswer`/`Refused` wrapped by python-telegram-bot if Telegram cannot be reached or
        the token is wrong, `OSError` if the webhook's address is taken; then everything is let go of as by `stop`.
        """
        try:
            await self._application.initialize()
            await self._application.start()
            self._tasks.append(asyncio.create_task(self.courier.run()))
            await self.intake.resume()
            await self._listen()
            self._schedule()
        except BaseException:
            await self.stop()
            raise

    async def wait(self) -> None:
        """Returns, with its exception, when a part that should run for ever has ended."""
        done, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()

    async def stop(self) -> None:
        """Stops taking updates, lets what is under way finish, delivers for a moment longer, lets go of everything."""
        if self._webhook is not None:
            await self._webhook.stop()
        courier, listeners = self._tasks[:1], self._tasks[1:]
        for task in listeners:
            task.cancel()
        await asyncio.gather(*listeners, return_exceptions=True)
        await self.intake.stop()
        await self._router.drain(patience=_STOP_SECONDS)
        await self._stop_application()
        if courier:
            await self.courier.stop()
            await asyncio.gather(*courier, return_exceptions=True)
        await self._application.shutdown()
        await self._foundation.resources.aclose()
        await self._foundation.connections.close()
        await self._foundation.database.close()

    async def _stop_application(self) -> None:
        self._stopping = True
        if not self._application.running:
            return
        if self._application.job_queue is not None:
            # What began while the others are waited for would be cancelled in the middle.
            self._application.job_queue.scheduler.pause()
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                await (
                    self._application.stop()
                )  # waits for the sweeps under way; cancels them when it is cancelled
        except TimeoutError:
            log.warning("a sweep did not end in time; it is run again after the next start")
            if self._application.job_queue is not None:
                await self._application.job_queue.stop(wait=False)

    async def rested(self) -> None:
        """Returns when nothing can be done before time passes or something new arrives."""
        await self.intake.rested()
        await self._router.drain()
        await self.courier.rested()

    async def messages_wait(self) -> bool:
        """Whether messages wait for their turn or their next attempt."""
        async with self._foundation.works.reading() as reader:
            return await delivery.anything_waits(reader)

    async def sweep(self) -> None:
        """Runs every sweep once, now."""
        for sweep in self._sweeps:
            await self._run_sweep(sweep)

    async def _listen(self) -> None:
        telegram, address = self._foundation.telegram, self._webhook_address
        if address is None:
            await telegram.call("deleteWebhook", {})
            poller = Poller(telegram, self.intake, self._foundation.clock)
            self._tasks.append(asyncio.create_task(poller.run()))
            return
        self._webhook = Webhook(self.intake, path=address.path, secret=address.secret)
        await self._webhook.start(address.host, address.port)
        await telegram.call(
            "setWebhook",
            {"url": address.url, "secret_token": address.secret, "allowed_updates": list(ALLOWED_UPDATES)},
        )

    async def _apply(self, received: Received) -> None:
        update = Update.de_json(dict(received.payload), self._foundation.bot)
        await self._application.process_update(update)
        # The application reports a handler's exception to its error handlers and goes on; the intake wants it back.
        failure = self._failures.pop(received.update_id, None)
        if failure is not None:
            raise failure

    async def _note_failure(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        if isinstance(update, Update) and context.error is not None:
            self._failures[update.update_id] = context.error

    def _schedule(self) -> None:
        queue = self._application.job_queue
        if queue is None:
            raise RuntimeError("the application was built without its job queue")
        for sweep in self._sweeps:
            queue.run_repeating(
                self._as_job(sweep),
                interval=sweep.every,
                first=min(sweep.every, 1),
                name=sweep.name,
                job_kwargs={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
            )

    def _as_job(self, sweep: Sweep) -> Callable[[ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]:
        async def run(_: ContextTypes.DEFAULT_TYPE) -> None:
            with contextlib.suppress(asyncio.CancelledError):
                await self._run_sweep(sweep)

        return run

    async def _run_sweep(self, sweep: Sweep) -> None:
        async with self._sweeping[sweep.name]:  # none beside itself; a slow one holds nobody else up
            if self._stopping:
                return
            try:
                await sweep.run(self._foundation.works)
            except Unavailable:
                log.warning("database away; the sweep is run again later", extra={"sweep": sweep.name})
            except Exception:
                log.exception("sweep failed; it is run again later", extra={"sweep": sweep.name})


async def _tidy(works: Works) -> None:
    async with works.begin() as work:
        await inbox.sweep(work.session, now=work.now)
        await dialogue.sweep(work.session, now=work.now)
    deleted = SHORT
    while deleted == SHORT:
        async with works.begin() as work:
            deleted = await delivery.sweep(work.session, now=work.now, at_most=SHORT)


_HOUSEKEEPING = Sweep("housekeeping", HOUR // SECOND, _tidy)
