"""What is commonly used to find the right FAQ entry, to be measured beside the matcher."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz, process

from bot.faq.matcher import Topic, normalise
from bot.faq.matcher.evaluation import COVERED_AT, Question


class Ranked(NamedTuple):
    keys: Sequence[str]
    """The best three, best first."""
    score: float
    """Of the best."""


Matcher = Callable[[str], Ranked]


def best_phrasing(scorer: Callable[..., float]) -> Callable[[Sequence[Topic]], Matcher]:
    """Every phrasing is compared; an entry counts as its best."""

    def make(topics: Sequence[Topic]) -> Matcher:
        owners = [topic.key for topic in topics for _ in topic.phrasings]
        phrasings = [normalise(text) for topic in topics for text in topic.phrasings]

        def ranked(text: str) -> Ranked:
            found = process.extract(normalise(text), phrasings, scorer=scorer, limit=60)
            keys = list(dict.fromkeys(owners[place] for _, _, place in found))
            return Ranked(keys[:3], found[0][1] if found else 0.0)

        return ranked

    return make


def bm25(topics: Sequence[Topic]) -> Matcher:
    """Plain BM25 over words and pairs and triples of Chinese characters, an entry's phrasings as one document."""
    documents = [Counter(gram for text in topic.phrasings for gram in _grams(text)) for topic in topics]
    mean = sum(document.total() for document in documents) / max(1, len(documents)) or 1
    spread = Counter(gram for document in documents for gram in document)
    postings: Mapping[str, list[tuple[int, float]]] = defaultdict(list)
    for number, document in enumerate(documents):
        damping = 1.2 * (0.25 + 0.75 * document.total() / mean)
        for gram, times in document.items():
            rarity = math.log(1 + (len(documents) - spread[gram] + 0.5) / (spread[gram] + 0.5))
            postings[gram].append((number, rarity * times * 2.2 / (times + damping)))

    def ranked(text: str) -> Ranked:
        scores: defaultdict[int, float] = defaultdict(float)
        for gram in _grams(text):
            for number, share in postings.get(gram, ()):
                scores[number] += share
        best = sorted(scores, key=lambda number: (-scores[number], number))[:3]
        return Ranked([topics[number].key for number in best], scores[best[0]] if best else 0.0)

    return ranked


def _grams(text: str) -> list[str]:
    found = []
    for run in re.findall(r"[a-z0-9]+|[^a-z0-9\s]+", normalise(text)):
        if run.isascii():
            found.append(run)
        else:
            found += [run[start : start + size] for size in (2, 3) for start in range(len(run) - size + 1)]
    return found


ALL: Mapping[str, Callable[[Sequence[Topic]], Matcher]] = {
    "rapidfuzz WRatio, best phrasing": best_phrasing(fuzz.WRatio),
    "rapidfuzz token_set_ratio": best_phrasing(fuzz.token_set_ratio),
    "BM25": bm25,
}


def figures(found: Sequence[tuple[Question, Ranked]]) -> tuple[float, float, float]:
    """Top-1, recall@3 and cov3, as shares of the questions in scope."""
    within = [each for each in found if each[0].accept]
    top = sum(ranked.keys[:1] != [] and ranked.keys[0] in question.accept for question, ranked in within)
    three = sum(not question.accept.isdisjoint(ranked.keys) for question, ranked in within)
    right = wrong = covered = 0
    for question, ranked in sorted(found, key=lambda each: -each[1].score):
        is_right = bool(ranked.keys) and ranked.keys[0] in question.accept
        right, wrong = right + is_right, wrong + (not is_right)
        if wrong > COVERED_AT * len(found):
            break
        covered = right
    return top / len(within), three / len(within), covered / len(within)
