"""From an update to an answer. What each seam promises stands with `Faq` and in `service`."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from markupsafe import Markup
from telegram import InlineKeyboardMarkup

from bot.faq import service, texts
from bot.faq.buttons import AllTheSame, NoneFits, Pick, Solved, Suggestions, Topic, Topics, TopicsOf, Unsolved
from bot.faq.library import Library
from bot.faq.model import DEFAULT_LANGUAGE, CameBy, Decision, HandOver, Phone, Shown, Verdict
from bot.kit.i18n import N_
from bot.kit.outbox import Delivered
from bot.kit.work import Works
from bot.roster import Ctx

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
            await ctx.reply(texts.plain_answer(entry, self._body(entry, phone), keyboard))
            return
        question, entry = await service.read(ctx, ctx.actor, entry_id, CameBy.OFFER)
        await ctx.reply(texts.answer(ctx._, entry, self._body(entry, phone), question))

    async def titles(self, ctx: Ctx, entry_ids: Sequence[str]) -> Sequence[tuple[str, str]]:
        """Ids and titles, in the actor's language, of those of these entries the actor may see; in the given order."""
        return [(each.slug, each.title) for each in await service.listed(ctx.session, ctx.actor, entry_ids)]

    async def ask(self, ctx: Ctx, text: str) -> None:
        """Answers a question, suggests, or hands it over. May restart the handler: call it before what costs effort."""
        index = await self._library.index(ctx)
        reply = await service.ask(ctx, ctx.actor, index, text)
        match reply.decision:
            case Decision.ANSWER if reply.entry is not None and reply.question_id is not None:
                await ctx.reply(texts.answer(ctx._, reply.entry, self._body(reply.entry), reply.question_id))
            case Decision.SUGGEST if reply.question_id is not None:
                await ctx.reply(texts.suggest(ctx._, reply.suggestions, reply.question_id))
            case Decision.DECLINE if reply.entry is not None:
                await ctx.reply(texts.declined(ctx._, self._body(reply.entry), reply.question_id))
                if reply.entry.handover is HandOver.ALWAYS:
                    await self._hand_over(ctx, text, ())
            case Decision.SMALLTALK if reply.entry is not None:
                await ctx.reply(texts.small_talk(self._body(reply.entry)))
            case Decision.SMALLTALK:
                await ctx.reply(texts.unclear(ctx._))
            case _:
                await self._hand_over(ctx, text, ())

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
        await self._take_buttons_away(ctx)
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
        await ctx.replace(texts.answer(ctx._, entry, self._body(entry), button.question, back))

    async def suggestions(self, ctx: Ctx, button: Suggestions) -> None:
        listed = await service.suggestions(ctx, ctx.actor, button.question)
        if listed is None:
            self._noted_before(ctx)
            return
        await ctx.replace(texts.suggest(ctx._, listed, button.question))

    async def topics_command(self, ctx: Ctx) -> None:
        await ctx.reply(texts.topics(ctx._))

    async def topics(self, ctx: Ctx, _button: Topics) -> None:
        await ctx.replace(texts.topics(ctx._))

    async def topics_of(self, ctx: Ctx, button: TopicsOf) -> None:
        listed = await service.of_stage(ctx.session, ctx.actor, button.stage)
        await ctx.replace(texts.page_of(ctx._, button.stage, listed, button.page))

    async def topic(self, ctx: Ctx, button: Topic) -> None:
        question, entry = await service.read_row(ctx, ctx.actor, button.row)
        back = texts.back_to_page(ctx._, button.stage, button.page)
        await ctx.replace(texts.answer(ctx._, entry, self._body(entry), question, back))

    async def _unanswered(self, ctx: Ctx, question: int, verdict: Verdict) -> None:
        settled = await service.settle(ctx, ctx.actor, question, verdict)
        if settled is None:
            self._noted_before(ctx)
            return
        await self._take_buttons_away(ctx)
        await self._hand_over(ctx, settled.text, settled.shown)

    def _body(self, entry: Shown, phone: Phone | None = None) -> Markup:
        return self.render(entry.body, entry.language, phone)

    async def _hand_over(self, ctx: Ctx, text: str, shown: tuple[str, ...]) -> None:
        if ctx.actor.member is None:
            await ctx.reply(texts.get_bound(ctx._))
        else:
            await self._handover(ctx, text, shown)

    @staticmethod
    async def _take_buttons_away(ctx: Ctx) -> None:
        await ctx.out.remove_keyboard(ctx.chat.id, Delivered(ctx.message.message_id), key=ctx.key("settled"))

    @staticmethod
    def _noted_before(ctx: Ctx) -> None:
        ctx.answer(ctx._.plain(N_("I have noted that already.")))
