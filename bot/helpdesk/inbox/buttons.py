"""The inbox's buttons, and what is awaited in it."""

from typing import Annotated, Final

from bot.helpdesk.inbox.model import Filter
from bot.kit.buttons import AtMost, Button
from bot.kit.dialogue import Dialogue

LONGEST_SEARCH: Final = 36
"""Bytes of a search that a button carries to its next page."""


class Browse(Button, tag="hd.inbox"):
    filter: Filter
    page: int
    """From 0."""


class Found(Button, tag="hd.found"):
    """A page of what was found."""

    words: Annotated[str, AtMost(LONGEST_SEARCH)]
    page: int


class Past(Button, tag="hd.past"):
    """What the member of this ticket had asked before."""

    ticket: int
    page: int


class Leave(Button, tag="hd.leave"):
    """Nothing is to be looked for."""


class Searching(Dialogue, tag="hd.search"):
    """The next text is what is to be looked for."""
