"""The button that leads to an internal note."""

from bot.kit.buttons import Button


class WriteNote(Button, tag="hd.note"):
    ticket: int
