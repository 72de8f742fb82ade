"""Reading a call's parameters in all the forms that Telegram takes: query, form fields, multipart, JSON."""

from typing import Any
from urllib.parse import parse_qsl

from aiohttp import hdrs, web

from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.schema import Upload, loads

_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"
_OVERHEAD = 1024 * 1024
"""What a request may hold besides the uploaded bytes."""


async def read_request(request: web.Request, raw: dict[str, Any], upload_bytes: int) -> dict[str, Upload]:
    """Put the parameters into `raw`; returns the files that came along. ApiError when it cannot be read."""
    raw.update(request.query)
    if request.method == hdrs.METH_GET:
        return {}
    too_large = ApiError(413, "Request Entity Too Large")
    if (request.content_length or 0) > upload_bytes + _OVERHEAD:
        raise too_large
    try:
        if request.content_type == _MULTIPART:
            return await _read_multipart(request, raw)
        body = (await request.read()).decode()
    except web.HTTPRequestEntityTooLarge as error:
        raise too_large from error
    except UnicodeDecodeError as error:
        raise bad_request("strings must be encoded in UTF-8") from error
    except ValueError as error:
        raise bad_request("can't parse request: wrong multipart/form-data") from error
    if request.content_type == "application/json":
        raw.update(_document(body))
    elif request.content_type == _FORM:
        raw.update(parse_qsl(body, keep_blank_values=True))
    return {}


def _document(body: str) -> dict[str, Any]:
    try:
        document = loads(body or "{}")
    except ValueError as error:
        raise bad_request("can't parse request: wrong JSON") from error
    if not isinstance(document, dict):
        raise bad_request("can't parse request: JSON object expected")
    return document


async def _read_multipart(request: web.Request, raw: dict[str, Any]) -> dict[str, Upload]:
    files: dict[str, Upload] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            files[name] = Upload(value.filename, value.content_type, value.file.read())
        else:
            raw[name] = value if isinstance(value, str) else bytes(value).decode()
    return files
