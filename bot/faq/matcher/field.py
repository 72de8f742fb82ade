"""Texts as rows of grams, and how much of a text each topic shares (BM25, a topic's phrasings taken as one document)."""

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.faq.matcher.grams import Counted

Floats = NDArray[np.float32]
Places = NDArray[np.intp]

_TOPIC_BITS: Final = np.uint64(16)
_SATURATION: Final = 1.2
_LENGTH: Final = 0.75


@dataclasses.dataclass(frozen=True, slots=True)
class Rows:
    """Many counted texts in three flat arrays: a tenth of the memory of as many small ones."""

    starts: Places
    """Where each text's grams begin; one more than there are texts."""
    grams: NDArray[np.uint32]
    times: NDArray[np.uint8]

    @classmethod
    def of(cls, texts: Sequence[Counted]) -> "Rows":
        return cls(
            starts_of([len(text.grams) for text in texts]),
            np.concatenate([text.grams for text in texts] or [np.empty(0, np.uint32)]),
            np.concatenate([text.times for text in texts] or [np.empty(0, np.uint8)]),
        )

    def __len__(self) -> int:
        return len(self.starts) - 1

    def and_then(self, more: "Rows") -> "Rows":
        """These, and more after them."""
        return Rows(
            np.append(self.starts, more.starts[1:] + self.starts[-1]),
            np.append(self.grams, more.grams),
            np.append(self.times, more.times),
        )

    def chosen(self, rows: Places) -> "Rows":
        """These of the texts, in this order."""
        lengths = np.diff(self.starts)[rows]
        held = spans(self.starts[rows], lengths)
        return Rows(starts_of(lengths), self.grams[held], self.times[held])

    def row_of_each(self) -> Places:
        return np.repeat(np.arange(len(self)), np.diff(self.starts))


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """A text seen by a field."""

    postings: Places
    """All postings of its grams, one gram after the other."""
    lengths: Places
    """How many postings each of its known grams has."""
    columns: Places
    """The known grams."""
    times: NDArray[np.uint8]
    """How often the text has each known gram."""
    unknown: int
    """How many of its grams stand in no topic."""


class Field:
    """Which topics have which grams. A gram's postings lie in a row: the topics that have it, in order."""

    def __init__(self, rows: Rows, topic_of_row: Places, topics: int) -> None:
        self.topic_count = topics
        # Gram and topic as one number: sorted once, they lie as they are to lie.
        topic = topic_of_row[rows.row_of_each()].astype(np.uint64)
        postings, inverse = np.unique(
            rows.grams.astype(np.uint64) << _TOPIC_BITS | topic, return_inverse=True
        )
        counts = np.bincount(inverse, weights=rows.times, minlength=len(postings))
        self.topics = postings.astype(np.uint16)
        gram = postings >> _TOPIC_BITS
        first = np.flatnonzero(np.diff(gram, prepend=gram[:1] + 1))
        self.grams = gram[first].astype(np.uint32)
        self.starts = np.append(first, len(postings))
        self.spread = np.diff(self.starts)
        rarity = np.log1p(topics / np.maximum(self.spread, 1))
        self.rarity: Floats = rarity.astype(np.float32)
        self.rarity_of_unknown = float(np.log1p(2 * topics))
        sizes = np.bincount(self.topics, weights=counts, minlength=topics)
        damping = _SATURATION * (1 - _LENGTH + _LENGTH * sizes / (sizes.mean() or 1 if topics else 1))
        shares = counts / (counts + damping[self.topics]) * np.repeat(rarity, self.spread)
        self.shares: Floats = shares.astype(np.float32)

    def __len__(self) -> int:
        return len(self.topics)

    def columns_of(self, grams: NDArray[np.uint32]) -> tuple[Places, NDArray[np.bool_]]:
        """The columns of those of the grams that are known, and which these are."""
        columns = np.searchsorted(self.grams, grams)
        columns[columns == len(self.grams)] = 0
        known = self.grams[columns] == grams if len(self.grams) else np.zeros(len(grams), np.bool_)
        return columns[known], known

    def ask(self, text: Counted) -> Asked:
        columns, known = self.columns_of(text.grams)
        lengths = self.spread[columns]
        return Asked(
            spans(self.starts[columns], lengths),
            lengths,
            columns,
            text.times[known],
            int(len(known) - known.sum()),
        )

    def near(self, asked: Asked) -> NDArray[np.float64]:
        """By topic, how much of the text it shares, from 0 to 1."""
        return self.summed(asked, self.shares[asked.postings]) / (self.reachable(asked) or 1)

    def reachable(self, asked: Asked) -> float:
        """What all grams of a text weigh together."""
        return float(self.rarity[asked.columns].sum()) + asked.unknown * self.rarity_of_unknown

    def summed(self, asked: Asked, values: Floats) -> NDArray[np.float64]:
        """By topic, the sum of what each posting of the text counts."""
        return np.bincount(self.topics[asked.postings], values, self.topic_count).astype(np.float64)


def starts_of(lengths: Iterable[int] | Places) -> Places:
    """Where stretches of these lengths begin when they lie in a row, and where the last ends."""
    return np.concatenate(([0], np.cumsum(np.asarray(lengths, np.intp)))).astype(np.intp)


def spans(starts: Places, lengths: Places) -> Places:
    """All places of stretches that begin at `starts`, one stretch after the other."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    return np.repeat(starts - ends + lengths, lengths) + np.arange(total)
