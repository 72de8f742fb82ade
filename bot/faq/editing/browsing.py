"""What a unit's staff find: the entries their members see, and those only staff see."""

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from bot.faq import store as faq
from bot.faq.editing import rules, store
from bot.faq.editing.rules import Group, Line
from bot.faq.editing.store import Usage
from bot.faq.errors import NotVisible
from bot.faq.matcher import SHOWN, Index, match
from bot.faq.model import LANGUAGES, Owner, State
from bot.faq.service import content_language
from bot.faq.upkeep import rights
from bot.faq.upkeep import store as upkeep
from bot.faq.upkeep.store import Draft, Kept
from bot.kit.clock import DAY
from bot.kit.database import Reader
from bot.kit.errors import NotAllowed
from bot.kit.work import Work
from bot.roster import store as roster
from bot.roster.model import Actor

USAGE_DAYS = 30

LIKELY: Final = 0.1
"""How probably a text asks for an entry that is listed among what was searched for."""


@dataclasses.dataclass(frozen=True, slots=True)
class Desk:
    """A unit at whose entries its staff look: its own, and those it has from above."""

    owner: Owner
    chain: tuple[Owner, ...]
    """The owner and those above, the nearest first."""
    language: str
    """Of the content, as its staff read it."""


@dataclasses.dataclass(frozen=True, slots=True)
class Overview:
    owner: Owner
    unit: str | None
    counts: Mapping[Group, int]
    own: int
    """How many of these are the unit's own."""
    drafts: int
    """The actor's, for this unit."""
    retired: int
    elsewhere: bool
    """Whether the actor looks after other units too."""


@dataclasses.dataclass(frozen=True, slots=True)
class Opened:
    """An entry with what its keepers want to know."""

    desk: Desk
    kept: Kept
    unit: str | None
    """Whose it is."""
    changer: str | None
    """Who last changed it: known only among the staff of the unit whose entry it is."""
    adopted_from: str | None
    usage: Usage
    translation: int | None
    """The row of the same entry in the other language."""
    own: int | None
    """The row of the unit's own entry of the same name, where this one is from above."""
    undoable: bool

    @property
    def is_own(self) -> bool:
        return self.kept.owner == self.desk.owner


async def desks(reader: Reader, actor: Actor) -> Sequence[tuple[Owner, str | None]]:
    """The units whose entries the actor keeps, with their names; `NotAllowed` where there is none."""
    owners = await rights.owners(reader, actor)
    if not owners:
        raise NotAllowed
    return [(owner, await unit_name(reader, owner)) for owner in owners]


async def desk(reader: Reader, actor: Actor, owner: Owner) -> Desk:
    await rights.require(reader, actor, owner)
    chain = (owner, *await rights.above(reader, owner))
    return Desk(owner, chain, content_language(actor.language))


async def unit_name(reader: Reader, owner: Owner) -> str | None:
    """The name of the unit whose entries these are; None for those of an organisation without one unit at its top."""
    if owner is None:
        tops = await roster.children(reader, None)
        return tops[0].name if len(tops) == 1 else None
    unit = await roster.unit(reader, owner)
    return None if unit is None else unit.name


async def overview(reader: Reader, actor: Actor, owner: Owner) -> Overview:
    at = await desk(reader, actor, owner)
    lines = await store.lines(reader, at.chain)
    seen = rules.nearest(lines, at.chain, at.language)
    return Overview(
        owner,
        await unit_name(reader, owner),
        Counter(rules.group_of(line.kind, line.stage) for line in seen),
        sum(line.owner == owner for line in seen),
        len(await drafts(reader, actor, owner)),
        sum(line.owner == owner and line.state is State.RETIRED for line in lines),
        len(await rights.owners(reader, actor)) > 1,
    )


async def group(reader: Reader, actor: Actor, owner: Owner, chosen: Group) -> Sequence[Line]:
    """A group's entries as a member of the unit would see them."""
    at = await desk(reader, actor, owner)
    seen = rules.nearest(await store.lines(reader, at.chain), at.chain, at.language)
    return [line for line in seen if rules.group_of(line.kind, line.stage) is chosen]


