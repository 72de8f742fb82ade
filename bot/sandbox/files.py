"""Files: taking them in under Telegram's rules, and describing them in a message's content."""

import mimetypes
from dataclasses import dataclass

from bot.sandbox.core import Core
from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.images import image_size
from bot.sandbox.schema import FileRef, Upload
from bot.sandbox.world import Json, StoredFile, World

THUMBNAIL = "_s"
"""Ends the id of a photo's small size, which shares the bytes of the large one."""
_THUMBNAIL_SIDE = 320
_LONGEST_SIDES = 10_000
_MOST_RATIO = 20
_UNKNOWN_SIZE = (800, 600)


@dataclass(frozen=True, slots=True)
class _Kind:
    prefix: str
    folder: str
    suffix: str
    mime_type: str
    name: str
    """As Telegram calls it in "can't use file of type … as …"."""


_KINDS = {
    "photo": _Kind("AgACAgUAAx", "photos", ".jpg", "image/jpeg", "Photo"),
    "document": _Kind("BQACAgUAAx", "documents", ".bin", "application/octet-stream", "Document"),
    "voice": _Kind("AwACAgUAAx", "voice", ".oga", "audio/ogg", "VoiceNote"),
    "video": _Kind("BAACAgUAAx", "videos", ".mp4", "video/mp4", "Video"),
    "audio": _Kind("CQACAgUAAx", "music", ".mp3", "audio/mpeg", "Audio"),
    "animation": _Kind("CgACAgUAAx", "animations", ".mp4", "video/mp4", "Animation"),
    "video_note": _Kind("DQACAgUAAx", "video_notes", ".mp4", "video/mp4", "VideoNote"),
    "sticker": _Kind("CAACAgUAAx", "stickers", ".webp", "image/webp", "Sticker"),
}


@dataclass(frozen=True, slots=True)
class Shape:
    """What a sender may say about a file."""

    width: int = 0
    height: int = 0
    duration: int = 0


NO_SHAPE = Shape()


def find_file(world: World, file_id: str) -> StoredFile | None:
    return world.files.get(file_id.removesuffix(THUMBNAIL))


def take(core: Core, kind: str, given: FileRef, shape: Shape = NO_SHAPE) -> StoredFile:
    """The file that the bot sends: one known by its id, or an upload, checked and stored."""
    if isinstance(given, Upload):
        _check_upload(core, kind, given)
        return store(core.world, kind, given, shape)
    file = find_file(core.world, given)
    if file is None:
        if "." in given or ":" in given:
            raise bad_request("wrong file identifier/HTTP URL specified")
        raise bad_request("wrong remote file identifier specified: can't unserialize it. Wrong last symbol")
    if file.kind != kind and {file.kind, kind} != {"document", "animation"}:
        raise bad_request(f"can't use file of type {_KINDS[file.kind].name} as {_KINDS[kind].name}")
    return file


def _check_upload(core: Core, kind: str, upload: Upload) -> None:
    size = len(upload.data)
    if size == 0:
        raise bad_request("file must be non-empty")
    if size > core.limits.upload_bytes:
        raise ApiError(413, "Request Entity Too Large")
    if kind != "photo":
        return
    most = core.limits.photo_bytes
    if size > most:
        raise bad_request(
            f"file of size {size} bytes is too big for a photo; the maximum size is {most} bytes"
        )
    sides = image_size(upload.data)
    if sides is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if sum(sides) > _LONGEST_SIDES or max(sides) > min(sides) * _MOST_RATIO:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")


def store(world: World, kind: str, upload: Upload, shape: Shape = NO_SHAPE) -> StoredFile:
    """Keep the bytes under a new id."""
    about = _KINDS[kind]
    width, height = shape.width, shape.height
    if kind in ("photo", "sticker") or (not width and kind != "document"):
        width, height = image_size(upload.data) or (_UNKNOWN_SIZE if kind == "photo" else (512, 512))
    unique_id = world.new_token("AQAD")
    suffix = about.suffix
    mime_type = about.mime_type
    if kind in ("document", "audio"):
        suffix = f".{upload.name.rpartition('.')[2]}" if "." in upload.name else suffix
        mime_type = upload.mime_type or mimetypes.guess_type(upload.name)[0] or mime_type
    file = StoredFile(
        file_id=world.new_token(about.prefix),
        unique_id=unique_id,
        kind=kind,
        path=f"{about.folder}/file_{world.next_serial()}{suffix}",
        data=upload.data,
        mime_type=mime_type,
        name=upload.name or None,
        width=width,
        height=height,
        duration=shape.duration,
    )
    return world.store_file(file)


def media_content(file: StoredFile, kind: str) -> Json:
    """The file as it stands in a Message of that kind."""
    base: Json = {"file_id": file.file_id, "file_unique_id": file.unique_id, "file_size": len(file.data)}
    match kind:
        case "photo":
            return {"photo": _sizes(base, file)}
        case "voice":
            return {"voice": base | {"duration": file.duration, "mime_type": file.mime_type}}
        case "audio":
            return {"audio": base | {"duration": file.duration, **_named(file)}}
        case "video":
            return {"video": base | _moving(file)}
        case "animation":
            animation = base | _moving(file)
            return {"animation": animation, "document": base | _named(file)}
        case "video_note":
            return {"video_note": base | {"length": file.width or 240, "duration": file.duration}}
        case "sticker":
            sides = {"width": file.width, "height": file.height}
            kinds = {"type": "regular", "is_animated": False, "is_video": False}
            return {"sticker": base | sides | kinds}
        case _:
            return {"document": base | _named(file)}


def _named(file: StoredFile) -> Json:
    named: Json = {"mime_type": file.mime_type}
    if file.name:
        named["file_name"] = file.name
    return named


def _moving(file: StoredFile) -> Json:
    return {"width": file.width, "height": file.height, "duration": file.duration, **_named(file)}


def _sizes(base: Json, file: StoredFile) -> list[Json]:
    large = base | {"width": file.width, "height": file.height}
    longest = max(file.width, file.height)
    if longest <= _THUMBNAIL_SIDE:
        return [large]
    scale = _THUMBNAIL_SIDE / longest
    small = base | {
        "file_id": file.file_id + THUMBNAIL,
        "file_unique_id": file.unique_id + THUMBNAIL,
        "width": max(1, round(file.width * scale)),
        "height": max(1, round(file.height * scale)),
    }
    return [small, large]
