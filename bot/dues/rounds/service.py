"""What the staff of a branch do about a round of reminders. Each act asks again who may."""

import dataclasses
from collections.abc import Sequence

from bot.dues import plan_store, round_store, rules, service, store
from bot.dues.errors import AlreadyGone, NoWords, TooLate, TooManyWords
from bot.dues.model import Candidate, Delivery, Owed, Point, Round
from bot.dues.rules import Schedule
from bot.dues.service import DECIDE
from bot.kit.errors import NotAllowed, Outdated
from bot.kit.work import Work
from bot.roster import store as roster
from bot.roster.model import BRANCH_ROLES, Actor, Member, Role


@dataclasses.dataclass(frozen=True, slots=True)
class Ahead:
    """A round that has not gone out yet."""

    branch_id: int
    point: Point
    chosen: Sequence[Candidate]
    """Who would be reminded, as it stands."""
    as_of: int | None
    """Up to when the payment data goes."""
    words: str | None = None
    """What the branch says above the facts."""
    is_cancelled: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Reported:
    """A round that has gone out."""

    round: Round
    delivery: Delivery
    late: Sequence[Owed]


@dataclasses.dataclass(frozen=True, slots=True)
class Missed:
    """A point that could not be served in its time."""

    point: Point
    left: int
    """How many would have been reminded."""
    was_held: bool
    """For want of newer payment data."""


async def ahead(work: Work, actor: Actor, branch_id: int, point_key: str, schedule: Schedule) -> Ahead:
    """For the branch's staff. `AlreadyGone` once it has gone out, `TooLate` once its time has passed."""
    _of(actor, branch_id, BRANCH_ROLES)
    found, point = await _coming(work, branch_id, point_key, schedule)
    people = await round_store.candidates(work.session, branch_id, point.period, point.key)
    return Ahead(
        branch_id,
        point,
        rules.choose(people, max(work.now, point.at)),
        await store.as_of(work.session, branch_id),
        found.words,
        found.cancelled_at is not None,
    )


async def cancel(work: Work, actor: Actor, branch_id: int, point: str) -> None:
    """Holds back the branch's reminders at this point. `AlreadyGone` once they have gone out."""
    secretary = _of(actor, branch_id, DECIDE)
    found = await _round(work, branch_id, point)
    if found.finished_at is not None:
        raise AlreadyGone
    if found.cancelled_at is None:
        await round_store.cancel(work.session, branch_id, point, by=secretary.id, now=work.now)
        await work.audit("dues.round_cancelled", by=secretary.id, subject=f"unit:{branch_id}", point=point)


async def restore(work: Work, actor: Actor, branch_id: int, point: str, schedule: Schedule) -> None:
    """Lets a cancelled round go out after all. `TooLate` once its time has passed."""
    secretary = _of(actor, branch_id, DECIDE)
    found, _ = await _coming(work, branch_id, point, schedule)
    if found.cancelled_at is not None:
        await round_store.restore(work.session, branch_id, point)
        await work.audit("dues.round_restored", by=secretary.id, subject=f"unit:{branch_id}", point=point)


async def reword(
    work: Work, actor: Actor, branch_id: int, point: str, words: str | None, schedule: Schedule
) -> Ahead:
    """Puts these words above the facts of this branch's reminders in this round; `NoWords` and `TooManyWords` for what
    is none or does not fit a phone.
    """
    _of(actor, branch_id, DECIDE)
    said = rules.tidied(words)
    if not said:
        raise NoWords
    if len(said) > rules.WORDS_LENGTH:
        raise TooManyWords(count=len(said), most=rules.WORDS_LENGTH)
    return await _put_words(work, actor, branch_id, point, said, schedule)


async def reset_words(work: Work, actor: Actor, branch_id: int, point: str, schedule: Schedule) -> Ahead:
    """The reminders say what they usually do."""
    _of(actor, branch_id, DECIDE)
    return await _put_words(work, actor, branch_id, point, None, schedule)


async def to_reword(work: Work, actor: Actor, branch_id: int, point: str, schedule: Schedule) -> Ahead:
    """A round whose words the actor may change."""
    _of(actor, branch_id, DECIDE)
    return await ahead(work, actor, branch_id, point, schedule)


async def note_shown(work: Work, branch_id: int, point: str, chat_id: int, outgoing_id: int) -> None:
    """The round was shown in that row, too; what can be tapped under it goes with the round."""
    await round_store.add_notice(work.session, branch_id, point, chat_id, outgoing_id)


async def reported(work: Work, actor: Actor, branch_id: int, point: str) -> Reported:
    """How a round went, as of now, for the branch's staff."""
    _of(actor, branch_id, BRANCH_ROLES)
    found = await _round(work, branch_id, point)
    delivery = rules.summed_up(await round_store.reached(work.session, branch_id, found.period, found.point))
    return Reported(found, delivery, await service.late(work.session, branch_id, found.period))


async def note_phoned(
    work: Work, actor: Actor, branch_id: int, member_id: int, point: str, *, is_done: bool
) -> Reported:
    """Notes that somebody who could not be reached was spoken to, or takes that back."""
    by = _of(actor, branch_id, BRANCH_ROLES)
    person = await roster.person(work.session, member_id)
    if person is None or person.member.branch_id != branch_id:
        raise Outdated
    await _round(work, branch_id, point)
    if is_done:
        await round_store.note_phoned(work.session, member_id, point, by=by.id, now=work.now)
    else:
        await round_store.unnote_phoned(work.session, member_id, point)
    return await reported(work, actor, branch_id, point)


async def _put_words(
    work: Work, actor: Actor, branch_id: int, point: str, words: str | None, schedule: Schedule
) -> Ahead:
    before = await ahead(work, actor, branch_id, point, schedule)
    if words == before.words:
        return before
    await round_store.put_words(work.session, branch_id, point, words)
    await work.audit(
        "dues.round_reworded",
        by=None if actor.member is None else actor.member.id,
        subject=f"unit:{branch_id}",
        point=point,
        length=0 if words is None else len(words),
    )
    return dataclasses.replace(before, words=words)


async def _coming(work: Work, branch_id: int, point_key: str, schedule: Schedule) -> tuple[Round, Point]:
    found = await _round(work, branch_id, point_key)
    if found.finished_at is not None:
        raise AlreadyGone
    plan = await plan_store.plan(work.session, branch_id, schedule.plan)
    point = plan.point(point_key, schedule.zone)
    if point is None or rules.is_over(point, work.now):
        raise TooLate
    return found, point


async def _round(work: Work, branch_id: int, point: str) -> Round:
    found = await round_store.round_of(work.session, branch_id, point)
    if found is None:
        raise Outdated
    return found


def _of(actor: Actor, branch_id: int, roles: frozenset[Role]) -> Member:
    if actor.member is None or not actor.holds(branch_id, roles):
        raise NotAllowed
    return actor.member
