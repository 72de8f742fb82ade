"""What Telegram refuses, and in which words. One world, one table."""

import io
from collections.abc import Iterator
from typing import Any

import aiohttp
import pytest

from bot.sandbox import Person, Sandbox
from tests.sandbox.helpers import PNG, HandClock, Raw

INLINE = {"inline_keyboard": [[{"text": "好", "callback_data": "a"}]]}


@pytest.fixture
async def world(sandbox: Sandbox, mei: Person, raw: Raw) -> None:
    """501 has started (messages: 1 hers, 2 the bot's text, 3 the bot's photo, 4 with a reply keyboard),
    502 shares a group only, 503 blocks, 504 is unknown, 505 has gone.
    """
    met = sandbox.add_person(first_name="张", id=502)
    blocker = sandbox.add_person(first_name="李", id=503)
    sandbox.add_person(first_name="赵", id=504)
    gone = sandbox.add_person(first_name="孙", id=505)
    await blocker.start()
    await blocker.blocks()
    await gone.start()
    await gone.deletes_account()
    sandbox.add_group("组", [met, mei], bot="member")
    await raw("sendMessage", chat_id=501, text="二", reply_markup=INLINE)
    form = aiohttp.FormData({"chat_id": "501", "caption": "图"})
    form.add_field("photo", PNG, filename="a.png", content_type="image/png")
    async with raw.session.post(raw.url("sendPhoto"), data=form) as response:
        assert response.status == 200
    await raw("sendMessage", chat_id=501, text="四", reply_markup={"keyboard": [["好"]]})


def case(method: str, code: int, description: str, **parameters: Any) -> Any:
    return pytest.param(method, parameters, code, description, id=f"{method}: {description[:60]}")


def buttons(*rows: Any) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


