"""/away: updates to the service and back."""

from datetime import date

from bot.helpdesk.away import buttons, colleagues, rules, service, texts
from bot.helpdesk.away.rules import Days
from bot.helpdesk.away.service import Plan, Wish
from bot.helpdesk.model import Holder
from bot.helpdesk.people import bound
from bot.helpdesk.rules import Desk
from bot.kit.clock import to_local
from bot.kit.errors import Outdated
from bot.kit.i18n import N_
from bot.kit.messages import Message
from bot.kit.router import Router
from bot.roster import Ctx
from bot.roster.model import Actor


def register(router: Router[Actor], desk: Desk) -> None:
    away = Away(desk)
    router.command(
        "away",
        away.command,
        about=N_("When you are away: who answers"),
        shown_to=lambda actor: actor.is_staff,
    )
    router.button(buttons.Of, away.of)
    router.button(buttons.Others, away.others)
    router.button(buttons.When, away.when)
    router.button(buttons.Since, away.since)
    router.button(buttons.Until, away.until)
    router.button(buttons.With, away.preview)
    router.button(buttons.Confirm, away.confirm)
    router.button(buttons.Back, away.back)
    router.button(buttons.Decline, away.decline)
    router.dialogue(buttons.Writing, away.written)


class Away:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def command(self, ctx: Ctx) -> None:
        me = bound(ctx.actor)
        if await colleagues.colleague(ctx.session, me.id) is None:
            # To the committee's people no questions come; they arrange it for others.
            others = await colleagues.others(ctx.session, ctx.actor)
            if others:
                await ctx.reply(texts.for_whom(ctx._, others, 0))
                return
        await ctx.reply(await self._of(ctx, me.id))

    async def of(self, ctx: Ctx, button: buttons.Of) -> None:
        await ctx.replace(await self._of(ctx, button.member))

    async def others(self, ctx: Ctx, button: buttons.Others) -> None:
        others = await colleagues.choice(ctx.session, ctx.actor)
        await ctx.end_dialogue()
        await ctx.replace(texts.for_whom(ctx._, others, button.page))

    async def when(self, ctx: Ctx, button: buttons.When) -> None:
        await ctx.replace(await self._ask_last_day(ctx, button.member, _day(button.since)))

    async def since(self, ctx: Ctx, button: buttons.Since) -> None:
        whom = await colleagues.require(ctx.session, ctx.actor, button.member)
        await ctx.replace(texts.first_day(ctx._, whom, self._today(ctx)))

    async def until(self, ctx: Ctx, button: buttons.Until) -> None:
        days = Days(_day(button.since), _day(button.until))
        await ctx.replace(await self._ask_substitute(ctx, button.member, days, button.page))

    async def written(self, ctx: Ctx, dialogue: buttons.Writing) -> None:
        await colleagues.require(ctx.session, ctx.actor, dialogue.member)
        days = rules.read_days(ctx.message.text or "", self._today(ctx))
        if days is None:
            await ctx.reply(texts.unreadable(ctx._))
            return
        await ctx.reply(await self._ask_substitute(ctx, dialogue.member, days, 0))

    async def preview(self, ctx: Ctx, button: buttons.With) -> None:
        plan = await service.plan(ctx, self._desk, ctx.actor, _wish(button))
        await ctx.end_dialogue()
        await ctx.replace(self._previewed(ctx, plan))

    async def confirm(self, ctx: Ctx, button: buttons.Confirm) -> None:
        plan = await service.arrange(ctx, self._desk, ctx.actor, _wish(button))
        own = _is_own(ctx, plan.whom)
        await ctx.replace(texts.done(ctx._, plan.whom, plan.days, plan.substitute, own=own))

    async def back(self, ctx: Ctx, button: buttons.Back) -> None:
        whom, returned = await service.come_back(ctx, self._desk, ctx.actor, button.absence)
        await ctx.end_dialogue()
        await ctx.replace(texts.back(ctx._, whom, returned, own=_is_own(ctx, whom)))

    async def decline(self, ctx: Ctx, button: buttons.Decline) -> None:
        whom = await service.decline(ctx, self._desk, ctx.actor, button.absence)
        await ctx.replace(texts.you_declined(ctx._, whom))

    async def _of(self, ctx: Ctx, member_id: int) -> Message:
        """What is arranged for this person; where nothing is, the question for the last day."""
        whom = await colleagues.require(ctx.session, ctx.actor, member_id)
        arranged = await service.arranged(ctx.session, member_id)
        if not arranged:
            return await self._ask_last_day(ctx, member_id, self._today(ctx))
        return texts.overview(
            ctx._,
            whom,
            arranged,
            self._desk.zone,
            ctx.now,
            own=_is_own(ctx, whom),
            has_others=bool(await colleagues.others(ctx.session, ctx.actor)),
        )

    async def _ask_last_day(self, ctx: Ctx, member_id: int, since: date) -> Message:
        whom = await colleagues.require(ctx.session, ctx.actor, member_id)
        await ctx.expect(buttons.Writing(member_id))
        today = self._today(ctx)
        return texts.last_day(
            ctx._,
            whom,
            max(since, today),
            today,
            own=_is_own(ctx, whom),
            has_others=bool(await colleagues.others(ctx.session, ctx.actor)),
        )

    async def _ask_substitute(self, ctx: Ctx, member_id: int, days: Days, page: int) -> Message:
        whom = await colleagues.require(ctx.session, ctx.actor, member_id)
        days, away = await service.who_else_is_away(ctx, self._desk, ctx.actor, member_id, days)
        await ctx.end_dialogue()
        candidates = await colleagues.candidates(ctx.session, member_id)
        offered = [(each, each.member_id in away) for each in candidates]
        return texts.substitute(ctx._, whom, days, offered, page, own=_is_own(ctx, whom))

    def _previewed(self, ctx: Ctx, plan: Plan) -> Message:
        return texts.preview(
            ctx._,
            plan.whom,
            plan.days,
            plan.substitute,
            plan.then,
            substitute_is_away=plan.substitute_is_away,
            waiting=plan.waiting,
            at_once=plan.from_at <= ctx.now,
            replaces=bool(plan.replaced),
            own=_is_own(ctx, plan.whom),
        )

    def _today(self, ctx: Ctx) -> date:
        return to_local(ctx.now, self._desk.zone).date()


def _wish(button: buttons.With | buttons.Confirm) -> Wish:
    return Wish(button.member, Days(_day(button.since), _day(button.until)), button.substitute)


def _day(text: str) -> date:
    try:
        return buttons.read(text)
    except ValueError as error:
        raise Outdated from error


def _is_own(ctx: Ctx, whom: Holder) -> bool:
    return ctx.actor.member is not None and ctx.actor.member.id == whom.member_id
