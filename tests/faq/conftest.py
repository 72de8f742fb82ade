"""An organisation with content in its database."""

from pathlib import Path

import pytest

from bot.faq import filing, store
from bot.faq.library import ContentSettings, Library
from bot.faq.matching import Index
from bot.kit.work import Works
from bot.roster.model import Actor
from bot.roster.store import actor as find_actor
from tests import factories
from tests.factories import Tree

FOLDER = Path(__file__).parent.parent.parent / "faq"


@pytest.fixture(scope="session")
def library() -> Library:
    return Library(ContentSettings(FOLDER, "石油党建", ("铁人先锋",)))


@pytest.fixture
async def tree(works: Works, library: Library) -> Tree:
    """The content is loaded; 李建国 (account 11) is in the branch, account 12 is not bound."""
    await filing.load_content(works, FOLDER, library.facts)
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


@pytest.fixture
async def index(works: Works, tree: Tree, library: Library) -> Index:
    async with works.reading() as reader:
        return Index.build(await store.topics(reader), library.names)
