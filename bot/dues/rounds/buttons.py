"""The buttons and the dialogue of a round."""

from typing import Annotated

from bot.kit.buttons import AtMost, Button
from bot.kit.dialogue import Dialogue


class Ahead(Button, tag="du.rwo"):
    """What is coming; what was to be written is written no more."""

    branch: int
    point: Annotated[str, AtMost(10)]


class Cancel(Button, tag="du.cancel"):
    branch: int
    point: Annotated[str, AtMost(10)]


class Restore(Button, tag="du.restore"):
    branch: int
    point: Annotated[str, AtMost(10)]


class Who(Button, tag="du.round"):
    branch: int
    point: Annotated[str, AtMost(10)]


class Reword(Button, tag="du.rww"):
    branch: int
    point: Annotated[str, AtMost(10)]


class UsualWords(Button, tag="du.rwd"):
    branch: int
    point: Annotated[str, AtMost(10)]


class Report(Button, tag="du.phr"):
    """How the round went, as of now."""

    branch: int
    point: Annotated[str, AtMost(10)]


class ToPhone(Button, tag="du.ph"):
    branch: int
    point: Annotated[str, AtMost(10)]
    page: int


class Phoned(Button, tag="du.phm"):
    branch: int
    member: int
    point: Annotated[str, AtMost(10)]
    is_done: bool
    page: int


class Rewording(Dialogue, tag="du.rewording"):
    """The next message is what the branch says in this round."""

    branch: int
    point: str
