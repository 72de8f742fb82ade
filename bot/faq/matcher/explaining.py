"""Why a text matches a topic, for people who keep the FAQ."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Final

from rapidfuzz import fuzz

from bot.faq.matcher.grams import SOUND, counted, grams, number_of
from bot.faq.matcher.index import Index
from bot.faq.matcher.learnt import SPREAD, Parts
from bot.faq.matcher.sounds import letters

_TOLD: Final = 5


@dataclasses.dataclass(frozen=True, slots=True)
class Weight:
    gram: str
    """Characters, words or parts of words, or syllables, as they are compared."""
    counts: float
    """What it adds to the topic's score, in spreads; what speaks against it is negative."""


@dataclasses.dataclass(frozen=True, slots=True)
class Explanation:
    parts: Mapping[str, float]
    """What each score adds, in spreads: "shared", "learnt", "nearest" and, where there is one, "extra"."""
    writing: Sequence[Weight]
    """What counts most of the writing, most first."""
    sound: Sequence[Weight]
    """What counts most of the pinyin, most first."""
    nearest: str | None
    """The topic's phrasing that sounds most like the text, as it was written; None where it has none."""


def explain(index: Index, text: str, key: str, extra: Mapping[str, float] | None = None) -> Explanation:
    """What speaks for the topic of this key, which the index must have. `extra`: as for `match`."""
    number = next(place for place, topic in enumerate(index.topics) if topic.key == key)
    asked = index.normalise(text)
    known = asked if index.is_phrasing(asked, None) else index.bare(asked)
    found = index.read(known, {key}, extra).topics.get(number, Parts(0.0, 0.0, 0.0))
    mix = index.learnt.mix
    added = {
        "shared": mix.shared * found.shared / SPREAD.shared,
        "learnt": mix.learnt * found.learnt / SPREAD.learnt,
        "nearest": mix.score(Parts(0.0, 0.0, found.nearest)),
    }
    if found.extra:
        added["extra"] = mix.extra * found.extra / SPREAD.extra
    weights = _weights(index, known, number)
    return Explanation(
        added,
        [each for each in weights if not each.gram.startswith(SOUND)][:_TOLD],
        [
            Weight(each.gram.removeprefix(SOUND), each.counts)
            for each in weights
            if each.gram.startswith(SOUND)
        ][:_TOLD],
        _nearest(index, known, number),
    )


def _weights(index: Index, text: str, number: int) -> Sequence[Weight]:
    """What each gram of the text that the topic has adds to its score."""
    asked = index.field.ask(counted(text))
    named = {number_of(gram): gram for gram in grams(text)}
    reachable = index.field.reachable(asked)
    mix, heard = index.learnt.mix, index.voice.heard(asked)
    found = []
    for column, loud in zip(asked.columns, heard, strict=True):
        first, last = index.field.starts[column], index.field.starts[column + 1]
        for posting in range(first, last):
            if index.field.topics[posting] == number:
                shared = float(index.field.shares[posting]) / reachable
                learnt = float(index.weights[posting] * loud)
                counts = mix.shared * shared / SPREAD.shared + mix.learnt * learnt / SPREAD.learnt
                found.append(Weight(named[int(index.field.grams[column])].strip("="), counts))
    return sorted(found, key=lambda each: (-abs(each.counts), each.gram))


def _nearest(index: Index, text: str, number: int) -> str | None:
    held = index.phrasings_of(number)
    if not held:
        return None
    sound = letters(text)
    return max(held, key=lambda each: fuzz.ratio(sound, each.sounding)).said
