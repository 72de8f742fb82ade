"""Agreements in the chat."""

from bot.dues.agreements import buttons, errors, service, texts
from bot.dues.agreements.model import Kind
from bot.dues.rules import Schedule
from bot.kit.outbox import Urgency
from bot.kit.router import Router
from bot.roster import Ctx
from bot.roster import store as roster
from bot.roster.model import Actor


def register(router: Router[Actor], schedule: Schedule) -> None:
    agreements = Agreements(schedule)
    router.button(buttons.Terms, agreements.terms)
    router.button(buttons.ByQuarter, agreements.by_quarter)
    router.button(buttons.Payers, agreements.payers)
    router.button(buttons.PaidBy, agreements.paid_by)
    router.button(buttons.Revoke, agreements.revoke)
    router.dialogue(buttons.Naming, agreements.named)


class Agreements:
    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule

    async def terms(self, ctx: Ctx, button: buttons.Terms) -> None:
        found = await service.terms(ctx, ctx.actor, button.obligation)
        await ctx.end_dialogue()
        await ctx.replace(texts.terms(ctx._, found, self._schedule.zone))

    async def by_quarter(self, ctx: Ctx, button: buttons.ByQuarter) -> None:
        found, is_new = await service.by_quarter(ctx, ctx.actor, button.obligation)
        await ctx.replace(texts.terms(ctx._, found, self._schedule.zone))
        if is_new:
            await self._tell(ctx, found, by_quarter=True)

    async def payers(self, ctx: Ctx, button: buttons.Payers) -> None:
        owed, choice = await service.payers(ctx, ctx.actor, button.obligation)
        await ctx.expect(buttons.Naming(button.obligation))
        await ctx.replace(texts.ask_payer(ctx._, owed, choice, button.page))

    async def paid_by(self, ctx: Ctx, button: buttons.PaidBy) -> None:
        found = await service.paid_by_member(ctx, ctx.actor, button.obligation, button.member)
        await ctx.end_dialogue()
        await ctx.replace(texts.terms(ctx._, found, self._schedule.zone))

    async def named(self, ctx: Ctx, dialogue: buttons.Naming) -> None:
        await service.payers(ctx, ctx.actor, dialogue.obligation)
        if not ctx.message.text:
            raise errors.NotAPayer
        found = await service.paid_by(ctx, ctx.actor, dialogue.obligation, ctx.message.text)
        await ctx.end_dialogue()
        await ctx.reply(texts.terms(ctx._, found, self._schedule.zone))

    async def revoke(self, ctx: Ctx, button: buttons.Revoke) -> None:
        found, ended = await service.revoke(ctx, ctx.actor, button.obligation, button.kind)
        await ctx.replace(texts.terms(ctx._, found, self._schedule.zone))
        if ended and button.kind is Kind.QUARTERLY:
            await self._tell(ctx, found, by_quarter=False)

    @staticmethod
    async def _tell(ctx: Ctx, found: service.Terms, *, by_quarter: bool) -> None:
        person = await roster.person(ctx.session, found.owed.obligation.member_id)
        if person is None or person.account_id is None or ctx.actor.member is None:
            return
        message = texts.told(ctx.languages[person.language], ctx.actor.member.name, by_quarter=by_quarter)
        await ctx.out.send(person.account_id, message, key=ctx.key("agreed"), urgency=Urgency.TICKET)
