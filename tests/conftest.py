"""What every test may ask for: a clock that stands still, a database with the content in it, units of work."""

import asyncio
import fcntl
import logging
import os
import shutil
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings

from bot.app import content_settings
from bot.faq import Library, load_content, teaching
from bot.faq.matcher import Index, Topic
from bot.kit import schema
from bot.kit.clock import ManualClock, from_local
from bot.kit.database import SqliteDatabase
from bot.kit.i18n import Languages
from bot.kit.vault import Vault
from bot.kit.work import Works
from bot.settings import Settings
from tests.content import brief_content
from tests.harness import House, open_house, spoken

ZONE = ZoneInfo("Asia/Shanghai")

settings.register_profile("zhibu", deadline=None)  # a deadline would measure the machine
settings.load_profile("zhibu")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What mostly waits, for a browser or another process, comes first and is shared out: of the processes that share the
    tests each begins with some of it, and the others use the processor meanwhile.
    """
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    waiting = [item for item in items if item.path.parent.name in ("page", "crash")]
    others = [item for item in items if item not in waiting]
    ends = [len(others) * number // processes for number in range(processes + 1)]
    items[:] = [
        item
        for number in range(processes)
        for item in (*waiting[number::processes], *others[ends[number] : ends[number + 1]])
    ]


@pytest.fixture
def clock() -> ManualClock:
    """Stands at Monday 2 November 2026, 09:00 in Shanghai."""
    return ManualClock(from_local(datetime(2026, 11, 2, 9, 0, tzinfo=ZONE)))


@pytest.fixture(scope="session")
def languages() -> Languages:
    return spoken()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database file, made once and copied for each test."""
    path = tmp_path_factory.mktemp("schema") / "empty.db"
    schema.upgrade(path)
    return path


@pytest.fixture(scope="session")
def content_dir(loaded_database: Path) -> Path:
    """The folder of the content in `loaded_database`."""
    return loaded_database.parent / "faq"


@pytest.fixture(scope="session")
def loaded_database(
    tmp_path_factory: pytest.TempPathFactory, empty_database: Path, languages: Languages
) -> Path:
    """A database file with the content that comes with the bot, cut short, and what is learnt from it; made once, for
    all processes that share the tests, and copied for each test.
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    path = shared / "loaded.db"
    with (shared / "loading").open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        if not path.exists():
            content = brief_content(shared)
            _load(empty_database, shared / "loading.db", content, languages).rename(path)
    return path


def _load(empty: Path, path: Path, content: Path, languages: Languages) -> Path:
    shutil.copy(empty, path)
    shipped = Settings(content_dir=content)

    async def load() -> None:
        database = await SqliteDatabase.open(path)
        works = Works(database, ManualClock(0), languages, wake_courier=lambda: None)
        library = Library(content_settings(shipped))
        await load_content(works, library.folder, library.facts)
        await library.warm(works)
        await library.teach(works)
        await database.close()

    asyncio.run(load())
    return path


@pytest.fixture(autouse=True)
def _no_lessons(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Learning takes seconds of another process. Tests that are about it are marked `lessons`."""

    async def as_it_is(index: Index, _names: Sequence[str], _wrong_allowed: float) -> Index:
        return index

    async def here(topics: Sequence[Topic], names: Sequence[str]) -> Index:
        return Index.build(topics, names)

    if request.node.get_closest_marker("lessons") is None:
        monkeypatch.setattr(teaching, "teach", as_it_is)
        monkeypatch.setattr(teaching, "begin", here)


@pytest.fixture
def database_path(tmp_path: Path, loaded_database: Path) -> Path:
    path = tmp_path / "zhibu.db"
    shutil.copy(loaded_database, path)
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
    clock: ManualClock, database_path: Path, content_dir: Path, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[House]:
    """The real application on the embedded Bot API. Whatever it logs as an error fails the test."""
    async with open_house(clock, database_path.parent, content_dir=content_dir) as opened:
        yield opened
    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert not errors, [(record.getMessage(), record.exc_info) for record in errors]
