"""From updates to canned replies."""

from collections.abc import Awaitable, Callable

from bot.helpdesk import staff_texts, writing
from bot.helpdesk.canned import buttons as b
from bot.helpdesk.canned import service, texts
from bot.helpdesk.errors import Unfit
from bot.helpdesk.rules import Desk
from bot.helpdesk.talking import Answered, Held, Outcome
from bot.helpdesk.updates import content_of
from bot.helpdesk.writing import Adapting
from bot.kit.messages import Message
from bot.kit.router import Router
from bot.roster import Ctx
from bot.roster.model import Actor

Acknowledge = Callable[[Ctx, Outcome], Awaitable[None]]
"""Tells the acting person what became of what they have said."""

AfterAnswer = Callable[[Ctx, Answered], Awaitable[Message]]
"""What one who has just answered is told."""


class Keeping:
    """`/replies`."""

    def __init__(self, router: Router[Actor]) -> None:
        router.button(b.Home, self._home)
        router.button(b.Shelf, self._shelf)
        router.button(b.Open, self._open)
        router.button(b.Add, self._add)
        router.button(b.Change, self._change)
        router.button(b.Retire, self._retire)
        router.button(b.Restore, self._restore)
        router.dialogue(b.Adding, self._added)
        router.dialogue(b.Changing, self._changed)

    async def home(self, ctx: Ctx) -> None:
        await ctx.reply(texts.home(ctx._, await service.shelves(ctx.session, ctx.actor)))

    async def _home(self, ctx: Ctx, _button: b.Home) -> None:
        await ctx.replace(texts.home(ctx._, await service.shelves(ctx.session, ctx.actor)))

    async def _shelf(self, ctx: Ctx, button: b.Shelf) -> None:
        page = await service.page(ctx.session, ctx.actor, button.unit, button.page)
        await ctx.replace(texts.shelf(ctx._, page))

    async def _open(self, ctx: Ctx, button: b.Open) -> None:
        await ctx.replace(await self._opened(ctx, button.reply))

    async def _add(self, ctx: Ctx, button: b.Add) -> None:
        kept = await service.require(ctx.session, ctx.actor, button.unit)
        await writing.ask(ctx, b.Adding(button.unit), [texts.ask_text(ctx._, kept)])

    async def _change(self, ctx: Ctx, button: b.Change) -> None:
        reply = await service.editable(ctx.session, ctx.actor, button.reply)
        await writing.ask(ctx, b.Changing(reply.id), texts.ask_change(ctx._, reply))

    async def _retire(self, ctx: Ctx, button: b.Retire) -> None:
        reply = await service.retire(ctx, ctx.actor, button.reply)
        await ctx.replace(texts.retired(ctx._, reply))

    async def _restore(self, ctx: Ctx, button: b.Restore) -> None:
        await service.restore(ctx, ctx.actor, button.reply)
        await ctx.replace(await self._opened(ctx, button.reply))

    async def _added(self, ctx: Ctx, adding: b.Adding) -> None:
        reply_id = await service.add(ctx, ctx.actor, adding.unit, ctx.message.text)
        await ctx.end_dialogue()
        await ctx.reply(await self._opened(ctx, reply_id, saved=True))

    async def _changed(self, ctx: Ctx, changing: b.Changing) -> None:
        await service.reword(ctx, ctx.actor, changing.reply, ctx.message.text)
        await ctx.end_dialogue()
        await ctx.reply(await self._opened(ctx, changing.reply, saved=True))

    @staticmethod
    async def _opened(ctx: Ctx, reply_id: int, *, saved: bool = False) -> Message:
        reply, kept = await service.opened(ctx.session, ctx.actor, reply_id)
        return texts.opened(ctx._, reply, kept, saved=saved)


class Sending:
    """A canned reply under a ticket."""

    def __init__(
        self, router: Router[Actor], desk: Desk, acknowledge: Acknowledge, after_answer: AfterAnswer
    ) -> None:
        self._desk = desk
        self._acknowledge = acknowledge
        self._after_answer = after_answer
        router.button(b.Choose, self._choose)
        router.button(b.Preview, self._preview)
        router.button(b.Send, self._send)
        router.button(b.Adapt, self._adapt)
        router.dialogue(Adapting, self._adapted)

    async def _choose(self, ctx: Ctx, button: b.Choose) -> None:
        found = await service.usable(ctx.session, ctx.languages, ctx.actor, button.ticket, button.page)
        await ctx.replace(texts.choose(ctx._, found, button.page))

    async def _preview(self, ctx: Ctx, button: b.Preview) -> None:
        text, requester = await self._filled(ctx, button.ticket, button.reply)
        await ctx.replace(texts.preview(ctx._, button.ticket, button.reply, text, requester))

    async def _send(self, ctx: Ctx, button: b.Send) -> None:
        outcome = await service.send(
            ctx,
            self._desk,
            ctx.actor,
            button.ticket,
            button.reply,
            chat_id=ctx.message.chat_id,
            message_id=ctx.message.message_id,
        )
        match outcome:
            case Answered():
                await ctx.replace(await self._after_answer(ctx, outcome))
            case Held(ticket, requester, claimed_by):
                await ctx.replace(staff_texts.held(ctx._, ticket.id, requester, claimed_by))
            case _:  # a second tap on the same button: it has gone
                pass

    async def _adapt(self, ctx: Ctx, button: b.Adapt) -> None:
        text, requester = await self._filled(ctx, button.ticket, button.reply)
        await writing.ask(
            ctx, Adapting(button.ticket, button.reply), texts.ask_adapted(ctx._, text, requester)
        )

    async def _adapted(self, ctx: Ctx, adapting: Adapting) -> None:
        content = content_of(ctx.message)
        if content is None:
            raise Unfit
        outcome = await service.send_adapted(
            ctx, self._desk, ctx.actor, adapting.ticket, adapting.reply, content
        )
        await ctx.end_dialogue()
        await self._acknowledge(ctx, outcome)

    @staticmethod
    async def _filled(ctx: Ctx, ticket_id: int, reply_id: int) -> tuple[str, str]:
        return await service.filled(ctx.session, ctx.languages, ctx.actor, ticket_id, reply_id)
