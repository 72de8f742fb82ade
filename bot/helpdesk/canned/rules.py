"""What is filled into a canned reply."""

import re
from collections.abc import Collection

LIMIT = 1_000
"""Characters of one reply: it is brought with a name before it, in one message."""

_IN_BRACES = re.compile(r"[{\uff5b]\s*([^{}\uff5b\uff5d]*?)\s*[}\uff5d]")
"""A word in braces, half or full width as phones write them."""


def filled(text: str, words: Collection[str], name: str) -> str:
    """The text with `name` for each of these words in braces; anything else in braces stays."""
    known = _folded(words)
    return _IN_BRACES.sub(lambda found: name if found[1].casefold() in known else found[0], text)


def unknown(text: str, words: Collection[str]) -> str | None:
    """The first word in braces that is none of these, with its braces."""
    known = _folded(words)
    for found in _IN_BRACES.finditer(text):
        if found[1].casefold() not in known:
            return found[0]
    return None


def _folded(words: Collection[str]) -> Collection[str]:
    return {word.casefold() for word in words}
