"""What is refused while one answer for several tickets is written, in the words people read."""

from bot.kit.errors import Refusal


class NothingAlike(Refusal):
    """These questions have been answered meanwhile. What still waits is in /tickets."""

    ends_dialogue = True


class OnlyText(Refusal):
    """For several people at once I can take text only. A picture or a file goes to each of them under their own question."""


class NobodyChosen(Refusal):
    """Nobody is chosen. Tap at least one name, then send."""


class TooLong(Refusal):
    """This is too long for one message. Please send it a little shorter, up to {limit} characters."""
