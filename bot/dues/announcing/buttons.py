"""The buttons and the dialogue of announcing."""

from bot.kit.buttons import Button
from bot.kit.dialogue import Dialogue


class Announce(Button, tag="an.new"):
    pass


class PickUnit(Button, tag="an.unit"):
    unit: int


class NotNow(Button, tag="an.not"):
    """Ends the writing before anything is written."""


class Show(Button, tag="an.show"):
    """The draft as it stands, once more."""

    announcement: int


class Rewrite(Button, tag="an.edit"):
    announcement: int


class Drop(Button, tag="an.drop"):
    announcement: int


class Mark(Button, tag="an.mark"):
    """With or without a button by which members say that they have read it."""

    announcement: int
    wanted: bool


class Confirm(Button, tag="an.send"):
    announcement: int


class Undo(Button, tag="an.undo"):
    announcement: int


class SendNow(Button, tag="an.now"):
    announcement: int


class Pause(Button, tag="an.pause"):
    announcement: int


class Resume(Button, tag="an.go"):
    announcement: int


class Stop(Button, tag="an.stop"):
    announcement: int
    is_sure: bool


class Seen(Button, tag="an.seen"):
    """Under a member's copy: I have read it."""

    announcement: int


class Readers(Button, tag="an.read"):
    announcement: int


class ByBranch(Button, tag="an.by"):
    announcement: int
    page: int


class Writing(Dialogue, tag="an.writing"):
    """The next message is what is to be announced."""

    unit: int
    announcement: int | None
    """The draft whose content it replaces."""
    asked: int
    """The outgoing row of the message that asked for it."""