def cases() -> Iterator[Any]:
    bad = "Bad Request: "
    text = {"chat_id": 501, "text": "好"}
    # texts
    yield case("sendMessage", 400, bad + "message text is empty", chat_id=501)
    yield case("sendMessage", 400, bad + "message text is empty", chat_id=501, text=" \n ")
    yield case(
        "sendMessage", 400, bad + "message text is empty", chat_id=501, text="<b></b>", parse_mode="HTML"
    )
    yield case("sendMessage", 400, bad + "message is too long", chat_id=501, text="😀" * 2049)
    yield case("sendMessage", 400, bad + "text is too long", chat_id=501, text="好" * 11000)
    yield case("sendMessage", 400, bad + "unsupported parse_mode", **text, parse_mode="XML")
    entities = bad + 'can\'t parse entities: Unsupported start tag "x" at byte offset 3'
    yield case("sendMessage", 400, entities, chat_id=501, text="好<x>", parse_mode="HTML")
    too_far = bad + "entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 5"
    yield case("sendMessage", 400, too_far, **text, entities=[{"type": "bold", "offset": 0, "length": 5}])
    middle = bad + "entity begins in a middle of a UTF-16 symbol at byte offset 0"
    split = [{"type": "bold", "offset": 1, "length": 1}]
    yield case("sendMessage", 400, middle, chat_id=501, text="😀", entities=split)
    unsupported = bad + "can't parse MessageEntity: Unsupported type specified"
    yield case("sendMessage", 400, unsupported, **text, entities=[{"type": "x", "offset": 0, "length": 1}])
    many = "<b>a</b> " * 101
    yield case("sendMessage", 400, bad + "ENTITIES_TOO_LONG", chat_id=501, text=many, parse_mode="HTML")
    # chats
    yield case("sendMessage", 400, bad + "chat_id is empty", text="好")
    for nobody in (504, 999, "@nobody", -5):
        yield case("sendMessage", 400, bad + "chat not found", chat_id=nobody, text="好")
    yield case(
        "sendMessage", 403, "Forbidden: bot can't initiate conversation with a user", chat_id=502, text="好"
    )
    yield case("sendMessage", 403, "Forbidden: bot was blocked by the user", chat_id=503, text="好")
    yield case("sendMessage", 403, "Forbidden: user is deactivated", chat_id=505, text="好")
    yield case("sendChatAction", 403, "Forbidden: bot was blocked by the user", chat_id=503, action="typing")
    yield case(
        "sendChatAction", 400, bad + "wrong parameter action in request", chat_id=501, action="sleeping"
    )
    # parameters
    yield case("sendMessage", 400, bad + 'unknown parameter "txt"', **text, txt="好")
    yield case(
        "sendMessage", 400, bad + 'unknown parameter "reply_to_message_id"', **text, reply_to_message_id=1
    )
    unknown = bad + 'unknown field of reply_parameters "id"'
    yield case("sendMessage", 400, unknown, **text, reply_parameters={"id": 1})
    wrong = bad + 'parameter "message_thread_id" must be an Integer'
    yield case("sendMessage", 400, wrong, **text, message_thread_id="x")
    wrong = bad + 'parameter "protect_content" must be a Boolean'
    yield case("sendMessage", 400, wrong, **text, protect_content="maybe")
    yield case("sendMessage", 400, bad + 'parameter "entities" must be an Array', **text, entities={"a": 1})
    yield case("sendMessage", 400, bad + "can't parse reply markup JSON object", **text, reply_markup="{")
    yield case("sendMessage", 400, bad + "object expected as reply markup", **text, reply_markup="[]")
    yield case("sendMessage", 400, bad + "business connection not found", **text, business_connection_id="x")
    # keyboards
    data = bad + "BUTTON_DATA_INVALID"
    long_data = buttons([{"text": "好", "callback_data": "好" * 22}])
    yield case("sendMessage", 400, data, **text, reply_markup=long_data)
    bare = bad + "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
    for button in ({"text": "好"}, {"text": "好", "callback_data": ""}):
        yield case("sendMessage", 400, bare, **text, reply_markup=buttons([button]))
    empty = bad + "inline keyboard button text must be non-empty"
    yield case("sendMessage", 400, empty, **text, reply_markup=buttons([{"text": "", "callback_data": "a"}]))
    wrong_url = bad + "inline keyboard button URL 'nowhere' is invalid: Wrong HTTP URL"
    yield case("sendMessage", 400, wrong_url, **text, reply_markup=buttons([{"text": "a", "url": "nowhere"}]))
    field = bad + 'can\'t parse inline keyboard button: unknown field "data"'
    yield case("sendMessage", 400, field, **text, reply_markup=buttons([{"text": "a", "data": "b"}]))
    flat = bad + 'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'
    yield case("sendMessage", 400, flat, **text, reply_markup=buttons({"text": "a"}))
    one = {"text": "a", "callback_data": "b"}
    too_long = bad + "reply markup is too long"
    yield case("sendMessage", 400, too_long, **text, reply_markup=buttons(*[[one]] * 101))
    yield case("sendMessage", 400, too_long, **text, reply_markup=buttons([one] * 9))
    flag = bad + 'field "selective" must be of type Boolean'
    yield case("sendMessage", 400, flag, **text, reply_markup={"keyboard": [["a"]], "selective": 3})
    flag = bad + 'field "request_contact" must be of type Boolean'
    ask = {"keyboard": [[{"text": "a", "request_contact": "x"}]]}
    yield case("sendMessage", 400, flag, **text, reply_markup=ask)
    # replies and topics
    reply = {"message_id": 99}
    gone = bad + "message to be replied not found"
    yield case("sendMessage", 400, gone, **text, reply_parameters=reply)
    yield case("sendMessage", 400, bad + "message thread not found", **text, message_thread_id=7)
    yield case("createForumTopic", 400, bad + "the chat is not a forum", chat_id=501, name="好")
    # editing
    edit = {"chat_id": 501, "message_id": 2}
    same = (
        "message is not modified: specified new message content and reply markup are exactly the same as "
        "a current content and reply markup of the message"
    )
    yield case("editMessageText", 400, bad + same, **edit, text="二", reply_markup=INLINE)
    yield case("editMessageReplyMarkup", 400, bad + same, **edit, reply_markup=INLINE)
    missing = bad + "message to edit not found"
    yield case("editMessageText", 400, missing, chat_id=501, message_id=99, text="好")
    fixed = bad + "message can't be edited"
    yield case("editMessageText", 400, fixed, chat_id=501, message_id=1, text="好")
    yield case("editMessageText", 400, fixed, chat_id=501, message_id=4, text="好")
    no_text = bad + "there is no text in the message to edit"
    yield case("editMessageText", 400, no_text, chat_id=501, message_id=3, text="好")
    no_caption = bad + "there is no caption in the message to edit"
    yield case("editMessageCaption", 400, no_caption, **edit, caption="好")
    caption = bad + "message caption is too long"
    yield case("editMessageCaption", 400, caption, chat_id=501, message_id=3, caption="好" * 1025)
    yield case("editMessageText", 400, bad + "message identifier is not specified", text="好")
    # copying, forwarding, deleting
    source = {"chat_id": 501, "from_chat_id": 501, "message_id": 99}
    yield case("copyMessage", 400, bad + "message to copy not found", **source)
    yield case("forwardMessage", 400, bad + "message to forward not found", **source)
    picture = {"chat_id": 501, "from_chat_id": 501, "message_id": 3}
    yield case("copyMessage", 400, caption, **picture, caption="好" * 1025)
    gone = bad + "there are no messages to forward"
    yield case("copyMessages", 400, gone, chat_id=501, from_chat_id=501, message_ids=[98, 99])
    many = bad + "too many message identifiers specified"
    yield case("copyMessages", 400, many, chat_id=501, from_chat_id=501, message_ids=list(range(1, 102)))
    yield case("deleteMessage", 400, bad + "message to delete not found", chat_id=501, message_id=99)
    yield case("deleteMessage", 400, bad + "message identifier is not specified", chat_id=501)
    ids = [3, 2]
    order = bad + "identifiers must be in a strictly increasing order"
    yield case("copyMessages", 400, order, chat_id=501, from_chat_id=501, message_ids=ids)
    yield case("pinChatMessage", 400, bad + "message to pin not found", chat_id=501, message_id=99)
    react = {"chat_id": 501, "message_id": 2}
    wrong_emoji = [{"type": "emoji", "emoji": "好"}]
    yield case("setMessageReaction", 400, bad + "REACTION_INVALID", **react, reaction=wrong_emoji)
    two = [{"type": "emoji", "emoji": emoji} for emoji in "👍👎"]
    yield case("setMessageReaction", 400, bad + "REACTIONS_TOO_MANY", **react, reaction=two)
    vanished = {"chat_id": 501, "message_id": 99}
    yield case("setMessageReaction", 400, bad + "message to react not found", **vanished)
    # files
    remote = bad + "wrong remote file identifier specified: can't unserialize it. Wrong last symbol"
    yield case("sendPhoto", 400, remote, chat_id=501, photo="AgACnothing")
    url = bad + "wrong file identifier/HTTP URL specified"
    yield case("sendPhoto", 400, url, chat_id=501, photo="https://example.org/a.png")
    yield case("sendPhoto", 400, bad + "there is no photo in the request", chat_id=501)
    yield case(
        "sendDocument", 400, bad + "there is no document in the request", chat_id=501, document="attach://a"
    )
    yield case("getFile", 400, bad + "invalid file_id", file_id="x")
    yield case("getFile", 400, bad + "file_id not specified")
    album = bad + "wrong number of items in the album: 2 to 10 are allowed"
    for size in (1, 11):
        items = [{"type": "photo", "media": "x"}] * size
        yield case("sendMediaGroup", 400, album, chat_id=501, media=items)
    # queries
    old = bad + "query is too old and response timeout expired or query ID is invalid"
    yield case("answerCallbackQuery", 400, old, callback_query_id="1")
    yield case("answerCallbackQuery", 400, bad + "MESSAGE_TOO_LONG", callback_query_id="1", text="好" * 201)
    # profile
    commands = [{"command": "a", "description": "好"}]
    yield case("setMyCommands", 400, bad + "BOT_COMMANDS_TOO_MUCH", commands=commands * 101)
    for command, complaint in (
        ("Start", "BOT_COMMAND_INVALID"),
        ("", "command must be non-empty"),
        ("a" * 33, "command length must not exceed 32"),
    ):
        named = [{"command": command, "description": "好"}]
        yield case("setMyCommands", 400, bad + complaint, commands=named)
    nameless = [{"command": "a", "description": " "}]
    yield case("setMyCommands", 400, bad + "command description must be non-empty", commands=nameless)
    yield case(
        "setMyCommands", 400, bad + "invalid language code specified", commands=commands, language_code="zho"
    )
    scope = bad + "can't parse BotCommandScope: Unsupported type specified"
    yield case("setMyCommands", 400, scope, commands=commands, scope={"type": "x"})
    yield case("setMyName", 400, bad + "BOT_TITLE_INVALID", name="好" * 65)
    # webhook
    https = bad + "bad webhook: An HTTPS URL must be provided for webhook"
    yield case("setWebhook", 400, https, url="http://example.org/")
    yield case(
        "setWebhook",
        400,
        bad + "secret token contains unallowed characters",
        url="http://127.0.0.1:1/",
        secret_token="好",
    )
    # the rest
    yield case("sendMassage", 404, "Not Found")


