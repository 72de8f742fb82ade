"""The composition root: the only file that knows every room. Read it as a table of contents."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import time
from functools import partial
from hashlib import sha256
from random import Random
from typing import TypeVar
from urllib.parse import urlsplit

from bot import dues, faq, helpdesk, onboarding, roster
from bot.dues import announcing
from bot.faq import content
from bot.faq.embedding import Embeddings
from bot.helpdesk.calendar import Days, Hours
from bot.helpdesk.model import Rung
from bot.kit import schema
from bot.kit.clock import Clock
from bot.kit.database import SqliteDatabase
from bot.kit.errors import Refusal
from bot.kit.i18n import DEFAULT_LANGUAGE, N_, Languages
from bot.kit.inbox import Received
from bot.kit.menu import Menu
from bot.kit.messages import Message
from bot.kit.pace import Limits
from bot.kit.router import Router
from bot.kit.runtime import Foundation, Runtime, TelegramAccess, WebhookAddress
from bot.kit.sweeps import Sweep
from bot.kit.vault import Vault, own_secret
from bot.kit.work import Work, Works
from bot.roster import service as people
from bot.roster import store as rosters
from bot.roster.model import Actor
from bot.safekeeping import key_path
from bot.settings import Settings

NOBODY = 0
"""In place of a chat, for calls about the bot itself."""

_ROUTES = {"branch": frozenset(Rung), "general": frozenset({Rung.GENERAL})}
"""Which rungs of the ladder are asked, by the setting."""

T = TypeVar("T")
R = TypeVar("R")

_SORRY = N_(
    "Something went wrong with your last message on our side. Please send it again in a little while."
)


class NoToken(Refusal):
    """Please set ZHIBU_TOKEN to the token that @BotFather gave you. Without one, zhibu demo shows everything."""


class BadSetting(Refusal):
    """I cannot read the setting {name}. An example of it is {example}."""


@dataclasses.dataclass(frozen=True, slots=True)
class Zhibu:
    """The whole bot, ready to be started."""

    foundation: Foundation
    runtime: Runtime
    vault: Vault


async def build(settings: Settings, clock: Clock, random: Random, languages: Languages) -> Zhibu:
    """Puts the bot together on its database, which is brought up to date first. `random` must be fit for secrets.

    Raises `Unavailable` if the database cannot be reached and a `Refusal` for content or settings that cannot be used.
    """
    foundation = await _foundation(settings, clock, languages)
    try:
        vault = vault_of(settings)
        router: Router[Actor] = Router(foundation.works, people.resolve_actor, people.recognise)
        sweeps = await _furnish(router, foundation, settings, vault, random)
        webhook = _webhook(settings)
        runtime = Runtime(
            foundation, router, sweeps, _apologise, webhook=webhook, side_by_side=settings.workers
        )
    except BaseException:
        await foundation.database.close()
        raise
    return Zhibu(foundation, runtime, vault)


async def _furnish(
    router: Router[Actor], foundation: Foundation, settings: Settings, vault: Vault, random: Random
) -> Sequence[Sweep]:
    """Puts the rooms in, each with what it is given of the others, and returns what they do by time."""
    works = foundation.works
    desk, schedule, pace = _timetables(settings)
    library = content_settings(settings)
    steps = await asyncio.to_thread(content.read_steps, library.folder)
    guide = onboarding.Guide(steps)

    embeddings = _embeddings(foundation, settings)
    answers = faq.register(
        router,
        library,
        lambda *asked: tickets.offer(*asked),
        works=works,
        zone=settings.zone,
        steps=steps,
        embeddings=embeddings,
    )
    foundation.resources.push_async_callback(answers.library.close)
    tickets = helpdesk.register(
        router,
        desk,
        titles=answers.titles,
        learn=answers.learn_from_ticket,
        finish=answers.finish_from_ticket,
        courtesy=answers.is_courtesy,
        elsewhere=answers.recognises,
    )
    walk = onboarding.register(router, guide, answers, tickets, extra=dues.home_buttons)
    dues.register(router, schedule, answers, tickets, works=works, vault=vault)
    manner = announcing.Manner(settings.zone, schedule.quiet, settings.announcements_per_day)
    announcing.register(router, works, manner)
    own = roster.register(
        router,
        works=works,
        vault=vault,
        zone=settings.zone,
        random=random,
        home=walk.home,
        contributors=[
            onboarding.contributor(guide),
            dues.contributor(foundation.clock, settings.zone),
            announcing.contribute,
            faq.contribute,
            helpdesk.contribute,
        ],
        forgetters=[onboarding.forget, dues.forget, announcing.forget, faq.forget, helpdesk.forget],
    )

    # Whose is a message that belongs to no dialogue? The first that takes it.
    for claim in tickets.claims:
        router.message(claim)
    router.message(own.claim_unknown_command)
    faq.register_questions(router, answers)

    await _show_newcomers_a_menu(works, router.menu)
    await faq.load_content(works, library.folder, answers.library.facts)
    await answers.warm(works)
    return [
        *roster.sweeps(router),
        *faq.sweeps(answers.library, settings.zone, embeddings),
        *helpdesk.sweeps(desk),
        *onboarding.sweeps(guide, pace, spared=dues.reminded_today(schedule)),
        *dues.sweeps(schedule, settings.ticket_days),
        *announcing.sweeps(manner),
    ]


def _embeddings(foundation: Foundation, settings: Settings) -> Embeddings | None:
    if settings.embeddings is None:
        return None
    embeddings = Embeddings(settings.embeddings, foundation.clock)
    foundation.resources.push_async_callback(embeddings.close)
    return embeddings


async def _show_newcomers_a_menu(works: Works, menu: Menu[Actor]) -> None:
    """Queues the menus of those who have not started the bot yet, unless they were sent as they are."""
    async with works.begin() as work:
        calls = menu.calls_for_newcomers(lambda language: Actor(0, language), works.languages)
        for number, call in enumerate(calls):
            digest = sha256(repr(call).encode()).hexdigest()
            await work.out.call(NOBODY, call, key=f"menu:newcomers:{number}:{digest}")


def _timetables(settings: Settings) -> tuple[helpdesk.Desk, dues.Schedule, onboarding.OnboardingSettings]:
    """When people work, when they are reminded, and when they are left in peace."""
    hours = _read("WORK_HOURS", "08:30-17:30", Hours.parse, settings.work_hours)
    days = _read("WORK_DAYS", "working", Days.parse, settings.work_days)
    quiet = _read("QUIET_HOURS", "21:00-08:00", onboarding.QuietHours.parse, settings.quiet_hours)
    at = _read("REMINDER_TIME", "10:00", time.fromisoformat, settings.reminder_time)
    desk = helpdesk.Desk.of(
        days=days,
        hours=hours,
        answer_hours=settings.answer_hours,
        climb_hours=settings.climb_hours,
        warn_percent=settings.warn_percent,
        shows_accounts=settings.shows_accounts,
        zone=settings.zone,
        gather_seconds=settings.gather_seconds,
        ticket_days=settings.ticket_days,
        reopen_days=settings.reopen_days,
        flood_messages=settings.flood_messages,
        flood_seconds=settings.flood_seconds,
        asks=_ROUTES[settings.routing],
    )
    make_schedule = partial(
        dues.Schedule,
        zone=settings.zone,
        time=at,
        quiet=quiet,
        fresh_days=settings.data_fresh_days,
        snooze_days=settings.snooze_days,
        working_days=settings.reminder_working_days,
    )
    schedule = _read(
        "REMINDER_DAYS", "5,20,-3", lambda days: make_schedule(days=days), settings.reminder_days
    )
    return desk, schedule, onboarding.OnboardingSettings(settings.zone, quiet, settings.stall_days)


def _read(name: str, example: str, read: Callable[[T], R], given: T) -> R:
    try:
        return read(given)
    except ValueError as error:
        raise BadSetting(name=f"ZHIBU_{name}", example=example) from error


@asynccontextmanager
async def office(settings: Settings, clock: Clock) -> AsyncIterator[Works]:
    """The database for a command: brought up to date, with the content loaded, and without Telegram. What a command
    writes for people leaves when the bot runs.
    """
    database = await _database(settings)
    try:
        works = Works(database, clock, Languages.load(), wake_courier=lambda: None)
        library = faq.Library(content_settings(settings))
        await faq.load_content(works, library.folder, library.facts)
        yield works
    finally:
        await database.close()


async def _database(settings: Settings) -> SqliteDatabase:
    settings.database_path.parent.mkdir(parents=True, exist_ok=True)
    await asyncio.to_thread(schema.upgrade, settings.database_path)
    return await SqliteDatabase.open(settings.database_path)


async def _foundation(settings: Settings, clock: Clock, languages: Languages) -> Foundation:
    if settings.token is None:
        raise NoToken
    database = await _database(settings)
    access = TelegramAccess(
        settings.token.get_secret_value(), settings.api_url, settings.file_url, settings.proxy
    )
    limits = Limits(overall=settings.sends_per_second) if settings.sends_per_second else Limits.off()
    return Foundation(database, clock, languages, access, limits)


def vault_of(settings: Settings) -> Vault:
    """The vault for phones, with the key from the settings or else the one kept in the data folder."""
    if settings.secret_key is not None:
        return Vault(settings.secret_key.get_secret_value().encode())
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return Vault(own_secret(key_path(settings.data_dir)))


def content_settings(settings: Settings) -> faq.ContentSettings:
    return faq.ContentSettings(
        folder=settings.content_dir,
        app_name=settings.app_name,
        app_aliases=settings.app_aliases,
        wrong_allowed=settings.faq_wrong_answers,
        facts_file=settings.facts_file,
    )


def _webhook(settings: Settings) -> WebhookAddress | None:
    if settings.webhook_url is None or settings.webhook_secret is None:
        return None
    host, _, port = settings.webhook_listen.rpartition(":")
    return WebhookAddress(
        url=settings.webhook_url,
        path=urlsplit(settings.webhook_url).path or "/",
        secret=settings.webhook_secret.get_secret_value(),
        host=host,
        port=int(port),
    )


async def _apologise(work: Work, received: Received) -> None:
    """Tells the sender of an update that could not be applied; in a private chat, the lane is the person."""
    if received.lane <= 0 or {"inline_query", "chosen_inline_result"} & received.payload.keys():
        return  # whoever types the bot's name in another chat has sent it nothing
    actor = await rosters.actor(work.session, received.lane, DEFAULT_LANGUAGE)
    words = work.languages[None if actor is None else actor.language]
    await work.out.send(received.lane, Message(words(_SORRY)), key=f"update:{received.update_id}:sorry")
