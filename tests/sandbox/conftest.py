"""A sandbox with a clock moved by hand, a raw client, and python-telegram-bot's Bot on top of it."""

from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import aiohttp
import pytest
from telegram import Bot

from bot.sandbox import ClockMove, Limits, Person, Sandbox
from tests.sandbox.helpers import TOKEN, HandClock, Raw


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def limits() -> Limits:
    """Overridden by tests about limits."""
    return Limits.off()


@pytest.fixture
async def sandbox(clock: HandClock, limits: Limits) -> AsyncIterator[Sandbox]:
    moves = (ClockMove("hour", "一小时后", lambda now: now + 3_600_000),)
    sandbox = Sandbox(token=TOKEN, clock=clock, limits=limits, random=Random(1), moves=moves)
    await sandbox.start()
    yield sandbox
    await sandbox.stop()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def raw(session: aiohttp.ClientSession, sandbox: Sandbox) -> Raw:
    return Raw(session, sandbox)


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    async with Bot(TOKEN, base_url=sandbox.api_url, base_file_url=sandbox.file_url) as bot:
        yield bot


@pytest.fixture
async def mei(sandbox: Sandbox) -> Person:
    """Somebody who has started the bot; her /start is confirmed."""
    person = sandbox.add_person(first_name="王", last_name="梅", phone="13800000001", id=501)
    await person.start()
    sandbox.core.updates.drop()
    return person


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    return tmp_path / "world.json"
