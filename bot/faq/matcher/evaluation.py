"""How good the matcher is on a set of questions with known answers (design section 6 says what each figure means)."""

import dataclasses
import json
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from bot.faq.matcher.decisions import Match, Outcome, match
from bot.faq.matcher.holdouts import taught
from bot.faq.matcher.index import Index
from bot.faq.matcher.learnt import WRONG_ALLOWED, Learnt
from bot.faq.matcher.topics import Topic
from bot.faq.model import Decision, Kind
from bot.kit.errors import Refusal

COVERED_AT: Final = 0.03
"""For `cov3`: the share of all questions that may be answered wrong."""
_BINS: Final = 10

Progress = Callable[[int, int], None]
"""Called with how much is done, and how much there is to do."""


class LineUnreadable(Refusal):
    """{file}, line {line}: I expected one JSON object with {fields}. Please check that line."""


class NothingToMeasure(Refusal):
    """There is no question in {file}. Please give a file with one JSON object a line."""


@dataclasses.dataclass(frozen=True, slots=True)
class Question:
    text: str
    accept: frozenset[str]
    """The keys that are right; none: out of scope, to be handed over."""


@dataclasses.dataclass(frozen=True, slots=True)
class Answered:
    question: Question
    outcome: Outcome
    seconds: float

    @property
    def in_scope(self) -> bool:
        return bool(self.question.accept)

    @property
    def first(self) -> Match | None:
        return next(iter(self.outcome.entries), None)

    @property
    def place(self) -> int | None:
        """Where, counted from 1, the first accepted entry stands."""
        for place, found in enumerate(self.outcome.entries, start=1):
            if found.key in self.question.accept:
                return place
        return None

    @property
    def right(self) -> bool:
        return self.place == 1

    @property
    def leads(self) -> bool:
        """Whether the best match is an entry, so that at some threshold it would be answered."""
        return bool(self.outcome.matches) and self.outcome.matches[0].kind is Kind.ENTRY

    def decided(self, decision: Decision) -> bool:
        return self.outcome.decision is decision


def read_questions(path: Path) -> Sequence[Question]:
    """JSON lines `{"text", "accept": [keys]}`."""
    read = [
        Question(row["text"], frozenset(row["accept"])) for row in _lines(path, {"text": str, "accept": list})
    ]
    if not read:
        raise NothingToMeasure(file=path.name)
    return read


def read_topics(path: Path) -> Sequence[Topic]:
    """A foreign knowledge base: JSON lines `{"text", "label"}`, each one phrasing of what the label names."""
    phrasings: dict[str, list[str]] = defaultdict(list)
    for row in _lines(path, {"text": str, "label": str}):
        phrasings[row["label"]].append(row["text"])
    return [Topic(label, Kind.ENTRY, tuple(texts)) for label, texts in phrasings.items()]


def evaluate(
    questions: Sequence[Question],
    topics: Sequence[Topic],
    names: Sequence[str] = (),
    wrong_allowed: float = WRONG_ALLOWED,
    progress: Progress = lambda _done, _all: None,
) -> dict[str, Any]:
    """The figures of `zhibu faq eval`, and what the matcher has learnt from the topics alone. Blocks for as long as that
    and the questions take.
    """
    began = time.perf_counter()
    index = Index.build(topics, names)
    build_seconds = time.perf_counter() - began
    half = len(questions)
    began = time.perf_counter()
    index = taught(index, wrong_allowed, lambda done: progress(int(half * done), 2 * half))
    learn_seconds = time.perf_counter() - began
    answered = []
    for question in questions:
        began = time.perf_counter()
        outcome = match(index, question.text)
        answered.append(Answered(question, outcome, time.perf_counter() - began))
        progress(half + len(answered), 2 * half)
    return {
        **figures(answered),
        "build_seconds": round(build_seconds, 3),
        "learn_seconds": round(learn_seconds, 3),
        "learnt": told(index.learnt),
    }


