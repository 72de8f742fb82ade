"""Start-up: the content files shipped with the bot go into the database."""

import asyncio
import dataclasses
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.faq import content
from bot.faq.content import MediaMissing, Source
from bot.faq.exchange.package import Name, labels, name_of
from bot.faq.facts import Facts
from bot.faq.model import Entry
from bot.faq.upkeep import changes, store
from bot.kit.work import Work, Works

log = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True, slots=True)
class Difference:
    """What the files hold against what the database held, as ids with language ('login-sms.zh')."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    """In the database only."""


@dataclasses.dataclass(frozen=True, slots=True)
class Shipped:
    """Content files, read and checked."""

    entries: Sequence[Entry]
    media: Mapping[str, bytes]
    """By digest."""


async def load_content(works: Works, folder: Path, facts: Facts) -> Difference:
    """Brings the database up to the content files of `folder`: new and changed ones are written, entries whose file is
    gone are retired, and whatever the organisation's own people have edited or retired stays theirs. Loading the same
    files again changes nothing. A `Refusal` names file and line of what is wrong; then nothing is changed.
    """
    sources = await asyncio.to_thread(content.read_sources, folder)
    by_name = {_named(source): source.digest for source in sources}
    async with works.reading() as reader:
        known = await store.digests(reader)
    if {name: digest for name, (digest, edited) in known.items() if not edited} == {
        name: digest for name, digest in by_name.items() if not known.get(name, ("", False))[1]
    }:
        return Difference(same=labels(by_name))
    shipped = await asyncio.to_thread(_checked, folder, sources, facts)
    async with works.begin() as work:
        return await _load(work, shipped, by_name)


def read_shipped(folder: Path, facts: Facts) -> Shipped:
    """The content files of a folder. Blocks: call it in a thread."""
    return _checked(folder, content.read_sources(folder), facts)


async def _load(work: Work, shipped: Shipped, digests: Mapping[Name, str]) -> Difference:
    known = await store.digests(work.session)
    given = {name_of(entry): entry for entry in shipped.entries}
    edited = {name for name, (_, edited) in known.items() if edited}
    new = [name for name in given if name not in known]
    changed = [
        name for name in given if name in known and known[name][0] != digests[name] and name not in edited
    ]
    gone = [name for name in known if name not in given and name not in edited]
    for name in (*new, *changed):
        for each in given[name].media:
            held = shipped.media[each.digest]
            await store.keep_media(work.session, each.digest, each.kind, each.name, held, now=work.now)
        await changes.load(work, given[name], digest=digests[name])
    for slug, language in gone:
        await changes.unload(work, slug, language)
    if new or changed or gone:
        log.info("content loaded", extra={"new": len(new), "changed": len(changed), "retired": len(gone)})
    touched = {*new, *changed}
    return Difference(
        labels(new), labels(changed), labels(name for name in given if name not in touched), labels(gone)
    )


def _checked(folder: Path, sources: Sequence[Source], facts: Facts) -> Shipped:
    files = content.read_media(folder)
    digests = content.digests_of(files)
    media = {digests[name]: held for name, held in files.items()}
    entries = content.parse_entries(sources, digests)
    for source, entry in zip(sources, entries, strict=True):
        content.check_text(source.name, entry.body, facts.of(entry.language))
        for attachment in entry.media:
            if attachment.digest not in media:
                raise MediaMissing(file=source.name, line=1, name=content.media_file(attachment))
    return Shipped(entries, media)


def _named(source: Source) -> Name:
    slug, language, _ = source.name.rsplit(".", 2)
    return slug, language
