"""The helpdesk's buttons."""

from bot.helpdesk.model import CloseReason, Rating
from bot.kit.buttons import Button


class SendNow(Button, tag="hd.now"):
    ticket: int


class Drop(Button, tag="hd.drop"):
    ticket: int


class Close(Button, tag="hd.close"):
    ticket: int
    reason: CloseReason


class Claim(Button, tag="hd.claim"):
    """I answer this one."""

    ticket: int


class SendAnyway(Button, tag="hd.sendit"):
    """Sends what was kept back because somebody else answers."""

    ticket: int


class Withhold(Button, tag="hd.withhold"):
    """Throws away what was kept back."""

    ticket: int


class Tools(Button, tag="hd.tools"):
    """Everything else that can be done with a ticket."""

    ticket: int


class Solved(Button, tag="hd.solved"):
    ticket: int


class More(Button, tag="hd.more"):
    ticket: int


class Reopen(Button, tag="hd.reopen"):
    ticket: int


class Rate(Button, tag="hd.rate"):
    ticket: int
    rating: Rating


class Show(Button, tag="hd.show"):
    ticket: int


class Page(Button, tag="hd.page"):
    """A page of one's own questions."""

    page: int
    """From 0."""
