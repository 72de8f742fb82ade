"""How people write, evened out before wordings are compared."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

from opencc import OpenCC

LONGEST: Final = 300
"""Characters of a question that are looked at: its matter stands at one of its ends."""
BRIEF: Final = 4
"""A text of up to so many characters names a subject and asks nothing yet; a Latin word counts as two."""

_HARDLY: Final = 2
_KEPT = re.compile(r"[^\W_]+")
_UNIT = re.compile(r"[a-z]+|[0-9]+|[^a-z0-9\s]")


def normalise(text: str) -> str:
    """Lower case, simplified characters, full-width and half-width made one, punctuation and emoji gone, single spaces;
    of a very long text its two ends. Doing it twice changes nothing.
    """
    text = " ".join(_KEPT.findall(unicodedata.normalize("NFKC", text).lower()))
    # Lower-casing can decompose a letter anew.
    text = " ".join(_KEPT.findall(unicodedata.normalize("NFKC", text)))
    if not text.isascii():
        text = _simplifier().convert(text)
    if len(text) > LONGEST:
        half = (LONGEST - 1) // 2  # with a space between them
        text = f"{text[:half].rstrip()} {text[-half:].lstrip()}"
    return text


@cache
def _simplifier() -> OpenCC:
    """Loads its tables, so only once; converting changes nothing in it."""
    return OpenCC("t2s")


def length(text: str) -> int:
    """How much a normalised text says, in characters; a Latin word or a number counts as two."""
    return sum(2 if unit.isascii() else 1 for unit in _UNIT.findall(text))


def is_brief(text: str) -> bool:
    """Whether a normalised text does no more than name a subject."""
    return length(text) <= BRIEF


class Courtesies:
    """Words said around a question ("你好,请问…谢谢") that are no part of it."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._phrases: Sequence[str] = sorted(
            {normalise(phrase) for phrase in phrases} - {""}, key=lambda phrase: (-len(phrase), phrase)
        )

    def strip(self, text: str) -> str:
        """A normalised text without the courtesies at its ends, nor whole clauses of them; empty when it is nothing else."""
        while text and (shorter := self._once(text)) != text:
            text = shorter
        return text

    def _once(self, text: str) -> str:
        for phrase in self._phrases:
            if text.startswith(phrase) and _ends_here(text[len(phrase) :], phrase[-1]):
                return text[len(phrase) :].strip()
            if text.endswith(phrase) and _ends_here(text[: -len(phrase)][::-1], phrase[0]):
                return text[: -len(phrase)].strip()
        return " ".join(clause for clause in text.split() if not self._is_clause(clause))

    def _is_clause(self, text: str) -> bool:
        """Whether a clause without a space is a Chinese courtesy and hardly more: "打扰您一下", "谢谢您啊"."""
        return not text.isascii() and any(
            phrase in text and len(text) - len(phrase) <= _HARDLY and not phrase.isascii() and len(phrase) > 1
            for phrase in self._phrases
        )


def _ends_here(rest: str, edge: str) -> bool:
    """A Latin word is not cut in two."""
    return not (rest and rest[0].isascii() and rest[0].isalnum() and edge.isascii())


class Names:
    """What members call the app, its own name first: they all mean the same."""

    def __init__(self, names: Sequence[str]) -> None:
        self.called = tuple(names)
        written = [name for name in map(normalise, names) if name]
        self.own = written[0] if written else ""
        longest_first = sorted({re.escape(name) for name in written}, key=lambda name: (-len(name), name))
        self._pattern = re.compile("|".join(longest_first)) if written else None

    def unite(self, text: str) -> str:
        return text if self._pattern is None else self._pattern.sub(self.own, text)
