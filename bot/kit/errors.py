"""Errors a person may see. Each room's errors derive from `Refusal`; one place (`kit.handlers`) puts them into words.

An exception's docstring is its message: an English msgid, translated through the room's catalogue, with the
exception's public attributes as named placeholders.
"""

import inspect
from typing import ClassVar


class Refusal(Exception):
    """That did not work. Please try again, or write to your branch secretary."""

    message: ClassVar[str]
    ends_dialogue: ClassVar[bool] = False
    """Whether nothing else that could be sent would change it: whoever meets it in a dialogue is let out of that."""

    def __init__(self, **details: object) -> None:
        super().__init__(type(self).message)
        self.details = details
        self.in_dialogue = False
        """Whether a dialogue met it."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if cls.__doc__ is None:
            raise TypeError(f"{cls.__name__} needs a docstring: it is the message a person reads")
        cls.message = inspect.cleandoc(cls.__doc__).replace("\n", " ")


Refusal.message = inspect.cleandoc(Refusal.__doc__ or "")


class NotAllowed(Refusal):
    """Only the staff of that branch can do this. Your branch secretary can help you."""

    ends_dialogue = True


class Outdated(Refusal):
    """This button is no longer current. Please use the newest message, or send /start."""

    ends_dialogue = True
