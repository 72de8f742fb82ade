"""An organisation with content in its database."""

import asyncio
import shutil
from collections import defaultdict
from pathlib import Path

import pytest

from bot.faq import content, filing
from bot.faq.index import Index, Topic
from bot.faq.library import ContentSettings, Library
from bot.faq.model import Kind
from bot.kit.clock import ManualClock
from bot.kit.database import SqliteDatabase
from bot.kit.i18n import Languages
from bot.kit.work import Works
from bot.roster.model import Actor
from bot.roster.store import actor as find_actor
from tests import factories
from tests.factories import Tree

FOLDER = Path(__file__).parent.parent.parent / "faq"
NAMES = ("石油党建", "铁人先锋")


def build() -> Index:
    """The index of the content's files: the same as that of a database they are loaded into."""
    phrasings: dict[str, list[str]] = defaultdict(list)
    kinds: dict[str, Kind] = {}
    for entry in content.read_entries(FOLDER):
        phrasings[entry.id] += entry.phrasings
        kinds[entry.id] = entry.kind
    return Index.build([Topic(key, kinds[key], tuple(texts)) for key, texts in phrasings.items()], NAMES)


@pytest.fixture(scope="session")
def index() -> Index:
    return build()


@pytest.fixture(scope="session")
def library() -> Library:
    return Library(ContentSettings(FOLDER, NAMES[0], NAMES[1:]))


@pytest.fixture(scope="session")
def loaded_database(
    tmp_path_factory: pytest.TempPathFactory, empty_database: Path, library: Library, languages: Languages
) -> Path:
    """A database file with the content in it, made once and copied for each test that needs it."""
    path = tmp_path_factory.mktemp("content") / "loaded.db"
    shutil.copy(empty_database, path)

    async def load() -> None:
        database = await SqliteDatabase.open(path)
        works = Works(database, ManualClock(0), languages, wake_courier=lambda: None)
        await filing.load_content(works, FOLDER, library.facts)
        await database.close()

    asyncio.run(load())
    return path


@pytest.fixture
def database_path(tmp_path: Path, loaded_database: Path) -> Path:
    """Each test's database has the content in it."""
    path = tmp_path / "zhibu.db"
    shutil.copy(loaded_database, path)
    return path


@pytest.fixture
async def tree(works: Works) -> Tree:
    """李建国 (account 11) is in the branch, account 12 is not bound."""
    async with works.begin() as work:
        tree = await factories.tree(work.session)
        await factories.member(work.session, "李建国", tree.branch, account=11)
        await work.session.run("INSERT INTO account (id, display_name, first_seen_at) VALUES (12, '路人', 0)")
    return tree


async def actor(works: Works, account: int) -> Actor:
    async with works.reading() as reader:
        found = await find_actor(reader, account, "zh_CN")
    assert found is not None
    return found


@pytest.fixture
async def member(works: Works, tree: Tree) -> Actor:
    return await actor(works, 11)


@pytest.fixture
async def stranger(works: Works, tree: Tree) -> Actor:
    return await actor(works, 12)
