"""The names of what is not ours: other apps, other fees.

"公积金app实名认证过不去" is put like one of our questions and shares all its words with an entry, but one. That one decides.
It is found among the phrasings of declines that are no more than a subject: "公积金", "银行app", "union dues".
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from bot.faq.matcher.sounds import is_pinyin, letters
from bot.faq.matcher.wording import length

_PASSING: Final = 20
"""Of a text so many times as long as a name it calls, the name is not the subject."""


class Others:
    def __init__(self, names: Iterable[str]) -> None:
        """`names`: normalised."""
        longest_first = sorted(set(names), key=lambda name: (-len(name), name))
        self._pattern = re.compile("|".join(map(_bounded, longest_first)) or r"(?!)")
        self._by_sound = {
            letters(name): name for name in longest_first if not name.isascii() and len(name) > 2
        }

    def in_text(self, text: str) -> Sequence[str]:
        """The names that are the subject of a normalised text."""
        found = self._pattern.findall(text)
        if is_pinyin(text):
            sound = letters(text)
            found += [name for sounding, name in self._by_sound.items() if sounding in sound]
        return [name for name in dict.fromkeys(found) if length(name) * _PASSING >= length(text)]


def calls(text: str, name: str) -> bool:
    """Whether a normalised text uses a name."""
    return name in text and re.search(_bounded(name), text) is not None


def _bounded(name: str) -> str:
    """A Latin word is not found inside a longer one."""
    before = r"(?<![a-z0-9])" if name[0].isascii() else ""
    after = r"(?![a-z0-9])" if name[-1].isascii() else ""
    return f"{before}{re.escape(name)}{after}"
