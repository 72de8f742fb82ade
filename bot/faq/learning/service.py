"""What becomes of members' questions at their staff's desks. Nothing is learnt without a person's approval."""

import dataclasses
from collections.abc import Mapping, Sequence

from bot.faq import content
from bot.faq import store as faq
from bot.faq.editing import drafts, formatting
from bot.faq.errors import NotVisible
from bot.faq.learning import rules, store
from bot.faq.learning.errors import ChangedSince, LookedAfter, WordingTaken
from bot.faq.learning.model import Group, Lesson, LessonState
from bot.faq.matcher import Index, match
from bot.faq.model import DEFAULT_LANGUAGE, Audience, Entry, Kind, Listed, Owner, Scope, State
from bot.faq.upkeep import changes, rights
from bot.faq.upkeep import store as upkeep
from bot.faq.upkeep.store import Act, Kept
from bot.kit.database import Reader
from bot.kit.errors import NotAllowed, Outdated
from bot.kit.work import Work
from bot.roster import store as roster
from bot.roster.model import Actor, Unit

LOOKED_AT = 300
"""Open questions of a queue that are looked at, the newest: more are not read by a person either."""
LIKELY = 3
"""Entries proposed for a group."""
LIKELY_ENOUGH = 0.1
"""From this probability on an entry is proposed: it was not clear to the matcher, but may well be to a person."""


@dataclasses.dataclass(frozen=True, slots=True)
class Desk:
    """Where somebody looks after questions: one unit's entries, and the questions from it and below it."""

    unit: Unit
    owner: Owner
    above: tuple[Unit, ...]
    """Whose entries its members see too, the nearest first."""


@dataclasses.dataclass(frozen=True, slots=True)
class Likely:
    """An entry that may be what was asked for, as the desk's own members see it."""

    listed: Listed
    unit: Unit | None
    """Whose it is, where it is not the desk's own; None also for entries that are nobody's to change."""
    own: bool


async def desk_of(reader: Reader, owner: Owner) -> Desk | None:
    """The desk of an owner of entries; None where nobody has one."""
    root = await _root(reader)
    unit = root if owner is None else await roster.unit(reader, owner)
    if unit is None:
        return None
    above = [
        found
        for other in await rights.above(reader, owner)
        if (found := root if other is None else await roster.unit(reader, other)) is not None
    ]
    return Desk(unit, owner, tuple(above))


async def _root(reader: Reader) -> Unit | None:
    """The unit that the whole organisation's entries belong to."""
    roots = await roster.children(reader, None)
    return roots[0] if len(roots) == 1 else None


async def desk_of_unit(reader: Reader, unit_id: int) -> Desk | None:
    """The desk of a unit's staff."""
    root = await _root(reader)
    return await desk_of(reader, None if root is not None and root.id == unit_id else unit_id)


async def desks(reader: Reader, actor: Actor) -> Sequence[Desk]:
    """Those the actor works at, the one nearest to the members first."""
    found = [await desk_of(reader, owner) for owner in await rights.owners(reader, actor)]
    return [desk for desk in found if desk is not None]


async def desk_at(reader: Reader, actor: Actor, unit_id: int) -> Desk:
    """`NotAllowed` where the actor does not work at this unit's desk."""
    for desk in await desks(reader, actor):
        if desk.unit.id == unit_id:
            return desk
    raise NotAllowed


async def queue(reader: Reader, desk: Desk) -> Sequence[Group]:
    """What the desk is asked to look at, what matters most first."""
    lessons = await store.open_for(reader, desk.unit.id, limit=LOOKED_AT)
    refused = await store.refused(reader, desk.unit.id)
    # A branch's queue holds its own questions only: nothing was passed up to it.
    own = None if not await _has_below(reader, desk) else desk.unit.id
    return rules.gather(lessons, refused=refused, own=own)


async def _has_below(reader: Reader, desk: Desk) -> bool:
    return bool(await roster.children(reader, desk.unit.id))


async def group_of(reader: Reader, desk: Desk, lesson_id: int) -> Group:
    """The group a lesson stands in; `LookedAfter` where it stands in none any more."""
    for group in await queue(reader, desk):
        if any(lesson.id == lesson_id for lesson in group.lessons):
            return group
    raise LookedAfter


async def desk_for(reader: Reader, actor: Actor, lesson_id: int) -> Desk | None:
    """The actor's desk at which a lesson stands; None where there is none."""
    found = await store.lesson(reader, lesson_id)
    if found is None:
        return None
    line = {unit.id for unit in await roster.lineage(reader, found[0].unit_id)}
    return next((desk for desk in await desks(reader, actor) if desk.unit.id in line), None)


async def likely(reader: Reader, index: Index, desk: Desk, text: str) -> Sequence[Likely]:
    """The entries a text may well mean, of those that the desk's members see, the likeliest first."""
    seen = await _seen(reader, desk)
    root = await _root(reader)
    found = []
    for each in match(index, text, seen.keys()).matches[:LIKELY]:
        if each.confidence >= LIKELY_ENOUGH:
            listed = seen[each.key]
            unit = root if listed.unit_id is None else await roster.unit(reader, listed.unit_id)
            found.append(Likely(listed, unit, own=listed.unit_id == desk.owner))
    return found


async def search(reader: Reader, index: Index, desk: Desk, text: str, *, limit: int) -> Sequence[Listed]:
    """The desk's own entries that have something to do with these words, the nearest first."""
    seen = await _seen(reader, desk)
    own = {key for key, listed in seen.items() if listed.unit_id == desk.owner}
    return [seen[each.key] for each in match(index, text, own).matches[:limit]]


