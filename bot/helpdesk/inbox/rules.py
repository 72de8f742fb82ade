"""What is looked for, from what somebody typed."""

import unicodedata
from collections.abc import Sequence
from typing import Final

from bot.helpdesk.inbox.buttons import LONGEST_SEARCH

MOST_WORDS: Final = 4


def words_of(text: str) -> Sequence[str]:
    """The words to look for, in lower case; none where nothing was typed. As many as a button carries: of a long text
    its beginning. Doing it again with these words changes nothing.
    """
    found: list[str] = []
    rest = LONGEST_SEARCH
    typed = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower())
    for word in typed.translate(_APART).split():
        fitting = word.encode()[:rest].decode(errors="ignore")
        if not fitting or len(found) == MOST_WORDS:
            break
        if fitting not in found:
            found.append(fitting)
            rest -= len(fitting.encode()) + 1
        if fitting != word or rest <= 0:
            break
    return tuple(found)


_APART: Final = {ord(sign): " " for sign in "#:，。、；？！,;?!“”\"'"}
"""Signs that part words; a number may be written with a # before it."""
