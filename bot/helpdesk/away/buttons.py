"""The buttons and the dialogue of /away. Days are written as 20261120; one that is today, or over, means from now on."""

from datetime import date
from typing import Annotated

from bot.kit.buttons import AtMost, Button
from bot.kit.dialogue import Dialogue

Day = Annotated[str, AtMost(8)]


class Of(Button, tag="hd.aw"):
    """What is arranged for this person."""

    member: int


class Others(Button, tag="hd.awo"):
    """Those for whom the person may arrange it."""

    page: int


class When(Button, tag="hd.aww"):
    """Asks for the last day of an absence that begins on this one."""

    member: int
    since: Day


class Since(Button, tag="hd.awf"):
    """Asks for another first day."""

    member: int


class Until(Button, tag="hd.awu"):
    """Asks who answers meanwhile."""

    member: int
    since: Day
    until: Day
    page: int


class With(Button, tag="hd.awp"):
    """Shows what will be, to be confirmed; without a substitute, whoever is next answers."""

    member: int
    since: Day
    until: Day
    substitute: int | None


class Confirm(Button, tag="hd.awc"):
    member: int
    since: Day
    until: Day
    substitute: int | None


class Back(Button, tag="hd.awb"):
    """The person is back, or will not be away after all."""

    absence: int


class Decline(Button, tag="hd.awd"):
    """The substitute cannot do it."""

    absence: int


class Writing(Dialogue, tag="hd.away"):
    """The days, as the person types them."""

    member: int


def written(day: date) -> str:
    """As buttons carry a day."""
    return f"{day:%Y%m%d}"


def read(text: str) -> date:
    """The day of a button; `ValueError` if it is none."""
    return date.fromisoformat(text)
