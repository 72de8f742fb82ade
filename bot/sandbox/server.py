"""The sandbox itself: one HTTP server for the bot, the people and the page."""

import asyncio
import mimetypes
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from ipaddress import ip_address
from pathlib import Path
from random import Random
from typing import Self
from urllib.parse import urlsplit

from aiohttp import web

from bot.sandbox import saving
from bot.sandbox.bot_api import BotApi
from bot.sandbox.calls import Call, Calls
from bot.sandbox.changes import Change, Changes
from bot.sandbox.clock import Clock, ClockMove
from bot.sandbox.core import Core
from bot.sandbox.errors import PersonError
from bot.sandbox.events import Events
from bot.sandbox.faults import Faults
from bot.sandbox.groups import Group, make_group
from bot.sandbox.limits import Limits
from bot.sandbox.people import Person
from bot.sandbox.people_api import PeopleApi
from bot.sandbox.queries import Queries
from bot.sandbox.updates import Updates
from bot.sandbox.world import BotProfile, BotStatus, User, World

_PAGE = Path(__file__).parent / "page"
_UPLOAD_OVERHEAD = 2 * 1024 * 1024
_MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".svg": "image/svg+xml"}


class Sandbox:
    """An embedded Bot API server with people to talk to. Nothing is shared between two sandboxes.

    `token` is "<bot id>:<anything>". `moves` are the clock menu of the page; `keep_messages` bounds what each
    chat remembers, `keep_calls` the log of calls.
    """

    def __init__(
        self,
        *,
        token: str,
        clock: Clock,
        limits: Limits | None = None,
        random: Random | None = None,
        timezone: str = "Asia/Shanghai",
        moves: Sequence[ClockMove] = (),
        bot_username: str = "zhibu_bot",
        bot_name: str = "支部帮手",
        keep_messages: int | None = None,
        keep_calls: int = 10_000,
    ) -> None:
        bot_id, colon, secret = token.partition(":")
        if not bot_id.isdecimal() or not colon or not secret:
            raise ValueError('a token looks like "1000:sandbox"')
        limits, random = limits or Limits(), random or Random()
        self.timezone = timezone
        self.moves = tuple(moves)
        self._token = token
        self._calls = Calls(keep_calls)
        self.faults = Faults(random)
        self.core = Core(
            world=World(BotProfile(int(bot_id), bot_username, bot_name), random, keep_messages),
            clock=clock,
            limits=limits,
            faults=self.faults,
            updates=Updates(first_id=random.randrange(100_000_000, 900_000_000)),
            changes=Changes(),
            queries=Queries(limits.query_seconds),
        )
        self._runner: web.AppRunner | None = None
        self._address = ""

    # Running

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; port 0 takes a free one. OSError, with a sentence, when the port is taken."""
        if host != "localhost" and not ip_address(host).is_loopback:
            raise ValueError("the sandbox knows no passwords: it listens on loopback only")
        self.core.updates.open()
        self.core.changes.open()
        runner = web.AppRunner(
            self._application(), access_log=None, shutdown_timeout=1.0, keepalive_timeout=75.0
        )
        await runner.setup()
        site = web.TCPSite(runner, host, port, backlog=1024)
        try:
            await site.start()
        except OSError as error:
            await runner.cleanup()
            raise OSError(error.errno, f"Port {port} is in use; choose another one") from error
        if self.core.webhook is not None:
            self.core.webhook.start()
        self._runner = runner
        self._address = f"http://{host}:{runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Stop listening; waiting polls and event streams end. What happened stays, and start may follow."""
        self.core.updates.close()
        self.core.changes.close()
        if self.core.webhook is not None:
            await self.core.webhook.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def api_url(self) -> str:
        """`base_url` for python-telegram-bot."""
        return f"{self._address}/bot"

    @property
    def file_url(self) -> str:
        """`base_file_url` for python-telegram-bot."""
        return f"{self._address}/file/bot"

    @property
    def page_url(self) -> str:
        return f"{self._address}/"

    @property
    def token(self) -> str:
        return self._token

    # People and groups

    def add_person(
        self,
        *,
        first_name: str,
        last_name: str = "",
        username: str = "",
        phone: str = "",
        language_code: str = "zh-hans",
        label: str = "",
        pinned: bool = False,
        id: int | None = None,  # noqa: A002 - as Telegram calls it
    ) -> Person:
        """Somebody new, who has not started the bot yet."""
        world = self.core.world
        user_id = world.new_user_id() if id is None else id
        if user_id <= 0 or user_id in world.users or user_id == world.bot.id:
            raise PersonError(f"There is somebody with the id {user_id} already")
        user = User(user_id, first_name, last_name, username, phone, language_code, label, pinned)
        world.users[user_id] = user
        self.core.changes.add("person", data={"person": user_id})
        return Person(self.core, user)

    def person(self, person_id: int) -> Person:
        user = self.core.world.users.get(person_id)
        if user is None:
            raise PersonError(f"There is nobody with the id {person_id}")
        return Person(self.core, user)

    @property
    def people(self) -> list[Person]:
        return [Person(self.core, user) for user in self.core.world.users.values()]

    def add_group(
        self, title: str, members: Iterable[Person], *, is_forum: bool = False, bot: str | None = "member"
    ) -> Group:
        """A group owned by its first member. `bot`: "administrator", "member", or None to leave it out."""
        users = [person.user for person in members]
        status = None if bot is None else BotStatus(bot)
        return Group(self.core, make_group(self.core, title, users, is_forum=is_forum, bot=status).id)

    @property
    def groups(self) -> list[Group]:
        return [Group(self.core, chat.id) for chat in self.core.world.chats.values() if not chat.is_private]

    # Watching

    async def confirmed(self) -> None:
        """Returns when the bot has confirmed every update offered so far."""
        await self.core.updates.quiet()

    @property
    def calls(self) -> deque[Call]:
        """The last calls received, oldest first."""
        return self._calls.log

    @property
    def counters(self) -> Counter[str]:
        """Calls received per method, and refusals by rate under "429"."""
        return self._calls.counters

    async def next_change(self) -> Change:
        """The next change, whatever it is: for a test that waits for something to become visible."""
        change: asyncio.Future[Change] = asyncio.get_running_loop().create_future()
        stop = self.on_change(lambda new: None if change.done() else change.set_result(new))
        try:
            return await change
        finally:
            stop()

    def on_change(self, callback: Callable[[Change], None]) -> Callable[[], None]:
        """Call back on every change, in place; returns what stops it."""
        return self.core.changes.on_change(callback)

    # Keeping

    def save(self, path: Path | str) -> None:
        """Write the whole world into a file, replacing it in one step."""
        saving.save(self.core, Path(path))

    def load(self, path: Path | str) -> None:
        """Take up a saved world, before start.
        Raises OSError, or ValueError with a sentence when the file holds no saved world.
        """
        saving.load(self.core, Path(path))

    # Serving

    def _application(self) -> web.Application:
        most = self.core.limits.upload_bytes + _UPLOAD_OVERHEAD
        application = web.Application(client_max_size=most, middlewares=[_same_origin])
        bot = BotApi(self.core, self._token, self._calls)
        application.add_routes(
            [
                web.route("*", "/bot{token}/{method}", bot.handle),
                web.get("/file/bot{token}/{path:.+}", bot.download),
                web.get("/sandbox/events", Events(self.core).handle),
                *PeopleApi(self).routes(),
                web.get("/", _page),
                web.get("/page/{file}", _page),
            ]
        )
        return application


@web.middleware
async def _same_origin(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """The page's side answers only the page: other web sites must not play the sandbox's people."""
    if request.path.startswith("/sandbox/"):
        origin, host = request.headers.get("Origin"), urlsplit(f"//{request.host}").hostname or ""
        foreign = origin is not None and urlsplit(origin).netloc != request.host
        if foreign or not _is_loopback(host):
            return web.json_response({"error": "Only the sandbox's own page may ask this"}, status=403)
    return await handler(request)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


async def _page(request: web.Request) -> web.Response:
    """A file of the page; read at each request, never cached: whoever edits it reloads and sees it."""
    name = request.match_info.get("file", "index.html")
    path = _PAGE / name
    if path.parent != _PAGE or not path.is_file():
        return web.Response(status=404, text="There is no such file")
    kind = _MEDIA_TYPES.get(path.suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    charset = "utf-8" if kind.startswith("text/") else None
    headers = {"Cache-Control": "no-store"}
    return web.Response(body=path.read_bytes(), content_type=kind, charset=charset, headers=headers)
