"""Agreements on how a member pays: written down by the branch's secretary, and taken back. Each act asks again who may."""

import dataclasses
from collections.abc import Sequence

from bot.dues import service as dues
from bot.dues.agreements import errors, store
from bot.dues.agreements.model import Agreement, Kind
from bot.dues.model import Owed
from bot.kit.errors import NotAllowed
from bot.kit.work import Work
from bot.roster import store as roster
from bot.roster.model import Actor, Member
from bot.roster.rules import given_name


@dataclasses.dataclass(frozen=True, slots=True)
class Terms:
    """How a member pays, for the staff of their branch."""

    owed: Owed
    agreements: Sequence[Agreement]
    may_change: bool


async def terms(work: Work, actor: Actor, obligation_id: int) -> Terms:
    owed = await dues.look(work, actor, obligation_id)
    held = await store.held(work.session, owed.obligation.member_id)
    return Terms(owed, held, actor.holds(owed.branch_id, dues.DECIDE))


async def by_quarter(work: Work, actor: Actor, obligation_id: int) -> tuple[Terms, bool]:
    """From now on the member pays by the quarter; returns whether that is new."""
    owed, secretary = await _deciding(work, actor, obligation_id)
    member_id = owed.obligation.member_id
    is_new = await store.begin(work.session, member_id, Kind.QUARTERLY, by=secretary.id, now=work.now)
    if is_new:
        await _audit(work, "agreed", secretary, member_id, Kind.QUARTERLY)
        await dues.recall_needless(work, member_id)
    return await terms(work, actor, obligation_id), is_new


async def payers(work: Work, actor: Actor, obligation_id: int) -> tuple[Owed, Sequence[Member]]:
    """Which members of the branch may pay in the member's place, by name."""
    owed, _ = await _deciding(work, actor, obligation_id)
    people = await roster.members_of(work.session, owed.branch_id)
    return owed, [each.member for each in people if each.member.id != owed.obligation.member_id]


async def paid_by_member(work: Work, actor: Actor, obligation_id: int, payer_id: int) -> Terms:
    """Another member of the branch pays; in the place of whoever did before."""
    owed, choice = await payers(work, actor, obligation_id)
    if payer_id == owed.obligation.member_id:
        raise errors.PaysAlready
    if payer_id not in {each.id for each in choice}:
        raise NotAllowed
    return await _pay_by_other(work, actor, obligation_id, payer_id=payer_id, payer=None)


async def paid_by(work: Work, actor: Actor, obligation_id: int, words: str) -> Terms:
    """Somebody pays who is named in words, a relative mostly; in the place of whoever did before."""
    payer = given_name(words)
    if payer is None:
        raise errors.NotAPayer
    return await _pay_by_other(work, actor, obligation_id, payer_id=None, payer=payer)


async def revoke(work: Work, actor: Actor, obligation_id: int, kind: Kind) -> tuple[Terms, bool]:
    """Ends what was agreed on; returns whether anything was."""
    owed, secretary = await _deciding(work, actor, obligation_id)
    member_id = owed.obligation.member_id
    ended = await store.end(work.session, member_id, kind, by=secretary.id, now=work.now)
    if ended:
        await _audit(work, "revoked", secretary, member_id, kind)
    return await terms(work, actor, obligation_id), ended


async def _pay_by_other(
    work: Work, actor: Actor, obligation_id: int, *, payer_id: int | None, payer: str | None
) -> Terms:
    owed, secretary = await _deciding(work, actor, obligation_id)
    member_id = owed.obligation.member_id
    await store.end(work.session, member_id, Kind.BY_OTHER, by=secretary.id, now=work.now)
    await store.begin(
        work.session, member_id, Kind.BY_OTHER, by=secretary.id, now=work.now, payer_id=payer_id, payer=payer
    )
    await _audit(work, "agreed", secretary, member_id, Kind.BY_OTHER)
    return await terms(work, actor, obligation_id)


async def _audit(work: Work, act: str, secretary: Member, member_id: int, kind: Kind) -> None:
    await work.audit(f"dues.agreement_{act}", by=secretary.id, subject=f"member:{member_id}", kind=str(kind))


async def _deciding(work: Work, actor: Actor, obligation_id: int) -> tuple[Owed, Member]:
    owed = await dues.look(work, actor, obligation_id)
    if actor.member is None or not actor.holds(owed.branch_id, dues.DECIDE):
        raise NotAllowed
    return owed, actor.member
