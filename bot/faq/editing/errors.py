"""What the editor refuses, in a person's words."""

from bot.kit.errors import Refusal


class DraftGone(Refusal):
    """This draft is finished or was thrown away. Please send /faq and open the entry again."""


class TitleEmpty(Refusal):
    """Please send the title as a short text, as it should stand on the button."""


class TitleLong(Refusal):
    """That title has {length} characters, and a button holds {limit}. Please send a shorter one."""


class AnswerEmpty(Refusal):
    """There is no text in that. Please send the answer as text."""


class AnswerLong(Refusal):
    """The answer has {length} characters, and one message holds {limit}. Please shorten it, or make it two entries."""


class FactUnknown(Refusal):
    """I do not know {name}. In braces only these may stand: {known}. Please change it and send the answer again."""


class PhrasingLong(Refusal):
    """“{text}…” is rather long for a way of asking. Please keep each under {limit} characters."""


class PhrasingTaken(Refusal):
    """“{text}” already stands in “{title}”. Each way of asking belongs to one entry only."""


class PhrasingMissing(Refusal):
    """Nobody could find this entry yet: please add at least one way members ask for it."""


class TooManyFiles(Refusal):
    """An answer takes up to {limit} pictures and files. Please take one out first."""


class FileTooLarge(Refusal):
    """This file is larger than 20 MB, and Telegram does not hand me such files. Could you send a smaller one?"""


class FileGone(Refusal):
    """Telegram no longer gives me this file. Please send it once more."""


class StageMissing(Refusal):
    """Please choose where this entry belongs first: “Place and audience”, then “Where it belongs”."""
