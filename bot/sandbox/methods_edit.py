"""Editing and deleting messages, reacting to them, pinning them."""

from dataclasses import dataclass
from typing import Any

from bot.sandbox.access import Need, chat_for, message_in
from bot.sandbox.core import Core
from bot.sandbox.errors import bad_request
from bot.sandbox.keyboards import checked_markup
from bot.sandbox.method import Method, once
from bot.sandbox.methods_media import InputMedia, media_of
from bot.sandbox.posting import service
from bot.sandbox.schema import ChatRef
from bot.sandbox.sending import (
    CAPTIONED,
    MOST_AT_ONCE,
    LinkPreview,
    caption_content,
    no_business,
    text_content,
    without_caption,
)
from bot.sandbox.wire import message_json
from bot.sandbox.world import BotStatus, Chat, Json, Message

_DELETABLE_SECONDS = 48 * 3600
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
REPLACEABLE = frozenset({"photo", "document", "video", "audio", "animation"})
"""Kinds of files that can be exchanged for another in a message that stands."""


@dataclass(slots=True, kw_only=True)
class Editing:
    """Parameters of every editing method. There are no inline messages in the sandbox."""

    chat_id: ChatRef | None = None
    message_id: int | None = None
    inline_message_id: str | None = None
    business_connection_id: str | None = None
    reply_markup: Json | None = None


def _editable(core: Core, p: Editing) -> tuple[Chat, Message, list[list[Json]] | None]:
    """The bot's own message, and the inline keyboard it shall have."""
    no_business(p.business_connection_id)
    if p.inline_message_id is not None:
        raise bad_request("MESSAGE_ID_INVALID")
    if p.chat_id is None:
        raise bad_request("chat_id is empty" if p.message_id else "message identifier is not specified")
    chat = chat_for(core, p.chat_id, Need.EDIT)
    message = message_in(chat, p.message_id or 0, "message to edit")
    if message.sender_id != core.world.bot.id or message.is_service or message.forward_origin:
        raise bad_request("message can't be edited")
    if message.other_markup:
        raise bad_request("message can't be edited")
    markup = checked_markup(p.reply_markup, chat.is_private)
    if markup.other is not None:
        raise bad_request("inline keyboard expected")
    return chat, message, markup.inline


def _change(
    core: Core, message: Message, content: Json, rows: list[list[Json]] | None, kind: str | None = None
) -> Json:
    if content == message.content and rows == message.inline_keyboard:
        raise bad_request(_NOT_MODIFIED)
    if content != message.content:
        message.edit_date = core.seconds()
    message.content, message.inline_keyboard = content, rows
    message.kind = kind or message.kind
    core.changed("edit", message)
    return message_json(core.world, message)


@dataclass(slots=True, kw_only=True)
class EditMessageText(Editing):
    text: str
    parse_mode: str | None = None
    entities: list[Json] | None = None
    link_preview_options: LinkPreview | None = None


def edit_message_text(core: Core, p: EditMessageText) -> Json:
    content = text_content(core, p.text, p.parse_mode, p.entities, p.link_preview_options)
    _, message, rows = _editable(core, p)
    if message.kind != "text":
        raise bad_request("there is no text in the message to edit")
    return _change(core, message, content, rows)


@dataclass(slots=True, kw_only=True)
class EditMessageCaption(Editing):
    caption: str | None = None
    parse_mode: str | None = None
    caption_entities: list[Json] | None = None
    show_caption_above_media: bool = False


def edit_message_caption(core: Core, p: EditMessageCaption) -> Json:
    caption = caption_content(core, p.caption, p.parse_mode, p.caption_entities, p.show_caption_above_media)
    _, message, rows = _editable(core, p)
    if message.kind not in CAPTIONED:
        raise bad_request("there is no caption in the message to edit")
    return _change(core, message, without_caption(message.content) | caption, rows)


@dataclass(slots=True, kw_only=True)
class EditMessageMedia(Editing):
    media: InputMedia


