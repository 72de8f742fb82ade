"""Pictures, videos and files as they come from Telegram."""

import dataclasses

from telegram import Document, Message, PhotoSize, Video
from telegram.error import BadRequest

from bot.faq.editing import errors
from bot.faq.editing.drafts import File
from bot.faq.model import MediaKind

_LARGEST = 20 * 1024 * 1024
"""What Telegram gives to bots."""


@dataclasses.dataclass(frozen=True, slots=True)
class Sent:
    """A file that was sent and is still with Telegram."""

    kind: MediaKind
    name: str
    file: PhotoSize | Video | Document

    async def fetched(self) -> File:
        try:
            file = await self.file.get_file()
            content = bytes(await file.download_as_bytearray())
        except BadRequest as error:
            raise errors.FileGone from error
        return File(self.kind, self.name, content)


def sent_in(message: Message) -> Sent | None:
    """What an answer can carry of a message; `FileTooLarge` where Telegram does not give it to bots."""
    found = _found(message)
    if found is not None and (found.file.file_size or 0) > _LARGEST:
        raise errors.FileTooLarge
    return found


def _found(message: Message) -> Sent | None:
    if message.photo:
        return Sent(MediaKind.PHOTO, "photo.jpg", message.photo[-1])
    if message.video is not None:
        return Sent(MediaKind.VIDEO, message.video.file_name or "video.mp4", message.video)
    if message.document is not None:
        return Sent(MediaKind.DOCUMENT, message.document.file_name or "file", message.document)
    return None
