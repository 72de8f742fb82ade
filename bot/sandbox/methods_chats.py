"""What the bot can ask about chats; leaving; forum topics."""

from dataclasses import dataclass
from typing import Any

from bot.sandbox.access import Need, chat_for, group_for
from bot.sandbox.core import Core
from bot.sandbox.errors import bad_request
from bot.sandbox.groups import delete_topic, set_bot_status, set_topic_closed
from bot.sandbox.method import Method
from bot.sandbox.posting import service
from bot.sandbox.schema import ChatRef
from bot.sandbox.wire import bot_member_json, full_chat_json, person_member_json
from bot.sandbox.world import BotStatus, Chat, Json, Topic

_COLORS = (7322096, 16766590, 13338331, 9367192, 16749490, 16478047)
_MAX_TOPIC_NAME = 128
_TOPIC_RIGHT = "manage topics"


@dataclass(slots=True, kw_only=True)
class OfChat:
    chat_id: ChatRef


@dataclass(slots=True, kw_only=True)
class GetChat(OfChat):
    pass


def get_chat(core: Core, p: GetChat) -> Json:
    return full_chat_json(core.world, chat_for(core, p.chat_id, Need.READ))


@dataclass(slots=True, kw_only=True)
class GetChatMember(OfChat):
    user_id: int


def get_chat_member(core: Core, p: GetChatMember) -> Json:
    chat = chat_for(core, p.chat_id, Need.READ)
    if p.user_id == core.world.bot.id:
        status = BotStatus.MEMBER if chat.is_private else chat.bot_status
        return bot_member_json(core.world.bot, chat, status)
    user = core.world.users.get(p.user_id)
    if user is None:
        raise bad_request("PARTICIPANT_ID_INVALID")
    return person_member_json(chat, user)


@dataclass(slots=True, kw_only=True)
class GetChatAdministrators(OfChat):
    return_bots: bool = True


def get_chat_administrators(core: Core, p: GetChatAdministrators) -> list[Json]:
    chat = chat_for(core, p.chat_id, Need.READ)
    if chat.is_private:
        raise bad_request("there are no administrators in the private chat")
    administrators = [person_member_json(chat, core.world.users[person]) for person in chat.members[:1]]
    if chat.bot_status is BotStatus.ADMINISTRATOR and p.return_bots:
        administrators.append(bot_member_json(core.world.bot, chat, chat.bot_status))
    return administrators


@dataclass(slots=True, kw_only=True)
class GetChatMemberCount(OfChat):
    pass


def get_chat_member_count(core: Core, p: GetChatMemberCount) -> int:
    chat = chat_for(core, p.chat_id, Need.READ)
    return len(chat.members) + (1 if chat.is_private or chat.bot_status.inside else 0)


@dataclass(slots=True, kw_only=True)
class LeaveChat(OfChat):
    pass


def leave_chat(core: Core, p: LeaveChat) -> bool:
    chat = chat_for(core, p.chat_id, Need.EDIT)
    if chat.is_private:
        raise bad_request("chat member status can't be changed in private chats")
    set_bot_status(core, chat, BotStatus.LEFT, by=core.world.bot.id)
    return True


@dataclass(slots=True, kw_only=True)
class CreateForumTopic(OfChat):
    name: str
    icon_color: int | None = None
    icon_custom_emoji_id: str | None = None


def create_forum_topic(core: Core, p: CreateForumTopic) -> Json:
    chat = _forum(core, p.chat_id, "create a topic")
    _check_name(p.name)
    color = _COLORS[0] if p.icon_color is None else p.icon_color
    if color not in _COLORS:
        raise bad_request("invalid icon color specified")
    topic = Topic(chat.next_message_id, p.name.strip(), color, p.icon_custom_emoji_id)
    chat.topics[topic.id] = topic
    created: Json = {"name": topic.name, "icon_color": topic.icon_color}
    if topic.icon_custom_emoji_id:
        created["icon_custom_emoji_id"] = topic.icon_custom_emoji_id
    service(core, chat, core.world.bot.id, {"forum_topic_created": created}, topic.id)
    core.chat_changed(chat)
    return {"message_thread_id": topic.id} | created


