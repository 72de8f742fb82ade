"""What can be meant, made ready to be compared with: how near each topic is to a text.

A topic is compared as a whole (BM25 over character n-grams, of the writing and of the sound) and by its two nearest
phrasings (Indel similarity, of the writing and of the sound).
"""

import dataclasses
import itertools
import math
import re
import zlib
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from rapidfuzz import fuzz, process

from bot.faq import wording
from bot.faq.model import Kind
from bot.faq.wording import Courtesies, letters, normalise

_SHORTLIST: Final = 12


@dataclasses.dataclass(frozen=True, slots=True)
class Topic:
    """What can be meant: an entry with everything people say when they mean it."""

    key: str
    kind: Kind
    phrasings: tuple[str, ...]


class Features(NamedTuple):
    """How near a topic is to a text, each from 0 to 1."""

    writing: float
    sound: float
    phrasing: float
    phrasing_sound: float


@dataclasses.dataclass(frozen=True, slots=True)
class Reading:
    """What an index finds in a text."""

    topics: Mapping[int, Features]
    """The topics, by number, that come into question."""
    strange: float
    """How much of the text, from 0 to 1, stands in no entry at all: words that belong to something else."""
    brevity: float
    """One by the number of its characters."""
    exact: Collection[int]
    """The topics that have the text, word for word, among their phrasings."""
    holders: Mapping[int, int]
    """By topic, in how many of its longer phrasings the text stands as it is."""


class Index:
    """Everything that can be meant. Built once per version of the content, never changed."""

    def __init__(self, topics: Sequence[Topic], names: Sequence[str]) -> None:
        self._names = _Names(names)
        self.topics = tuple(sorted(topics, key=lambda topic: topic.key))
        self.courtesies = Courtesies(
            phrase for topic in topics if topic.kind is Kind.COURTESY for phrase in topic.phrasings
        )
        self._written = [tuple(map(self.normalise, topic.phrasings)) for topic in self.topics]
        self._sounding = [tuple(map(letters, texts)) for texts in self._written]
        self._exact: dict[str, tuple[int, ...]] = {}
        for number, texts in enumerate(self._written):
            for text in dict.fromkeys(texts):
                self._exact[text] = (*self._exact.get(text, ()), number)
        entries = {number for number, topic in enumerate(self.topics) if topic.kind is Kind.ENTRY}
        self._writing = _Field(self._written, wording.grams, entries)
        self._sound = _Field(self._sounding, wording.sounds, entries)

    @classmethod
    def build(cls, topics: Iterable[Topic], names: Sequence[str] = ()) -> "Index":
        """`names` are what members call the app, its own name first: they all mean the same."""
        return cls(tuple(topics), names)

    def normalise(self, text: str) -> str:
        return self._names.unite(normalise(text))

    def is_phrasing(self, text: str, among: Collection[str] | None) -> bool:
        """Whether a normalised text is, word for word, a phrasing of one of these keys' topics (None: of any)."""
        return any(among is None or self.topics[number].key in among for number in self._exact.get(text, ()))

    def says_something(self, text: str) -> bool:
        """Whether a normalised text is more than one sound or key repeated and, if it is Latin letters and digits, has
        anything in common with what can be meant.
        """
        if text in self._exact:
            return True
        if text.isascii() and not (self._writing.knows(text) or self._sound.knows(letters(text))):
            return False
        return len(set(text)) > 1

    def read(self, text: str, among: Collection[str] | None = None) -> Reading:
        """What a normalised text may mean. `among`: only topics of these keys count."""
        sound = letters(text)
        writing, sounding = self._writing.near(text), self._sound.near(sound)
        exact = self._exact.get(text, ())
        candidates = [
            number
            for number in {*writing.topics, *sounding.topics, *exact}
            if among is None or self.topics[number].key in among
        ]
        candidates.sort(
            key=lambda number: (
                number not in exact,
                -writing.topics.get(number, 0) - sounding.topics.get(number, 0),
                number,
            )
        )
        found = {
            number: Features(1, 1, 1, 1)
            if number in exact
            else Features(
                min(1.0, writing.topics.get(number, 0)),
                min(1.0, sounding.topics.get(number, 0)),
                _nearest_two(text, self._written[number]),
                _nearest_two(sound, self._sounding[number]),
            )
            for number in candidates[:_SHORTLIST]
        }
        return Reading(
            found,
            strange=(writing.strange + sounding.strange) / 2,
            brevity=1 / max(1, len(text)),
            exact=[number for number in found if number in exact],
            holders={
                number: times
                for number in found
                if (times := sum(text in phrasing and text != phrasing for phrasing in self._written[number]))
            },
        )


