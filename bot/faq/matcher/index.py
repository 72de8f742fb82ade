"""Everything that can be meant, and what an index finds in a text."""

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from bot.faq.matcher.corpus import Corpus, Phrasing
from bot.faq.matcher.field import Asked, Field, Floats
from bot.faq.matcher.foreign import Others, calls
from bot.faq.matcher.grams import SOUND, beginning, counted, number_of
from bot.faq.matcher.learning import Voice, carried, learnt
from bot.faq.matcher.learnt import BEGINNING, SPREAD, Learnt, Parts
from bot.faq.matcher.sounds import letters, syllables
from bot.faq.matcher.topics import Topic
from bot.faq.matcher.wording import is_brief
from bot.faq.model import Kind

_SHORTLIST: Final = 12
_FOR_EXTRA: Final = 5
"""So many topics come into question for somebody else's score alone."""
_INITIALS: Final = range(3, 11)
"""So many letters in a row may be the initials of a question."""


@dataclasses.dataclass(frozen=True, slots=True)
class Reading:
    """What an index finds in a text."""

    topics: Mapping[int, Parts]
    """The topics, by number, that come into question."""
    exact: Collection[int]
    """The topics that have the text, word for word, among their phrasings."""
    holders: Mapping[int, int]
    """By topic, in how many of its longer phrasings the text stands as it is."""
    strange: float = 0.0
    """How much of the text, from 0 to 1, stands in no entry: words that belong to something else."""
    elsewhere: Collection[str] = ()
    """Names of what is not ours that the text calls."""
    by_initials: bool = False
    """The text is read as the initials of its syllables: a guess to be confirmed."""


