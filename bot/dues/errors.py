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


class NoWords(Refusal):
    """Please send what you would like to say as text. If it shall stay as it is, tap “Back”."""


class TooManyWords(Refusal):
    """That has {count} characters; at most {most} fit above the reminder. Please send it a little shorter."""


class TooManyDays(Refusal):
    """At most {most} reminders a month, or nobody reads them. Please take one away first."""


class NeedsADay(Refusal):
    """At least one day has to stay. Please add another one first, then take this one away."""


class QuietThen(Refusal):
    """At that hour nobody is to be disturbed. Please choose another one."""
