"""Taking an import back: who may, and what becomes of what it had settled."""

import pytest

from bot.dues import importing
from bot.dues.importing import service
from bot.dues.importing.store import Import
from bot.dues.model import State
from bot.kit.clock import DAY
from bot.kit.errors import NotAllowed, Refusal
from bot.kit.vault import Vault
from bot.roster.model import Actor, Role
from tests import factories
from tests.conftest import ZONE
from tests.dues.conftest import Branch, local
from tests.dues.payments.tables import csv_bytes, line

GENERAL, ADMIN = 20, 21


@pytest.fixture
async def above(branch: Branch) -> Branch:
    """The branch, with somebody of the general branch and of the committee."""
    async with branch.works.begin() as work:
        tree, sibling = branch.tree, branch.tree.sibling
        for name, account, post in (
            ("吴总", GENERAL, (tree.general, Role.GENERAL)),
            ("郑委", ADMIN, (tree.committee, Role.ADMIN)),
        ):
            branch.members[name] = await factories.member(
                work.session, name, sibling, account=account, posts=(post,)
            )
    await branch.passes(local(19, 9))
    return branch


async def bring_in(branch: Branch, vault: Vault, *rows: tuple[object, ...], by: int | None = 1) -> int:
    file = await importing.read(csv_bytes(*rows), vault.fingerprint, ZONE, now=branch.clock.now())
    actor = None if by is None else await branch.actor(by)
    async with branch.works.begin() as work:
        return (await importing.apply(work, file, by=actor)).import_id


async def take_back(branch: Branch, number: int, by: int | None = 1) -> int:
    actor = None if by is None else await branch.actor(by)
    async with branch.works.begin() as work:
        return await importing.undo(work, number, by=actor)


async def test_obligations_fall_back_by_themselves(above: Branch, vault: Vault) -> None:
    await bring_in(above, vault, line("李建国", 8, "T1"))
    second = await bring_in(above, vault, line("李建国", 12, "T2"), line("王梅", 20, "T3"))
    assert (await above.obligation("李建国")).state is State.PAID
    assert await take_back(above, second) == 2
    assert (await above.obligation("李建国")).state is State.DUE
    assert (await above.obligation("李建国")).paid == 800
    third = await bring_in(above, vault, line("李建国", 12, "T2"), line("王梅", 20, "T3"))
    assert (await above.obligation("李建国")).state is State.PAID
    assert (await above.obligation("王梅")).state is State.PAID
    rows = await above.rows("SELECT id, undone_by FROM dues_import WHERE undone_at IS NOT NULL")
    assert [(row["id"], row["undone_by"]) for row in rows] == [(second, above.members["王梅"])]
    kept = await above.rows(
        "SELECT import_id, undone_at IS NULL AS counts FROM dues_entry WHERE reference = 'T2'"
    )
    assert [(row["import_id"], row["counts"]) for row in kept] == [(second, 0), (third, 1)]
    acts = await above.rows("SELECT act, subject FROM audit WHERE act = 'dues.import_undone'")
    assert [row["subject"] for row in acts] == [f"import:{second}"]


@pytest.mark.parametrize(
    ("by", "refusal"),
    [
        (1, None),
        (2, service.NotTheirs),
        (3, NotAllowed),
        (10, NotAllowed),
        (GENERAL, None),
        (ADMIN, None),
        (None, None),
    ],
)
async def test_whoever_imported_it_or_the_level_above(
    above: Branch, vault: Vault, by: int | None, refusal: type[Refusal] | None
) -> None:
    number = await bring_in(above, vault, line("李建国"))
    if refusal is None:
        assert await take_back(above, number, by) == 1
        return
    with pytest.raises(refusal):
        await take_back(above, number, by)
    assert (await above.obligation("李建国")).state is State.PAID


async def test_what_the_level_above_imported_is_not_for_a_branch_to_take_back(
    above: Branch, vault: Vault
) -> None:
    number = await bring_in(above, vault, line("李建国"), line("钱进"), by=GENERAL)
    with pytest.raises(service.NotTheirs):
        await take_back(above, number, 1)
    assert await take_back(above, number, GENERAL) == 2


async def test_only_the_last_that_is_about_the_same_people(above: Branch, vault: Vault) -> None:
    first = await bring_in(above, vault, line("李建国", reference="T1"))
    await bring_in(above, vault, line("钱进"), by=3)
    assert await take_back(above, first) == 1
    first = await bring_in(above, vault, line("李建国", reference="T1"))
    second = await bring_in(above, vault, line("李建国", reference="T1"), line("王梅"), by=ADMIN)
    with pytest.raises(service.NotTheLast):
        await take_back(above, first)
    assert await take_back(above, second, ADMIN) == 1
    assert await take_back(above, first) == 1
    with pytest.raises(service.TakenBack):
        await take_back(above, first)


async def test_for_a_week_in_chat(above: Branch, vault: Vault) -> None:
    number = await bring_in(above, vault, line("李建国"))
    actor = await above.actor(1)
    assert await may(above, actor) is True
    await above.clock.move_to(above.clock.now() + service.UNDO_FOR + DAY)
    assert await may(above, actor) is False
    with pytest.raises(service.TooLateToTakeBack):
        await take_back(above, number)
    assert await take_back(above, number, None) == 1


async def may(branch: Branch, actor: Actor) -> bool:
    async with branch.works.reading() as reader:
        last: Import = await service.last_import(reader, actor)
        return await service.may_take_back(reader, last, actor, now=branch.clock.now())


async def test_nothing_of_the_file_is_written_where_nothing_can_be(above: Branch, vault: Vault) -> None:
    with pytest.raises(service.NothingToImport):
        await bring_in(above, vault, line("钱进"), line("没这人"))
    assert await above.rows("SELECT 1 FROM dues_import") == []
    with pytest.raises(NotAllowed):
        await bring_in(above, vault, line("李建国"), by=10)
    async with above.works.reading() as reader:
        with pytest.raises(service.NothingToTakeBack):
            await service.last_import(reader, await above.actor(1))
