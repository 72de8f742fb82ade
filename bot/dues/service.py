"""Use cases of the dues, for members and for the staff of a branch. Each act asks again who may."""

import dataclasses
from collections.abc import Sequence

from bot.dues import plan_store, round_store, rules, store
from bot.dues.agreements import store as agreements
from bot.dues.agreements.model import Kind
from bot.dues.errors import AlreadySettled, NotYours
from bot.dues.looking import store as looking
from bot.dues.model import Figures, Note, Obligation, Owed, Period, Source, State
from bot.dues.rules import Schedule
from bot.dues.waiving import store as waivers
from bot.dues.waiving.model import Act, Waiver
from bot.kit.database import Reader
from bot.kit.errors import NotAllowed, Outdated
from bot.kit.work import Work
from bot.onboarding.errors import NotOnRoster
from bot.roster import store as roster
from bot.roster.model import BRANCH_ROLES, Actor, Member, Person, Role, Unit

LOOKED_BACK = 11
"""Months before the current one in which it is looked for surplus: a year with it."""

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
    waiver: Waiver | None = None
    """The last request to be let off this month."""
    pays_by_quarter: bool = False


async def mine(work: Work, actor: Actor, schedule: Schedule) -> Mine:
    """The actor's dues of this month."""
    member = _member(actor)
    period = rules.period_at(work.now, schedule.zone)
    obligation = await store.of_member(work.session, member.id, period)
    if obligation is None:
        until = rules.end_of(period, schedule.zone)
        await store.open_for(work.session, member.id, period, until=until, now=work.now)
        obligation = await store.of_member(work.session, member.id, period)
    if obligation is None:
        raise NotOnRoster
    agreed = await agreements.held(work.session, member.id)
    return Mine(
        obligation,
        await store.unpaid_before(work.session, member.id, period),
        await store.as_of(work.session, member.branch_id),
        await waivers.newest(work.session, member.id, period),
        pays_by_quarter=any(each.kind is Kind.QUARTERLY for each in agreed),
    )


async def own(work: Work, actor: Actor, obligation_id: int) -> Obligation:
    """One of the actor's own obligations; `NotYours` if it is somebody else's."""
    obligation = await store.obligation(work.session, obligation_id)
    if obligation is None:
        raise Outdated
    if obligation.member_id != _member(actor).id:
        raise NotYours
    return obligation


async def together(reader: Reader, obligation: Obligation) -> Sequence[Obligation]:
    """What a member is reminded of, and says something of, with this obligation: for who pays by the quarter, in its last
    month, the months of the quarter that are in the same state, oldest first; for everybody else this one alone.
    """
    agreed = await agreements.held(reader, obligation.member_id)
    if rules.last_quarter(obligation.period) == obligation.period and any(
        each.kind is Kind.QUARTERLY for each in agreed
    ):
        return await store.of_quarter(reader, obligation)
    return (obligation,)


async def claim(work: Work, actor: Actor, obligation_id: int) -> Sequence[Obligation]:
    """The member says it is paid; returns what it was said of. Nothing changes if it is claimed or paid already."""
    return await _say(work, actor, obligation_id, State.CLAIMED)


async def take_back(work: Work, actor: Actor, obligation_id: int) -> Sequence[Obligation]:
    """The member says it is not paid after all."""
    return await _say(work, actor, obligation_id, State.DUE)


async def snooze(work: Work, actor: Actor, obligation_id: int, schedule: Schedule) -> int:
    """Leaves the member alone for some days; returns until when. A second time within them changes nothing."""
    obligation = await own(work, actor, obligation_id)
    if obligation.state is not State.DUE:
        raise AlreadySettled
    if obligation.snoozed_until is not None and obligation.snoozed_until > work.now:
        return obligation.snoozed_until
    plan = await plan_store.plan(work.session, _member(actor).branch_id, schedule.plan)
    until = rules.snooze_until(work.now, schedule, plan.at)
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
    overpaid: int = 0
    """How many have paid too much, or twice, within a year."""


async def branches(work: Work, actor: Actor, schedule: Schedule) -> Sequence[Branch]:
    """The dues of the branches whose staff the actor is."""
    return [await branch(work, actor, branch_id, schedule) for branch_id in actor.units(*BRANCH_ROLES)]


async def branch(work: Work, actor: Actor, branch_id: int, schedule: Schedule) -> Branch:
    """A branch in numbers, for its own staff."""
    require_staff(actor, branch_id)
    unit = await roster.unit(work.session, branch_id)
    if unit is None:
        raise Outdated
    period = rules.period_at(work.now, schedule.zone)
    figures = await store.figures(work.session, branch_id, period)
    surplus = await looking.overpaid(work.session, branch_id, period.shifted(-LOOKED_BACK))
    return Branch(
        unit,
        period,
        figures,
        await store.as_of(work.session, branch_id),
        overpaid=len({each.member_id for each in surplus}),
    )


