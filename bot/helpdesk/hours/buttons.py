"""The buttons and the dialogue of `/hours`."""

from typing import Annotated

from bot.helpdesk.terms import Term
from bot.kit.buttons import AtMost, Button
from bot.kit.dialogue import Dialogue


class Units(Button, tag="hd.wtu"):
    """Back to the choice of units."""


class Overview(Button, tag="hd.wto"):
    """All terms of a unit; what was to be written is written no more."""

    unit: int


class Ask(Button, tag="hd.wta"):
    unit: int
    term: Term


class Choose(Button, tag="hd.wts"):
    unit: int
    term: Term
    value: Annotated[str, AtMost(20)]
    """As `service.read` takes it; empty: as the unit above."""


class Weekdays(Button, tag="hd.wtw"):
    """Picking weekdays, nothing set yet."""

    unit: int
    picked: Annotated[str, AtMost(7)]
    """The numbers of those picked, 1 is Monday."""


class WriteHours(Button, tag="hd.wth"):
    unit: int


class WritingHours(Dialogue, tag="hd.hours"):
    unit: int
