"""From updates to the helpdesk and back."""

from collections.abc import Awaitable, Callable, Sequence

from telegram import InlineKeyboardMarkup

from bot.helpdesk import (
    asking,
    closing,
    delivery,
    listing,
    people,
    staff_texts,
    store,
    talking,
    teaching,
    texts,
    thread,
)
from bot.helpdesk.asking import Joined
from bot.helpdesk.buttons import Close, Drop, More, Page, Rate, Reopen, SendNow, Shelf, Show, Solved
from bot.helpdesk.errors import Unfit
from bot.helpdesk.model import Content, Kind, Question, Ticket
from bot.helpdesk.rules import Desk
from bot.helpdesk.talking import Again, Answered, Held, Outcome, PassedOn
from bot.helpdesk.teaching import Learn
from bot.helpdesk.updates import content_of
from bot.kit.messages import Message
from bot.kit.outbox import Delivered, Target, Urgency
from bot.roster import Ctx

Titles = Callable[[Ctx, Sequence[str]], Awaitable[Sequence[tuple[str, str]]]]
"""The ids and titles of those FAQ entries that the actor may see."""

Claim = Callable[[Ctx], Awaitable[bool]]

_OUT_OF_THE_BLUE = frozenset(Kind) - {Kind.TEXT, Kind.STICKER}
"""A sticker that stands alone is a greeting, not a question."""


Judgement = Callable[[str], bool]
"""Of a member's text."""
"""Whether a text is a greeting, a thank-you or an "all right", and nothing else."""


