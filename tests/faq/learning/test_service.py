"""What a desk may do, at the service."""

import pytest

from bot.faq.learning import noting, service, store
from bot.faq.learning.errors import LookedAfter
from bot.faq.learning.model import LessonState, Reason
from bot.kit.clock import ManualClock
from bot.kit.errors import NotAllowed, Outdated
from bot.kit.work import Works
from bot.roster.model import Role
from tests import factories
from tests.factories import Tree
from tests.faq.conftest import actor

LI, WANG, CHEN = 11, 21, 31


@pytest.fixture
async def staffed(works: Works, tree: Tree) -> Tree:
    """王梅 (account 21) is the branch's secretary, 陈刚 (31) of the committee."""
    async with works.begin() as work:
        for name, account, unit, role in (
            ("王梅", WANG, tree.branch, Role.SECRETARY),
            ("陈刚", CHEN, tree.committee, Role.ADMIN),
        ):
            await factories.member(work.session, name, tree.branch, account=account, posts=((unit, role),))
    return tree


async def asked(works: Works, text: str, reason: Reason = Reason.NONE_FITS) -> None:
    li = await actor(works, LI)
    async with works.begin() as work:
        await noting.note(work, li, text, reason, ("pay-how",))


async def kept(works: Works) -> list[tuple[str, str]]:
    async with works.reading() as reader:
        rows = await reader.all("SELECT text, state FROM faq_lesson ORDER BY id")
    return [(row["text"], row["state"]) for row in rows]


async def test_the_same_words_of_the_same_person_are_kept_once(works: Works, staffed: Tree) -> None:
    await asked(works, "我是李建国，麒麟阁怎么走")
    await asked(works, "麒麟阁怎么走？", Reason.UNSOLVED)
    await asked(works, "麒麟阁怎么走")
    assert await kept(works) == [("麒麟阁怎么走", "open"), ("麒麟阁怎么走？", "open")]
    async with works.reading() as reader:
        desk = await service.desk_at(reader, await actor(works, WANG), staffed.branch)
        (group,) = await service.queue(reader, desk)
    assert (group.members, group.wordings) == (1, ("麒麟阁怎么走",))


@pytest.mark.parametrize("text", ["李建国", "13812345678", "？？？", "我是李建国 13812345678", ""])
async def test_what_says_nothing_without_names_is_not_kept(works: Works, staffed: Tree, text: str) -> None:
    await asked(works, text)
    assert await kept(works) == []


async def test_an_act_is_taken_back_once_and_by_its_author_alone(
    works: Works, staffed: Tree, clock: ManualClock
) -> None:
    await asked(works, "麒麟阁怎么走")
    wang, chen = await actor(works, WANG), await actor(works, CHEN)
    async with works.begin() as work:
        desk = await service.desk_at(work.session, wang, staffed.branch)
        (group,) = await service.queue(work.session, desk)
        await service.dismiss(work, wang, desk, group.id)
        at = work.now
    assert await kept(works) == [("麒麟阁怎么走", "dismissed")]
    async with works.begin() as work:
        above = await service.desk_at(work.session, chen, staffed.committee)
        with pytest.raises(Outdated):
            await service.undo(work, chen, above, at, None)
        await service.undo(work, wang, desk, at, None)
        with pytest.raises(Outdated):
            await service.undo(work, wang, desk, at, None)
    assert await kept(works) == [("麒麟阁怎么走", "open")]
    async with works.reading() as reader:
        acts = [row["act"] for row in await reader.all("SELECT act FROM audit ORDER BY id")]
    assert acts[-2:] == ["faq.dismissed", "faq.lesson_undone"]


async def test_passing_goes_up_only_and_lookers_on_may_do_nothing(works: Works, staffed: Tree) -> None:
    await asked(works, "麒麟阁怎么走")
    wang, li = await actor(works, WANG), await actor(works, LI)
    async with works.begin() as work:
        desk = await service.desk_at(work.session, wang, staffed.branch)
        (group,) = await service.queue(work.session, desk)
        for unit in (staffed.sibling, staffed.branch, 999):
            with pytest.raises(Outdated):
                await service.pass_up(work, wang, desk, group.id, unit)
        with pytest.raises(NotAllowed):
            await service.desk_at(work.session, wang, staffed.committee)
        # Whatever desk a button was drawn for, the act asks for the right again.
        for act in (
            service.dismiss(work, li, desk, group.id),
            service.pass_up(work, li, desk, group.id, staffed.committee),
            service.add(work, li, desk, group.id, 1),
            service.undo(work, li, desk, work.now, None),
        ):
            with pytest.raises(NotAllowed):
                await act
        with pytest.raises(LookedAfter):
            await service.group_of(work.session, desk, 999)
    assert await kept(works) == [("麒麟阁怎么走", "open")]


async def test_what_one_level_passed_on_can_be_passed_on_again(works: Works, staffed: Tree) -> None:
    async with works.begin() as work:
        await factories.member(
            work.session, "周敏", staffed.sibling, account=41, posts=((staffed.general, Role.GENERAL),)
        )
    await asked(works, "麒麟阁怎么走")
    for account, unit, to in (
        (WANG, staffed.branch, staffed.general),
        (41, staffed.general, staffed.committee),
    ):
        person = await actor(works, account)
        async with works.begin() as work:
            desk = await service.desk_at(work.session, person, unit)
            (group,) = await service.queue(work.session, desk)
            await service.pass_up(work, person, desk, group.id, to)
            assert await service.queue(work.session, desk) == []
    async with works.reading() as reader:
        desk = await service.desk_at(reader, await actor(works, CHEN), staffed.committee)
        (group,) = await service.queue(reader, desk)
    assert (group.passed_up, group.members, len(group.lessons)) == (True, 1, 1)


async def test_forgetting_an_account_takes_its_copies_along(works: Works, staffed: Tree) -> None:
    await asked(works, "麒麟阁怎么走")
    wang = await actor(works, WANG)
    async with works.begin() as work:
        desk = await service.desk_at(work.session, wang, staffed.branch)
        (group,) = await service.queue(work.session, desk)
        await service.pass_up(work, wang, desk, group.id, staffed.committee)
        assert await store.count_of(work.session, LI) == 1
        assert await store.lesson(work.session, group.id) == (group.lessons[0], LessonState.PASSED_UP)
        await store.forget_account(work.session, LI)
    assert await kept(works) == []
