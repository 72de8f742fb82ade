"""What other parts of the room ask of the editor, and what never comes by way of a message."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from telegram import Chat, Document, Message, PhotoSize

from bot.faq.editing import browsing, drafts, errors, files, publishing
from bot.faq.editing.rules import Group
from bot.faq.model import Entry, HandOver, Kind, MediaKind, Owner, Stage
from bot.faq.upkeep import changes, store
from bot.faq.upkeep.store import Act
from bot.kit.errors import NotAllowed
from bot.kit.work import Works
from bot.roster.model import Actor, Role
from tests import factories
from tests.factories import Tree
from tests.faq.conftest import actor

ENTRY = Entry("", "zh", "麒麟阁怎么走", "出门左转。", ("麒麟阁怎么走",), stage=Stage.USE)


@pytest.fixture
async def tree(works: Works) -> Tree:
    """王梅 (account 1) is the branch's secretary, 赵敏 (2) the sibling's, 刘洋 (3) of the general branch."""
    async with works.begin() as work:
        tree = await factories.tree(work.session)
        for account, unit, role in (
            (1, tree.branch, Role.SECRETARY),
            (2, tree.sibling, Role.SECRETARY),
            (3, tree.general, Role.GENERAL),
        ):
            await factories.member(
                work.session, str(account), tree.branch, account=account, posts=((unit, role),)
            )
    return tree


@pytest.fixture
async def wang(works: Works, tree: Tree) -> Actor:
    return await actor(works, 1)


async def published(works: Works, entry: Entry, owner: Owner) -> int:
    async with works.begin() as work:
        return await changes.save(work, entry, owner=owner, by=None, act=Act.CREATED)


async def phrasings(works: Works, row: int) -> Sequence[str]:
    async with works.reading() as reader:
        kept = await store.kept(reader, row)
    assert kept is not None
    return kept.entry.phrasings


async def test_a_draft_begun_for_somebody_gets_an_id_that_no_other_has(
    works: Works, tree: Tree, wang: Actor
) -> None:
    async with works.begin() as work:
        first = await drafts.begin(work, wang, tree.branch, ENTRY)
        second = await drafts.begin(work, wang, tree.branch, ENTRY)
    assert first.content.id == f"own-{tree.branch}-{first.id}"
    assert first.content.id != second.content.id
    assert first.content.title == ENTRY.title
    with pytest.raises(NotAllowed):
        async with works.begin() as work:
            await drafts.begin(work, wang, tree.sibling, ENTRY)


async def test_a_members_wording_is_added_once_and_is_history(works: Works, tree: Tree, wang: Actor) -> None:
    row = await published(works, Entry("own-x", "zh", "麒麟阁", "左转。", ("麒麟阁在哪",)), tree.branch)
    async with works.begin() as work:
        assert await publishing.add_phrasing(work, wang, row, "去麒麟阁\n走哪条路")
        assert not await publishing.add_phrasing(work, wang, row, "去麒麟阁走哪条路")
    assert await phrasings(works, row) == ("麒麟阁在哪", "去麒麟阁 走哪条路")
    async with works.reading() as reader:
        latest = (await store.revisions(reader, row, limit=1))[0]
    assert latest.act is Act.LEARNT


async def test_a_members_wording_that_stands_elsewhere_or_is_endless_is_refused(
    works: Works, tree: Tree, wang: Actor
) -> None:
    row = await published(works, Entry("own-x", "zh", "麒麟阁", "左转。", ("麒麟阁在哪",)), tree.branch)
    await published(works, Entry("own-y", "zh", "凤凰阁", "右转。", ("凤凰阁在哪",)), tree.general)
    await published(works, Entry("own-z", "zh", "孔雀阁", "直走。", ("孔雀阁在哪",)), tree.sibling)
    for wording, refusal in (("凤凰阁 在哪", errors.PhrasingTaken), ("远" * 61, errors.PhrasingLong)):
        with pytest.raises(refusal):
            async with works.begin() as work:
                await publishing.add_phrasing(work, wang, row, wording)
    async with works.begin() as work:  # the sibling's entries are none that these members see
        assert await publishing.add_phrasing(work, wang, row, "孔雀阁在哪")
    for account in (2, 3):
        with pytest.raises(NotAllowed):
            async with works.begin() as work:
                await publishing.add_phrasing(work, await actor(works, account), row, "新的问法")


async def test_a_phrasing_of_an_entry_that_is_overridden_is_free(
    works: Works, tree: Tree, wang: Actor
) -> None:
    await published(works, Entry("login-x", "zh", "旧的", "旧的。", ("麒麟阁在哪",)), None)
    await published(works, Entry("login-x", "zh", "新的", "新的。", ("别的问法",)), tree.branch)
    row = await published(works, Entry("own-x", "zh", "麒麟阁", "左转。", ("去麒麟阁",)), tree.branch)
    async with works.begin() as work:
        assert await publishing.add_phrasing(work, wang, row, "麒麟阁在哪")


async def test_an_entry_comes_back_only_while_its_phrasings_are_free(
    works: Works, tree: Tree, wang: Actor
) -> None:
    row = await published(works, Entry("own-x", "zh", "麒麟阁", "左转。", ("麒麟阁在哪",)), tree.branch)
    async with works.begin() as work:
        await publishing.retire(work, wang, tree.branch, row)
    await published(works, Entry("own-y", "zh", "麒麟阁", "右转。", ("麒麟阁在哪",)), tree.branch)
    with pytest.raises(errors.PhrasingTaken):
        async with works.begin() as work:
            await publishing.restore(work, wang, tree.branch, row)


async def test_only_a_decline_is_handed_over_and_only_an_entry_has_a_stage(
    works: Works, tree: Tree, wang: Actor
) -> None:
    decline = Entry(
        "own-d", "zh", "别的软件", "不归我管。", ("别的",), kind=Kind.DECLINE, handover=HandOver.OFFERED
    )
    async with works.begin() as work:
        draft = await drafts.begin(work, wang, tree.branch, decline)
        draft = await drafts.set_handover(work, wang, draft.id, HandOver.ALWAYS)
        assert draft.content.handover is HandOver.ALWAYS
        assert (await drafts.set_stage(work, wang, draft.id, Stage.PAY)).content.stage is None
        entry = await drafts.begin(work, wang, tree.branch, ENTRY)
        kept = await drafts.set_handover(work, wang, entry.id, HandOver.ALWAYS)
        assert kept.content.handover is HandOver.NEVER


async def test_an_answer_takes_so_many_files_and_no_more(works: Works, tree: Tree, wang: Actor) -> None:
    async with works.begin() as work:
        draft = await drafts.begin(work, wang, tree.branch, ENTRY)
        for number in range(drafts.FILES_LIMIT):
            file = drafts.File(MediaKind.PHOTO, "photo.jpg", bytes([number]))
            draft = await drafts.add_file(work, wang, draft.id, file)
        assert len(draft.content.media) == drafts.FILES_LIMIT
        with pytest.raises(errors.TooManyFiles):
            await drafts.add_file(
                work, wang, draft.id, drafts.File(MediaKind.PHOTO, "photo.jpg", b"one more")
            )
        again = drafts.File(MediaKind.PHOTO, "photo.jpg", b"\x00")
        assert await drafts.add_file(work, wang, draft.id, again) == draft


async def test_the_entries_of_a_level_are_counted_for_those_below_it(
    works: Works, tree: Tree, wang: Actor
) -> None:
    await published(works, Entry("use-a", "zh", "一", "一。", ("一",), stage=Stage.USE), None)
    await published(works, Entry("use-a", "zh", "二", "二。", ("二",), stage=Stage.USE), tree.general)
    await published(works, Entry("use-b", "zh", "三", "三。", ("三",), stage=Stage.USE), tree.sibling)
    liu = await actor(works, 3)
    async with works.begin() as work:
        seen = [line.title for line in await browsing.group(work.session, wang, tree.branch, Group.USE)]
        own = await browsing.overview(work.session, liu, tree.general)
    assert seen == ["二"]
    assert (own.counts[Group.USE], own.own) == (1, 1)


def received(**content: Any) -> Message:
    when = datetime(2026, 11, 2, tzinfo=UTC)
    return Message(1, when, Chat(1, Chat.PRIVATE), **content)


@pytest.mark.parametrize(
    "content",
    [
        {"document": Document("a", "a", file_name="大.zip", file_size=21 * 1024 * 1024)},
        {"photo": [PhotoSize("a", "a", 1, 1, 1), PhotoSize("b", "b", 9, 9, 21 * 1024 * 1024)]},
    ],
)
def test_what_telegram_gives_to_no_bot_is_refused_before_it_is_fetched(content: dict[str, object]) -> None:
    with pytest.raises(errors.FileTooLarge):
        files.sent_in(received(**content))


def test_what_an_answer_can_carry() -> None:
    sent = files.sent_in(received(document=Document("a", "a", file_name="路线.pdf")))
    assert sent is not None
    assert (sent.kind, sent.name) == (MediaKind.DOCUMENT, "路线.pdf")
    assert files.sent_in(received(text="没有文件")) is None
