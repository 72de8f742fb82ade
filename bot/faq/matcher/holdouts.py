"""A FAQ asked its own phrasings: what it learns about weighing its scores, being sure and speaking.

A part of the phrasings is kept out of the index and asked; so are all phrasings of some topics, for which nothing is
right then. Each part teaches with an index that has not seen it.
"""

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.faq.matcher.corpus import Corpus
from bot.faq.matcher.decisions import confidence, decide
from bot.faq.matcher.field import Field
from bot.faq.matcher.index import Index, Reading, learn_weights
from bot.faq.matcher.learnt import BEGINNING, MIXES, SHOWN, Bin, Confusion, Evidence, Learnt, Mix, fitted
from bot.faq.matcher.ranking import Candidate, Ranking
from bot.faq.matcher.wording import is_brief
from bot.faq.model import Decision, Kind

_PARTS: Final = 5
"""A fifth of the phrasings, and of the topics, is kept out at a time."""
_ASKED_AT_MOST: Final = 2_000
"""More held-out phrasings teach nothing more."""
_ROWS_AT_MOST: Final = 30_000
"""So many phrasings are learnt from in all: of a large FAQ, fewer parts are kept out in turn."""
_FEWEST: Final = 40
"""Fewer held-out phrasings are no evidence: the values to begin with stay."""
_STRANGE: Final = 8
"""An eighth of the entries is kept out as a whole at a time."""
_STRANGERS: Final = 0.02
"""What strangers count in all. More of what members ask has no entry, but held-out phrasings, each written to be unlike the
others, are harder than what members ask, and the one makes up for the other: on questions of other writers to three
FAQs the share of wrong answers came out at 1.5 to 2.3 % where 2 % were allowed; with a quarter of strangers at 0.2 to 0.9 %,
and a third fewer answers.
"""

_LOWEST: Final = 0.6
_HIGHEST: Final = 0.97
"""Bounds of the threshold for answers: less sure is a guess, surer is nothing but a phrasing itself."""

_NEVER: Final = 99.0
"""A lead that no topic has."""
_BINS: Final = 10
_CONFUSED: Final = 10
_CUSTOM: Final = 0.01
"""So much more must another mix than the first answer right; less is chance."""

Progress = Callable[[float], None]
"""Called with how much is done, from 0 to 1."""


@dataclasses.dataclass(frozen=True, slots=True)
class Case:
    """A held-out phrasing with what the index without it found."""

    index: Index
    reading: Reading
    key: str
    """The topic it means."""
    meant: int
    """That topic's family."""
    kind: Kind
    is_stranger: bool
    """Its topic was kept out as a whole: nothing is right."""
    is_brief: bool

    @property
    def right(self) -> int | None:
        return None if self.is_stranger else self.meant


def taught(index: Index, wrong_allowed: float, progress: Progress = lambda _done: None) -> Index:
    """The index with weights, curves and thresholds learnt anew from its own content. Takes seconds."""
    learnt = _learnt(list(_cases(index.corpus, progress)), wrong_allowed)
    weights = learn_weights(index.corpus, index.field)
    progress(1.0)
    return Index(index.corpus, index.field, weights, learnt)


