"""From an update to an answer. What each seam promises stands with `Faq` and in `service`."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from markupsafe import Markup
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.faq import presenting, service, texts
from bot.faq.buttons import AllTheSame, NoneFits, Pick, Solved, Suggestions, Topic, Topics, TopicsOf, Unsolved
from bot.faq.learning.handlers import finish_from_ticket, learn_from_ticket
from bot.faq.library import Library
from bot.faq.model import DEFAULT_LANGUAGE, CameBy, Decision, Phone, Shown, Verdict
from bot.faq.service import Reply
from bot.kit.i18n import N_
from bot.kit.messages import Message
from bot.kit.work import Works
from bot.roster import Ctx
from bot.roster.model import Actor

Handover: TypeAlias = Callable[[Ctx, str, tuple[str, ...]], Awaitable[None]]
"""Gives a question to a person: the question as written, and the ids of the entries already shown."""


class Faq:
    """What other rooms may ask of the FAQ, and its handlers."""

    def __init__(self, library: Library, handover: Handover) -> None:
        self._library = library
        self._handover = handover

    @property
    def library(self) -> Library:
        return self._library

    def render(self, body: str, language: str = DEFAULT_LANGUAGE, phone: Phone | None = None) -> Markup:
        """A text of the content, such as a card of the walk-through, as Telegram HTML with the facts filled in.
        `language`: the one it is written in; `phone`: whose parts of it to show (None: all).
        """
        return self._library.render(body, language, phone)

    def is_courtesy(self, text: str) -> bool:
        """Whether a text asks for no answer: thanks, a greeting and the like."""
        return self._library.is_courtesy(text)

    def recognises(self, text: str) -> bool:
        """Whether a text is surely a question of its own, which an entry answers or a decline turns away."""
        return self._library.recognises(text)

    async def warm(self, works: Works) -> None:
        """Builds the index before the first question needs it; call it once the content is loaded."""
        await self._library.warm(works)

    async def show(
        self,
        ctx: Ctx,
        entry_id: str,
        *,
        keyboard: InlineKeyboardMarkup | None = None,
        phone: Phone | None = None,
    ) -> None:
        """Sends an entry as a new message, with "solved / not solved" under it, or with the buttons of the room that
        offers it. `phone`: the member's, where it is known: parts for other phones are left out. `NotVisible` where the
        actor may not see it.
        """
        if keyboard is not None:
            entry = await service.offered(ctx, ctx.actor, entry_id)
            message = texts.plain_answer(entry, self._body(entry, phone), keyboard)
        else:
            question, entry = await service.read(ctx, ctx.actor, entry_id, CameBy.OFFER)
            message = texts.answer(ctx._, entry, self._body(entry, phone), question)
        await presenting.send(ctx, entry.media, message)

    async def learn_from_ticket(
        self, ctx: Ctx, *, branch_id: int, account_id: int, question: str, answer: str, shown: Sequence[str]
    ) -> InlineKeyboardButton | None:
        """Notes a question that the actor, of the staff, has answered, so that an entry may come of it; call it again
        with all of the answer when more is said. Returns the button that leads them there, None where there is nothing
        to learn or it is not theirs to decide.
        """
        return await learn_from_ticket(
            ctx,
            branch_id=branch_id,
            account_id=account_id,
            question=question,
            answer=answer,
            shown=shown,
        )

    async def finish_from_ticket(
        self,
        ctx: Ctx,
        actor: Actor,
        *,
        branch_id: int,
        account_id: int,
        question: str,
        answer: str,
        shown: Sequence[str],
    ) -> Sequence[Sequence[InlineKeyboardButton]] | None:
        """The same for a question that is settled; returns the buttons, in `actor`'s language, by which `actor` makes an
        entry of it in one tap. None as above. May restart the handler.
        """
        return await finish_from_ticket(
            ctx,
            self._library,
            actor,
            branch_id=branch_id,
            account_id=account_id,
            question=question,
            answer=answer,
            shown=shown,
        )

    async def titles(self, ctx: Ctx, entry_ids: Sequence[str]) -> Sequence[tuple[str, str]]:
        """Ids and titles, in the actor's language, of those of these entries the actor may see; in the given order."""
        return [(each.slug, each.title) for each in await service.listed(ctx.session, ctx.actor, entry_ids)]

    async def for_step(self, ctx: Ctx, step_id: str, usual: Sequence[str]) -> Sequence[tuple[str, str]]:
        """Ids and titles of what to offer to somebody who is stuck at a card: what their own units have tied to it, the
        card's `usual` entries, and what else is tied to it; as many as a phone shows at once.
        """
        found = await service.for_step(ctx.session, ctx.actor, step_id, usual, texts.PAGE)
        return [(each.slug, each.title) for each in found]

    async def ask(self, ctx: Ctx, text: str) -> None:
        """Answers the questions in a text one by one: each gets its answer or suggestions, and what no entry answers
        is handed over. May restart the handler: call it before what costs effort.
        """
        index = await self._library.index(ctx)
        extra = await self._library.nearness(ctx, text)
        replies = await service.ask(ctx, ctx.actor, index, text, extra)
        for reply in replies:
            message = self._said_to(ctx, reply)
            if message is None:
                continue
            if len(replies) > 1:
                message = texts.quoting(ctx._, reply.text, message)
            await presenting.send(ctx, () if reply.entry is None else reply.entry.media, message)
        left = [reply.text for reply in replies if reply.is_for_a_person]
        if left:
            await self._hand_over(ctx, "\n".join(left), ())

    def _said_to(self, ctx: Ctx, reply: Reply) -> Message | None:
        """What the bot itself has to say to a question; None where a person says it."""
        match reply:
            case Reply(decision=Decision.ANSWER, entry=Shown() as entry, question_id=int(question)):
                return texts.answer(ctx._, entry, self._body(entry), question)
            case Reply(decision=Decision.SUGGEST, question_id=int(question)):
                return texts.suggest(ctx._, list(enumerate(reply.suggestions)), question)
            case Reply(decision=Decision.DECLINE, entry=Shown() as entry):
                return texts.declined(ctx._, self._body(entry), reply.question_id)
            case Reply(decision=Decision.SMALLTALK, entry=Shown() as entry):
                return texts.small_talk(self._body(entry))
            case Reply(decision=Decision.SMALLTALK):
                return texts.unclear(ctx._)
            case _:
                return None

    async def claim(self, ctx: Ctx) -> bool:
        """Takes a private text that belongs to nobody else. Pictures and other kinds are left to others."""
        text = ctx.message.text
        if text is None:
            return False
        await self.ask(ctx, text)
        return True

    async def solved(self, ctx: Ctx, button: Solved) -> None:
        settled = await service.settle(ctx, ctx.actor, button.question, Verdict.SOLVED)
        if settled is None:
            self._noted_before(ctx)
            return
        await ctx.take_buttons_away()
        await ctx.reply(texts.solved(ctx._))

    async def unsolved(self, ctx: Ctx, button: Unsolved) -> None:
        await self._unanswered(ctx, button.question, Verdict.UNSOLVED)

    async def none_fits(self, ctx: Ctx, button: NoneFits) -> None:
        await self._unanswered(ctx, button.question, Verdict.NONE_FITS)

    async def all_the_same(self, ctx: Ctx, button: AllTheSame) -> None:
        await self._unanswered(ctx, button.question, Verdict.PERSON)

    async def pick(self, ctx: Ctx, button: Pick) -> None:
        entry = await service.pick(ctx, ctx.actor, button.question, button.place)
        if entry is None:
            self._noted_before(ctx)
            return
        back = texts.back_to_suggestions(ctx._, button.question)
        message = texts.answer(ctx._, entry, self._body(entry), button.question, back)
        await presenting.replace(ctx, entry.media, message)

    async def suggestions(self, ctx: Ctx, button: Suggestions) -> None:
        listed = await service.suggestions(ctx, ctx.actor, button.question)
        if listed is None:
            self._noted_before(ctx)
            return
        await ctx.replace(texts.suggest(ctx._, listed, button.question))

    async def topics_command(self, ctx: Ctx) -> None:
        await ctx.reply(texts.topics(ctx._, await service.count_by_stage(ctx.session, ctx.actor)))

    async def topics(self, ctx: Ctx, _button: Topics) -> None:
        await ctx.replace(texts.topics(ctx._, await service.count_by_stage(ctx.session, ctx.actor)))

    async def topics_of(self, ctx: Ctx, button: TopicsOf) -> None:
        listed = await service.of_stage(ctx.session, ctx.actor, button.stage)
        branch = service.scope_of(ctx.actor).branch_id
        await ctx.replace(texts.page_of(ctx._, button.stage, listed, button.page, branch))

    async def topic(self, ctx: Ctx, button: Topic) -> None:
        question, entry = await service.read_row(ctx, ctx.actor, button.row)
        back = texts.back_to_page(ctx._, button.stage, button.page)
        message = texts.answer(ctx._, entry, self._body(entry), question, back)
        await presenting.replace(ctx, entry.media, message)

    async def _unanswered(self, ctx: Ctx, question: int, verdict: Verdict) -> None:
        settled = await service.settle(ctx, ctx.actor, question, verdict)
        if settled is None:
            self._noted_before(ctx)
            return
        await ctx.take_buttons_away()
        await self._hand_over(ctx, settled.text, settled.shown)

    def _body(self, entry: Shown, phone: Phone | None = None) -> Markup:
        return self.render(entry.body, entry.language, phone)

    async def _hand_over(self, ctx: Ctx, text: str, shown: tuple[str, ...]) -> None:
        if ctx.actor.member is None:
            await ctx.reply(texts.get_bound(ctx._))
        else:
            await self._handover(ctx, text, shown)

    @staticmethod
    def _noted_before(ctx: Ctx) -> None:
        ctx.answer(ctx._.plain(N_("I have noted that already.")))
