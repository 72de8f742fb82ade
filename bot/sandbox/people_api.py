"""The people's side over HTTP, as API.md describes it: what the page and scripts use."""

import dataclasses
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from aiohttp import web

from bot.sandbox.clock import MovableClock
from bot.sandbox.errors import PersonError
from bot.sandbox.faults import Fault
from bot.sandbox.files import Shape, find_file
from bot.sandbox.groups import Group
from bot.sandbox.images import image_size
from bot.sandbox.people import Person
from bot.sandbox.views import SeenMessage, page_chat, page_message, person_json
from bot.sandbox.world import BotStatus, Json

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox

T = TypeVar("T")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_TOPIC_ACTS = ("close", "reopen", "delete")
_GROUP_STATUSES = ("administrator", "member")
_IMAGES = ("photo", "sticker")


class _NotFound(Exception):
    """There is no such thing here."""


class PeopleApi:
    """Everything under `/sandbox/`, on top of Person and Group."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox
        self._core = sandbox.core

    def routes(self) -> list[web.RouteDef]:
        acts: dict[str, Callable[[Person, Json], Awaitable[Any]]] = {
            "start": self._start,
            "text": self._text,
            "location": self._location,
            "contact": self._contact,
            "forward": self._forward,
            "tap": self._tap,
            "inline": self._inline,
            "inline/choose": self._inline_choose,
            "edit": self._edit,
            "delete": self._delete,
            "react": self._react,
            "block": self._block,
        }
        person = "/sandbox/people/{person}"
        return [
            web.get("/sandbox/state", self._wrapped(self._state)),
            web.post("/sandbox/people", self._wrapped(self._add_person)),
            web.get(person + "/chats/{chat}", self._wrapped(self._conversation)),
            web.post(person + "/file", self._wrapped(self._file)),
            *(web.post(f"{person}/{name}", self._act(act)) for name, act in acts.items()),
            web.post("/sandbox/groups", self._wrapped(self._add_group)),
            web.post("/sandbox/groups/{chat}/bot", self._wrapped(self._group_bot)),
            web.post("/sandbox/groups/{chat}/topics", self._wrapped(self._group_topics)),
            web.post("/sandbox/groups/{chat}/members", self._wrapped(self._group_members)),
            web.post("/sandbox/groups/{chat}/upgrade", self._wrapped(self._group_upgrade)),
            web.get("/sandbox/files/{file_id}", self._wrapped(self._download)),
            web.post("/sandbox/clock", self._wrapped(self._move_clock)),
            web.get("/sandbox/faults", self._wrapped(self._faults)),
            web.post("/sandbox/faults", self._wrapped(self._set_faults)),
        ]

    def _wrapped(self, handler: Callable[[web.Request], Awaitable[Any]]) -> Handler:
        """Answers with the handler's JSON (or response), or with its complaint as `{"error"}`."""

        async def wrapped(request: web.Request) -> web.StreamResponse:
            try:
                result = await handler(request)
            except _NotFound as error:
                return _json({"error": str(error)}, 404)
            except (PersonError, ValueError) as error:
                return _json({"error": str(error)}, 400)
            if isinstance(result, SeenMessage):
                result = self._message(result)
            return result if isinstance(result, web.StreamResponse) else _json(result)

        return wrapped

    def _act(self, act: Callable[[Person, Json], Awaitable[Any]]) -> Handler:
        async def handler(request: web.Request) -> Any:
            return await act(self._person(request), await _body(request))

        return self._wrapped(handler)

    # Reading

    async def _state(self, _: web.Request) -> Json:
        sandbox, world = self._sandbox, self._core.world
        return {
            "now": self._core.clock.now(),
            "timezone": sandbox.timezone,
            "bot": {"id": world.bot.id, "name": world.bot.name, "username": world.bot.username},
            "people": [person_json(user) for user in world.users.values()],
            "chats": [page_chat(world, chat) for chat in world.chats.values()],
            "moves": [{"id": move.id, "label": move.label} for move in sandbox.moves],
            "cursor": self._core.changes.cursor,
        }

    async def _conversation(self, request: web.Request) -> Json:
        person, world = self._person(request), self._core.world
        chat_id = _number(request.match_info["chat"], "chat_id")
        messages = person.chat(chat_id)
        chat = world.chats[chat_id]
        return {
            "chat": page_chat(world, chat),
            "messages": [self._message(message) for message in messages],
            "commands": person.commands(chat_id),
            "reply_keyboard": chat.reply_keyboards.get(person.id),
            "menu_button": chat.menu_button or world.bot.menu_button,
        }

    async def _download(self, request: web.Request) -> web.Response:
        file = find_file(self._core.world, request.match_info["file_id"])
        if file is None:
            raise _NotFound("This file is gone")
        headers = {"X-Content-Type-Options": "nosniff"}
        if file.kind == "document":
            headers["Content-Disposition"] = "attachment"
        mime_type = file.mime_type
        if file.kind in _IMAGES:
            mime_type = _image_type(file.data)
        return web.Response(body=file.data, content_type=mime_type, headers=headers)

    # Acts

    async def _add_person(self, request: web.Request) -> Json:
        body = await _body(request)
        texts = {
            name: _take(body, name, str, "")
            for name in ("first_name", "last_name", "username", "phone", "label")
        }
        if not texts["first_name"].strip():
            raise PersonError("A person needs a first name")
        person = self._sandbox.add_person(
            **texts,
            language_code=_take(body, "language_code", str, "zh-hans"),
            pinned=_take(body, "pinned", bool, False),
            id=_take(body, "id", int, 0) or None,
        )
        return person_json(person.user)

    async def _start(self, person: Person, body: Json) -> SeenMessage:
        return await person.start(_take(body, "payload", str, "") or None)

    async def _text(self, person: Person, body: Json) -> SeenMessage:
        return await person.says(
            _take(body, "text", str),
            reply_to=_take(body, "reply_to", int, 0) or None,
            chat=_take(body, "chat_id", int),
            thread=_take(body, "thread_id", int, 0) or None,
        )

    async def _file(self, request: web.Request) -> SeenMessage:
        person, form = self._person(request), await request.post()
        file = form.get("file")
        if not isinstance(file, web.FileField):
            raise PersonError("A file is missing")
        kind, data = str(form.get("kind", "document")), file.file.read()
        if kind == "photo" and image_size(data) is None:
            raise PersonError("This is not a picture")
        reply_to, thread = str(form.get("reply_to") or ""), str(form.get("thread_id") or "")
        return await person.sends_file(
            kind,
            data,
            name=file.filename,
            mime_type=file.content_type,
            caption=str(form.get("caption") or ""),
            reply_to=_number(reply_to, "reply_to") if reply_to else None,
            chat=_number(str(form.get("chat_id", "")), "chat_id"),
            thread=_number(thread, "thread_id") if thread else None,
            media_group=str(form.get("media_group") or "") or None,
            shape=Shape(duration=_number(str(form.get("duration") or "0"), "duration")),
        )

    async def _location(self, person: Person, body: Json) -> SeenMessage:
        latitude, longitude = _degrees(body, "latitude"), _degrees(body, "longitude")
        return await person.sends_location(latitude, longitude, _take(body, "chat_id", int))

    async def _contact(self, person: Person, body: Json) -> SeenMessage:
        of = _take(body, "of", int, 0)
        owner = self._sandbox.person(of) if of else None
        return await person.shares_contact(owner, _take(body, "chat_id", int))

    async def _forward(self, person: Person, body: Json) -> SeenMessage:
        return await person.forwards(
            _take(body, "message_id", int),
            chat=_take(body, "chat_id", int),
            from_chat=_take(body, "from_chat_id", int),
        )

    async def _tap(self, person: Person, body: Json) -> Json:
        data = _take(body, "data", str) if "data" in body else None
        place = None if data is not None else (_take(body, "row", int), _take(body, "column", int))
        message_id, chat_id = _take(body, "message_id", int), _take(body, "chat_id", int)
        query_id = await person.taps(message_id, data=data, place=place, chat=chat_id)
        answer = await person.answer(query_id)
        if answer is None:
            return {"answer": None}
        return {"answer": {"text": answer.text, "show_alert": answer.show_alert, "url": answer.url}}

    async def _inline(self, person: Person, body: Json) -> Json:
        query, offset = _take(body, "query", str, ""), _take(body, "offset", str, "")
        query_id = await person.asks_inline(query, _take(body, "chat_id", int), offset)
        answer = await person.answer(query_id)
        if answer is None:
            return {"query_id": query_id, "results": None}
        return {
            "query_id": query_id,
            "results": [
                {"id": each.id, "type": each.type, "title": each.title, "description": each.description}
                for each in answer.results
            ],
            "button": None if answer.switch is None else dataclasses.asdict(answer.switch),
            "next_offset": answer.next_offset,
        }

    async def _inline_choose(self, person: Person, body: Json) -> SeenMessage:
        return await person.takes(
            _take(body, "query_id", str),
            _take(body, "result_id", str),
            reply_to=_take(body, "reply_to", int, 0) or None,
            chat=_take(body, "chat_id", int),
            thread=_take(body, "thread_id", int, 0) or None,
        )

    async def _edit(self, person: Person, body: Json) -> SeenMessage:
        chat_id, message_id = _take(body, "chat_id", int), _take(body, "message_id", int)
        return await person.edits(message_id, _take(body, "text", str), chat_id)

    async def _delete(self, person: Person, body: Json) -> Json:
        await person.deletes(_take(body, "message_id", int), _take(body, "chat_id", int))
        return {}

    async def _react(self, person: Person, body: Json) -> Json:
        chat_id, message_id = _take(body, "chat_id", int), _take(body, "message_id", int)
        await person.reacts(message_id, _take(body, "emoji", str, ""), chat_id)
        return {}

    async def _block(self, person: Person, body: Json) -> Json:
        await (person.blocks() if _take(body, "blocked", bool) else person.unblocks())
        return person_json(person.user)

    # Groups, clock, faults

    async def _add_group(self, request: web.Request) -> Json:
        body = await _body(request)
        members = body.get("members")
        if not isinstance(members, list) or not all(isinstance(member, int) for member in members):
            raise PersonError("members must be a list of people's ids")
        status = body.get("bot", "member")
        if status is not None and status not in _GROUP_STATUSES:
            raise PersonError('bot must be "administrator", "member" or null')
        group = self._sandbox.add_group(
            _take(body, "title", str),
            [self._sandbox.person(member) for member in members],
            is_forum=_take(body, "is_forum", bool, False),
            bot=status,
        )
        return page_chat(self._core.world, group.state)

    async def _group_bot(self, request: web.Request) -> Json:
        group, body = self._group(request), await _body(request)
        status = _take(body, "status", str)
        if status not in tuple(BotStatus):
            raise PersonError(f"status must be one of {', '.join(BotStatus)}")
        by = _take(body, "by", int, 0)
        await group.bot_becomes(
            status,
            self._sandbox.person(by).id if by else None,
            manages_topics=_take(body, "manages_topics", bool, True),
        )
        return page_chat(self._core.world, group.state)

    async def _group_topics(self, request: web.Request) -> Json:
        group, body = self._group(request), await _body(request)
        topic, act = _take(body, "thread_id", int), _take(body, "act", str)
        if act not in _TOPIC_ACTS:
            raise PersonError(f"act must be one of {', '.join(_TOPIC_ACTS)}")
        if act == "delete":
            await group.deletes_topic(topic)
        else:
            await group.closes_topic(topic, closed=act == "close")
        return page_chat(self._core.world, group.state)

    async def _group_members(self, request: web.Request) -> Json:
        group, body = self._group(request), await _body(request)
        person = self._sandbox.person(_take(body, "person", int))
        await (person.joins(group) if _take(body, "inside", bool) else person.leaves(group))
        return page_chat(self._core.world, group.state)

    async def _group_upgrade(self, request: web.Request) -> Json:
        successor = await self._group(request).upgrade()
        return {"chat_id": successor.id}

    async def _move_clock(self, request: web.Request) -> Json:
        body, clock = await _body(request), self._core.clock
        if not isinstance(clock, MovableClock):
            raise PersonError("This clock cannot be moved")
        now = clock.now()
        if "move" in body:
            wanted = _take(body, "move", str)
            target = next((move.target(now) for move in self._sandbox.moves if move.id == wanted), None)
            if target is None:
                raise _NotFound(f"There is no move called {wanted!r}")
        else:
            target = _take(body, "to", int) if "to" in body else now + _take(body, "by", int)
        if target < now:
            raise PersonError("The clock only goes forward")
        await clock.move_to(target)
        self._core.changes.add("clock")
        return {"now": clock.now()}

    async def _faults(self, _: web.Request) -> Json:
        return {"faults": [fault.to_json() for fault in self._core.faults.active]}

    async def _set_faults(self, request: web.Request) -> Json:
        body = await _body(request)
        wanted = body.get("faults")
        if not isinstance(wanted, list):
            raise PersonError('faults are given as {"faults": [...]}')
        faults = [Fault.from_json(fault) for fault in wanted]
        self._core.faults.clear()
        for fault in faults:
            self._core.faults.add(fault)
        return await self._faults(request)

    # Helpers

    def _person(self, request: web.Request) -> Person:
        return self._sandbox.person(_number(request.match_info["person"], "person"))

    def _group(self, request: web.Request) -> Group:
        chat_id = _number(request.match_info["chat"], "chat_id")
        chat = self._core.world.chats.get(chat_id)
        if chat is None or chat.is_private:
            raise _NotFound("There is no such group")
        return Group(self._core, chat_id)

    def _message(self, seen: SeenMessage) -> Json:
        world = self._core.world
        return page_message(world, world.chats[seen.chat_id].messages[seen.message_id])


def _json(document: Any, status: int = 200) -> web.Response:
    return web.Response(
        text=json.dumps(document, ensure_ascii=False), status=status, content_type="application/json"
    )


async def _body(request: web.Request) -> Json:
    try:
        body = json.loads(await request.read() or b"{}")
    except ValueError as error:
        raise PersonError("The request is no JSON") from error
    if not isinstance(body, dict):
        raise PersonError("The request must be a JSON object")
    return body


def _take(body: Json, name: str, kind: type[T], default: T | None = None) -> T:
    value = body.get(name)
    if value is None:
        if default is None:
            raise PersonError(f"{name} is missing")
        return default
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise PersonError(f"{name} must be of type {kind.__name__}")
    return value


def _degrees(body: Json, name: str) -> float:
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PersonError(f"{name} must be a number of degrees")
    return float(value)


def _number(text: str, name: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise PersonError(f"{name} must be a number") from error


def _image_type(data: bytes) -> str:
    for start, kind in ((b"\x89PNG", "png"), (b"GIF8", "gif"), (b"BM", "bmp"), (b"RIFF", "webp")):
        if data.startswith(start):
            return f"image/{kind}"
    return "image/jpeg"
