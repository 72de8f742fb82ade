"""The buttons of passing a ticket on, and of asking for help with it."""

import enum

from bot.kit.buttons import Button
from bot.kit.dialogue import Dialogue


class Way(enum.StrEnum):
    GIVE = "give"
    """The ticket becomes theirs."""
    HELP = "help"
    """They see and answer it, and it stays its owner's."""


class Choose(Button, tag="hd.to"):
    """To whom?"""

    ticket: int
    way: Way
    page: int


class Pick(Button, tag="hd.topick"):
    ticket: int
    way: Way
    member: int


class Hand(Button, tag="hd.tonow"):
    ticket: int
    way: Way
    member: int
    worded: bool
    """With the words that were written for it."""


class Leave(Button, tag="hd.helped"):
    """I have done my part."""

    ticket: int


class EndHelp(Button, tag="hd.helpend"):
    ticket: int
    member: int


class Wording(Dialogue, tag="hd.wording"):
    """The next text goes along to whoever gets the ticket, or helps with it."""

    ticket: int
    way: Way
    member: int
    words: str
