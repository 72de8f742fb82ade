"""The dues' buttons and dialogues."""

from bot.dues.model import State
from bot.kit.buttons import Button
from bot.kit.dialogue import Dialogue


class Mine(Button, tag="du.mine"):
    pass


class Claim(Button, tag="du.claim"):
    obligation: int


class TakeBack(Button, tag="du.back"):
    obligation: int


class HowTo(Button, tag="du.how"):
    pass


class Snooze(Button, tag="du.snooze"):
    obligation: int


class Trouble(Button, tag="du.trouble"):
    obligation: int


class AskWaiver(Button, tag="du.waive"):
    """To be let off this month."""

    obligation: int


class HandOver(Button, tag="du.hand"):
    """To the secretary without another word."""

    obligation: int


class NotNow(Button, tag="du.not"):
    """Ends whatever was being asked."""


class OfBranch(Button, tag="du.branch"):
    """Staff: a branch in numbers."""

    branch: int


class Listed(Button, tag="du.list"):
    """Staff: the members of a branch whose dues are in this state."""

    branch: int
    state: State
    page: int


class Look(Button, tag="du.look"):
    """Staff: one member's dues."""

    obligation: int


class Settle(Button, tag="du.settle"):
    obligation: int
    state: State


class Describing(Dialogue, tag="du.describing"):
    """The next message says what is wrong with paying."""

    obligation: int
    asked: int
    """The outgoing row of the message that asked for it."""