@dataclass(slots=True, kw_only=True)
class OfTopic(OfChat):
    message_thread_id: int


@dataclass(slots=True, kw_only=True)
class EditForumTopic(OfTopic):
    name: str | None = None
    icon_custom_emoji_id: str | None = None


def edit_forum_topic(core: Core, p: EditForumTopic) -> bool:
    chat, topic = _topic(core, p)
    edited: Json = {}
    if p.name is not None and p.name.strip() != topic.name:
        _check_name(p.name)
        edited["name"] = p.name.strip()
    if p.icon_custom_emoji_id is not None and p.icon_custom_emoji_id != topic.icon_custom_emoji_id:
        edited["icon_custom_emoji_id"] = p.icon_custom_emoji_id
    if not edited:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.name = edited.get("name", topic.name)
    topic.icon_custom_emoji_id = edited.get("icon_custom_emoji_id", topic.icon_custom_emoji_id)
    service(core, chat, core.world.bot.id, {"forum_topic_edited": edited}, topic.id)
    core.chat_changed(chat)
    return True


@dataclass(slots=True, kw_only=True)
class CloseForumTopic(OfTopic):
    pass


def close_forum_topic(core: Core, p: CloseForumTopic) -> bool:
    return _set_closed(core, p, closed=True)


@dataclass(slots=True, kw_only=True)
class ReopenForumTopic(OfTopic):
    pass


def reopen_forum_topic(core: Core, p: ReopenForumTopic) -> bool:
    return _set_closed(core, p, closed=False)


def _set_closed(core: Core, p: OfTopic, closed: bool) -> bool:
    chat, topic = _topic(core, p)
    if topic.closed is closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    set_topic_closed(core, chat, topic.id, closed, core.world.bot.id)
    return True


@dataclass(slots=True, kw_only=True)
class DeleteForumTopic(OfTopic):
    pass


def delete_forum_topic(core: Core, p: DeleteForumTopic) -> bool:
    chat, topic = _topic(core, p)
    delete_topic(core, chat, topic.id)
    return True


@dataclass(slots=True, kw_only=True)
class UnpinAllForumTopicMessages(OfTopic):
    pass


def unpin_all_forum_topic_messages(core: Core, p: UnpinAllForumTopicMessages) -> bool:
    chat, topic = _topic(core, p)
    chat.pinned = [
        pinned
        for pinned in chat.pinned
        if pinned in chat.messages and chat.messages[pinned].thread_id != topic.id
    ]
    return True


def _forum(core: Core, ref: ChatRef, right: str) -> Chat:
    chat = chat_for(core, ref, Need.WRITE)
    if not chat.is_forum:
        raise bad_request("the chat is not a forum")
    group_for(core, ref, right)
    if not chat.bot_manages_topics:
        raise bad_request(f"not enough rights to {right}")
    return chat


def _topic(core: Core, p: OfTopic) -> tuple[Chat, Topic]:
    chat = _forum(core, p.chat_id, _TOPIC_RIGHT)
    topic = chat.topics.get(p.message_thread_id)
    if topic is None:
        raise bad_request("TOPIC_ID_INVALID")
    return chat, topic


def _check_name(name: str) -> None:
    """Telegram cuts long names; the sandbox refuses what its documentation forbids."""
    if not name.strip():
        raise bad_request("title must be non-empty")
    if len(name) > _MAX_TOPIC_NAME:
        raise bad_request("TOPIC_TITLE_TOO_LONG")


METHODS: tuple[Method[Any], ...] = (
    Method(GetChat, get_chat),
    Method(GetChatMember, get_chat_member),
    Method(GetChatAdministrators, get_chat_administrators),
    Method(GetChatMemberCount, get_chat_member_count),
    Method(LeaveChat, leave_chat),
    Method(CreateForumTopic, create_forum_topic),
    Method(EditForumTopic, edit_forum_topic),
    Method(CloseForumTopic, close_forum_topic),
    Method(ReopenForumTopic, reopen_forum_topic),
    Method(DeleteForumTopic, delete_forum_topic),
    Method(UnpinAllForumTopicMessages, unpin_all_forum_topic_messages),
)
