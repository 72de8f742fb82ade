"""Requests to be let off: asking, deciding, approving. Each act asks again who may."""

from collections.abc import Collection, Sequence

from bot.dues import service as dues
from bot.dues import store as ledger
from bot.dues.errors import AlreadySettled
from bot.dues.model import Note, Obligation, Source, State
from bot.dues.waiving import errors, rules, store
from bot.dues.waiving.model import Act, Bench, Case, Stage, Waiver
from bot.helpdesk import store as helpdesk
from bot.kit.database import Reader
from bot.kit.errors import NotAllowed, Outdated
from bot.kit.work import Work
from bot.roster import store as roster
from bot.roster.model import Actor, Member, Role, Staff, UnitKind

_ABOVE = frozenset({Role.GENERAL, Role.ADMIN})


async def askable(work: Work, actor: Actor, obligation_id: int) -> tuple[Obligation, Case | None]:
    """What the actor may ask to be let off, and the request about it that is open already."""
    obligation = await dues.own(work, actor, obligation_id)
    found = await store.newest(work.session, obligation.member_id, obligation.period)
    if found is not None and found.closed_at is None:
        return obligation, await case(work.session, found)
    if obligation.state is not State.DUE:
        raise AlreadySettled
    return obligation, None


async def ask(
    work: Work,
    actor: Actor,
    obligation_id: int,
    *,
    words: str | None,
    picture: tuple[int, int] | None = None,
) -> tuple[Case, bool]:
    """The member asks; returns the request and whether it is a new one: at most one about a period is open.
    `picture`: chat and message that came along.
    """
    obligation, open_case = await askable(work, actor, obligation_id)
    if open_case is not None:
        return open_case, False
    return await _begin(work, obligation, by=obligation.member_id, words=words, picture=picture), True


async def propose(work: Work, actor: Actor, obligation_id: int) -> tuple[Case, Act | None]:
    """The branch's secretary wants somebody to be let off who has not asked in here: it takes the same course. Returns
    the step that was taken, None where it waits for the level above already.
    """
    owed = await dues.look(work, actor, obligation_id)
    secretary = _deciding(actor, owed.branch_id)
    obligation = owed.obligation
    found = await store.newest(work.session, obligation.member_id, obligation.period)
    if found is not None and found.closed_at is None:
        of = await case(work.session, found)
        if rules.stage(found) is not Stage.BRANCH:
            return of, None
        return await agree(work, actor, found.id, None)
    if obligation.state is not State.DUE:
        raise errors.SettledMeanwhile
    begun = await _begin(work, obligation, by=secretary.id, words=None, picture=None)
    if rules.stage(begun.waiver) is Stage.BRANCH:
        return await agree(work, actor, begun.waiver.id, None)
    return begun, Act.PASSED_UP


async def agree(work: Work, actor: Actor, waiver_id: int, amount: int | None) -> tuple[Case, Act | None]:
    """The branch agrees that nothing, or only so much, is to be paid; where the level above decides by itself, it does.
    Returns the step that was taken; None where it was not the actor's turn any more.
    """
    of = await seen(work, actor, waiver_id)
    member, turn = await _turn(work, actor, of)
    if not turn or rules.stage(of.waiver) is Stage.ABOVE:
        return of, None
    _require_due(of)
    owes = of.obligation.amount
    if amount is not None and owes is not None and amount >= owes:
        raise errors.NotLess(amount=f"{owes / 100:g}")
    if rules.stage(of.waiver) is Stage.ALONE:
        return await _approve(work, of, by=member, amount=amount), Act.APPROVED
    agreed = await _step(work, of, Act.AGREED, by=member, amount=amount)
    if agreed.above is None:
        # Nobody is above: what the branch has decided stands, and the audit says so.
        return await _approve(work, agreed, by=None, amount=amount), Act.APPROVED
    return agreed, Act.AGREED


async def refuse(work: Work, actor: Actor, waiver_id: int, words: str | None) -> tuple[Case, Act | None]:
    return await _decide(work, actor, waiver_id, Act.REFUSED, words=words)


async def approve(work: Work, actor: Actor, waiver_id: int) -> tuple[Case, Act | None]:
    """The level above approves what the branch has agreed to."""
    of = await seen(work, actor, waiver_id)
    member, turn = await _turn(work, actor, of)
    agreed = of.waiver.agreed
    if not turn or rules.stage(of.waiver) is not Stage.ABOVE or agreed is None:
        return of, None
    _require_due(of)
    return await _approve(work, of, by=member, amount=agreed.amount), Act.APPROVED


