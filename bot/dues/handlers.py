"""The dues in the chat."""

from bot.dues import reading, service, staff_texts, texts
from bot.dues.buttons import (
    AskWaiver,
    AwaitingBase,
    CancelRound,
    Claim,
    Describing,
    HandOver,
    HowTo,
    Listed,
    Look,
    Mine,
    NotNow,
    OfBranch,
    PickIncome,
    Reckon,
    RestoreRound,
    RoundList,
    Settle,
    Snooze,
    TakeBack,
    Trouble,
)
from bot.dues.model import Matter, Obligation, State
from bot.dues.reading import Unreadable
from bot.dues.reckoning import NEEDS_BASE, reckon
from bot.dues.rules import Schedule
from bot.faq import Faq
from bot.helpdesk import Helpdesk
from bot.helpdesk.model import Fact, Origin, Question
from bot.kit.i18n import DEFAULT_LANGUAGE
from bot.kit.outbox import Delivered, Urgency
from bot.onboarding.handing import described, end_asking, is_describing
from bot.roster import Ctx

HOW_TO_PAY = "pay-how"
"""The FAQ entry that tells how dues are paid."""


class Dues:
    """The handlers of members."""

    def __init__(self, schedule: Schedule, faq: Faq, helpdesk: Helpdesk) -> None:
        self._schedule = schedule
        self._faq = faq
        self._helpdesk = helpdesk

    async def mine(self, ctx: Ctx) -> None:
        """For staff, their branches in numbers; then one's own dues of this month."""
        own = await service.mine(ctx, ctx.actor, self._schedule)
        for branch in await service.branches(ctx, ctx.actor, self._schedule):
            await ctx.reply(staff_texts.branch(ctx._, branch, self._schedule.zone))
        await ctx.reply(texts.mine(ctx._, own, self._schedule.zone))

    async def mine_tapped(self, ctx: Ctx, _button: Mine) -> None:
        await self.mine(ctx)

    async def claim(self, ctx: Ctx, button: Claim) -> None:
        obligation = await service.claim(ctx, ctx.actor, button.obligation)
        await ctx.replace(texts.claimed(ctx._, obligation))

    async def take_back(self, ctx: Ctx, button: TakeBack) -> None:
        obligation = await service.take_back(ctx, ctx.actor, button.obligation)
        as_of = await service.data_date(ctx)
        await ctx.replace(texts.nudge(ctx._, obligation.id, obligation.period, as_of, self._schedule.zone))

    async def how_to(self, ctx: Ctx, _button: HowTo) -> None:
        await self._faq.show(ctx, HOW_TO_PAY)

    async def snooze(self, ctx: Ctx, button: Snooze) -> None:
        until = await service.snooze(ctx, ctx.actor, button.obligation, self._schedule)
        await ctx.replace(texts.snoozed(ctx._, button.obligation, until, self._schedule.zone))

    async def trouble(self, ctx: Ctx, button: Trouble) -> None:
        await self._ask_to_describe(ctx, button.obligation, Matter.TROUBLE)

    async def ask_waiver(self, ctx: Ctx, button: AskWaiver) -> None:
        await self._ask_to_describe(ctx, button.obligation, Matter.WAIVER)

    async def hand_over(self, ctx: Ctx, button: HandOver) -> None:
        if not await is_describing(ctx, Describing):
            await ctx.replace(texts.dropped(ctx._))
            return
        obligation = await service.own(ctx, ctx.actor, button.obligation)
        await ctx.end_dialogue()
        await ctx.replace(texts.handed_over(ctx._))
        facts = await self._facts(ctx, obligation, button.matter)
        await self._helpdesk.open(
            ctx, Question(self._silent(ctx, obligation, button.matter), Origin.DUES, facts)
        )

    async def describe(self, ctx: Ctx, dialogue: Describing) -> None:
        obligation = await service.own(ctx, ctx.actor, dialogue.obligation)
        question = described(
            ctx.message,
            Origin.DUES,
            await self._facts(ctx, obligation, dialogue.matter),
            silent=self._silent(ctx, obligation, dialogue.matter),
        )
        await end_asking(ctx, dialogue.asked)
        if question is None:
            await self._ask_to_describe(ctx, obligation.id, dialogue.matter)
            return
        await self._helpdesk.open(ctx, question)

    async def not_now(self, ctx: Ctx, _button: NotNow) -> None:
        await ctx.end_dialogue()
        await ctx.replace(texts.dropped(ctx._))

    async def ask_income(self, ctx: Ctx, _button: Reckon) -> None:
        await ctx.reply(texts.ask_income(ctx._))

    async def pick_income(self, ctx: Ctx, button: PickIncome) -> None:
        if button.income in NEEDS_BASE:
            await ctx.expect(AwaitingBase(button.income, ctx.message.message_id))
            await ctx.replace(texts.ask_base(ctx._, button.income))
        else:
            await ctx.replace(texts.reckoned(ctx._, None, reckon(button.income)))

    async def take_base(self, ctx: Ctx, dialogue: AwaitingBase) -> None:
        try:
            base = reading.fen(ctx.message.text or "")
        except Unreadable:
            await ctx.reply(texts.no_amount(ctx._))
            return
        await ctx.end_dialogue()
        await ctx.out.remove_keyboard(ctx.chat.id, Delivered(dialogue.asked), key=ctx.key("asked"))
        await ctx.reply(texts.reckoned(ctx._, base, reckon(dialogue.income, base)))

    @staticmethod
    async def _ask_to_describe(ctx: Ctx, obligation_id: int, matter: Matter) -> None:
        obligation = await service.own(ctx, ctx.actor, obligation_id)
        asked = await ctx.reply(texts.describe(ctx._, obligation.id, matter))
        await ctx.expect(Describing(obligation.id, matter, asked))

    async def _facts(self, ctx: Ctx, obligation: Obligation, matter: Matter) -> tuple[Fact, ...]:
        staff = ctx.languages[DEFAULT_LANGUAGE]
        as_of = await service.data_date(ctx)
        return texts.facts(staff, obligation, matter, as_of, self._schedule.zone)

    @staticmethod
    def _silent(ctx: Ctx, obligation: Obligation, matter: Matter) -> str:
        return texts.silent_question(ctx.languages[DEFAULT_LANGUAGE], obligation, matter)


