"""`zhibu doctor`: is everything in place? Each finding says what is the case and, where needed, what to do."""

import dataclasses
import os
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

from bot.faq import content, embedding
from bot.faq.embedding import EmbeddingSettings, Health, Trouble
from bot.helpdesk.calendar import is_known
from bot.kit import schema
from bot.kit.database import SqliteDatabase, Unavailable
from bot.kit.errors import Refusal
from bot.kit.i18n import Words
from bot.kit.transport import BotApi, Connections, NoAnswer, Refused
from bot.settings import Settings


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    what: str
    good: bool
    said: str


async def examine(settings: Settings, _: Words, today: date) -> AsyncIterator[Finding]:
    """Findings one by one, as they are made."""
    yield _folder(settings.data_dir, _)
    yield _database(settings.database_path, _)
    yield _content(settings.content_dir, _)
    yield _calendar(today, _)
    yield await _telegram(settings, _)
    if settings.embeddings is not None:
        health = await _health(settings.embeddings, settings.database_path)
        yield Finding(_.plain("embeddings"), health.trouble is None, _said_of(settings.embeddings, health, _))


def _folder(folder: Path, _: Words) -> Finding:
    what = _.plain("data folder")
    if not folder.exists():
        return Finding(what, True, _.plain("{folder} is made at the first start", folder=folder))
    if not os.access(folder, os.W_OK):
        return Finding(
            what, False, _.plain("{folder} cannot be written; give it to the bot's user", folder=folder)
        )
    return Finding(what, True, str(folder))


def _database(path: Path, _: Words) -> Finding:
    what = _.plain("database")
    if not path.exists():
        return Finding(what, True, _.plain("{file} is made at the first start", file=path))
    newest = schema.revisions()[-1]
    try:
        applied = schema.applied(path)
    except Unavailable as error:
        return Finding(what, False, _.plain("{file} cannot be read: {reason}", file=path, reason=error))
    if applied != newest:
        return Finding(
            what,
            True,
            _.plain("stands at {revision}; brought up to date at the next start", revision=applied),
        )
    return Finding(what, True, _.plain("{file}, up to date", file=path))


def _content(folder: Path, _: Words) -> Finding:
    what = _.plain("content")
    try:
        sources = content.read_sources(folder)
        steps = content.read_steps(folder)
    except Refusal as refusal:
        return Finding(what, False, _.plain(refusal.message, **refusal.details))
    return Finding(
        what,
        True,
        _.plain("{entries} texts of answers, {cards} cards", entries=len(sources), cards=len(steps)),
    )


def _calendar(today: date, _: Words) -> Finding:
    """Whether the days off of this year and the next are known. The next year's are announced in autumn."""
    what = _.plain("working calendar")
    year = next((year for year in (today.year, today.year + 1) if not is_known(year)), None)
    if year is None:
        return Finding(
            what, True, _.plain("the days off are known until the end of {year}", year=today.year + 1)
        )
    in_time = year > today.year
    said = _.plain(
        "the days off of {year} are not known yet; until they are, Monday to Friday count, without 1 January, 1 and 2 May"
        " and 1 to 3 October",
        year=year,
    )
    hint = (
        _.plain("they are announced in autumn; then update Zhibu, or pip install --upgrade chinesecalendar")
        if in_time
        else _.plain("update Zhibu, or pip install --upgrade chinesecalendar")
    )
    return Finding(what, in_time, f"{said}; {hint}")


async def _telegram(settings: Settings, _: Words) -> Finding:
    what = "Telegram"
    if settings.token is None:
        return Finding(what, True, _.plain("no token set: zhibu start shows the demo"))
    connections = Connections(settings.proxy)
    try:
        bot = await BotApi(connections, settings.api_url, settings.token.get_secret_value()).call("getMe", {})
    except Refused:
        return Finding(what, False, _.plain("the token is not known; copy it again from @BotFather"))
    except NoAnswer as failure:
        return Finding(
            what, False, _.plain("cannot be reached ({reason}); ZHIBU_PROXY sets a proxy", reason=failure)
        )
    finally:
        await connections.close()
    said = f"@{bot['username']}"
    if not bot.get("supports_inline_queries"):
        hint = _.plain("inline mode is off; to hand answers on in any chat, send /setinline to @BotFather")
        said = f"{said}; {hint}"
    return Finding(what, True, said)


async def _health(settings: EmbeddingSettings, path: Path) -> Health:
    try:
        if schema.applied(path) != schema.revisions()[-1]:
            return await embedding.examine(settings, None)
        database = await SqliteDatabase.open(path)
    except Unavailable:  # said of the database itself
        return await embedding.examine(settings, None)
    try:
        async with database.reading() as reader:
            return await embedding.examine(settings, reader)
    finally:
        await database.close()


def _said_of(settings: EmbeddingSettings, health: Health, _: Words) -> str:
    match health.trouble:
        case None:
            return _.plain(
                "{model} answers ({dimension} numbers a text); {ready} of {all} phrasings are ready, the bot fetches the"
                " rest while it runs",
                model=settings.model,
                dimension=health.dimension,
                ready=health.ready,
                all=health.phrasings,
            )
        case Trouble.UNREACHABLE:
            said = _.plain(
                "{url} cannot be reached; start that server or correct ZHIBU_EMBEDDINGS_URL",
                url=settings.address,
            )
        case Trouble.SLOW:
            said = _.plain(
                "{url} did not answer within {seconds} s; try again once its model is loaded, take a smaller model or"
                " raise ZHIBU_EMBEDDINGS_TIMEOUT",
                url=settings.address,
                seconds=f"{settings.patience:g}",
            )
        case Trouble.BUSY:
            said = _.plain(
                "{url} is starting or overloaded ({status}); try again in a little while",
                url=settings.address,
                status=health.status,
            )
        case Trouble.KEY:
            said = _.plain("{url} does not take the key; check ZHIBU_EMBEDDINGS_KEY", url=settings.address)
        case Trouble.MODEL:
            said = _.plain(
                "{url} does not know the model {model}; load it there, or correct ZHIBU_EMBEDDINGS_MODEL or the address"
                " (mostly it ends in /v1)",
                url=settings.address,
                model=settings.model,
            )
        case Trouble.NONSENSE:
            said = _.plain(
                "what {url} answers are no vectors; check the address (mostly it ends in /v1) and that {model} is a model"
                " for embeddings",
                url=settings.address,
                model=settings.model,
            )
        case _:
            said = _.plain(
                "{url} answers with an error ({status}); its log tells more",
                url=settings.address,
                status=health.status,
            )
    return _.plain("{trouble}. Questions are answered without it meanwhile.", trouble=said)
