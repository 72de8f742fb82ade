"""Measures the FAQ matcher, and fits its constants.

    python tests/bench/matcher.py QUESTIONS            the figures of `zhibu faq eval`, and what went wrong
    python tests/bench/matcher.py QUESTIONS --held-out the same on phrasings kept out of the index, six times over
    python tests/bench/matcher.py QUESTIONS --fit      the constants for bot/faq/matching.py

QUESTIONS are JSON lines {"text", "accept": [ids]}. Fitting starts from fixed values: the same input gives the same
constants.
"""

import argparse
import dataclasses
import json
import math
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bot.faq import content, evaluation, matching
from bot.faq.evaluation import Answered, Question, evaluate, read_questions, read_topics
from bot.faq.index import Features, Index, Reading, Topic
from bot.faq.matching import SHOWN, Curve, Curves, Evidence, Ranking
from bot.faq.model import Decision, Kind

CONTENT = Path(__file__).parent.parent.parent / "faq"
NAMES = ("石油党建", "铁人先锋")
FOLDS = 6
"""Every sixth phrasing is kept out of the index and asked, six times over."""
STRANGERS = 8
"""Every eighth topic is kept out of the index, eight times over: its phrasings have no right answer then."""
STRANGE_SHARE = 5
"""One in five of those is taken: about as many questions about something unheard of as members ask."""


@dataclasses.dataclass(frozen=True, slots=True)
class Seen:
    """A question with what the index found in it."""

    index: Index
    reading: Reading
    right: frozenset[int]
    """The topics that were meant. For a question out of scope, the declines and small talk; none: a person is needed."""


def topics(folder: Path) -> Sequence[Topic]:
    phrasings: dict[str, list[str]] = defaultdict(list)
    kinds: dict[str, Kind] = {}
    for entry in content.read_entries(folder):
        phrasings[entry.id] += entry.phrasings
        kinds[entry.id] = entry.kind
    return [Topic(key, kinds[key], tuple(texts)) for key, texts in phrasings.items()]


def held_out(known: Sequence[Topic], fold: int) -> tuple[Sequence[Topic], Sequence[tuple[str, Topic]]]:
    """The topics without the phrasings of this fold, and those phrasings with what they mean."""
    rest, asked = [], []
    for topic in known:
        kept = [text for place, text in enumerate(topic.phrasings) if place % FOLDS != fold]
        rest.append(Topic(topic.key, topic.kind, tuple(kept)))
        if topic.kind is not Kind.COURTESY:
            asked += [(text, topic) for text in topic.phrasings[fold::FOLDS]]
    return rest, asked


def see(index: Index, text: str, keys: Iterable[str], *, chat_is_right: bool = False) -> Seen:
    normalised = index.normalise(text)
    accepted = set(keys)
    right = {
        number
        for number, topic in enumerate(index.topics)
        if topic.key in accepted or (chat_is_right and topic.kind is not Kind.ENTRY)
    }
    return Seen(index, index.read(index.courtesies.strip(normalised) or normalised), frozenset(right))


def seen_by_topics(questions: Sequence[Question], known: Sequence[Topic]) -> Iterator[Seen]:
    """What tells topics from each other: the questions in scope, and one fold of held-out phrasings."""
    index = Index.build(known, NAMES)
    for question in questions:
        if question.accept:
            yield see(index, question.text, question.accept)
    yield from seen_in_fold(known, 0)


def seen_by_all(questions: Sequence[Question], known: Sequence[Topic]) -> Iterator[Seen]:
    """What confidence is learnt from. The writers of phrasings may have had the questions in mind: held-out phrasings
    keep the curves modest, and held-out topics teach them that some things are not there at all.
    """
    index = Index.build(known, NAMES)
    for question in questions:
        yield see(index, question.text, question.accept, chat_is_right=not question.accept)
    for fold in range(FOLDS):
        yield from seen_in_fold(known, fold)
    for part in range(STRANGERS):
        rest = [topic for place, topic in enumerate(known) if place % STRANGERS != part]
        smaller = Index.build(rest, NAMES)
        for topic in known[part::STRANGERS]:
            for text in topic.phrasings[::STRANGE_SHARE]:
                yield see(smaller, text, [])


def seen_in_fold(known: Sequence[Topic], fold: int) -> Iterator[Seen]:
    rest, asked = held_out(known, fold)
    index = Index.build(rest, NAMES)
    for text, topic in asked:
        yield see(index, text, [topic.key])


def fit_weights(seen: Sequence[Seen], rounds: int = 500, step: float = 20.0, decay: float = 1e-5) -> Features:
    """Weights under which the right topic is the likeliest of its candidates (a softmax over the candidates)."""
    weights = [3.0] * 4
    rows = [
        (
            [found for number, found in one.reading.topics.items() if number in one.right],
            [found for number, found in one.reading.topics.items() if number not in one.right],
        )
        for one in seen
    ]
    rows = [(right, wrong) for right, wrong in rows if right and wrong]
    for _ in range(rounds):
        slope = [-decay * weight * len(rows) for weight in weights]
        for right, wrong in rows:
            scores = [matching.score(row, Features(*weights)) for row in (*right, *wrong)]
            top = max(scores)
            odds = [math.exp(each - top) for each in scores]
            everything, wanted = sum(odds), sum(odds[: len(right)])
            for place, row in enumerate((*right, *wrong)):
                pull = (odds[place] / wanted if place < len(right) else 0.0) - odds[place] / everything
                for column in range(4):
                    slope[column] += pull * row[column]
        weights = [weight + step * each / len(rows) for weight, each in zip(weights, slope, strict=True)]
    return Features(*(round(weight, 1) for weight in weights))


