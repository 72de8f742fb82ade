"""Files of fields and text, read with line numbers: the one mechanism behind entries, declines, small talk and steps.

    ---
    id: login-sms
    phrasings:
      - the code does not come
    ---
    The text.

Values are taken as they are written: `no` is a word here, not False, and `1` is a text.
"""

import dataclasses
import enum
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml

from bot.kit.errors import Refusal

_Loader: Any = getattr(
    yaml, "CSafeLoader", yaml.SafeLoader
)  # the C one is ten times faster where it is built in
_FENCE = "---"

T = TypeVar("T", bound=enum.StrEnum)


class NoFields(Refusal):
    """{file} should begin with a line “---”, then its fields, then another line “---”. Please add them."""


class Unreadable(Refusal):
    """{file}, line {line}: I cannot read this. Most often a colon, a quote or the indent is not quite right."""


class FieldMissing(Refusal):
    """{file}: the field “{field}” is missing. Please add a line “{field}: …” between the two lines “---”."""


class FieldUnknown(Refusal):
    """{file}, line {line}: “{field}” is not a field I know here. Perhaps a slip of the keyboard?"""


class FieldWrong(Refusal):
    """{file}, line {line}: “{field}” says “{value}”. It should be {wanted}."""


class NoText(Refusal):
    """{file}: there is no text below the second line “---”. Please write the answer there."""


@dataclasses.dataclass(frozen=True, slots=True)
class Written:
    """A text and the line of its file it stands on, counted from 1."""

    text: str
    line: int


@dataclasses.dataclass(frozen=True, slots=True)
class Field:
    line: int
    items: tuple[Written, ...]
    is_list: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Document:
    file: str
    fields: Mapping[str, Field]
    body: str

    def only(self, known: Collection[str]) -> None:
        """`FieldUnknown` for the first field that is not one of `known`."""
        for name, field in self.fields.items():
            if name not in known:
                raise FieldUnknown(file=self.file, line=field.line, field=name)

    def text(self, name: str, default: str | None = None) -> str:
        """A field's single value; `FieldMissing` where it is absent or empty and no default is given."""
        field = self.fields.get(name)
        if field is None or (not field.is_list and not field.items[0].text and default is None):
            if default is None:
                raise FieldMissing(file=self.file, field=name)
            return default
        if field.is_list:
            raise self.wrong(name, Written("[…]", field.line), "a single text")
        return field.items[0].text

    def list(self, name: str) -> tuple[Written, ...]:
        """A field's list; empty where it is absent. `FieldWrong` for a single value or an empty item."""
        field = self.fields.get(name)
        if field is None:
            return ()
        if not field.is_list:
            raise self.wrong(name, field.items[0], "a list")
        for item in field.items:
            if not item.text:
                raise self.wrong(name, item, "a list without empty items")
        return field.items

    def choice(self, name: str, kind: type[T], default: T | None = None) -> T:
        value = self.text(name, None if default is None else default.value)
        return self._chosen(name, kind, Written(value, self.line(name)))

    def choices(self, name: str, kind: type[T]) -> tuple[T, ...]:
        return tuple(self._chosen(name, kind, item) for item in self.list(name))

    def line(self, name: str) -> int:
        field = self.fields.get(name)
        return 1 if field is None else field.line

    def wrong(self, name: str, value: Written, wanted: str) -> FieldWrong:
        return FieldWrong(file=self.file, line=value.line, field=name, value=value.text, wanted=wanted)

    def _chosen(self, name: str, kind: type[T], value: Written) -> T:
        try:
            return kind(value.text)
        except ValueError as error:
            raise self.wrong(name, value, " / ".join(member.value for member in kind)) from error


def text_of(path: Path) -> str:
    """A file's text; `Unreadable` names the line where it is not UTF-8."""
    return decoded(path.name, path.read_bytes())


def decoded(file: str, written: bytes) -> str:
    """A file's text; as `text_of`."""
    try:
        return written.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise Unreadable(file=file, line=line) from error


def parse(file: str, source: str) -> Document:
    """The fields and the text of a file; `file` is its name as it is to stand in an error."""
    lines = source.lstrip("\ufeff").splitlines()
    fences = [number for number, line in enumerate(lines) if line.rstrip() == _FENCE][:2]
    if len(fences) < 2 or fences[0] != 0:
        raise NoFields(file=file)
    head = "\n".join(lines[1 : fences[1]])
    body = "\n".join(line.rstrip() for line in lines[fences[1] + 1 :]).strip("\n")
    if not body.strip():
        raise NoText(file=file)
    return Document(file, fields(file, head, first_line=2), body)


def fields(file: str, source: str, *, first_line: int = 1) -> Mapping[str, Field]:
    """A flat YAML mapping of texts and lists of texts; `first_line` is the line of the file it begins on."""
    root = compose(file, source, first_line=first_line)
    read: dict[str, Field] = {}
    for key, value in root.value:
        name, line = str(key.value), key.start_mark.line + first_line
        if name in read:
            raise FieldUnknown(file=file, line=line, field=name)
        read[name] = _field(file, value, line, first_line)
    return read


def compose(file: str, source: str, *, first_line: int = 1) -> yaml.MappingNode:
    """The YAML mapping as nodes, which know their lines; `Unreadable` for anything else."""
    try:
        root = yaml.compose(source, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Unreadable(file=file, line=first_line + (mark.line if mark else 0)) from error
    except yaml.YAMLError as error:  # a character YAML does not take
        raise Unreadable(file=file, line=first_line) from error
    if not isinstance(root, yaml.MappingNode):
        raise Unreadable(file=file, line=first_line)
    return root


def _field(file: str, node: yaml.Node, line: int, first_line: int) -> Field:
    if isinstance(node, yaml.ScalarNode):
        return Field(line, (Written(str(node.value).strip(), line),), is_list=False)
    if isinstance(node, yaml.SequenceNode):
        items = []
        for item in node.value:
            at = item.start_mark.line + first_line
            if not isinstance(item, yaml.ScalarNode):
                raise Unreadable(file=file, line=at)
            items.append(Written(str(item.value).strip(), at))
        return Field(line, tuple(items), is_list=True)
    raise Unreadable(file=file, line=line)
