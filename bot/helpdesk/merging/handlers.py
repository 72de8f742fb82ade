"""From taps about putting two tickets together to what becomes of them."""

from collections.abc import Sequence

from bot.helpdesk.merging import service, texts
from bot.helpdesk.merging.buttons import Into, Merge, MergeNow
from bot.helpdesk.model import State
from bot.helpdesk.rules import Desk
from bot.helpdesk.toolbox import Tool
from bot.kit.i18n import N_
from bot.kit.router import Router
from bot.roster import Ctx
from bot.roster.model import Actor

TOOLS: Sequence[Tool] = (Tool(N_("Put together"), Merge, lambda ticket, _: ticket.state is not State.CLOSED),)


class Merging:
    def __init__(self, router: Router[Actor], desk: Desk) -> None:
        self._desk = desk
        router.button(Merge, self.choose)
        router.button(Into, self.preview)
        router.button(MergeNow, self.merge)

    async def choose(self, ctx: Ctx, button: Merge) -> None:
        ticket, others = await service.others(ctx, ctx.actor, button.ticket)
        if len(others) > 1:
            await ctx.replace(texts.choose(ctx._, ticket, others, self._desk.zone))
            return
        pair = await service.pair(ctx, ctx.actor, ticket.id, others[0].id)
        await ctx.replace(texts.preview(ctx._, pair.joined, pair.kept, pair.requester, chosen=False))

    async def preview(self, ctx: Ctx, button: Into) -> None:
        pair = await service.pair(ctx, ctx.actor, button.ticket, button.into)
        await ctx.replace(texts.preview(ctx._, pair.joined, pair.kept, pair.requester, chosen=True))

    async def merge(self, ctx: Ctx, button: MergeNow) -> None:
        pair = await service.merge(ctx, self._desk, ctx.actor, button.ticket, button.into)
        await ctx.replace(texts.done(ctx._, pair.kept, pair.requester))
