"""What is announced, and what became of it."""

import dataclasses
import enum
from collections.abc import Mapping

from bot.kit.messages import Media


class Stage(enum.Enum):
    """How far an announcement is."""

    DRAFT = enum.auto()
    CONFIRMED = enum.auto()
    """It leaves at `due_at` and can still be taken back."""
    SENDING = enum.auto()
    PAUSED = enum.auto()
    STOPPED = enum.auto()
    """Nothing more leaves; what is under way is waited for."""
    DONE = enum.auto()


class Outcome(enum.StrEnum):
    """What became of one member's copy."""

    DELIVERED = "delivered"
    FAILED = "failed"
    BLOCKED = "blocked"
    NEVER_STARTED = "never_started"
    UNKNOWN = "unknown"
    """It was handed over and nobody knows whether it arrived; it is not repeated."""
    NOT_SENT = "not_sent"
    """It was stopped before its turn."""


@dataclasses.dataclass(frozen=True, slots=True)
class Content:
    body: str
    """Telegram's HTML, as the author has formatted it; empty for a picture or file alone."""
    media: Media | None


@dataclasses.dataclass(frozen=True, slots=True)
class Announcement:
    id: int
    unit_id: int
    author_id: int
    content: Content
    asks_read: bool
    """Whether a button under each copy says that it was read."""
    preview_id: int | None
    """The outgoing row of what the author was shown."""
    confirmed_at: int | None
    due_at: int | None
    """When it may leave at the earliest."""
    reachable: int
    """How many could be written to when it was confirmed."""
    panel_id: int | None
    """Telegram's id of the message in the author's chat that shows how it goes."""
    shown: int
    """What that message says, as a number that differs whenever its text does."""
    started_at: int | None
    paused_at: int | None
    stopped_at: int | None
    finished_at: int | None
    reported_at: int | None

    @property
    def stage(self) -> Stage:
        if self.confirmed_at is None:
            return Stage.DRAFT
        if self.finished_at is not None:
            return Stage.DONE
        if self.stopped_at is not None:
            return Stage.STOPPED
        if self.paused_at is not None:
            return Stage.PAUSED
        return Stage.CONFIRMED if self.started_at is None else Stage.SENDING


@dataclasses.dataclass(frozen=True, slots=True)
class Reach:
    """How many members of a unit an announcement finds."""

    reachable: int
    blocked: int
    never_started: int


@dataclasses.dataclass(frozen=True, slots=True)
class Recipient:
    member_id: int
    account_id: int | None
    """None for who had not started the bot when the announcement was confirmed."""
    language: str | None
    is_reachable: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Held:
    """A copy that was called back before it left and is to be sent after all."""

    recipient: Recipient
    tries: int
    """How often it was written before."""


@dataclasses.dataclass(frozen=True, slots=True)
class Fared:
    """How an announcement, or its part for one branch, fared so far."""

    counts: Mapping[Outcome, int]
    read: int

    @property
    def left(self) -> int:
        """Copies that have left, whatever became of them."""
        return sum(
            self.counts.get(outcome, 0) for outcome in (Outcome.DELIVERED, Outcome.FAILED, Outcome.UNKNOWN)
        )

    @property
    def members(self) -> int:
        return sum(self.counts.values())
