"""The dues' buttons and dialogues."""

from typing import Annotated

from bot.dues.model import Matter, State
from bot.dues.reckoning import Income
from bot.kit.buttons import AtMost, Button
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
    matter: Matter


class NotNow(Button, tag="du.not"):
    """Ends whatever was being asked."""


class Reckon(Button, tag="du.reckon"):
    pass


class PickIncome(Button, tag="du.income"):
    income: Income


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


class CancelRound(Button, tag="du.cancel"):
    branch: int
    point: Annotated[str, AtMost(10)]


class RestoreRound(Button, tag="du.restore"):
    branch: int
    point: Annotated[str, AtMost(10)]


class RoundList(Button, tag="du.round"):
    branch: int
    point: Annotated[str, AtMost(10)]


class Describing(Dialogue, tag="du.describing"):
    """The next message says what is wrong with paying, or why the member asks to be let off."""

    obligation: int
    matter: Matter
    asked: int
    """The outgoing row of the message that asked for it."""


class AwaitingBase(Dialogue, tag="du.base"):
    """The next message is the amount the dues are reckoned from."""

    income: Income
    asked: int
    """Telegram's id of the message that asked for it."""
