"""From updates to the terms of a unit and back."""

from bot.helpdesk import texts as helpdesk_texts
from bot.helpdesk.hours import buttons as b
from bot.helpdesk.hours import service, texts
from bot.helpdesk.rules import Desk
from bot.kit import dialogue
from bot.kit.errors import NotAllowed
from bot.kit.i18n import N_
from bot.kit.messages import Message
from bot.kit.router import Router
from bot.roster import Ctx
from bot.roster.model import Actor


def register(router: Router[Actor], desk: Desk) -> None:
    """Wires `/hours` and its buttons."""
    hours = _Setting(desk)
    router.command(
        "hours", hours.start, about=N_("Working hours and time to answer"), shown_to=service.may_set_any
    )
    router.button(b.Units, hours.choose_unit)
    router.button(b.Overview, hours.overview)
    router.button(b.Ask, hours.ask)
    router.button(b.Choose, hours.choose)
    router.button(b.Weekdays, hours.pick)
    router.button(b.WriteHours, hours.ask_hours)
    router.dialogue(b.WritingHours, hours.written)


class _Setting:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def start(self, ctx: Ctx) -> None:
        """For whoever sets them, the terms of their unit; for a member, what to expect of their branch."""
        units = await service.units(ctx.session, ctx.actor)
        if len(units) > 1:
            await ctx.reply(texts.choose_unit(ctx._, units))
        elif units:
            await ctx.reply(await self._overview(ctx, units[0].id))
        elif ctx.actor.member is None:
            await ctx.reply(helpdesk_texts.unbound(ctx._))
        else:
            known = await service.of_own_branch(ctx, self._desk, ctx.actor)
            await ctx.reply(texts.for_members(ctx._, known, ctx.now, self._desk.zone))

    async def choose_unit(self, ctx: Ctx, _button: b.Units) -> None:
        units = await service.units(ctx.session, ctx.actor)
        if not units:
            raise NotAllowed
        await ctx.replace(texts.choose_unit(ctx._, units))

    async def overview(self, ctx: Ctx, button: b.Overview) -> None:
        message = await self._overview(ctx, button.unit)
        await self._stop_writing(ctx)
        await ctx.replace(message)

    async def ask(self, ctx: Ctx, button: b.Ask) -> None:
        known = await service.arrangement(ctx, self._desk, ctx.actor, button.unit)
        await ctx.replace(texts.ask(ctx._, known, button.term))

    async def pick(self, ctx: Ctx, button: b.Weekdays) -> None:
        known = await service.arrangement(ctx, self._desk, ctx.actor, button.unit)
        await ctx.replace(texts.pick_weekdays(ctx._, known.unit.id, service.weekdays(button.picked)))

    async def choose(self, ctx: Ctx, button: b.Choose) -> None:
        known = await service.choose(ctx, self._desk, ctx.actor, button.unit, button.term, button.value)
        await self._stop_writing(ctx)
        ctx.answer(texts.noted(ctx._))
        await ctx.replace(await self._shown(ctx, known))

    async def ask_hours(self, ctx: Ctx, button: b.WriteHours) -> None:
        known = await service.arrangement(ctx, self._desk, ctx.actor, button.unit)
        await ctx.expect(b.WritingHours(button.unit))
        await ctx.replace(texts.write_hours(ctx._, known.unit.id))

    async def written(self, ctx: Ctx, writing: b.WritingHours) -> None:
        known = await service.write_hours(ctx, self._desk, ctx.actor, writing.unit, ctx.message.text)
        await ctx.end_dialogue()
        await ctx.reply(await self._shown(ctx, known))

    async def _stop_writing(self, ctx: Ctx) -> None:
        running = await dialogue.current(ctx.session, ctx.user.id, now=ctx.now)
        if running is not None and running[0] == b.WritingHours.tag:
            await ctx.end_dialogue()

    async def _overview(self, ctx: Ctx, unit_id: int) -> Message:
        return await self._shown(ctx, await service.arrangement(ctx, self._desk, ctx.actor, unit_id))

    async def _shown(self, ctx: Ctx, known: service.Arrangement) -> Message:
        several = len(await service.units(ctx.session, ctx.actor)) > 1
        return texts.overview(ctx._, known, ctx.now, self._desk.zone, several=several)
