"""Parameters of Bot API methods: declared as typed dataclasses, read from what came over HTTP.

Telegram ignores parameters it does not know and bends values of a wrong type. The sandbox refuses both
and names the parameter: a typing error in a bot must not pass its tests.
"""

import dataclasses
import json
import types
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from bot.sandbox.errors import bad_request
from bot.sandbox.world import Json


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a request."""

    name: str
    mime_type: str
    data: bytes


ChatRef: TypeAlias = int | str
"""A chat's number or an @username."""
FileRef: TypeAlias = Upload | str
"""An uploaded file, or the id of one known to Telegram (or a URL)."""
Files: TypeAlias = Mapping[str, Upload]
Reader: TypeAlias = Callable[[str, Any, Files], Any]
T = TypeVar("T")

# What Telegram says when a parameter is missing.
MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
    "file_id": "file_id not specified",
    "latitude": "latitude is empty",
    "longitude": "longitude is empty",
    "inline_query_id": "query is too old and response timeout expired or query ID is invalid",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
} | {
    kind: f"there is no {kind.replace('_', ' ')} in the request"
    for kind in ("photo", "document", "voice", "video", "audio", "animation", "video_note", "sticker")
}


def read(kind: type[T], raw: Mapping[str, Any], files: Files) -> T:
    """The typed parameters; an ApiError that names the first parameter missing, unknown or of a wrong type."""
    given = (
        {**raw, **{name: f"attach://{name}" for name in files if name in _plan(cast(Hashable, kind))[0]}}
        if files
        else raw
    )
    return _read(kind, given, files, "parameter")


def read_object(kind: type[T], value: Json, place: str) -> T:
    """As `read`, for an object within a parameter; `place` names it in complaints."""
    return _read(kind, value, {}, f"field of {place}")


def _read(kind: type[T], raw: Mapping[str, Any], files: Files, place: str) -> T:
    readers, required = _plan(cast(Hashable, kind))
    values: dict[str, Any] = {}
    for name, value in raw.items():
        reader = readers.get(name)
        if reader is None:
            raise bad_request(f'unknown {place} "{name}"')
        if value is None or value == "":
            continue
        values[name] = reader(name, value, files)
    for name in required:
        if name not in values:
            raise bad_request(MISSING.get(name, f'{place} "{name}" is required'))
    return kind(**values)


@cache
def _plan(kind: Any) -> tuple[dict[str, Reader], tuple[str, ...]]:
    hints = get_type_hints(kind)
    fields = dataclasses.fields(kind)
    readers = {field.name: _reader(hints[field.name]) for field in fields}
    required = tuple(
        field.name
        for field in fields
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    )
    return readers, required


def _reader(hint: Any) -> Reader:
    if get_origin(hint) in (Union, types.UnionType):
        options = set(get_args(hint)) - {type(None)}
        if options == {int, str}:
            return _chat
        if options == {Upload, str}:
            return _file
        if len(options) == 1:
            return _reader(options.pop())
        raise TypeError(f"no reader for {hint}")
    if get_origin(hint) is list:
        return _list_of(_reader(get_args(hint)[0]))
    if get_origin(hint) is dict:
        return _object
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _nested(hint)
    return _SCALARS[hint]


def _wrong(name: str, expected: str) -> Exception:
    return bad_request(f'parameter "{name}" must be {expected}')


def _integer(name: str, value: Any, _files: Files) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str):
        try:
            return int(value)
        except ValueError:
            pass
    raise _wrong(name, "an Integer")


def _number(name: str, value: Any, _files: Files) -> float:
    if isinstance(value, int | float | str) and not isinstance(value, bool):
        try:
            return float(value)
        except ValueError:
            pass
    raise _wrong(name, "a Number")


def _boolean(name: str, value: Any, _files: Files) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "1", "false", "0"):
        return value.lower() in ("true", "1")
    raise _wrong(name, "a Boolean")


def _string(name: str, value: Any, _files: Files) -> str:
    if isinstance(value, str):
        return value
    raise _wrong(name, "a String")


def _chat(name: str, value: Any, _files: Files) -> ChatRef:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str):
        try:
            return int(value)
        except ValueError:
            return value
    raise _wrong(name, "an Integer or a String")


def _file(name: str, value: Any, files: Files) -> FileRef:
    if not isinstance(value, str):
        raise _wrong(name, "a file or a String")
    if value.startswith("attach://"):
        upload = files.get(value.removeprefix("attach://"))
        if upload is None:
            raise bad_request(MISSING.get(name, f"there is no {name} in the request"))
        return upload
    return value


def loads(text: str) -> Any:
    """The JSON value; ValueError when it is none, ApiError when a string in it is half a character."""
    value = json.loads(text)
    if "\\u" in text:
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise bad_request("strings must be encoded in UTF-8") from error
    return value


def _decoded(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return loads(value)
    except ValueError as error:
        raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from error


def _object(name: str, value: Any, _files: Files) -> Json:
    decoded = _decoded(name, value)
    if not isinstance(decoded, dict):
        raise bad_request(f"object expected as {name.replace('_', ' ')}")
    return decoded


def _list_of(item: Reader) -> Reader:
    def read_list(name: str, value: Any, files: Files) -> list[Any]:
        decoded = _decoded(name, value)
        if not isinstance(decoded, list):
            raise _wrong(name, "an Array")
        return [item(name, element, files) for element in decoded]

    return read_list


def _nested(kind: type[Any]) -> Reader:
    def read_nested(name: str, value: Any, files: Files) -> Any:
        return _read(kind, _object(name, value, files), files, f"field of {name}")

    return read_nested


_SCALARS: dict[Any, Reader] = {int: _integer, float: _number, bool: _boolean, str: _string}
