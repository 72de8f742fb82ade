"""Use cases of joining. Nothing here is decided by a button that was shown: each act asks again who may."""

import dataclasses
from collections.abc import Sequence

from bot.kit.database import Reader
from bot.kit.errors import NotAllowed, Outdated, Refusal
from bot.kit.vault import Vault
from bot.kit.work import Work
from bot.roster import store as roster
from bot.roster.joining import rules, store
from bot.roster.joining.inviting import BoundElsewhere, code_fingerprint
from bot.roster.joining.store import Kind, Notice, Request, State
from bot.roster.model import Actor, Member, Person, Unit, UnitKind


class AlreadyDecided(Refusal):
    """{name} has already answered this request."""


class NoLongerOpen(Refusal):
    """This request is no longer open."""


class LeftTheRoster(Refusal):
    """This person is no longer on the roster of your branch."""


class NoMoreTries(Refusal):
    """You have asked several times this hour. Please wait a while, or phone your branch secretary."""


@dataclasses.dataclass(frozen=True, slots=True)
class Bound:
    """The account is bound to this member from now on."""

    member: Member
    notices: Sequence[Notice]
    """What staff got about a request that is settled by this."""


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """Staff has been asked to decide."""

    request: Request
    unit: Unit
    deciders: Sequence[Person]
    """Whom to ask; nobody when no staff of the unit or above can be written to."""


@dataclasses.dataclass(frozen=True, slots=True)
class StillWaiting:
    """An earlier request of this account is still open."""

    request: Request
    unit: Unit


@dataclasses.dataclass(frozen=True, slots=True)
class NoMatch:
    """This phone is not on the roster."""


@dataclasses.dataclass(frozen=True, slots=True)
class WrongCode:
    tries_left: int


@dataclasses.dataclass(frozen=True, slots=True)
class TooManyTries:
    again_at: int


Proof = Bound | Asked | StillWaiting


async def come_by_link(work: Work, actor: Actor, token: str) -> Unit | None:
    """The unit whose deep link an unbound person followed; None for a link that is not known."""
    unit = await roster.unit_by_token(work.session, token)
    if unit is not None and actor.member is None:
        await roster.invite(work.session, actor.account_id, unit.id)
    return unit


async def invited_to(reader: Reader, actor: Actor) -> Unit | None:
    """The unit by whose deep link the person came."""
    account = await roster.account(reader, actor.account_id)
    invited = None if account is None else account.invited_to
    return None if invited is None else await roster.unit(reader, invited)


async def below(reader: Reader, unit_id: int | None) -> tuple[Unit | None, Sequence[Unit]]:
    """A unit (None: the top) and those right below it; where there is only one way down, it is followed."""
    unit = None if unit_id is None else await roster.unit(reader, unit_id)
    if unit_id is not None and unit is None:
        raise Outdated
    choices = await roster.children(reader, unit_id)
    while len(choices) == 1 and choices[0].kind is not UnitKind.BRANCH:
        unit = choices[0]
        choices = await roster.children(reader, unit.id)
    return unit, choices


async def prove_by_phone(work: Work, actor: Actor, phone: str, vault: Vault) -> Proof | NoMatch:
    """`phone` is the sender's own, as Telegram vouches for it."""
    _must_be_unbound(actor)
    person = await roster.by_phone(work.session, vault.fingerprint(phone))
    return NoMatch() if person is None else await _proven(work, actor, person, how="phone")


async def prove_by_code(
    work: Work, actor: Actor, code: str, vault: Vault
) -> Proof | WrongCode | TooManyTries:
    _must_be_unbound(actor)
    before = await store.attempts(work.session, actor.account_id)
    counted = rules.after_try(before, work.now)
    if counted is None:
        return TooManyTries(work.now if before is None else before.again_at)
    await store.keep_attempts(work.session, actor.account_id, counted)
    member_id = await store.member_of_code(work.session, code_fingerprint(vault, code), now=work.now)
    person = None if member_id is None else await roster.person(work.session, member_id)
    if person is None:
        return WrongCode(counted.left)
    return await _proven(work, actor, person, how="code")


