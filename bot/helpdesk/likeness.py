"""Which questions ask alike: what the staff can answer at once. Values in, values out."""

import dataclasses
import re
from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz import fuzz, process

from bot.faq.learning import rules as wording
from bot.helpdesk.model import Origin, Ticket

COMPARED = 24
"""Questions that are looked at closely: those that sound most like the one just asked."""

_NUMBER = re.compile(r"\d+")


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """What is compared of a question."""

    text: str
    shown_first: str | None
    """The FAQ entry that the member had been shown first."""
    origin: Origin

    @classmethod
    def of(cls, ticket: Ticket) -> "Asked":
        return cls.of_parts(ticket.question, ticket.facts, ticket.shown, ticket.origin)

    @classmethod
    def of_parts(
        cls, question: str, facts: Iterable[Sequence[str]], shown: Iterable[str], origin: Origin
    ) -> "Asked":
        """Of a ticket from a card of the walk-through its facts belong to the question: the same words mean another
        thing at another step.
        """
        told = [value for _, value in facts] if origin is Origin.WALKTHROUGH else []
        return cls(" ".join([question, *told]), next(iter(shown), None), origin)


def heard(asked: Asked) -> str | None:
    """How a question sounds: homophones, punctuation and case make no difference. None where it says nothing in
    words.
    """
    return wording.folded(asked.text) if wording.says_something(asked.text) else None


def shortlist(sound: str, others: Mapping[int, str]) -> Sequence[int]:
    """Of questions by how they sound, the keys of those that sound most like this one, the most alike first."""
    best = process.extract(sound, others, scorer=fuzz.ratio, limit=COMPARED)
    return [key for _, _, key in best]


def ask_alike(one: Asked, other: Asked) -> bool:
    """Whether one answer will do for both. Two numbers that differ (of months, say) make two questions."""
    if one.origin is not other.origin:
        return False
    numbers, others = (set(_NUMBER.findall(each.text)) for each in (one, other))
    if numbers and others and numbers != others:
        return False
    about_one_entry = one.shown_first is not None and one.shown_first == other.shown_first
    return wording.alike(one.text, other.text, about_one_entry=about_one_entry)


def nearest(asked: Asked, others: Iterable[tuple[int, Asked]]) -> int | None:
    """Of questions by key, the key of the one that asks alike and is most like this one; the smallest key of several.
    None where all ask something else.
    """
    found = [
        (-wording.likeness(asked.text, other.text), key) for key, other in others if ask_alike(asked, other)
    ]
    return min(found)[1] if found else None
