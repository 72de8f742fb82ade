"""The terms on which a unit answers: its days and hours, within how long, who is named how."""

import dataclasses
import enum
from collections.abc import Sequence
from typing import Any

from bot.helpdesk.calendar import Days, Hours, Pattern


@dataclasses.dataclass(frozen=True, slots=True)
class Terms:
    """All that is set for a unit, be it by itself or from above."""

    hours: Hours
    answer_minutes: int
    """Of working time, within which the first person asked is expected to answer; at least 1."""
    days: Days = Days(Pattern.WORKING)  # noqa: RUF009 - frozen
    warn_percent: int = 75
    """Of the time to answer, after which the owner is warned; 1 to 99."""
    climb_minutes: int | None = None
    """Of working time, that everybody further up the ladder has; None: as many as the first."""
    shows_accounts: bool = False
    """Whether the name over an answer leads to the private account of who wrote it."""

    def __post_init__(self) -> None:
        if self.answer_minutes < 1 or (self.climb_minutes is not None and self.climb_minutes < 1):
            raise ValueError("an answer cannot be expected at once")
        if not 1 <= self.warn_percent <= 99:
            raise ValueError("a warning comes after the question and before the deadline")


@dataclasses.dataclass(frozen=True, slots=True)
class OwnTerms:
    """What a unit has set itself; None: as the unit above it."""

    days: Days | None = None
    hours: Hours | None = None
    answer_minutes: int | None = None
    warn_percent: int | None = None
    climb_minutes: int | None = None
    shows_accounts: bool | None = None


class Term(enum.StrEnum):
    """What a unit can set, by its name in `Terms` and `OwnTerms`."""

    DAYS = "days"
    HOURS = "hours"
    ANSWER = "answer_minutes"
    WARN = "warn_percent"
    CLIMB = "climb_minutes"
    ACCOUNTS = "shows_accounts"


def source_of(term: Term, line: Sequence[OwnTerms]) -> int | None:
    """Which in a line of units, the lowest first, sets that term for the lowest: its place; None: none of them."""
    return next((place for place, own in enumerate(line) if getattr(own, term) is not None), None)


def inherited(line: Sequence[OwnTerms], default: Terms) -> Terms:
    """The terms of the first in a line of units, each of which is below the next; `default` where none says anything."""
    set_by_someone: dict[str, Any] = {}
    for term in Term:
        place = source_of(term, line)
        if place is not None:
            set_by_someone[term] = getattr(line[place], term)
    return dataclasses.replace(default, **set_by_someone)
