"""Content files into the database and back."""

import asyncio
import dataclasses
import logging
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from bot.faq import content, store
from bot.faq.content import Source
from bot.faq.facts import Facts
from bot.faq.model import Entry
from bot.kit.work import Work, Works

log = logging.getLogger(__name__)

Name = tuple[str, str]
"""An entry's id and language."""


@dataclasses.dataclass(frozen=True, slots=True)
class Difference:
    """What files hold against what the database holds, as ids with language ('login-sms.zh')."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    """In the database only."""


async def load_content(works: Works, folder: Path, facts: Facts) -> Difference:
    """Brings the database up to the content files of `folder`: new and changed ones are written, entries whose file is
    gone are retired, and whatever the organisation's own people have edited stays theirs. Loading the same files
    again changes nothing. A `Refusal` names file and line of what is wrong; then nothing is changed.
    """
    sources = await asyncio.to_thread(content.read_sources, folder)
    by_name = {_named(source): source.digest for source in sources}
    async with works.reading() as reader:
        known = await store.digests(reader)
    if {name: digest for name, (digest, edited) in known.items() if not edited} == {
        name: digest for name, digest in by_name.items() if not known.get(name, ("", False))[1]
    }:
        return Difference(same=_labels(by_name))
    entries = await asyncio.to_thread(_parsed, sources, facts)
    async with works.begin() as work:
        return await _load(work, entries, by_name)


async def export(works: Works, folder: Path) -> int:
    """Writes the organisation's published entries as content files; returns how many."""
    async with works.reading() as reader:
        entries = [filed.entry for filed in await store.filed(reader) if filed.published]
    await asyncio.to_thread(_write, folder, entries)
    return len(entries)


async def import_(works: Works, folder: Path, facts: Facts, *, apply: bool) -> Difference:
    """Compares content files with the database and, with `apply`, writes new and changed ones, which from then on count
    as edited by the organisation. Entries without a file are left as they are.
    """
    sources = await asyncio.to_thread(content.read_sources, folder)
    entries = await asyncio.to_thread(_parsed, sources, facts)
    async with works.begin() as work:
        filed = await store.filed(work.session)
        known = {(each.entry.id, each.entry.language): each.entry for each in filed if each.published}
        given = {(entry.id, entry.language): entry for entry in entries}
        new = [name for name in given if name not in known]
        changed = [name for name, entry in given.items() if name in known and known[name] != entry]
        if apply and (new or changed):
            for name in (*new, *changed):
                digest = content.digest(content.write_entry(given[name]))
                await store.put(
                    work.session,
                    given[name],
                    origin="import",
                    digest=digest,
                    edited_at=work.now,
                    now=work.now,
                )
            await store.count_version(work.session)
            await work.audit("faq.import", by=None, subject="faq", new=len(new), changed=len(changed))
    return Difference(
        new=_labels(new),
        changed=_labels(changed),
        same=_labels(name for name, entry in given.items() if known.get(name) == entry),
        missing=_labels(name for name in known if name not in given),
    )


async def _load(work: Work, entries: Sequence[Entry], digests: Mapping[Name, str]) -> Difference:
    known = await store.digests(work.session)
    given = {(entry.id, entry.language): entry for entry in entries}
    edited = {name for name, (_, edited) in known.items() if edited}
    new = [name for name in given if name not in known]
    changed = [
        name for name in given if name in known and known[name][0] != digests[name] and name not in edited
    ]
    gone = [name for name in known if name not in given and name not in edited]
    for name in (*new, *changed):
        await store.put(
            work.session, given[name], origin="file", digest=digests[name], edited_at=None, now=work.now
        )
    for slug, language in gone:
        await store.retire(work.session, slug, language, now=work.now)
    if new or changed or gone:
        await store.count_version(work.session)
        log.info("content loaded", extra={"new": len(new), "changed": len(changed), "retired": len(gone)})
    touched = {*new, *changed}
    return Difference(
        _labels(new), _labels(changed), _labels(name for name in given if name not in touched), _labels(gone)
    )


def _parsed(sources: Sequence[Source], facts: Facts) -> Sequence[Entry]:
    entries = content.parse_entries(sources)
    for source, entry in zip(sources, entries, strict=True):
        content.check_text(source.name, entry.body, facts.of(entry.language))
    return entries


def _write(folder: Path, entries: Iterable[Entry]) -> None:
    for entry in entries:
        path = folder / content.file_name(entry)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content.write_entry(entry), encoding="utf-8")


def _named(source: Source) -> Name:
    slug, language, _ = source.name.rsplit(".", 2)
    return slug, language


def _labels(names: Iterable[Name]) -> tuple[str, ...]:
    return tuple(f"{slug}.{language}" for slug, language in sorted(names))
