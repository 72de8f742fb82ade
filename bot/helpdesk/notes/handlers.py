"""From a tap to an internal note."""

from bot.helpdesk import delivery, staff_texts, writing
from bot.helpdesk.errors import Unfit
from bot.helpdesk.notes import service, texts
from bot.helpdesk.notes.buttons import WriteNote
from bot.helpdesk.rules import Desk
from bot.helpdesk.updates import content_of
from bot.helpdesk.writing import Noting
from bot.kit.outbox import Delivered, Urgency
from bot.roster import Ctx


class Notes:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def ask(self, ctx: Ctx, button: WriteNote) -> None:
        desired = await service.of_ticket(ctx.session, ctx.actor, button.ticket)
        await writing.ask(ctx, Noting(button.ticket), [texts.ask(ctx._, desired.requester)])

    async def written(self, ctx: Ctx, noting: Noting) -> None:
        content = content_of(ctx.message)
        if content is None:
            raise Unfit
        desired = await service.write(ctx, self._desk, ctx.actor, noting.ticket, content)
        await ctx.end_dialogue()
        await delivery.note(
            ctx,
            desired.ticket,
            ctx.chat.id,
            staff_texts.noted(ctx._, desired.requester),
            key=ctx.key("noted"),
            reply_to=Delivered(ctx.message.message_id),
            urgency=Urgency.INTERACTIVE,
        )