async def send_back(work: Work, actor: Actor, waiver_id: int, words: str | None) -> tuple[Case, Act | None]:
    """The level above asks the branch to look at it again."""
    return await _decide(work, actor, waiver_id, Act.RETURNED, words=words)


async def withdraw(work: Work, actor: Actor, waiver_id: int) -> Case:
    """The member takes the request back."""
    found = await store.waiver(work.session, waiver_id)
    if found is None:
        raise Outdated
    if actor.member is None or actor.member.id != found.member_id:
        raise NotAllowed
    if found.closed_at is not None:
        raise errors.NoneAboutIt
    return await _step(work, await case(work.session, found), Act.WITHDRAWN, by=actor.member)


async def seen(work: Work, actor: Actor, waiver_id: int) -> Case:
    """A request, for those who have a say in it: the deciding staff of the branch, and of the level above it once it has
    come up to them.
    """
    found = await store.waiver(work.session, waiver_id)
    if found is None:
        raise Outdated
    of = await case(work.session, found)
    if actor.member is None or actor.member.id == found.member_id:
        raise NotAllowed
    higher = {unit.id for unit in await roster.lineage(work.session, of.branch.id)} - {of.branch.id}
    came_up = any(step.act in (Act.AGREED, Act.PASSED_UP) for step in found.steps)
    approving = came_up and of.above is not None and actor.holds(of.above.id, _ABOVE)
    took_part = any(step.by_member == actor.member.id for step in found.steps) and any(
        actor.holds(unit_id, _ABOVE) for unit_id in higher
    )
    if not (actor.holds(of.branch.id, dues.DECIDE) or approving or took_part):
        raise NotAllowed
    return of


async def waiting(work: Work, actor: Actor) -> Sequence[Case]:
    """The requests that wait for this person, oldest first."""
    if actor.member is None:
        return []
    branches = set(actor.units(*dues.DECIDE))
    for unit_id in actor.units(*_ABOVE):
        branches |= {unit.id for unit in await roster.branches_below(work.session, unit_id)}
    if not branches:
        return []
    cases = [await case(work.session, found) for found in await store.open_in(work.session, branches)]
    return [each for each in cases if (await _turn(work, actor, each))[1]]


async def has_above(work: Work, obligation: Obligation) -> bool:
    """Whether there is a level above that approves what the branch agrees to."""
    person = await roster.person(work.session, obligation.member_id)
    if person is None:
        return False
    above = await _above(work.session, person.member.branch_id, {obligation.member_id})
    return above.unit is not None


async def bench(reader: Reader, of: Case) -> Bench:
    """Those whose turn it is."""
    waiver = of.waiver
    match rules.stage(waiver):
        case Stage.BRANCH:
            return Bench(of.branch, tuple(await _of_branch(reader, of.branch.id, waiver.member_id)))
        case Stage.ABOVE | Stage.ALONE:
            return await _above(reader, of.branch.id, _apart(waiver))
        case Stage.DONE:
            return Bench(None)


async def case(reader: Reader, waiver: Waiver) -> Case:
    """A request with what surrounds it; `Outdated` for one of somebody who has left."""
    person = await roster.person(reader, waiver.member_id)
    obligation = await ledger.of_member(reader, waiver.member_id, waiver.period)
    if person is None or person.member.left_at is not None or obligation is None:
        raise Outdated
    branch = await roster.unit(reader, person.member.branch_id)
    if branch is None:
        raise Outdated
    above = await _above(reader, branch.id, _apart(waiver))
    return Case(waiver, obligation, person.member.name, branch, above.unit)


async def _begin(
    work: Work, obligation: Obligation, *, by: int, words: str | None, picture: tuple[int, int] | None
) -> Case:
    person = await roster.person(work.session, obligation.member_id)
    if person is None:
        raise Outdated
    branch_id = person.member.branch_id
    posts = await roster.posts_of(work.session, obligation.member_id)
    here = await _of_branch(work.session, branch_id, obligation.member_id)
    is_secretary = any(post.role is Role.SECRETARY and post.unit_id == branch_id for post, _unit in posts)
    above = await _above(work.session, branch_id, {obligation.member_id})
    passes_up = above.unit is not None and (is_secretary or not any(_can_be_told(each) for each in here))
    if not here and above.unit is None:
        raise errors.NobodyDecides
    waiver_id = await store.begin(
        work.session,
        obligation.member_id,
        obligation.period,
        by=by,
        words=rules.shortened(words),
        chat_id=None if picture is None else picture[0],
        message_id=None if picture is None else picture[1],
        now=work.now,
    )
    if waiver_id is None:
        raise Outdated
    await _audit(work, waiver_id, obligation, Act.ASKED, by)
    if passes_up:
        await store.add_step(work.session, waiver_id, Act.PASSED_UP, by=None, now=work.now)
        await _audit(work, waiver_id, obligation, Act.PASSED_UP, None)
    await dues.recall_needless(work, obligation.member_id)
    return await _again(work, waiver_id)