async def ask_to_join(work: Work, actor: Actor, unit_id: int, given_name: str) -> Asked | StillWaiting:
    """Asks the staff of a branch who this is."""
    _must_be_unbound(actor)
    unit = await roster.unit(work.session, unit_id)
    if unit is None or unit.kind is not UnitKind.BRANCH:
        raise Outdated
    return await _ask(work, actor, Kind.JOIN, unit, None, given_name)


async def withdraw(work: Work, actor: Actor) -> Sequence[Notice]:
    """Takes back the account's open request; returns the messages that staff got about it."""
    request = await store.open_request_of(work.session, actor.account_id)
    if request is None:
        return []
    await store.close_request(work.session, request.id, State.WITHDRAWN, decided_by=None, now=work.now)
    return await store.notices(work.session, request.id)


async def waiting(reader: Reader, actor: Actor) -> StillWaiting | None:
    request = await store.open_request_of(reader, actor.account_id)
    unit = None if request is None else await roster.unit(reader, request.unit_id)
    return None if request is None or unit is None else StillWaiting(request, unit)


async def deciders_for(reader: Reader, unit_id: int, *, about: int | None = None) -> Sequence[Person]:
    """Who decides about joining a unit: its staff that can be written to, else those of the unit above, and so on.
    Nobody decides about themselves (`about`).
    """
    for unit in await roster.lineage(reader, unit_id):
        people = [staff.person for staff in await roster.staff_of(reader, unit.id)]
        found = {
            person.member.id: person
            for person in people
            if person.account_id is not None and person.member.id != about
        }
        if found:
            return list(found.values())
    return []


@dataclasses.dataclass(frozen=True, slots=True)
class Pending:
    """A request as the one who decides sees it."""

    request: Request
    unit: Unit
    about: Member | None
    account_name: str
    """As Telegram gives it."""
    candidates: Sequence[Member]
    """Members of the branch without an account, likeliest first."""


async def pending(reader: Reader, actor: Actor, request_id: int) -> Pending:
    """The open request, for one who may decide it: else `NotAllowed`, `AlreadyDecided` or `NoLongerOpen`."""
    request = await store.request(reader, request_id)
    unit = None if request is None else await roster.unit(reader, request.unit_id)
    if request is None or unit is None:
        raise NoLongerOpen
    deciders = await deciders_for(reader, unit.id, about=request.member_id)
    if actor.member is None or actor.member.id not in {person.member.id for person in deciders}:
        raise NotAllowed
    if request.state is not State.OPEN:
        name = await store.decider_name(reader, request.id)
        raise NoLongerOpen if name is None else AlreadyDecided(name=name)
    about = None if request.member_id is None else await roster.person(reader, request.member_id)
    account = await roster.account(reader, request.account_id)
    unbound = await roster.unbound_members_of(reader, unit.id)
    return Pending(
        request,
        unit,
        None if about is None else about.member,
        "" if account is None else account.display_name,
        rules.likeliest_first(request.given_name, unbound),
    )


@dataclasses.dataclass(frozen=True, slots=True)
class Decided:
    case: Pending
    person: Person | None
    """Who the account is bound to now, with the account they had before."""
    notices: Sequence[Notice]


async def approve(work: Work, actor: Actor, request_id: int, member_id: int) -> Decided:
    """The account is this member: one of the branch who has no account yet, or, for a move, whom it is about."""
    case = await pending(work.session, actor, request_id)
    person = await roster.person(work.session, member_id)
    if person is None or person.member.left_at is not None or person.member.branch_id != case.unit.id:
        raise LeftTheRoster
    if case.request.kind is Kind.MOVE and member_id != case.request.member_id:
        raise Outdated
    if case.request.kind is Kind.JOIN and person.account_id is not None:
        raise BoundElsewhere(name=person.member.name)
    notices = await _close(work, actor, case, State.APPROVED)
    await _bind(work, case.request.account_id, person, by=actor, how=str(case.request.kind))
    return Decided(case, person, notices)


