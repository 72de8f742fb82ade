"""The phrasings of all topics, made ready to be compared: the part of an index that costs time and learns nothing."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.faq.matcher.field import Places, Rows
from bot.faq.matcher.grams import Counted, counted
from bot.faq.matcher.sounds import initials, letters
from bot.faq.matcher.topics import Topic
from bot.faq.matcher.wording import Courtesies, Names, normalise
from bot.faq.model import Kind


class Phrasing(NamedTuple):
    topic: int
    said: str
    """As its writer put it."""
    written: str
    """Normalised."""
    sounding: str
    """Its letters."""
    initials: str
    """Of its syllables."""


@dataclasses.dataclass(frozen=True)
class Corpus:
    topics: tuple[Topic, ...]
    names: Names
    courtesies: Courtesies
    phrasings: tuple[Phrasing, ...]
    """Of the first topic, of the second, and so on; none twice within a topic."""
    rows: Rows
    """The phrasings, counted."""
    families: Places
    """By topic, a number that topics of one family share."""

    @classmethod
    def of(cls, topics: Iterable[Topic], names: Sequence[str], before: "Corpus | None" = None) -> "Corpus":
        """`before`: an older corpus; what stands in it need not be counted anew."""
        ordered = tuple(sorted(topics, key=lambda topic: topic.key))
        called = Names(names)
        known = {} if before is None or before.names.called != called.called else before.known()
        phrasings: list[Phrasing] = []
        counts: list[Counted] = []
        for number, topic in enumerate(ordered):
            seen = set()
            for said in topic.phrasings:
                phrasing, count = known.get(said) or _prepared(said, called)
                if phrasing.written and phrasing.written not in seen:
                    seen.add(phrasing.written)
                    phrasings.append(Phrasing(number, *phrasing[1:]))
                    counts.append(count)
        places = {
            family: place for place, family in enumerate(dict.fromkeys(each.family for each in ordered))
        }
        return cls(
            ordered,
            called,
            Courtesies(each for topic in ordered if topic.kind is Kind.COURTESY for each in topic.phrasings),
            tuple(phrasings),
            Rows.of(counts),
            np.array([places[topic.family] for topic in ordered], np.intp),
        )

    def known(self) -> Mapping[str, tuple[Phrasing, Counted]]:
        """What need not be prepared again, by what was said."""
        return {each.said: (each, self.rows[row]) for row, each in enumerate(self.phrasings)}

    def kept(self, stays: NDArray[np.bool_]) -> "Corpus":
        """The corpus with these of its phrasings only; topics keep their numbers."""
        rows = [row for row, each in enumerate(stays) if each]
        return dataclasses.replace(
            self,
            phrasings=tuple(self.phrasings[row] for row in rows),
            rows=Rows.of([self.rows[row] for row in rows]),
        )

    def topic_of_row(self) -> Places:
        return np.array([each.topic for each in self.phrasings], np.intp)

    def by_topic(self) -> Sequence[Sequence[Phrasing]]:
        grouped: list[list[Phrasing]] = [[] for _ in self.topics]
        for each in self.phrasings:
            grouped[each.topic].append(each)
        return grouped

    def normalise(self, text: str) -> str:
        return self.names.unite(normalise(text))

    def initials(self) -> Sequence[str]:
        """By topic, the initials of its phrasings, a line each."""
        return ["\n".join(["", *(each.initials for each in held), ""]) for held in self.by_topic()]


def _prepared(said: str, names: Names) -> tuple[Phrasing, Counted]:
    written = names.unite(normalise(said))
    return Phrasing(0, said, written, letters(written), initials(written)), counted(written)
