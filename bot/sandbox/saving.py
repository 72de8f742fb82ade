"""The whole world as one JSON document, so that a sandbox that was killed can go on."""

import base64
import json
import os
import tempfile
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, TypeVar

from bot.sandbox.core import Core
from bot.sandbox.updates import Update
from bot.sandbox.webhook import WebhookSettings
from bot.sandbox.world import BotProfile, BotStatus, Chat, Json, Message, StoredFile, Topic, User

_VERSION = 1
_GAP = 1000
"""Ids go on with a gap: those given out after the last save are forgotten here, but the bot may know them."""
T = TypeVar("T")


def save(core: Core, path: Path) -> None:
    """Replace the file in one step: a reader sees the old world or the new one."""
    document = json.dumps(to_document(core), ensure_ascii=False, separators=(",", ":"))
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(document)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def load(core: Core, path: Path) -> None:
    """Put what was saved in place of what is there, in a sandbox that does not run yet. Raises ValueError for a file that is no saved world."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        _restore(core, document)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path} holds no saved sandbox: {error}") from error


def to_document(core: Core) -> Json:
    world, updates = core.world, core.updates
    return {
        "version": _VERSION,
        "bot": asdict(world.bot),
        "serial": world.serial,
        "users": [asdict(user) for user in world.users.values()],
        "chats": [_chat_document(chat) for chat in world.chats.values()],
        "files": [
            _shallow(file) | {"data": base64.b64encode(file.data).decode()} for file in world.files.values()
        ],
        "updates": {
            "next_id": updates.next_id,
            "allowed": sorted(updates.allowed),
            "pending": [_shallow(update) for update in updates.pending.values()],
        },
        "webhook": None if core.webhook is None else asdict(core.webhook.settings),
    }


def _shallow(instance: Any) -> Json:
    """Field by field, without copying the JSON inside."""
    return {field.name: getattr(instance, field.name) for field in fields(instance)}


def _chat_document(chat: Chat) -> Json:
    return _shallow(chat) | {
        "messages": [_shallow(message) for message in chat.messages.values()],
        "topics": [_shallow(topic) for topic in chat.topics.values()],
    }


def _restore(core: Core, document: Json) -> None:
    if document["version"] != _VERSION:
        raise ValueError(f"version {document['version']} is not known")
    # Read all before anything is replaced: a damaged file leaves the sandbox as it was.
    bot = BotProfile(**document["bot"])
    users = [User(**user) for user in document["users"]]
    chats = [_chat(chat) for chat in document["chats"]]
    files = [StoredFile(**file | {"data": base64.b64decode(file["data"])}) for file in document["files"]]
    saved = document["updates"]
    pending = [Update(**update) for update in saved["pending"]]
    webhook = None if document["webhook"] is None else WebhookSettings(**document["webhook"])
    serial, next_update, allowed = document["serial"], saved["next_id"], frozenset(saved["allowed"])

    world, updates = core.world, core.updates
    world.bot, world.serial = bot, serial + _GAP
    world.users = {user.id: user for user in users}
    world.chats = {chat.id: chat for chat in chats}
    world.files = {file.file_id: file for file in files}
    world.paths = {file.path: file.file_id for file in files}
    updates.next_id, updates.allowed = next_update + _GAP, allowed
    updates.pending = {update.update_id: update for update in pending}
    core.webhook = None if webhook is None else core.webhook_sender(webhook)


def _chat(document: Json) -> Chat:
    return Chat(
        **document
        | {
            "bot_status": BotStatus(document["bot_status"]),
            "next_message_id": document["next_message_id"] + _GAP,
            "messages": {m["message_id"]: _message(m) for m in document["messages"]},
            "topics": {topic["id"]: Topic(**topic) for topic in document["topics"]},
            "reply_keyboards": _by_number(document["reply_keyboards"]),
        }
    )


def _message(document: Json) -> Message:
    return Message(**document | {"reactions": _by_number(document["reactions"])})


def _by_number(document: dict[str, T]) -> dict[int, T]:
    """JSON knows no numbers as keys."""
    return {int(key): value for key, value in document.items()}
