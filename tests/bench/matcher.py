"""Measures the FAQ matcher, and fits its constants.

    python tests/bench/matcher.py QUESTIONS            the figures of `zhibu faq eval`, and what went wrong
    python tests/bench/matcher.py QUESTIONS --fit      the constants for bot/faq/matching.py

QUESTIONS are JSON lines {"text", "accept": [ids]}. Fitting is plain gradient ascent from fixed starts: the same input
gives the same constants.
"""

import argparse
import json
import math
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from bot.faq import content, matching
from bot.faq.evaluation import Question, evaluate, read_questions, read_topics
from bot.faq.matching import Curve, Features, Index, Topic
from bot.faq.model import Decision, Kind

CONTENT = Path(__file__).parent.parent.parent / "faq"
NAMES = ("石油党建", "铁人先锋")


class Candidates(NamedTuple):
    """What came into question for one question."""

    right: tuple[Features, ...]
    wrong: tuple[Features, ...]
    kinds_wrong: tuple[Kind, ...]


def topics(folder: Path) -> Sequence[Topic]:
    phrasings: dict[str, list[str]] = defaultdict(list)
    kinds: dict[str, Kind] = {}
    for entry in content.read_entries(folder):
        phrasings[entry.id] += entry.phrasings
        kinds[entry.id] = entry.kind
    return [Topic(key, kinds[key], tuple(texts)) for key, texts in phrasings.items()]


def split(known: Sequence[Topic], every: int = 6) -> tuple[Sequence[Topic], Sequence[Question]]:
    """The topics without every sixth phrasing, and those phrasings as questions."""
    rest, questions = [], []
    for topic in known:
        rest.append(
            Topic(topic.key, topic.kind, tuple(text for n, text in enumerate(topic.phrasings) if n % every))
        )
        if topic.kind in (Kind.ENTRY, Kind.DECLINE):
            accept = frozenset({topic.key} if topic.kind is Kind.ENTRY else ())
            questions += [Question(text, accept) for text in topic.phrasings[::every]]
    return rest, questions


def candidates(index: Index, question: Question) -> Candidates:
    text = index.normalise(question.text)
    found = index.features(index.courtesies.strip(text) or text)
    wrong = [number for number in found if index.topics[number].key not in question.accept]
    return Candidates(
        tuple(found[number] for number in found if number not in wrong),
        tuple(found[number] for number in wrong),
        tuple(index.topics[number].kind for number in wrong),
    )


def fit_weights(
    seen: Sequence[Candidates], rounds: int = 500, step: float = 20.0, decay: float = 1e-5
) -> Features:
    """Weights under which the right topic is the likeliest of its candidates (a softmax over the candidates)."""
    weights = [3.0] * 4
    for _ in range(rounds):
        slope = [-decay * weight * len(seen) for weight in weights]
        for right, wrong, _kinds in seen:
            if not right:
                continue
            rows = [*right, *wrong]
            scores = [matching.score(row, Features(*weights)) for row in rows]
            top = max(scores)
            odds = [math.exp(each - top) for each in scores]
            everything, wanted = sum(odds), sum(odds[: len(right)])
            for place, row in enumerate(rows):
                pull = (odds[place] / wanted if place < len(right) else 0.0) - odds[place] / everything
                for column in range(4):
                    slope[column] += pull * row[column]
        weights = [weight + step * each / len(seen) for weight, each in zip(weights, slope, strict=True)]
    return Features(*(round(weight, 1) for weight in weights))


def fit_curve(seen: Sequence[Candidates], weights: Features, rounds: int = 30) -> Curve:
    """The curve from lead to the probability that the best entry is right (logistic regression by Newton's method)."""
    rows: list[tuple[float, bool]] = []
    for right, wrong, kinds in seen:
        entries = [(matching.score(row, weights), True) for row in right] + [
            (matching.score(row, weights), False)
            for row, kind in zip(wrong, kinds, strict=True)
            if kind is Kind.ENTRY
        ]
        if not entries:
            continue
        own, is_right = max(entries)
        others = sorted((matching.score(row, weights) for row in (*right, *wrong)), reverse=True)
        others.remove(own)
        rows.append((matching.saturated(own - (others[0] if others else 0.0)), is_right))
    base = lead = 0.0
    for _ in range(rounds):
        chances = [1 / (1 + math.exp(-(base + lead * x))) for x, _ in rows]
        off = [is_right - p for p, (_, is_right) in zip(chances, rows, strict=True)]
        spread = [p * (1 - p) for p in chances]
        g0, g1 = sum(off), sum(each * x for each, (x, _) in zip(off, rows, strict=True))
        h00 = sum(spread) + 1e-3
        h01 = sum(each * x for each, (x, _) in zip(spread, rows, strict=True))
        h11 = sum(each * x * x for each, (x, _) in zip(spread, rows, strict=True)) + 1e-3
        slant = h00 * h11 - h01 * h01
        base += (h11 * g0 - h01 * g1) / slant
        lead += (h00 * g1 - h01 * g0) / slant
    return Curve(round(base, 2), round(lead, 2))


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
    parser.add_argument("--fit", action="store_true")
    given = parser.parse_args()
    questions = read_questions(given.questions)
    known = read_topics(given.entries) if given.entries else topics(given.content)
    if given.fit:
        index = Index.build(known, NAMES)
        rest, held_out = split(known)
        # The writers of phrasings may have had these questions in mind; phrasings held out keep the curve modest.
        smaller = Index.build(rest, NAMES)
        seen = [candidates(index, question) for question in questions]
        seen += [candidates(smaller, question) for question in held_out]
        weights = fit_weights(seen)
        print(weights)
        print(fit_curve(seen, weights))
        return
    print(json.dumps(evaluate(questions, known, NAMES), ensure_ascii=False, indent=1))
    if given.entries is None:
        mistakes(questions, Index.build(known, NAMES))


if __name__ == "__main__":
    main()
