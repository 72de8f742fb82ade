"""What the helpdesk refuses, in the words people read."""

from bot.kit.errors import Refusal


class NotYours(Refusal):
    """Another colleague looks after this question now. I have passed nothing on; your own questions are in /tickets."""


class AlreadySent(Refusal):
    """This question is already with your staff. To add something, just reply to my message about it."""


class AlreadyClosed(Refusal):
    """This question is closed already."""


class TooLongAgo(Refusal):
    """This question was closed more than a week ago. Please write what you need once more, and I pass it on."""


class Expired(Refusal):
    """What was said here has been deleted after its time. Please phone, or ask them to write a new question."""


class Unfit(Refusal):
    """I cannot pass on this kind of message. Please send text, a picture, a voice message or a file."""
