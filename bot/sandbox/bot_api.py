"""The Bot API over HTTP: authorisation, parameters in all the forms Telegram takes, limits, faults, answers."""

import asyncio
import json
from collections.abc import Coroutine, Mapping
from http import HTTPStatus
from typing import Any

from aiohttp import web

from bot.sandbox import (
    methods_chats,
    methods_edit,
    methods_inline,
    methods_media,
    methods_messages,
    methods_profile,
    methods_updates,
    schema,
)
from bot.sandbox.calls import Call, Calls
from bot.sandbox.core import Core
from bot.sandbox.errors import ApiError, too_many_requests
from bot.sandbox.faults import FaultKind
from bot.sandbox.limits import Limiter
from bot.sandbox.method import Method
from bot.sandbox.requests import read_request
from bot.sandbox.schema import Upload

METHODS: Mapping[str, Method[Any]] = {
    method.name.lower(): method
    for room in (
        methods_updates,
        methods_inline,
        methods_messages,
        methods_media,
        methods_edit,
        methods_chats,
        methods_profile,
    )
    for method in room.METHODS
}
_BEFORE = frozenset({FaultKind.DELAY, FaultKind.ERROR, FaultKind.RESET, FaultKind.FLOOD})
_AFTER = frozenset({FaultKind.DROP, FaultKind.GATEWAY})
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class _HungUp(Exception):
    """The caller gets no answer."""


class BotApi:
    """Answers `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

    def __init__(self, core: Core, token: str, calls: Calls) -> None:
        self._core = core
        self._token = token
        self._calls = calls
        self._limiter = Limiter(core.limits)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One call of a method."""
        if request.match_info["token"] != self._token:
            return _answer(ApiError(401, "Unauthorized"))
        method = METHODS.get(request.match_info["method"].lower())
        if method is None:
            return _answer(ApiError(404, "Not Found"))
        arrived = self._core.clock.monotonic()
        raw: dict[str, Any] = {}
        try:
            outcome: Any = await self._outcome(request, method, raw, arrived)
        except ApiError as error:
            outcome = error
        except _HungUp:
            self._calls.add(Call(method.name, raw, 0, "no answer", arrived))
            return web.Response()
        failed = isinstance(outcome, ApiError)
        code = outcome.code if failed else 200
        description = outcome.description if failed else ""
        self._calls.add(Call(method.name, raw, code, description, arrived))
        return _answer(outcome)

    async def _outcome(
        self, request: web.Request, method: Method[Any], raw: dict[str, Any], arrived: float
    ) -> Any:
        """The result; ApiError raised for refusals, _HungUp when the connection was cut on purpose."""
        files = await read_request(request, raw, self._core.limits.upload_bytes)
        await self._strike_before(request, method.name)
        after = self._core.faults.strike(method.name, _AFTER)
        outcome: Any
        try:
            outcome = await self._run(method, raw, files, arrived)
        except ApiError as error:
            outcome = error
        if after is not None and after.kind is FaultKind.DROP:
            if request.transport is not None:
                request.transport.close()
            raise _HungUp
        if after is not None:
            raise ApiError(502, "Bad Gateway")
        return outcome

    async def _run(
        self, method: Method[Any], raw: Mapping[str, Any], files: Mapping[str, Upload], arrived: float
    ) -> Any:
        parameters = schema.read(method.parameters, raw, files)
        if method.cost is not None:
            # An edit of an inline message names no chat, and is refused anyway.
            chat_id = parameters.chat_id if isinstance(parameters.chat_id, int) else 0
            wait = self._limiter.arrive(chat_id, arrived, method.cost(parameters))
            if wait:
                raise too_many_requests(wait)
        result = method.handler(self._core, parameters)
        return await result if isinstance(result, Coroutine) else result

    async def _strike_before(self, request: web.Request, method: str) -> None:
        fault = self._core.faults.strike(method, _BEFORE)
        if fault is None:
            return
        if fault.kind is FaultKind.DELAY:
            await asyncio.sleep(fault.seconds)
        elif fault.kind is FaultKind.ERROR:
            raise ApiError(fault.status, HTTPStatus(fault.status).phrase)
        elif fault.kind is FaultKind.FLOOD:
            raise too_many_requests(fault.retry_after)
        else:
            if request.transport is not None:
                request.transport.abort()
            raise _HungUp

    async def download(self, request: web.Request) -> web.Response:
        """A file's bytes, as under the `file_path` of getFile."""
        if request.match_info["token"] != self._token:
            return _answer(ApiError(401, "Unauthorized"))
        file_id = self._core.world.paths.get(request.match_info["path"])
        if file_id is None:
            return _answer(ApiError(404, "Not Found"))
        file = self._core.world.files[file_id]
        if len(file.data) > self._core.limits.download_bytes:
            return _answer(ApiError(404, "Not Found"))
        return web.Response(body=file.data, content_type="application/octet-stream")


def _answer(outcome: Any) -> web.Response:
    if isinstance(outcome, ApiError):
        headers = None
        if outcome.code == 429 and outcome.parameters:
            headers = {"Retry-After": str(outcome.parameters["retry_after"])}
        return web.Response(
            text=_encode(outcome.body()),
            status=outcome.code,
            headers=headers,
            content_type="application/json",
        )
    return web.Response(
        body=_encode({"ok": True, "result": outcome}).encode(), content_type="application/json"
    )
