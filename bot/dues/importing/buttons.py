"""Buttons about payment files. `offer` is the row of a file that was sent, `number` an import."""

from telegram import InlineKeyboardButton

from bot.kit.buttons import Button
from bot.kit.i18n import Words


class Files(Button, tag="du.pay"):
    """How payments get here, and the last import."""


class Apply(Button, tag="du.payin"):
    offer: int


class Drop(Button, tag="du.payno"):
    offer: int


class AskUndo(Button, tag="du.payask"):
    """Asks whether the import is really to be taken back."""

    number: int


class Undo(Button, tag="du.payundo"):
    number: int


def files_button(_: Words) -> InlineKeyboardButton:
    return Files().labelled(_.plain("Payment files"))
