"""What each gram says for and against each topic: a multinomial logistic regression over the phrasings.

A weight exists only where a topic has the gram, so the weights lie beside a field's postings and take their memory.
Each phrasing competes with the topics nearest to it; all others count as scoring nothing. That keeps learning linear in
the number of phrasings; against the full regression it costs 0.3 points (150 topics, measured on clinc150's dev set).
"""

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.faq.matcher.field import Asked, Field, Floats, Places, Rows, spans, starts_of
from bot.faq.matcher.topics import Topic

Vector = NDArray[np.float64]

_RIVALS: Final = 8
_ROUNDS: Final = 50
_DECAY: Final = 0.03
_WIDEST: Final = 128
"""Grams that stand in more topics than that tell too little to learn from, and would cost the most."""
_CHUNK: Final = 256
"""Rows whose rivals are looked for at a time: it bounds the memory."""
_STEP: Final = 3.0
"""Over the rows' largest squared singular value. The bound for certain descent is 2; the curvature is less where it
matters.
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Voice:
    """How loud each gram is heard in a text; a text as a whole always speaks with the same strength."""

    of_gram: Floats
    of_unknown: float

    @classmethod
    def of(cls, field: Field) -> "Voice":
        rare = np.log((1 + field.topic_count) / np.maximum(field.spread, 1)) + 1
        return cls(np.sqrt(rare).astype(np.float32), float(np.sqrt(np.log1p(field.topic_count) + 1.5)))

    def heard(self, asked: Asked) -> Floats:
        """For each known gram of a text."""
        loud = (1 + np.log(asked.times)) * self.of_gram[asked.columns]
        whole = np.sqrt(np.square(loud).sum() + asked.unknown * self.of_unknown**2)
        return (loud / (whole or 1)).astype(np.float32)


def learnt(
    field: Field, rows: Rows, topic_of_row: Places, family_of_topic: Places, begun: "Begun | None" = None
) -> Floats:
    """The weight of each of the field's postings, from texts that mean these topics. Topics of one family do not
    compete. `begun`: weights to begin with, of which some are to stay.
    """
    begun = begun or Begun(np.zeros(len(field), np.float32), np.ones(len(field), np.bool_))
    if not len(field) or not len(rows):
        return begun.weights
    return _Lesson(field, rows, topic_of_row, family_of_topic).weights(begun)


class Begun(NamedTuple):
    """Weights taken over from an older field."""

    weights: Floats
    """0 for what is new."""
    is_new: NDArray[np.bool_]


def carried(
    field: Field, topics: Sequence[Topic], old: Field, old_topics: Sequence[Topic], weights: Floats
) -> Begun:
    """The weights of an older field as far as they concern this one's postings. A topic that is new, but stands in for an
    old one, begins with that one's.
    """
    width = len(old_topics) + 1
    number = {topic.family: place for place, topic in enumerate(old_topics)}
    number |= {topic.key: place for place, topic in enumerate(old_topics)}
    none = len(old_topics)
    old_topic = np.array([number.get(each.key, number.get(each.family, none)) for each in topics], np.int64)
    columns, known = old.columns_of(field.grams)
    column_in_old = np.full(len(field.grams), len(old.grams), np.int64)
    column_in_old[known] = columns
    had = np.repeat(np.arange(len(old.grams)), old.spread).astype(np.int64) * width + old.topics
    if not len(had):
        return Begun(np.zeros(len(field), np.float32), np.ones(len(field), np.bool_))
    wanted = np.repeat(column_in_old, field.spread) * width + old_topic[field.topics]
    place = np.minimum(np.searchsorted(had, wanted), len(had) - 1)
    is_new = had[place] != wanted
    return Begun(np.where(is_new, np.float32(0), weights[place]).astype(np.float32), is_new)


@dataclasses.dataclass(frozen=True, slots=True)
class _Chunk:
    """Some texts, each in pairs with the topics it competes for; the one it means comes first."""

    open: NDArray[np.bool_]
    """By text and place: whether a topic stands there."""
    others: Places
    """By text: how many topics score nothing."""
    filled: Places
    """The pairs (text by place) that share a gram at all."""
    starts: Places
    """Where the shared grams of each of these begin."""
    counts: Places
    """How many each has."""
    used: Places
    """The field's postings that occur."""
    posting: NDArray[np.int32]
    """Of each shared gram: which of these it is."""
    loud: Floats
    """Of each shared gram: how loud it is heard."""

    def add_slope(self, weights: Floats, slope: Floats) -> None:
        """Adds to `slope` how the texts would have the weights change."""
        if not len(self.filled):
            return
        scores = np.where(self.open, np.float32(0), np.float32(-np.inf)).ravel()
        scores[self.filled] = np.add.reduceat(weights[self.used][self.posting] * self.loud, self.starts)
        table = scores.reshape(self.open.shape)
        top = np.maximum(table.max(axis=1, keepdims=True), 0)
        odds = np.exp(table - top)
        held = odds / (odds.sum(axis=1, keepdims=True) + self.others * np.exp(-top))
        held[:, 0] -= 1
        wrong = np.repeat(held.ravel()[self.filled], self.counts) * self.loud
        slope[self.used] += np.bincount(self.posting, wrong, len(self.used)).astype(np.float32)


