"""The screens that several of the editor's handlers lead to."""

from datetime import tzinfo

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.faq import presenting, texts
from bot.faq.editing import browsing, drafts, finding_texts, rules, writing_texts
from bot.faq.library import Library
from bot.faq.model import Entry, Kind, Owner, Shown
from bot.faq.upkeep.store import Draft
from bot.kit.messages import Message, rows
from bot.roster import Ctx


class Screens:
    def __init__(self, library: Library, zone: tzinfo) -> None:
        self.library = library
        self.zone = zone

    async def entry(self, ctx: Ctx, owner: Owner, row: int, note: Markup | None = None) -> Message:
        shown = await browsing.opened(ctx, ctx.actor, owner, row)
        return finding_texts.entry(ctx._, shown, self.body(shown.kept.entry), self.zone, note)

    async def draft(self, ctx: Ctx, draft: Draft, note: Markup | None = None) -> Message:
        base = await drafts.base_of(ctx.session, draft)
        change = None if base is None else rules.difference(base, draft.content)
        unit = await browsing.unit_name(ctx.session, draft.owner)
        return writing_texts.draft(ctx._, draft, unit, self.body(draft.content), change, note)

    async def preview(self, ctx: Ctx, entry: Entry, *back: InlineKeyboardButton) -> None:
        """Sends an entry as members get it, with the way back in place of their buttons."""
        text = self.body(entry)
        if entry.kind is Kind.ENTRY:
            shown = Shown(
                entry.id,
                entry.kind,
                entry.title,
                entry.body,
                entry.stage,
                entry.handover,
                entry.language,
                entry.media,
            )
            text = texts.titled(shown, text)
        await presenting.send(ctx, entry.media, Message(text, rows(list(back))))

    async def show_files(self, ctx: Ctx, entry: Entry, *back: InlineKeyboardButton) -> None:
        """Sends what is attached to an entry, and no text."""
        await presenting.send(ctx, entry.media, writing_texts.files_above(ctx._, entry, *back))

    def body(self, entry: Entry) -> Markup:
        return self.library.render(entry.body, entry.language)
