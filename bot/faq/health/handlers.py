"""`/faq_health`."""

from bot.faq.editing import browsing
from bot.faq.health import buttons as b
from bot.faq.health import service, texts
from bot.faq.library import Library
from bot.faq.model import Owner
from bot.kit.i18n import N_
from bot.kit.messages import Message
from bot.kit.router import Router
from bot.roster import Ctx
from bot.roster.model import Actor


class Health:
    def __init__(self, router: Router[Actor], library: Library) -> None:
        self._library = library
        router.command(
            "faq_health",
            self._start,
            about=N_("How well the answers do"),
            shown_to=lambda actor: actor.is_staff,
        )
        router.button(b.Report, self._report)

    async def _start(self, ctx: Ctx) -> None:
        desks = await browsing.desks(ctx.session, ctx.actor)
        if len(desks) == 1:
            await ctx.reply(await self._of(ctx, desks[0][0]))
        else:
            await ctx.reply(texts.choose_unit(ctx._, desks))

    async def _report(self, ctx: Ctx, button: b.Report) -> None:
        await ctx.replace(await self._of(ctx, button.owner))

    async def _of(self, ctx: Ctx, owner: Owner) -> Message:
        index = await self._library.index(ctx)
        return texts.report(ctx._, await service.report(ctx, ctx.actor, owner, index))
