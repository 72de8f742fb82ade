"""Which entry a question means: a pure function of an index and a text.

A topic is compared as a whole (BM25 over character n-grams, of the writing and of the sound) and by its two nearest
phrasings (Indel similarity, of the writing and of the sound). The weighted sum ranks; how far the best one is ahead of
the next gives, through a logistic curve, the probability that it is what was meant. Weights and curve are
fitted by `tests/bench/matcher.py`, which prints the constants below.
"""

import dataclasses
import itertools
import math
import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from rapidfuzz import fuzz, process

from bot.faq import wording
from bot.faq.model import Decision, Kind
from bot.faq.wording import Courtesies, letters, normalise

SHOWN: Final = 3
"""Suggestions at a time."""
SHORT: Final = 4
"""Up to so many characters name a subject, not a question: they are answered with suggestions."""
_SHORTLIST: Final = 12


class Features(NamedTuple):
    """How near a topic is to a text, each from 0 to 1."""

    writing: float
    sound: float
    phrasing: float
    phrasing_sound: float


WEIGHTS: Final = Features(writing=14.7, sound=10.5, phrasing=7.3, phrasing_sound=4.6)
"""In log-odds of one topic against another."""


class Curve(NamedTuple):
    """Confidence = logistic(base + lead · x / (|x| + 4)), where x is how far the topic's score is ahead of the next."""

    base: float
    lead: float


CURVE: Final = Curve(base=-0.93, lead=6.66)


class Thresholds(NamedTuple):
    answer: float
    suggest: float
    decline: float
    smalltalk: float


