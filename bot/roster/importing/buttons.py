"""Buttons under the preview of a roster file. `offer` is the file's row."""

from bot.kit.buttons import Button


class Apply(Button, tag="im.apply"):
    offer: int
    skip_bad: bool
    full: bool


class AskAboutMissing(Button, tag="im.missing"):
    """Shows who would be marked as left, to be confirmed."""

    offer: int


class Show(Button, tag="im.show"):
    """Back to the preview."""

    offer: int


class Drop(Button, tag="im.drop"):
    offer: int
