"""What to do about a question: a pure function of an index and a text."""

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from bot.faq.matcher.index import Index
from bot.faq.matcher.learnt import SHOWN, Learnt
from bot.faq.matcher.questions import MOST, asks, clauses_in, questions_in
from bot.faq.matcher.ranking import Candidate, Ranking
from bot.faq.matcher.wording import is_brief
from bot.faq.model import Decision, Kind

_WORD_FOR_WORD: Final = 0.99
"""How sure it is that somebody who uses a phrasing as it stands means what it stands for."""


_HEARD: Final = 0.3
"""So much of a text must a decline or small talk share to be said: below that, one in seven is of a question of ours."""
_LIKELY: Final = 0.6
"""So sure must a story as a whole be of what one clause of it is surely answered by: of sixteen stories members might tell,
those below it were answered wrong in five of seven cases, those above in one of nine.
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


def match(
    index: Index, text: str, among: Collection[str] | None = None, extra: Mapping[str, float] | None = None
) -> Outcome:
    """What the text most probably means, and what to do about it. `among`: the keys visible to the one who asks (None:
    all). `extra`: by key, one more score from 0 (nothing in common) to 1 (the same). The same arguments always give the
    same outcome.
    """
    asked = index.normalise(text)
    known = asked if index.is_phrasing(asked, among) else index.bare(asked)
    if not index.says_something(known) or (known != asked and index.is_chatter(known)):
        # Only courtesies, perhaps with a sigh between them; or nothing at all.
        if known == asked:
            return Outcome(Decision.SMALLTALK, ())
        courtesies = Ranking(index, index.read(asked, _courtesies(index, among)))
        return Outcome(Decision.SMALLTALK, _matches(index, courtesies))
    outcome, ranking = _judged(index, known, among, extra)
    if outcome.decision is Decision.SUGGEST and not ranking.reading.elsewhere:
        return _core(index, text, among, outcome) or outcome
    return outcome


def _judged(
    index: Index, text: str, among: Collection[str] | None, extra: Mapping[str, float] | None
) -> tuple[Outcome, Ranking]:
    """`text`: normalised and bare."""
    ranking = Ranking(index, index.read(text, among, extra))
    return Outcome(decide(ranking, index.learnt, brief=is_brief(text)), _matches(index, ranking)), ranking


def _core(index: Index, text: str, among: Collection[str] | None, whole: Outcome) -> Outcome | None:
    """The answer to a story, if one clause of it is surely answered by what the whole most probably means, and none by
    anything else.
    """
    clauses = (index.bare(index.normalise(clause)) for clause in clauses_in(text))
    judged = [_judged(index, clause, among, None)[0] for clause in clauses if clause]
    answers = [outcome for outcome in judged if outcome.decision is Decision.ANSWER]
    meant = {outcome.matches[0].key for outcome in answers}
    best = whole.matches[0]
    if meant != {best.key} or best.confidence < _LIKELY:
        return None
    sure = max(outcome.matches[0].confidence for outcome in answers)
    return Outcome(Decision.ANSWER, (dataclasses.replace(best, confidence=sure), *whole.matches[1:]))


def match_all(
    index: Index, text: str, among: Collection[str] | None = None, extra: Mapping[str, float] | None = None
) -> Sequence[tuple[str, Outcome]]:
    """The questions of a message, as they were written, each with its outcome. They are several, at most three, where
    one is surely answered and each of the others surely about something else, or plainly asked though unknown; else the
    message is one. `extra` is of the message as a whole and counts only if that is one question.
    """
    parts = [(part, match(index, part, among)) for part in questions_in(text)]
    said = [(part, outcome) for part, outcome in parts if outcome.decision is not Decision.SMALLTALK]
    sure = [outcome.matches[0].key for _, outcome in said if outcome.decision in _SURE]
    if (
        1 < len(said) <= MOST
        and any(outcome.decision is Decision.ANSWER for _, outcome in said)
        and len(set(sure)) == len(sure)
        and all(outcome.decision in _SURE or asks(part) for part, outcome in said)
    ):
        return said
    return [(text, match(index, text, among, extra))]


_SURE: Final = (Decision.ANSWER, Decision.DECLINE)


def decide(ranking: Ranking, learnt: Learnt, *, brief: bool) -> Decision:
    """`brief`: the text does no more than name a subject: it is asked back about, not guessed at."""
    if not ranking.order:
        return Decision.HANDOVER
    best, thresholds, guessed = ranking.order[0], learnt.thresholds, ranking.reading.by_initials
    if best.kind is Kind.ENTRY:
        vague = brief or guessed or ranking.is_shared()
        if not vague and confidence(ranking, learnt, best) >= thresholds.answer:
            return Decision.ANSWER
    elif ranking.is_certain(best) or (
        not guessed
        and best.shared >= _HEARD
        and (best.kind is not Kind.DECLINE or ranking.is_foreign())
        and learnt.aside.at(ranking.lead_over_entries(best)) >= thresholds.aside
    ):
        return Decision.DECLINE if best.kind is Kind.DECLINE else Decision.SMALLTALK
    entries = ranking.entries()
    if entries and (
        guessed
        or learnt.suggest.at(ranking.lead_over_asides(entries[0]), entries[0].shared) >= thresholds.suggest
    ):
        return Decision.SUGGEST
    return Decision.HANDOVER


def confidence(ranking: Ranking, learnt: Learnt, candidate: Candidate) -> float:
    """The probability that a topic is what was meant."""
    if ranking.is_certain(candidate) and len(ranking.reading.exact) == 1:
        return _WORD_FOR_WORD
    return min(_WORD_FOR_WORD, learnt.answer.at(ranking.lead(candidate)))


def _matches(index: Index, ranking: Ranking) -> tuple[Match, ...]:
    return tuple(
        Match(index.topics[each.number].key, each.kind, confidence(ranking, index.learnt, each))
        for each in ranking.order
    )


def _courtesies(index: Index, among: Collection[str] | None) -> Collection[str]:
    return {
        topic.key
        for topic in index.topics
        if topic.kind is Kind.COURTESY and (among is None or topic.key in among)
    }
