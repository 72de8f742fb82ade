"""What is tapped and awaited while questions are tried. `at`: the number of the try a button stands under, which a later one
outdates.
"""

from bot.kit.buttons import Button
from bot.kit.dialogue import Dialogue


class Why(Button, tag="ft.why"):
    """Why a text was taken for this one of the entries found."""

    at: int
    part: int
    place: int


class Result(Button, tag="ft.back"):
    at: int


class Sample(Button, tag="ft.see"):
    """The answer as it would be sent."""

    at: int
    part: int


class Eyes(Button, tag="ft.eyes"):
    """Whose eyes to look through."""

    at: int
    page: int


class As(Button, tag="ft.as"):
    at: int
    branch: int | None
    """None: somebody who is not bound to a member."""


class InEnglish(Button, tag="ft.lang"):
    """The same for a reader of English, and back."""

    at: int


class Again(Button, tag="ft.again"):
    """Another question."""


class Done(Button, tag="ft.done"):
    pass


class Trying(Dialogue, tag="ft.trying"):
    """Texts that follow soon are tried too."""

    branch: int | None
    language: str
    text: str
    """What was tried last; empty: nothing yet."""
    at: int
    """Its number, by the update it came with."""
    since: int
