"""The dues in the chat."""

from bot.dues import points, service, staff_texts, texts
from bot.dues.buttons import (
    Claim,
    Describing,
    HandOver,
    HowTo,
    Listed,
    Mine,
    NotNow,
    OfBranch,
    Settle,
    Snooze,
    TakeBack,
    Trouble,
)
from bot.dues.looking import service as looking
from bot.dues.looking import texts as looking_texts
from bot.dues.model import Obligation, State
from bot.dues.rules import Schedule
from bot.dues.waiving.handlers import Waiving
from bot.faq import Faq
from bot.helpdesk import Helpdesk
from bot.helpdesk.model import Fact, Origin, Question
from bot.kit.i18n import DEFAULT_LANGUAGE
from bot.kit.outbox import Urgency
from bot.onboarding.handing import described, end_asking, is_describing
from bot.roster import Ctx

HOW_TO_PAY = "pay-how"
"""The FAQ entry that tells how dues are paid."""


class Dues:
    """The handlers of members."""

    def __init__(self, schedule: Schedule, waiving: Waiving, faq: Faq, helpdesk: Helpdesk) -> None:
        self._schedule = schedule
        self._waiving = waiving
        self._faq = faq
        self._helpdesk = helpdesk

    async def mine(self, ctx: Ctx) -> None:
        """For staff, their branches in numbers; then one's own dues of this month."""
        own = await service.mine(ctx, ctx.actor, self._schedule)
        for branch in await service.branches(ctx, ctx.actor, self._schedule):
            sets = points.may_set(ctx.actor, branch.unit.id)
            await ctx.reply(staff_texts.branch(ctx._, branch, self._schedule.zone, sets_times=sets))
        await self._waiving.offer(ctx)
        await ctx.reply(texts.mine(ctx._, own, self._schedule.zone))
        if points.may_set_above(ctx.actor):
            await ctx.reply(staff_texts.above(ctx._))

    async def mine_tapped(self, ctx: Ctx, _button: Mine) -> None:
        await self.mine(ctx)

    async def claim(self, ctx: Ctx, button: Claim) -> None:
        said_of = await service.claim(ctx, ctx.actor, button.obligation)
        await ctx.replace(texts.claimed(ctx._, said_of))

    async def take_back(self, ctx: Ctx, button: TakeBack) -> None:
        owed = await service.take_back(ctx, ctx.actor, button.obligation)
        as_of = await service.data_date(ctx, ctx.actor)
        months = [each.period for each in owed]
        await ctx.replace(texts.nudge(ctx._, button.obligation, months, as_of, self._schedule.zone))

    async def how_to(self, ctx: Ctx, _button: HowTo) -> None:
        await self._faq.show(ctx, HOW_TO_PAY)

    async def snooze(self, ctx: Ctx, button: Snooze) -> None:
        until = await service.snooze(ctx, ctx.actor, button.obligation, self._schedule)
        await ctx.replace(texts.snoozed(ctx._, button.obligation, until, self._schedule.zone))

    async def trouble(self, ctx: Ctx, button: Trouble) -> None:
        await self._ask_to_describe(ctx, button.obligation)

    async def hand_over(self, ctx: Ctx, button: HandOver) -> None:
        if not await is_describing(ctx, Describing):
            await ctx.replace(texts.dropped(ctx._))
            return
        obligation = await service.own(ctx, ctx.actor, button.obligation)
        await ctx.end_dialogue()
        await ctx.replace(texts.handed_over(ctx._))
        facts = await self._facts(ctx, obligation)
        await self._helpdesk.open(ctx, Question(self._silent(ctx, obligation), Origin.DUES, facts))

    async def describe(self, ctx: Ctx, dialogue: Describing) -> None:
        obligation = await service.own(ctx, ctx.actor, dialogue.obligation)
        question = described(
            ctx.message,
            Origin.DUES,
            await self._facts(ctx, obligation),
            silent=self._silent(ctx, obligation),
        )
        await end_asking(ctx, dialogue.asked)
        if question is None:
            await self._ask_to_describe(ctx, obligation.id)
            return
        await self._helpdesk.open(ctx, question)

    async def not_now(self, ctx: Ctx, _button: NotNow) -> None:
        await ctx.end_dialogue()
        await ctx.replace(texts.dropped(ctx._))

    @staticmethod
    async def _ask_to_describe(ctx: Ctx, obligation_id: int) -> None:
        obligation = await service.own(ctx, ctx.actor, obligation_id)
        asked = await ctx.reply(texts.describe(ctx._, obligation.id))
        await ctx.expect(Describing(obligation.id, asked))

    async def _facts(self, ctx: Ctx, obligation: Obligation) -> tuple[Fact, ...]:
        staff = ctx.languages[DEFAULT_LANGUAGE]
        as_of = await service.data_date(ctx, ctx.actor)
        return texts.facts(staff, obligation, as_of, self._schedule.zone)

    @staticmethod
    def _silent(ctx: Ctx, obligation: Obligation) -> str:
        return texts.silent_question(ctx.languages[DEFAULT_LANGUAGE], obligation)


class StaffDues:
    """The handlers of a branch's staff."""

    def __init__(self, schedule: Schedule, waiving: Waiving) -> None:
        self._schedule = schedule
        self._waiving = waiving

    async def branch(self, ctx: Ctx, button: OfBranch) -> None:
        found = await service.branch(ctx, ctx.actor, button.branch, self._schedule)
        sets = points.may_set(ctx.actor, button.branch)
        await ctx.replace(staff_texts.branch(ctx._, found, self._schedule.zone, sets_times=sets))

    async def listed(self, ctx: Ctx, button: Listed) -> None:
        period, owed = await service.listed(ctx, ctx.actor, button.branch, button.state, self._schedule)
        await ctx.replace(staff_texts.listed(ctx._, button.branch, period, button.state, owed, button.page))

    async def settle(self, ctx: Ctx, button: Settle) -> None:
        if button.state is State.EXEMPT:
            await self._waiving.propose(ctx, button.obligation)
            return
        settled = await service.settle(ctx, ctx.actor, button.obligation, button.state)
        card = await looking.card(ctx, ctx.actor, button.obligation)
        await ctx.replace(looking_texts.card(ctx._, card, self._schedule.zone))
        person, secretary = settled.person, ctx.actor.member
        if person is None or person.account_id is None or secretary is None:
            return
        words, obligation = ctx.languages[person.language], settled.owed.obligation
        if settled.before is State.CLAIMED and obligation.state is State.PAID:
            message = texts.confirmed(words, obligation.period, secretary.name)
        elif settled.before is State.CLAIMED and obligation.state is State.DUE:
            message = texts.not_found(words, obligation, secretary.name)
        else:
            return
        await ctx.out.send(person.account_id, message, key=ctx.key("settled"), urgency=Urgency.TICKET)
