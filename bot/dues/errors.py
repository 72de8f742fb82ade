"""What the dues refuse, in the words people read."""

from bot.kit.errors import Refusal


class NotYours(Refusal):
    """This reminder was meant for somebody else. Your own dues are in /dues."""


class AlreadySettled(Refusal):
    """These dues are settled already; there is nothing more to do."""


class TooLate(Refusal):
    """The time of this round is over. The next one goes out as planned."""


class AlreadyGone(Refusal):
    """These reminders have gone out already, so I can no longer hold them back."""
