"""The walk-through in the chat."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TypeAlias

from telegram import InlineKeyboardButton

from bot.faq import Faq
from bot.faq.model import Step
from bot.helpdesk import Helpdesk
from bot.helpdesk.model import Fact, Origin, Question
from bot.kit.i18n import DEFAULT_LANGUAGE
from bot.kit.messages import Message
from bot.kit.outbox import Delivered
from bot.onboarding import service, texts
from bot.onboarding.buttons import (
    AskPhone,
    Back,
    Continue,
    Describing,
    Done,
    HandOver,
    HowToAsk,
    Later,
    NoneFits,
    NotNow,
    NotSolved,
    PickPhone,
    Restart,
    Resume,
    Show,
    Stuck,
    Try,
)
from bot.onboarding.errors import NotOnRoster
from bot.onboarding.guide import Guide
from bot.onboarding.handing import described, end_asking, is_describing
from bot.onboarding.service import Position, Trouble
from bot.roster import Ctx

Extra: TypeAlias = Callable[[Ctx], Awaitable[Sequence[InlineKeyboardButton]]]
"""Buttons that rooms to the right put under the home message."""


class Onboarding:
    def __init__(self, guide: Guide, faq: Faq, helpdesk: Helpdesk, extra: Extra) -> None:
        self._guide = guide
        self._faq = faq
        self._helpdesk = helpdesk
        self._extra = extra

    async def home(self, ctx: Ctx) -> None:
        """What a bound person can do next."""
        if ctx.actor.member is None:
            raise NotOnRoster
        position = await service.position(ctx.session, self._guide, ctx.actor)
        waiting = await service.questions_waiting(ctx, ctx.actor)
        await ctx.reply(texts.home(ctx._, ctx.actor.member.name, position, waiting, await self._extra(ctx)))

    async def begin(self, ctx: Ctx) -> None:
        """The walk-through where the person left it; for a beginner, the choice of the phone."""
        position = await service.position(ctx.session, self._guide, ctx.actor)
        if position is None:
            await ctx.reply(texts.ask_phone(ctx._))
        else:
            await ctx.reply(self._card(ctx, position))

    async def ask_phone(self, ctx: Ctx, _button: AskPhone) -> None:
        await ctx.replace(texts.ask_phone(ctx._))

    async def pick_phone(self, ctx: Ctx, button: PickPhone) -> None:
        await self._show(ctx, await service.choose_phone(ctx, self._guide, ctx.actor, button.phone))

    async def go_on(self, ctx: Ctx, _button: Continue) -> None:
        position = await service.position(ctx.session, self._guide, ctx.actor)
        if position is None:
            await ctx.replace(texts.ask_phone(ctx._))
        else:
            await self._show(ctx, position)

    async def restart(self, ctx: Ctx, _button: Restart) -> None:
        await self._show(ctx, await service.restart(ctx, self._guide, ctx.actor))

    async def done(self, ctx: Ctx, button: Done) -> None:
        position = await service.finish_step(ctx, self._guide, ctx.actor, button.step)
        if position.is_finished:
            await ctx.end_dialogue()
            await ctx.replace(texts.finished(ctx._, position.card.phone, await self._extra(ctx)))
        else:
            await self._show(ctx, position)

    async def back(self, ctx: Ctx, button: Back) -> None:
        await self._show(ctx, await service.go_back(ctx, self._guide, ctx.actor, button.step))

    async def show(self, ctx: Ctx, button: Show) -> None:
        await self._show(ctx, await service.look(ctx, self._guide, ctx.actor, button.step))

    async def stuck(self, ctx: Ctx, button: Stuck) -> None:
        card = await service.get_stuck(ctx, self._guide, ctx.actor, button.step)
        offers = await self._offered(ctx, card.step)
        if offers:
            await ctx.replace(texts.stuck(ctx._, card, offers))
        else:
            await self._ask_to_describe(ctx, button.step)

    async def try_entry(self, ctx: Ctx, button: Try) -> None:
        entry_id = await service.try_entry(
            ctx, self._guide, ctx.actor, button.step, button.entry, partial(self._offered, ctx)
        )
        position = await service.position(ctx.session, self._guide, ctx.actor)
        phone = None if position is None else position.card.phone
        await self._faq.show(ctx, entry_id, keyboard=texts.under_entry(ctx._, button.step), phone=phone)

    async def _offered(self, ctx: Ctx, step: Step) -> Sequence[tuple[str, str]]:
        return await self._faq.for_step(ctx, step.id, step.entries)

    async def none_fits(self, ctx: Ctx, button: NoneFits) -> None:
        await self._ask_to_describe(ctx, button.step)

    async def not_solved(self, ctx: Ctx, button: NotSolved) -> None:
        await self._take_buttons_away(ctx)
        await self._ask_to_describe(ctx, button.step)

    async def hand_over(self, ctx: Ctx, button: HandOver) -> None:
        if not await is_describing(ctx, Describing):
            await self._show(ctx, await service.look(ctx, self._guide, ctx.actor, button.step))
            return
        trouble = await service.trouble(ctx, self._guide, ctx.actor, button.step)
        question = Question(self._silent(ctx, trouble), Origin.WALKTHROUGH, await self._facts(ctx, trouble))
        await ctx.end_dialogue()
        await self._take_buttons_away(ctx)
        await self._helpdesk.open(ctx, question, keyboard=texts.back_to_step(ctx._, trouble.card))

    async def resume(self, ctx: Ctx, button: Resume) -> None:
        await self._take_buttons_away(ctx)
        await ctx.end_dialogue()
        await ctx.reply(self._card(ctx, await service.look(ctx, self._guide, ctx.actor, button.step)))

    async def not_now(self, ctx: Ctx, button: NotNow) -> None:
        await self._show(ctx, await service.look(ctx, self._guide, ctx.actor, button.step))

    async def describe(self, ctx: Ctx, dialogue: Describing) -> None:
        trouble = await service.trouble(ctx, self._guide, ctx.actor, dialogue.step)
        facts = await self._facts(ctx, trouble)
        question = described(ctx.message, Origin.WALKTHROUGH, facts, silent=self._silent(ctx, trouble))
        await end_asking(ctx, dialogue.asked)
        if question is None:
            await self._ask_to_describe(ctx, dialogue.step)
            return
        await self._helpdesk.open(ctx, question, keyboard=texts.back_to_step(ctx._, trouble.card))

    async def how_to_ask(self, ctx: Ctx, _button: HowToAsk) -> None:
        await ctx.reply(texts.how_to_ask(ctx._))

    async def later(self, ctx: Ctx, _button: Later) -> None:
        await ctx.replace(texts.later(ctx._))

    async def _ask_to_describe(self, ctx: Ctx, step: int) -> None:
        trouble = await service.trouble(ctx, self._guide, ctx.actor, step)
        asked = await ctx.reply(texts.describe(ctx._, trouble.card))
        await ctx.expect(Describing(step, asked))

    @staticmethod
    async def _take_buttons_away(ctx: Ctx) -> None:
        await ctx.out.remove_keyboard(ctx.chat.id, Delivered(ctx.message.message_id), key=ctx.key("used up"))

    async def _show(self, ctx: Ctx, position: Position) -> None:
        # Whoever taps on in the walk-through is no longer describing anything.
        await ctx.end_dialogue()
        await ctx.replace(self._card(ctx, position))

    def _card(self, ctx: Ctx, position: Position) -> Message:
        step = position.card.step
        return texts.card(ctx._, position, self._faq.render(step.body, step.language))

    async def _facts(self, ctx: Ctx, trouble: Trouble) -> tuple[Fact, ...]:
        titles = await self._faq.titles(ctx, trouble.tried)
        return texts.facts(ctx.languages[DEFAULT_LANGUAGE], trouble.card, [title for _, title in titles])

    def _silent(self, ctx: Ctx, trouble: Trouble) -> str:
        return texts.silent_question(ctx.languages[DEFAULT_LANGUAGE], trouble.card)