def told(learnt: Learnt) -> dict[str, Any]:
    """What was learnt, for JSON. `evidence` is None where the content is too small to learn from."""
    found = learnt.evidence
    return {
        "weights": learnt.mix._asdict(),
        "thresholds": learnt.thresholds._asdict(),
        "wrong_allowed": learnt.wrong_allowed,
        "evidence": None
        if found is None
        else {
            "held_out": found.held_out,
            "answered_right": found.answered_right,
            "answered_wrong": found.answered_wrong,
            "suggested_right": found.suggested_right,
            "handed_over": found.handed_over,
            "reliability": [
                {"from": each.least, "to": each.most, "n": each.number, "right": each.right}
                for each in found.reliability
            ],
            "confused": [each._asdict() for each in found.confused],
        },
    }


def figures(answered: Sequence[Answered]) -> dict[str, Any]:
    within = [each for each in answered if each.in_scope]
    outside = [each for each in answered if not each.in_scope]
    given = [each for each in answered if each.decided(Decision.ANSWER)]
    suggested = [each for each in within if each.decided(Decision.SUGGEST)]
    return {
        "questions": len(answered),
        "in_scope": len(within),
        "out_of_scope": len(outside),
        "top1": _share(sum(each.right for each in within), within),
        "recall_at_3": _share(sum((each.place or 9) <= 3 for each in within), within),
        "mrr": _share(sum(1 / each.place for each in within if each.place), within),
        "answered_right": _share(sum(each.right for each in given), within),
        "suggested_right": _share(sum((each.place or 9) <= 3 for each in suggested), within),
        "handed_over": _share(
            sum(not each.decided(Decision.ANSWER) and not each.decided(Decision.SUGGEST) for each in within),
            within,
        ),
        "answered_wrong": _share(sum(not each.right for each in given), answered),
        "out_of_scope_answered": _share(sum(not each.in_scope for each in given), outside),
        "cov3": _share(_covered(answered, COVERED_AT), within),
        "latency_ms": {
            "p50": _percentile([each.seconds for each in answered], 0.50),
            "p99": _percentile([each.seconds for each in answered], 0.99),
        },
        "reliability": _reliability(answered),
    }


def _covered(answered: Sequence[Answered], wrong_allowed: float) -> int:
    """How many are answered right at the loosest threshold with at most this share of all answered wrong. By confidence
    alone: that short questions only get suggestions is left aside here.
    """
    best = right = wrong = 0
    candidates = [(each.first.confidence, each.right) for each in answered if each.first and each.leads]
    candidates.sort(key=lambda each: -each[0])
    for place, (confidence, is_right) in enumerate(candidates):
        right, wrong = right + is_right, wrong + (not is_right)
        tied = place + 1 < len(candidates) and candidates[place + 1][0] == confidence
        if not tied and wrong <= wrong_allowed * len(answered):
            best = right  # later ones are looser thresholds, and never less right
    return best


def _reliability(answered: Sequence[Answered]) -> list[Mapping[str, Any]]:
    """Of the questions whose best entry had such a confidence, how many there were and how many were right."""
    bins: list[list[bool]] = [[] for _ in range(_BINS)]
    for each in answered:
        if each.first is not None and each.leads:
            bins[min(_BINS - 1, int(each.first.confidence * _BINS))].append(each.right)
    return [
        {"from": place / _BINS, "to": (place + 1) / _BINS, "n": len(rights), "right": sum(rights)}
        for place, rights in enumerate(bins)
    ]


def _share(part: float, whole: Sequence[object]) -> float:
    return round(part / len(whole), 4) if whole else 0.0


def _percentile(seconds: Sequence[float], share: float) -> float:
    """In milliseconds, by the nearest rank."""
    ordered = sorted(seconds)
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1_000, 2)


def _lines(path: Path, wanted: Mapping[str, type]) -> Sequence[Mapping[str, Any]]:
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if not isinstance(row, dict) or any(
            not isinstance(row.get(name), kind) for name, kind in wanted.items()
        ):
            raise LineUnreadable(file=path.name, line=number, fields=", ".join(wanted))
        rows.append(row)
    return rows
