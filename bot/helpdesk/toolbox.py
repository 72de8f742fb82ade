"""What else can be done with a ticket: each tool is a button in one menu under the ticket's card."""

import dataclasses
from collections.abc import Callable, Sequence

from telegram import InlineKeyboardButton

from bot.helpdesk import delivery, people, staff_texts, store
from bot.helpdesk.buttons import Tools
from bot.helpdesk.model import Holder, Ticket
from bot.kit.buttons import Button
from bot.kit.outbox import Urgency
from bot.roster import Ctx


@dataclasses.dataclass(frozen=True, slots=True)
class Tool:
    """One more thing that staff may do with a ticket."""

    label: str
    """A msgid; at most eight characters in Chinese, two buttons stand side by side."""
    button: Callable[[int], Button]
    """For the ticket with this id."""
    fits: Callable[[Ticket, Holder], bool]
    """Whether it is offered to this person for this ticket. What they may do is decided by the service behind it."""


class Toolbox:
    def __init__(self, tools: Sequence[Tool]) -> None:
        self._tools = tools

    async def open(self, ctx: Ctx, button: Tools) -> None:
        """All that fits the ticket, under its card."""
        ticket = await store.existing(ctx.session, button.ticket)
        me = await people.as_staff(ctx.session, ctx.actor, ticket)
        requester = await delivery.requester_of(ctx.session, ticket)
        buttons: list[InlineKeyboardButton] = [
            tool.button(ticket.id).labelled(ctx._.plain(tool.label))
            for tool in self._tools
            if tool.fits(ticket, me)
        ]
        message = staff_texts.toolbox(ctx._, requester.member.name, buttons)
        await delivery.note(
            ctx, ticket, ctx.chat.id, message, key=ctx.key("tools"), urgency=Urgency.INTERACTIVE
        )
