"""From taps around a ticket's end to what becomes of them."""

from collections.abc import Sequence

from bot.helpdesk import closing, delivery, people, staff_texts, store, teaching, writing
from bot.helpdesk.buttons import Close, Rate, Solved
from bot.helpdesk.ending import texts
from bot.helpdesk.ending.buttons import Reasons, Say
from bot.helpdesk.errors import AlreadyClosed
from bot.helpdesk.model import CloseReason, State, Ticket
from bot.helpdesk.teaching import Finish
from bot.helpdesk.toolbox import Tool
from bot.kit.dialogue import Dialogue
from bot.kit.i18n import N_
from bot.kit.outbox import Urgency
from bot.kit.router import Router
from bot.roster import Ctx
from bot.roster import store as roster
from bot.roster.model import Actor

_LEARNT_FROM = frozenset({CloseReason.DONE, CloseReason.PHONED})

TOOLS: Sequence[Tool] = (
    Tool(N_("Close because …"), Reasons, lambda ticket, _: ticket.state is not State.CLOSED),
)


class Saying(Dialogue, tag="hd.saying"):
    """The next text goes with a rating."""

    ticket: int


class Ending:
    def __init__(self, router: Router[Actor], finish: Finish) -> None:
        self._finish = finish
        router.button(Close, self.close)
        router.button(Reasons, self.reasons)
        router.button(Solved, self.solved)
        router.button(Rate, self.rate)
        router.button(Say, self.say)
        router.dialogue(Saying, self.said)

    async def close(self, ctx: Ctx, button: Close) -> None:
        closed = await closing.close(ctx, ctx.actor, button.ticket, button.reason)
        await ctx.reply(
            staff_texts.out_of_reach(ctx._, closed.requester)
            if closed.unreachable
            else staff_texts.closed(ctx._, closed.requester)
        )
        if button.reason in _LEARNT_FROM:
            await self._offer_to_the_faq(ctx, closed.ticket, ctx.actor)

    async def reasons(self, ctx: Ctx, button: Reasons) -> None:
        ticket = await store.existing(ctx.session, button.ticket)
        await people.as_staff(ctx.session, ctx.actor, ticket)
        if ticket.state is State.CLOSED:
            raise AlreadyClosed
        requester = await delivery.requester_of(ctx.session, ticket)
        await ctx.replace(texts.reasons(ctx._, ticket.id, requester.member.name))

    async def solved(self, ctx: Ctx, button: Solved) -> None:
        ticket = await closing.solve(ctx, ctx.actor, button.ticket)
        message = texts.solved(ctx._, ticket.id)
        await delivery.note(
            ctx, ticket, ctx.chat.id, message, key=ctx.key("note"), urgency=Urgency.INTERACTIVE
        )
        owner = await people.owner(ctx.session, ticket)
        if owner is not None and owner.account_id is not None:
            language = ctx.languages[owner.language].language
            actor = await roster.actor(ctx.session, owner.account_id, language)
            if actor is not None:
                await self._offer_to_the_faq(ctx, ticket, actor)

    async def rate(self, ctx: Ctx, button: Rate) -> None:
        ticket, owner = await closing.rate(ctx, ctx.actor, button.ticket, button.rating)
        message = texts.rated(ctx._, ticket.id, button.rating, owner)
        await delivery.note(
            ctx, ticket, ctx.chat.id, message, key=ctx.key("note"), urgency=Urgency.INTERACTIVE
        )

    async def say(self, ctx: Ctx, button: Say) -> None:
        ticket, owner = await closing.rated_ticket(ctx, ctx.actor, button.ticket)
        await writing.ask(ctx, Saying(ticket.id), [texts.ask_words(ctx._, owner)])

    async def said(self, ctx: Ctx, saying: Saying) -> None:
        words = (ctx.message.text or "").strip()
        if not 0 < len(words) <= texts.WORDS_LIMIT:
            await ctx.reply(texts.words_wanted(ctx._))
            return
        owner = await closing.add_words(ctx, ctx.actor, saying.ticket, words)
        await ctx.end_dialogue()
        await ctx.reply(texts.words_kept(ctx._, owner))

    async def _offer_to_the_faq(self, ctx: Ctx, ticket: Ticket, actor: Actor) -> None:
        """To somebody of the staff, in their own chat: what they answered becomes an answer for everybody."""
        lines = await teaching.finish(ctx, self._finish, ticket, actor)
        if lines:
            message = texts.to_the_faq(ctx.languages[actor.language], ticket.question, lines)
            await ctx.out.send(actor.account_id, message, key=ctx.key("faq"), urgency=Urgency.TICKET)
