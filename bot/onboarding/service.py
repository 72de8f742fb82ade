"""Use cases of the walk-through. A walk belongs to the member, so it goes on under whichever account they use."""

import dataclasses
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import TypeAlias

from bot.faq.model import Phone, Stage, Step
from bot.helpdesk.inbox import store as inbox
from bot.kit.clock import DAY
from bot.kit.database import Reader
from bot.kit.errors import Outdated
from bot.kit.work import Work
from bot.onboarding import guide as way_rules
from bot.onboarding import store
from bot.onboarding.errors import NotBegun, NotOnRoster
from bot.onboarding.guide import Guide, Way, key_of
from bot.onboarding.store import Standing
from bot.roster.model import Actor, Member

BATCH = 200
"""People asked in one transaction."""

Spared: TypeAlias = Callable[[Work, Collection[int]], Awaitable[Collection[int]]]
"""Which of these members are written to today for another reason."""


@dataclasses.dataclass(frozen=True, slots=True)
class Card:
    """One card as it is shown."""

    step: Step
    phone: Phone
    number: int
    """Which of its stage's cards it is, from 1."""
    of: int
    is_first: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Position:
    """Where the member stands now."""

    card: Card
    just_reached: tuple[Stage, ...] = ()
    """Stages that this very act has completed."""
    is_finished: bool = False
    """Every card of this phone is done."""


async def position(reader: Reader, guide: Guide, actor: Actor) -> Position | None:
    """Where the actor stands; None before they have chosen a phone."""
    walk = await store.walk(reader, _member(actor).id)
    if walk is None:
        return None
    way = guide.way(walk.phone, actor.language)
    done = await store.steps_done(reader, walk.member_id)
    step = guide.resume(way, walk.step_id, done)
    return Position(_card(way, step, walk.phone), is_finished=all(each.id in done for each in way))


async def questions_waiting(work: Work, actor: Actor) -> int:
    """How many members' questions wait for the actor's answer."""
    if actor.member is None or not actor.is_staff:
        return 0
    _, waiting = await inbox.counts(work.session, actor.member.id, now=work.now)
    return waiting


async def choose_phone(work: Work, guide: Guide, actor: Actor, phone: Phone) -> Position:
    """Begins the walk, or goes on with another phone at the same card or the nearest one of its stage."""
    member = _member(actor)
    walk = await store.walk(work.session, member.id)
    way = guide.way(phone, actor.language)
    done = await store.steps_done(work.session, member.id)
    step = way[0] if walk is None else guide.resume(way, walk.step_id, done)
    await store.put(work.session, member.id, phone, step.id, now=work.now)
    return Position(_card(way, step, phone), is_finished=all(each.id in done for each in way))


async def restart(work: Work, guide: Guide, actor: Actor) -> Position:
    """Back to the first card. What was done stays noted as done."""
    at = await _walking(work, guide, actor)
    return await _move(work, at, at.way[0])


async def finish_step(work: Work, guide: Guide, actor: Actor, key: int) -> Position:
    """Done under the card `key`, be it today's or an old one."""
    at = await _walking(work, guide, actor)
    tapped = _known(guide, key)
    member_id = at.member.id
    done_before = await store.steps_done(work.session, member_id)
    await store.mark_done(work.session, member_id, tapped, now=work.now)
    done = done_before | {tapped}
    reached = [
        stage
        for stage in way_rules.stages_done(at.way, done)
        if await store.reach(work.session, member_id, stage, now=work.now)
    ]
    following = way_rules.after_done(at.way, at.step, tapped, done_before)
    moved = await _move(work, at, following or at.way[-1])
    if following is None:
        await store.finish(work.session, member_id, now=work.now)
    return dataclasses.replace(moved, just_reached=tuple(reached), is_finished=following is None)


async def go_back(work: Work, guide: Guide, actor: Actor, key: int) -> Position:
    """To the card before the one tapped; where there is none, to where the member stands."""
    at = await _walking(work, guide, actor)
    earlier = way_rules.before(at.way, _known(guide, key))
    return await _move(work, at, earlier or at.step)


async def look(work: Work, guide: Guide, actor: Actor, key: int) -> Position:
    """The card `key` again, without moving; where this phone has no such card, the one the member stands at."""
    at = await _walking(work, guide, actor)
    return Position(_card(at.way, _on_way(at, _known(guide, key)), at.phone))


