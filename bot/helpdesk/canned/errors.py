"""What canned replies refuse, in a person's words."""

from bot.kit.errors import Refusal


class ReplyGone(Refusal):
    """This reply is no longer there. /replies shows what there is."""

    ends_dialogue = True


class NotText(Refusal):
    """Please send the reply as text. Pictures you can send to the member yourself."""


class ReplyLong(Refusal):
    """That has {length} characters, and a reply may have {limit}. Please shorten it and send it again."""


class WordUnknown(Refusal):
    """I do not know {word}. Only {known} is filled in, with the member's name. Please change it and send it again."""


class AlreadyThere(Refusal):
    """Just this reply is there already. Send another text, or tap “Leave it”."""
