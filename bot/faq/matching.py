"""Which entry a question means, and what to do about it: a pure function of an index and a text.

The weighted sum of a topic's features ranks it. How far it is ahead, how near it is in itself and how much of the text
is strange to all entries give, through logistic curves, the probabilities that decide. Weights and curves are fitted
by `tests/bench/matcher.py`, which prints the constants below.
"""

import dataclasses
import math
from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from bot.faq.index import Features, Index, Reading
from bot.faq.model import Decision, Kind

SHOWN: Final = 3
"""Suggestions at a time."""
SHORT: Final = 4
"""Up to so many characters name a subject, not a question: they are answered with suggestions."""

WEIGHTS: Final = Features(writing=12.8, sound=9.8, phrasing=7.1, phrasing_sound=5.1)
"""In log-odds of one topic against another."""


class Evidence(NamedTuple):
    """What speaks for one thing to say, and for or against saying anything at all."""

    lead: float
    """How far its topic is ahead of the next that could be meant, from -1 to 1."""
    level: float
    """How near the topic is in itself, from 0 to 1."""
    nearest: float
    """How near its two nearest phrasings are, from 0 to 1."""
    strange: float
    """As `Reading.strange`."""
    brevity: float
    """As `Reading.brevity`."""


class Curve(NamedTuple):
    """Probability = logistic(base + the evidence, weighted)."""

    base: float = 0.0
    lead: float = 0.0
    level: float = 0.0
    nearest: float = 0.0
    strange: float = 0.0
    brevity: float = 0.0

    def at(self, evidence: Evidence) -> float:
        weighted = (weight * value for weight, value in zip(self[1:], evidence, strict=True))
        return 1 / (1 + math.exp(-self.base - sum(weighted)))


class Curves(NamedTuple):
    answer: Curve
    """That an entry is the one that was meant; its lead is over every other topic."""
    suggest: Curve
    """That it is among the best entries; the best one's lead is over the declines and small talk that could be said."""
    decline: Curve
    """That a decline is what fits; its lead is over the entries."""
    smalltalk: Curve
    """The same of small talk."""


CURVES: Final = Curves(
    answer=Curve(base=-1.17, lead=6.64, brevity=-4.96),
    suggest=Curve(base=-2.61, lead=3.2, level=4.33),
    decline=Curve(base=-1.06, lead=4.66),
    smalltalk=Curve(base=-9.69, lead=2.62, nearest=11.47, strange=2.19, brevity=3.61),
)


class Thresholds(NamedTuple):
    answer: float
    suggest: float
    decline: float
    smalltalk: float


