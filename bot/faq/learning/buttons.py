"""Buttons of what may be learnt. `unit` is whose desk it stands at, `lesson` any lesson of the group in question."""

from bot.faq.model import Stage
from bot.kit.buttons import Button


class Queue(Button, tag="faq.lq"):
    """The questions to look at."""

    unit: int
    page: int


class Open(Button, tag="faq.lo"):
    unit: int
    lesson: int


class Taught(Button, tag="faq.lt"):
    """The same from a ticket, as a new message."""

    lesson: int


class Add(Button, tag="faq.la"):
    unit: int
    lesson: int
    row: int


class Choose(Button, tag="faq.lc"):
    """Another of the desk's own entries."""

    unit: int
    lesson: int


class ChooseOf(Button, tag="faq.ls"):
    """No stage: those that belong to none."""

    unit: int
    lesson: int
    stage: Stage | None
    page: int


class Search(Button, tag="faq.lf"):
    unit: int
    lesson: int


class Write(Button, tag="faq.lw"):
    unit: int
    lesson: int


class PassUp(Button, tag="faq.lu"):
    unit: int
    lesson: int
    to: int


class Dismiss(Button, tag="faq.lx"):
    unit: int
    lesson: int


class Undo(Button, tag="faq.lz"):
    """What was done at an instant; `row`: the entry it changed."""

    unit: int
    at: int
    row: int | None
