"""The buttons under a member's own ticket."""

from bot.kit.buttons import Button


class Add(Button, tag="hd.add"):
    """The member has something to add."""

    ticket: int


class GoesOn(Button, tag="hd.goeson"):
    """What is about to be passed on belongs to an earlier question."""

    ticket: int
    earlier: int


class Withdraw(Button, tag="hd.undo"):
    """The member takes the question back."""

    ticket: int
