"""Tables sent in chat as files: which messages bring one, and fetching what is in it."""

from collections.abc import Awaitable, Callable
from typing import Final

from telegram import Document, File
from telegram.error import BadRequest

from bot.kit.errors import Refusal
from bot.roster.context import Ctx

LARGEST: Final = 20 * 1024 * 1024
"""What Telegram gives to bots."""
_TABLES = (".csv", ".txt", ".xlsx", ".xls", ".xlsm")


class FileTooLarge(Refusal):
    """This file is larger than 20 MB, and Telegram does not hand me such files. Could you divide it?"""


class FileGone(Refusal):
    """Telegram no longer gives me this file. Please send it once more."""


def brought_by(ctx: Ctx) -> Document | None:
    """The table that this message brings; None for other messages, and for files that answer somebody."""
    document = ctx.message.document
    if document is None or ctx.message.reply_to_message is not None:
        return None
    return document if (document.file_name or "").lower().endswith(_TABLES) else None


async def content_of(ctx: Ctx, document: Document) -> bytes:
    """What is in it: fetched once, however many look whether it is theirs."""
    if (document.file_size or 0) > LARGEST:
        raise FileTooLarge
    return await ctx.outside("table", lambda: _content(document.get_file))


async def content_again(ctx: Ctx, file_id: str) -> bytes:
    """What is in a file that was sent earlier; `FileGone` if Telegram has it no longer."""
    bot = ctx.update.get_bot()
    return await ctx.outside("table", lambda: _content(lambda: bot.get_file(file_id)))


async def _content(get_file: Callable[[], Awaitable[File]]) -> bytes:
    try:
        file = await get_file()
    except BadRequest as error:
        raise FileGone from error
    return bytes(await file.download_as_bytearray())