async def data_date(work: Work, actor: Actor) -> int | None:
    """Up to when the payment data about the actor goes; None where none was ever imported."""
    return await store.as_of(work.session, _member(actor).branch_id)


async def listed(
    work: Work, actor: Actor, branch_id: int, state: State, schedule: Schedule
) -> tuple[Period, Sequence[Owed]]:
    """This month's obligations of a branch in one state, with how many months running are unpaid."""
    require_staff(actor, branch_id)
    period = rules.period_at(work.now, schedule.zone)
    return period, await _owed(work.session, branch_id, period, state)


async def late(reader: Reader, branch_id: int, period: Period) -> Sequence[Owed]:
    """Those of a branch who have owed for so many periods running that their secretary should talk to them."""
    owed = await _owed(reader, branch_id, period, State.DUE)
    return [each for each in owed if each.months >= rules.LATE_MONTHS]


async def late_at_end(reader: Reader, branch_id: int, ended: Period) -> Sequence[Owed]:
    """As `late`, when a period is over; those who pay by the quarter only when a quarter is."""
    owed = await _owed(reader, branch_id, ended, State.DUE, is_over=True)
    is_quarter = rules.last_quarter(ended) == ended
    return [
        each for each in owed if each.months >= rules.LATE_MONTHS and (is_quarter or not each.pays_by_quarter)
    ]


async def look(work: Work, actor: Actor, obligation_id: int) -> Owed:
    """One obligation, for the staff of the member's own branch."""
    owed = await store.owed(work.session, obligation_id)
    if owed is None:
        raise Outdated
    require_staff(actor, owed.branch_id)
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


async def contribution(reader: Reader, actor: Actor, period: Period) -> Mine | None:
    """What is kept about the actor's dues; None where nothing is."""
    if actor.member is None:
        return None
    obligation = await store.of_member(reader, actor.member.id, period)
    if obligation is None:
        return None
    before = await store.unpaid_before(reader, actor.member.id, period)
    return Mine(obligation, before, await store.as_of(reader, actor.member.branch_id))


async def forget(work: Work, actor: Actor) -> None:
    """Deletes what is kept about reminding the member, and why they asked to be let off. What is owed and paid is the organisation's record."""
    if actor.member is None:
        return
    for waiver in await waivers.open_of(work.session, actor.member.id):
        await waivers.add_step(work.session, waiver.id, Act.WITHDRAWN, by=actor.member.id, now=work.now)
    await waivers.forget_words(work.session, actor.member.id)
    await store.forget(work.session, actor.member.id)


async def _say(work: Work, actor: Actor, obligation_id: int, state: State) -> Sequence[Obligation]:
    obligation = await own(work, actor, obligation_id)
    if obligation.state is state:
        return await together(work.session, obligation)
    if rules.MEMBER_MAY.get(obligation.state) is not state:
        raise AlreadySettled
    said_of = await together(work.session, obligation)
    for each in said_of:
        note = Note(state.value)
        await store.note(work.session, each, note, Source.CLAIM, by=each.member_id, now=work.now)
    await recall_needless(work, obligation.member_id)
    return [dataclasses.replace(each, state=state, snoozed_until=None) for each in said_of]


async def _owed(
    reader: Reader, branch_id: int, period: Period, state: State, *, is_over: bool = False
) -> Sequence[Owed]:
    """`is_over`: the period has ended, so that a quarter that ends with it counts."""
    unpaid = await store.unpaid_periods(reader, branch_id, period)
    by_quarter = await agreements.quarterly(reader, branch_id)
    quarter = rules.last_quarter(period if is_over else period.shifted(-1))
    return [
        dataclasses.replace(
            each,
            months=rules.months_running(
                unpaid.get(each.obligation.member_id, ()),
                quarter if each.obligation.member_id in by_quarter else period,
            ),
            pays_by_quarter=each.obligation.member_id in by_quarter,
        )
        for each in await store.of_branch(reader, branch_id, period, state)
    ]


def _member(actor: Actor) -> Member:
    if actor.member is None:
        raise NotOnRoster
    return actor.member


def require_staff(actor: Actor, branch_id: int) -> Member:
    if actor.member is None or not actor.holds(branch_id):
        raise NotAllowed
    return actor.member


def _deciding(actor: Actor, branch_id: int) -> Member:
    if actor.member is None or not actor.holds(branch_id, DECIDE):
        raise NotAllowed
    return actor.member