class _Lesson:
    """Texts beside the topics they compete for: which posting counts how much for which pair of text and topic."""

    def __init__(self, field: Field, rows: Rows, topic_of_row: Places, family_of_topic: Places) -> None:
        self._field = field
        self._count = len(rows)
        self._rivals = min(_RIVALS, field.topic_count)
        self._columns, known = field.columns_of(rows.grams)
        self._row = rows.row_of_each()[known]
        self._loud = self._heard(rows, known)
        self._meant = topic_of_row
        self._family = family_of_topic
        self._chunks = list(self._divided())

    def weights(self, begun: Begun) -> Floats:
        """Accelerated gradient descent (Nesterov) of what is new."""
        step = np.float32(_STEP / self._largest_square()) * begun.is_new
        weights = begun.weights
        ahead = weights
        pace = 1.0
        for _ in range(_ROUNDS):
            slope: Floats = np.float32(_DECAY) * ahead
            for chunk in self._chunks:
                chunk.add_slope(ahead, slope)
            moved: Floats = (ahead - step * slope).astype(np.float32)
            following = (1 + (1 + 4 * pace * pace) ** 0.5) / 2
            ahead = (moved + np.float32((pace - 1) / following) * (moved - weights)).astype(np.float32)
            weights, pace = moved, following
        return weights

    def _heard(self, rows: Rows, known: NDArray[np.bool_]) -> Floats:
        voice = Voice.of(self._field)
        loud = (1 + np.log(rows.times[known])) * voice.of_gram[self._columns]
        unknown = np.bincount(rows.row_of_each()[~known], minlength=self._count)
        whole = np.bincount(self._row, weights=np.square(loud), minlength=self._count)
        whole = whole + unknown * voice.of_unknown**2
        return (loud / np.sqrt(whole)[self._row]).astype(np.float32)

    def _divided(self) -> Iterator["_Chunk"]:
        useful = self._field.spread[self._columns] <= _WIDEST
        columns, row, loud = self._columns[useful], self._row[useful], self._loud[useful]
        bounds = np.searchsorted(row, np.arange(0, self._count + _CHUNK, _CHUNK))
        for first, held in zip(
            range(0, self._count, _CHUNK), map(slice, bounds[:-1], bounds[1:]), strict=False
        ):
            size = min(_CHUNK, self._count - first)
            lengths = self._field.spread[columns[held]]
            posting = spans(self._field.starts[columns[held]], lengths)
            text = np.repeat(row[held] - first, lengths)
            topic = self._field.topics[posting].astype(np.intp)
            place = self._places(text, topic, self._field.shares[posting], first, size)
            slot = place[text, topic]
            kept = slot >= 0
            pair = text[kept] * self._rivals + slot[kept]
            order = np.argsort(pair, kind="stable")
            filled, counts = np.unique(pair, return_counts=True)
            used, place_in_used = np.unique(posting[kept][order], return_inverse=True)
            is_open = np.zeros((size, self._rivals), np.bool_)
            taken_text, taken_topic = np.nonzero(place >= 0)
            is_open[taken_text, place[taken_text, taken_topic]] = True
            yield _Chunk(
                is_open,
                self._field.topic_count - is_open.sum(axis=1, keepdims=True),
                filled,
                starts_of(counts)[:-1],
                counts,
                used,
                place_in_used.astype(np.int32),
                np.repeat(loud[held], lengths)[kept][order],
            )

    def _places(
        self, text: Places, topic: Places, shares: Floats, first: int, size: int
    ) -> NDArray[np.int16]:
        """By text of a chunk and topic: its place among the text's rivals; -1 for the others. What is meant comes at
        place 0.
        """
        topics = self._field.topic_count
        near = np.bincount(text * topics + topic, weights=shares, minlength=size * topics)
        near = near.reshape(size, topics)
        meant = self._meant[first : first + size]
        near[self._family[meant][:, None] == self._family[None, :]] = 0
        everyone = np.arange(size)
        near[everyone, meant] = np.inf
        rivals = np.argsort(-near, axis=1, kind="stable")[:, : self._rivals]
        place = np.full((size, topics), -1, np.int16)
        np.put_along_axis(place, rivals, np.arange(self._rivals, dtype=np.int16)[None, :], axis=1)
        place[near <= 0] = -1
        return place

    def _largest_square(self) -> float:
        """Of the singular values of the rows, by power iteration; nothing is negative, so it settles at once."""
        vector: Vector = np.ones(len(self._field.grams))
        square = 1.0
        for _ in range(6):
            vector = vector / np.linalg.norm(vector)
            seen = np.bincount(self._row, self._loud * vector[self._columns], self._count)
            vector = np.bincount(self._columns, self._loud * seen[self._row], len(vector)).astype(np.float64)
            square = float(np.linalg.norm(vector)) or 1.0
        return square
