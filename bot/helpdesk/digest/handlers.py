"""Choosing when the digest comes, from updates and back."""

from telegram import InlineKeyboardButton

from bot.helpdesk.digest import service, texts
from bot.helpdesk.digest.buttons import At, Hours
from bot.helpdesk.rules import Desk
from bot.kit.router import Router
from bot.roster import Ctx
from bot.roster.model import Actor


class Digest:
    def __init__(self, router: Router[Actor], desk: Desk) -> None:
        self._desk = desk
        router.button(Hours, self.hours)
        router.button(At, self.choose)

    async def entrance(self, ctx: Ctx) -> InlineKeyboardButton | None:
        """For the inbox."""
        return Hours().labelled(ctx._.plain("Remind me daily")) if ctx.actor.is_staff else None

    async def hours(self, ctx: Ctx, _: Hours) -> None:
        await ctx.replace(texts.hours(ctx._, await service.chosen(ctx, ctx.actor)))

    async def choose(self, ctx: Ctx, button: At) -> None:
        await service.choose(ctx, self._desk, ctx.actor, button.minute)
        await ctx.replace(texts.chosen(ctx._, button.minute))
