"""A Bot API method as the sandbox knows it."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from bot.sandbox.core import Core

P = TypeVar("P")
Result = Any
"""JSON for the answer's `result`."""


def once(_parameters: Any) -> int:
    """Cost of a call that sends one message."""
    return 1


@dataclass(frozen=True, slots=True)
class Method(Generic[P]):
    """`parameters` is a dataclass; its name, first letter small, is the method's name.
    `cost`: how many messages a call counts for under the rate limits; None when it does not count.
    """

    parameters: type[P]
    handler: Callable[[Core, P], Result | Coroutine[Any, Any, Result]]
    cost: Callable[[P], int] | None = None

    @property
    def name(self) -> str:
        kind = self.parameters.__name__
        return kind[0].lower() + kind[1:]
