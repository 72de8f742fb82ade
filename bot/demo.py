"""The demo: the real bot on the embedded Bot API, with an invented organisation and a page to play everybody.

What happens is kept in the data folder (`demo/`), so that a demo that was stopped, or killed, goes on where it was.
"""

import asyncio
import secrets
import shutil
import webbrowser
from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta, tzinfo
from pathlib import Path
from random import Random

from pydantic import SecretStr

from bot import app, serving
from bot.helpdesk.calendar import Days, Hours, add_working_time
from bot.kit.clock import ShiftedClock, from_local, to_local
from bot.kit.errors import Refusal
from bot.kit.i18n import Languages, Words
from bot.roster import importing, sample
from bot.sandbox import ClockMove, Sandbox
from bot.settings import Settings

TOKEN = "1000:demo"  # noqa: S105 - the sandbox's own; it opens nothing
_SAVE_SECONDS = 1.0
_LOOK_SECONDS = 0.2
_PHONES = ("", "书记", "总支书记", "党委管理员")
"""The posts of those whose phones the page shows first; the first is a member without one."""


class PortTaken(Refusal):
    """Port {port} is taken. Please choose another one: zhibu demo --port {other}"""


async def run(
    settings: Settings, *, port: int, open_page: bool, fresh: bool, say: Callable[[str], None]
) -> None:
    """Runs the demo until it is told to stop. `say` prints a line for whoever started it."""
    languages = Languages.load()
    _ = languages[settings.language]
    folder = settings.data_dir / "demo"
    if fresh:
        shutil.rmtree(folder, ignore_errors=True)
    keeper = _Keeper(folder)
    clock = ShiftedClock(keeper.offset())
    sandbox = Sandbox(
        token=TOKEN,
        clock=clock,
        random=Random(secrets.randbits(64)),
        timezone=settings.timezone,
        moves=_moves(settings, _),
        bot_name=_.plain("Branch helper"),
    )
    known = keeper.load(sandbox)
    try:
        await sandbox.start(port=port)
    except OSError as error:
        raise PortTaken(port=port, other=port + 1) from error
    try:
        own = _own_settings(settings, sandbox, folder)
        if not known:
            say(_.plain("Setting up an invented organisation …"))
            await _import_sample(own, clock)
            _add_people(sandbox)
        zhibu = await app.build(own, clock, secrets.SystemRandom(), languages)
        clock.when_moved(zhibu.runtime.sweep)

        async def welcome() -> None:
            if not known:
                await _staff_join(sandbox, zhibu)
            keeper.keep(sandbox, clock)
            say(
                _.plain(
                    "Ready: {address}   (Ctrl-C ends it; next time it goes on from here)",
                    address=sandbox.page_url,
                )
            )
            if open_page:
                webbrowser.open(sandbox.page_url)

        await serving.serve(zhibu.runtime, welcome)
    finally:
        await sandbox.stop()
        keeper.save(sandbox, clock)


class _Keeper:
    """Keeps the sandbox's world and how far its clock was moved."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._world = folder / "world.json"
        self._offset = folder / "clock"
        self._database = folder / "zhibu.db"
        self._planned: asyncio.TimerHandle | None = None

    def offset(self) -> int:
        return int(self._offset.read_text()) if self._offset.exists() else 0

    def load(self, sandbox: Sandbox) -> bool:
        """Takes up the world of last time; False, and nothing left of it, where there is none that can be used."""
        try:
            if self._database.exists():
                sandbox.load(self._world)
                return True
        except (OSError, ValueError):
            pass
        for path in self._database.parent.glob("zhibu.db*"):
            path.unlink()
        return False

    def keep(self, sandbox: Sandbox, clock: ShiftedClock) -> None:
        """From now on, saves a moment after anything has changed."""
        loop = asyncio.get_running_loop()

        def changed(_: object) -> None:
            if self._planned is None:
                self._planned = loop.call_later(_SAVE_SECONDS, self.save, sandbox, clock)

        sandbox.on_change(changed)
        self.save(sandbox, clock)

    def save(self, sandbox: Sandbox, clock: ShiftedClock) -> None:
        self._planned = None
        sandbox.save(self._world)
        self._offset.write_text(str(clock.offset))


def _own_settings(settings: Settings, sandbox: Sandbox, folder: Path) -> Settings:
    """The settings with the sandbox in Telegram's place and the demo's own data."""
    return settings.model_copy(
        update={
            "token": SecretStr(TOKEN),
            "api_url": sandbox.api_url,
            "file_url": sandbox.file_url,
            "data_dir": folder,
            "database": None,
            "proxy": None,
            "webhook_url": None,
        }
    )


async def _import_sample(settings: Settings, clock: ShiftedClock) -> None:
    file = await importing.read(sample.roster_csv(), app.vault_of(settings))
    async with app.office(settings, clock) as works, works.begin() as work:
        await importing.apply(work, file, by=None, full=False, skip_bad=False, random=secrets.SystemRandom())


def _add_people(sandbox: Sandbox) -> None:
    members = sample.people()
    shown = {next(member for member in members if member.post == post).phone for post in _PHONES}
    # The page shows the first four pinned people in the order they came.
    for member in sorted(
        members, key=lambda member: _PHONES.index(member.post) if member.phone in shown else len(_PHONES)
    ):
        sandbox.add_person(
            first_name=member.name,
            phone=member.phone,
            label=f"{member.branch} · {member.post or member.category}",
            pinned=member.phone in shown,
        )


async def _staff_join(sandbox: Sandbox, zhibu: app.Zhibu) -> None:
    """Those who hold posts join first, each by sharing their own contact, as they would have in life. Returns when all
    they were told has arrived.
    """
    phones = {member.phone for member in sample.people() if member.post}
    for person in sandbox.people:
        if person.user.phone in phones:
            await person.start()
            await person.shares_contact()
    await sandbox.confirmed()
    await zhibu.runtime.intake.rested()
    while await zhibu.runtime.messages_wait():  # noqa: ASYNC110 - pacing empties the queue bit by bit; a look now and then will do
        await asyncio.sleep(_LOOK_SECONDS)


def _moves(settings: Settings, _: Words) -> Sequence[ClockMove]:
    zone, hours, days = settings.zone, Hours.parse(settings.work_hours), Days.parse(settings.work_days)

    def four_working_hours(now: int) -> int:
        return add_working_time(now, 4 * 60, hours, zone, days.include)

    return (
        ClockMove("minute", _.plain("+1 minute"), lambda now: now + 61_000),
        ClockMove("work4", _.plain("+4 working hours"), four_working_hours),
        ClockMove("tomorrow", _.plain("Tomorrow 10:00"), lambda now: _tomorrow(now, zone)),
        ClockMove("day5", _.plain("The 5th, 10:00"), lambda now: _next_day_of_month(now, 5, zone)),
        ClockMove("day25", _.plain("The 25th, 10:00"), lambda now: _next_day_of_month(now, 25, zone)),
    )


def _tomorrow(now: int, zone: tzinfo) -> int:
    return from_local(datetime.combine(to_local(now, zone).date() + timedelta(days=1), time(10), zone))


def _next_day_of_month(now: int, day: int, zone: tzinfo) -> int:
    date = to_local(now, zone).date() + timedelta(days=1)
    while date.day != day:
        date += timedelta(days=1)
    return from_local(datetime.combine(date, time(10), zone))
