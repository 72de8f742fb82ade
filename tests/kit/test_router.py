"""The router's promises, through python-telegram-bot's real application: which handler, and the frame around it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.kit.clock import DAY, ManualClock
from bot.kit.database import SqliteDatabase
from bot.kit.errors import NotAllowed, Outdated, Refusal
from bot.kit.i18n import Languages
from bot.kit.messages import Message
from tests.kit.bot_api import BotApiServer, refused
from tests.kit.fakes import command, edited_message, membership, private_message, tap
from tests.kit.room import Counting, Ctx, Kit, Naming, Pick

ANNA, BERT = 11, 22
GROUP = {"id": -33, "type": "supergroup", "title": "三队"}
CHANNEL = {"id": -44, "type": "channel", "title": "C"}


class TooMany(Refusal):
    """Only {most} of {what}."""


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


def in_english(update: dict[str, Any]) -> dict[str, Any]:
    for content in update.values():
        if isinstance(content, dict):
            content["from"]["language_code"] = "en"
    return update


async def say(context: Ctx) -> None:
    await context.reply(Message("one"))
    await context.reply(Message("two"))


async def test_a_command_runs_and_its_replies_have_keys_of_their_own(kit: Kit) -> None:
    kit.room.acts["go"] = say
    await kit.take(command(5, ANNA, "/go"), command(6, BERT, "/go@zhibu_bot now"))
    assert await kit.noted() == ["go", "go"]
    assert sorted(await kit.rows("SELECT dedupe_key FROM outgoing")) == [
        f"update:{number}:reply{n}" for number in (5, 6) for n in (1, 2)
    ]
    assert sorted(await kit.said()) == ["one", "one", "two", "two"]


async def test_an_unknown_command_is_a_text_like_any_other(kit: Kit) -> None:
    await kit.take(command(1, ANNA, "/nonsense"), command(2, BERT, "/go@other_bot"))
    assert sorted(await kit.noted()) == ["text /go@other_bot", "text /nonsense"]


async def test_a_command_shows_that_a_person_is_back(kit: Kit) -> None:
    await kit.take(membership(1, ANNA, "kicked"), command(2, ANNA, "/go"))
    assert await kit.rows("SELECT unreachable_since FROM chat WHERE chat_id = 11") == [None]


async def test_a_repeat_does_nothing(kit: Kit) -> None:
    kit.room.acts["go"] = say
    await kit.take(command(5, ANNA, "/go"))
    await kit.take(command(5, ANNA, "/go"))
    async with asyncio.timeout(5):
        await kit.foundation.works.languages  # type: ignore[misc]
