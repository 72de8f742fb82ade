"""Use cases of the dues, for members and for the staff of a branch. Each act asks again who may."""

import dataclasses
from collections.abc import Sequence

from bot.dues import round_store, rules, store
from bot.dues.errors import AlreadyGone, AlreadySettled, NotYours, TooLate
from bot.dues.model import Candidate, Figures, Note, Obligation, Owed, Period, Round, Source, State
from bot.dues.rules import Schedule
from bot.kit.database import Reader
from bot.kit.errors import NotAllowed, Outdated
from bot.kit.work import Work
from bot.onboarding.errors import NotOnRoster
from bot.roster import store as roster
from bot.roster.model import BRANCH_ROLES, Actor, Member, Person, Role, Unit

DECIDE = frozenset({Role.SECRETARY, Role.DEPUTY})
"""Who confirms, exempts and holds back reminders for their branch; its helpers may look."""


@dataclasses.dataclass(frozen=True, slots=True)
class Mine:
    """A member's own dues."""

    obligation: Obligation
    before: Sequence[Period]
    """Earlier periods still due, oldest first."""
    as_of: int | None
    """Up to when the payment data goes."""


async def mine(work: Work, actor: Actor, schedule: Schedule) -> Mine:
    """The actor's dues of this month."""
    member = _member(actor)
    period = rules.period_at(work.now, schedule.zone)
    obligation = await store.of_member(work.session, member.id, period)
    if obligation is None:
        await store.open_for(work.session, member.id, period, now=work.now)
        obligation = await store.of_member(work.session, member.id, period)
    if obligation is None:
        raise NotOnRoster
    return Mine(
        obligation,
        await store.unpaid_before(work.session, member.id, period),
        await store.as_of(work.session),
    )


async def own(work: Work, actor: Actor, obligation_id: int) -> Obligation:
    """One of the actor's own obligations; `NotYours` if it is somebody else's."""
    obligation = await store.obligation(work.session, obligation_id)
    if obligation is None:
        raise Outdated
    if obligation.member_id != _member(actor).id:
        raise NotYours
    return obligation


async def claim(work: Work, actor: Actor, obligation_id: int) -> Obligation:
    """The member says it is paid. Nothing changes if it is claimed or paid already."""
    return await _say(work, actor, obligation_id, State.CLAIMED)


async def take_back(work: Work, actor: Actor, obligation_id: int) -> Obligation:
    """The member says it is not paid after all."""
    return await _say(work, actor, obligation_id, State.DUE)


async def snooze(work: Work, actor: Actor, obligation_id: int, schedule: Schedule) -> int:
    """Leaves the member alone for some days; returns until when. A second time within them changes nothing."""
    obligation = await own(work, actor, obligation_id)
    if obligation.state is not State.DUE:
        raise AlreadySettled
    if obligation.snoozed_until is not None and obligation.snoozed_until > work.now:
        return obligation.snoozed_until
    until = rules.snooze_until(work.now, schedule)
    await store.snooze(work.session, obligation.id, until)
    await recall_needless(work, obligation.member_id)
    return until


async def recall_needless(work: Work, member_id: int | None = None) -> None:
    """Takes back, of one member or of everybody, the reminders that still wait for their turn although nothing is owed
    any more or the member wants to be left alone for now.
    """
    for nudge in await round_store.needless(work.session, now=work.now, member_id=member_id):
        if await work.out.cancel(rules.nudge_key(nudge.period, nudge.point, nudge.member_id)):
            await round_store.drop_nudge(work.session, nudge)


@dataclasses.dataclass(frozen=True, slots=True)
class Branch:
    """A branch's dues as its staff see them."""

    unit: Unit
    period: Period
    figures: Figures
    as_of: int | None


async def branches(work: Work, actor: Actor, schedule: Schedule) -> Sequence[Branch]:
    """The dues of the branches whose staff the actor is."""
    return [await branch(work, actor, branch_id, schedule) for branch_id in actor.units(*BRANCH_ROLES)]


async def branch(work: Work, actor: Actor, branch_id: int, schedule: Schedule) -> Branch:
    """A branch in numbers, for its own staff."""
    _staff(actor, branch_id)
    unit = await roster.unit(work.session, branch_id)
    if unit is None:
        raise Outdated
    period = rules.period_at(work.now, schedule.zone)
    figures = await store.figures(work.session, branch_id, period)
    return Branch(unit, period, figures, await store.as_of(work.session))


async def data_date(work: Work) -> int | None:
    """Up to when the payment data goes; None where none was ever imported."""
    return await store.as_of(work.session)


async def listed(
    work: Work, actor: Actor, branch_id: int, state: State, schedule: Schedule
) -> tuple[Period, Sequence[Owed]]:
    """This month's obligations of a branch in one state, with how many months running are unpaid."""
    _staff(actor, branch_id)
    period = rules.period_at(work.now, schedule.zone)
    return period, await _owed(work.session, branch_id, period, state)


async def late(reader: Reader, branch_id: int, period: Period) -> Sequence[Owed]:
    """Those of a branch who have owed for so many periods running that their secretary should talk to them."""
    owed = await _owed(reader, branch_id, period, State.DUE)
    return [each for each in owed if each.months >= rules.LATE_MONTHS]


