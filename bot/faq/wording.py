"""How people write, evened out before wordings are compared."""

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

# pypinyin's own switch, read when it is imported: its table of words with several readings takes 44 MiB, and matching by
# sound does as well with the readings of single characters.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")

from pypinyin import Style, lazy_pinyin

LONGEST = 300
"""Characters of a question that are looked at: its matter stands at one of its ends."""

_KEPT = re.compile(r"[^\W_]+")
_RUN = re.compile(r"[a-z]+|[0-9]+|[^a-z0-9\s]+")
_BLUR = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"))
"""Sounds that many people, and many keyboards, do not tell apart."""


def normalise(text: str) -> str:
    """Lower case, full-width and half-width made one, punctuation and emoji gone, single spaces; of a very long text
    its two ends. Doing it twice changes nothing.
    """
    text = " ".join(_KEPT.findall(unicodedata.normalize("NFKC", text).lower()))
    # Lower-casing can decompose a letter anew.
    text = " ".join(_KEPT.findall(unicodedata.normalize("NFKC", text)))
    if len(text) > LONGEST:
        half = (LONGEST - 1) // 2  # with a space between them
        text = f"{text[:half].rstrip()} {text[-half:].lstrip()}"
    return text


def letters(text: str) -> str:
    """The sound of a normalised text as Latin letters: 登陆, 登录, 登錄 and `deng lu` come out alike."""
    sound = "".join(map(_sound, text)).replace(" ", "")
    for written, blurred in _BLUR:
        sound = sound.replace(written, blurred)
    return sound


@lru_cache(maxsize=8_192)  # as many characters as are in use; a tenth of them occur in a content
def _sound(character: str) -> str:
    return "".join(lazy_pinyin(character, style=Style.NORMAL, errors="default"))


def grams(text: str) -> Iterator[str]:
    """What a normalised text is compared by: of Chinese, one to three characters in a row; of Latin script, words,
    pairs of words, and the inside of words.
    """
    previous = ""
    for run in _RUN.findall(text):
        if run.isascii():
            yield f"{run} "
            if previous:
                yield f"{previous} {run}"
            yield from _windows(f" {run} ", (4,))
            previous = run
        else:
            yield from _windows(run, (1, 2, 3))
            previous = ""


def sounds(sound: str) -> Iterator[str]:
    """What a sound, as `letters` gives it, is compared by."""
    return _windows(sound, (4, 5))


class Courtesies:
    """Words said around a question ("你好,请问…谢谢") that are no part of it."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._phrases: Sequence[str] = sorted(
            {normalise(phrase) for phrase in phrases} - {""}, key=lambda phrase: (-len(phrase), phrase)
        )

    def strip(self, text: str) -> str:
        """A normalised text without the courtesies at its ends; empty when it is nothing else."""
        while text and (shorter := self._once(text)) != text:
            text = shorter
        return text

    def _once(self, text: str) -> str:
        for phrase in self._phrases:
            if text.startswith(phrase) and _ends_here(text[len(phrase) :], phrase[-1]):
                return text[len(phrase) :].strip()
            if text.endswith(phrase) and _ends_here(text[: -len(phrase)][::-1], phrase[0]):
                return text[: -len(phrase)].strip()
        return text


def _ends_here(rest: str, edge: str) -> bool:
    """A Latin word is not cut in two."""
    return not (rest and rest[0].isascii() and rest[0].isalnum() and edge.isascii())


def _windows(text: str, sizes: Iterable[int]) -> Iterator[str]:
    for size in sizes:
        for start in range(len(text) - size + 1):
            yield text[start : start + size]
