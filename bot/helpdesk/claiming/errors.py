"""What claiming refuses, in a person's words."""

from bot.kit.errors import Refusal


class YouAreAway(Refusal):
    """You have said that you are away, so your questions go to somebody else. Tap “I am back” in /away first."""
