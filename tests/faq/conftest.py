"""An organisation with content in its database."""

from collections import defaultdict
from pathlib import Path

import pytest

from bot.faq import content
from bot.faq.library import ContentSettings, Library
from bot.faq.matcher import Index, Topic
from bot.faq.model import Kind
from bot.kit.work import Works
from bot.roster.model import Actor, Role
from bot.roster.store import actor as find_actor
from bot.sandbox import Person
from tests import factories
from tests.factories import Tree
from tests.harness import House

FOLDER = Path(__file__).parent.parent.parent / "faq"
NAMES = ("石油党建", "铁人先锋")


def build(folder: Path = FOLDER) -> Index:
    """The index of a content's files: the same as that of a database they are loaded into."""
    phrasings: dict[str, list[str]] = defaultdict(list)
    kinds: dict[str, Kind] = {}
    for entry in content.read_entries(folder):
        phrasings[entry.id] += entry.phrasings
        kinds[entry.id] = entry.kind
    return Index.build([Topic(key, kinds[key], tuple(texts)) for key, texts in phrasings.items()], NAMES)


@pytest.fixture(scope="session")
def index() -> Index:
    return build()


@pytest.fixture(scope="session")
def library() -> Library:
    return Library(ContentSettings(FOLDER, NAMES[0], NAMES[1:]))


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


@pytest.fixture
async def li(house: House) -> Person:
    """李建国, on the roster and bound; his secretary is 王梅."""
    person = house.person("李建国")
    secretary = house.person("王梅")
    async with house.work() as work:
        tree = await factories.tree(work.session)
        await factories.member(
            work.session,
            "王梅",
            tree.branch,
            account=secretary.id,
            posts=((tree.branch, Role.SECRETARY),),
        )
        await factories.member(work.session, "李建国", tree.branch, account=person.id)
    await person.start()
    await house.settle()
    return person
