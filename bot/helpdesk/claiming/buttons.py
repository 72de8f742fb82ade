"""The button that takes a ticket from a colleague who answers it."""

from bot.kit.buttons import Button


class TakeOver(Button, tag="hd.takeover"):
    ticket: int