@dataclasses.dataclass(frozen=True, slots=True)
class _Near:
    topics: Mapping[int, float]
    """By topic, how much of the text it shares, from 0 to a little over 1."""
    strange: float


class _Field:
    """BM25 of texts against topics, each topic's phrasings taken as one document; scaled to 0..1 by what the text
    could reach.
    """

    _SATURATION = 1.2
    _LENGTH = 0.75

    def __init__(
        self,
        documents: Sequence[Sequence[str]],
        grams: Callable[[str], Iterator[str]],
        entries: Collection[int],
    ) -> None:
        self._grams = grams
        # Flat arrays, the grams as numbers: as dictionaries and lists of tuples, a hundred thousand grams would take many
        # times the memory.
        held = [self._count(document) for document in documents]
        sizes = [sum(counts) for _, counts in held]
        mean = (sum(sizes) / len(sizes) if sizes else 0) or 1
        self._unknown = math.log(1 + 2 * len(held))
        self._rows = array("I", sorted({number for numbers, _ in held for number in numbers}))
        row_of = {number: row for row, number in enumerate(self._rows)}
        spread = array("I", bytes(4 * len(self._rows)))
        for numbers, _ in held:
            for number in numbers:
                spread[row_of[number]] += 1
        self._weights = array("f", (math.log(1 + len(held) / topics) for topics in spread))
        self._starts = array("I", itertools.accumulate(spread, initial=0))
        self._topics = array("H", bytes(2 * self._starts[-1]))
        self._shares = array("f", bytes(4 * self._starts[-1]))
        self._familiar = bytearray(len(self._rows))
        filled = array("I", self._starts)
        for topic, (numbers, counts) in enumerate(held):
            damping = self._SATURATION * (1 - self._LENGTH + self._LENGTH * sizes[topic] / mean)
            for number, times in zip(numbers, counts, strict=True):
                row = row_of[number]
                self._topics[filled[row]] = topic
                self._shares[filled[row]] = self._weights[row] * times / (times + damping)
                self._familiar[row] |= topic in entries
                filled[row] += 1

    def _count(self, document: Iterable[str]) -> tuple["array[int]", "array[int]"]:
        """The numbers of the grams that a document holds, and how often it holds each."""
        counted = Counter(self._numbers(document))
        return array("I", counted), array("I", counted.values())

    def _numbers(self, texts: Iterable[str]) -> Iterator[int]:
        """A number for each gram, the same in every process. Two grams in a hundred thousand may share one."""
        return (zlib.crc32(gram.encode()) for text in texts for gram in self._grams(text))

    def _row(self, number: int) -> int | None:
        row = bisect_left(self._rows, number)
        return row if row < len(self._rows) and self._rows[row] == number else None

    def knows(self, text: str) -> bool:
        return any(self._row(number) is not None for number in self._numbers([text]))

    def near(self, text: str) -> _Near:
        """The topics that share anything with the text."""
        # In order of appearance, not as a set: sums of floats must not depend on the hash seed.
        asked = [self._row(number) for number in dict.fromkeys(self._numbers([text]))]
        reachable = sum(self._unknown if row is None else self._weights[row] for row in asked)
        familiar = 0.0
        found: dict[int, float] = defaultdict(float)
        for row in asked:
            if row is None:
                continue
            first, last = self._starts[row], self._starts[row + 1]
            for topic, share in zip(self._topics[first:last], self._shares[first:last], strict=True):
                found[topic] += share
            if self._familiar[row]:
                familiar += self._weights[row]
        if not reachable:
            return _Near({}, 0.0)
        return _Near({topic: share / reachable for topic, share in found.items()}, 1 - familiar / reachable)


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
