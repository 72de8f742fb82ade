"""The way to Telegram: one aiohttp connection pool, used by the courier directly and by python-telegram-bot through
its `BaseRequest`.
"""

import dataclasses
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

CONNECT_SECONDS = 10.0
READ_SECONDS = 20.0
CONNECTIONS = 64


class Refused(Exception):
    """Telegram answered, and the answer was no."""

    def __init__(
        self, code: int, description: str, *, retry_after: float | None = None, migrate_to: int | None = None
    ) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.retry_after = retry_after
        self.migrate_to = migrate_to


class NoAnswer(Exception):
    """The connection gave no answer."""

    def __init__(self, reason: str, *, may_have_arrived: bool) -> None:
        super().__init__(reason)
        self.may_have_arrived = may_have_arrived


@dataclasses.dataclass(frozen=True, slots=True)
class Attachment:
    """A file to upload with a call; the call's parameters name it as `attach://<field>`."""

    field: str
    name: str
    content: bytes


class Telegram(Protocol):
    """What the courier and the intake need of the Bot API."""

    async def call(
        self,
        method: str,
        parameters: Mapping[str, Any],
        attachments: Sequence[Attachment] = (),
        *,
        patience: float = READ_SECONDS,
    ) -> Any:
        """The call's `result`. Raises `Refused` for an error that Telegram reports and `NoAnswer` where the
        connection failed. `patience` is in seconds.
        """
        ...


class Connections:
    """A pool of connections, optionally through an HTTP proxy. Opened on first use, within the running event loop."""

    def __init__(self, proxy: str | None = None, limit: int = CONNECTIONS) -> None:
        self._proxy = proxy
        self._limit = limit
        self._session: aiohttp.ClientSession | None = None

    async def request(
        self,
        method: str,
        url: str,
        *,
        data: Any = None,
        headers: Mapping[str, str] | None = None,
        patience: float,
    ) -> tuple[int, bytes]:
        """The status and body of the answer; aiohttp's errors and `TimeoutError` pass through."""
        limits = aiohttp.ClientTimeout(total=None, connect=CONNECT_SECONDS, sock_read=patience)
        async with self._open().request(
            method, url, data=data, headers=headers, proxy=self._proxy, timeout=limits
        ) as answer:
            return answer.status, await answer.read()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self._limit, keepalive_timeout=60)
            self._session = aiohttp.ClientSession(connector=connector)
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None


class BotApi:
    """The Bot API of one bot."""

    def __init__(self, connections: Connections, base_url: str, token: str) -> None:
        self._connections = connections
        self._url = base_url + token

    async def call(
        self,
        method: str,
        parameters: Mapping[str, Any],
        attachments: Sequence[Attachment] = (),
        *,
        patience: float = READ_SECONDS,
    ) -> Any:
        data, headers = _encoded(parameters, attachments)
        try:
            status, body = await self._connections.request(
                "POST", f"{self._url}/{method}", data=data, headers=headers, patience=patience
            )
        except (
            aiohttp.ClientConnectorError,
            aiohttp.ClientHttpProxyError,
            aiohttp.ConnectionTimeoutError,
        ) as error:
            raise NoAnswer(type(error).__name__, may_have_arrived=False) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise NoAnswer(type(error).__name__, may_have_arrived=True) from error
        return _result(status, body)


def _encoded(
    parameters: Mapping[str, Any], attachments: Sequence[Attachment]
) -> tuple[aiohttp.FormData | bytes, Mapping[str, str] | None]:
    if not attachments:
        return json.dumps(parameters).encode(), {"Content-Type": "application/json"}
    form = aiohttp.FormData(quote_fields=False)  # file names in Chinese arrive as they are
    for name, value in parameters.items():
        form.add_field(name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    for file in attachments:
        form.add_field(file.field, io.BytesIO(file.content), filename=file.name)
    return form, None


def _result(status: int, body: bytes) -> Any:
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    if not isinstance(answer, dict) or not isinstance(answer.get("ok"), bool):
        # A gateway's page, a proxy's refusal, half a body: Telegram did not say no, and nobody has blocked the bot.
        raise NoAnswer(f"HTTP {status} without an answer of the Bot API", may_have_arrived=True)
    if answer["ok"]:
        return answer.get("result")
    hints = answer.get("parameters") or {}
    raise Refused(
        int(answer.get("error_code", status)),
        str(answer.get("description", "")),
        retry_after=hints.get("retry_after"),
        migrate_to=hints.get("migrate_to_chat_id"),
    )


class AiohttpRequest(BaseRequest):
    """python-telegram-bot's transport over the same kind of pool. The pool belongs to whoever made it."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    @property
    def read_timeout(self) -> float | None:
        return READ_SECONDS

    async def initialize(self) -> None:
        """The pool opens itself."""

    async def shutdown(self) -> None:
        """The pool is closed by its owner."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        del write_timeout, connect_timeout, pool_timeout  # the pool has its own
        patience = read_timeout if isinstance(read_timeout, (int, float)) else READ_SECONDS
        try:
            return await self._connections.request(method, url, data=_form(request_data), patience=patience)
        except TimeoutError as error:
            raise TimedOut from error
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(type(error).__name__) from error


def _form(request_data: RequestData | None) -> aiohttp.FormData | None:
    if request_data is None:
        return None
    form = aiohttp.FormData(quote_fields=False)
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, media_type) in (request_data.multipart_data or {}).items():
        file = io.BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, file, filename=filename, content_type=media_type)
    return form