@pytest.mark.parametrize(("method", "parameters", "code", "description"), list(cases()))
@pytest.mark.usefixtures("world")
async def test_refusals(
    raw: Raw, method: str, parameters: dict[str, Any], code: int, description: str
) -> None:
    reply = await raw(method, **parameters)
    assert (reply.status, reply.description) == (code, description)


async def test_a_wrong_token_is_unauthorized(raw: Raw, sandbox: Sandbox) -> None:
    for place in (f"{sandbox.api_url}1000:other/getMe", f"{sandbox.file_url}1000:other/a"):
        async with raw.session.get(place) as response:
            assert response.status == 401
            assert (await response.json())["description"] == "Unauthorized"


@pytest.mark.usefixtures("mei")
async def test_exactly_at_the_limits_it_goes_through(raw: Raw) -> None:
    markup = buttons([{"text": "好", "callback_data": "a" * 64}])
    reply = await raw(
        "sendMessage", chat_id=501, text=f"<b>{'好' * 4096}</b>", parse_mode="HTML", reply_markup=markup
    )
    assert len(reply.result["text"]) == 4096
    rows = [[{"text": "a", "callback_data": "b"}] * 5] * 20
    assert (await raw("sendMessage", chat_id=501, text="好", reply_markup=buttons(*rows))).status == 200


