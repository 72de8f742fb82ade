"""From updates to a unit's reminder times and back."""

from bot.dues.plans import Term
from bot.dues.points import buttons as b
from bot.dues.points import service, texts
from bot.dues.rules import Schedule
from bot.kit.messages import Message
from bot.kit.router import Router
from bot.roster import Ctx
from bot.roster.model import Actor


def register(router: Router[Actor], schedule: Schedule) -> None:
    points = _Points(schedule)
    router.button(b.Units, points.units)
    router.button(b.Overview, points.overview)
    router.button(b.Ask, points.ask)
    router.button(b.Choose, points.choose)
    router.button(b.AddDay, points.add_day)
    router.button(b.Weekdays, points.weekdays)
    router.button(b.Toggle, points.toggle)


class _Points:
    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule

    async def units(self, ctx: Ctx, _button: b.Units) -> None:
        units = await service.units(ctx.session, ctx.actor)
        if len(units) == 1:
            await ctx.replace(await self._overview(ctx, await self._known(ctx, units[0].id)))
        else:
            await ctx.replace(texts.choose_unit(ctx._, units))

    async def overview(self, ctx: Ctx, button: b.Overview) -> None:
        await ctx.replace(await self._overview(ctx, await self._known(ctx, button.unit)))

    async def ask(self, ctx: Ctx, button: b.Ask) -> None:
        await ctx.replace(texts.ask(ctx._, await self._known(ctx, button.unit), button.term))

    async def choose(self, ctx: Ctx, button: b.Choose) -> None:
        known = await service.choose(ctx, ctx.actor, button.unit, button.term, button.value, self._schedule)
        ctx.answer(texts.noted(ctx._))
        await ctx.replace(await self._overview(ctx, known))

    async def add_day(self, ctx: Ctx, button: b.AddDay) -> None:
        known = await self._known(ctx, button.unit)
        await ctx.replace(texts.add_day(ctx._, known, button.adding))

    async def weekdays(self, ctx: Ctx, button: b.Weekdays) -> None:
        known = await self._known(ctx, button.unit)
        await ctx.replace(texts.weekdays(ctx._, known, button.number))

    async def toggle(self, ctx: Ctx, button: b.Toggle) -> None:
        known = await service.toggle(
            ctx, ctx.actor, button.unit, button.day, self._schedule, is_set=button.is_set
        )
        await ctx.replace(texts.ask(ctx._, known, Term.DAYS))

    async def _known(self, ctx: Ctx, unit_id: int) -> service.Arrangement:
        return await service.arrangement(ctx, ctx.actor, unit_id, self._schedule)

    async def _overview(self, ctx: Ctx, known: service.Arrangement) -> Message:
        several = len(await service.units(ctx.session, ctx.actor)) > 1
        return texts.overview(ctx._, known, self._schedule.zone, several=several)
