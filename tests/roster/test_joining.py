"""Joining on the real database: every proof, every refusal, who decides."""

import dataclasses
from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kit.clock import HOUR, MINUTE, ManualClock
from bot.kit.errors import NotAllowed, Outdated, Refusal
from bot.kit.vault import Vault
from bot.roster import privacy, store
from bot.roster.joining import inviting, rules, service
from bot.roster.joining.inviting import Issued
from bot.roster.joining.service import Asked, Bound, NoMatch, StillWaiting, TooManyTries, WrongCode
from bot.roster.joining.store import State
from bot.roster.model import Actor, Role
from tests import factories
from tests.roster.conftest import Office

STRANGER = 900
SECRETARY, DEPUTY, GENERAL, ADMIN, LI_OLD = 1, 2, 3, 4, 5


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    tree: factories.Tree
    secretary: int
    li: int
    """Bound to LI_OLD."""
    sun: int
    """Not bound."""
    next_door: int
    """A member of the sibling branch, which has no staff; not bound."""
    general: int


@pytest.fixture
async def place(office: Office, vault: Vault) -> Place:
    async with office.works.begin() as work:
        session = work.session
        tree = await factories.tree(session)

        async def add(
            name: str, branch: int, phone: str, account: int | None = None, *posts: tuple[int, Role]
        ) -> int:
            return await factories.member(
                session, name, branch, account=account, posts=posts, phone=phone, vault=vault
            )

        secretary = await add("王梅", tree.branch, "13800000001", SECRETARY, (tree.branch, Role.SECRETARY))
        await add("张强", tree.branch, "13800000002", DEPUTY, (tree.branch, Role.DEPUTY))
        general = await add("总支", tree.branch, "13800000003", GENERAL, (tree.general, Role.GENERAL))
        await add("管理员", tree.branch, "13800000004", ADMIN, (tree.committee, Role.ADMIN))
        li = await add("李建国", tree.branch, "13800000005", LI_OLD)
        sun = await add("孙立", tree.branch, "13800000006")
        next_door = await add("赵敏", tree.sibling, "13800000007")
        await store.note_account(session, STRANGER, display_name="小孙", now=work.now)
    return Place(tree, secretary, li, sun, next_door, general)


async def by_phone(office: Office, phone: str, account: int = STRANGER) -> service.Proof | NoMatch:
    async with office.works.begin() as work:
        return await service.prove_by_phone(work, await office.actor(account), phone, office.vault)


async def by_code(office: Office, code: str) -> service.Proof | WrongCode | TooManyTries:
    async with office.works.begin() as work:
        return await service.prove_by_code(work, await office.actor(STRANGER), code, office.vault)


async def ask(office: Office, unit: int, name: str = "孙立") -> Asked | StillWaiting:
    async with office.works.begin() as work:
        return await service.ask_to_join(work, await office.actor(STRANGER), unit, name)


async def asked(office: Office, unit: int, name: str = "孙立") -> Asked:
    found = await ask(office, unit, name)
    assert isinstance(found, Asked)
    return found


async def approve(office: Office, account: int, request: int, member: int) -> service.Decided:
    async with office.works.begin() as work:
        return await service.approve(work, await office.actor(account), request, member)


async def refuse(office: Office, account: int, request: int, state: State = State.REFUSED) -> service.Decided:
    async with office.works.begin() as work:
        return await service.refuse(work, await office.actor(account), request, state)


async def issue(office: Office, account: int, member: int, seed: int = 3) -> Issued:
    async with office.works.begin() as work:
        return await inviting.issue_code(
            work, await office.actor(account), member, office.vault, Random(seed)
        )


async def bound_to(office: Office, member: int) -> list[int]:
    return await office.column("SELECT id FROM account WHERE member_id = :member", member=member)


async def test_the_own_phone_binds(office: Office, place: Place) -> None:
    outcome = await by_phone(office, "13800000006")
    assert isinstance(outcome, Bound)
    assert await bound_to(office, place.sun) == [STRANGER]
    actor = await office.actor(STRANGER)
    assert actor.member is not None
    assert actor.member.name == "孙立"
    assert await office.column("SELECT display_name FROM account WHERE id = :id", id=STRANGER) == [""]
    assert await office.column("SELECT act FROM audit") == ["account.bound"]


async def test_a_phone_that_is_not_on_the_roster_binds_nobody(office: Office, place: Place) -> None:
    assert isinstance(await by_phone(office, "13900000000"), NoMatch)
    assert (await office.actor(STRANGER)).member is None


