"""The people's side over HTTP: what the page does, and its stream of events."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.sandbox import FaultKind, Person, Sandbox
from tests.sandbox.helpers import PNG, START, HandClock, Raw

INLINE = {
    "inline_keyboard": [[{"text": "甲", "callback_data": "a"}, {"text": "网", "url": "https://example.org/"}]]
}


class People:
    def __init__(self, session: aiohttp.ClientSession, sandbox: Sandbox) -> None:
        self.session = session
        self.root = f"{sandbox.page_url}sandbox/"

    async def get(self, path: str, status: int = 200) -> Any:
        async with self.session.get(self.root + path) as response:
            assert response.status == status, await response.text()
            return await response.json()

    async def post(self, path: str, expected: int = 200, **body: Any) -> Any:
        async with self.session.post(self.root + path, json=body) as response:
            assert response.status == expected, await response.text()
            return await response.json()


@pytest.fixture
def people(session: aiohttp.ClientSession, sandbox: Sandbox) -> People:
    return People(session, sandbox)


class Stream:
    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    async def next(self) -> tuple[int, str, Any]:
        """Cursor, kind and data of the next event."""
        fields: dict[str, str] = {}
        while "data" not in fields:
            received = await asyncio.wait_for(self._response.content.readline(), 5)
            if not received:
                raise EOFError
            line = received.decode().rstrip("\n")
            if line and not line.startswith(":"):
                name, _, value = line.partition(": ")
                fields[name] = value
        return int(fields["id"]), fields["event"], json.loads(fields["data"])


@pytest.fixture
async def stream(session: aiohttp.ClientSession, people: People, mei: Person) -> AsyncIterator[Stream]:
    cursor = (await people.get("state"))["cursor"]
    async with session.get(f"{people.root}events?after={cursor}") as response:
        assert response.content_type == "text/event-stream"
        yield Stream(response)


async def test_the_state_names_everybody_and_everything(people: People, mei: Person) -> None:
    state = await people.get("state")
    assert state["bot"] == {"id": 1000, "name": "支部帮手", "username": "zhibu_bot"}
    assert (state["now"], state["timezone"]) == (START, "Asia/Shanghai")
    assert state["moves"] == [{"id": "hour", "label": "一小时后"}]
    assert state["people"] == [
        {
            "id": 501,
            "first_name": "王",
            "last_name": "梅",
            "username": "",
            "phone": "13800000001",
            "language_code": "zh-hans",
            "label": "",
            "pinned": False,
            "blocked": False,
            "started": True,
        }
    ]
    assert [(chat["id"], chat["type"], chat["members"]) for chat in state["chats"]] == [
        (501, "private", [501])
    ]


async def test_a_person_comes_and_talks(people: People, raw: Raw) -> None:
    added = await people.post("people", first_name="李", phone="13800000002", label="采油三队", pinned=True)
    person = f"people/{added['id']}"
    started = await people.post(f"{person}/start", payload="abc")
    assert (started["text"], started["from"]) == (
        "/start abc",
        {"id": added["id"], "name": "李", "is_bot": False},
    )
    said = await people.post(f"{person}/text", chat_id=added["id"], text="<b>您好</b>")
    assert said["html"] == "&lt;b&gt;您好&lt;/b&gt;"
    await raw("sendMessage", chat_id=added["id"], text="<b>好</b>", parse_mode="HTML", reply_markup=INLINE)
    conversation = await people.get(f"{person}/chats/{added['id']}")
    last = conversation["messages"][-1]
    assert (last["html"], last["from"]["is_bot"], last["date"]) == ("<b>好</b>", True, START)
    assert last["inline_keyboard"] == [
        [
            {"text": "甲", "kind": "callback", "url": None},
            {"text": "网", "kind": "url", "url": "https://example.org/"},
        ]
    ]
    assert (conversation["commands"], conversation["reply_keyboard"]) == ([], None)
    assert conversation["menu_button"] == {"type": "commands"}


async def test_files_go_up_and_come_down(people: People, mei: Person, session: aiohttp.ClientSession) -> None:
    async def send(kind: str, data: bytes, name: str, **fields: str) -> tuple[int, Any]:
        form = aiohttp.FormData({"chat_id": "501", "kind": kind, **fields})
        form.add_field("file", io.BytesIO(data), filename=name, content_type="text/html")
        async with session.post(f"{people.root}people/501/file", data=form) as response:
            return response.status, await response.json()

    _, photo = await send("photo", PNG, "a.png", caption="图", media_group="7")
    assert (photo["caption"], photo["media_group_id"], photo["media"]["width"]) == ("图", "7", 640)
    async with session.get(f"{people.root}files/{photo['media']['file_id']}") as response:
        assert (response.content_type, await response.read()) == ("image/png", PNG)
    _, document = await send("document", b"<script>", "a.html")
    async with session.get(f"{people.root}files/{document['media']['file_id']}") as response:
        assert response.headers["Content-Disposition"] == "attachment"
    assert await send("photo", b"no picture", "a.png") == (400, {"error": "This is not a picture"})
    assert await send("hologram", PNG, "a.png") == (
        400,
        {"error": "There is no kind of file called 'hologram'"},
    )
    await people.get("files/nothing", status=404)


async def test_a_tap_waits_for_its_answer(people: People, raw: Raw, mei: Person) -> None:
    sent = (await raw("sendMessage", chat_id=501, text="选", reply_markup=INLINE)).result
    where = {"chat_id": 501, "message_id": sent["message_id"]}
    tap = asyncio.create_task(people.post("people/501/tap", **where, row=0, column=0))
    (update,) = (await raw("getUpdates", timeout=5)).result
    await raw("answerCallbackQuery", callback_query_id=update["callback_query"]["id"], text="收到")
    assert await tap == {"answer": {"text": "收到", "show_alert": False, "url": ""}}
    assert await people.post("people/501/tap", **where, row=0, column=1) == {"answer": None}
    error = await people.post("people/501/tap", 400, **where, row=5, column=0)
    assert error == {"error": "There is no such button; the message has: 甲 · 网"}


async def test_the_other_acts(people: People, raw: Raw, mei: Person, sandbox: Sandbox) -> None:
    chat = {"chat_id": 501}
    place = await people.post("people/501/location", **chat, latitude=46, longitude=125.1)
    assert (place["media"]["kind"], place["media"]["latitude"]) == ("location", 46)
    contact = await people.post("people/501/contact", **chat)
    assert contact["media"]["phone_number"] == "8613800000001"
    said = await people.post("people/501/text", **chat, text="一", reply_to=contact["message_id"])
    assert said["reply_to"]["excerpt"] == "[contact]"
    where = {**chat, "message_id": said["message_id"]}
    edited = await people.post("people/501/edit", **where, text="二")
    assert (edited["text"], edited["edit_date"]) == ("二", START)
    forwarded = await people.post("people/501/forward", **where, from_chat_id=501)
    assert forwarded["forwarded_from"] == "王 梅"
    await people.post("people/501/react", **where, emoji="👍")
    messages = (await people.get("people/501/chats/501"))["messages"]
    assert messages[-2]["reactions"] == [{"emoji": "👍", "by": 501}]
    await people.post("people/501/delete", **where)
    assert (await people.get("people/501/chats/501"))["messages"][-1]["message_id"] == forwarded["message_id"]
    assert (await people.post("people/501/block", blocked=True))["blocked"] is True
    assert "blocks" in (await people.post("people/501/text", 400, **chat, text="好"))["error"]


@pytest.mark.parametrize(
    ("path", "body", "error"),
    [
        ("people/9/text", {"chat_id": 9, "text": "好"}, "There is nobody with the id 9"),
        ("people/x/text", {"chat_id": 9, "text": "好"}, "person must be a number"),
        ("people/501/text", {"chat_id": 501}, "text is missing"),
        ("people/501/text", {"chat_id": "501", "text": "好"}, "chat_id must be of type int"),
        ("people/501/text", {"chat_id": -5, "text": "好"}, "王 梅 is not in this chat"),
        ("people/501/delete", {"chat_id": 501, "message_id": 99}, "This message is gone"),
        ("people", {"first_name": " "}, "A person needs a first name"),
        ("groups", {"title": "组", "members": []}, "A group needs at least one person"),
        ("groups", {"title": "组", "members": ["x"]}, "members must be a list of people's ids"),
        ("clock", {"by": -1}, "The clock only goes forward"),
        ("faults", {"faults": [{"kind": "x"}]}, "a fault needs a kind"),
    ],
)
async def test_what_is_wrong_is_said(
    people: People, mei: Person, path: str, body: dict[str, Any], error: str
) -> None:
    assert (await people.post(path, 400, **body))["error"].startswith(error)


async def test_groups(people: People, mei: Person, raw: Raw) -> None:
    other = await people.post("people", first_name="李")
    group = await people.post("groups", title="组", members=[501], bot="member")
    assert (group["type"], group["bot"], group["members"]) == ("group", "member", [501])
    path = f"groups/{group['id']}"
    assert (await people.post(f"{path}/members", person=other["id"], inside=True))["members"] == [
        501,
        other["id"],
    ]
    assert (await people.post(f"{path}/bot", status="administrator", by=501))["bot"] == "administrator"
    await people.post(f"{path}/bot", 400, status="king")
    successor = await people.post(f"{path}/upgrade")
    assert successor["chat_id"] < -1_000_000_000_000
    forum = await people.post("groups", title="坛", members=[501], is_forum=True, bot="administrator")
    topic = (await raw("createForumTopic", chat_id=forum["id"], name="题")).result
    thread = topic["message_thread_id"]
    said = await people.post("people/501/text", chat_id=forum["id"], text="好", thread_id=thread)
    assert said["thread_id"] == thread
    conversation = await people.get(f"people/501/chats/{forum['id']}")
    assert conversation["chat"]["topics"] == [{"thread_id": thread, "name": "题", "closed": False}]
    assert conversation["messages"][-2]["service"] == "支部帮手 新建了话题「题」"
    path = f"groups/{forum['id']}"
    assert (await people.post(f"{path}/topics", thread_id=thread, act="close"))["topics"][0]["closed"]
    assert not (await people.post(f"{path}/topics", thread_id=thread, act="reopen"))["topics"][0]["closed"]
    await people.post(f"{path}/topics", 400, thread_id=thread, act="paint")
    assert (await people.post(f"{path}/topics", thread_id=thread, act="delete"))["topics"] == []
    await people.post(f"{path}/topics", 400, thread_id=thread, act="delete")
    await people.post(f"{path}/bot", status="administrator", manages_topics=False)
    assert (await raw("createForumTopic", chat_id=forum["id"], name="题")).status == 400
    await people.post("groups/-1/upgrade", 404)


async def test_the_clock_moves_forward(people: People, clock: HandClock) -> None:
    assert await people.post("clock", move="hour") == {"now": START + 3_600_000}
    assert await people.post("clock", by=1000) == {"now": START + 3_601_000}
    assert await people.post("clock", to=START + 4_000_000) == {"now": START + 4_000_000}
    assert clock.now() == START + 4_000_000
    await people.post("clock", 404, move="yesterday")


async def test_faults_are_switched(people: People, sandbox: Sandbox) -> None:
    wanted = [{"kind": "flood", "methods": ["sendMessage"], "times": 2, "retry_after": 3}]
    answer = await people.post("faults", faults=wanted)
    assert answer["faults"][0]["retry_after"] == 3
    assert sandbox.faults.active[0].kind is FaultKind.FLOOD
    assert await people.post("faults", faults=[]) == {"faults": []}


async def test_events_tell_what_happens(stream: Stream, raw: Raw, mei: Person, people: People) -> None:
    await raw("sendMessage", chat_id=501, text="选", reply_markup={"keyboard": [["甲"]]})
    cursor, kind, message = await stream.next()
    assert (kind, message["text"]) == ("message", "选")
    following, kind, shown = await stream.next()
    assert (following, kind, shown["person"], shown["reply_keyboard"]["keyboard"]) == (
        cursor + 1,
        "keyboard",
        501,
        [[{"text": "甲"}]],
    )
    await raw("sendChatAction", chat_id=501, action="typing")
    assert (await stream.next())[1:] == ("action", {"chat_id": 501, "action": "typing"})
    await raw("sendMessage", chat_id=501, text="一")
    assert (await stream.next())[1] == "message"
    last = {"chat_id": 501, "message_id": mei.last().message_id}
    await raw("editMessageText", **last, text="二")
    _, kind, message = await stream.next()
    assert (kind, message["text"]) == ("edit", "二")
    await raw("deleteMessage", **last)
    assert (await stream.next())[1:] == ("delete", last)
    await mei.blocks()
    _, kind, person = await stream.next()
    assert (kind, person["blocked"]) == ("person", True)
    await people.post("clock", by=1000)
    assert (await stream.next())[1:] == ("clock", {"now": START + 1000})
    await raw("setMyCommands", commands=[])
    assert (await stream.next())[1:] == ("commands", {})


async def test_a_bots_answer_is_an_event(stream: Stream, raw: Raw, mei: Person) -> None:
    await raw("sendMessage", chat_id=501, text="选", reply_markup=INLINE)
    query = await mei.taps(mei.last(), "甲")
    await raw("answerCallbackQuery", callback_query_id=query, text="收到", show_alert=True)
    assert (await stream.next())[1] == "message"
    assert (await stream.next())[1:] == ("answer", {"person": 501, "text": "收到", "show_alert": True})


async def test_who_comes_back_misses_nothing(
    people: People, session: aiohttp.ClientSession, mei: Person
) -> None:
    cursor = (await people.get("state"))["cursor"]
    await mei.says("一")
    await mei.says("二")
    headers = {"Last-Event-ID": str(cursor + 1)}
    async with session.get(f"{people.root}events?after={cursor}", headers=headers) as response:
        assert (await Stream(response).next())[2]["text"] == "二"


@pytest.mark.parametrize("after", ["-1", "999999"])
async def test_who_was_away_too_long_reloads(
    people: People, session: aiohttp.ClientSession, mei: Person, after: str
) -> None:
    async with session.get(f"{people.root}events?after={after}") as response:
        assert (await Stream(response).next())[1] == "reset"


async def test_streams_end_when_the_sandbox_stops(stream: Stream, sandbox: Sandbox) -> None:
    await sandbox.stop()
    with pytest.raises(EOFError):
        await stream.next()


async def test_other_web_sites_are_turned_away(
    people: People, session: aiohttp.ClientSession, sandbox: Sandbox
) -> None:
    own = sandbox.page_url.rstrip("/")
    for headers, status in (
        ({"Origin": "https://example.org"}, 403),
        ({"Origin": own}, 200),
        ({"Host": "example.org"}, 403),
    ):
        async with session.get(f"{people.root}state", headers=headers) as response:
            assert response.status == status


async def test_the_page_is_served_and_never_cached(session: aiohttp.ClientSession, sandbox: Sandbox) -> None:
    async with session.get(sandbox.page_url) as response:
        assert (response.status, response.content_type) == (200, "text/html")
        assert response.headers["Cache-Control"] == "no-store"
    async with session.get(f"{sandbox.page_url}page/main.js") as response:
        assert (response.status, response.content_type) == (200, "text/javascript")
    for path in ("page/nothing.js", "page/..%2Fserver.py"):
        async with session.get(sandbox.page_url + path) as response:
            assert response.status == 404
