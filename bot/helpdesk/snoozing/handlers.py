"""From taps about putting a ticket aside to what becomes of it."""

from collections.abc import Sequence

from bot.helpdesk import delivery, staff_texts, texts, writing
from bot.helpdesk.model import State, Ticket
from bot.helpdesk.rules import Desk
from bot.helpdesk.snoozing import rules, service
from bot.helpdesk.snoozing import texts as wording
from bot.helpdesk.snoozing.buttons import Snooze, TypeDay, Until, UntilTheyWrite, Wake
from bot.helpdesk.snoozing.rules import Unfit
from bot.helpdesk.toolbox import Tool
from bot.kit.dialogue import Dialogue
from bot.kit.i18n import N_
from bot.kit.messages import Message
from bot.kit.router import Router
from bot.roster import Ctx
from bot.roster.model import Actor

TOOLS: Sequence[Tool] = (
    Tool(
        N_("Put aside"),
        Snooze,
        lambda ticket, me: ticket.state is not State.CLOSED and ticket.owner_id == me.member_id,
    ),
    Tool(
        N_("Go on with it now"),
        Wake,
        lambda ticket, me: ticket.snoozed_until is not None and ticket.owner_id == me.member_id,
    ),
)


class Typing(Dialogue, tag="hd.snzday"):
    """The next text is the day until which a ticket is put aside."""

    ticket: int


class Snoozing:
    def __init__(self, router: Router[Actor], desk: Desk) -> None:
        self._desk = desk
        router.button(Snooze, self.choose)
        router.button(Until, self.until)
        router.button(UntilTheyWrite, self.until_they_write)
        router.button(TypeDay, self.type_day)
        router.button(Wake, self.wake)
        router.dialogue(Typing, self.typed)

    async def choose(self, ctx: Ctx, button: Snooze) -> None:
        ticket = await service.owned(ctx, ctx.actor, button.ticket)
        schedule = await service.schedule_of(ctx, self._desk, ticket)
        name = await self._requester(ctx, ticket)
        offered = rules.offered(ctx.now, schedule)
        await ctx.replace(wording.choose(ctx._, ticket.id, name, offered, ctx.now, self._desk.zone))

    async def until(self, ctx: Ctx, button: Until) -> None:
        ticket = await service.owned(ctx, ctx.actor, button.ticket)
        if rules.check(button.until, ctx.now) is Unfit.PAST:
            await ctx.replace(wording.again(ctx._, ticket.id))
            return
        ticket = await service.snooze(ctx, self._desk, ctx.actor, button.ticket, button.until)
        await ctx.replace(await self._put_aside(ctx, ticket))
        await self._say_if_out_of_reach(ctx, ticket)

    async def until_they_write(self, ctx: Ctx, button: UntilTheyWrite) -> None:
        ticket = await service.await_reply(ctx, self._desk, ctx.actor, button.ticket)
        await ctx.replace(wording.awaiting(ctx._, ticket.id, await self._requester(ctx, ticket)))
        await self._say_if_out_of_reach(ctx, ticket)

    async def type_day(self, ctx: Ctx, button: TypeDay) -> None:
        ticket = await service.owned(ctx, ctx.actor, button.ticket)
        await writing.ask(ctx, Typing(ticket.id), [wording.ask_day(ctx._)])

    async def typed(self, ctx: Ctx, typing: Typing) -> None:
        ticket = await service.owned(ctx, ctx.actor, typing.ticket)
        schedule = await service.schedule_of(ctx, self._desk, ticket)
        until = rules.typed(ctx.message.text or "", ctx.now, schedule)
        if isinstance(until, Unfit):
            await ctx.reply(wording.unfit(ctx._, until))
            return
        ticket = await service.snooze(ctx, self._desk, ctx.actor, ticket.id, until)
        await ctx.end_dialogue()
        await ctx.reply(await self._put_aside(ctx, ticket))
        await self._say_if_out_of_reach(ctx, ticket)

    async def wake(self, ctx: Ctx, button: Wake) -> None:
        ticket = await service.wake(ctx, self._desk, ctx.actor, button.ticket)
        expected = texts.when(ctx._, ticket.deadline or ctx.now, ctx.now, self._desk.zone)
        await ctx.replace(wording.awake(ctx._, expected))

    async def _put_aside(self, ctx: Ctx, ticket: Ticket) -> Message:
        until = texts.when(ctx._, ticket.snoozed_until or ctx.now, ctx.now, self._desk.zone)
        return wording.put_aside(ctx._, ticket.id, await self._requester(ctx, ticket), until)

    @staticmethod
    async def _say_if_out_of_reach(ctx: Ctx, ticket: Ticket) -> None:
        requester = await delivery.requester_of(ctx.session, ticket)
        if await delivery.is_out_of_reach(ctx.session, requester):
            await ctx.reply(staff_texts.out_of_reach(ctx._, requester.member.name))

    @staticmethod
    async def _requester(ctx: Ctx, ticket: Ticket) -> str:
        return (await delivery.requester_of(ctx.session, ticket)).member.name
