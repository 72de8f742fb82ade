"""What members' questions teach: lessons, and groups of them."""

import dataclasses
import enum
from collections.abc import Mapping


class Reason(enum.StrEnum):
    """Why a question is worth a look."""

    UNSOLVED = "unsolved"
    """The answer did not help."""
    NONE_FITS = "none_fits"
    """None of the suggestions was meant."""
    ANSWERED = "answered"
    """The FAQ had nothing to show, and a person answered."""


class LessonState(enum.StrEnum):
    OPEN = "open"
    PASSED_UP = "passed_up"
    """A copy of it is open at a level above."""
    ADDED = "added"
    DISMISSED = "dismissed"
    SHUT = "shut"
    """No question of the unit's own: a copy of one below it, by which it stays out of this unit's queue. The branch may
    still take it up.
    """


@dataclasses.dataclass(frozen=True, slots=True)
class Lesson:
    """A question that something may be learnt from. Its words name nobody."""

    id: int
    unit_id: int
    """Whose queue it stands in: the member's branch, or the level above that it was passed up to."""
    account_id: int
    """Only for counting different people, and for forgetting them."""
    text: str
    reason: Reason
    shown: tuple[str, ...]
    """Slugs of the entries the person had been shown, best first."""
    answer: str | None
    """What a person answered."""
    at: int


@dataclasses.dataclass(frozen=True, slots=True)
class Group:
    """Lessons that ask for the same thing."""

    lessons: tuple[Lesson, ...]
    """The oldest first; never empty."""
    wordings: tuple[str, ...]
    """Each once, what most people wrote first."""
    members: int
    """How many different people asked."""
    reasons: Mapping[Reason, int]
    answered: int
    """How many of the lessons a person answered."""
    answer: str | None
    """The latest of a person's answers."""
    passed_up: bool
    """A level below has asked for it."""

    @property
    def id(self) -> int:
        return self.lessons[0].id

    @property
    def latest(self) -> int:
        return max(lesson.at for lesson in self.lessons)
