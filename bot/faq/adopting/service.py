"""What branches wrote, taken up for everybody by a level above."""

import dataclasses
from collections.abc import Sequence

from bot.faq.adopting import rules, store
from bot.faq.adopting.rules import Subject
from bot.faq.errors import NotVisible
from bot.faq.learning.errors import ChangedSince
from bot.faq.learning.service import Desk
from bot.faq.model import DEFAULT_LANGUAGE, Entry, Kind, State
from bot.faq.upkeep import changes, rights
from bot.faq.upkeep import store as upkeep
from bot.faq.upkeep.store import Act, Kept
from bot.kit.database import Reader
from bot.kit.errors import Outdated
from bot.kit.work import Work
from bot.roster import store as roster
from bot.roster.model import Actor, Unit


@dataclasses.dataclass(frozen=True, slots=True)
class Piece:
    """An entry of a unit below, as the level above reads it."""

    kept: Kept
    author: Unit
    others: Sequence[tuple[Kept, Unit]]
    """What other units wrote about the same."""
    in_place_of: Entry | None
    """The desk's own entry of the same id, which it could replace."""


@dataclasses.dataclass(frozen=True, slots=True)
class Undone:
    title: str
    author: Unit | None
    """None where the unit is no longer there."""


@dataclasses.dataclass(frozen=True, slots=True)
class Adopted:
    entry: Entry
    author: Unit
    retired: Sequence[Kept]
    """The copies below with just this content, which are not needed any more; the author's among them."""


async def subjects(reader: Reader, desk: Desk) -> Sequence[Subject]:
    """What units below the desk's own have written, by subject. One of an entry's languages stands for it."""
    found = await upkeep.kept_of(reader, await store.authors_below(reader, desk.unit.id))
    chosen: dict[tuple[int | None, str], Kept] = {}
    for kept in found:
        if kept.state is State.PUBLISHED and kept.entry.kind is Kind.ENTRY:
            key = (kept.owner, kept.entry.id)
            if key not in chosen or kept.entry.language == DEFAULT_LANGUAGE:
                chosen[key] = kept
    return rules.gather(chosen.values())


async def piece(reader: Reader, desk: Desk, row_id: int) -> Piece:
    """`NotVisible` where it is no published entry of a unit below the desk's own (any more)."""
    for subject in await subjects(reader, desk):
        for kept in subject.entries:
            if kept.row == row_id:
                others = [
                    (other, await _author(reader, other)) for other in subject.entries if other is not kept
                ]
                own = await upkeep.find(reader, desk.owner, kept.entry.id, kept.entry.language)
                replaces = own is not None and own.state is State.PUBLISHED
                return Piece(
                    kept,
                    await _author(reader, kept),
                    others,
                    own.entry if own is not None and replaces else None,
                )
    raise NotVisible


async def adopt(work: Work, actor: Actor, desk: Desk, row_id: int, *, replace: bool) -> Adopted:
    """Publishes a branch's entry, in all its languages, among the desk's own; it keeps the branch's name as its
    author's. Its id is kept where it is free (or, with `replace`, taken from the desk's own entry). Copies below with
    the very same content, the author's own first of all, are retired: they would only be kept twice. What other
    branches wrote in other words stays theirs.
    """
    me = await rights.require(work.session, actor, desk.owner)
    chosen = await piece(work.session, desk, row_id)
    slug = chosen.kept.entry.id
    if not replace:
        taken = {kept.entry.id for kept in await upkeep.kept_of(work.session, [desk.owner])}
        slug = rules.free_id(slug, taken)
    below = [
        kept
        for kept in await upkeep.kept_of(work.session, await store.authors_below(work.session, desk.unit.id))
        if kept.state is State.PUBLISHED
    ]
    retired: list[Kept] = []
    for version in below:
        if (version.owner, version.entry.id) == (chosen.kept.owner, chosen.kept.entry.id):
            entry = dataclasses.replace(version.entry, id=slug)
            await changes.save(
                work, entry, owner=desk.owner, by=me, act=Act.ADOPTED, author_unit_id=chosen.author.id
            )
            for copy in below:
                if rules.same_content(copy.entry, version.entry):
                    await changes.retire(work, copy.row, by=me)
                    retired.append(copy)
    return Adopted(dataclasses.replace(chosen.kept.entry, id=slug), chosen.author, retired)


async def undo(work: Work, actor: Actor, desk: Desk, at: int) -> Undone:
    """Takes back what the actor adopted at that instant: the copies below are theirs again. `ChangedSince` where the
    entry has been changed since, `Outdated` where there is nothing to take back.
    """
    me = await rights.require(work.session, actor, desk.owner)
    adopted = await store.changed_at(work.session, at, me, Act.ADOPTED)
    if not adopted:
        raise Outdated
    title, author = "", None
    for row_id in adopted:
        kept = await upkeep.kept(work.session, row_id)
        last = None if kept is None else await upkeep.revision(work.session, kept.revision)
        if kept is None or kept.owner != desk.owner or last is None or last.at != at:
            raise ChangedSince
        await changes.undo(work, row_id, by=me)
        title = title or kept.entry.title
        if kept.author_unit_id is not None:
            author = await roster.unit(work.session, kept.author_unit_id)
    for row_id in await store.changed_at(work.session, at, me, Act.RETIRED):
        copy = await upkeep.kept(work.session, row_id)
        last = None if copy is None else await upkeep.revision(work.session, copy.revision)
        # What its own branch has done with it meanwhile stays.
        if last is not None and last.at == at:
            await changes.restore(work, row_id, by=me)
    return Undone(title, author)


async def _author(reader: Reader, kept: Kept) -> Unit:
    unit = None if kept.owner is None else await roster.unit(reader, kept.owner)
    if unit is None:
        raise NotVisible
    return unit
