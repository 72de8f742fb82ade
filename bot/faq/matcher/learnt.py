"""What a FAQ teaches about itself: how to weigh the scores, how sure to be, and when to speak."""

import dataclasses
import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]

WRONG_ALLOWED: Final = 0.02
"""The share of all questions that may be answered wrong, unless the settings say otherwise."""


class Parts(NamedTuple):
    """A topic's scores for a text."""

    shared: float
    """How much of the text the topic's phrasings share (BM25 over grams), from 0 to 1."""
    learnt: float
    """What the regression gives it, in log-odds."""
    nearest: float
    """How near the two nearest phrasings sound (Indel similarity), from 0 to 1."""
    extra: float = 0.0
    """Somebody else's score, such as an embedding's, from 0 to 1."""


SPREAD: Final = Parts(shared=0.1, learnt=1.5, nearest=0.08, extra=0.1)
"""How far the scores of the topics in question usually lie apart (standard deviation among the best twelve on held-out
phrasings; within a tenth of it the same in Chinese and English, for 64, 77 and 150 topics).
"""
AMISS: Final = 0.4
"""So near sounds a phrasing that has nothing to do with the text."""


class Mix(NamedTuple):
    """What each score counts, in units of its spread."""

    shared: float
    learnt: float
    nearest: float
    extra: float = 0.5

    def score(self, parts: Parts) -> float:
        return (
            self.shared * parts.shared / SPREAD.shared
            + self.learnt * parts.learnt / SPREAD.learnt
            + self.nearest * max(0.0, parts.nearest - AMISS) / SPREAD.nearest
            + self.extra * parts.extra / SPREAD.extra
        )


class Curve(NamedTuple):
    """Probability = logistic(base + the evidence, weighted). No weight is negative: more evidence is never less."""

    base: float
    weights: tuple[float, ...]

    def at(self, *evidence: float) -> float:
        odds = self.base + sum(weight * value for weight, value in zip(self.weights, evidence, strict=True))
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, odds))))


class Thresholds(NamedTuple):
    answer: float
    suggest: float
    aside: float


class Bin(NamedTuple):
    """Cases whose best match was an entry with such a probability."""

    least: float
    most: float
    number: float
    right: float
    """How many of them were right."""


class Confusion(NamedTuple):
    meant: str
    taken_for: str
    times: int


@dataclasses.dataclass(frozen=True, slots=True)
class Evidence:
    """What the thresholds rest on: what became of phrasings of entries that were kept out of the index and asked.
    Shares are of all of them; those whose entry was kept out as well count little, numbers of cases are weighted so.
    """

    held_out: int
    answered_right: float
    answered_wrong: float
    suggested_right: float
    handed_over: float
    """Neither answered nor suggested."""
    reliability: tuple[Bin, ...]
    confused: tuple[Confusion, ...]
    """The topics, by key, most often taken for one another, most frequent first."""


class Learnt(NamedTuple):
    mix: Mix
    answer: Curve
    """That a topic is what was meant, by how far it is ahead of all others."""
    suggest: Curve
    """That it is among the best three entries, by how far the best one is ahead of what is not ours, and how much of the
    text it shares.
    """
    aside: Curve
    """That no entry is meant, by how far a decline or small talk is ahead of the entries."""
    thresholds: Thresholds
    wrong_allowed: float
    evidence: Evidence | None
    """None: too little content to learn from; these are the values to begin with."""


SHOWN: Final = 3
"""Suggestions at a time."""
MIXES: Final = (Mix(0.45, 0.35, 0.2), Mix(0.4, 0.5, 0.1), Mix(0.3, 0.6, 0.1))
"""What is chosen from; the first is the best to begin with."""

BEGINNING: Final = Learnt(
    MIXES[0],
    answer=Curve(-0.6, (2.5,)),
    suggest=Curve(-1.5, (1.5, 3.0)),
    aside=Curve(0.5, (1.1,)),
    thresholds=Thresholds(answer=0.77, suggest=0.3, aside=0.75),
    wrong_allowed=WRONG_ALLOWED,
    evidence=None,
)
_TRUST: Final = 4.0
"""How much the values to begin with count against what is learnt: as much as some forty questions."""
_ROUNDS: Final = 25
_SMALL: Final = 1e-9


def fitted(
    start: Curve, evidence: Sequence[tuple[float, ...]], right: Sequence[bool], weights: Sequence[float]
) -> Curve:
    """Logistic regression, held near `start`. `evidence`: of each case what speaks for it; `right`: whether it was so.
    Where the cases say that more evidence is less, they are too few or too odd: `start` stays.
    """
    if not evidence:
        return start
    table = np.column_stack((np.ones(len(evidence)), np.array(evidence)))
    wanted, counts = np.array(right, np.float64), np.array(weights)
    begun = np.array([start.base, *start.weights])

    def loss(curve: Vector) -> float:
        odds = table @ curve
        return float(
            counts @ (np.logaddexp(0, odds) - wanted * odds) + _TRUST / 2 * np.square(curve - begun).sum()
        )

    curve = begun
    for _ in range(_ROUNDS):  # Newton's method, with shorter steps where a whole one leads too far
        chance = 1 / (1 + np.exp(-np.clip(table @ curve, -60, 60)))
        slope = table.T @ (counts * (wanted - chance)) - _TRUST * (curve - begun)
        bend = (table.T * (counts * chance * (1 - chance))) @ table + _TRUST * np.eye(len(curve))
        step = np.linalg.solve(bend, slope)
        while np.abs(step).max() > _SMALL and loss(curve + step) > loss(curve):
            step = step / 2
        curve = curve + step
    if (curve[1:] < 0).any():
        return start
    return Curve(float(curve[0]), tuple(float(each) for each in curve[1:]))
