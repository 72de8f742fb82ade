"""Each unit's staff change their own unit's entries, and nobody else's."""

import shutil
from pathlib import Path

import pytest

from bot.faq.model import Owner
from bot.faq.upkeep import rights
from bot.kit.errors import NotAllowed
from bot.kit.work import Works
from bot.roster.model import Post, Role, UnitKind
from bot.roster.store import appoint
from tests import factories
from tests.factories import Tree
from tests.faq.conftest import actor


@pytest.fixture
def database_path(tmp_path: Path, empty_database: Path) -> Path:
    """Here the database is empty."""
    path = tmp_path / "zhibu.db"
    shutil.copy(empty_database, path)
    return path


@pytest.fixture
async def tree(works: Works) -> Tree:
    async with works.begin() as work:
        return await factories.tree(work.session)


async def holder(works: Works, tree: Tree, *posts: tuple[int, Role]) -> list[Owner]:
    """Whose entries somebody with these posts may change."""
    async with works.begin() as work:
        member = await factories.member(work.session, "王梅", tree.branch, account=21)
        for unit, role in posts:
            await appoint(work.session, member, Post(unit, role), now=0)
    person = await actor(works, 21)
    async with works.reading() as reader:
        return list(await rights.owners(reader, person))


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.DEPUTY, Role.HELPER])
async def test_the_staff_of_a_branch_change_its_own(works: Works, tree: Tree, role: Role) -> None:
    assert await holder(works, tree, (tree.branch, role)) == [tree.branch]


async def test_the_staff_of_the_top_change_what_is_everybodys(works: Works, tree: Tree) -> None:
    assert await holder(works, tree, (tree.committee, Role.ADMIN)) == [None]


async def test_with_several_posts_the_nearest_to_the_members_comes_first(works: Works, tree: Tree) -> None:
    posts = ((tree.committee, Role.ADMIN), (tree.general, Role.GENERAL), (tree.branch, Role.SECRETARY))
    assert await holder(works, tree, *posts) == [tree.branch, tree.general, None]


async def test_a_member_without_a_post_changes_nothing(works: Works, tree: Tree) -> None:
    assert await holder(works, tree) == []
    person = await actor(works, 21)
    for owner in (tree.branch, tree.general, None):
        async with works.reading() as reader:
            with pytest.raises(NotAllowed):
                await rights.require(reader, person, owner)


async def test_under_two_tops_the_common_entries_are_nobodys(works: Works, tree: Tree) -> None:
    async with works.begin() as work:
        await factories.unit(work.session, "另一个党委", UnitKind.COMMITTEE)
    assert await holder(works, tree, (tree.committee, Role.ADMIN)) == [tree.committee]


async def test_what_an_owners_entries_stand_over(works: Works, tree: Tree) -> None:
    async with works.reading() as reader:
        assert await rights.above(reader, tree.branch) == [tree.general, None]
        assert await rights.above(reader, tree.general) == [None]
        assert await rights.above(reader, None) == []


async def test_for_whose_members_entries_are(works: Works, tree: Tree) -> None:
    async with works.begin() as work:
        other = await factories.unit(work.session, "机关党支部", UnitKind.BRANCH, tree.committee)
    async with works.reading() as reader:
        assert await rights.below(reader, tree.branch) == [tree.branch]
        assert await rights.below(reader, tree.general) == [tree.branch, tree.sibling]
        assert await rights.below(reader, None) == [tree.branch, tree.sibling, other]
