"""The staff's lists, from updates and back."""

from collections.abc import Awaitable, Callable, Sequence

from telegram import InlineKeyboardButton

from bot.helpdesk import people
from bot.helpdesk import texts as shared
from bot.helpdesk.inbox import rules, service, texts
from bot.helpdesk.inbox.buttons import Browse, Found, Leave, Past, Searching
from bot.helpdesk.inbox.model import Filter
from bot.helpdesk.rules import Desk
from bot.helpdesk.toolbox import Tool
from bot.kit.i18n import N_
from bot.kit.messages import Message
from bot.kit.outbox import Delivered
from bot.kit.router import Act, Router
from bot.roster import Ctx
from bot.roster.model import Actor

Entrance = Callable[[Ctx], Awaitable[InlineKeyboardButton | None]]
"""A button in the inbox that leads further, for this person; None where there is nothing."""


TOOLS = (Tool(N_("Earlier questions"), lambda ticket: Past(ticket, 0), lambda _, __: True),)


class Inbox:
    def __init__(
        self, router: Router[Actor], desk: Desk, *, own: Act[Actor], entrances: Sequence[Entrance] = ()
    ) -> None:
        """`own` shows somebody the questions they have asked themselves."""
        self._desk = desk
        self._own = own
        self._entrances = entrances
        router.command(
            "tickets",
            self.open,
            about=N_("Questions passed to people, and their answers"),
            shown_to=lambda actor: actor.member is not None,
        )
        router.command(
            "find", self.find, about=N_("Find a question"), shown_to=lambda actor: actor.member is not None
        )
        router.button(Browse, self.browse)
        router.button(Found, self.found)
        router.button(Past, self.past)
        router.button(Leave, self.leave)
        router.dialogue(Searching, self.searching)

    async def open(self, ctx: Ctx) -> None:
        """All that somebody of the staff has to look after; for others, what they have asked themselves."""
        if ctx.actor.is_staff:
            await ctx.reply(await self._page(ctx, Filter.ALL, 0))
        else:
            await self._own(ctx)

    async def browse(self, ctx: Ctx, button: Browse) -> None:
        await ctx.replace(await self._page(ctx, button.filter, button.page))

    async def find(self, ctx: Ctx) -> None:
        """`/find`, with what to look for behind it or in the next message."""
        if ctx.actor.member is None:
            await ctx.reply(shared.unbound(ctx._))
            return
        __, ___, typed = (ctx.message.text or "").partition(" ")
        await self._search(ctx, typed)

    async def searching(self, ctx: Ctx, _: Searching) -> None:
        await self._search(ctx, ctx.message.text or "")

    async def leave(self, ctx: Ctx, _: Leave) -> None:
        await ctx.end_dialogue()
        await ctx.replace(texts.left(ctx._))

    async def found(self, ctx: Ctx, button: Found) -> None:
        words = rules.words_of(button.words)
        finds = await service.search(ctx.session, ctx.actor, words, button.page)
        await ctx.replace(texts.found(ctx._, words, finds, self._desk.zone))

    async def past(self, ctx: Ctx, button: Past) -> None:
        name, finds = await service.past(ctx.session, ctx.actor, button.ticket, button.page)
        message = texts.past(ctx._, name, button.ticket, finds, self._desk.zone)
        await ctx.replace(message)

    async def _search(self, ctx: Ctx, typed: str) -> None:
        words = rules.words_of(typed)
        if not words:
            people.bound(ctx.actor)
            await ctx.expect(Searching())
            await ctx.reply(texts.ask_for_words(ctx._))
            return
        await ctx.end_dialogue()
        finds = await service.search(ctx.session, ctx.actor, words, 0)
        await ctx.reply(
            texts.found(ctx._, words, finds, self._desk.zone), reply_to=Delivered(ctx.message.message_id)
        )

    async def _page(self, ctx: Ctx, chosen: Filter, number: int) -> Message:
        shown = await service.page(ctx.session, ctx.actor, chosen, number, now=ctx.now)
        extras = [button for entrance in self._entrances if (button := await entrance(ctx)) is not None]
        return texts.inbox(ctx._, shown, extras)
