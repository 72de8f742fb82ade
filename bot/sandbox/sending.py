"""What all sending methods share: common parameters, their checks, one way to post."""

from dataclasses import dataclass
from typing import Any

from bot.sandbox.access import Need, chat_for, topic_for
from bot.sandbox.core import Core
from bot.sandbox.entities import MAX_CAPTION, MAX_TEXT, Formatted, formatted
from bot.sandbox.errors import bad_request
from bot.sandbox.html_markup import utf16
from bot.sandbox.keyboards import Markup, checked_markup
from bot.sandbox.posting import post
from bot.sandbox.schema import ChatRef
from bot.sandbox.wire import user_json
from bot.sandbox.world import BotStatus, Chat, Json, Message


@dataclass(slots=True, kw_only=True)
class LinkPreview:
    """LinkPreviewOptions."""

    is_disabled: bool = False
    url: str | None = None
    prefer_small_media: bool = False
    prefer_large_media: bool = False
    show_above_text: bool = False

    def to_json(self) -> Json:
        names = ("is_disabled", "url", "prefer_small_media", "prefer_large_media", "show_above_text")
        return {name: getattr(self, name) for name in names if getattr(self, name)}


@dataclass(slots=True, kw_only=True)
class Reply:
    """ReplyParameters."""

    message_id: int
    chat_id: ChatRef | None = None
    allow_sending_without_reply: bool = False
    quote: str | None = None
    quote_parse_mode: str | None = None
    quote_entities: list[Json] | None = None
    quote_position: int | None = None
    checklist_task_id: int | None = None


@dataclass(slots=True, kw_only=True)
class Sending:
    """Parameters of every sending method. Effects, paid broadcasts and suggested posts have no effect here."""

    chat_id: ChatRef
    message_thread_id: int | None = None
    direct_messages_topic_id: int | None = None
    disable_notification: bool = False
    protect_content: bool = False
    reply_parameters: Reply | None = None
    reply_markup: Json | None = None
    business_connection_id: str | None = None
    message_effect_id: str | None = None
    allow_paid_broadcast: bool = False
    suggested_post_parameters: Json | None = None


@dataclass(slots=True, kw_only=True)
class Captioned(Sending):
    """A sending method with a caption."""

    caption: str | None = None
    parse_mode: str | None = None
    caption_entities: list[Json] | None = None
    show_caption_above_media: bool = False


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a message goes, all checked."""

    chat: Chat
    thread_id: int | None
    reply_to: int | None
    markup: Markup
    protected: bool


def destination(core: Core, parameters: Sending) -> Destination:
    """Check chat, topic, reply and keyboard, in Telegram's order."""
    no_business(parameters.business_connection_id)
    given, reply = parameters.reply_markup, parameters.reply_parameters
    chat = chat_for(core, parameters.chat_id, Need.WRITE)
    markup = checked_markup(given, chat.is_private) if given else checked_markup(None, private=True)
    administrator = chat.bot_status is BotStatus.ADMINISTRATOR
    topic = topic_for(chat, parameters.message_thread_id, administrator)
    thread_id = None if topic is None else topic.id
    reply_to = None
    if reply is not None:
        target = _reply_target(core, chat, reply)
        if target is not None:
            reply_to = target.message_id
            thread_id = target.thread_id if topic is None else thread_id
    return Destination(chat, thread_id, reply_to, markup, parameters.protect_content)


def _reply_target(core: Core, chat: Chat, reply: Reply) -> Message | None:
    where = chat
    if reply.chat_id is not None and reply.chat_id != chat.id:
        where = chat_for(core, reply.chat_id, Need.READ)
    target = where.messages.get(reply.message_id)
    if target is None:
        if reply.allow_sending_without_reply:
            return None
        raise bad_request("message to be replied not found")
    if reply.quote is not None:
        quote = formatted(reply.quote, reply.quote_parse_mode, reply.quote_entities).text
        if quote not in (target.content.get("text") or target.content.get("caption") or ""):
            raise bad_request("QUOTE_TEXT_INVALID")
    return target if where is chat else None


def no_business(connection_id: str | None) -> None:
    """The sandbox has no business accounts."""
    if connection_id is not None:
        raise bad_request("business connection not found")


def deliver(
    core: Core,
    to: Destination,
    kind: str,
    content: Json,
    *,
    forward_origin: Json | None = None,
    media_group_id: str | None = None,
) -> Message:
    """Post as the bot."""
    return post(
        core,
        to.chat,
        core.world.bot.id,
        kind,
        content,
        thread_id=to.thread_id,
        reply_to=to.reply_to,
        markup=to.markup,
        forward_origin=forward_origin,
        media_group_id=media_group_id,
        protected=to.protected,
    )


def resolved(core: Core, text: Formatted) -> Formatted:
    """Mentions of users by id become their User; those nobody knows are dropped, as in Telegram."""
    if not any(entity["type"] == "text_mention" for entity in text.entities):
        return text
    entities: list[Any] = []
    for entity in text.entities:
        if entity["type"] != "text_mention":
            entities.append(entity)
            continue
        user = core.world.users.get(entity["user_id"])
        if user is not None and core.world.bot_knows(user):
            plain = {name: value for name, value in entity.items() if name != "user_id"}
            entities.append(plain | {"user": user_json(user)})
    return Formatted(text.text, entities)


def text_content(
    core: Core, text: str, parse_mode: str | None, entities: list[Json] | None, preview: LinkPreview | None
) -> Json:
    """The content of a text message."""
    given = resolved(core, formatted(text, parse_mode, entities))
    if not given.text:
        raise bad_request("message text is empty")
    if utf16(given.text) > MAX_TEXT:
        raise bad_request("message is too long")
    content: Json = {"text": given.text}
    if given.entities:
        content["entities"] = given.entities
    if preview is not None and (options := preview.to_json()):
        content["link_preview_options"] = options
    return content


CAPTIONED = frozenset({"photo", "document", "voice", "video", "audio", "animation"})
"""Kinds of messages that can have a caption."""
MOST_AT_ONCE = 100
"""Messages that one call may name."""
_CAPTION_FIELDS = ("caption", "caption_entities", "show_caption_above_media")


def without_caption(content: Json) -> Json:
    return {name: value for name, value in content.items() if name not in _CAPTION_FIELDS}


def caption_content(
    core: Core,
    caption: str | None,
    parse_mode: str | None,
    entities: list[Json] | None,
    above: bool = False,
) -> Json:
    """The caption's part of a media message's content; empty without one."""
    if not caption:
        return {}
    given = resolved(core, formatted(caption, parse_mode, entities))
    if not given.text:
        return {}
    if utf16(given.text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    content: Json = {"caption": given.text}
    if given.entities:
        content["caption_entities"] = given.entities
    if above:
        content["show_caption_above_media"] = True
    return content
