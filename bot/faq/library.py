"""The content as the running bot holds it: the facts its texts refer to, and the matcher's index.

The index is derived from the database's rows and can be lost at any time. It is built off the event loop and replaced when
the content's version number has changed.
"""

import asyncio
import dataclasses
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from markupsafe import Markup

from bot.faq import facts, markup, store
from bot.faq.index import Index, Topic
from bot.faq.matching import match
from bot.faq.model import DEFAULT_LANGUAGE, Decision, Phone
from bot.kit.work import Works
from bot.roster import Ctx


@dataclasses.dataclass(frozen=True, slots=True)
class ContentSettings:
    folder: Path
    """Where the content's files are."""
    app_name: str
    app_aliases: tuple[str, ...] = ()
    """Other names people call the app by."""
    facts_file: Path | None = None
    """The organisation's own facts: a YAML file of `name: value` lines."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Built:
    version: int
    index: Index


class Library:
    def __init__(self, settings: ContentSettings) -> None:
        """Reads the facts; a `Refusal` names what is wrong with them."""
        self.folder = settings.folder
        own = {} if settings.facts_file is None else facts.read_own(settings.facts_file)
        self.facts = facts.read(settings.folder, {**own, "app_name": settings.app_name})
        self.names = (settings.app_name, *settings.app_aliases)
        self._built: _Built | None = None

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

    def is_courtesy(self, text: str) -> bool:
        """Whether a text is thanks, a greeting or the like and nothing else (no text is, before the index stands)."""
        if self._built is None:
            return False
        index = self._built.index
        return not index.says_something(index.courtesies.strip(index.normalise(text)))

    def recognises(self, text: str) -> bool:
        """Whether a text surely asks for an entry or for what is none of ours (none does, before the index stands)."""
        if self._built is None:
            return False
        return match(self._built.index, text).decision in (Decision.ANSWER, Decision.DECLINE)

    async def warm(self, works: Works) -> None:
        """Builds the index before the first question needs it."""
        async with works.reading() as reader:
            version, topics = await store.version(reader), await store.topics(reader)
        self._built = await self._build(version, topics)

    async def _build(self, version: int, topics: Sequence[Topic]) -> _Built:
        return _Built(version, await asyncio.to_thread(Index.build, topics, self.names))
