"""Requests to be let off, in the chat."""

from bot.dues import reading
from bot.dues import texts as dues_texts
from bot.dues.buttons import AskWaiver
from bot.dues.reading import Unreadable
from bot.dues.rules import Schedule
from bot.dues.waiving import buttons, rules, service, telling, texts
from bot.dues.waiving.model import Act, Case, Stage
from bot.helpdesk.model import Origin
from bot.kit.messages import Message
from bot.kit.router import Router
from bot.onboarding.handing import described, end_asking, is_describing
from bot.roster import Ctx
from bot.roster.model import Actor


def register(router: Router[Actor], schedule: Schedule) -> "Waiving":
    waiving = Waiving(schedule)
    router.button(AskWaiver, waiving.ask)
    router.button(buttons.Without, waiving.without)
    router.button(buttons.Withdraw, waiving.withdraw)
    router.button(buttons.Waiting, waiving.waiting)
    router.button(buttons.See, waiving.see)
    router.button(buttons.Free, waiving.free)
    router.button(buttons.Less, waiving.less)
    router.button(buttons.Amount, waiving.amount)
    router.button(buttons.Refuse, waiving.refuse)
    router.button(buttons.RefusePlainly, waiving.refuse_plainly)
    router.button(buttons.Approve, waiving.approve)
    router.button(buttons.Return, waiving.send_back)
    router.button(buttons.ReturnPlainly, waiving.send_back_plainly)
    router.dialogue(buttons.Asking, waiving.asked)
    router.dialogue(buttons.Pricing, waiving.priced)
    router.dialogue(buttons.Refusing, waiving.refused)
    router.dialogue(buttons.Returning, waiving.returned)
    return waiving


