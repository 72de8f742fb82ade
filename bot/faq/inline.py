"""Answers handed on: somebody types the bot's name and a few letters in any chat and drops an answer there."""

from collections.abc import Callable, Collection
from typing import Final

from markupsafe import Markup
from telegram import (
    InlineQueryResult,
    InlineQueryResultArticle,
    InlineQueryResultCachedDocument,
    InlineQueryResultCachedPhoto,
    InlineQueryResultCachedVideo,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
)
from telegram.constants import ParseMode

from bot.faq import markup, presenting, service, texts
from bot.faq.library import Library
from bot.faq.model import Attachment, MediaKind, Shown
from bot.kit import outbox
from bot.roster import Ctx

START_PARAMETER: Final = "ask"
"""Whoever finds nothing presses Start with this."""
_DESCRIBED: Final = 100
"""Characters of the answer shown below its title in the list."""


class Inline:
    def __init__(self, library: Library) -> None:
        self._library = library

    async def offer(self, ctx: Ctx) -> None:
        """Lists what was looked for, as this person may see it."""
        index = await self._library.index(ctx)
        found = await service.looked_up(ctx, ctx.actor, index, ctx.inline.query)
        results = [await self._result(ctx, row, entry) for row, entry in found]
        button = InlineQueryResultsButton(texts.nothing_found_button(ctx._), start_parameter=START_PARAMETER)
        ctx.offer(results, None if results else button)

    async def chosen(self, ctx: Ctx) -> None:
        """Counts what was handed on."""
        row = ctx.chosen.result_id
        if row.isdecimal():
            await service.handed_on(ctx, ctx.actor, int(row))

    async def _result(self, ctx: Ctx, row: int, entry: Shown) -> InlineQueryResult:
        """The answer as it stands for anybody: no one's phone or name is in it, and nothing about the buttons that
        stand under it elsewhere.
        """
        alone = _without(texts.unsolved_labels(ctx.languages), entry.body)
        body = self._library.render(alone, entry.language)
        text, description = texts.titled(entry, body), _described(body)
        if len(entry.media) == 1 and presenting.fits_a_caption(text):
            attachment = entry.media[0]
            file_id = await outbox.file_id_of(ctx.session, attachment.digest)
            if file_id is not None:
                return _with_file(str(row), entry.title, description, attachment, file_id, text)
        content = InputTextMessageContent(
            text, parse_mode=ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True)
        )
        return InlineQueryResultArticle(str(row), entry.title, content, description=description)


def _with_file(
    row: str, title: str, description: str, attachment: Attachment, file_id: str, caption: Markup
) -> InlineQueryResult:
    kinds: dict[MediaKind, Callable[..., InlineQueryResult]] = {
        MediaKind.PHOTO: InlineQueryResultCachedPhoto,
        MediaKind.VIDEO: InlineQueryResultCachedVideo,
        MediaKind.DOCUMENT: InlineQueryResultCachedDocument,
    }
    return kinds[attachment.kind](
        id=row,
        title=title,
        description=description,
        caption=caption,
        parse_mode=ParseMode.HTML,
        **{f"{attachment.kind}_file_id": file_id},
    )


def _without(labels: Collection[str], body: str) -> str:
    return "\n".join(line for line in body.splitlines() if not any(label in line for label in labels))


def _described(body: Markup) -> str:
    """The answer's first line, as it is read."""
    return markup.plain(body.strip().split("\n", 1)[0])[:_DESCRIBED]