async def refuse(work: Work, actor: Actor, request_id: int, state: State) -> Decided:
    """Without binding: `State.REFUSED`, or `State.NOT_ON_ROSTER`."""
    case = await pending(work.session, actor, request_id)
    notices = await _close(work, actor, case, state)
    await work.audit(
        "joining.refused",
        by=None if actor.member is None else actor.member.id,
        subject=f"request:{request_id}",
        state=str(state),
    )
    return Decided(case, None, notices)


async def unannounced(reader: Reader, limit: int) -> Sequence[tuple[Asked, str]]:
    """Open requests that nobody could be told of and somebody can now, at most so many of a unit, with the accounts'
    names.
    """
    found = []
    for unit_id in await store.units_with_unannounced(reader):
        unit = await roster.unit(reader, unit_id)
        if unit is None or not await deciders_for(reader, unit_id):
            continue
        for request in await store.unannounced(reader, unit_id, limit):
            account = await roster.account(reader, request.account_id)
            deciders = await deciders_for(reader, unit_id, about=request.member_id)
            if account is not None and deciders:
                found.append((Asked(request, unit, deciders), account.display_name))
    return found


async def sweep(work: Work) -> None:
    """Deletes counted tries of the past hour and ended codes."""
    await store.sweep(work.session, attempts_before=work.now - rules.WINDOW, codes_before=work.now)


def _must_be_unbound(actor: Actor) -> None:
    if actor.member is not None:
        raise Outdated


async def _proven(work: Work, actor: Actor, person: Person, *, how: str) -> Proof:
    if person.account_id is None or person.account_id == actor.account_id:
        notices = await withdraw(work, actor)
        await _bind(work, actor.account_id, person, by=None, how=how)
        return Bound(person.member, notices)
    unit = await roster.unit(work.session, person.member.branch_id)
    if unit is None:
        raise RuntimeError("a member without a branch")
    return await _ask(work, actor, Kind.MOVE, unit, person.member, person.member.name)


async def _ask(
    work: Work, actor: Actor, kind: Kind, unit: Unit, about: Member | None, given_name: str
) -> Asked | StillWaiting:
    already = await waiting(work.session, actor)
    if already is not None:
        return already
    # Each request reaches people's phones: they share the hourly tries with the codes.
    counted = rules.after_try(await store.attempts(work.session, actor.account_id), work.now)
    if counted is None:
        raise NoMoreTries
    await store.keep_attempts(work.session, actor.account_id, counted)
    about_id = None if about is None else about.id
    request = await store.add_request(
        work.session,
        kind,
        account_id=actor.account_id,
        unit_id=unit.id,
        member_id=about_id,
        given_name=given_name,
        now=work.now,
    )
    deciders = await deciders_for(work.session, unit.id, about=about_id)
    await work.audit("joining.asked", by=None, subject=f"request:{request.id}", kind=str(kind), unit=unit.id)
    return Asked(request, unit, deciders)


async def _close(work: Work, actor: Actor, case: Pending, state: State) -> Sequence[Notice]:
    decided_by = None if actor.member is None else actor.member.id
    await store.close_request(work.session, case.request.id, state, decided_by=decided_by, now=work.now)
    return await store.notices(work.session, case.request.id)


async def _bind(work: Work, account_id: int, person: Person, *, by: Actor | None, how: str) -> None:
    member = person.member
    await store.drop_codes(work.session, member.id)
    await roster.bind(work.session, account_id, member.id, now=work.now)
    actor_id = member.id if by is None or by.member is None else by.member.id
    moved = person.account_id is not None and person.account_id != account_id
    await work.audit(
        "account.moved" if moved else "account.bound", by=actor_id, subject=f"member:{member.id}", how=how
    )