@pytest.mark.usefixtures("mei")
@pytest.mark.parametrize("how", ["query", "form", "multipart", "json", "json with text inside"])
async def test_parameters_come_in_all_of_telegrams_forms(raw: Raw, how: str) -> None:
    markup = '{"inline_keyboard":[[{"text":"好","callback_data":"a"}]]}'
    plain = {"chat_id": "501", "text": "您好", "reply_markup": markup}
    url = raw.url("sendMessage")
    match how:
        case "query":
            request = raw.session.get(url, params=plain)
        case "form":
            request = raw.session.post(url, data=plain)
        case "multipart":
            form = aiohttp.FormData(plain, default_to_multipart=True)
            request = raw.session.post(url, data=form)
        case "json":
            request = raw.session.post(url, json={"chat_id": 501, "text": "您好", "reply_markup": INLINE})
        case _:
            request = raw.session.post(url, json=plain)
    async with request as response:
        result = (await response.json())["result"]
    assert (result["text"], result["reply_markup"]) == ("您好", INLINE)


@pytest.mark.parametrize(
    ("body", "kind", "description"),
    [
        (b"text=\xff", "application/x-www-form-urlencoded", "strings must be encoded in UTF-8"),
        (b"{", "application/json", "can't parse request: wrong JSON"),
        (b"[1]", "application/json", "can't parse request: JSON object expected"),
        (b'{"chat_id":501,"text":"\\ud800"}', "application/json", "strings must be encoded in UTF-8"),
        (b'{"chat_id":501,"text":5}', "application/json", 'parameter "text" must be a String'),
        (b"x", "multipart/form-data", "can't parse request: wrong multipart/form-data"),
        (b"x", "multipart/form-data; boundary=a", "can't parse request: wrong multipart/form-data"),
    ],
)
async def test_bodies_that_cannot_be_read(raw: Raw, body: bytes, kind: str, description: str) -> None:
    headers = {"Content-Type": kind}
    async with raw.session.post(raw.url("sendMessage"), data=body, headers=headers) as response:
        assert (response.status, (await response.json())["description"]) == (
            400,
            f"Bad Request: {description}",
        )


