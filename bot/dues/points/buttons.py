"""The buttons with which a unit's reminder times are set."""

import enum
from typing import Annotated

from bot.dues.plans import Term
from bot.kit.buttons import AtMost, Button


class Adding(enum.StrEnum):
    """How a further day is named."""

    NUMBER = "number"
    BEFORE_END = "end"
    WEEKDAY = "weekday"


class Units(Button, tag="du.ptu"):
    """The choice of units."""


class Overview(Button, tag="du.pto"):
    unit: int


class Ask(Button, tag="du.pta"):
    unit: int
    term: Term


class Choose(Button, tag="du.pts"):
    unit: int
    term: Term
    value: Annotated[str, AtMost(5)]
    """As `service.choose` takes it; empty: as the unit above."""


class AddDay(Button, tag="du.ptn"):
    """Which day is to be added."""

    unit: int
    adding: Adding


class Weekdays(Button, tag="du.ptw"):
    """Which weekday is to be added."""

    unit: int
    number: int
    """The first to the fourth, or -1, the last."""


class Toggle(Button, tag="du.ptd"):
    """A day more, or one less."""

    unit: int
    day: Annotated[str, AtMost(4)]
    """As `plans.Day` writes it."""
    is_set: bool
