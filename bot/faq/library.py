"""The content as the running bot holds it: the facts its texts refer to, the matcher's index, and how near the topics are
by meaning.

The index is derived from the database's rows and can be lost at any time. It is built off the event loop and replaced when
the content's version number has changed: at once with what the former had learnt, and again when it has learnt anew.
"""

import asyncio
import dataclasses
import logging
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from markupsafe import Markup

from bot.faq import facts, markup, store, teaching
from bot.faq.embedding import Embeddings
from bot.faq.matcher import WRONG_ALLOWED, Index, Topic, match
from bot.faq.model import DEFAULT_LANGUAGE, Decision, Phone
from bot.kit.memory import give_back
from bot.kit.work import Works
from bot.roster import Ctx

log = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True, slots=True)
class ContentSettings:
    folder: Path
    """Where the content's files are."""
    app_name: str
    app_aliases: tuple[str, ...] = ()
    """Other names people call the app by."""
    facts_file: Path | None = None
    """The organisation's own facts: a YAML file of `name: value` lines."""
    wrong_allowed: float = WRONG_ALLOWED
    """The share of all questions that may be answered wrong, from 0 to 1."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Built:
    version: int
    index: Index
    is_taught: bool
    """Whether weights and thresholds were learnt from this very content, not taken over from the one before."""


class Library:
    def __init__(self, settings: ContentSettings, embeddings: Embeddings | None = None) -> None:
        """Reads the facts; a `Refusal` names what is wrong with them. `embeddings`: None where they are switched off."""
        self.folder = settings.folder
        own = {} if settings.facts_file is None else facts.read_own(settings.facts_file)
        self.facts = facts.read(settings.folder, {**own, "app_name": settings.app_name})
        self.wrong_allowed = settings.wrong_allowed
        self.names = (settings.app_name, *settings.app_aliases)
        self._embeddings = embeddings
        self._built: _Built | None = None
        self._changing: int | None = None
        """The version that was seen untaught last."""
        self._lesson: asyncio.Task[None] | None = None
        self._resting: int | None = None
        """The version that was there when it was last to be taught."""

    def render(self, body: str, language: str = DEFAULT_LANGUAGE, phone: Phone | None = None) -> Markup:
        """A text of the content, written in `language`, as Telegram HTML. `phone`: whose parts are shown where a text
        has parts for some phones (None: all).
        """
        return markup.render(body, self.facts.of(language), phone)

    async def index(self, ctx: Ctx) -> Index:
        """The index of the content as it is now. May restart the handler: ask for it first."""
        version = await store.version(ctx.session)
        if self._built is None or self._built.version != version:
            topics = await store.topics(ctx.session)
            self._built = await ctx.outside("faq index", partial(self._build, version, topics))
        return self._built.index

    async def nearness(self, ctx: Ctx, text: str) -> Mapping[str, float] | None:
        """How near the topics are to a question by its meaning, the matcher's `extra`; None where nobody can tell. May
        restart the handler, as `index`.
        """
        if self._embeddings is None:
            return None
        return await ctx.outside("embedding", partial(self._embeddings.of, text))

    def is_courtesy(self, text: str) -> bool:
        """Whether a text is thanks, a greeting or the like and nothing else (no text is, before the index stands)."""
        if self._built is None:
            return False
        index = self._built.index
        return not index.says_something(index.bare(index.normalise(text)))

    def recognises(self, text: str) -> bool:
        """Whether a text surely asks for an entry or for what is none of ours (none does, before the index stands)."""
        if self._built is None:
            return False
        return match(self._built.index, text).decision in (Decision.ANSWER, Decision.DECLINE)

    async def warm(self, works: Works) -> None:
        """Builds the index before the first question needs it, with what was learnt from this content before."""
        async with works.reading() as reader:
            version, topics = await store.version(reader), await store.topics(reader)
            recalled = await teaching.recall(reader, topics, self.names, self.wrong_allowed)
        if recalled is None:
            self._built = _Built(version, await self._begun(topics), is_taught=False)
            self._changing = version  # nobody is at it: the next call lets it learn
        else:
            self._built = _Built(version, recalled, is_taught=True)
        await asyncio.to_thread(give_back)

    def begin_lesson(self, works: Works) -> None:
        """As `teach`, beside whatever else is to be done; one at a time."""
        if self._lesson is None or self._lesson.done():
            self._lesson = asyncio.create_task(self._lesson_of(works))

    async def close(self) -> None:
        """Gives up a lesson under way."""
        if self._lesson is not None:
            self._lesson.cancel()
            await asyncio.gather(self._lesson, return_exceptions=True)

    async def _lesson_of(self, works: Works) -> None:
        try:
            await self.teach(works)
        except Exception:
            log.exception("a lesson failed; the next change is the next occasion")

    async def teach(self, works: Works) -> None:
        """Lets the index learn from the content as it is now, if it has not. Of a content that is being changed, when
        nobody has changed it between two calls. What is built meanwhile of newer content is kept.
        """
        built = self._built
        if built is None or built.is_taught:
            return
        if self._changing != built.version:
            self._changing = built.version
            return
        try:
            index = await teaching.teach(built.index, self.names, self.wrong_allowed)
        except teaching.CouldNotLearn as failure:
            # What is known serves on; the next change is the next occasion.
            log.warning("the matcher could not learn", extra={"reason": str(failure)})
            index = built.index
        if self._built is built:
            self._built = _Built(built.version, index, is_taught=True)
        if index is not built.index:
            async with works.begin() as work:
                await teaching.remember(work, index.topics, self.names, index)

    async def _begun(self, topics: Sequence[Topic]) -> Index:
        try:
            return await teaching.begin(topics, self.names)
        except teaching.CouldNotLearn as failure:
            log.warning("the matcher learns in this process", extra={"reason": str(failure)})
            return await asyncio.to_thread(Index.build, topics, self.names)

    async def _build(self, version: int, topics: Sequence[Topic]) -> _Built:
        before = None if self._built is None else self._built.index
        index = await asyncio.to_thread(Index.build, topics, self.names, before)
        await asyncio.to_thread(give_back)
        return _Built(version, index, is_taught=False)
