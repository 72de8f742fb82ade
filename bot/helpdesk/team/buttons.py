"""The buttons of linking a group."""

from bot.kit.buttons import Button


class ForUnit(Button, tag="hd.tm.unit"):
    """Of several branches, the one that the group is for."""

    unit: int


class Agree(Button, tag="hd.tm.agree"):
    """In the group, by one of its administrators."""

    team: int


class Confirm(Button, tag="hd.tm.yes"):
    """In private, by who asked for it."""

    team: int


class Decline(Button, tag="hd.tm.no"):
    team: int


class Unlink(Button, tag="hd.tm.unlink"):
    team: int
