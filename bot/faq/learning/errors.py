"""What learning refuses, in a person's words."""

from bot.kit.errors import Refusal


class LookedAfter(Refusal):
    """Somebody has already looked after this question, or it is too old. Please look at the list again."""


class ChangedSince(Refusal):
    """The entry has been changed again since, so I have left it as it is. Its history is in /faq."""


class WordingTaken(Refusal):
    """“{text}” already leads to “{title}”. If that is the answer, tap “Do not add it”; if not, remove it there first."""
