"""Floods: decisions only."""

from collections.abc import Sequence

from bot.helpdesk.model import Content, Entry, Kind
from bot.helpdesk.rules import MESSAGE_LIMIT, Flood, size

_NAME = 100
"""UTF-16 units left for the name before what is brought together."""


def is_too_fast(said: int, flood: Flood) -> bool:
    """Whether the last of so many things said in time is to wait."""
    return said > flood.messages


def begins(said: int, flood: Flood) -> bool:
    """Whether it is the first that has to wait, so that its author is told."""
    return said == flood.messages + 1


def fits(together: Sequence[Entry], content: Content) -> bool:
    """Whether a text can be brought in one message with those."""
    if content.kind is not Kind.TEXT or any(each.content.kind is not Kind.TEXT for each in together):
        return False
    return sum(size(each.content.text) + 1 for each in together) + size(content.text) <= MESSAGE_LIMIT - _NAME


def bundles(entries: Sequence[Entry], flood: Flood) -> Sequence[tuple[int, int]]:
    """Of all a member has said before it was sent: which entries are to be brought in one message with which earlier one.
    The first of them stand for themselves.
    """
    found: list[tuple[int, int]] = []
    together: list[Entry] = []
    for entry in entries[flood.messages :]:
        if together and fits(together, entry.content):
            found.append((entry.id, together[0].id))
            together.append(entry)
        else:
            together = [entry]
    return found