class Index:
    """Everything that can be meant. Built once per version of the content, never changed."""

    def __init__(self, corpus: Corpus, field: Field, weights: Floats, learnt: Learnt) -> None:
        self.corpus = corpus
        self.field = field
        self.weights = weights
        self.learnt = learnt
        self.voice = Voice.of(field)
        self._phrasings = corpus.by_topic()
        self._initials = corpus.initials()
        exact: dict[str, tuple[int, ...]] = {}
        for each in corpus.phrasings:
            exact[each.written] = (*exact.get(each.written, ()), each.topic)
        self._exact = exact
        self._of_entries = self._standing_in(Kind.ENTRY)
        self._of_matters = self._standing_in(Kind.ENTRY, Kind.DECLINE)
        self._others = Others(
            each.written
            for each in corpus.phrasings
            if corpus.topics[each.topic].kind is Kind.DECLINE
            and is_brief(each.written)
            and len(each.written) > 1
        )

    @classmethod
    def build(
        cls, topics: Iterable[Topic], names: Sequence[str] = (), before: "Index | None" = None
    ) -> "Index":
        """`names` are what members call the app, its own name first: they all mean the same. `before`: an older index;
        what it has learnt is taken over, and only what is new in the content costs time.
        """
        corpus = Corpus.of(topics, names, None if before is None else before.corpus)
        field = Field(corpus.rows, corpus.topic_of_row(), len(corpus.topics))
        if before is None:
            return cls(corpus, field, learn_weights(corpus, field), BEGINNING)
        begun = carried(field, corpus.topics, before.field, before.topics, before.weights)
        known = {(before.topics[each.topic].key, each.said) for each in before.corpus.phrasings}
        is_new = [(corpus.topics[each.topic].key, each.said) not in known for each in corpus.phrasings]
        added = corpus.kept(np.array(is_new, np.bool_))
        weights = learnt(field, added.rows, added.topic_of_row(), corpus.families, begun)
        return cls(corpus, field, weights, before.learnt)

    def _standing_in(self, *kinds: Kind) -> NDArray[np.bool_]:
        """By gram, whether it stands in a topic of one of these kinds."""
        meant = np.array([topic.kind in kinds for topic in self.topics], np.bool_)
        if not len(self.field):
            return np.empty(0, np.bool_)
        return np.logical_or.reduceat(meant[self.field.topics], self.field.starts[:-1])

    @classmethod
    def recalled(
        cls, topics: Iterable[Topic], names: Sequence[str], weights: Floats, learnt: Learnt
    ) -> "Index":
        """The index of a content from which these weights and values were learnt before."""
        corpus = Corpus.of(topics, names)
        return cls(corpus, Field(corpus.rows, corpus.topic_of_row(), len(corpus.topics)), weights, learnt)

    def speaks_of(self, number: int, name: str) -> bool:
        """Whether a topic's own phrasings use a name."""
        return any(calls(each.written, name) for each in self._phrasings[number])

    @property
    def topics(self) -> Sequence[Topic]:
        return self.corpus.topics

    def normalise(self, text: str) -> str:
        return self.corpus.normalise(text)

    def bare(self, text: str) -> str:
        """A normalised text without the courtesies around it."""
        return self.corpus.courtesies.strip(text)

    def phrasings_of(self, number: int) -> Sequence[Phrasing]:
        return self._phrasings[number]

    def is_phrasing(self, text: str, among: Collection[str] | None) -> bool:
        """Whether a normalised text is, word for word, a phrasing of one of these keys' topics (None: of any)."""
        return any(among is None or self.topics[number].key in among for number in self._exact.get(text, ()))

    def is_chatter(self, text: str) -> bool:
        """Whether a normalised text is, word for word, small talk and nothing else."""
        kinds = {self.topics[number].kind for number in self._exact.get(text, ())}
        return bool(kinds) and kinds <= {Kind.SMALLTALK, Kind.COURTESY}

    def says_something(self, text: str) -> bool:
        """Whether a normalised text is more than one sound or key repeated and, if it is Latin letters and digits, has
        a word or a pair of sounds in common with what can be meant, or may be initials of it.
        """
        if text in self._exact:
            return True
        if len(set(text)) < 2:
            return False
        return not text.isascii() or self._knows_words(text) or bool(self._by_initials(text))

    def read(
        self, text: str, among: Collection[str] | None = None, extra: Mapping[str, float] | None = None
    ) -> Reading:
        """What a normalised text may mean. `among`: only topics of these keys count. `extra`: by key, a score of somebody
        else's, from 0 to 1.
        """
        visible = np.array([among is None or topic.key in among for topic in self.topics], np.bool_)
        if text not in self._exact and text.isascii() and not self._knows_words(text):
            guessed = {number: parts for number, parts in self._by_initials(text).items() if visible[number]}
            if guessed:
                return Reading(guessed, (), {}, by_initials=True)
        asked = self.field.ask(counted(text))
        shared = self.field.near(asked)
        heard = np.repeat(self.voice.heard(asked), asked.lengths)
        regression = self.field.summed(asked, self.weights[asked.postings] * heard)
        added = self._extra(extra)
        mix = self.learnt.mix
        score = mix.shared * shared / SPREAD.shared + mix.learnt * regression / SPREAD.learnt
        score = np.where(visible & (shared > 0), score + mix.extra * added / SPREAD.extra, -np.inf)
        exact = [number for number in self._exact.get(text, ()) if visible[number]]
        strangers = [number for number in np.argsort(-added, kind="stable")[:_FOR_EXTRA] if added[number] > 0]
        best = np.argsort(-score, kind="stable")[:_SHORTLIST]
        candidates = dict.fromkeys(
            int(number)
            for number in (*exact, *(each for each in best if score[each] > -np.inf), *strangers)
            if visible[number]
        )
        sound = letters(text)
        found = {
            number: Parts(
                float(shared[number]),
                float(regression[number]),
                self._nearest_two(sound, number),
                float(added[number]),
            )
            for number in candidates
        }
        return Reading(found, exact, self._holders(text, found), self._strange(asked), self._elsewhere(text))

    def _extra(self, extra: Mapping[str, float] | None) -> Floats:
        if not extra:
            return np.zeros(len(self.topics), np.float32)
        return np.array([extra.get(topic.key, 0.0) for topic in self.topics], np.float32)

    def _nearest_two(self, sound: str, number: int) -> float:
        sounding = [each.sounding for each in self._phrasings[number]]
        near = [found[1] for found in process.extract(sound, sounding, scorer=fuzz.ratio, limit=2)]
        return sum(near) / len(near) / 100 if near else 0.0

    def _holders(self, text: str, numbers: Iterable[int]) -> Mapping[int, int]:
        counted = {
            number: sum(text in each.written and text != each.written for each in self._phrasings[number])
            for number in numbers
        }
        return {number: times for number, times in counted.items() if times}

    def _strange(self, asked: Asked) -> float:
        familiar = float(self.field.rarity[asked.columns[self._of_entries[asked.columns]]].sum())
        return 1 - familiar / (self.field.reachable(asked) or 1)

    def _elsewhere(self, text: str) -> Collection[str]:
        """None where the text calls the app by its name too."""
        own = self.corpus.names.own
        return () if own and own in text else self._others.in_text(text)

    def _knows_words(self, text: str) -> bool:
        """Whether a Latin word of the text, by its beginning, or two of its syllables in a row stand in an entry or a
        decline.
        """
        spoken = syllables(text)
        pairs = (f"{SOUND}{first} {second}" for first, second in pairwise(spoken))
        wanted = np.array([number_of(gram) for gram in (*map(beginning, text.split()), *pairs)], np.uint32)
        return bool(self._of_matters[self.field.columns_of(wanted)[0]].any())

    def _by_initials(self, text: str) -> Mapping[int, Parts]:
        if not (text.isalpha() and len(text) in _INITIALS):
            return {}
        found: dict[int, Parts] = {}
        for number, lines in enumerate(self._initials):
            if text in lines:
                whole = f"\n{text}\n" in lines
                found[number] = Parts(SPREAD.shared * (2 if whole else 1), 0.0, 0.0)
        best = sorted(found, key=lambda number: (-found[number].shared, number))[:_SHORTLIST]
        return {number: found[number] for number in best}


def learn_weights(corpus: Corpus, field: Field) -> Floats:
    """What the phrasings of a corpus teach."""
    return learnt(field, corpus.rows, corpus.topic_of_row(), corpus.families)