THRESHOLDS: Final = Thresholds(answer=0.85, suggest=0.15, decline=0.6, smalltalk=0.6)
"""Chosen on the development questions so that about 2 in 100 of all are answered wrong; a wrong answer costs more
than a hand-over, an unneeded suggestion costs one tap.
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Topic:
    """What can be meant: an entry with everything people say when they mean it."""

    key: str
    kind: Kind
    phrasings: tuple[str, ...]


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


class _Field:
    """BM25 of texts against topics, each topic's phrasings taken as one document; scaled to 0..1 by what the text
    could reach.
    """

    _SATURATION = 1.2
    _LENGTH = 0.75

    def __init__(self, documents: Sequence[Sequence[str]], grams: Callable[[str], Iterator[str]]) -> None:
        self._grams = grams
        self._rows: dict[str, int] = {}
        held = [self._count(document) for document in documents]
        sizes = [sum(times) for _, times in held]
        mean = (sum(sizes) / len(sizes) if sizes else 0) or 1
        self._unknown = math.log(1 + 2 * len(held))
        # Flat arrays: as lists of tuples, a hundred thousand grams would take three times the memory.
        spread = array("I", bytes(4 * len(self._rows)))
        for rows, _ in held:
            for row in rows:
                spread[row] += 1
        self._weights = array("f", (math.log(1 + len(held) / topics) for topics in spread))
        self._starts = array("I", itertools.accumulate(spread, initial=0))
        self._topics = array("H", bytes(2 * self._starts[-1]))
        self._shares = array("f", bytes(4 * self._starts[-1]))
        filled = array("I", self._starts)
        for number, (rows, counts) in enumerate(held):
            damping = self._SATURATION * (1 - self._LENGTH + self._LENGTH * sizes[number] / mean)
            for row, times in zip(rows, counts, strict=True):
                self._topics[filled[row]] = number
                self._shares[filled[row]] = self._weights[row] * times / (times + damping)
                filled[row] += 1

    def _count(self, document: Sequence[str]) -> tuple["array[int]", "array[int]"]:
        """The rows of the grams that a document holds, and how often it holds each."""
        counted = Counter(gram for text in document for gram in self._grams(text))
        rows = array("I", (self._rows.setdefault(gram, len(self._rows)) for gram in counted))
        return rows, array("I", counted.values())

    def knows(self, text: str) -> bool:
        return any(gram in self._rows for gram in self._grams(text))

    def near(self, text: str) -> Mapping[int, float]:
        """The topics that share anything with the text."""
        # In order of appearance, not as a set: sums of floats must not depend on the hash seed.
        asked = [self._rows.get(gram) for gram in dict.fromkeys(self._grams(text))]
        reachable = sum(self._unknown if row is None else self._weights[row] for row in asked)
        found: dict[int, float] = defaultdict(float)
        for row in asked:
            if row is not None:
                for place in range(self._starts[row], self._starts[row + 1]):
                    found[self._topics[place]] += self._shares[place] / reachable
        return found


class Index:
    """Everything that can be meant, made ready for `match`. Built once per version of the content, never changed."""

    def __init__(self, topics: Sequence[Topic], names: Sequence[str]) -> None:
        self._names = _Names(names)
        self.topics = tuple(sorted(topics, key=lambda topic: topic.key))
        self.courtesies = Courtesies(
            phrase for topic in topics if topic.kind is Kind.COURTESY for phrase in topic.phrasings
        )
        self._written = [tuple(map(self.normalise, topic.phrasings)) for topic in self.topics]
        self._sounding = [tuple(map(letters, texts)) for texts in self._written]
        self._exact: dict[str, set[int]] = defaultdict(set)
        for number, texts in enumerate(self._written):
            for text in texts:
                self._exact[text].add(number)
        self._writing = _Field(self._written, wording.grams)
        self._sound = _Field(self._sounding, wording.sounds)

    @classmethod
    def build(cls, topics: Iterable[Topic], names: Sequence[str] = ()) -> "Index":
        """`names` are what members call the app, its own name first: they all mean the same."""
        return cls(tuple(topics), names)

    def normalise(self, text: str) -> str:
        return self._names.unite(normalise(text))

    def holding(self, text: str) -> Collection[int]:
        """The topics that have this normalised text among their phrasings."""
        return self._exact.get(text, frozenset())

    def says_something(self, text: str) -> bool:
        """Whether a normalised text is more than one sound or key repeated and, if it is Latin letters and digits, has
        anything in common with what can be meant.
        """
        if text in self._exact:
            return True
        if text.isascii() and not (self._writing.knows(text) or self._sound.knows(letters(text))):
            return False
        return len(set(text)) > 1

    def features(self, text: str, among: Collection[str] | None = None) -> Mapping[int, Features]:
        """The topics, by number, that come into question for a normalised text. `among`: only these keys count."""
        sound = letters(text)
        writing, sounding = self._writing.near(text), self._sound.near(sound)
        exact = self.holding(text)
        candidates = [
            number
            for number in {*writing, *sounding, *exact}
            if among is None or self.topics[number].key in among
        ]
        candidates.sort(
            key=lambda number: (
                number not in exact,
                -writing.get(number, 0) - sounding.get(number, 0),
                number,
            )
        )
        return {
            number: Features(1, 1, 1, 1)
            if number in exact
            else Features(
                min(1.0, writing.get(number, 0)),
                min(1.0, sounding.get(number, 0)),
                _nearest_two(text, self._written[number]),
                _nearest_two(sound, self._sounding[number]),
            )
            for number in candidates[:_SHORTLIST]
        }


def match(index: Index, text: str, among: Collection[str] | None = None) -> Outcome:
    """What the text most probably means, and what to do about it. `among`: the keys visible to the one who asks (None:
    all). The same index and text always give the same outcome.
    """
    asked = index.normalise(text)
    known = asked if _exactly(index, asked, among) else index.courtesies.strip(asked)
    if not index.says_something(known):
        # Only courtesies, perhaps with a sigh between them; or nothing at all.
        return Outcome(
            Decision.SMALLTALK, _ranked(index, asked, _courtesies(index, among)) if known != asked else ()
        )
    matches = _ranked(index, known, among)
    return Outcome(_decide(matches, short=len(known.replace(" ", "")) <= SHORT), matches)


def score(features: Features, weights: Features = WEIGHTS) -> float:
    return sum(weight * feature for weight, feature in zip(weights, features, strict=True))


def confidence(own: float, best_other: float, curve: Curve = CURVE) -> float:
    """The probability that the topic scoring `own` is meant, when the best of the others scores `best_other`."""
    return 1 / (1 + math.exp(-(curve.base + curve.lead * saturated(own - best_other))))


def saturated(lead: float) -> float:
    """A lead in log-odds brought between -1 and 1: beyond a point, more says no more."""
    return lead / (abs(lead) + 4)


def _decide(matches: Sequence[Match], *, short: bool) -> Decision:
    if not matches:
        return Decision.HANDOVER
    best = matches[0]
    if best.kind is Kind.DECLINE and best.confidence >= THRESHOLDS.decline:
        return Decision.DECLINE
    if best.kind in (Kind.SMALLTALK, Kind.COURTESY) and best.confidence >= THRESHOLDS.smalltalk:
        return Decision.SMALLTALK
    if best.kind is Kind.ENTRY and best.confidence >= THRESHOLDS.answer and not short:
        return Decision.ANSWER
    if any(match.kind is Kind.ENTRY and match.confidence >= THRESHOLDS.suggest for match in matches):
        return Decision.SUGGEST
    return Decision.HANDOVER


def _ranked(index: Index, text: str, among: Collection[str] | None) -> tuple[Match, ...]:
    scores = {number: score(found) for number, found in index.features(text, among).items()}
    order = sorted(scores, key=lambda number: (-scores[number], number))
    if not order:
        return ()
    best, second = scores[order[0]], scores[order[1]] if len(order) > 1 else 0.0
    return tuple(
        Match(
            index.topics[number].key,
            index.topics[number].kind,
            confidence(scores[number], second if place == 0 else best),
        )
        for place, number in enumerate(order)
    )


def _exactly(index: Index, text: str, among: Collection[str] | None) -> bool:
    return any(among is None or index.topics[number].key in among for number in index.holding(text))


def _courtesies(index: Index, among: Collection[str] | None) -> Collection[str]:
    return {
        topic.key
        for topic in index.topics
        if topic.kind is Kind.COURTESY and (among is None or topic.key in among)
    }


def _nearest_two(text: str, phrasings: Sequence[str]) -> float:
    near = [found[1] for found in process.extract(text, phrasings, scorer=fuzz.ratio, limit=2)]
    return sum(near) / len(near) / 100 if near else 0.0


class _Names:
    """The app's names, all read as its first."""

    def __init__(self, names: Sequence[str]) -> None:
        written = [name for name in map(normalise, names) if name]
        self._own = written[0] if written else ""
        longest_first = sorted({re.escape(name) for name in written}, key=lambda name: (-len(name), name))
        self._pattern = re.compile("|".join(longest_first)) if written else None

    def unite(self, text: str) -> str:
        return text if self._pattern is None else self._pattern.sub(self._own, text)