async def test_whoever_left_is_not_found_by_phone_or_code(office: Office, place: Place) -> None:
    issued = await issue(office, SECRETARY, place.sun)
    async with office.works.begin() as work:
        await work.session.run("UPDATE member SET left_at = 1 WHERE id = :id", id=place.sun)
    assert isinstance(await by_phone(office, "13800000006"), NoMatch)
    assert isinstance(await by_code(office, issued.code), WrongCode)


async def test_whoever_is_bound_proves_nothing_more(office: Office, place: Place) -> None:
    with pytest.raises(Outdated):
        await by_phone(office, "13800000006", account=LI_OLD)
    assert await bound_to(office, place.sun) == []


async def test_a_bound_member_is_moved_only_by_their_secretary(office: Office, place: Place) -> None:
    outcome = await by_phone(office, "13800000005")
    assert isinstance(outcome, Asked)
    assert [person.member.name for person in outcome.deciders] == ["王梅", "张强"]
    assert await bound_to(office, place.li) == [LI_OLD]
    for account in (LI_OLD, GENERAL, ADMIN, STRANGER):
        with pytest.raises(NotAllowed):
            await approve(office, account, outcome.request.id, place.li)
    with pytest.raises(Outdated):
        await approve(office, SECRETARY, outcome.request.id, place.sun)
    decided = await approve(office, SECRETARY, outcome.request.id, place.li)
    assert decided.person is not None
    assert decided.person.account_id == LI_OLD
    assert await bound_to(office, place.li) == [STRANGER]
    assert await office.column("SELECT act FROM audit WHERE act LIKE 'account%'") == ["account.moved"]
    assert await office.column("SELECT id FROM account WHERE menu_due = 1 ORDER BY id") == [LI_OLD, STRANGER]


async def test_nobody_decides_about_themselves(office: Office, place: Place) -> None:
    outcome = await by_phone(office, "13800000001")
    assert isinstance(outcome, Asked)
    assert [person.member.name for person in outcome.deciders] == ["张强"]
    with pytest.raises(NotAllowed):
        await approve(office, SECRETARY, outcome.request.id, place.secretary)
    assert await bound_to(office, place.secretary) == [SECRETARY]


async def test_a_branch_without_staff_is_helped_by_the_general_branch(office: Office, place: Place) -> None:
    found = await asked(office, place.tree.sibling, "赵敏")
    assert [person.member.name for person in found.deciders] == ["总支"]
    with pytest.raises(NotAllowed):
        await approve(office, SECRETARY, found.request.id, place.next_door)
    await approve(office, GENERAL, found.request.id, place.next_door)
    assert await bound_to(office, place.next_door) == [STRANGER]


async def test_candidates_are_the_unbound_of_the_branch_likeliest_first(office: Office, place: Place) -> None:
    async with office.works.begin() as work:
        await factories.member(work.session, "丁一", place.tree.branch)
    found = await asked(office, place.tree.branch, "孙 立")
    async with office.works.reading() as reader:
        case = await service.pending(reader, await office.actor(DEPUTY), found.request.id)
    assert [member.name for member in case.candidates] == ["孙立", "丁一"]
    assert case.account_name == "小孙"


@pytest.mark.parametrize("whom", ["li", "next_door"])
async def test_a_request_binds_only_unbound_members_of_the_branch(
    office: Office, place: Place, whom: str
) -> None:
    found = await asked(office, place.tree.branch)
    with pytest.raises((inviting.BoundElsewhere, service.LeftTheRoster)):
        await approve(office, SECRETARY, found.request.id, getattr(place, whom))
    assert (await office.actor(STRANGER)).member is None


async def test_the_first_answer_counts(office: Office, place: Place) -> None:
    found = await asked(office, place.tree.branch)
    await refuse(office, DEPUTY, found.request.id)
    with pytest.raises(service.AlreadyDecided) as caught:
        await approve(office, SECRETARY, found.request.id, place.sun)
    assert caught.value.details == {"name": "张强"}
    assert await bound_to(office, place.sun) == []


async def test_a_request_taken_back_cannot_be_decided(office: Office, place: Place) -> None:
    found = await asked(office, place.tree.branch)
    async with office.works.begin() as work:
        await service.withdraw(work, await office.actor(STRANGER))
    with pytest.raises(service.NoLongerOpen):
        await approve(office, SECRETARY, found.request.id, place.sun)
    with pytest.raises(service.NoLongerOpen):
        await approve(office, SECRETARY, 12345, place.sun)


