"""The calculator in the chat. Nothing is written down: the reply that names the income is not kept once it has left."""

from bot.dues.calculating import spoken, texts
from bot.dues.calculating.buttons import AllIncomes, AwaitingBase, PickIncome, Reckon, StopReckoning
from bot.dues.reading import Unreadable
from bot.dues.reckoning import NEEDS_BASE, income_of
from bot.kit.outbox import Delivered
from bot.roster import Ctx


async def begin(ctx: Ctx, _button: Reckon) -> None:
    """Offers what the roster says first."""
    member = ctx.actor.member
    likely = None if member is None else income_of(member.category)
    await ctx.reply(texts.ask_income(ctx._) if likely is None else texts.offer_income(ctx._, likely))


async def show_all(ctx: Ctx, _button: AllIncomes) -> None:
    await ctx.replace(texts.ask_income(ctx._))


async def pick(ctx: Ctx, button: PickIncome) -> None:
    if button.income in NEEDS_BASE:
        await ctx.expect(AwaitingBase(button.income, ctx.message.message_id))
        await ctx.replace(texts.ask_base(ctx._, button.income))
    else:
        await ctx.end_dialogue()
        await ctx.replace(texts.reckoned(ctx._, button.income, None))


async def stop(ctx: Ctx, _button: StopReckoning) -> None:
    await ctx.end_dialogue()
    await ctx.replace(texts.stopped(ctx._))


async def take_base(ctx: Ctx, dialogue: AwaitingBase) -> None:
    try:
        base = spoken.fen(ctx.message.text or "")
    except Unreadable:
        await ctx.reply(texts.no_amount(ctx._))
        return
    await ctx.end_dialogue()
    await ctx.out.remove_keyboard(ctx.chat.id, Delivered(dialogue.asked), key=ctx.key("asked"))
    await ctx.reply(texts.reckoned(ctx._, dialogue.income, base), fleeting=True)
