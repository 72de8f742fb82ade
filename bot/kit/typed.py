"""Frozen dataclasses written down as short texts: the common half of buttons and dialogues.

Field types: `int`, `bool`, `str`, enums with string values, and any of them `| None`.
"""

import dataclasses
import enum
import types
import typing
from typing import Any, NamedTuple

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_NOTHING = "~"


class Field(NamedTuple):
    name: str
    plain: Any
    optional: bool


def fields_of(kind: type) -> tuple[Field, ...]:
    """The fields of a dataclass, in order; `TypeError` for types that cannot be written."""
    hints = typing.get_type_hints(kind)
    described = []
    for field in dataclasses.fields(kind):
        plain, optional = _plain(hints[field.name])
        if not (plain in (int, bool, str) or (isinstance(plain, type) and issubclass(plain, enum.Enum))):
            raise TypeError(
                f"{kind.__name__}.{field.name}: {plain} cannot be written into a button or dialogue"
            )
        described.append(Field(field.name, plain, optional))
    return tuple(described)


def _plain(hint: Any) -> tuple[Any, bool]:
    if isinstance(hint, types.UnionType):
        inner = [each for each in typing.get_args(hint) if each is not type(None)]
        if len(inner) == 1:
            return inner[0], True
    return hint, False


def encode(value: Any) -> str:
    if value is None:
        return _NOTHING
    if isinstance(value, enum.Enum):
        return str(value.value)
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, int):
        return _base36(value)
    text = str(value)
    return _NOTHING + text if text.startswith(_NOTHING) else text


def decode(text: str, plain: Any, *, optional: bool) -> Any:
    """The value written as `text`; `ValueError` if it is none of the type `plain`."""
    if text == _NOTHING:
        if optional:
            return None
        raise ValueError("missing value")
    if plain is bool:
        return bool(int(text))
    if plain is int:
        number = int(text, 36)
        if abs(number) >= 2**63:
            raise ValueError("a number no row holds")
        return number
    if plain is str:
        return text.removeprefix(_NOTHING)
    return plain(text)


def widest(plain: type) -> int | None:
    """The most bytes a value of this type can take when encoded; None when its type sets no bound."""
    if plain is bool:
        return 1
    if plain is int:
        return len(_base36(-(2**63)))
    if issubclass(plain, enum.Enum):
        return max(len(str(member.value).encode()) for member in plain)
    return None


def _base36(number: int) -> str:
    digits = ""
    rest = abs(number)
    while rest:
        rest, digit = divmod(rest, 36)
        digits = _DIGITS[digit] + digits
    return ("-" if number < 0 else "") + (digits or "0")