class StaffDues:
    """The handlers of a branch's staff."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule

    async def branch(self, ctx: Ctx, button: OfBranch) -> None:
        found = await service.branch(ctx, ctx.actor, button.branch, self._schedule)
        await ctx.replace(staff_texts.branch(ctx._, found, self._schedule.zone))

    async def listed(self, ctx: Ctx, button: Listed) -> None:
        period, owed = await service.listed(ctx, ctx.actor, button.branch, button.state, self._schedule)
        await ctx.replace(staff_texts.listed(ctx._, button.branch, period, button.state, owed, button.page))

    async def look(self, ctx: Ctx, button: Look) -> None:
        await ctx.replace(staff_texts.one(ctx._, await service.look(ctx, ctx.actor, button.obligation)))

    async def settle(self, ctx: Ctx, button: Settle) -> None:
        settled = await service.settle(ctx, ctx.actor, button.obligation, button.state)
        await ctx.replace(staff_texts.one(ctx._, settled.owed))
        person, secretary = settled.person, ctx.actor.member
        if person is None or person.account_id is None or secretary is None:
            return
        words, obligation = ctx.languages[person.language], settled.owed.obligation
        if settled.before is State.CLAIMED and obligation.state is State.PAID:
            message = texts.confirmed(words, obligation.period, secretary.name)
        elif settled.before is State.CLAIMED and obligation.state is State.DUE:
            message = texts.not_found(words, obligation, secretary.name)
        elif obligation.state is State.EXEMPT:
            message = texts.waived(words, obligation.period, secretary.name)
        else:
            return
        await ctx.out.send(person.account_id, message, key=ctx.key("settled"), urgency=Urgency.TICKET)

    async def cancel_round(self, ctx: Ctx, button: CancelRound) -> None:
        await service.cancel_round(ctx, ctx.actor, button.branch, button.point)
        await ctx.replace(staff_texts.cancelled(ctx._, button.branch, button.point))

    async def restore_round(self, ctx: Ctx, button: RestoreRound) -> None:
        await service.restore_round(ctx, ctx.actor, button.branch, button.point, self._schedule)
        await ctx.replace(staff_texts.restored(ctx._, button.branch, button.point))

    async def round_list(self, ctx: Ctx, button: RoundList) -> None:
        chosen = await service.round_list(ctx, ctx.actor, button.branch, button.point)
        told = await ctx.reply(staff_texts.who(ctx._, button.branch, button.point, chosen))
        await service.note_list(ctx, button.branch, button.point, ctx.chat.id, told)
