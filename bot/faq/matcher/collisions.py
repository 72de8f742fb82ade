"""What a changed topic would take from the others, and what they would keep of it: a real re-evaluation.

Each phrasing in doubt is asked of an index that has not seen it, once with the topic as it was and once as it is to be.
"""

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from rapidfuzz import fuzz, process

from bot.faq.matcher.corpus import Corpus
from bot.faq.matcher.decisions import Outcome, match
from bot.faq.matcher.field import Field
from bot.faq.matcher.index import Index, learn_weights
from bot.faq.matcher.sounds import letters
from bot.faq.matcher.topics import Topic
from bot.faq.model import Decision, Kind

_ALIKE: Final = 50
"""Phrasings that sound less alike than that (0 to 100) are in no doubt."""
_IN_DOUBT: Final = 60
"""Phrasings asked at most, those most alike first."""
_SHARE: Final = 5
"""At most every fifth phrasing of a topic is kept out of the index: what is left must still speak for it."""


@dataclasses.dataclass(frozen=True, slots=True)
class Collisions:
    taken: Mapping[str, Sequence[str]]
    """By another topic's key, those of its phrasings that are its own now and would be taken for the changed topic."""
    kept: Mapping[str, Sequence[str]]
    """By another entry's key, the new phrasings that it answers now."""


def collisions(
    index: Index,
    changed: Topic,
    *,
    in_place_of: Collection[str],
    among: Collection[str],
    names: Sequence[str],
) -> Collisions:
    """What comes of `changed`, if it takes the place of the topics `in_place_of`. `among`: the keys of the topics that
    its readers see; `names`: as `Index.build` takes them. Takes seconds.
    """
    was = [topic for topic in index.topics if topic.key in among]
    others = [topic for topic in was if topic.key not in in_place_of]
    known = {text for topic in was if topic.key in in_place_of for text in topic.phrasings}
    new = [text for text in changed.phrasings if text not in known]
    doubtful = _doubtful(others, new)
    before = _having_not_seen(was, names, index, doubtful)
    after = _having_not_seen([*others, changed], names, index, doubtful)
    taken = {
        key: [text for text in texts if _means(before, text) == key and _means(after, text) == changed.key]
        for key, texts in doubtful.items()
    }
    kept: dict[str, list[str]] = {}
    for text in new:
        outcome = match(before, text)
        if outcome.decision is Decision.ANSWER and outcome.matches[0].key not in in_place_of:
            kept.setdefault(outcome.matches[0].key, []).append(text)
    return Collisions({key: texts for key, texts in taken.items() if texts}, kept)


def _doubtful(others: Sequence[Topic], new: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """The phrasings of other topics that sound most like one of the new ones."""
    if not new:
        return {}
    sounding = [letters(text.lower()) for text in new]
    found: list[tuple[float, str, str]] = []
    for topic in others:
        if topic.kind is Kind.COURTESY:
            continue
        near = [(_nearest(text, sounding), topic.key, text) for text in topic.phrasings]
        most = max(1, len(near) // _SHARE)
        found += sorted((each for each in near if each[0] >= _ALIKE), reverse=True)[:most]
    chosen: dict[str, list[str]] = {}
    for _, key, text in sorted(found, reverse=True)[:_IN_DOUBT]:
        chosen.setdefault(key, []).append(text)
    return chosen


def _nearest(text: str, sounding: Sequence[str]) -> float:
    return float(process.extractOne(letters(text.lower()), sounding, scorer=fuzz.ratio)[1])


def _having_not_seen(
    topics: Sequence[Topic], names: Sequence[str], like: Index, out: Mapping[str, Sequence[str]]
) -> Index:
    kept = [
        dataclasses.replace(
            topic, phrasings=tuple(text for text in topic.phrasings if text not in out.get(topic.key, ()))
        )
        for topic in topics
    ]
    corpus = Corpus.of(kept, names, like.corpus)
    field = Field(corpus.rows, corpus.topic_of_row(), len(corpus.topics))
    return Index(corpus, field, learn_weights(corpus, field), like.learnt)


def _means(index: Index, text: str) -> str | None:
    outcome: Outcome = match(index, text)
    return outcome.matches[0].key if outcome.matches else None
