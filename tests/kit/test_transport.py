"""The way to Telegram: what is sent, and what each way of going wrong is called."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import BodyPartReader, web
from aiohttp.test_utils import unused_port
from telegram import Bot, InputFile
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TimedOut

from bot.kit.transport import AiohttpRequest, Attachment, BotApi, Connections, NoAnswer, Refused

TOKEN = "123:abc"
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
PNG = b"\x89PNG\r\n\x1a\n not really"


class Server:
    """A Bot API that misbehaves as told."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, Any]] = []
        self.files: dict[str, tuple[str | None, bytes]] = {}
        self.answer: Answer = _ok
        app = web.Application(client_max_size=16 * 1024 * 1024)
        app.router.add_route("*", "/{rest:.*}", self._serve)
        self.runner = web.AppRunner(app, shutdown_timeout=0.01)
        self.connections = Connections()

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.runner.addresses[0][1]}"

    @property
    def url(self) -> str:
        return f"{self.root}/bot"

    @property
    def api(self) -> BotApi:
        return BotApi(self.connections, self.url, TOKEN)

    def bot(self) -> Bot:
        request = AiohttpRequest(self.connections)
        return Bot(TOKEN, base_url=self.url, request=request, get_updates_request=request)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        if request.content_type == "multipart/form-data":
            parameters: Any = {}
            async for part in await request.multipart():
                assert isinstance(part, BodyPartReader)
                content = bytes(await part.read())
                if part.filename is None:
                    parameters[part.name] = content.decode()
                else:
                    self.files[str(part.name)] = (part.filename, content)
        elif request.content_type == "application/json":
            parameters = await request.json()
        else:
            parameters = dict(await request.post())
        self.requests.append((request.path, request.content_type, parameters))
        return await self.answer(request)


async def _ok(_: web.Request) -> web.StreamResponse:
    return web.json_response({"ok": True, "result": {"message_id": 7}})


def answering(status: int, body: str | bytes, content_type: str = "text/html") -> Answer:
    async def answer(_: web.Request) -> web.StreamResponse:
        raw = body.encode() if isinstance(body, str) else body
        return web.Response(status=status, body=raw, content_type=content_type)

    return answer


def refusing(code: int, description: str, **parameters: Any) -> Answer:
    document = {"ok": False, "error_code": code, "description": description}
    return answering(code, json.dumps(document | ({"parameters": parameters} if parameters else {})))


