"""The buttons around a ticket's end."""

from bot.kit.buttons import Button


class Reasons(Button, tag="hd.why"):
    """The other reasons for closing."""

    ticket: int


class Say(Button, tag="hd.say"):
    """The member adds words to their rating."""

    ticket: int
