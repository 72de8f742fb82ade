"""What publishing a draft would do to the other entries' questions, told before it happens."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial

from markupsafe import Markup

from bot.faq import judging, store
from bot.faq.library import Library
from bot.faq.matcher import Topic
from bot.faq.matcher.collisions import Collisions, collisions
from bot.faq.model import LANGUAGES, Entry, Owner, Scope, State
from bot.faq.upkeep import store as upkeep
from bot.faq.upkeep.store import Draft
from bot.kit.database import Reader
from bot.kit.i18n import Words
from bot.roster import Ctx
from bot.roster import store as roster

_NAMED = 3
"""Other entries named at most."""


class Check:
    """Asks the matcher anew, with the draft in place."""

    def __init__(self, library: Library) -> None:
        self._library = library

    async def __call__(self, ctx: Ctx, draft: Draft) -> Sequence[Markup]:
        """A paragraph for each entry concerned. May restart the handler."""
        index = await self._library.index(ctx)
        seen = await _seen_from(ctx.session, draft.owner, draft.content.language)
        slug = draft.content.id
        changed = Topic(
            store.key_of(slug, draft.owner),
            draft.content.kind,
            await _asked_by(ctx.session, draft.owner, draft.content),
        )
        found = await ctx.outside(
            "collisions",
            partial(
                asyncio.to_thread,
                collisions,
                index,
                changed,
                in_place_of={key for key in seen if store.slug_in(key) == slug},
                among=set(seen),
                names=self._library.names,
            ),
        )
        return told(ctx._, found, seen)


def told(_: Words, found: Collisions, titles: Mapping[str, str]) -> Sequence[Markup]:
    lines = [
        _.plural(
            "Easily confused with “{title}”: {count} of its ways of asking would lead here, such as “{text}”.",
            "Easily confused with “{title}”: {count} of its ways of asking would lead here, such as “{text}”.",
            len(texts),
            title=titles.get(key, key),
            text=texts[0],
        )
        for key, texts in _most_first(found.taken)
    ]
    lines += [
        _(
            "“{text}” is answered with “{title}” now. Published, this one answers it.",
            text=texts[0],
            title=titles.get(key, key),
        )
        for key, texts in _most_first(found.kept)
    ]
    return lines or [_("I have asked myself everything that sounds alike: nothing gets mixed up.")]


def _most_first(found: Mapping[str, Sequence[str]]) -> Sequence[tuple[str, Sequence[str]]]:
    return sorted(found.items(), key=lambda each: (-len(each[1]), each[0]))[:_NAMED]


async def _seen_from(reader: Reader, owner: Owner, language: str) -> Mapping[str, str]:
    """The titles, by key, of what members of the owner's unit see."""
    unit_id = owner
    if unit_id is None:
        tops = await roster.children(reader, None)
        unit_id = tops[0].id if tops else None
    visible = await judging.visible(reader, Scope(unit_id, language))
    return {key: each.title for key, each in visible.items()}


async def _asked_by(reader: Reader, owner: Owner, content: Entry) -> tuple[str, ...]:
    """All that would mean the entry once it is published: the index takes both languages together."""
    asked = list(content.phrasings)
    for language in LANGUAGES:
        other = await upkeep.find(reader, owner, content.id, language)
        if language != content.language and other is not None and other.state is State.PUBLISHED:
            asked += other.entry.phrasings
    return tuple(asked)
