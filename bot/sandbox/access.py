"""Whether the bot may do something in a chat, and Telegram's words when it may not."""

from enum import IntEnum

from bot.sandbox.core import Core
from bot.sandbox.errors import ApiError, bad_request, forbidden
from bot.sandbox.schema import ChatRef
from bot.sandbox.world import GENERAL_THREAD, BotStatus, Chat, Message, Topic, User


class Need(IntEnum):
    """What an act needs of a chat; each includes the ones before."""

    READ = 0
    EDIT = 1
    WRITE = 2


_NOT_INSIDE = {
    BotStatus.KICKED: "bot was kicked from the {} chat",
    BotStatus.LEFT: "bot is not a member of the {} chat",
}


def chat_for(core: Core, ref: ChatRef, need: Need) -> Chat:
    """The chat the bot means, if it may do that there."""
    chat_id = ref if isinstance(ref, int) else 0
    user = core.world.users.get(chat_id)
    if user is not None:
        return _private(core, user, need)
    chat = core.world.chats.get(chat_id)
    if chat is None:
        raise bad_request("chat not found")
    noun = "group" if chat.type == "group" else "supergroup"
    if chat.migrated_to is not None and need is Need.WRITE:
        raise ApiError(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            {"migrate_to_chat_id": chat.migrated_to},
        )
    if not chat.bot_status.inside and (need >= Need.EDIT or chat.type == "supergroup"):
        raise forbidden(_NOT_INSIDE[chat.bot_status].format(noun))
    return chat


def _private(core: Core, user: User, need: Need) -> Chat:
    if not core.world.bot_knows(user):
        raise bad_request("chat not found")
    if user.deactivated and need >= Need.EDIT:
        raise forbidden("user is deactivated")
    if need is Need.WRITE and not user.started:
        raise forbidden("bot can't initiate conversation with a user")
    if need is Need.WRITE and user.blocked:
        raise forbidden("bot was blocked by the user")
    return core.world.private_chat(user)


def group_for(core: Core, ref: ChatRef, right: str) -> Chat:
    """A group in which the bot is administrator; `right` ends "not enough rights to …"."""
    chat = chat_for(core, ref, Need.WRITE)
    if chat.is_private:
        raise bad_request("method is available only for groups and supergroups")
    if chat.bot_status is not BotStatus.ADMINISTRATOR:
        raise bad_request(f"not enough rights to {right}")
    return chat


def message_in(chat: Chat, message_id: int, noun: str) -> Message:
    """The message; `noun` is Telegram's name for it in this act ("message to edit")."""
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request(f"{noun} not found")
    return message


def topic_for(chat: Chat, thread_id: int | None, administrator: bool) -> Topic | None:
    """The topic to send into; None for no topic at all."""
    if thread_id is None:
        return None
    topic = chat.topics.get(thread_id)
    if topic is None or not chat.is_forum or thread_id == GENERAL_THREAD:
        raise bad_request("message thread not found")
    if topic.closed and not administrator:
        raise bad_request("TOPIC_CLOSED")
    return topic
