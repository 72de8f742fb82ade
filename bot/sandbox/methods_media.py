"""Sending files: one method a kind, and albums."""

from dataclasses import dataclass
from typing import Any

from bot.sandbox.core import Core
from bot.sandbox.errors import bad_request
from bot.sandbox.files import NO_SHAPE, Shape, media_content, take
from bot.sandbox.method import Method, once
from bot.sandbox.schema import ChatRef, FileRef
from bot.sandbox.sending import Captioned, Reply, Sending, caption_content, deliver, destination
from bot.sandbox.wire import message_json
from bot.sandbox.world import Json

_FEWEST_IN_ALBUM = 2
MOST_IN_ALBUM = 10


@dataclass(slots=True, kw_only=True)
class SendPhoto(Captioned):
    photo: FileRef
    has_spoiler: bool = False


@dataclass(slots=True, kw_only=True)
class SendDocument(Captioned):
    document: FileRef
    thumbnail: FileRef | None = None
    disable_content_type_detection: bool = False


@dataclass(slots=True, kw_only=True)
class SendVoice(Captioned):
    voice: FileRef
    duration: int = 0


@dataclass(slots=True, kw_only=True)
class SendVideo(Captioned):
    video: FileRef
    duration: int = 0
    width: int = 0
    height: int = 0
    thumbnail: FileRef | None = None
    cover: FileRef | None = None
    start_timestamp: int | None = None
    has_spoiler: bool = False
    supports_streaming: bool = False


@dataclass(slots=True, kw_only=True)
class SendAudio(Captioned):
    audio: FileRef
    duration: int = 0
    performer: str | None = None
    title: str | None = None
    thumbnail: FileRef | None = None


@dataclass(slots=True, kw_only=True)
class SendAnimation(Captioned):
    animation: FileRef
    duration: int = 0
    width: int = 0
    height: int = 0
    thumbnail: FileRef | None = None
    has_spoiler: bool = False


@dataclass(slots=True, kw_only=True)
class SendVideoNote(Sending):
    video_note: FileRef
    duration: int = 0
    length: int = 0
    thumbnail: FileRef | None = None


@dataclass(slots=True, kw_only=True)
class SendSticker(Sending):
    sticker: FileRef
    emoji: str | None = None


def _send_captioned(core: Core, p: Captioned, kind: str, given: FileRef, shape: Shape = NO_SHAPE) -> Json:
    caption = caption_content(core, p.caption, p.parse_mode, p.caption_entities, p.show_caption_above_media)
    to = destination(core, p)
    content = media_content(take(core, kind, given, shape), kind) | caption
    if getattr(p, "has_spoiler", False):
        content["has_media_spoiler"] = True
    return message_json(core.world, deliver(core, to, kind, content))


def send_photo(core: Core, p: SendPhoto) -> Json:
    return _send_captioned(core, p, "photo", p.photo)


def send_document(core: Core, p: SendDocument) -> Json:
    return _send_captioned(core, p, "document", p.document)


def send_voice(core: Core, p: SendVoice) -> Json:
    return _send_captioned(core, p, "voice", p.voice, Shape(duration=p.duration))


def send_video(core: Core, p: SendVideo) -> Json:
    return _send_captioned(core, p, "video", p.video, Shape(p.width, p.height, p.duration))


def send_audio(core: Core, p: SendAudio) -> Json:
    return _send_captioned(core, p, "audio", p.audio, Shape(duration=p.duration))


def send_animation(core: Core, p: SendAnimation) -> Json:
    return _send_captioned(core, p, "animation", p.animation, Shape(p.width, p.height, p.duration))


def send_video_note(core: Core, p: SendVideoNote) -> Json:
    to = destination(core, p)
    file = take(core, "video_note", p.video_note, Shape(p.length, p.length, p.duration))
    return message_json(core.world, deliver(core, to, "video_note", media_content(file, "video_note")))


def send_sticker(core: Core, p: SendSticker) -> Json:
    to = destination(core, p)
    content = media_content(take(core, "sticker", p.sticker), "sticker")
    if p.emoji:
        content["sticker"]["emoji"] = p.emoji
    return message_json(core.world, deliver(core, to, "sticker", content))


@dataclass(slots=True, kw_only=True)
class InputMedia:
    """One item of an album, or what editMessageMedia puts in."""

    type: str
    media: FileRef
    caption: str | None = None
    parse_mode: str | None = None
    caption_entities: list[Json] | None = None
    show_caption_above_media: bool = False
    has_spoiler: bool = False
    thumbnail: FileRef | None = None
    cover: FileRef | None = None
    start_timestamp: int | None = None
    width: int = 0
    height: int = 0
    duration: int = 0
    supports_streaming: bool = False
    performer: str | None = None
    title: str | None = None
    disable_content_type_detection: bool = False


def media_of(core: Core, item: InputMedia) -> tuple[str, Json]:
    """Kind and content of the message that this item becomes."""
    if item.type not in ("photo", "video", "document", "audio", "animation"):
        raise bad_request(f'type "{item.type}" of the input media is unsupported')
    file = take(core, item.type, item.media, Shape(item.width, item.height, item.duration))
    content = media_content(file, item.type) | caption_content(
        core, item.caption, item.parse_mode, item.caption_entities, item.show_caption_above_media
    )
    if item.has_spoiler:
        content["has_media_spoiler"] = True
    return item.type, content


def may_be_album(kinds: set[str]) -> bool:
    """Photos and videos mix; documents and audio files stay among themselves; nothing else forms an album."""
    return kinds <= {"photo", "video"} or kinds in ({"document"}, {"audio"})


@dataclass(slots=True, kw_only=True)
class SendMediaGroup:
    chat_id: ChatRef
    media: list[InputMedia]
    message_thread_id: int | None = None
    direct_messages_topic_id: int | None = None
    disable_notification: bool = False
    protect_content: bool = False
    reply_parameters: Reply | None = None
    business_connection_id: str | None = None
    message_effect_id: str | None = None
    allow_paid_broadcast: bool = False


def send_media_group(core: Core, p: SendMediaGroup) -> list[Json]:
    to = destination(
        core,
        Sending(
            chat_id=p.chat_id,
            message_thread_id=p.message_thread_id,
            protect_content=p.protect_content,
            reply_parameters=p.reply_parameters,
            business_connection_id=p.business_connection_id,
        ),
    )
    kinds = {item.type for item in p.media}
    if not _FEWEST_IN_ALBUM <= len(p.media) <= MOST_IN_ALBUM:
        raise bad_request("wrong number of items in the album: 2 to 10 are allowed")
    if not may_be_album(kinds):
        raise bad_request("can't use the media of the specified type in the album")
    contents = [media_of(core, item) for item in p.media]
    album = core.world.new_number()
    return [
        message_json(core.world, deliver(core, to, kind, content, media_group_id=album))
        for kind, content in contents
    ]


METHODS: tuple[Method[Any], ...] = (
    Method(SendPhoto, send_photo, once),
    Method(SendDocument, send_document, once),
    Method(SendVoice, send_voice, once),
    Method(SendVideo, send_video, once),
    Method(SendAudio, send_audio, once),
    Method(SendAnimation, send_animation, once),
    Method(SendVideoNote, send_video_note, once),
    Method(SendSticker, send_sticker, once),
    Method(SendMediaGroup, send_media_group, lambda p: len(p.media)),
)
