"""The buttons of /handover. A post is named by who holds it, the unit and the role."""

from bot.kit.buttons import Button
from bot.kit.dialogue import Dialogue
from bot.roster.model import Role


class Posts(Button, tag="hd.ho"):
    """The posts the person may hand over: their own, and those of the staff below."""

    page: int


class Successors(Button, tag="hd.hos"):
    """Asks who takes the post over."""

    member: int
    unit: int
    role: Role
    page: int


class Preview(Button, tag="hd.hop"):
    """Shows what will be, to be confirmed."""

    member: int
    unit: int
    role: Role
    successor: int


class Confirm(Button, tag="hd.hoc"):
    member: int
    unit: int
    role: Role
    successor: int


class Naming(Dialogue, tag="hd.hand"):
    """The successor's name, as the person types it."""

    member: int
    unit: int
    role: Role
