"""The branch's card index in the chat."""

from bot.dues import rules
from bot.dues.buttons import Look
from bot.dues.looking import service, texts
from bot.dues.looking.buttons import Overpaid
from bot.dues.rules import Schedule
from bot.kit.router import Router
from bot.roster import Ctx
from bot.roster.model import Actor


def register(router: Router[Actor], schedule: Schedule) -> None:
    looking = Looking(schedule)
    router.button(Look, looking.look)
    router.button(Overpaid, looking.overpaid)


class Looking:
    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule

    async def look(self, ctx: Ctx, button: Look) -> None:
        found = await service.card(ctx, ctx.actor, button.obligation)
        await ctx.end_dialogue()
        await ctx.replace(texts.card(ctx._, found, self._schedule.zone))

    async def overpaid(self, ctx: Ctx, button: Overpaid) -> None:
        current = rules.period_at(ctx.now, self._schedule.zone)
        found = await service.overpaid(ctx, ctx.actor, button.branch, current)
        await ctx.replace(texts.overpaid(ctx._, button.branch, found, button.page))