def _cases(corpus: Corpus, progress: Progress) -> Iterator[Case]:
    rows = len(corpus.phrasings)
    turns = max(1, min(_PARTS, _ROWS_AT_MOST // max(1, rows)))
    step = max(1, turns * rows // _PARTS // _ASKED_AT_MOST)
    topic = corpus.topic_of_row()
    place = np.concatenate([np.arange(len(held)) for held in corpus.by_topic()] or [topic])
    # Only entries are strangers: declines and small talk are what strangers are told by.
    is_entry = np.array([each.kind is Kind.ENTRY for each in corpus.topics], np.bool_)
    is_courtesy = np.array([each.kind is Kind.COURTESY for each in corpus.topics], np.bool_)
    for turn in range(turns):
        stranger = is_entry & ((corpus.families + turn) % _STRANGE == 0)
        out = (place + topic) % _PARTS == turn
        asked = np.flatnonzero(out & ~is_courtesy[topic])[::step]
        smaller = without(corpus, out | stranger[topic])
        for done, row in enumerate(asked):
            phrasing = corpus.phrasings[row]
            known = smaller.bare(phrasing.written) or phrasing.written
            yield Case(
                smaller,
                smaller.read(known),
                corpus.topics[phrasing.topic].key,
                int(corpus.families[phrasing.topic]),
                corpus.topics[phrasing.topic].kind,
                bool(stranger[phrasing.topic]),
                is_brief(known),
            )
            progress((turn + (done + 1) / len(asked)) / (turns + 1))


def without(corpus: Corpus, out: NDArray[np.bool_]) -> Index:
    """An index that has never seen these phrasings of a corpus; it begins with the values to begin with."""
    kept = corpus.kept(~out)
    field = Field(kept.rows, kept.topic_of_row(), len(kept.topics))
    return Index(kept, field, learn_weights(kept, field), BEGINNING)


class Seen(NamedTuple):
    """A case as one mix ranks it."""

    case: Case
    ranking: Ranking
    weight: float

    @property
    def best(self) -> Candidate:
        return self.ranking.order[0]

    @property
    def leads(self) -> bool:
        """Whether an entry is the best match and would be answered at some threshold."""
        return self.best.kind is Kind.ENTRY and not self.case.is_brief and not self.ranking.is_shared()

    @property
    def right(self) -> bool:
        return self.best.family == self.case.right

    @property
    def offered(self) -> bool:
        """Whether what was meant is among the suggestions."""
        return self.case.right in [each.family for each in self.ranking.entries()[:SHOWN]]

    @property
    def lead(self) -> float:
        return self.ranking.lead(self.best)


def _learnt(cases: Sequence[Case], wrong_allowed: float) -> Learnt:
    read = [case for case in cases if case.reading.topics]
    entries = [case for case in read if case.kind is Kind.ENTRY]
    known = sum(not case.is_stranger for case in entries)
    begun = BEGINNING._replace(wrong_allowed=wrong_allowed)
    if known < _FEWEST:
        return begun
    of_stranger = _STRANGERS / (1 - _STRANGERS) * known / max(1, len(entries) - known)

    def under(mix: Mix, some: Sequence[Case]) -> Sequence[Seen]:
        return [
            Seen(case, Ranking(case.index, case.reading, mix), of_stranger if case.is_stranger else 1.0)
            for case in some
        ]

    views = {mix: under(mix, entries) for mix in MIXES}
    leads = {mix: _loosest(seen, wrong_allowed) for mix, seen in views.items()}
    mix = max(MIXES, key=lambda each: _answered(views[each], leads[each]) + _CUSTOM * (each == MIXES[0]))
    seen = views[mix]
    asides = under(mix, [case for case in read if case.kind is not Kind.ENTRY])
    learnt = _curves(begun._replace(mix=mix), seen, [*seen, *asides])
    threshold = min(_HIGHEST, max(_LOWEST, learnt.answer.at(leads[mix])))
    learnt = learnt._replace(thresholds=learnt.thresholds._replace(answer=threshold))
    return learnt._replace(evidence=_evidence(seen, learnt))


def _loosest(seen: Sequence[Seen], wrong_allowed: float) -> float:
    """The lead from which on at most this share of all is answered wrong."""
    allowed = wrong_allowed * sum(one.weight for one in seen)
    wrong, loosest = 0.0, _NEVER
    for one in sorted((one for one in seen if one.leads), key=lambda one: -one.lead):
        wrong += 0.0 if one.right else one.weight
        if wrong > allowed:
            break
        loosest = one.lead
    return loosest


def _answered(seen: Sequence[Seen], lead: float) -> float:
    """The share answered right from this lead on."""
    right = sum(one.weight for one in seen if one.leads and one.right and one.lead >= lead)
    return right / sum(one.weight for one in seen)


def _curves(begun: Learnt, entries: Sequence[Seen], everything: Sequence[Seen]) -> Learnt:
    answering = [(one, (one.lead,), one.right) for one in entries]
    suggesting = [
        (one, (one.ranking.lead_over_asides(best), best.shared), one.offered)
        for one in everything
        for best in one.ranking.entries()[:1]
    ]
    aside = [
        (one, (one.ranking.lead_over_entries(one.best),), one.case.kind is not Kind.ENTRY)
        for one in everything
        if one.best.kind is not Kind.ENTRY
    ]
    answer, suggest, decline = (
        fitted(start, [row[1] for row in rows], [row[2] for row in rows], [row[0].weight for row in rows])
        for start, rows in ((begun.answer, answering), (begun.suggest, suggesting), (begun.aside, aside))
    )
    return begun._replace(answer=answer, suggest=suggest, aside=decline)


def _evidence(seen: Sequence[Seen], learnt: Learnt) -> Evidence:
    total = sum(one.weight for one in seen)
    shares: defaultdict[tuple[Decision, bool], float] = defaultdict(float)
    bins = [[0.0, 0.0] for _ in range(_BINS)]
    confused: Counter[tuple[str, str]] = Counter()
    for one in seen:
        decision = decide(one.ranking, learnt, brief=one.case.is_brief)
        shares[decision, one.right if decision is Decision.ANSWER else one.offered] += one.weight
        if one.best.kind is Kind.ENTRY:
            held = bins[min(_BINS - 1, int(_BINS * confidence(one.ranking, learnt, one.best)))]
            held[0] += one.weight
            held[1] += one.weight * one.right
        if not one.right and not one.case.is_stranger:
            topics = one.case.index.topics
            confused[one.case.key, topics[one.best.number].key] += 1
    answered, suggested = Decision.ANSWER, Decision.SUGGEST
    spoken = sum(shares[decision, right] for decision in (answered, suggested) for right in (True, False))
    return Evidence(
        held_out=len(seen),
        answered_right=round(shares[answered, True] / total, 4),
        answered_wrong=round(shares[answered, False] / total, 4),
        suggested_right=round(shares[suggested, True] / total, 4),
        handed_over=round(1 - spoken / total, 4),
        reliability=tuple(
            Bin(place / _BINS, (place + 1) / _BINS, round(number, 1), round(right, 1))
            for place, (number, right) in enumerate(bins)
        ),
        confused=tuple(
            Confusion(*pair, times)
            for pair, times in sorted(confused.items(), key=lambda each: (-each[1], each[0]))[:_CONFUSED]
        ),
    )
