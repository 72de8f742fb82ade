"""What the helpdesk refuses, in the words people read."""

from bot.kit.errors import Refusal


class NotYours(Refusal):
    """Another colleague looks after this question now. I have passed nothing on; your own questions are in /tickets."""

    ends_dialogue = True


class AlreadySent(Refusal):
    """This question is already with your staff. To add something, just reply to my message about it."""


class AlreadyClosed(Refusal):
    """This question is closed already."""

    ends_dialogue = True


class Expired(Refusal):
    """What was said here has been deleted after its time. Please phone, or ask them to write a new question."""

    ends_dialogue = True


class OnlyHelping(Refusal):
    """You were asked to help here, and the question stays with {name}. Your answers reach the member all the same."""

    ends_dialogue = True


class NotTheOwner(Refusal):
    """{name} looks after this question, so only they can put it aside. To take it over, tap “I answer it” on its card."""

    ends_dialogue = True


class NothingToMerge(Refusal):
    """{name} has no other question that waits or is not closed yet."""


class Unfit(Refusal):
    """I cannot pass on this kind of message. Please send text, a picture, a voice message or a file."""
