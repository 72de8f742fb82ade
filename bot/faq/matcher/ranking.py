"""The topics that come into question, best first, with what speaks for each."""

import dataclasses
from collections.abc import Sequence
from typing import Final

from bot.faq.matcher.index import Index, Reading
from bot.faq.matcher.learnt import Mix
from bot.faq.model import Kind

_ELSEWHERE: Final = 2.0
"""What entries lose, in spreads, where the text names something that is not ours. Measured on questions not in the content:
from 1.5 to 3 it makes no difference, and each answers 5 points more at 2 % wrong than 0 does.
"""


_FOREIGN: Final = 0.2
"""So much of a text stands in no entry where it speaks of something else."""


@dataclasses.dataclass(frozen=True, slots=True)
class Candidate:
    number: int
    kind: Kind
    family: int
    score: float
    shared: float
    """How much of the text, or of its meaning by somebody else's score, it shares, from 0 to 1."""


class Ranking:
    def __init__(self, index: Index, reading: Reading, mix: Mix | None = None) -> None:
        """`mix`: None for what the index has learnt."""
        self.reading = reading
        weigh = mix or index.learnt.mix
        found = [
            Candidate(
                number,
                index.topics[number].kind,
                int(index.corpus.families[number]),
                weigh.score(parts),
                max(parts.shared, parts.extra / 2),
            )
            for number, parts in reading.topics.items()
        ]
        best = max(
            (each for each in found if each.kind is Kind.ENTRY), key=lambda each: each.score, default=None
        )
        if best and not all(index.speaks_of(best.number, name) for name in reading.elsewhere):
            found = [
                dataclasses.replace(each, score=each.score - _ELSEWHERE) if each.kind is Kind.ENTRY else each
                for each in found
            ]
        self.order: Sequence[Candidate] = sorted(
            found, key=lambda each: (each.number not in reading.exact, -each.score, each.number)
        )

    def entries(self) -> Sequence[Candidate]:
        return [each for each in self.order if each.kind is Kind.ENTRY]

    def asides(self) -> Sequence[Candidate]:
        """Declines and small talk."""
        return [each for each in self.order if each.kind is not Kind.ENTRY]

    def lead(self, candidate: Candidate) -> float:
        """How far a topic is ahead of all others that could be meant, in spreads."""
        return self._ahead(candidate, self.order)

    def lead_over_asides(self, candidate: Candidate) -> float:
        """Over those that may be said: no decline where nothing is foreign."""
        sayable = [each for each in self.asides() if each.kind is not Kind.DECLINE or self.is_foreign()]
        return self._ahead(candidate, sayable)

    def lead_over_entries(self, candidate: Candidate) -> float:
        return self._ahead(candidate, self.entries())

    def is_certain(self, candidate: Candidate) -> bool:
        """The text is, word for word, a phrasing of this topic."""
        return candidate.number in self.reading.exact

    def is_foreign(self) -> bool:
        """Whether the text has something that no entry has: else it is an entry's matter, whatever is nearer."""
        return bool(self.reading.elsewhere) or self.reading.strange >= _FOREIGN

    def is_shared(self) -> bool:
        """Whether what was said is as much a part of what is said of other things: "how are dues reckoned" is of the
        dues of the employed, the retired and the students alike, and means the best match no more than the others.
        """
        holders = self.reading.holders
        return (
            not self.reading.exact
            and bool(holders)
            and 2 * holders.get(self.order[0].number, 0) <= sum(holders.values())
        )

    @staticmethod
    def _ahead(candidate: Candidate, others: Sequence[Candidate]) -> float:
        scores = (each.score for each in others if each.family != candidate.family)
        return candidate.score - max(scores, default=0.0)
