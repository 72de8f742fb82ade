"""From a tap to a claim."""

from bot.helpdesk import delivery
from bot.helpdesk.buttons import Claim
from bot.helpdesk.claiming import service, texts
from bot.helpdesk.claiming.buttons import TakeOver
from bot.helpdesk.claiming.service import Taken
from bot.helpdesk.rules import Desk
from bot.kit.outbox import Urgency
from bot.roster import Ctx


class Claiming:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def claim(self, ctx: Ctx, button: Claim) -> None:
        done = await service.claim(ctx, self._desk, ctx.actor, button.ticket, sure=False)
        if isinstance(done, Taken):
            message = texts.taken(ctx._, done)
            await delivery.note(
                ctx, done.ticket, ctx.chat.id, message, key=ctx.key("taken"), urgency=Urgency.INTERACTIVE
            )
            return
        ctx.answer(texts.claimed(ctx._, done.requester))

    async def take_over(self, ctx: Ctx, button: TakeOver) -> None:
        done = await service.claim(ctx, self._desk, ctx.actor, button.ticket, sure=True)
        await ctx.replace(texts.taken_over(ctx._, done.requester))