async def get_stuck(work: Work, guide: Guide, actor: Actor, key: int) -> Card:
    """Notes that the member is stuck at the card `key`."""
    at = await _walking(work, guide, actor)
    step = _on_way(at, _known(guide, key))
    await store.touch(work.session, at.member.id, now=work.now)
    await store.note_stuck(work.session, at.member.id, step.stage, step.id, at.phone, now=work.now)
    return _card(at.way, step, at.phone)


async def try_entry(
    work: Work,
    guide: Guide,
    actor: Actor,
    key: int,
    entry_key: int,
    offered: Callable[[Step], Awaitable[Sequence[tuple[str, str]]]],
) -> str:
    """Notes that the member was shown an entry offered at the card; returns its id. `offered`: ids and titles of what is
    offered there; `Outdated` if this entry no longer is.
    """
    at = await _walking(work, guide, actor)
    step = _on_way(at, _known(guide, key))
    entry_id = next((each for each, _ in await offered(step) if key_of(each) == entry_key), None)
    if entry_id is None:
        raise Outdated
    await store.touch(work.session, at.member.id, now=work.now)
    await store.note_tried(work.session, at.member.id, step.id, entry_id, now=work.now)
    return entry_id


@dataclasses.dataclass(frozen=True, slots=True)
class Trouble:
    """What the secretary is told, so that they need not ask again."""

    card: Card
    tried: Sequence[str]
    """Ids of the entries the member was shown, in order."""


async def trouble(work: Work, guide: Guide, actor: Actor, key: int) -> Trouble:
    at = await _walking(work, guide, actor)
    step = _on_way(at, _known(guide, key))
    await store.touch(work.session, at.member.id, now=work.now)
    return Trouble(_card(at.way, step, at.phone), await store.tried(work.session, at.member.id, step.id))


@dataclasses.dataclass(frozen=True, slots=True)
class Stalled:
    """Somebody to be asked whether to go on."""

    standing: Standing
    card: Card


async def take_stalled(
    work: Work, guide: Guide, *, stall_days: int, spared: Spared, after: int = 0
) -> tuple[Sequence[Stalled], int | None]:
    """Those of the next people (at most `BATCH`, by member id from after `after`) who have stood still for
    `stall_days`, each only once ever, and after whom to go on; None at the end. Those who are `spared` today keep for later.
    """
    found = await store.standing_still(
        work.session, before=work.now - stall_days * DAY, after=after, limit=BATCH
    )
    kept = await spared(work, [standing.walk.member_id for standing in found])
    stalled = []
    for standing in found:
        walk = standing.walk
        if walk.member_id in kept:
            continue
        way = guide.way(walk.phone, work.languages[standing.language].language)
        step = guide.resume(way, walk.step_id, await store.steps_done(work.session, walk.member_id))
        await store.note_asked(work.session, walk.member_id, now=work.now)
        stalled.append(Stalled(standing, _card(way, step, walk.phone)))
    return stalled, found[-1].walk.member_id if len(found) == BATCH else None


async def forget(work: Work, actor: Actor) -> None:
    """Deletes the member's progress."""
    if actor.member is not None:
        await store.forget(work.session, actor.member.id)


@dataclasses.dataclass(frozen=True, slots=True)
class _At:
    member: Member
    phone: Phone
    way: Way
    step: Step


async def _walking(work: Work, guide: Guide, actor: Actor) -> _At:
    member = _member(actor)
    walk = await store.walk(work.session, member.id)
    if walk is None:
        raise NotBegun
    way = guide.way(walk.phone, actor.language)
    done = await store.steps_done(work.session, member.id)
    return _At(member, walk.phone, way, guide.resume(way, walk.step_id, done))


async def _move(work: Work, at: _At, step: Step) -> Position:
    await store.put(work.session, at.member.id, at.phone, step.id, now=work.now)
    return Position(_card(at.way, step, at.phone))


def _member(actor: Actor) -> Member:
    if actor.member is None:
        raise NotOnRoster
    return actor.member


def _known(guide: Guide, key: int) -> str:
    step_id = guide.id_of(key)
    if step_id is None:
        raise Outdated
    return step_id


def _on_way(at: _At, step_id: str) -> Step:
    return next((step for step in at.way if step.id == step_id), at.step)


def _card(way: Way, step: Step, phone: Phone) -> Card:
    number, of = way_rules.place_in_stage(way, step)
    return Card(step, phone, number, of, is_first=step is way[0])
