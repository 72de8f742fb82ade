"""Every change of an entry leaves history and audit, and can be taken back."""

import dataclasses
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.faq import store as faq
from bot.faq.errors import NothingToUndo
from bot.faq.model import Attachment, Entry, Kind, MediaKind, Owner, Phone, Scope, Stage, State
from bot.faq.upkeep import changes, snapshot, store
from bot.faq.upkeep.store import Act, Kept
from bot.kit.clock import MINUTE, ManualClock
from bot.kit.work import Works
from tests import factories
from tests.factories import Tree

ENTRY = Entry(
    "pay-how", "zh", "怎么交党费", "点“我的”，再点“党费”。", ("怎么交党费", "党费咋交"), stage=Stage.PAY
)


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


@pytest.fixture
async def author(works: Works, tree: Tree) -> int:
    async with works.begin() as work:
        return await factories.member(work.session, "王梅", tree.branch)


async def save(works: Works, entry: Entry, by: int | None, owner: Owner = None) -> int:
    async with works.begin() as work:
        act = Act.EDITED if await store.find(work.session, owner, entry.id, entry.language) else Act.CREATED
        return await changes.save(work, entry, owner=owner, by=by, act=act)


async def kept(works: Works, row: int) -> Kept:
    async with works.reading() as reader:
        found = await store.kept(reader, row)
    assert found is not None
    return found


async def seen(works: Works, branch: int) -> str | None:
    """The title that a member of the branch finds under the entry's slug."""
    async with works.reading() as reader:
        entry = await faq.shown(reader, Scope(branch, "zh"), ENTRY.id)
    return None if entry is None else entry.title


async def test_a_change_is_published_and_kept_in_the_history(
    works: Works, tree: Tree, author: int, clock: ManualClock
) -> None:
    row = await save(works, ENTRY, author)
    await clock.move_to(clock.now() + 5 * MINUTE)
    changed = dataclasses.replace(ENTRY, title="党费在哪里交", phrasings=("党费在哪里交",))
    assert await save(works, changed, author) == row
    assert await seen(works, tree.branch) == "党费在哪里交"
    async with works.reading() as reader:
        last, first = await store.revisions(reader, row, limit=10)
        audited = await reader.all("SELECT act, by_member, subject FROM audit ORDER BY id")
    assert (first.act, first.before, first.after, first.by) == (Act.CREATED, None, ENTRY, author)
    assert (last.act, last.before, last.after) == (Act.EDITED, ENTRY, changed)
    assert last.at - first.at == 5 * MINUTE
    assert [(each["act"], each["by_member"], each["subject"]) for each in audited] == [
        ("faq.created", author, f"faq:{row}"),
        ("faq.edited", author, f"faq:{row}"),
    ]


async def test_undoing_gives_the_earlier_text_back_and_undoing_that_the_later_one(
    works: Works, tree: Tree, author: int
) -> None:
    row = await save(works, ENTRY, author)
    changed = dataclasses.replace(ENTRY, title="党费在哪里交")
    await save(works, changed, author)
    for expected in (ENTRY, changed, ENTRY):
        async with works.begin() as work:
            await changes.undo(work, row, by=author)
        assert (await kept(works, row)).entry == expected


async def test_undoing_the_creation_retires_and_undoing_that_shows_it_again(
    works: Works, tree: Tree, author: int
) -> None:
    row = await save(works, ENTRY, author)
    for state, title in ((State.RETIRED, None), (State.PUBLISHED, ENTRY.title)):
        async with works.begin() as work:
            await changes.undo(work, row, by=author)
        assert (await kept(works, row)).state is state
        assert await seen(works, tree.branch) == title


async def test_what_was_never_changed_cannot_be_undone(works: Works, tree: Tree, author: int) -> None:
    async with works.begin() as work:
        await changes.load(work, ENTRY, digest="1")
        found = await store.find(work.session, None, ENTRY.id, "zh")
    assert found is not None
    with pytest.raises(NothingToUndo):
        async with works.begin() as work:
            await changes.undo(work, found.row, by=author)


async def test_retiring_hides_and_restoring_shows_and_doing_it_twice_is_one_change(
    works: Works, tree: Tree, author: int
) -> None:
    row = await save(works, ENTRY, author)
    for _ in range(2):
        async with works.begin() as work:
            await changes.retire(work, row, by=author)
    assert await seen(works, tree.branch) is None
    async with works.begin() as work:
        await changes.restore(work, row, by=author)
    assert await seen(works, tree.branch) == ENTRY.title
    async with works.reading() as reader:
        acts = [each.act for each in await store.revisions(reader, row, limit=10)]
    assert acts == [Act.RESTORED, Act.RETIRED, Act.CREATED]


async def test_a_branchs_own_entry_stands_over_the_organisations(
    works: Works, tree: Tree, author: int
) -> None:
    await save(works, ENTRY, author)
    own = await save(works, dataclasses.replace(ENTRY, title="我们队怎么交"), author, tree.branch)
    assert await seen(works, tree.branch) == "我们队怎么交"
    async with works.begin() as work:
        await changes.retire(work, own, by=author)
    assert await seen(works, tree.branch) == ENTRY.title


async def test_every_change_makes_the_index_new(works: Works, tree: Tree, author: int) -> None:
    async def version() -> int:
        async with works.reading() as reader:
            return await faq.version(reader)

    versions = [await version()]
    row = await save(works, ENTRY, author)
    versions.append(await version())
    for change in (changes.retire, changes.restore, changes.undo):
        async with works.begin() as work:
            await change(work, row, by=author)
        versions.append(await version())
    assert versions == sorted(set(versions))


texts = st.text(max_size=30)
attachments = st.builds(Attachment, st.sampled_from(MediaKind), texts, texts)
entries = st.builds(
    Entry,
    texts,
    st.sampled_from(("zh", "en")),
    texts,
    texts,
    st.lists(texts, max_size=4).map(tuple),
    st.sampled_from(Kind),
    st.none() | st.sampled_from(Stage),
    st.lists(texts, max_size=2).map(tuple),
    st.lists(st.sampled_from(Phone), max_size=2).map(tuple),
    media=st.lists(attachments, max_size=2).map(tuple),
)


@given(entries)
def test_a_snapshot_gives_the_same_entry_again(entry: Entry) -> None:
    assert snapshot.read(snapshot.write(entry)) == entry
