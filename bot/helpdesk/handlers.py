"""From updates to the helpdesk and back."""

from collections.abc import Awaitable, Callable, Sequence

from telegram import InlineKeyboardMarkup

from bot.helpdesk import (
    asking,
    delivery,
    listing,
    mirroring,
    people,
    relay_texts,
    staff_texts,
    store,
    talking,
    teaching,
    texts,
    thread,
    writing,
)
from bot.helpdesk.asking import Joined
from bot.helpdesk.buttons import (
    Drop,
    Page,
    Reopen,
    SendAnyway,
    SendNow,
    Show,
    Withhold,
)
from bot.helpdesk.errors import Unfit
from bot.helpdesk.flooding.service import Slowed
from bot.helpdesk.model import Content, Kind, Question, Ticket
from bot.helpdesk.own import service as own
from bot.helpdesk.rules import Desk
from bot.helpdesk.similar import service as similar
from bot.helpdesk.similar import texts as similar_texts
from bot.helpdesk.talking import Again, Answered, Held, Noted, Outcome, PassedOn
from bot.helpdesk.teaching import Learn
from bot.helpdesk.thread import Place
from bot.helpdesk.updates import content_of, media_of, reaction_of
from bot.kit.clock import HOUR
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
        if place is None or await writing.is_meant_for_us(ctx, place.ticket_id):
            return False
        if content is None:
            raise Unfit
        return await self.say(ctx, place, content)

    async def say(self, ctx: Ctx, place: Place, content: Content) -> bool:
        """Takes what somebody says to a ticket; False for a mere courtesy to one that ended long ago."""
        courteous = self._is_courteous(content)
        outcome = await talking.say(ctx, self._desk, ctx.actor, place, content, courteous=courteous)
        if outcome is Again.LONG_CLOSED and courteous:
            return False
        if outcome is Again.LONG_CLOSED:
            await self._offer(ctx, content, (), unasked=True, follows=place.ticket_id)
        else:
            await self.acknowledge(ctx, outcome)
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
        await self.acknowledge(ctx, await asking.join(ctx, ticket, ctx.actor.member, content))
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
        await self.acknowledge(ctx, outcome)
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
        if content is not None:
            media = media_of(ctx.message, content.kind)
            await mirroring.edit(ctx, self._desk, ctx.actor, content, media, key=ctx.key("edit"))

    async def reacted(self, ctx: Ctx) -> None:
        reaction = reaction_of(ctx.update)
        if reaction is not None:
            message_id, emoji = reaction
            await mirroring.react(ctx, ctx.actor, ctx.chat.id, message_id, emoji, key=ctx.key("reaction"))

    async def send_now(self, ctx: Ctx, button: SendNow) -> None:
        await asking.send_now(ctx, self._desk, ctx.actor, button.ticket)

    async def drop(self, ctx: Ctx, button: Drop) -> None:
        await asking.drop(ctx, ctx.actor, button.ticket)
        await ctx.replace(texts.dropped(ctx._))

    async def reopen(self, ctx: Ctx, button: Reopen) -> None:
        answered = await talking.reopen_and_send(ctx, self._desk, ctx.actor, button.ticket)
        await ctx.replace(await self.after_answer(ctx, answered))

    async def send_anyway(self, ctx: Ctx, button: SendAnyway) -> None:
        sent = await talking.send_anyway(ctx, self._desk, ctx.actor, button.ticket)
        if isinstance(sent, Held):
            await ctx.replace(staff_texts.held(ctx._, button.ticket, sent.requester, None))
        else:
            await ctx.replace(await self.after_answer(ctx, sent))

    async def withhold(self, ctx: Ctx, button: Withhold) -> None:
        await talking.withhold(ctx, ctx.actor, button.ticket)
        await ctx.replace(staff_texts.withheld(ctx._))

    async def tickets(self, ctx: Ctx) -> None:
        """What somebody has asked themselves."""
        if ctx.actor.member is None:
            await ctx.reply(texts.unbound(ctx._))
            return
        await ctx.reply(await own.page(ctx, self._desk, ctx.actor.member, 0, ctx._))

    async def turn_page(self, ctx: Ctx, button: Page) -> None:
        member = people.bound(ctx.actor)
        await ctx.replace(await own.page(ctx, self._desk, member, button.page, ctx._))

    async def show(self, ctx: Ctx, button: Show) -> None:
        """For the requester its history, for the staff its card."""
        await listing.show(ctx, self._desk, ctx.actor, button.ticket, key=ctx.key("show"))

    async def _offer(
        self,
        ctx: Ctx,
        content: Content,
        shown: Sequence[str],
        *,
        unasked: bool = False,
        follows: int | None = None,
    ) -> None:
        member = ctx.actor.member
        if member is None:
            await ctx.reply(texts.unbound(ctx._))
            return
        facts = []
        if shown and (titles := await self._titles(ctx, shown)):
            facts.append(texts.seen_entries(ctx.languages[None], [title for _, title in titles]))
        begun = await asking.offer(
            ctx, self._desk, member, content, shown=shown, facts=facts, follows=follows
        )
        if isinstance(begun, Joined):
            await ctx.reply(texts.joined(ctx._))
            return
        message = await asking.offering(ctx, self._desk, begun, ctx.actor.language, unasked=unasked)
        await asking.put_offer(ctx, begun, ctx.actor.account_id, message)

    async def acknowledge(self, ctx: Ctx, outcome: Outcome) -> None:
        """Tells the acting person what became of what they have said."""
        under = None if ctx.update.message is None else Delivered(ctx.update.message.message_id)
        match outcome:
            case Joined(first=True):
                await ctx.reply(texts.joined(ctx._), reply_to=under)
            case Slowed(ticket, owner, told=False):
                wait = texts.wait(ctx._, self._desk.flood.within)
                await delivery.note(
                    ctx,
                    ticket,
                    ctx.chat.id,
                    relay_texts.slowed(ctx._, owner, wait),
                    key=f"slowed:{ctx.now // HOUR}",  # who goes on and on is told once
                    reply_to=under,
                    urgency=Urgency.INTERACTIVE,
                )
            case PassedOn(owner, until):
                expected = None if until is None else texts.when(ctx._, until, ctx.now, self._desk.zone)
                await ctx.reply(texts.passed_on(ctx._, owner, expected), reply_to=under)
            case Answered(ticket):
                await self._note(ctx, ticket, await self.after_answer(ctx, outcome), reply_to=under)
            case Held(ticket, requester, claimed_by):
                # No message of the ticket: its buttons stay, whatever becomes of that, so that nothing written is lost.
                await ctx.reply(staff_texts.held(ctx._, ticket.id, requester, claimed_by), reply_to=under)
            case Noted(ticket, requester):
                await self._note(ctx, ticket, staff_texts.noted(ctx._, requester), reply_to=under)
            case _:
                pass

    async def after_answer(self, ctx: Ctx, answered: Answered) -> Message:
        """What one who has just answered is told."""
        learning = await teaching.teach(ctx, self._learn, answered.ticket)
        group, others = await similar.others(ctx.session, ctx.actor, answered.ticket.id)
        further = [] if learning is None else [learning]
        if others:
            further.append(similar_texts.same_for_others(ctx._, answered.ticket.id, group, others))
        return staff_texts.answered(
            ctx._, answered.ticket.id, answered.requester, further, unreachable=answered.unreachable
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
