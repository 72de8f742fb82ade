"""From what a member sends to a question for their secretary: the same for every room that lets them describe a
trouble.
"""

import dataclasses
from collections.abc import Sequence

from telegram import Message

from bot.helpdesk.model import Fact, Kind, Origin, Question
from bot.helpdesk.updates import content_of
from bot.kit import dialogue
from bot.kit.dialogue import Dialogue
from bot.kit.outbox import Queued
from bot.roster import Ctx


def described(message: Message, origin: Origin, facts: Sequence[Fact], *, silent: str) -> Question | None:
    """The question in a message of any kind; None for a kind that does not pass. `silent` stands for the words where
    there are none.
    """
    content = content_of(message)
    if content is None:
        return None
    files = () if content.kind is Kind.TEXT else (dataclasses.replace(content, text=""),)
    return Question(content.text or silent, origin, tuple(facts), files)


async def is_describing(ctx: Ctx, dialogue_kind: type[Dialogue]) -> bool:
    """Whether the person is in such a dialogue: a button under a message left from an earlier one hands over nothing."""
    running = await dialogue.current(ctx.session, ctx.user.id, now=ctx.now)
    return running is not None and running[0] == dialogue_kind.tag


async def end_asking(ctx: Ctx, asked: int) -> None:
    """What was asked for with the outgoing row `asked` has come: its buttons are used up."""
    await ctx.end_dialogue()
    await ctx.out.remove_keyboard(ctx.chat.id, Queued(asked), key=ctx.key("asked"))
