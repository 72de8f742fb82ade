"""How a text sounds: homophones (登陆/登录) come out alike, and so does what somebody typed as pinyin."""

import os
import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Final

# pypinyin's own switch, read when it is imported: its table of words with several readings takes 44 MiB, and matching by
# sound does as well with the readings of single characters.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")

from pypinyin import Style, lazy_pinyin

_BLUR = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"))
"""Sounds that many people, and many keyboards, do not tell apart."""

_FINALS: Final = {
    "": "a ai an ang ao e ei en eng er o ou",
    "b": "a ai an ang ao ei en eng i ian iao ie in ing o u",
    "p": "a ai an ang ao ei en eng i ian iao ie in ing o ou u",
    "m": "a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u",
    "f": "a an ang ei en eng o ou u",
    "d": "a ai an ang ao e ei en eng i ia ian iao ie ing iu ong ou u uan ui un uo",
    "t": "a ai an ang ao e eng i ian iao ie ing ong ou u uan ui un uo",
    "n": "a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong ou u uan uo v ve ue",
    "l": "a ai an ang ao e ei eng i ia ian iang iao ie in ing iu o ong ou u uan un uo v ve ue",
    "g": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "k": "a ai an ang ao e en eng ong ou u ua uai uan uang ui un uo",
    "h": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "j": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "q": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "x": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "zh": "a ai an ang ao e ei en eng i ong ou u ua uai uan uang ui un uo",
    "ch": "a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo",
    "sh": "a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo",
    "r": "an ang ao e en eng i ong ou u ua uan ui un uo",
    "z": "a ai an ang ao e ei en eng i ong ou u uan ui un uo",
    "c": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "s": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "y": "a an ang ao e i in ing o ong ou u uan ue un",
    "w": "a ai an ang ei en eng o u",
}
_LONGEST_SYLLABLE = 6
_LONGEST_RUN = 40
_LATIN = re.compile(r"[a-z]+")
_FEWEST_SYLLABLES = 3
"""Fewer, in a text without Chinese characters, may as well be English: "can", "machine"."""


def letters(text: str) -> str:
    """The sound of a normalised text as Latin letters: 登陆, 登录, 登錄 and `deng lu` come out alike."""
    return _blurred("".join(map(_sound, text)).replace(" ", ""))


def syllables(text: str) -> Sequence[str]:
    """The sounds of a normalised text's Chinese characters, in a row, and of what is plainly pinyin in it."""
    pinyin = is_pinyin(text)
    found: list[str] = []
    for part in re.findall(r"[a-z]+|[^a-z0-9\s]", text):
        if not part.isascii():
            found.append(_blurred(_sound(part)))
        elif pinyin or len(_segments(part)) > 1:
            found += map(_blurred, _segments(part))
    return found


def is_pinyin(text: str) -> bool:
    """Whether a normalised text is Chinese written in Latin letters."""
    runs = _LATIN.findall(text)
    spoken = [_segments(run) for run in runs]
    return text.isascii() and all(spoken) and sum(map(len, spoken)) >= _FEWEST_SYLLABLES


def initials(text: str) -> str:
    """The first letters of a normalised text's syllables: dfzmj for 党费怎么交."""
    return "".join(_sound(character)[:1] for character in text if not character.isspace())


@lru_cache(maxsize=8_192)  # as many characters as are in use; a tenth of them occur in a content
def _sound(character: str) -> str:
    return "".join(lazy_pinyin(character, style=Style.NORMAL, errors="default"))


def _blurred(sound: str) -> str:
    for written, blurred in _BLUR:
        sound = sound.replace(written, blurred)
    return sound


@lru_cache(maxsize=4_096)
def _segments(run: str) -> tuple[str, ...]:
    """A Latin word as the fewest syllables it can be cut into; none where it cannot."""
    if len(run) > _LONGEST_RUN:
        return ()
    best: list[tuple[str, ...] | None] = [(), *(None for _ in run)]
    for end in range(1, len(run) + 1):
        for start in range(max(0, end - _LONGEST_SYLLABLE), end):
            before = best[start]
            now = best[end]
            if (
                before is not None
                and run[start:end] in _table()
                and (now is None or len(before) + 1 < len(now))
            ):
                best[end] = (*before, run[start:end])
    return best[-1] or ()


@cache
def _table() -> frozenset[str]:
    return frozenset(initial + final for initial, finals in _FINALS.items() for final in finals.split())
