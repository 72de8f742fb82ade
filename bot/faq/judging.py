"""What a text is answered with: the matcher's opinion and what the entries themselves ask for. Nothing is written."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Final

from bot.faq import store
from bot.faq.matcher import SHOWN, Index, Outcome, match_all
from bot.faq.model import Decision, HandOver, Kind, Listed, Scope, Shown
from bot.kit.database import Reader

PRECAUTION: Final = 0.15
"""What must never be handed over, such as a complaint about the very secretary, is not, where it is this likely: a kind
word too many costs less.
"""
_NEXT: Final = 3
"""So many of the best matches may be such a thing."""


@dataclasses.dataclass(frozen=True, slots=True)
class Judgement:
    """What is to become of a question. `text`: as written. `entry`: the answer, or the kind word of a decline or of small
    talk (None where the text said nothing at all). `offered`: the entries shown, or offered to choose from.
    """

    text: str
    decision: Decision
    entry: Shown | None
    offered: Sequence[Listed]
    outcome: Outcome

    @property
    def confidence(self) -> float | None:
        """Of the best match."""
        return self.outcome.matches[0].confidence if self.outcome.matches else None


async def visible(reader: Reader, scope: Scope) -> Mapping[str, Listed]:
    """What these eyes may see, by the index's keys."""
    return {store.key_of(each.slug, each.unit_id): each for each in await store.visible(reader, scope)}


async def judge(
    reader: Reader,
    scope: Scope,
    listed: Mapping[str, Listed],
    index: Index,
    text: str,
    extra: Mapping[str, float] | None = None,
) -> Sequence[Judgement]:
    """One judgement for each question in a text, in their order. `listed`: as `visible` gives it; `extra`: one more score,
    as the matcher takes it.
    """
    parts = match_all(index, text, listed.keys(), extra)
    asking = [part for part in parts if part[1].decision is not Decision.SMALLTALK]
    parts = asking or parts[:1]  # a greeting among questions needs no answer of its own
    return [await _judged(reader, scope, listed, part, outcome) for part, outcome in parts]


async def _judged(
    reader: Reader, scope: Scope, listed: Mapping[str, Listed], text: str, outcome: Outcome
) -> Judgement:
    found = [listed[each.key] for each in outcome.matches]
    decision, entry = outcome.decision, None
    if found and decision in (Decision.ANSWER, Decision.DECLINE, Decision.SMALLTALK):
        entry = await store.shown(reader, scope, found[0].slug)
    if decision is Decision.HANDOVER or (entry is not None and entry.handover is HandOver.ALWAYS):
        staying = await _staying_here(reader, scope, found, outcome)
        if staying is not None:
            decision, entry = Decision.DECLINE, staying
    match decision:
        case Decision.ANSWER:
            offered = found[:1]
        case Decision.SUGGEST:
            offered = [each for each in found if each.kind is Kind.ENTRY][:SHOWN]
        case _:
            offered = []
    return Judgement(text, decision, entry, offered, outcome)


async def _staying_here(
    reader: Reader, scope: Scope, found: Sequence[Listed], outcome: Outcome
) -> Shown | None:
    """What would be meant by a question that must not reach the one it would be handed over to."""
    for listed, match in list(zip(found, outcome.matches, strict=True))[:_NEXT]:
        if listed.kind is Kind.DECLINE and match.confidence >= PRECAUTION:
            entry = await store.shown(reader, scope, listed.slug)
            if entry is not None and entry.handover is HandOver.NEVER:
                return entry
    return None
