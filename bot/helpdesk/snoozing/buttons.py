"""The buttons of putting a ticket aside."""

from bot.kit.buttons import Button


class Snooze(Button, tag="hd.snz"):
    """The choice of times."""

    ticket: int


class Until(Button, tag="hd.snzto"):
    ticket: int
    until: int
    """UTC milliseconds."""


class UntilTheyWrite(Button, tag="hd.snzre"):
    ticket: int


class TypeDay(Button, tag="hd.snzday"):
    """Another day, typed."""

    ticket: int


class Wake(Button, tag="hd.wake"):
    """Goes on with it now."""

    ticket: int