async def look(work: Work, actor: Actor, obligation_id: int) -> Owed:
    """One obligation, for the staff of the member's own branch."""
    owed = await store.owed(work.session, obligation_id)
    if owed is None:
        raise Outdated
    _staff(actor, owed.branch_id)
    return owed


@dataclasses.dataclass(frozen=True, slots=True)
class Settled:
    owed: Owed
    before: State
    person: Person | None
    """To be told; None where nothing changed."""


async def settle(work: Work, actor: Actor, obligation_id: int, state: State) -> Settled:
    """A secretary confirms, exempts or takes that back. Nothing changes if it is in that state already."""
    owed = await look(work, actor, obligation_id)
    secretary = _deciding(actor, owed.branch_id)
    before = owed.obligation.state
    if state not in rules.STAFF_MAY:
        raise Outdated
    if state is before:
        return Settled(owed, before, None)
    note = Note(state.value)
    await store.note(work.session, owed.obligation, note, Source.SECRETARY, by=secretary.id, now=work.now)
    await recall_needless(work, owed.obligation.member_id)
    await work.audit(
        f"dues.{state}",
        by=secretary.id,
        subject=f"member:{owed.obligation.member_id}",
        period=str(owed.obligation.period),
        before=str(before),
    )
    changed = dataclasses.replace(owed, obligation=dataclasses.replace(owed.obligation, state=state))
    return Settled(changed, before, await roster.person(work.session, owed.obligation.member_id))


async def cancel_round(work: Work, actor: Actor, branch_id: int, point: str) -> Round:
    """Holds back the branch's reminders at this point. `AlreadyGone` once they have gone out."""
    secretary = _deciding(actor, branch_id)
    found = await _round(work, branch_id, point)
    if found.finished_at is not None:
        raise AlreadyGone
    if found.cancelled_at is None:
        await round_store.cancel(work.session, branch_id, point, by=secretary.id, now=work.now)
        await work.audit("dues.round_cancelled", by=secretary.id, subject=f"unit:{branch_id}", point=point)
    return found


async def restore_round(work: Work, actor: Actor, branch_id: int, point: str, schedule: Schedule) -> Round:
    """Lets a cancelled round go out after all. `TooLate` once its time has passed."""
    secretary = _deciding(actor, branch_id)
    found = await _round(work, branch_id, point)
    if rules.is_over(point, work.now, schedule):
        raise TooLate
    if found.cancelled_at is not None:
        await round_store.restore(work.session, branch_id, point)
        await work.audit("dues.round_restored", by=secretary.id, subject=f"unit:{branch_id}", point=point)
    return found


async def round_list(work: Work, actor: Actor, branch_id: int, point: str) -> Sequence[Candidate]:
    """Who is to be reminded in this round, as of now."""
    _staff(actor, branch_id)
    found = await _round(work, branch_id, point)
    return rules.choose(await round_store.candidates(work.session, branch_id, found.period, point), work.now)


async def note_list(work: Work, branch_id: int, point: str, chat_id: int, outgoing_id: int) -> None:
    """The list went out as that row; what can be tapped under it goes with the round."""
    await round_store.add_notice(work.session, branch_id, point, chat_id, outgoing_id)


async def contribution(reader: Reader, actor: Actor, period: Period) -> Mine | None:
    """What is kept about the actor's dues; None where nothing is."""
    if actor.member is None:
        return None
    obligation = await store.of_member(reader, actor.member.id, period)
    if obligation is None:
        return None
    before = await store.unpaid_before(reader, actor.member.id, period)
    return Mine(obligation, before, await store.as_of(reader))


async def forget(work: Work, actor: Actor) -> None:
    """Deletes what is kept about reminding the member. What is owed and paid is the organisation's record."""
    if actor.member is not None:
        await store.forget(work.session, actor.member.id)


async def _say(work: Work, actor: Actor, obligation_id: int, state: State) -> Obligation:
    obligation = await own(work, actor, obligation_id)
    if obligation.state is state:
        return obligation
    if rules.MEMBER_MAY.get(obligation.state) is not state:
        raise AlreadySettled
    note = Note(state.value)
    await store.note(work.session, obligation, note, Source.CLAIM, by=obligation.member_id, now=work.now)
    await recall_needless(work, obligation.member_id)
    return dataclasses.replace(obligation, state=state, snoozed_until=None)


async def _owed(reader: Reader, branch_id: int, period: Period, state: State) -> Sequence[Owed]:
    unpaid = await store.unpaid_periods(reader, branch_id, period)
    return [
        dataclasses.replace(
            each, months=rules.months_running(unpaid.get(each.obligation.member_id, ()), period)
        )
        for each in await store.of_branch(reader, branch_id, period, state)
    ]


async def _round(work: Work, branch_id: int, point: str) -> Round:
    found = await round_store.round_of(work.session, branch_id, point)
    if found is None:
        raise Outdated
    return found


def _member(actor: Actor) -> Member:
    if actor.member is None:
        raise NotOnRoster
    return actor.member


def _staff(actor: Actor, branch_id: int) -> Member:
    if actor.member is None or not actor.holds(branch_id):
        raise NotAllowed
    return actor.member


def _deciding(actor: Actor, branch_id: int) -> Member:
    if actor.member is None or not actor.holds(branch_id, DECIDE):
        raise NotAllowed
    return actor.member