async def test_one_request_at_a_time(office: Office, place: Place) -> None:
    await asked(office, place.tree.branch)
    assert isinstance(await ask(office, place.tree.sibling), StillWaiting)
    assert isinstance(await by_phone(office, "13800000005"), StillWaiting)
    assert isinstance(await by_phone(office, "13800000006"), Bound)
    assert await office.column("SELECT state FROM join_request") == ["withdrawn"]


async def test_only_branches_are_joined(office: Office, place: Place) -> None:
    for unit in (place.tree.general, place.tree.committee, 999):
        with pytest.raises(Outdated):
            await ask(office, unit)


async def test_asking_again_and_again_is_limited(office: Office, place: Place, clock: ManualClock) -> None:
    for _ in range(rules.TRIES):
        found = await asked(office, place.tree.branch)
        await refuse(office, SECRETARY, found.request.id)
    with pytest.raises(service.NoMoreTries):
        await ask(office, place.tree.branch)
    await clock.move_to(clock.now() + HOUR)
    await asked(office, place.tree.branch)


async def test_a_code_works_once_and_is_kept_only_as_a_hash(office: Office, place: Place) -> None:
    issued = await issue(office, SECRETARY, place.sun)
    (kept,) = await office.rows("SELECT * FROM join_code")
    assert issued.code not in str(dict(kept))
    assert isinstance(await by_code(office, issued.code), Bound)
    assert await bound_to(office, place.sun) == [STRANGER]
    assert await office.rows("SELECT 1 FROM join_code") == []


async def test_a_new_code_ends_the_earlier_one(office: Office, place: Place) -> None:
    first = await issue(office, SECRETARY, place.sun)
    second = await issue(office, DEPUTY, place.sun, seed=4)
    assert isinstance(await by_code(office, first.code), WrongCode)
    assert isinstance(await by_code(office, second.code), Bound)


async def test_two_members_never_get_the_same_code(office: Office, place: Place) -> None:
    async with office.works.begin() as work:
        other = await factories.member(work.session, "丁一", place.tree.branch)
    first = await issue(office, SECRETARY, place.sun, seed=3)
    second = await issue(office, SECRETARY, other, seed=3)
    assert first.code != second.code


async def test_a_code_ends_after_its_time(office: Office, place: Place, clock: ManualClock) -> None:
    issued = await issue(office, SECRETARY, place.sun)
    assert issued.expires_at == clock.now() + 72 * HOUR
    await clock.move_to(issued.expires_at - 1)
    async with office.works.begin() as work:
        await service.sweep(work)
    assert len(await office.rows("SELECT 1 FROM join_code")) == 1
    await clock.move_to(issued.expires_at)
    assert isinstance(await by_code(office, issued.code), WrongCode)
    async with office.works.begin() as work:
        await service.sweep(work)
    assert await office.rows("SELECT 1 FROM join_code") == []


async def test_five_tries_an_hour(office: Office, place: Place, clock: ManualClock) -> None:
    issued = await issue(office, SECRETARY, place.sun)
    began = clock.now()
    for left in (4, 3, 2, 1, 0):
        assert await by_code(office, "00000000") == WrongCode(left)
        await clock.move_to(clock.now() + MINUTE)
    assert await by_code(office, issued.code) == TooManyTries(began + HOUR)
    async with office.works.begin() as work:
        await privacy.forget(work, await office.actor(STRANGER), [])
        await store.note_account(work.session, STRANGER, display_name="小孙", now=work.now)
    assert await by_code(office, issued.code) == TooManyTries(began + HOUR), "forgetting gives no new tries"
    await clock.move_to(began + HOUR)
    assert isinstance(await by_code(office, issued.code), Bound)


async def test_a_code_of_a_member_bound_meanwhile_only_asks(office: Office, place: Place) -> None:
    issued = await issue(office, SECRETARY, place.sun)
    async with office.works.begin() as work:
        await work.session.run("UPDATE account SET member_id = :sun WHERE id = :id", sun=place.sun, id=LI_OLD)
    assert isinstance(await by_code(office, issued.code), Asked)
    assert await bound_to(office, place.sun) == [LI_OLD]


