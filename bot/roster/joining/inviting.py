"""What staff hands out: one-time codes and branch links."""

import dataclasses
from collections.abc import Sequence
from random import Random

from bot.kit.database import Reader
from bot.kit.errors import NotAllowed, Refusal
from bot.kit.vault import Vault
from bot.kit.work import Work
from bot.roster import store as roster
from bot.roster.joining import rules, store
from bot.roster.model import BRANCH_ROLES, Actor, Member, Role, Unit


class BoundElsewhere(Refusal):
    """{name} is already connected to another Telegram account. If that account is no longer used, ask {name} to send /start from the new one; you will then be asked to move it."""


@dataclasses.dataclass(frozen=True, slots=True)
class Issued:
    code: str
    member: Member
    expires_at: int


async def code_candidates(reader: Reader, actor: Actor) -> Sequence[Member]:
    """Whom the actor may hand a code: members without an account of their own branches, and staff without an
    account of the units they are above.
    """
    if not actor.is_staff:
        raise NotAllowed
    found: dict[int, Member] = {}
    for unit_id in actor.units(*BRANCH_ROLES):
        found |= {member.id: member for member in await roster.unbound_members_of(reader, unit_id)}
    for unit_id in actor.units(Role.GENERAL, Role.ADMIN):
        found |= {member.id: member for member in await roster.unbound_staff_of(reader, unit_id)}
    return list(found.values())


async def issue_code(work: Work, actor: Actor, member_id: int, vault: Vault, random: Random) -> Issued:
    """A new one-time code for a member; the earlier one ends. `random` must be fit for secrets."""
    candidates = {member.id: member for member in await code_candidates(work.session, actor)}
    member = candidates.get(member_id)
    if member is None or actor.member is None:
        person = await roster.person(work.session, member_id)
        if person is not None and person.account_id is not None and actor.holds(person.member.branch_id):
            raise BoundElsewhere(name=person.member.name)
        raise NotAllowed
    await store.drop_codes(work.session, member.id)
    expires_at = work.now + rules.CODE_LIFETIME
    code = rules.new_code(random)
    while not await store.keep_code(
        work.session,
        code_fingerprint(vault, code),
        member_id=member.id,
        issued_by=actor.member.id,
        now=work.now,
        expires_at=expires_at,
    ):
        code = rules.new_code(random)
    await work.audit("code.issued", by=actor.member.id, subject=f"member:{member.id}")
    return Issued(code, member, expires_at)


async def branches_to_invite_to(reader: Reader, actor: Actor) -> Sequence[Unit]:
    """The branches whose deep link the actor may hand out: their own, and those below their units."""
    if not actor.is_staff:
        raise NotAllowed
    found: dict[int, Unit] = {}
    for unit_id in dict.fromkeys(post.unit_id for post in actor.posts):
        found |= {unit.id: unit for unit in await roster.branches_below(reader, unit_id)}
    return list(found.values())


def code_fingerprint(vault: Vault, code: str) -> str:
    """As which a code is kept."""
    return vault.fingerprint(f"code:{code}")
