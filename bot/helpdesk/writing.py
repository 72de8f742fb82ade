"""What the tools share that ask for a text: how they ask, and how one leaves."""

from collections.abc import Sequence

from telegram import InlineKeyboardButton

from bot.kit import dialogue
from bot.kit.buttons import Button
from bot.kit.dialogue import Dialogue
from bot.kit.i18n import Words
from bot.kit.messages import Message
from bot.kit.router import Router
from bot.roster import Ctx
from bot.roster.model import Actor


class Stop(Button, tag="hd.stop"):
    """Leaves what was being written."""


class Noting(Dialogue, tag="hd.noting"):
    """The next message is an internal note."""

    ticket: int


class Adapting(Dialogue, tag="hd.adapting"):
    """The next message is an answer, made from a canned reply."""

    ticket: int
    reply: int


_FOR_A_TICKET = {kind.tag: kind for kind in (Noting, Adapting)}


def register(router: Router[Actor]) -> None:
    router.button(Stop, _stop)


def stop_button(_: Words) -> list[InlineKeyboardButton]:
    return [Stop().labelled(_.plain("Leave it"))]


async def ask(ctx: Ctx, value: Dialogue, prompts: Sequence[Message]) -> None:
    """Asks for something to be written, in the person's private chat wherever the button was tapped. The prompts are no
    messages of a ticket: a reply to them is meant for us.
    """
    await ctx.expect(value)
    if ctx.chat.id == ctx.user.id:
        for prompt in prompts:
            await ctx.reply(prompt)
        return
    for number, prompt in enumerate(prompts):
        await ctx.out.send(ctx.user.id, prompt, key=ctx.key(f"prompt{number}"))
    ctx.answer(ctx._.plain("Let us go on in our own chat."))


async def is_meant_for_us(ctx: Ctx, ticket_id: int) -> bool:
    """Whether the person has been asked to write something about this very ticket: what they send as a reply to one of
    its messages is what they were asked for, and must not reach the member instead.
    """
    running = await dialogue.current(ctx.session, ctx.user.id, now=ctx.now)
    kind = None if running is None else _FOR_A_TICKET.get(running[0])
    value = None if kind is None or running is None else kind.decode(running[1])
    return value is not None and value.ticket == ticket_id


async def _stop(ctx: Ctx, _button: Stop) -> None:
    await ctx.end_dialogue()
    await ctx.replace(Message(ctx._("All right, I have left it as it was.")))