class Waiving:
    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule

    async def ask(self, ctx: Ctx, button: AskWaiver) -> None:
        await self._ask(ctx, button.obligation)

    async def asked(self, ctx: Ctx, dialogue: buttons.Asking) -> None:
        obligation, _open = await service.askable(ctx, ctx.actor, dialogue.obligation)
        sent = described(ctx.message, Origin.DUES, (), silent="")
        if sent is None:
            await ctx.reply(texts.unfit(ctx._))
            return
        await end_asking(ctx, dialogue.asked)
        picture = None
        for file in sent.files:
            if file.chat_id is not None and file.message_id is not None:
                picture = file.chat_id, file.message_id
        await self._submit(ctx, obligation.id, sent.text, picture)

    async def without(self, ctx: Ctx, button: buttons.Without) -> None:
        if not await is_describing(ctx, buttons.Asking):
            await ctx.replace(dues_texts.dropped(ctx._))
            return
        await ctx.end_dialogue()
        await ctx.take_buttons_away()
        await self._submit(ctx, button.obligation, None, None)

    async def withdraw(self, ctx: Ctx, button: buttons.Withdraw) -> None:
        of = await service.withdraw(ctx, ctx.actor, button.waiver)
        await ctx.replace(texts.withdrawn(ctx._, of))
        await telling.close_cards(ctx, of, self._schedule.zone)

    async def offer(self, ctx: Ctx) -> None:
        """Tells staff how many requests wait for them, where any do."""
        cases = await service.waiting(ctx, ctx.actor)
        if cases:
            await ctx.reply(texts.waiting(ctx._, cases, 0))

    async def waiting(self, ctx: Ctx, button: buttons.Waiting) -> None:
        await ctx.replace(texts.waiting(ctx._, await service.waiting(ctx, ctx.actor), button.page))

    async def see(self, ctx: Ctx, button: buttons.See) -> None:
        await ctx.end_dialogue()
        await self._show(ctx, await service.seen(ctx, ctx.actor, button.waiver))

    async def free(self, ctx: Ctx, button: buttons.Free) -> None:
        await self._done(ctx, await service.agree(ctx, ctx.actor, button.waiver, None), edits=True)

    async def less(self, ctx: Ctx, button: buttons.Less) -> None:
        of = await service.seen(ctx, ctx.actor, button.waiver)
        if not await self._is_open(ctx, of):
            await self._show(ctx, of)
            return
        await ctx.expect(buttons.Pricing(button.waiver))
        await ctx.replace(texts.ask_amount(ctx._, of))

    async def amount(self, ctx: Ctx, button: buttons.Amount) -> None:
        await ctx.end_dialogue()
        await self._done(
            ctx, await service.agree(ctx, ctx.actor, button.waiver, button.amount or None), edits=True
        )

    async def priced(self, ctx: Ctx, dialogue: buttons.Pricing) -> None:
        await service.seen(ctx, ctx.actor, dialogue.waiver)
        try:
            amount = reading.fen(ctx.message.text or "")
        except Unreadable:
            await ctx.reply(texts.no_amount(ctx._))
            return
        done = await service.agree(ctx, ctx.actor, dialogue.waiver, amount or None)
        await ctx.end_dialogue()
        await self._done(ctx, done, edits=False)

    async def refuse(self, ctx: Ctx, button: buttons.Refuse) -> None:
        of = await service.seen(ctx, ctx.actor, button.waiver)
        if not await self._is_open(ctx, of):
            await self._show(ctx, of)
            return
        await ctx.expect(buttons.Refusing(button.waiver))
        await ctx.replace(texts.ask_why(ctx._, of))

    async def refuse_plainly(self, ctx: Ctx, button: buttons.RefusePlainly) -> None:
        await ctx.end_dialogue()
        await self._done(ctx, await service.refuse(ctx, ctx.actor, button.waiver, None), edits=True)

    async def refused(self, ctx: Ctx, dialogue: buttons.Refusing) -> None:
        await service.seen(ctx, ctx.actor, dialogue.waiver)
        if not ctx.message.text:
            await ctx.reply(texts.only_words(ctx._))
            return
        await ctx.end_dialogue()
        done = await service.refuse(ctx, ctx.actor, dialogue.waiver, ctx.message.text)
        await self._done(ctx, done, edits=False)

    async def approve(self, ctx: Ctx, button: buttons.Approve) -> None:
        await self._done(ctx, await service.approve(ctx, ctx.actor, button.waiver), edits=True)

    async def send_back(self, ctx: Ctx, button: buttons.Return) -> None:
        of = await service.seen(ctx, ctx.actor, button.waiver)
        if not await self._is_open(ctx, of) or not rules.may_follow(of.waiver, Act.RETURNED):
            await self._show(ctx, of)
            return
        await ctx.expect(buttons.Returning(button.waiver))
        await ctx.replace(texts.ask_what(ctx._, of))

    async def send_back_plainly(self, ctx: Ctx, button: buttons.ReturnPlainly) -> None:
        await ctx.end_dialogue()
        await self._done(ctx, await service.send_back(ctx, ctx.actor, button.waiver, None), edits=True)

    async def returned(self, ctx: Ctx, dialogue: buttons.Returning) -> None:
        await service.seen(ctx, ctx.actor, dialogue.waiver)
        if not ctx.message.text:
            await ctx.reply(texts.only_words(ctx._))
            return
        await ctx.end_dialogue()
        done = await service.send_back(ctx, ctx.actor, dialogue.waiver, ctx.message.text)
        await self._done(ctx, done, edits=False)

    async def propose(self, ctx: Ctx, obligation_id: int) -> None:
        """The secretary wants a member to be let off: it takes the course of a request."""
        await self._done(ctx, await service.propose(ctx, ctx.actor, obligation_id), edits=True)

    async def _ask(self, ctx: Ctx, obligation_id: int) -> None:
        obligation, of = await service.askable(ctx, ctx.actor, obligation_id)
        if of is not None:
            await ctx.reply(texts.under_way(ctx._, of.waiver))
            return
        has_above = await service.has_above(ctx, obligation)
        asked = await ctx.reply(texts.ask(ctx._, obligation, has_above=has_above))
        await ctx.expect(buttons.Asking(obligation.id, asked))

    async def _submit(
        self, ctx: Ctx, obligation_id: int, words: str | None, picture: tuple[int, int] | None
    ) -> None:
        of, is_new = await service.ask(ctx, ctx.actor, obligation_id, words=words, picture=picture)
        if not is_new:
            await ctx.reply(texts.under_way(ctx._, of.waiver))
            return
        names = await telling.send_cards(ctx, of, self._schedule.zone)
        await ctx.reply(texts.received(ctx._, of, names))

    async def _done(self, ctx: Ctx, done: tuple[Case, Act | None], *, edits: bool) -> None:
        """Shows what came of a step to whoever took it, and tells everybody else whom it concerns."""
        of, act = done
        if act is not None:
            tapped = ctx.message.message_id if edits else None
            await telling.close_cards(ctx, of, self._schedule.zone, but=tapped)
            await telling.pass_on(ctx, of, act, self._schedule.zone)
        shown = await self._card(ctx, of)
        await (ctx.replace(shown) if edits else ctx.reply(shown))

    async def _show(self, ctx: Ctx, of: Case) -> None:
        await ctx.replace(await self._card(ctx, of))

    async def _card(self, ctx: Ctx, of: Case) -> Message:
        return texts.card(ctx._, of, self._schedule.zone, acts=await self._is_open(ctx, of))

    async def _is_open(self, ctx: Ctx, of: Case) -> bool:
        """Whether the acting person can do something about it now."""
        if rules.stage(of.waiver) is Stage.DONE or ctx.actor.member is None:
            return False
        me = ctx.actor.member.id
        return any(each.person.member.id == me for each in (await service.bench(ctx.session, of)).staff)
