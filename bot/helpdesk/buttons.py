"""The helpdesk's buttons."""

import enum

from bot.helpdesk.model import CloseReason, Rating
from bot.kit.buttons import Button


class SendNow(Button, tag="hd.now"):
    ticket: int


class Drop(Button, tag="hd.drop"):
    ticket: int


class Close(Button, tag="hd.close"):
    ticket: int
    reason: CloseReason


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


class Shelf(enum.StrEnum):
    """Which tickets a list shows."""

    INBOX = "inbox"
    OWN = "own"


class Page(Button, tag="hd.page"):
    shelf: Shelf
    page: int
    """From 0."""
