"""Why something did not arrive: decisions only."""

import enum

from bot.kit.delivery import VANISHED
from bot.kit.outbox import State


class Trouble(enum.Enum):
    GONE = enum.auto()
    """The person it was for has blocked the bot or has no account any more."""
    DELETED = enum.auto()
    """Whoever wrote it deleted it before it could be brought."""
    TOO_LARGE = enum.auto()
    UNWANTED = enum.auto()
    """They have set Telegram so that nobody can send them voice or video messages."""
    LOST = enum.auto()
    """Telegram would not take it, or a day of trying was not enough."""
    DELAYED = enum.auto()
    """It is still being tried, while other messages do arrive."""


_DELETED = (VANISHED, "there are no messages to")
_UNWANTED = ("voice_messages_forbidden", "video_messages_forbidden")
_TOO_LARGE = ("too large", "too big", "too long")


def trouble(state: State, error: str | None) -> Trouble:
    """What kept a message from arriving, by the state of its row and Telegram's words."""
    if state is State.BLOCKED:
        return Trouble.GONE
    if state is State.WAITING:
        return Trouble.DELAYED
    words = (error or "").lower()
    if any(sign in words for sign in _DELETED):
        return Trouble.DELETED
    if any(sign in words for sign in _UNWANTED):
        return Trouble.UNWANTED
    if any(sign in words for sign in _TOO_LARGE):
        return Trouble.TOO_LARGE
    return Trouble.LOST
