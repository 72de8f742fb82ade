"""What the FAQ refuses, in a person's words."""

from bot.kit.errors import Refusal


class LongAgo(Refusal):
    """That was a while ago and I no longer have your question. Please write it once more."""


class NotVisible(Refusal):
    """This topic is no longer here. Please send /ask to see what there is."""


class UnknownUnit(Refusal):
    """I know no branch called “{unit}”. Please give its name as it stands on the roster."""


class NothingToUndo(Refusal):
    """This entry has not been changed since it came, so there is nothing to take back."""
