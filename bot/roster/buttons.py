"""Buttons of a person's own settings."""

from typing import Annotated

from bot.kit.buttons import AtMost, Button


class Language(Button, tag="me.language"):
    code: Annotated[str, AtMost(8)]


class ForgetMe(Button, tag="me.forget"):
    """The second of the two steps."""


class KeepMe(Button, tag="me.keep"):
    pass