@pytest.mark.parametrize(
    ("account", "whom", "refusal"),
    [
        (SECRETARY, "sun", None),
        (DEPUTY, "sun", None),
        (SECRETARY, "li", inviting.BoundElsewhere),
        (SECRETARY, "next_door", NotAllowed),
        (GENERAL, "sun", NotAllowed),
        (ADMIN, "sun", NotAllowed),
        (LI_OLD, "sun", NotAllowed),
        (STRANGER, "sun", NotAllowed),
    ],
)
async def test_who_may_hand_a_code_to_whom(
    office: Office, place: Place, account: int, whom: str, refusal: type[Refusal] | None
) -> None:
    member = getattr(place, whom)
    if refusal is None:
        assert (await issue(office, account, member)).member.id == member
        return
    with pytest.raises(refusal):
        await issue(office, account, member)
    assert await office.rows("SELECT 1 FROM join_code") == []


async def test_the_level_above_hands_codes_to_staff(office: Office, place: Place) -> None:
    async with office.works.begin() as work:
        new = await factories.member(
            work.session, "新书记", place.tree.sibling, posts=((place.tree.sibling, Role.SECRETARY),)
        )
    for account in (GENERAL, ADMIN):
        async with office.works.reading() as reader:
            found = await inviting.code_candidates(reader, await office.actor(account))
        assert [member.name for member in found] == ["新书记"]
        assert (await issue(office, account, new)).member.name == "新书记"


async def test_links_are_of_the_own_branches(office: Office, place: Place) -> None:
    async def names(account: int) -> list[str]:
        async with office.works.reading() as reader:
            found = await inviting.branches_to_invite_to(reader, await office.actor(account))
        return [unit.name for unit in found]

    assert await names(SECRETARY) == ["采油三队党支部"]
    assert await names(GENERAL) == await names(ADMIN) == ["采油三队党支部", "采油四队党支部"]
    with pytest.raises(NotAllowed):
        await names(LI_OLD)


async def test_a_deep_link_is_remembered_until_bound(office: Office, place: Place) -> None:
    (token,) = await office.column("SELECT join_token FROM unit WHERE id = :id", id=place.tree.sibling)
    async with office.works.begin() as work:
        stranger = await office.actor(STRANGER)
        assert await service.come_by_link(work, stranger, "nonsense") is None
        unit = await service.come_by_link(work, stranger, token)
        assert unit is not None
        invited = await service.invited_to(work.session, stranger)
        assert invited == unit
    await by_phone(office, "13800000006")
    assert await office.column("SELECT invited_to FROM account WHERE id = :id", id=STRANGER) == [None]


async def test_below_follows_the_only_way_down(office: Office, place: Place) -> None:
    async with office.works.reading() as reader:
        unit, choices = await service.below(reader, None)
        assert unit is not None
        assert (unit.name, [choice.name for choice in choices]) == (
            "第一党总支",
            ["采油三队党支部", "采油四队党支部"],
        )
        with pytest.raises(Outdated):
            await service.below(reader, 999)


async def test_forgetting_leaves_the_roster(office: Office, place: Place) -> None:
    forgotten: list[Actor] = []

    async def another_room(_work: object, actor: Actor) -> None:
        forgotten.append(actor)

    async with office.works.begin() as work:
        actor = await office.actor(LI_OLD)
        await privacy.forget(work, actor, [another_room])
    assert forgotten == [actor]
    assert await office.rows("SELECT 1 FROM account WHERE id = :id", id=LI_OLD) == []
    assert await office.column("SELECT name FROM member WHERE id = :id", id=place.li) == ["李建国"]
    assert await office.column("SELECT act FROM audit") == ["account.forgotten"]


@given(st.lists(st.integers(0, 90), max_size=30))
def test_five_tries_in_each_counted_hour(minutes: list[int]) -> None:
    counted: rules.Attempts | None = None
    now = 0
    granted: Counter[int] = Counter()
    for minute in minutes:
        now += minute * MINUTE
        after = rules.after_try(counted, now)
        if after is None:
            assert counted is not None
            assert granted[counted.since] == rules.TRIES
            assert now < counted.again_at
        else:
            assert after.since <= now < after.again_at
            counted = after
            granted[counted.since] += 1
    assert all(tries <= rules.TRIES for tries in granted.values())


@given(st.integers(0, 2**32))
def test_a_code_is_read_however_it_is_spaced(seed: int) -> None:
    code = rules.new_code(Random(seed))
    assert (
        rules.code_in(code)
        == rules.code_in(rules.spaced(code))
        == rules.code_in(f" {code[:2]}-{code[2:]} ")
        == code
    )


@pytest.mark.parametrize("text", ["", "1234567", "123456789", "1234 567x", "验证码 12345678"])
def test_what_is_no_code(text: str) -> None:
    assert rules.code_in(text) is None
