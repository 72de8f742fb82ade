"""What staff want to know of how the FAQ does with their unit's members."""

import dataclasses
from collections.abc import Mapping, Sequence

from bot.faq import store as faq
from bot.faq.health import store
from bot.faq.matcher import Index, Learnt
from bot.faq.model import Decision, Kind, Owner, Scope, State
from bot.faq.service import content_language
from bot.faq.upkeep import rights
from bot.faq.upkeep import store as upkeep
from bot.kit.clock import DAY
from bot.kit.database import Reader
from bot.kit.work import Work
from bot.roster import store as roster
from bot.roster.model import Actor

DAYS = 30
LISTED = 5
"""Entries of each sort, at most."""
FEW = 5
"""An entry with fewer ways of asking is hard to find."""


@dataclasses.dataclass(frozen=True, slots=True)
class Weak:
    """An entry that wants care."""

    row: int
    title: str
    unsolved: int
    """How often it was read and did not help."""
    solved: int
    in_vain: int
    """How often it was suggested and nothing fitted."""


@dataclasses.dataclass(frozen=True, slots=True)
class Confused:
    meant: str
    """A title."""
    taken: str
    times: int


@dataclasses.dataclass(frozen=True, slots=True)
class Report:
    owner: Owner
    unit: str | None
    decisions: Mapping[Decision, int]
    solved: int
    unsolved: int
    learnt: Learnt
    weak: Sequence[Weak]
    """Most let down first."""
    thin: Sequence[tuple[int, str, int]]
    """The unit's own entries that few ways of asking lead to: row, title, how many."""
    confused: Sequence[Confused]

    @property
    def asked(self) -> int:
        """Questions, without small talk."""
        return sum(times for decision, times in self.decisions.items() if decision is not Decision.SMALLTALK)


async def report(work: Work, actor: Actor, owner: Owner, index: Index) -> Report:
    """Of the last 30 days. `NotAllowed` where the actor is not of the owner's staff."""
    reader = work.session
    await rights.require(reader, actor, owner)
    branches, since = await rights.below(reader, owner), work.now - DAYS * DAY
    unit_id = await _unit(reader, owner)
    unit = None if unit_id is None else await roster.unit(reader, unit_id)
    visible = await faq.visible(reader, Scope(unit_id, content_language(actor.language)))
    titles = {faq.key_of(each.slug, each.unit_id): each.title for each in visible}
    solved, unsolved = await store.verdicts(reader, branches, since)
    let_down = await store.let_down(reader, branches, since)
    in_vain = await store.offered_in_vain(reader, branches, since)
    weak = [
        Weak(each.row, each.title, *let_down.get(each.slug, (0, 0)), in_vain.get(each.slug, 0))
        for each in visible
        if each.slug in let_down or each.slug in in_vain
    ]
    own = [kept for kept in await upkeep.kept_of(reader, [owner]) if kept.state is State.PUBLISHED]
    evidence = index.learnt.evidence
    return Report(
        owner,
        None if unit is None else unit.name,
        await store.decisions(reader, branches, since),
        solved,
        unsolved,
        index.learnt,
        sorted(weak, key=lambda each: (-each.unsolved - each.in_vain, each.row))[:LISTED],
        [
            (kept.row, kept.entry.title, len(kept.entry.phrasings))
            for kept in own
            if kept.entry.kind is Kind.ENTRY and len(kept.entry.phrasings) < FEW
        ][:LISTED],
        [
            Confused(titles[each.meant], titles[each.taken_for], each.times)
            for each in (() if evidence is None else evidence.confused)
            if each.meant in titles and each.taken_for in titles
        ][:LISTED],
    )


async def _unit(reader: Reader, owner: Owner) -> int | None:
    if owner is not None:
        return owner
    tops = await roster.children(reader, None)
    return tops[0].id if tops else None