async def hanging(_: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError


async def resetting(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def cut_off(request: web.Request) -> web.StreamResponse:
    """Says how long the answer will be, and leaves in the middle of it."""
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b'{"ok": true, ')
    assert request.transport is not None
    request.transport.abort()
    return response


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    opened = Server()
    await opened.runner.setup()
    await web.TCPSite(opened.runner, "127.0.0.1", 0).start()
    yield opened
    await opened.connections.close()
    await opened.runner.cleanup()


async def test_a_call_is_one_json_document_and_its_result_comes_back(server: Server) -> None:
    result = await server.api.call("sendMessage", {"chat_id": 1, "text": "支部 🙂", "silent": True})
    assert result == {"message_id": 7}
    assert server.requests == [
        (f"/bot{TOKEN}/sendMessage", "application/json", {"chat_id": 1, "text": "支部 🙂", "silent": True})
    ]


async def test_half_a_character_is_telegrams_to_judge(server: Server) -> None:
    server.answer = refusing(400, "Bad Request: can't parse JSON")
    with pytest.raises(Refused):
        await server.api.call("sendMessage", {"text": "\ud83d"})


async def test_files_go_as_a_form_and_what_is_nested_as_json(server: Server) -> None:
    large = bytes(2 * 1024 * 1024)
    files = [Attachment("file0", "卡片.png", PNG), Attachment("file1", "b.bin", large)]
    parameters = {
        "chat_id": 5,
        "photo": "attach://file0",
        "caption": "看 <b>x</b>",
        "reply_markup": {"k": ["支"]},
    }
    await server.api.call("sendPhoto", parameters, files)
    (_, content_type, received) = server.requests[0]
    assert content_type == "multipart/form-data"
    assert received == {
        "chat_id": "5",
        "photo": "attach://file0",
        "caption": "看 <b>x</b>",
        "reply_markup": '{"k": ["支"]}',
    }
    assert server.files == {"file0": ("卡片.png", PNG), "file1": ("b.bin", large)}


@pytest.mark.parametrize(
    ("answer", "code", "retry_after", "migrate_to"),
    [
        (refusing(400, "Bad Request: chat not found"), 400, None, None),
        (refusing(403, "Forbidden: bot was blocked by the user"), 403, None, None),
        (refusing(429, "Too Many Requests: retry after 14", retry_after=14), 429, 14, None),
        (refusing(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-1001), 400, None, -1001),
        (refusing(500, "Internal Server Error"), 500, None, None),
        (answering(404, '{"ok": false, "error_code": 404, "description": "Not Found"}'), 404, None, None),
        (answering(200, '{"ok": false}'), 200, None, None),
    ],
)
async def test_telegrams_refusals(
    server: Server, answer: Answer, code: int, retry_after: float | None, migrate_to: int | None
) -> None:
    server.answer = answer
    with pytest.raises(Refused) as refused:
        await server.api.call("sendMessage", {})
    assert (refused.value.code, refused.value.retry_after, refused.value.migrate_to) == (
        code,
        retry_after,
        migrate_to,
    )


@pytest.mark.parametrize(
    "answer",
    [
        answering(502, "<html>Bad Gateway</html>"),
        answering(200, "<html>Please log in to the network</html>"),
        answering(403, "<html>Your organisation blocks this page</html>"),
        answering(400, b""),
        answering(200, '{"ok": true, "resu'),
        answering(200, "[]"),
        answering(200, "null"),
        answering(200, "{}"),
        resetting,
        cut_off,
    ],
)
async def test_without_an_answer_of_the_bot_api_nobody_knows_whether_it_arrived(
    server: Server, answer: Answer
) -> None:
    server.answer = answer
    with pytest.raises(NoAnswer) as failure:
        await server.api.call("sendMessage", {})
    assert failure.value.may_have_arrived


async def test_a_server_that_hangs_is_given_up_after_the_patience(server: Server) -> None:
    server.answer = hanging
    with pytest.raises(NoAnswer) as failure:
        await server.api.call("sendMessage", {}, patience=0.05)
    assert failure.value.may_have_arrived


async def test_where_nobody_listens_it_surely_did_not_arrive() -> None:
    connections = Connections()
    with pytest.raises(NoAnswer) as failure:
        await BotApi(connections, f"http://127.0.0.1:{unused_port()}/bot", TOKEN).call("getMe", {})
    assert not failure.value.may_have_arrived
    await connections.close()


async def test_a_name_that_does_not_resolve_did_not_arrive_either() -> None:
    connections = Connections()
    with pytest.raises(NoAnswer) as failure:
        await BotApi(connections, "http://nowhere.invalid/bot", TOKEN).call("getMe", {})
    assert not failure.value.may_have_arrived
    await connections.close()


async def test_a_post_is_never_repeated_behind_our_back(server: Server) -> None:
    await server.api.call("getMe", {})  # leaves a kept connection
    server.answer = resetting
    with pytest.raises(NoAnswer) as failure:
        await server.api.call("sendMessage", {})
    assert failure.value.may_have_arrived
    assert [path.rsplit("/", 1)[-1] for path, _, _ in server.requests] == ["getMe", "sendMessage"]


async def test_the_reason_names_no_address_and_no_token(server: Server) -> None:
    server.answer = resetting
    with pytest.raises(NoAnswer) as failure:
        await server.api.call("sendMessage", {})
    assert TOKEN not in str(failure.value)
    assert "127.0.0.1" not in str(failure.value)


async def test_a_proxy_is_used_when_set(server: Server) -> None:
    through = Connections(proxy=server.root)
    result = await BotApi(through, "http://telegram.invalid/bot", TOKEN).call("getMe", {"a": 1})
    assert result == {"message_id": 7}
    assert server.requests[0][2] == {"a": 1}
    await through.close()


async def test_what_a_proxy_does_not_let_through_did_not_arrive(server: Server) -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    proxy = await asyncio.start_server(refuse, "127.0.0.1", 0)
    port = proxy.sockets[0].getsockname()[1]
    through = Connections(proxy=f"http://127.0.0.1:{port}")
    with pytest.raises(NoAnswer) as failure:
        await BotApi(through, "https://telegram.invalid/bot", TOKEN).call("sendMessage", {})
    assert not failure.value.may_have_arrived
    await through.close()
    proxy.close()
    await proxy.wait_closed()


MESSAGE = {"message_id": 7, "date": 0, "chat": {"id": 1, "type": "private"}}


async def _message(_: web.Request) -> web.StreamResponse:
    return web.json_response({"ok": True, "result": MESSAGE})


async def test_a_bot_sends_a_text_over_it(server: Server) -> None:
    server.answer = _message
    sent = await server.bot().send_message(1, "支部 <b>x</b>", parse_mode="HTML")
    assert sent.message_id == 7
    path, _, parameters = server.requests[0]
    assert path == f"/bot{TOKEN}/sendMessage"
    assert parameters == {"chat_id": "1", "text": "支部 <b>x</b>", "parse_mode": "HTML"}


async def test_a_bot_sends_a_picture_over_it(server: Server) -> None:
    server.answer = _message
    await server.bot().send_photo(1, InputFile(PNG, filename="card.png"), caption="看")
    (_, content_type, parameters) = server.requests[0]
    assert content_type == "multipart/form-data"
    assert (parameters["chat_id"], parameters["caption"]) == ("1", "看")
    assert list(server.files.values()) == [("card.png", PNG)]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (refusing(400, "Bad Request: nonsense"), BadRequest),
        (refusing(403, "Forbidden: bot was blocked by the user"), Forbidden),
        (refusing(429, "Too Many Requests", retry_after=3), RetryAfter),
        (answering(502, "<html>Bad Gateway</html>"), NetworkError),
        (resetting, NetworkError),
        (cut_off, NetworkError),
    ],
)
@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
async def test_a_bot_sees_failures_as_its_own_errors(
    server: Server, answer: Answer, expected: type[Exception]
) -> None:
    server.answer = answer
    with pytest.raises(expected):
        await server.bot().send_message(1, "x")


async def test_a_bot_gives_a_hanging_server_up(server: Server) -> None:
    server.answer = hanging
    with pytest.raises(TimedOut):
        await server.bot().send_message(1, "x", read_timeout=0.05)


async def test_a_bot_where_nobody_listens_sees_a_network_error() -> None:
    connections = Connections()
    request = AiohttpRequest(connections)
    bot = Bot(
        TOKEN, base_url=f"http://127.0.0.1:{unused_port()}/bot", request=request, get_updates_request=request
    )
    with pytest.raises(NetworkError):
        await bot.send_message(1, "x")
    await connections.close()


async def test_a_closed_pool_opens_again_when_needed(server: Server) -> None:
    await server.api.call("getMe", {})
    await server.connections.close()
    await server.connections.close()
    await server.api.call("getMe", {})
    assert len(server.requests) == 2
