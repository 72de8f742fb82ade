"""A message taken apart into the questions it may hold."""

import re
from collections.abc import Sequence
from typing import Final

from bot.faq.matcher.wording import length, normalise

MOST: Final = 3
"""More than that is a story."""
_SHORTEST: Final = 5
"""What is shorter belongs to what stands before it."""
_MARK = re.compile(
    r"(?<=[?？。!！;；])|[\n\r]+"
    r"|[,，、;；\s]*(?=(?:还有|另外|再问|再有|顺便问|第[一二三四五六]个?(?:问题)?|[二三四]是|其次|最后问)(?![人个月次点]))"
    r"|(?<=\W)(?=(?:and also|also|another question|second(?:ly)?|third(?:ly)?|besides)\b)"
    r"|(?:^|(?<=\s))(?=[1-6][.、)）]\s*\D)",
    re.IGNORECASE,
)


_ASKED = re.compile(
    r"[?？]\s*$|^\s*(?:还有|另外|再问|再有|顺便问|(?:and )?also\b|another question\b)", re.IGNORECASE
)


def asks(part: str) -> bool:
    """Whether a part of a message is plainly put as a question of its own."""
    return _ASKED.search(part) is not None


_CLAUSE = re.compile(r"[,，。.!！?？;；:：~～…\n\r]+")
_CLAUSES_AT_MOST: Final = 6


def clauses_in(text: str) -> Sequence[str]:
    """The clauses of a story, as they were written, none of a text that is a single one. Of a long story the last ones:
    the question stands at its end.
    """
    parts = [part for part in _CLAUSE.split(text) if length(normalise(part)) >= _SHORTEST]
    return parts[-_CLAUSES_AT_MOST:] if len(parts) > 1 else ()


def questions_in(text: str) -> Sequence[str]:
    """The parts of a message that may be questions of their own, as they were written and in their order: cut at the
    ends of sentences, at line ends and before words such as "还有", "另外", "also". A text without any of these is one.
    """
    parts: list[str] = []
    for part in (each.strip() for each in _MARK.split(text)):
        if parts and length(normalise(part)) < _SHORTEST:
            parts[-1] = f"{parts[-1]} {part}".strip()
        elif part:
            parts.append(part)
    return parts or [text]