class Helpdesk:
    """What the rooms to the right, and the app, have of the helpdesk."""

    def __init__(
        self, desk: Desk, titles: Titles, learn: Learn, courtesy: Judgement, elsewhere: Judgement
    ) -> None:
        self._desk = desk
        self._titles = titles
        self._learn = learn
        self._courtesy = courtesy
        self._elsewhere = elsewhere

    async def offer(self, ctx: Ctx, text: str, shown_entries: Sequence[str]) -> None:
        """Offers to pass the question on to the member's own staff, and gathers what they add meanwhile; it goes by
        itself when the gathering time is over. `shown_entries` are the FAQ entries that did not help.
        """
        source = None if ctx.update.message is None else content_of(ctx.update.message)
        if source is None or source.text.strip() != text.strip():
            # It was asked earlier; a button or another step has brought us here.
            source = Content(Kind.TEXT, text, None, None)
        await self._offer(ctx, source, shown_entries)

    async def open(
        self, ctx: Ctx, question: Question, *, keyboard: InlineKeyboardMarkup | None = None
    ) -> None:
        """Opens a ticket at once and tells the member whose it is and by when they answer. `keyboard`: buttons of the
        room that hands over, under what the member is told.
        """
        if ctx.actor.member is None:
            await ctx.reply(texts.unbound(ctx._))
            return
        await asking.open_at_once(ctx, self._desk, ctx.actor.member, question, keyboard)

    @property
    def claims(self) -> Sequence[Claim]:
        """To be registered with `router.message` in this order, before a room that takes any text."""
        return (self.claim_stray_reply, self.claim_gathered, self.claim_conversation, self.claim_media)

    async def claim_reply(self, ctx: Ctx) -> bool:
        """A reply to a message of a ticket, or a further picture of an album that joined one."""
        message = ctx.message
        content = content_of(message)
        if content is not None and _is_command(content):
            return False
        replied = message.reply_to_message
        place = None
        if replied is not None:
            place = await thread.place_of(ctx.session, ctx.chat.id, replied.message_id)
        if place is None and message.media_group_id is not None:
            place = await thread.place_of_album(ctx.session, ctx.chat.id, message.media_group_id)
        if place is None:
            return False
        if content is None:
            raise Unfit
        courteous = self._is_courteous(content)
        outcome = await talking.say(ctx, self._desk, ctx.actor, place, content, courteous=courteous)
        if outcome is Again.LONG_CLOSED and courteous:
            return False
        if outcome is Again.LONG_CLOSED:
            await self._offer(ctx, content, (), unasked=True)
        else:
            await self._acknowledge(ctx, outcome)
        return True

    async def claim_stray_reply(self, ctx: Ctx) -> bool:
        """What staff send as a reply to a message that is of no ticket: it would reach nobody."""
        replied, content = ctx.message.reply_to_message, content_of(ctx.message)
        to_us = replied is not None and replied.from_user is not None and replied.from_user.is_bot
        if not to_us or not ctx.actor.is_staff or (content is not None and _is_command(content)):
            return False
        await ctx.reply(staff_texts.no_ticket(ctx._), reply_to=Delivered(ctx.message.message_id))
        return True

    async def claim_gathered(self, ctx: Ctx) -> bool:
        """What a member sends while their question is about to be passed on."""
        content = content_of(ctx.message)
        if ctx.actor.member is None or content is None or _is_command(content):
            return False
        ticket = await store.gathering(ctx.session, ctx.actor.member.id)
        if ticket is None or self._is_courteous(content):
            return False
        await self._acknowledge(ctx, await asking.join(ctx, ticket, ctx.actor.member, content))
        return True

    async def claim_conversation(self, ctx: Ctx) -> bool:
        """What a member simply types soon after an answer, unless it is plainly about something else."""
        content = content_of(ctx.message)
        if ctx.actor.member is None or content is None or _is_command(content):
            return False
        ticket = await store.listening(ctx.session, ctx.actor.member.id, now=ctx.now)
        if ticket is None or (content.kind is Kind.TEXT and self._elsewhere(content.text)):
            return False
        courteous = self._is_courteous(content)
        outcome = await talking.follow_up(
            ctx, self._desk, ctx.actor.member, ticket, content, courteous=courteous
        )
        await self._acknowledge(ctx, outcome)
        return True

    async def claim_media(self, ctx: Ctx) -> bool:
        """A screenshot or another file out of the blue."""
        content = content_of(ctx.message)
        if content is None or content.kind not in _OUT_OF_THE_BLUE:
            return False
        await self._offer(ctx, content, (), unasked=True)
        return True

    async def edited(self, ctx: Ctx) -> None:
        content = content_of(ctx.message)
        if content is not None and content.message_id is not None:
            await talking.edit(
                ctx,
                self._desk,
                ctx.actor,
                ctx.chat.id,
                content.message_id,
                content.text,
                key=ctx.key("edit"),
            )

    async def send_now(self, ctx: Ctx, button: SendNow) -> None:
        await asking.send_now(ctx, self._desk, ctx.actor, button.ticket)

    async def drop(self, ctx: Ctx, button: Drop) -> None:
        await asking.drop(ctx, ctx.actor, button.ticket)
        await ctx.replace(texts.dropped(ctx._))

    async def close(self, ctx: Ctx, button: Close) -> None:
        closed = await closing.close(ctx, ctx.actor, button.ticket, button.reason)
        await ctx.reply(
            staff_texts.out_of_reach(ctx._, closed.requester)
            if closed.unreachable
            else staff_texts.closed(ctx._, closed.requester)
        )

    async def solved(self, ctx: Ctx, button: Solved) -> None:
        ticket = await closing.solve(ctx, ctx.actor, button.ticket)
        await self._note(ctx, ticket, texts.solved(ctx._, ticket.id))

    async def more(self, ctx: Ctx, button: More) -> None:
        owner = await closing.need_more(ctx, self._desk, ctx.actor, button.ticket)
        await ctx.reply(texts.tell_more(ctx._, owner))

    async def reopen(self, ctx: Ctx, button: Reopen) -> None:
        answered = await talking.reopen_and_send(ctx, self._desk, ctx.actor, button.ticket)
        await ctx.replace(await self._answered(ctx, answered))

    async def rate(self, ctx: Ctx, button: Rate) -> None:
        await closing.rate(ctx, ctx.actor, button.ticket, button.rating)
        await ctx.reply(texts.rated(ctx._, button.rating))

    async def tickets(self, ctx: Ctx) -> None:
        if ctx.actor.member is None:
            await ctx.reply(texts.unbound(ctx._))
            return
        shelf = Shelf.INBOX if ctx.actor.is_staff else Shelf.OWN
        await ctx.reply(await listing.page(ctx, self._desk, ctx.actor.member, shelf, 0, ctx._))

    async def turn_page(self, ctx: Ctx, button: Page) -> None:
        member = people.bound(ctx.actor)
        await ctx.replace(await listing.page(ctx, self._desk, member, button.shelf, button.page, ctx._))

    async def show(self, ctx: Ctx, button: Show) -> None:
        """For the requester its history, for the staff its card."""
        await listing.show(ctx, self._desk, ctx.actor, button.ticket, key=ctx.key("show"))

    async def _offer(
        self, ctx: Ctx, content: Content, shown: Sequence[str], *, unasked: bool = False
    ) -> None:
        member = ctx.actor.member
        if member is None:
            await ctx.reply(texts.unbound(ctx._))
            return
        facts = []
        if shown and (titles := await self._titles(ctx, shown)):
            facts.append(texts.seen_entries(ctx.languages[None], [title for _, title in titles]))
        begun = await asking.offer(ctx, self._desk, member, content, shown=shown, facts=facts)
        if isinstance(begun, Joined):
            await ctx.reply(texts.joined(ctx._))
            return
        message = await asking.offering(ctx, self._desk, begun, ctx.actor.language, unasked=unasked)
        await asking.put_offer(ctx, begun, ctx.actor.account_id, message)

    async def _acknowledge(self, ctx: Ctx, outcome: Outcome) -> None:
        under = None if ctx.update.message is None else Delivered(ctx.update.message.message_id)
        match outcome:
            case Joined(first=True):
                await ctx.reply(texts.joined(ctx._), reply_to=under)
            case PassedOn(owner):
                await ctx.reply(texts.passed_on(ctx._, owner), reply_to=under)
            case Answered(ticket):
                await self._note(ctx, ticket, await self._answered(ctx, outcome), reply_to=under)
            case Held(ticket, requester):
                message = staff_texts.held(ctx._, ticket.id, requester)
                await self._note(ctx, ticket, message, reply_to=under)
            case _:
                pass

    async def _answered(self, ctx: Ctx, answered: Answered) -> Message:
        learning = await teaching.teach(ctx, self._learn, answered.ticket)
        return staff_texts.answered(
            ctx._, answered.ticket.id, answered.requester, learning, unreachable=answered.unreachable
        )

    @staticmethod
    async def _note(ctx: Ctx, ticket: Ticket, message: Message, *, reply_to: Target | None = None) -> None:
        """An answer about the ticket to the acting person."""
        await delivery.note(
            ctx,
            ticket,
            ctx.chat.id,
            message,
            key=ctx.key("note"),
            reply_to=reply_to,
            urgency=Urgency.INTERACTIVE,
        )

    def _is_courteous(self, content: Content) -> bool:
        if content.kind is Kind.STICKER:
            return True
        return content.kind is Kind.TEXT and self._courtesy(content.text)


def _is_command(content: Content) -> bool:
    return content.kind is Kind.TEXT and content.text.startswith("/")