THRESHOLDS: Final = Thresholds(answer=0.72, suggest=0.35, decline=0.7, smalltalk=0.7)
"""A wrong answer costs more than a hand-over, and so does a wrong decline or a wrong friendly word; an unneeded
suggestion costs one tap.
"""
FOREIGN: Final = 0.3
"""A decline speaks of something else than the entries do: at least so much of the text is strange to them. Nine in ten of
the held-out phrasings that a decline is right about are; the rest is mostly what an entry answers in other words.
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Match:
    key: str
    kind: Kind
    confidence: float
    """The probability, 0 to 1, that this is what was meant."""


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    decision: Decision
    matches: tuple[Match, ...]
    """Best first; what is shown is the first one (answer, decline, small talk) or `suggestions`. Small talk without a
    match is a text that says nothing at all.
    """

    @property
    def entries(self) -> tuple[Match, ...]:
        return tuple(match for match in self.matches if match.kind is Kind.ENTRY)

    @property
    def suggestions(self) -> tuple[Match, ...]:
        return self.entries[:SHOWN]


def match(index: Index, text: str, among: Collection[str] | None = None) -> Outcome:
    """What the text most probably means, and what to do about it. `among`: the keys visible to the one who asks (None:
    all). The same index and text always give the same outcome.
    """
    asked = index.normalise(text)
    known = asked if index.is_phrasing(asked, among) else index.courtesies.strip(asked)
    if not index.says_something(known):
        # Only courtesies, perhaps with a sigh between them; or nothing at all.
        if known == asked:
            return Outcome(Decision.SMALLTALK, ())
        return Outcome(
            Decision.SMALLTALK, Ranking(index, index.read(asked, _courtesies(index, among))).matches()
        )
    reading = index.read(known, among)
    ranking = Ranking(index, reading)
    short = len(known.replace(" ", "")) <= SHORT
    return Outcome(ranking.decide(vague=short or ranking.is_shared()), ranking.matches())


class Ranking:
    """The topics that come into question, best first, with what speaks for each."""

    def __init__(self, index: Index, reading: Reading, weights: Features = WEIGHTS) -> None:
        self._reading = reading
        self._reach = sum(weights)
        self._scores = {number: score(found, weights) for number, found in reading.topics.items()}
        self._kinds = {number: index.topics[number].kind for number in reading.topics}
        self._keys = {number: index.topics[number].key for number in reading.topics}
        self.order = sorted(self._scores, key=lambda number: (-self._scores[number], number))

    def entries(self) -> Sequence[int]:
        return [number for number in self.order if self._kinds[number] is Kind.ENTRY]

    def asides(self) -> Sequence[int]:
        """Declines and small talk."""
        return [number for number in self.order if self._kinds[number] is not Kind.ENTRY]

    def for_meaning(self, number: int) -> Evidence:
        """What speaks for a topic against all others."""
        return self._evidence(number, self.order)

    def for_suggesting(self) -> Evidence | None:
        """What speaks for the best entries; None where there are none."""
        entries = self.entries()
        return self._evidence(entries[0], self._sayable()) if entries else None

    def for_aside(self) -> Evidence | None:
        """What speaks for the best decline or small talk; None where there is none."""
        asides = self.asides()
        return self._evidence(asides[0], self.entries()) if asides else None

    def matches(self) -> tuple[Match, ...]:
        return tuple(
            Match(self._keys[number], self._kinds[number], CURVES.answer.at(self.for_meaning(number)))
            for number in self.order
        )

    def is_shared(self) -> bool:
        """Whether what was said is as much a part of what is said of other things: "how are dues reckoned" is of the
        dues of the employed, the retired and the students alike, and means the best match no more than the others.
        """
        holders = self._reading.holders
        return (
            not self._reading.exact
            and bool(holders)
            and 2 * holders.get(self.order[0], 0) <= sum(holders.values())
        )

    def decide(self, *, vague: bool) -> Decision:
        """`vague`: the text as it stands can be said of several things."""
        if not self.order:
            return Decision.HANDOVER
        best = self.order[0]
        kind, certain = self._kinds[best], best in self._reading.exact
        if kind is Kind.ENTRY:
            if not vague and CURVES.answer.at(self.for_meaning(best)) >= THRESHOLDS.answer:
                return Decision.ANSWER
        elif kind is Kind.DECLINE:
            if certain or self._is_declined():
                return Decision.DECLINE
        elif certain or self._is_small_talk():
            return Decision.SMALLTALK
        suggesting = self.for_suggesting()
        if suggesting is not None and CURVES.suggest.at(suggesting) >= THRESHOLDS.suggest:
            return Decision.SUGGEST
        return Decision.HANDOVER

    def _is_declined(self) -> bool:
        aside = self.for_aside()
        return aside is not None and self._is_foreign and CURVES.decline.at(aside) >= THRESHOLDS.decline

    def _is_small_talk(self) -> bool:
        aside = self.for_aside()
        return aside is not None and CURVES.smalltalk.at(aside) >= THRESHOLDS.smalltalk

    def _sayable(self) -> Sequence[int]:
        return [
            number for number in self.asides() if self._is_foreign or self._kinds[number] is not Kind.DECLINE
        ]

    @property
    def _is_foreign(self) -> bool:
        return self._reading.strange >= FOREIGN

    def _evidence(self, number: int, others: Sequence[int]) -> Evidence:
        own, found = self._scores[number], self._reading.topics[number]
        best_other = next((self._scores[other] for other in others if other != number), 0.0)
        return Evidence(
            lead=saturated(own - best_other),
            level=own / self._reach,
            nearest=max(found.phrasing, found.phrasing_sound),
            strange=self._reading.strange,
            brevity=self._reading.brevity,
        )


def score(features: Features, weights: Features = WEIGHTS) -> float:
    return sum(weight * feature for weight, feature in zip(weights, features, strict=True))


def saturated(lead: float) -> float:
    """A lead in log-odds brought between -1 and 1: beyond a point, more says no more."""
    return lead / (abs(lead) + 4)


def _courtesies(index: Index, among: Collection[str] | None) -> Collection[str]:
    return {
        topic.key
        for topic in index.topics
        if topic.kind is Kind.COURTESY and (among is None or topic.key in among)
    }