def edit_message_media(core: Core, p: EditMessageMedia) -> Json:
    _, message, rows = _editable(core, p)
    if message.kind not in REPLACEABLE and message.kind != "text":
        raise bad_request("message can't be edited")
    if message.media_group_id is not None and p.media.type != message.kind:
        raise bad_request("message can't be edited")
    kind, content = media_of(core, p.media)
    return _change(core, message, content, rows, kind)


@dataclass(slots=True, kw_only=True)
class EditMessageReplyMarkup(Editing):
    pass


def edit_message_reply_markup(core: Core, p: EditMessageReplyMarkup) -> Json:
    _, message, rows = _editable(core, p)
    return _change(core, message, message.content, rows)


@dataclass(slots=True, kw_only=True)
class DeleteMessage:
    chat_id: ChatRef
    message_id: int


def delete_message(core: Core, p: DeleteMessage) -> bool:
    chat = chat_for(core, p.chat_id, Need.WRITE)
    message = message_in(chat, p.message_id, "message to delete")
    reason = _undeletable(core, chat, message)
    if reason is not None:
        raise bad_request(reason)
    remove(core, chat, message)
    return True


@dataclass(slots=True, kw_only=True)
class DeleteMessages:
    chat_id: ChatRef
    message_ids: list[int]


def delete_messages(core: Core, p: DeleteMessages) -> bool:
    if len(p.message_ids) > MOST_AT_ONCE:
        raise bad_request("too many message identifiers specified")
    chat = chat_for(core, p.chat_id, Need.WRITE)
    found = [chat.messages[message_id] for message_id in p.message_ids if message_id in chat.messages]
    for message in found:
        if _undeletable(core, chat, message) is None:
            remove(core, chat, message)
    return True


def _undeletable(core: Core, chat: Chat, message: Message) -> str | None:
    """Why the bot may not delete it; administrators may delete anything in a group."""
    if chat.bot_status is BotStatus.ADMINISTRATOR and not chat.is_private:
        return None
    own = message.sender_id == core.world.bot.id
    if not own and not chat.is_private:
        return "message can't be deleted"
    if core.seconds() - message.date > _DELETABLE_SECONDS:
        return "message can't be deleted for everyone"
    return None


def remove(core: Core, chat: Chat, message: Message) -> None:
    """Delete for everybody."""
    del chat.messages[message.message_id]
    if message.message_id in chat.pinned:
        chat.pinned.remove(message.message_id)
    core.changed("delete", message)


@dataclass(slots=True, kw_only=True)
class SetMessageReaction:
    chat_id: ChatRef
    message_id: int
    reaction: list[Json] | None = None
    is_big: bool = False


def set_message_reaction(core: Core, p: SetMessageReaction) -> bool:
    chat = chat_for(core, p.chat_id, Need.EDIT)
    message = message_in(chat, p.message_id, "message to react")
    emoji = [_emoji(reaction) for reaction in p.reaction or ()]
    if len(emoji) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    react(core, _head_of_album(chat, message), core.world.bot.id, emoji)
    return True


def _head_of_album(chat: Chat, message: Message) -> Message:
    """A reaction to an album stands under its first message that is still there."""
    if message.media_group_id is None:
        return message
    return next(each for each in chat.messages.values() if each.media_group_id == message.media_group_id)


def _emoji(reaction: Json) -> str:
    if reaction.get("type") != "emoji":
        raise bad_request("invalid reaction type specified")
    emoji = reaction.get("emoji")
    if not isinstance(emoji, str) or emoji.replace("\ufe0f", "") not in REACTIONS:
        raise bad_request("REACTION_INVALID")
    return emoji


