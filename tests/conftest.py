"""What every test may ask for: a clock that stands still, a migrated database, units of work."""

import logging
import shutil
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.kit import schema
from bot.kit.clock import ManualClock, from_local
from bot.kit.database import SqliteDatabase
from bot.kit.i18n import Languages
from bot.kit.vault import Vault
from bot.kit.work import Works
from tests.harness import House, open_house

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def clock() -> ManualClock:
    """Stands at Monday 2 November 2026, 09:00 in Shanghai."""
    return ManualClock(from_local(datetime(2026, 11, 2, 9, 0, tzinfo=ZONE)))


@pytest.fixture(scope="session")
def languages() -> Languages:
    return Languages.load()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database file, made once and copied for each test."""
    path = tmp_path_factory.mktemp("schema") / "empty.db"
    schema.upgrade(path)
    return path


@pytest.fixture
def database_path(tmp_path: Path, empty_database: Path) -> Path:
    path = tmp_path / "zhibu.db"
    shutil.copy(empty_database, path)
    return path


@pytest.fixture
async def database(database_path: Path) -> AsyncIterator[SqliteDatabase]:
    opened = await SqliteDatabase.open(database_path)
    yield opened
    await opened.close()


@pytest.fixture
def works(database: SqliteDatabase, clock: ManualClock, languages: Languages) -> Works:
    return Works(database, clock, languages, wake_courier=lambda: None)


@pytest.fixture(scope="session")
def vault() -> Vault:
    return Vault(b"a secret of thirty-two bytes or more")


@pytest.fixture
async def house(
    clock: ManualClock, database_path: Path, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[House]:
    """The real application on the embedded Bot API. Whatever it logs as an error fails the test."""
    async with open_house(clock, database_path.parent) as opened:
        yield opened
    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert not errors, [(record.getMessage(), record.exc_info) for record in errors]
