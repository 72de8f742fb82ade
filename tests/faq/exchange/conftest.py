"""An organisation that has no entries of its own yet, and one branch with three."""

import shutil
from pathlib import Path

import pytest

from bot.faq.upkeep import changes
from bot.faq.upkeep.store import Act
from bot.roster.model import Role
from bot.sandbox import Person
from tests import factories
from tests.faq.exchange.hands import (
    OWN,
    member,
)
from tests.harness import House


@pytest.fixture
def database_path(
    request: pytest.FixtureRequest, tmp_path: Path, empty_database: Path, loaded_database: Path
) -> Path:
    """Empty, but for tests in the whole house."""
    path = tmp_path / "zhibu.db"
    shutil.copy(loaded_database if "house" in request.fixturenames else empty_database, path)
    return path


@pytest.fixture
async def tree(house: House) -> factories.Tree:
    async with house.work() as work:
        tree = await factories.tree(work.session)
        for entry in OWN:
            await changes.save(work, entry, owner=tree.branch, by=None, act=Act.CREATED)
    return tree


@pytest.fixture
async def wang(house: House, tree: factories.Tree) -> Person:
    """王梅, the secretary of 采油三队."""
    return await member(house, "王梅", tree.branch, (tree.branch, Role.SECRETARY))