async def retired(reader: Reader, actor: Actor, owner: Owner) -> Sequence[Line]:
    """The unit's own entries that are shown to nobody."""
    at = await desk(reader, actor, owner)
    return [line for line in await store.lines(reader, [at.owner]) if line.state is State.RETIRED]


async def search(
    reader: Reader, actor: Actor, owner: Owner, text: str, index: Index
) -> tuple[Sequence[Line], Sequence[Line]]:
    """The visible entries, and the unit's own retired ones, that hold every word of `text`, those with it in the title
    first; and others that the text asks for in other words.
    """
    at = await desk(reader, actor, owner)
    lines = await store.lines(reader, at.chain)
    seen = rules.nearest(lines, at.chain, at.language)
    within = [*seen, *(line for line in lines if line.owner == owner and line.state is State.RETIRED)]
    words = text.split()
    rows = {line.row for line in lines}
    for word in words:
        rows &= await store.holding(reader, at.chain, word)
    # Either language's words lead to the entry.
    slugs = {line.slug for line in lines if line.row in rows}
    found = sorted(
        (line for line in within if line.slug in slugs),
        key=lambda line: not all(word.lower() in line.title.lower() for word in words),
    )
    return found, [line for line in _asked_for(index, text, seen) if line.slug not in slugs]


def _asked_for(index: Index, text: str, seen: Sequence[Line]) -> Sequence[Line]:
    by_key = {faq.key_of(line.slug, line.owner): line for line in seen}
    found = match(index, text, by_key.keys()).matches[:SHOWN]
    return [by_key[each.key] for each in found if each.confidence >= LIKELY]


async def opened(work: Work, actor: Actor, owner: Owner, row: int) -> Opened:
    """An entry as seen from a unit's desk; `NotVisible` where a member of the unit has nothing to do with it."""
    reader = work.session
    at, kept = await in_view(reader, actor, owner, row)
    others = [
        found
        for language in LANGUAGES
        if language != kept.entry.language
        and (found := await upkeep.find(reader, kept.owner, kept.entry.id, language)) is not None
    ]
    own = None
    if kept.owner != owner:
        own = await upkeep.find(reader, owner, kept.entry.id, kept.entry.language)
    changer = None
    if kept.changed_by is not None and kept.owner in await rights.owners(reader, actor):
        person = await roster.person(reader, kept.changed_by)
        changer = None if person is None else person.member.name
    return Opened(
        at,
        kept,
        await unit_name(reader, kept.owner),
        changer,
        None if kept.author_unit_id is None else await unit_name(reader, kept.author_unit_id),
        await store.usage(reader, kept.entry.id, owner, since=work.now - USAGE_DAYS * DAY),
        next((other.row for other in others if _is_visible(at, other)), None),
        None if own is None else own.row,
        kept.owner == owner and kept.revision > 0,
    )


async def in_view(reader: Reader, actor: Actor, owner: Owner, row: int) -> tuple[Desk, Kept]:
    """An entry that the staff of a unit may read: its own, and published ones of the levels above."""
    at = await desk(reader, actor, owner)
    kept = await upkeep.kept(reader, row)
    if kept is None or not _is_visible(at, kept):
        raise NotVisible
    return at, kept


async def own(reader: Reader, actor: Actor, owner: Owner, row: int) -> Kept:
    """An entry of that very unit; `NotAllowed` where it is not the actor's to change."""
    kept = (await in_view(reader, actor, owner, row))[1]
    if kept.owner != owner:
        raise NotAllowed
    return kept


async def drafts(reader: Reader, actor: Actor, owner: Owner) -> Sequence[Draft]:
    """The actor's half-finished entries for a unit, the one last touched first."""
    member = await rights.require(reader, actor, owner)
    return [draft for draft in await upkeep.drafts_of(reader, member) if draft.owner == owner]


def _is_visible(at: Desk, kept: Kept) -> bool:
    return kept.owner == at.owner or (kept.owner in at.chain and kept.state is State.PUBLISHED)