@pytest.mark.usefixtures("mei")
async def test_method_names_are_read_in_any_case(raw: Raw) -> None:
    assert (await raw("SENDMESSAGE", chat_id=501, text="好")).status == 200


async def test_a_query_is_answered_once_and_within_fifteen_seconds(
    raw: Raw, mei: Person, clock: HandClock
) -> None:
    await raw("sendMessage", chat_id=501, text="好", reply_markup=INLINE)
    first, late = await mei.taps(mei.last(), "好"), await mei.taps(mei.last(), "好")
    assert (await raw("answerCallbackQuery", callback_query_id=first)).result is True
    old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert (await raw("answerCallbackQuery", callback_query_id=first)).description == old
    clock.forward(15.1)
    assert (await raw("answerCallbackQuery", callback_query_id=late)).description == old


async def test_a_message_older_than_two_days_stays(raw: Raw, mei: Person, clock: HandClock) -> None:
    message = await mei.says("好")
    clock.forward(48 * 3600 + 1)
    reply = await raw("deleteMessage", chat_id=501, message_id=message.message_id)
    assert reply.description == "Bad Request: message can't be deleted for everyone"


async def test_protected_content_stays_where_it_is(raw: Raw, mei: Person) -> None:
    await raw("sendMessage", chat_id=501, text="好", protect_content=True)
    where = {"chat_id": 501, "from_chat_id": 501, "message_id": mei.last().message_id}
    expected = "Bad Request: message has protected content and can't be"
    assert (await raw("forwardMessage", **where)).description == f"{expected} forwarded"
    assert (await raw("copyMessage", **where)).description == f"{expected} copied"


async def test_reply_to_nothing_is_sent_when_allowed(raw: Raw, mei: Person) -> None:
    reply = {"message_id": 99, "allow_sending_without_reply": True}
    assert (
        "reply_to_message"
        not in (await raw("sendMessage", chat_id=501, text="好", reply_parameters=reply)).result
    )
    assert mei.last().reply_to is None


@pytest.mark.usefixtures("mei")
async def test_uploads_are_measured(raw: Raw) -> None:
    async def send(field: str, data: bytes, method: str) -> tuple[int, str]:
        form = aiohttp.FormData({"chat_id": "501"})
        form.add_field(field, io.BytesIO(data), filename="a.png", content_type="image/png")
        async with raw.session.post(raw.url(method), data=form) as response:
            return response.status, (await response.json()).get("description", "")

    big = 10 * 1024 * 1024
    too_big = (
        f"Bad Request: file of size {big + 1} bytes is too big for a photo; the maximum size is {big} bytes"
    )
    assert await send("photo", PNG.ljust(big + 1, b"\0"), "sendPhoto") == (400, too_big)
    assert await send("photo", b"no picture", "sendPhoto") == (400, "Bad Request: IMAGE_PROCESS_FAILED")
    assert await send("document", b"", "sendDocument") == (400, "Bad Request: file must be non-empty")
    huge = b"\0" * (50 * 1024 * 1024 + 1)
    assert await send("document", huge, "sendDocument") == (413, "Request Entity Too Large")


async def test_large_files_can_be_sent_but_not_fetched(raw: Raw, mei: Person) -> None:
    message = await mei.sends_document(b"\0" * (20 * 1024 * 1024 + 1))
    reply = await raw("getFile", file_id=message.file_id)
    assert reply.description == "Bad Request: file is too big"


async def test_a_file_of_one_kind_is_not_another(raw: Raw, mei: Person) -> None:
    message = await mei.sends_document(b"abc")
    reply = await raw("sendPhoto", chat_id=501, photo=message.file_id)
    assert reply.description == "Bad Request: can't use file of type Document as Photo"
