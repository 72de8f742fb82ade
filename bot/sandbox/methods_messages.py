"""sendMessage, sendLocation, sendContact, sendChatAction; forwarding and copying."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from bot.sandbox.access import Need, chat_for, message_in, topic_for
from bot.sandbox.core import Core
from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.method import Method, once
from bot.sandbox.schema import ChatRef
from bot.sandbox.sending import (
    CAPTIONED,
    MOST_AT_ONCE,
    Destination,
    LinkPreview,
    Sending,
    caption_content,
    deliver,
    destination,
    no_business,
    text_content,
    without_caption,
)
from bot.sandbox.wire import message_json, sender_json
from bot.sandbox.world import Json, Message, World

_ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}


@dataclass(slots=True, kw_only=True)
class SendMessage(Sending):
    text: str
    parse_mode: str | None = None
    entities: list[Json] | None = None
    link_preview_options: LinkPreview | None = None


def send_message(core: Core, p: SendMessage) -> Json:
    content = text_content(core, p.text, p.parse_mode, p.entities, p.link_preview_options)
    return message_json(core.world, deliver(core, destination(core, p), "text", content))


@dataclass(slots=True, kw_only=True)
class SendLocation(Sending):
    latitude: float
    longitude: float
    horizontal_accuracy: float | None = None
    live_period: int | None = None
    heading: int | None = None
    proximity_alert_radius: int | None = None


def send_location(core: Core, p: SendLocation) -> Json:
    if not (-90 <= p.latitude <= 90 and -180 <= p.longitude <= 180):
        raise bad_request("wrong location specified")
    location: Json = {"latitude": p.latitude, "longitude": p.longitude}
    for name in ("horizontal_accuracy", "live_period", "heading", "proximity_alert_radius"):
        value = getattr(p, name)
        if value is not None:
            location[name] = value
    to = destination(core, p)
    return message_json(core.world, deliver(core, to, "location", {"location": location}))


@dataclass(slots=True, kw_only=True)
class SendContact(Sending):
    phone_number: str
    first_name: str
    last_name: str | None = None
    vcard: str | None = None


def send_contact(core: Core, p: SendContact) -> Json:
    contact: Json = {"phone_number": p.phone_number, "first_name": p.first_name}
    contact |= {name: value for name in ("last_name", "vcard") if (value := getattr(p, name))}
    return message_json(core.world, deliver(core, destination(core, p), "contact", {"contact": contact}))


@dataclass(slots=True, kw_only=True)
class SendChatAction:
    chat_id: ChatRef
    action: str
    message_thread_id: int | None = None
    business_connection_id: str | None = None


def send_chat_action(core: Core, p: SendChatAction) -> bool:
    no_business(p.business_connection_id)
    if p.action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = chat_for(core, p.chat_id, Need.WRITE)
    topic_for(chat, p.message_thread_id, administrator=True)
    core.changes.add("action", chat.id, data={"action": p.action})
    return True


@dataclass(slots=True, kw_only=True)
class ForwardMessage:
    chat_id: ChatRef
    from_chat_id: ChatRef
    message_id: int
    message_thread_id: int | None = None
    direct_messages_topic_id: int | None = None
    disable_notification: bool = False
    protect_content: bool = False
    video_start_timestamp: int | None = None
    message_effect_id: str | None = None
    suggested_post_parameters: Json | None = None


def forward_message(core: Core, p: ForwardMessage) -> Json:
    message = _source(core, p.from_chat_id, p.message_id, "forward")
    to = destination(core, _plain(p))
    return message_json(core.world, _forward(core, to, message))


@dataclass(slots=True, kw_only=True)
class ForwardMessages:
    chat_id: ChatRef
    from_chat_id: ChatRef
    message_ids: list[int]
    message_thread_id: int | None = None
    direct_messages_topic_id: int | None = None
    disable_notification: bool = False
    protect_content: bool = False


def forward_messages(core: Core, p: ForwardMessages) -> list[Json]:
    messages = _sources(core, p.from_chat_id, p.message_ids, "forward")
    to = destination(core, _plain(p))
    albums = _albums(core, messages)
    return [
        {"message_id": _forward(core, to, message, albums.get(message.media_group_id)).message_id}
        for message in messages
    ]


def forward_origin(world: World, message: Message) -> Json:
    """Where a forwarded message says it comes from: the first origin, through however many hands."""
    if message.forward_origin is not None:
        return message.forward_origin
    return {"type": "user", "sender_user": sender_json(world, message.sender_id), "date": message.date}


def _forward(core: Core, to: Destination, message: Message, album: str | None = None) -> Message:
    origin = forward_origin(core.world, message)
    return deliver(core, to, message.kind, message.content, forward_origin=origin, media_group_id=album)


def _albums(core: Core, messages: list[Message]) -> dict[str | None, str]:
    """Albums stay albums, under names of their own; what is left of one, if it is a single message, is none."""
    sizes = Counter(message.media_group_id for message in messages if message.media_group_id is not None)
    return {album: core.world.new_number() for album, size in sizes.items() if size > 1}


@dataclass(slots=True, kw_only=True)
class CopyMessage(Sending):
    from_chat_id: ChatRef
    message_id: int
    caption: str | None = None
    parse_mode: str | None = None
    caption_entities: list[Json] | None = None
    show_caption_above_media: bool = False
    video_start_timestamp: int | None = None


def copy_message(core: Core, p: CopyMessage) -> Json:
    message = _source(core, p.from_chat_id, p.message_id, "copy")
    content = message.content
    if p.caption is not None and message.kind in CAPTIONED:
        caption = caption_content(
            core, p.caption, p.parse_mode, p.caption_entities, p.show_caption_above_media
        )
        content = without_caption(content) | caption
    return {"message_id": deliver(core, destination(core, p), message.kind, content).message_id}


@dataclass(slots=True, kw_only=True)
class CopyMessages:
    chat_id: ChatRef
    from_chat_id: ChatRef
    message_ids: list[int]
    message_thread_id: int | None = None
    direct_messages_topic_id: int | None = None
    disable_notification: bool = False
    protect_content: bool = False
    remove_caption: bool = False


def copy_messages(core: Core, p: CopyMessages) -> list[Json]:
    messages = _sources(core, p.from_chat_id, p.message_ids, "copy")
    to = destination(core, _plain(p))
    albums = _albums(core, messages)
    copies = []
    for message in messages:
        content = without_caption(message.content) if p.remove_caption else message.content
        album = albums.get(message.media_group_id)
        copied = deliver(core, to, message.kind, content, media_group_id=album)
        copies.append({"message_id": copied.message_id})
    return copies


def _plain(p: ForwardMessage | ForwardMessages | CopyMessages) -> Sending:
    return Sending(
        chat_id=p.chat_id, message_thread_id=p.message_thread_id, protect_content=p.protect_content
    )


def _source(core: Core, ref: ChatRef, message_id: int, act: str) -> Message:
    chat = chat_for(core, ref, Need.READ)
    message = message_in(chat, message_id, f"message to {act}")
    _check_source(message, act)
    return message


def _check_source(message: Message, act: str) -> None:
    done = {"copy": "copied", "forward": "forwarded"}[act]
    if message.is_service:
        raise bad_request(f"message can't be {done}")
    if message.protected:
        raise bad_request(f"message has protected content and can't be {done}")


def _sources(core: Core, ref: ChatRef, message_ids: list[int], act: str) -> list[Message]:
    """The messages of a list that exist; those missing are passed over, unless all are."""
    if len(message_ids) > MOST_AT_ONCE:
        raise bad_request("too many message identifiers specified")
    if message_ids != sorted(set(message_ids)):
        raise bad_request("identifiers must be in a strictly increasing order")
    chat = chat_for(core, ref, Need.READ)
    messages = []
    for message_id in message_ids:
        message = chat.messages.get(message_id)
        if message is None:
            continue
        try:
            _check_source(message, act)
        except ApiError:
            continue
        messages.append(message)
    if not messages:
        raise bad_request(
            f"message to {act} not found" if len(message_ids) == 1 else "there are no messages to forward"
        )
    return messages


METHODS: tuple[Method[Any], ...] = (
    Method(SendMessage, send_message, once),
    Method(SendLocation, send_location, once),
    Method(SendContact, send_contact, once),
    Method(SendChatAction, send_chat_action),
    Method(ForwardMessage, forward_message, once),
    Method(ForwardMessages, forward_messages, lambda p: len(p.message_ids)),
    Method(CopyMessage, copy_message, once),
    Method(CopyMessages, copy_messages, lambda p: len(p.message_ids)),
)
