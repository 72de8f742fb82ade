"""The buttons of putting two tickets together."""

from bot.kit.buttons import Button


class Merge(Button, tag="hd.mrg"):
    """The choice of the other ticket."""

    ticket: int


class Into(Button, tag="hd.mrgto"):
    """What would become of it."""

    ticket: int
    into: int


class MergeNow(Button, tag="hd.mrgdo"):
    ticket: int
    into: int
