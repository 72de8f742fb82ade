"""From a member's taps under their own tickets to what becomes of them."""

from collections.abc import Awaitable, Callable

from bot.helpdesk import asking, closing, delivery, people, writing
from bot.helpdesk.buttons import More
from bot.helpdesk.ending import texts as ending_texts
from bot.helpdesk.errors import Unfit
from bot.helpdesk.model import Content, Ticket
from bot.helpdesk.own import service, texts
from bot.helpdesk.own.buttons import Add, GoesOn, Withdraw
from bot.helpdesk.rules import Desk
from bot.helpdesk.texts import when
from bot.helpdesk.thread import Place
from bot.helpdesk.updates import content_of
from bot.kit.dialogue import Dialogue
from bot.kit.messages import Message
from bot.kit.outbox import Urgency
from bot.kit.router import Router
from bot.roster import Ctx
from bot.roster.model import Actor

Say = Callable[[Ctx, Place, Content], Awaitable[bool]]
"""Takes what somebody said to a ticket."""


class AskingOn(Dialogue, tag="hd.askon"):
    """The next message asks on about a ticket that ended long ago."""

    ticket: int


class Own:
    def __init__(self, router: Router[Actor], desk: Desk, say: Say) -> None:
        self._desk = desk
        self._say = say
        router.button(More, self.more)
        router.button(Add, self.add)
        router.button(GoesOn, self.goes_on)
        router.button(Withdraw, self.withdraw)
        router.dialogue(AskingOn, self.asked_on)

    async def more(self, ctx: Ctx, button: More) -> None:
        wanted = await closing.need_more(ctx, self._desk, ctx.actor, button.ticket)
        if wanted.anew:
            prompt = texts.ask_anew(ctx._, wanted.ticket, self._desk.zone)
            await writing.ask(ctx, AskingOn(wanted.ticket.id), [prompt])
            return
        deadline = wanted.ticket.deadline
        expected = None if deadline is None else when(ctx._, deadline, ctx.now, self._desk.zone)
        await self._note(ctx, wanted.ticket, ending_texts.tell_more(ctx._, wanted.owner, expected))

    async def asked_on(self, ctx: Ctx, running: AskingOn) -> None:
        content = content_of(ctx.message)
        if content is None:
            raise Unfit
        await service.must_be_own(ctx, ctx.actor, running.ticket)
        await ctx.end_dialogue()
        await self._say(ctx, Place(running.ticket, None), content)

    async def add(self, ctx: Ctx, button: Add) -> None:
        ticket, owner = await service.add(ctx, ctx.actor, button.ticket)
        await self._note(ctx, ticket, texts.add(ctx._, owner))

    async def goes_on(self, ctx: Ctx, button: GoesOn) -> None:
        earlier = await asking.go_on_with(ctx, self._desk, ctx.actor, button.ticket, button.earlier)
        owner = await people.owner(ctx.session, earlier)
        await ctx.replace(texts.went_on(ctx._, earlier, owner, ctx.now, self._desk.zone))

    async def withdraw(self, ctx: Ctx, button: Withdraw) -> None:
        ticket, owner = await service.withdraw(ctx, ctx.actor, button.ticket)
        await self._note(ctx, ticket, texts.withdrawn(ctx._, ticket.id, owner))

    @staticmethod
    async def _note(ctx: Ctx, ticket: Ticket, message: Message) -> None:
        """A word about the ticket, which can be replied to."""
        await delivery.note(
            ctx, ticket, ctx.chat.id, message, key=ctx.key("own"), urgency=Urgency.INTERACTIVE
        )