def fit_curves(seen: Sequence[Seen], weights: Features) -> Curves:
    answers: list[tuple[Evidence, bool]] = []
    suggestions: list[tuple[Evidence, bool]] = []
    declines: list[tuple[Evidence, bool]] = []
    small_talk: list[tuple[Evidence, bool]] = []
    for one in seen:
        ranking = Ranking(one.index, one.reading, weights)
        entries, asides = ranking.entries(), ranking.asides()
        if entries:
            answers.append((ranking.for_meaning(entries[0]), entries[0] in one.right))
        if (suggesting := ranking.for_suggesting()) is not None:
            suggestions.append((suggesting, not one.right.isdisjoint(entries[:SHOWN])))
        # An aside that is not the best match is never said.
        if (aside := ranking.for_aside()) is not None and ranking.order[0] == asides[0]:
            is_decline = one.index.topics[asides[0]].kind is Kind.DECLINE
            (declines if is_decline else small_talk).append((aside, asides[0] in one.right))
    # Of what speaks for an answer, nothing may rank a lower score above a higher one: no level, no nearest phrasing.
    return Curves(
        answer=fit_curve(answers, ("lead", "brevity")),
        suggest=fit_curve(suggestions, ("lead", "level")),
        decline=fit_curve(declines, ("lead",)),
        smalltalk=fit_curve(small_talk, ("lead", "nearest", "strange", "brevity")),
    )


def fit_curve(rows: Sequence[tuple[Evidence, bool]], fields: Sequence[str], rounds: int = 30) -> Curve:
    """Logistic regression on some fields of the evidence, by Newton's method."""
    places = [Evidence._fields.index(field) for field in fields]
    table = [([1.0, *(evidence[place] for place in places)], is_right) for evidence, is_right in rows]
    size = range(len(places) + 1)
    curve = [0.0 for _ in size]
    for _ in range(rounds):
        slope = [0.0 for _ in size]
        bend = [[1e-3 * (a == b) for b in size] for a in size]
        for row, is_right in table:
            chance = 1 / (
                1 + math.exp(-sum(weight * value for weight, value in zip(curve, row, strict=True)))
            )
            for a in size:
                slope[a] += (is_right - chance) * row[a]
                for b in size:
                    bend[a][b] += chance * (1 - chance) * row[a] * row[b]
        curve = [value + change for value, change in zip(curve, solved(bend, slope), strict=True)]
    return Curve(**dict(zip(("base", *fields), (round(value, 2) for value in curve), strict=True)))


def solved(matrix: Sequence[Sequence[float]], right: Sequence[float]) -> Sequence[float]:
    """The solution of a small system of linear equations (Gauss and Jordan; the matrix is positive definite)."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for at, pivot in enumerate(rows):
        pivot[:] = [value / pivot[at] for value in pivot]
        for row in rows:
            if row is not pivot:
                row[:] = [value - row[at] * own for value, own in zip(row, pivot, strict=True)]
    return [row[-1] for row in rows]


def ask_held_out(known: Sequence[Topic]) -> None:
    """The figures, and what became of phrasings that the index had not seen."""
    answered: list[Answered] = []
    fates: dict[str, Counter[str]] = defaultdict(Counter)
    for fold in range(FOLDS):
        rest, asked = held_out(known, fold)
        index = Index.build(rest, NAMES)
        for text, topic in asked:
            began = time.perf_counter()
            outcome = matching.match(index, text)
            keys = frozenset({topic.key} if topic.kind is Kind.ENTRY else ())
            answered.append(Answered(Question(text, keys), outcome, time.perf_counter() - began))
            named = [found.key for found in outcome.matches[:1]]
            shown = (
                named
                if outcome.decision is not Decision.SUGGEST
                else [found.key for found in outcome.suggestions]
            )
            right = outcome.decision is Decision.HANDOVER or topic.key in shown
            fates[topic.kind][f"{outcome.decision} {'' if right else 'wrong'}".strip()] += 1
    print(json.dumps(evaluation.figures(answered), ensure_ascii=False))
    for kind, counted in fates.items():
        print(
            f"{kind:10}",
            ", ".join(f"{fate} {100 * n / counted.total():.1f} %" for fate, n in counted.most_common()),
        )


def mistakes(questions: Sequence[Question], index: Index) -> None:
    for question in questions:
        outcome = matching.match(index, question.text)
        first = outcome.matches[0] if outcome.matches else None
        shown = {found.key for found in outcome.suggestions}
        wrong = {
            Decision.ANSWER: bool(first and first.key not in question.accept),
            Decision.SUGGEST: bool(question.accept) and not shown & question.accept,
        }.get(outcome.decision, bool(question.accept))
        if wrong:
            named = f"{first.key} {first.confidence:.2f}" if first else "-"
            print(
                f"{outcome.decision:9} {named:34} wanted {','.join(question.accept) or '-':24} {question.text[:60]}"
            )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("questions", type=Path)
    parser.add_argument("--content", type=Path, default=CONTENT)
    parser.add_argument("--entries", type=Path, help="a foreign knowledge base: JSON lines {text, label}")
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--fit", action="store_true")
    given = parser.parse_args()
    questions = read_questions(given.questions)
    known = read_topics(given.entries) if given.entries else topics(given.content)
    if given.fit:
        weights = fit_weights(list(seen_by_topics(questions, known)))
        print(weights)
        print(fit_curves(list(seen_by_all(questions, known)), weights))
        return
    if given.held_out:
        ask_held_out(known)
        return
    print(json.dumps(evaluate(questions, known, NAMES), ensure_ascii=False, indent=1))
    if given.entries is None:
        mistakes(questions, Index.build(known, NAMES))


if __name__ == "__main__":
    main()
