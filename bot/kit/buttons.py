"""Buttons are frozen typed values.

    class CloseTicket(Button, tag="hd.close"):
        ticket: int

A class checks, when it is defined, that its largest value fits Telegram's 64 bytes of callback data (a text field
says its largest size in bytes with `Annotated[str, AtMost(20)]`). Handlers are given the decoded value.
"""

import dataclasses
import re
import typing
from typing import ClassVar, Self, dataclass_transform

from telegram import InlineKeyboardButton

from bot.kit import typed

LIMIT = 64
_TAG = re.compile(r"[a-z][a-z0-9_.]{0,15}")


@dataclasses.dataclass(frozen=True, slots=True)
class AtMost:
    """The largest size in bytes of a text field."""

    size: int


class Malformed(ValueError):
    """This callback data is none of today's buttons."""


@dataclass_transform(frozen_default=True)
class Button:
    tag: ClassVar[str]
    _fields: ClassVar[tuple[typed.Field, ...]]

    def __init_subclass__(cls, *, tag: str) -> None:
        super().__init_subclass__()
        dataclasses.dataclass(frozen=True)(cls)
        if not _TAG.fullmatch(tag):
            raise TypeError(f"{cls.__name__}: {tag!r} is no tag")
        cls.tag = tag
        cls._fields = typed.fields_of(cls)
        size = len(tag) + sum(1 + _size(cls, field) for field in cls._fields)
        if size > LIMIT:
            raise TypeError(f"{cls.__name__} may take {size} bytes; Telegram takes {LIMIT}")

    def encode(self) -> str:
        """The callback data; `ValueError` if a text is larger than it was said to be or holds a colon."""
        values = [typed.encode(getattr(self, field.name)) for field in self._fields]
        data = ":".join([self.tag, *values])
        if data.count(":") != len(values) or len(data.encode()) > LIMIT:
            raise ValueError(f"{type(self).__name__} does not fit: {len(data.encode())} bytes")
        return data

    @classmethod
    def decode(cls, data: str) -> Self:
        """The button's value; `Malformed` for data that this class does not write."""
        tag, *parts = data.split(":")
        if tag != cls.tag or len(parts) != len(cls._fields):
            raise Malformed(tag)
        try:
            values = [
                typed.decode(part, field.plain, optional=field.optional)
                for part, field in zip(parts, cls._fields, strict=True)
            ]
        except ValueError as error:
            raise Malformed(tag) from error
        return cls(*values)

    def labelled(self, label: str) -> InlineKeyboardButton:
        return InlineKeyboardButton(label, callback_data=self.encode())


def _size(cls: type, field: typed.Field) -> int:
    size = typed.widest(field.plain)
    if size is not None:
        return size
    hint = typing.get_type_hints(cls, include_extras=True)[field.name]
    for note in getattr(hint, "__metadata__", ()):
        if isinstance(note, AtMost):
            return note.size
    raise TypeError(f"{cls.__name__}.{field.name}: say how large the text may be: Annotated[str, AtMost(n)]")
