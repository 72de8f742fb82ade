"""What the walk-through refuses, in the words people read."""

from bot.kit.errors import Refusal


class NotOnRoster(Refusal):
    """I do not know you yet. Please send /start first; it takes a minute, then we begin."""


class NotBegun(Refusal):
    """We have not begun yet. Please send /guide and choose your phone."""
