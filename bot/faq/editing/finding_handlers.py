"""Finding and reading entries."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from telegram import InlineKeyboardButton

from bot.faq.editing import browsing, finding_texts, words
from bot.faq.editing import buttons as b
from bot.faq.editing.screens import Screens
from bot.faq.model import Owner
from bot.kit import dialogue
from bot.kit.clock import MINUTE
from bot.kit.i18n import N_
from bot.kit.messages import Message
from bot.kit.router import Router
from bot.roster import Ctx
from bot.roster.model import Actor

Extra: TypeAlias = Callable[[Ctx, Owner], Awaitable[Sequence[InlineKeyboardButton]]]
"""Buttons that another part of the room puts on the home screen of a unit's editor."""

SEARCHING = 10 * MINUTE
"""How long after the editor was last used for it a text is a word to search for, and no question."""


class Finding:
    def __init__(self, router: Router[Actor], screens: Screens, extras: Sequence[Extra]) -> None:
        self._screens = screens
        self._extras = extras
        router.command(
            "faq", self._start, about=N_("Look after the answers"), shown_to=lambda actor: actor.is_staff
        )
        router.message(self._claim)
        router.button(b.Home, self._home)
        router.button(b.HomeOf, self._home_of)
        router.button(b.PageOf, self._page_of)
        router.button(b.Retired, self._retired)
        router.button(b.Drafts, self._drafts)
        router.button(b.Open, self._open)
        router.button(b.Asks, self._asks)
        router.button(b.Files, self._files)
        router.button(b.Preview, self._preview)

    async def _start(self, ctx: Ctx) -> None:
        await ctx.reply(await self._beginning(ctx))

    async def _home(self, ctx: Ctx, _button: b.Home) -> None:
        await ctx.replace(await self._beginning(ctx))

    async def _home_of(self, ctx: Ctx, button: b.HomeOf) -> None:
        await ctx.replace(await self._overview(ctx, button.owner))

    async def _page_of(self, ctx: Ctx, button: b.PageOf) -> None:
        found = await browsing.group(ctx.session, ctx.actor, button.owner, button.group)
        await self._expect_words(ctx, button.owner)
        await ctx.replace(finding_texts.page_of(ctx._, button.owner, button.group, found, button.page))

    async def _retired(self, ctx: Ctx, button: b.Retired) -> None:
        found = await browsing.retired(ctx.session, ctx.actor, button.owner)
        await ctx.end_dialogue()
        await ctx.replace(finding_texts.retired(ctx._, button.owner, found, button.page))

    async def _drafts(self, ctx: Ctx, button: b.Drafts) -> None:
        found = await browsing.drafts(ctx.session, ctx.actor, button.owner)
        await ctx.end_dialogue()
        await ctx.replace(finding_texts.drafts(ctx._, button.owner, found, button.page))

    async def _claim(self, ctx: Ctx) -> bool:
        """Takes a text that is typed soon after the editor was opened as words to search for."""
        text = ctx.message.text
        if text is None or text.startswith("/") or ctx.message.reply_to_message is not None:
            return False
        searching = await self._searching(ctx)
        if searching is None:
            return False
        index = await self._screens.library.index(ctx)
        found, likely = await browsing.search(ctx.session, ctx.actor, searching.owner, text, index)
        await self._expect_words(ctx, searching.owner)
        await ctx.reply(finding_texts.found(ctx._, searching.owner, text, found, likely))
        return True

    async def _open(self, ctx: Ctx, button: b.Open) -> None:
        message = await self._screens.entry(ctx, button.owner, button.row)
        await ctx.end_dialogue()
        await ctx.replace(message)

    async def _asks(self, ctx: Ctx, button: b.Asks) -> None:
        shown = await browsing.opened(ctx, ctx.actor, button.owner, button.row)
        await ctx.replace(finding_texts.asks(ctx._, shown, button.page))

    async def _files(self, ctx: Ctx, button: b.Files) -> None:
        _, kept = await browsing.in_view(ctx.session, ctx.actor, button.owner, button.row)
        back = words.back(ctx._, b.Open(button.owner, button.row))
        await self._screens.show_files(ctx, kept.entry, *back)

    async def _preview(self, ctx: Ctx, button: b.Preview) -> None:
        _, kept = await browsing.in_view(ctx.session, ctx.actor, button.owner, button.row)
        back = words.back(ctx._, b.Open(button.owner, button.row))
        await self._screens.preview(ctx, kept.entry, *back)

    async def _beginning(self, ctx: Ctx) -> Message:
        desks = await browsing.desks(ctx.session, ctx.actor)
        if len(desks) == 1:
            return await self._overview(ctx, desks[0][0])
        await ctx.end_dialogue()
        return finding_texts.choose_unit(ctx._, desks)

    async def _overview(self, ctx: Ctx, owner: Owner) -> Message:
        seen = await browsing.overview(ctx.session, ctx.actor, owner)
        extras = [button for extra in self._extras for button in await extra(ctx, owner)]
        await self._expect_words(ctx, owner)
        return finding_texts.home(ctx._, seen, extras)

    @staticmethod
    async def _expect_words(ctx: Ctx, owner: Owner) -> None:
        await ctx.expect(b.Searching(owner, ctx.now))

    @staticmethod
    async def _searching(ctx: Ctx) -> b.Searching | None:
        running = await dialogue.current(ctx.session, ctx.user.id, now=ctx.now)
        if running is None or running[0] != b.Searching.tag:
            return None
        searching = b.Searching.decode(running[1])
        return searching if searching is not None and ctx.now - searching.since < SEARCHING else None
