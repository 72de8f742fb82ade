"""How an answer with pictures, a video or files reaches a chat.

One of them goes as one message with the answer below it, where a caption holds the answer. Else they go first, each as its
own message, and the answer with its buttons follows.
"""

import dataclasses
import logging
from collections.abc import Sequence
from typing import Final

from bot.faq import markup
from bot.faq.model import Attachment, MediaKind
from bot.faq.upkeep import store
from bot.kit.messages import Media, Message
from bot.roster import Ctx

log = logging.getLogger(__name__)

CAPTION_LIMIT: Final = 1024
"""Telegram: a caption after its markup is parsed, in UTF-16 code units."""

_NAMES = {MediaKind.PHOTO: "photo.jpg", MediaKind.VIDEO: "video.mp4", MediaKind.DOCUMENT: "file"}
"""Of files that came without a name: an upload must have one."""


def fits_a_caption(text: str) -> bool:
    """Whether a text in Telegram's HTML fits below a picture."""
    return markup.visible_length(text) <= CAPTION_LIMIT


async def send(ctx: Ctx, media: Sequence[Attachment], message: Message) -> None:
    """Sends the answer as new messages."""
    for each in await _messages(ctx, media, message):
        await ctx.reply(each)


async def replace(ctx: Ctx, media: Sequence[Attachment], message: Message) -> None:
    """Puts the answer in the place of the message whose button was tapped, where Telegram allows it; else below, and the
    buttons above go.
    """
    first, *others = await _messages(ctx, media, message)
    if not others:
        await ctx.replace(first)
        return
    await ctx.take_buttons_away()
    for each in (first, *others):
        await ctx.reply(each)


async def _messages(ctx: Ctx, media: Sequence[Attachment], message: Message) -> Sequence[Message]:
    files = [file for each in media if (file := await _file(ctx, each)) is not None]
    if len(files) == 1 and fits_a_caption(message.text):
        return [dataclasses.replace(message, media=files[0])]
    return [*(Message("", media=file) for file in files), message]


async def _file(ctx: Ctx, attachment: Attachment) -> Media | None:
    kept = await ctx.out.kept(attachment.digest)
    if kept is None:
        content = await store.media_content(ctx.session, attachment.digest)
        if content is None:
            # The answer is worth more than its picture.
            log.warning("an attachment is gone", extra={"digest": attachment.digest})
            return None
        kept = await ctx.out.upload(attachment.name or _NAMES[attachment.kind], content)
    return Media(attachment.kind.value, kept)