async def _decide(
    work: Work, actor: Actor, waiver_id: int, act: Act, *, words: str | None
) -> tuple[Case, Act | None]:
    of = await seen(work, actor, waiver_id)
    member, turn = await _turn(work, actor, of)
    if not turn or not rules.may_follow(of.waiver, act):
        return of, None
    _require_due(of)
    return await _step(work, of, act, by=member, words=words), act


async def _approve(work: Work, of: Case, *, by: Member | None, amount: int | None) -> Case:
    """Writes the decision into the ledger."""
    agreed = of.waiver.agreed
    decided = by.id if by is not None else None if agreed is None else agreed.by_member
    kind = Note.EXEMPT if amount is None else Note.OWES
    await ledger.note(
        work.session, of.obligation, kind, Source.WAIVER, by=decided, now=work.now, amount=amount
    )
    done = await _step(work, of, Act.APPROVED, by=by, amount=amount)
    await dues.recall_needless(work, of.obligation.member_id)
    return done


async def _step(
    work: Work, of: Case, act: Act, *, by: Member | None, amount: int | None = None, words: str | None = None
) -> Case:
    by_id = None if by is None else by.id
    await store.add_step(
        work.session,
        of.waiver.id,
        act,
        by=by_id,
        now=work.now,
        amount=amount,
        words=rules.shortened(words),
    )
    await _audit(work, of.waiver.id, of.obligation, act, by_id, amount)
    return await _again(work, of.waiver.id)


async def _audit(
    work: Work, waiver_id: int, obligation: Obligation, act: Act, by: int | None, amount: int | None = None
) -> None:
    await work.audit(
        f"dues.waiver_{act}",
        by=by,
        subject=f"member:{obligation.member_id}",
        period=str(obligation.period),
        waiver=waiver_id,
        amount=amount,
    )


async def _again(work: Work, waiver_id: int) -> Case:
    found = await store.waiver(work.session, waiver_id)
    if found is None:
        raise Outdated
    return await case(work.session, found)


async def _turn(work: Work, actor: Actor, of: Case) -> tuple[Member, bool]:
    """The actor, and whether it is theirs to do something now."""
    if actor.member is None:
        raise NotAllowed
    those = await bench(work.session, of)
    return actor.member, any(each.person.member.id == actor.member.id for each in those.staff)


def _require_due(of: Case) -> None:
    if of.obligation.state is not State.DUE:
        raise errors.SettledMeanwhile


def _deciding(actor: Actor, branch_id: int) -> Member:
    if actor.member is None or not actor.holds(branch_id, dues.DECIDE):
        raise NotAllowed
    return actor.member


def _apart(waiver: Waiver) -> Collection[int]:
    """Who cannot approve it: whom it is about, and whoever agreed to it for the branch."""
    agreed = waiver.agreed
    return {waiver.member_id} | ({agreed.by_member} if agreed is not None and agreed.by_member else set())


async def _of_branch(reader: Reader, branch_id: int, but: int) -> Sequence[Staff]:
    found = await roster.staff_of(reader, branch_id, dues.DECIDE)
    return [each for each in found if each.person.member.id != but]


async def _above(reader: Reader, branch_id: int, but: Collection[int]) -> Bench:
    """The staff of the nearest unit above the branch that has any who can be reached."""
    for unit in (await roster.lineage(reader, branch_id))[1:]:
        if unit.kind is UnitKind.BRANCH:
            continue
        staff = [
            each
            for each in await roster.staff_of(reader, unit.id, _ABOVE)
            if each.person.member.id not in but
            and each.person.account_id is not None
            and not await helpdesk.is_unreachable(reader, each.person.account_id)
        ]
        if staff:
            return Bench(unit, tuple(staff))
    return Bench(None)


def _can_be_told(each: Staff) -> bool:
    return each.person.account_id is not None
