"""How people see the world: messages as values for tests, and as API.md's JSON for the page."""

from dataclasses import dataclass

from bot.sandbox.html_markup import to_html
from bot.sandbox.world import MEDIA_KINDS, Chat, Json, Message, Topic, User, World

_EXCERPT = 80
_BUTTON_KINDS = {
    "url": "url",
    "callback_data": "callback",
    "switch_inline_query": "switch_inline",
    "switch_inline_query_current_chat": "switch_inline",
    "switch_inline_query_chosen_chat": "switch_inline",
    "web_app": "web_app",
    "copy_text": "copy_text",
    "login_url": "login_url",
    "pay": "pay",
    "callback_game": "game",
}


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button; `data` and `url` are None unless it has them."""

    text: str
    kind: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class SeenMessage:
    """A message as it stood when it was looked at. `text` is the caption where there is one."""

    chat_id: int
    message_id: int
    thread_id: int | None
    sender_id: int
    from_bot: bool
    date: int
    edited: bool
    kind: str
    """"text", a media kind, "location", "contact" or "service"."""
    text: str
    html: str
    rows: tuple[tuple[Button, ...], ...]
    file_id: str | None
    reply_to: int | None
    media_group_id: str | None
    forwarded_from: str | None
    protected: bool
    via_bot: bool
    """Sent by a person who took one of the bot's inline results."""
    content: Json
    """The Bot API's own fields."""

    @property
    def buttons(self) -> list[str]:
        """Texts of all inline buttons, row after row."""
        return [button.text for row in self.rows for button in row]


def see(world: World, message: Message) -> SeenMessage:
    content = message.content
    service = service_text(world, message)
    text, entities = _text(content)
    return SeenMessage(
        chat_id=message.chat_id,
        message_id=message.message_id,
        thread_id=message.thread_id,
        sender_id=message.sender_id,
        from_bot=message.sender_id == world.bot.id,
        date=message.date * 1000,
        edited=message.edit_date is not None,
        kind=message.kind,
        text=service or text,
        html=to_html(service or text, [] if service else entities),
        rows=tuple(tuple(map(_button, row)) for row in message.inline_keyboard or ()),
        file_id=file_id(message),
        reply_to=message.reply_to,
        media_group_id=message.media_group_id,
        forwarded_from=_origin(message),
        protected=message.protected,
        via_bot=message.via_bot,
        content=content,
    )


def _text(content: Json) -> tuple[str, list[Json]]:
    if "text" in content:
        return content["text"], content.get("entities", [])
    return content.get("caption", ""), content.get("caption_entities", [])


def _button(button: Json) -> Button:
    kind = next((kind for name, kind in _BUTTON_KINDS.items() if name in button), "callback")
    return Button(button["text"], kind, button.get("callback_data"), button.get("url"))


def file_id(message: Message) -> str | None:
    """The id of the message's file (of a photo, the largest size)."""
    if message.kind == "photo":
        return str(message.content["photo"][-1]["file_id"])
    if message.kind in MEDIA_KINDS:
        return str(message.content[message.kind]["file_id"])
    return None


def _origin(message: Message) -> str | None:
    if message.forward_origin is None:
        return None
    user = message.forward_origin["sender_user"]
    return f"{user['first_name']} {user.get('last_name', '')}".strip()


def sender_name(world: World, sender_id: int) -> str:
    if sender_id == world.bot.id:
        return world.bot.names.get("") or world.bot.name
    return world.users[sender_id].name


def service_text(world: World, message: Message) -> str | None:
    """A service message in words; None for any other."""
    if not message.is_service:
        return None
    who, content = sender_name(world, message.sender_id), message.content
    name = next(iter(content))
    value = content[name]
    match name:
        case "new_chat_members":
            return f"{'、'.join(user['first_name'] for user in value)} 进群了"
        case "left_chat_member":
            return f"{value['first_name']} 离开了群"
        case "forum_topic_created":
            return f"{who} 新建了话题「{value['name']}」"
        case "forum_topic_edited":
            return f"{who} 把话题改名为「{value['name']}」" if "name" in value else f"{who} 换了话题图标"
        case "forum_topic_closed":
            return f"{who} 关闭了话题"
        case "forum_topic_reopened":
            return f"{who} 重新打开了话题"
        case "pinned_message":
            return f"{who} 置顶了一条消息"
        case _:
            return "群已升级为超级群"


