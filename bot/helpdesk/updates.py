"""From Telegram's messages to what passes both ways in a ticket."""

from telegram import Message

from bot.helpdesk.model import Content, Kind

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


def content_of(message: Message) -> Content | None:
    """What somebody sent; None for what does not pass (contacts, polls, service messages)."""
    for kind in _KINDS:
        if getattr(message, kind.value):
            text = message.text or message.caption or ""
            return Content(kind, text, message.chat_id, message.message_id, message.media_group_id)
    return None
