"""The phrasings of all topics, made ready to be compared: the part of an index that costs time and learns nothing."""

import dataclasses
from collections.abc import Iterable, Sequence
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
        old = before if before is not None and before.names.called == called.called else None
        known = {} if old is None else {each.said: row for row, each in enumerate(old.phrasings)}
        phrasings: list[Phrasing] = []
        new: list[Counted] = []
        rows: list[int] = []
        for number, topic in enumerate(ordered):
            seen = set()
            for said in topic.phrasings:
                row = known.get(said)
                if row is None or old is None:
                    phrasing, row = _prepared(said, called), len(known) + len(new)
                    new.append(counted(phrasing.written))
                else:
                    phrasing = old.phrasings[row]
                if phrasing.written and phrasing.written not in seen:
                    seen.add(phrasing.written)
                    rows.append(row)
                    # As many new tuples as there are phrasings would take as long as all the rest.
                    moved = phrasing.topic != number
                    phrasings.append(phrasing._replace(topic=number) if moved else phrasing)
        counts = Rows.of(new) if old is None else old.rows.and_then(Rows.of(new))
        places = {
            family: place for place, family in enumerate(dict.fromkeys(each.family for each in ordered))
        }
        return cls(
            ordered,
            called,
            Courtesies(each for topic in ordered if topic.kind is Kind.COURTESY for each in topic.phrasings),
            tuple(phrasings),
            counts.chosen(np.array(rows, np.intp)),
            np.array([places[topic.family] for topic in ordered], np.intp),
        )

    def kept(self, stays: NDArray[np.bool_]) -> "Corpus":
        """The corpus with these of its phrasings only; topics keep their numbers."""
        rows = np.flatnonzero(stays)
        return dataclasses.replace(
            self, phrasings=tuple(self.phrasings[row] for row in rows), rows=self.rows.chosen(rows)
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


def _prepared(said: str, names: Names) -> Phrasing:
    written = names.unite(normalise(said))
    return Phrasing(0, said, written, letters(written), initials(written))
