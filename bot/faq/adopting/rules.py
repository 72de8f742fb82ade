"""Which entries of different branches are about the same, and under which id one of them is taken up."""

import dataclasses
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from bot.faq.content import ID_LIMIT
from bot.faq.learning.rules import folded, likeness
from bot.faq.model import Entry
from bot.faq.upkeep.store import Kept

ALIKE_TITLES: Final = 0.6
ALIKE_BODIES: Final = 0.75
TELLING_BODY: Final = 12
"""Characters from which on a text says what it is about: "请问支部书记。" answers many things."""
SHARED_PHRASINGS: Final = 2


@dataclasses.dataclass(frozen=True, slots=True)
class Subject:
    """Entries about the same, whoever wrote them."""

    entries: tuple[Kept, ...]
    """The one last changed first; never empty."""

    @property
    def units(self) -> int:
        """How many different units wrote one."""
        return len({kept.owner for kept in self.entries})


def gather(written: Iterable[Kept]) -> Sequence[Subject]:
    """The entries by subject: what most units wrote first, then what was changed last. Does not depend on the entries'
    order.
    """
    piles: list[list[Kept]] = []
    for kept in sorted(written, key=lambda kept: kept.row):
        pile = next((pile for pile in piles if alike(pile[0].entry, kept.entry)), None)
        if pile is None:
            piles.append([kept])
        else:
            pile.append(kept)
    subjects = [Subject(tuple(sorted(pile, key=lambda kept: (-kept.changed_at, kept.row)))) for pile in piles]
    return sorted(subjects, key=lambda each: (-each.units, -each.entries[0].changed_at, each.entries[0].row))


def alike(one: Entry, other: Entry) -> bool:
    """Whether two units wrote about the same: under one id, with much the same title or text, or for the same ways of
    asking.
    """
    if one.id == other.id or likeness(one.title, other.title) >= ALIKE_TITLES:
        return True
    shared = set(map(folded, one.phrasings)) & set(map(folded, other.phrasings))
    if len(shared) >= SHARED_PHRASINGS:
        return True
    telling = min(len(one.body), len(other.body)) >= TELLING_BODY
    return telling and likeness(one.body, other.body) >= ALIKE_BODIES


def same_content(one: Entry, other: Entry) -> bool:
    """Whether a reader could not tell them apart, whatever their ids."""
    return dataclasses.replace(one, id="") == dataclasses.replace(other, id="")


def free_id(wanted: str, taken: Collection[str]) -> str:
    """The wanted id, or the next one like it that nothing else has."""
    if wanted not in taken:
        return wanted
    number = 2
    while (made := f"{wanted[: ID_LIMIT - len(str(number)) - 1].rstrip('-')}-{number}") in taken:
        number += 1
    return made
