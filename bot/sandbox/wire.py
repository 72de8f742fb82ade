"""The world in the Bot API's JSON: User, Chat, Message, ChatMember, exactly as python-telegram-bot expects them."""

from bot.sandbox.world import ANONYMOUS_ADMIN, BotProfile, BotStatus, Chat, Json, Message, User, World

_ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
)
_PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)


def user_json(user: User) -> Json:
    document: Json = {"id": user.id, "is_bot": False, "first_name": user.first_name}
    if user.last_name:
        document["last_name"] = user.last_name
    if user.username:
        document["username"] = user.username
    if user.language_code:
        document["language_code"] = user.language_code
    return document


def bot_json(bot: BotProfile) -> Json:
    return {
        "id": bot.id,
        "is_bot": True,
        "first_name": bot.names.get("") or bot.name,
        "username": bot.username,
    }


def sender_json(world: World, sender_id: int) -> Json:
    if sender_id == world.bot.id:
        return bot_json(world.bot)
    return user_json(world.users[sender_id])


def anonymous_json() -> Json:
    """Who writes in the name of a group."""
    return {"id": ANONYMOUS_ADMIN, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}


def chat_json(world: World, chat: Chat) -> Json:
    if chat.is_private:
        user = world.users[chat.id]
        document: Json = {"id": chat.id, "first_name": user.first_name, "type": "private"}
        if user.last_name:
            document["last_name"] = user.last_name
        if user.username:
            document["username"] = user.username
        return document
    document = {"id": chat.id, "title": chat.title, "type": chat.type}
    if chat.type == "group":
        document["all_members_are_administrators"] = False
    if chat.is_forum:
        document["is_forum"] = True
    return document


def full_chat_json(world: World, chat: Chat) -> Json:
    document = chat_json(world, chat) | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }
    if not chat.is_private:
        document["permissions"] = dict.fromkeys(_PERMISSIONS, True)
    for message_id in reversed(chat.pinned):
        pinned = chat.messages.get(message_id)
        if pinned is not None:
            document["pinned_message"] = message_json(world, pinned, nested=True)
            break
    return document


def message_json(world: World, message: Message, nested: bool = False) -> Json:
    """A Message. `nested`: as it stands in another's reply_to_message, which carries no reply of its own."""
    chat = world.chats[message.chat_id]
    document: Json = {
        "message_id": message.message_id,
        "chat": chat_json(world, chat),
        "date": message.date,
        **_author(world, message, chat),
    }
    if message.edit_date is not None:
        document["edit_date"] = message.edit_date
    if message.thread_id is not None:
        document["message_thread_id"] = message.thread_id
        document["is_topic_message"] = True
    if message.forward_origin is not None:
        document["forward_origin"] = message.forward_origin
    if not nested:
        # In a topic every message that answers nothing else answers the message that opened the topic.
        target = chat.messages.get(message.reply_to or message.thread_id or 0)
        if target is not None and target is not message:
            document["reply_to_message"] = message_json(world, target, nested=True)
    if message.media_group_id is not None:
        document["media_group_id"] = message.media_group_id
    if message.via_bot:
        document["via_bot"] = bot_json(world.bot)
    if message.protected:
        document["has_protected_content"] = True
    document.update(message.content)
    if message.inline_keyboard is not None:
        document["reply_markup"] = {"inline_keyboard": message.inline_keyboard}
    return document


def _author(world: World, message: Message, chat: Chat) -> Json:
    if message.anonymous:
        return {"from": anonymous_json(), "sender_chat": chat_json(world, chat)}
    return {"from": sender_json(world, message.sender_id)}


def person_member_json(chat: Chat, user: User) -> Json:
    """A person as ChatMember; who is first among the members owns the group."""
    document: Json = {"user": user_json(user)}
    if user.id not in chat.members:
        return document | {"status": "left"}
    if not chat.is_private and chat.members[0] == user.id:
        return document | {"status": "creator", "is_anonymous": False}
    return document | {"status": "member"}


def bot_member_json(bot: BotProfile, chat: Chat, status: BotStatus) -> Json:
    """The bot as ChatMember with that status."""
    document: Json = {"user": bot_json(bot), "status": status.value}
    if status is BotStatus.ADMINISTRATOR:
        document |= dict.fromkeys(_ADMIN_RIGHTS, True)
        document |= {"can_be_edited": False, "is_anonymous": False}
        if chat.is_forum:
            document["can_manage_topics"] = chat.bot_manages_topics
    if status is BotStatus.KICKED:
        document["until_date"] = 0
    return document
