"""Buttons of what branches wrote. `unit` is whose staff look at it."""

from bot.kit.buttons import Button


class Written(Button, tag="faq.aw"):
    unit: int
    page: int


class Read(Button, tag="faq.ar"):
    unit: int
    row: int


class Adopt(Button, tag="faq.aa"):
    unit: int
    row: int
    replace: bool


class UndoAdoption(Button, tag="faq.az"):
    unit: int
    at: int
