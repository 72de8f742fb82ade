"""A small Bot API, and the kit with a throw-away room on it."""

from collections.abc import AsyncIterator

import pytest

from bot.kit.clock import ManualClock
from bot.kit.database import SqliteDatabase
from bot.kit.i18n import Languages
from tests.kit.bot_api import BotApiServer
from tests.kit.room import Kit


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    opened = BotApiServer()
    await opened.start()
    yield opened
    await opened.stop()


@pytest.fixture
async def kit(
    server: BotApiServer, database: SqliteDatabase, clock: ManualClock, languages: Languages
) -> AsyncIterator[Kit]:
    kit = Kit(server, database, clock, languages)
    async with kit.running():
        yield kit
