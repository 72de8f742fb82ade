"""From Telegram's messages to what passes both ways in a ticket."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from telegram import Message, MessageEntity, ReactionTypeEmoji, Update

from bot.helpdesk.model import Content, Kind
from bot.kit.messages import Media, MediaKind

_KINDS = (
    Kind.TEXT,
    Kind.PHOTO,
    Kind.ANIMATION,  # stands before the document that it also carries
    Kind.VOICE,
    Kind.VIDEO,
    Kind.VIDEO_NOTE,
    Kind.AUDIO,
    Kind.DOCUMENT,
    Kind.LOCATION,
    Kind.STICKER,
)

_FORMATS = frozenset(
    {
        MessageEntity.BOLD,
        MessageEntity.ITALIC,
        MessageEntity.UNDERLINE,
        MessageEntity.STRIKETHROUGH,
        MessageEntity.SPOILER,
        MessageEntity.CODE,
        MessageEntity.PRE,
        MessageEntity.BLOCKQUOTE,
        MessageEntity.EXPANDABLE_BLOCKQUOTE,
    }
)
"""What passes as it is. Not among them: mentions of a person, which lead to a private account and ring there, and custom
emoji, which bots may not send; both pass as the plain text they stand on. Links and hashtags in plain sight Telegram
finds again by itself.
"""

_MOST_FORMATS = 90
"""Telegram takes 100 entities a message (core.telegram.org/api/entities); some are left for what we put before it."""

_EXCHANGEABLE: Mapping[Kind, MediaKind] = {
    Kind.PHOTO: "photo",
    Kind.VIDEO: "video",
    Kind.DOCUMENT: "document",
    Kind.AUDIO: "audio",
    Kind.ANIMATION: "animation",
}
"""What editMessageMedia takes."""


def content_of(message: Message) -> Content | None:
    """What somebody sent; None for what does not pass (contacts, polls, service messages)."""
    for kind in _KINDS:
        if getattr(message, kind.value):
            return Content(
                kind,
                message.text or message.caption or "",
                message.chat_id,
                message.message_id,
                message.media_group_id,
                _html(message),
            )
    return None


def media_of(message: Message, kind: Kind) -> Media | None:
    """The file in a message of this kind, if it is one that can take another's place; else None."""
    if kind not in _EXCHANGEABLE:
        return None
    file: Any = getattr(message, kind.value)
    return Media(_EXCHANGEABLE[kind], (file[-1] if kind is Kind.PHOTO else file).file_id)


def reaction_of(update: Update) -> tuple[int, str | None] | None:
    """The message reacted to and the emoji that now stands under it, None where none does; a custom emoji, which a bot
    cannot pass on, counts as none. None for an update that is no reaction of a person.
    """
    changed = update.message_reaction
    if changed is None or changed.user is None:
        return None
    emoji = [each.emoji for each in changed.new_reaction if isinstance(each, ReactionTypeEmoji)]
    return changed.message_id, emoji[-1] if emoji else None


def _html(message: Message) -> str | None:
    """The formatted text; None where nothing in it is formatted."""
    is_text = message.text is not None
    entities = [
        entity for entity in (message.entities if is_text else message.caption_entities) if _passes(entity)
    ][:_MOST_FORMATS]
    if not entities:
        return None
    bare = Message(
        message.message_id,
        message.date,
        message.chat,
        text=message.text or message.caption,
        entities=entities,
    )
    return bare.text_html


def _passes(entity: MessageEntity) -> bool:
    if entity.type == MessageEntity.TEXT_LINK:
        return urlsplit(entity.url or "").scheme in ("http", "https")
    return entity.type in _FORMATS
