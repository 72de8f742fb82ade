"""The inbox's words: which tickets are looked at, and how many there are."""

import dataclasses
import enum
from collections.abc import Mapping

from bot.helpdesk.model import Line


class Filter(enum.StrEnum):
    """Which of the tickets that somebody of the staff may see."""

    ALL = "all"
    """All that are not closed."""
    WAITING = "waiting"
    """Open, and this person's to answer: theirs, or they were asked to help."""
    PRESSING = "pressing"
    """Open, and the promised time is near or over."""
    ANSWERED = "answered"
    SNOOZED = "snoozed"
    """Open, and put aside for a time."""
    BRANCH = "branch"
    """Of the branches in which this person holds a post."""


Counts = Mapping[Filter, int]


@dataclasses.dataclass(frozen=True, slots=True)
class Item:
    """A ticket in the inbox."""

    line: Line
    pressing: bool
    snoozed: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """A part of the inbox."""

    filter: Filter
    number: int
    """From 0."""
    items: tuple[Item, ...]
    has_next: bool
    counts: Counts
    waiting: int
    """Open and not put aside, whoever of the branch is to answer."""
