"""Whose absence somebody may arrange, and who may stand in."""

from collections.abc import Sequence

from bot.helpdesk import people, store
from bot.helpdesk.away import errors
from bot.helpdesk.model import Holder
from bot.helpdesk.rules import rung_of
from bot.kit.database import Reader
from bot.kit.errors import NotAllowed
from bot.roster import store as roster
from bot.roster.model import BRANCH_ROLES, Actor, Role, Staff, Unit, UnitKind

_HELPING = frozenset({Role.DEPUTY, Role.HELPER})


async def colleague(reader: Reader, member_id: int) -> Holder | None:
    """Somebody to whom members' questions come by themselves; None for anybody else."""
    person = await roster.person(reader, member_id)
    if person is None or person.member.left_at is not None:
        return None
    for post, unit in await roster.posts_of(reader, member_id):
        if rung_of(post.role) is not None:
            return people.holder(Staff(person, post), unit.name)
    return None


async def others(reader: Reader, actor: Actor) -> Sequence[Holder]:
    """Those for whom the actor may arrange it: the staff right below their units, and for a secretary their own deputies
    and helpers.
    """
    found: list[Holder] = []
    for unit_id in actor.units(Role.GENERAL, Role.ADMIN):
        for unit in await roster.children(reader, unit_id):
            roles = BRANCH_ROLES if unit.kind is UnitKind.BRANCH else {Role.GENERAL}
            found += [
                people.holder(each, unit.name) for each in await roster.staff_of(reader, unit.id, roles)
            ]
    for unit_id in actor.units(Role.SECRETARY):
        branch = await roster.unit(reader, unit_id)
        staff = await roster.staff_of(reader, unit_id, _HELPING)
        found += [people.holder(each, "" if branch is None else branch.name) for each in staff]
    me = None if actor.member is None else actor.member.id
    return list({each.member_id: each for each in found if each.member_id != me}.values())


async def choice(reader: Reader, actor: Actor) -> Sequence[Holder]:
    """`others`, to choose from; `NotAllowed` for one who may arrange it for nobody else."""
    found = await others(reader, actor)
    if not found:
        raise NotAllowed
    return found


async def require(reader: Reader, actor: Actor, member_id: int) -> Holder:
    """The one whose absence the actor may arrange: themselves, or one of `others`. `NotAllowed` for anybody else."""
    whom = await colleague(reader, member_id)
    if actor.member is not None and actor.member.id == member_id:
        if whom is None:
            raise errors.NothingToArrange
        return whom
    if whom is None or member_id not in {each.member_id for each in await others(reader, actor)}:
        raise NotAllowed
    return whom


async def candidates(reader: Reader, member_id: int) -> Sequence[Holder]:
    """Who may answer in this person's place: those who may see the questions of their branch, or of the branches below
    their general branch, and who can be reached.
    """
    found: list[Holder] = []
    for post, unit in await roster.posts_of(reader, member_id):
        if post.role in BRANCH_ROLES:
            found += await people.everyone(reader, unit.id)
        elif post.role is Role.GENERAL:
            found += await _of_general_branch(reader, unit)
    by_id: dict[int, Holder] = {}
    for each in found:
        if each.member_id != member_id and each.account_id is not None:
            by_id.setdefault(each.member_id, each)
    return [
        each
        for each in by_id.values()
        if each.account_id is not None and not await store.is_unreachable(reader, each.account_id)
    ]


async def candidate(reader: Reader, whom: Holder, member_id: int) -> Holder:
    """One of `candidates`; `CannotStandIn` or `NotAllowed` for anybody else."""
    for each in await candidates(reader, whom.member_id):
        if each.member_id == member_id:
            return each
    person = await roster.person(reader, member_id)
    named = await colleague(reader, member_id)
    if person is None or named is None:
        raise NotAllowed
    raise errors.CannotStandIn(name=person.member.name)


async def named(reader: Reader, actor: Actor) -> Holder:
    """How the actor is named to colleagues, also where no questions come to them."""
    member = people.bound(actor)
    found = await colleague(reader, member.id)
    if found is not None:
        return found
    person = await roster.person(reader, member.id)
    if person is None:
        raise NotAllowed
    return Holder(member.id, member.name, None, "", person.account_id, person.language, None)


async def _of_general_branch(reader: Reader, unit: Unit) -> Sequence[Holder]:
    found = [
        people.holder(each, unit.name) for each in await roster.staff_of(reader, unit.id, {Role.GENERAL})
    ]
    for branch in await roster.children(reader, unit.id):
        secretaries = await roster.staff_of(reader, branch.id, {Role.SECRETARY})
        found += [people.holder(each, branch.name) for each in secretaries]
    return found