def person_json(user: User) -> Json:
    return {
        "id": user.id,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "username": user.username,
        "phone": user.phone,
        "language_code": user.language_code,
        "label": user.label,
        "pinned": user.pinned,
        "blocked": user.blocked,
        "started": user.started,
    }


def page_chat(world: World, chat: Chat) -> Json:
    title = (world.bot.names.get("") or world.bot.name) if chat.is_private else chat.title
    return {
        "id": chat.id,
        "type": chat.type,
        "title": title,
        "is_forum": chat.is_forum,
        "members": chat.members,
        "bot": None if chat.is_private else chat.bot_status.value,
        "migrated_to": chat.migrated_to,
        "topics": [_topic(topic) for topic in chat.topics.values()],
    }


def _topic(topic: Topic) -> Json:
    return {"thread_id": topic.id, "name": topic.name, "closed": topic.closed}


def page_message(world: World, message: Message) -> Json:
    """Message of API.md."""
    content = message.content
    text, caption = content.get("text"), content.get("caption")
    return {
        "message_id": message.message_id,
        "chat_id": message.chat_id,
        "thread_id": message.thread_id,
        "from": _sender(world, message.sender_id),
        "date": message.date * 1000,
        "edit_date": None if message.edit_date is None else message.edit_date * 1000,
        "text": text,
        "html": None if text is None else to_html(text, content.get("entities", [])),
        "caption": caption,
        "caption_html": None if caption is None else to_html(caption, content.get("caption_entities", [])),
        "media": _media(world, message),
        "media_group_id": message.media_group_id,
        "reply_to": _reply(world, message),
        "forwarded_from": _origin(message),
        "via_bot": world.bot.username if message.via_bot else None,
        "inline_keyboard": _keyboard(message),
        "reactions": [
            {"emoji": emoji, "by": who} for who, given in message.reactions.items() for emoji in given
        ],
        "service": service_text(world, message),
        "deleted": False,
    }


def _sender(world: World, sender_id: int) -> Json:
    return {"id": sender_id, "name": sender_name(world, sender_id), "is_bot": sender_id == world.bot.id}


def _keyboard(message: Message) -> list[list[Json]] | None:
    if message.inline_keyboard is None:
        return None
    seen = [[_button(button) for button in row] for row in message.inline_keyboard]
    return [[{"text": b.text, "kind": b.kind, "url": b.url} for b in row] for row in seen]


def _reply(world: World, message: Message) -> Json | None:
    target = world.chats[message.chat_id].messages.get(message.reply_to or 0)
    if target is None:
        return None
    excerpt = service_text(world, target) or _text(target.content)[0] or f"[{target.kind}]"
    sender = _sender(world, target.sender_id)
    return {"message_id": target.message_id, "from": sender, "excerpt": excerpt[:_EXCERPT]}


def _media(world: World, message: Message) -> Json | None:
    media: Json = dict.fromkeys(
        (
            "file_id",
            "file_name",
            "mime_type",
            "file_size",
            "width",
            "height",
            "duration",
            "latitude",
            "longitude",
            "phone_number",
            "first_name",
        )
    )
    media["kind"] = message.kind
    identifier = file_id(message)
    if identifier is not None:
        file = world.files.get(identifier)
        if file is not None:
            media |= {"file_id": identifier, "file_name": file.name, "mime_type": file.mime_type}
            media |= {"file_size": len(file.data), "duration": file.duration}
            media |= {"width": file.width, "height": file.height}
        return media
    if message.kind in ("location", "contact"):
        details = message.content[message.kind]
        return media | {name: value for name, value in details.items() if name in media}
    return None