async def _seen(reader: Reader, desk: Desk) -> Mapping[str, Listed]:
    """The entries that the desk's members see, by their names in the index."""
    visible = await faq.visible(reader, Scope(desk.unit.id, DEFAULT_LANGUAGE))
    return {faq.key_of(each.slug, each.unit_id): each for each in visible if each.kind is Kind.ENTRY}


async def own_entries(reader: Reader, desk: Desk) -> Sequence[Listed]:
    """The desk's own entries, by slug."""
    return [each for each in (await _seen(reader, desk)).values() if each.unit_id == desk.owner]


@dataclasses.dataclass(frozen=True, slots=True)
class Added:
    kept: Kept
    wordings: tuple[str, ...]
    """What was added; nothing where the entry had it all."""


async def add(work: Work, actor: Actor, desk: Desk, lesson_id: int, row_id: int) -> Added:
    """Adds the group's wordings, as many as were shown, to one of the desk's own entries, but for those that another
    entry has. `NotAllowed` for others' entries, `WordingTaken` where it is the wording that stands for the group.
    """
    me = await rights.require(work.session, actor, desk.owner)
    group = await group_of(work.session, desk, lesson_id)
    kept = await upkeep.kept(work.session, row_id)
    if kept is None or kept.state is State.RETIRED or kept.entry.kind is not Kind.ENTRY:
        raise NotVisible
    if kept.owner != desk.owner:
        raise NotAllowed
    new = rules.to_add(group.wordings, kept.entry.phrasings)
    others = await drafts.taken(work.session, desk.owner, kept.entry.id, new)
    if group.wordings[0] in others:
        raise WordingTaken(text=group.wordings[0], title=others[group.wordings[0]].title)
    wordings = [text for text in new if text not in others]
    if wordings:
        entry = dataclasses.replace(kept.entry, phrasings=(*kept.entry.phrasings, *wordings))
        await changes.save(work, entry, owner=desk.owner, by=me, act=Act.LEARNT)
    await _settle(work, group.lessons, LessonState.ADDED, by=me)
    return Added(kept, tuple(wordings))


async def dismiss(work: Work, actor: Actor, desk: Desk, lesson_id: int) -> Group:
    """The desk does not want this; what is like it stays out of its queue too. What stands in the queues of branches
    below stays there: they may still want it for themselves.
    """
    me = await rights.require(work.session, actor, desk.owner)
    group = await group_of(work.session, desk, lesson_id)
    own = [lesson for lesson in group.lessons if lesson.unit_id == desk.unit.id]
    await _settle(work, own, LessonState.DISMISSED, by=me)
    for lesson in group.lessons:
        if lesson.unit_id != desk.unit.id:
            await store.copy(work.session, lesson.id, desk.unit.id, LessonState.SHUT, by=me, now=work.now)
    await work.audit("faq.dismissed", by=me, subject=f"lesson:{group.id}", unit=desk.unit.id)
    return group


async def pass_up(work: Work, actor: Actor, desk: Desk, lesson_id: int, to_unit: int) -> Unit:
    """Asks a level above to look after the group: it comes first in that level's queue and leaves the desk's own."""
    me = await rights.require(work.session, actor, desk.owner)
    to = next((unit for unit in desk.above if unit.id == to_unit), None)
    if to is None:
        raise Outdated
    group = await group_of(work.session, desk, lesson_id)
    for lesson in group.lessons:
        await store.copy(work.session, lesson.id, to.id, LessonState.OPEN, by=None, now=None)
    await _settle(work, group.lessons, LessonState.PASSED_UP, by=me)
    await work.audit("faq.passed_up", by=me, subject=f"lesson:{group.id}", unit=desk.unit.id, to=to.id)
    return to


async def undo(work: Work, actor: Actor, desk: Desk, at: int, row_id: int | None) -> None:
    """Takes back what the actor did with a group at that instant, and with it the change of an entry. `ChangedSince`
    where the entry has been changed again; `Outdated` where there is nothing to take back.
    """
    me = await rights.require(work.session, actor, desk.owner)
    if not await store.reopen(work.session, by=me, at=at, above=[unit.id for unit in desk.above]):
        raise Outdated
    if row_id is not None:
        kept = await upkeep.kept(work.session, row_id)
        if kept is None or kept.owner != desk.owner:
            raise NotAllowed
        last = await upkeep.revision(work.session, kept.revision)
        if last is None or (last.act, last.by, last.at) != (Act.LEARNT, me, at):
            raise ChangedSince
        await changes.undo(work, row_id, by=me)
    await work.audit("faq.lesson_undone", by=me, subject=f"unit:{desk.unit.id}")


async def draft_of(work: Work, actor: Actor, index: Index, desk: Desk, lesson_id: int) -> Entry:
    """A new entry to begin with: the group's wordings, and what a person answered. It is its writer's to finish; once it
    is published with these wordings, the group has left the queue.
    """
    await rights.require(work.session, actor, desk.owner)
    group = await group_of(work.session, desk, lesson_id)
    near = await likely(work.session, index, desk, group.wordings[0])
    return Entry(
        id="",
        language=DEFAULT_LANGUAGE,
        title=group.wordings[0][: content.TITLE_LIMIT],
        body=formatting.to_markup(group.answer or ""),
        phrasings=rules.to_add(group.wordings, ()),
        stage=near[0].listed.stage if near else None,
        # What a person wrote to one of the members was meant for members.
        audience=Audience.MEMBERS,
    )


async def _settle(work: Work, lessons: Sequence[Lesson], state: LessonState, *, by: int) -> None:
    for lesson in lessons:
        await store.settle(work.session, lesson.id, state, by=by, now=work.now)