REACTIONS = frozenset(
    [
        "❤",
        "👍",
        "👎",
        "🔥",
        "🥰",
        "👏",
        "😁",
        "🤔",
        "🤯",
        "😱",
        "🤬",
        "😢",
        "🎉",
        "🤩",
        "🤮",
        "💩",
        "🙏",
        "👌",
        "🕊",
        "🤡",
        "🥱",
        "🥴",
        "😍",
        "🐳",
        "❤\u200d🔥",
        "🌚",
        "🌭",
        "💯",
        "🤣",
        "⚡",
        "🍌",
        "🏆",
        "💔",
        "🤨",
        "😐",
        "🍓",
        "🍾",
        "💋",
        "🖕",
        "😈",
        "😴",
        "😭",
        "🤓",
        "👻",
        "👨\u200d💻",
        "👀",
        "🎃",
        "🙈",
        "😇",
        "😨",
        "🤝",
        "✍",
        "🤗",
        "🫡",
        "🎅",
        "🎄",
        "☃",
        "💅",
        "🤪",
        "🗿",
        "🆒",
        "💘",
        "🙉",
        "🦄",
        "😘",
        "💊",
        "🙊",
        "😎",
        "👾",
        "🤷\u200d♂",
        "🤷",
        "🤷\u200d♀",
        "😡",
    ]
)
"""The emoji that ReactionTypeEmoji lists (without variation selectors)."""


def react(core: Core, message: Message, who: int, emoji: list[str]) -> None:
    """Set the reactions of one person or the bot to the message."""
    if emoji:
        message.reactions[who] = emoji
    else:
        message.reactions.pop(who, None)
    core.changed("edit", message)


_PIN = "manage pinned messages in the chat"


@dataclass(slots=True, kw_only=True)
class PinChatMessage:
    chat_id: ChatRef
    message_id: int
    disable_notification: bool = False
    business_connection_id: str | None = None


def pin_chat_message(core: Core, p: PinChatMessage) -> bool:
    no_business(p.business_connection_id)
    chat = _pinnable(core, p.chat_id)
    message = message_in(chat, p.message_id, "message to pin")
    if message.message_id in chat.pinned:
        raise bad_request("CHAT_NOT_MODIFIED")
    chat.pinned.append(message.message_id)
    pinned = {"pinned_message": message_json(core.world, message, nested=True)}
    service(core, chat, core.world.bot.id, pinned, message.thread_id)
    return True


@dataclass(slots=True, kw_only=True)
class UnpinChatMessage:
    chat_id: ChatRef
    message_id: int | None = None
    business_connection_id: str | None = None


def unpin_chat_message(core: Core, p: UnpinChatMessage) -> bool:
    no_business(p.business_connection_id)
    chat = _pinnable(core, p.chat_id)
    if p.message_id is None and chat.pinned:
        chat.pinned.pop()
    elif p.message_id in chat.pinned:
        chat.pinned.remove(p.message_id)
    elif p.message_id is not None:
        message_in(chat, p.message_id, "message to unpin")
    core.chat_changed(chat)
    return True


@dataclass(slots=True, kw_only=True)
class UnpinAllChatMessages:
    chat_id: ChatRef


def unpin_all_chat_messages(core: Core, p: UnpinAllChatMessages) -> bool:
    chat = _pinnable(core, p.chat_id)
    chat.pinned.clear()
    core.chat_changed(chat)
    return True


def _pinnable(core: Core, ref: ChatRef) -> Chat:
    chat = chat_for(core, ref, Need.WRITE)
    if not chat.is_private and chat.bot_status is not BotStatus.ADMINISTRATOR:
        raise bad_request(f"not enough rights to {_PIN}")
    return chat


METHODS: tuple[Method[Any], ...] = (
    Method(EditMessageText, edit_message_text, once),
    Method(EditMessageCaption, edit_message_caption, once),
    Method(EditMessageMedia, edit_message_media, once),
    Method(EditMessageReplyMarkup, edit_message_reply_markup, once),
    Method(DeleteMessage, delete_message),
    Method(DeleteMessages, delete_messages),
    Method(SetMessageReaction, set_message_reaction),
    Method(PinChatMessage, pin_chat_message),
    Method(UnpinChatMessage, unpin_chat_message),
    Method(UnpinAllChatMessages, unpin_all_chat_messages),
)
