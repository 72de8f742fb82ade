"""`zhibu doctor`: is everything in place? Each finding says what is the case and, where needed, what to do."""

import dataclasses
import os
from collections.abc import AsyncIterator
from pathlib import Path

from bot.faq import content
from bot.kit import schema
from bot.kit.database import Unavailable
from bot.kit.errors import Refusal
from bot.kit.i18n import Words
from bot.kit.transport import BotApi, Connections, NoAnswer, Refused
from bot.settings import Settings


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    what: str
    good: bool
    said: str


async def examine(settings: Settings, _: Words) -> AsyncIterator[Finding]:
    """Findings one by one, as they are made."""
    yield _folder(settings.data_dir, _)
    yield _database(settings.database_path, _)
    yield _content(settings.content_dir, _)
    yield await _telegram(settings, _)


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
    return Finding(what, True, f"@{bot['username']}")
