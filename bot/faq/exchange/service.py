"""Use cases of files.

    package = await read(packed, facts)                        # outside any transaction
    shown = await preview(reader, package, owner)              # changes nothing
    done = await apply(work, shown, shown.chosen(...), by=…)   # all or nothing

Whether the actor may is asked by whoever has one (`rights.require`): the operator at the command line may do everything.
"""

import asyncio
import dataclasses
import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from bot.faq import content
from bot.faq.exchange import archives, markdown, sheets, store
from bot.faq.exchange.comparing import Comparison, collisions, compare
from bot.faq.exchange.markdown import Check
from bot.faq.exchange.package import Item, Name, NothingInIt, Package, Shape, name_of, refuse
from bot.faq.facts import Facts
from bot.faq.model import Entry, Owner, State
from bot.faq.upkeep import changes
from bot.faq.upkeep import store as entries
from bot.faq.upkeep.store import Act, Kept
from bot.kit.clock import DAY
from bot.kit.database import Reader
from bot.kit.errors import Outdated, Refusal
from bot.kit.work import Work
from bot.roster import store as roster
from bot.roster.importing.sheets import OldExcel

OFFER_LIFETIME = 30 * DAY

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_NOT_IN_NAMES = re.compile(r"[^\w-]+")
_WORKBOOK = "xl/workbook.xml"


class NotThisType(Refusal):
    """I cannot use this file. Please send a .zip or .xlsx file as you get it from me under “Take out”."""


class NoSuchPath(Refusal):
    """I cannot find {path}. Please check where the file or folder is."""


class ContentHasChanged(Refusal):
    """The answers here have changed since this preview. Please look at the new preview first."""


class AttachmentUnknown(Refusal):
    """{file}: I do not have the picture or file “{name}”. Please use a zip with the folder media/ in it, or delete the line about it."""


@dataclasses.dataclass(frozen=True, slots=True)
class Preview:
    """What a file would change of one owner's entries."""

    package: Package
    owner: Owner
    compared: Comparison
    kept: tuple[Kept, ...]
    other_unit: str | None = None
    """The unit whose entries the file says it has, where that is another one; '' for the whole organisation's."""

    @property
    def digest(self) -> str:
        """The same as long as the entries here that the file is about are the same."""
        given = {name_of(item.entry) for item in self.package.items}
        here = [(each.row, each.revision, each.state) for each in self.kept if name_of(each.entry) in given]
        return hashlib.sha256(repr(here).encode()).hexdigest()


@dataclasses.dataclass(frozen=True, slots=True)
class Done:
    new: int
    changed: int
    left: int
    """Conflicts in which the version here stayed."""


async def read(packed: bytes, facts: Facts) -> Package:
    """Reads and checks a file, in a thread. `ToCorrect` or a single `Refusal` says all that is wrong with it."""
    return await asyncio.to_thread(_read, packed, facts)


async def read_path(path: Path, facts: Facts) -> Package:
    """As `read`, of a folder, or a file on this computer."""
    return await asyncio.to_thread(_read_path, path, facts)


async def preview(reader: Reader, package: Package, owner: Owner) -> Preview:
    """What applying the package would do now. `ToCorrect` or a single `Refusal` for what cannot stand beside the
    entries that are here.
    """
    kept = await entries.kept_of(reader, [owner])
    called = await unit_name(reader, owner)
    ours = package.unit == called
    compared = await asyncio.to_thread(compare, package.items, kept, trust_bases=ours)
    writing = compared.chosen({name_of(each.item.entry) for each in compared.conflicts})
    problems = [*collisions(writing, kept), *await _without_contents(reader, package, writing)]
    refuse(problems)
    other = None if ours or not package.bases else package.unit or ""
    return Preview(package, owner, compared, tuple(kept), other)


async def apply(
    work: Work,
    shown: Preview,
    from_file: Collection[Name],
    *,
    by: int | None,
    expected: str | None = None,
) -> Done:
    """Writes what is new and changed, and of the conflicts those named. `ContentHasChanged` where the effect is no
    longer the one whose `Preview.digest` is `expected`.
    """
    if expected is not None and shown.digest != expected:
        raise ContentHasChanged
    writing = shown.compared.chosen(from_file)
    for item in writing:
        for each in item.entry.media:
            held = shown.package.media.get(each.digest)
            if held is not None:
                await entries.keep_media(work.session, each.digest, each.kind, each.name, held, now=work.now)
        await changes.save(work, item.entry, owner=shown.owner, by=by, act=Act.IMPORTED)
    compared = shown.compared
    taken = len(writing) - len(compared.new) - len(compared.changed)
    done = Done(len(compared.new), len(compared.changed) + taken, len(compared.conflicts) - taken)
    if writing:
        await work.audit(
            "faq.import", by=by, subject=subject(shown.owner), new=done.new, changed=done.changed
        )
    return done


async def export(reader: Reader, owner: Owner, shape: Shape) -> tuple[bytes, int]:
    """A file with the owner's published entries, and how many they are."""
    published = await _published(reader, owner)
    unit = await unit_name(reader, owner)
    if shape is Shape.XLSX:
        return await asyncio.to_thread(sheets.write, published, unit=unit), len(published)
    contents = await _contents(reader, published)
    return await asyncio.to_thread(_zipped, published, contents, unit), len(published)


async def export_folder(reader: Reader, owner: Owner, folder: Path) -> int:
    """Writes the owner's published entries as content files; returns how many. They carry no note of what they were:
    such a folder is at home in version control.
    """
    published = await _published(reader, owner)
    contents = await _contents(reader, published)
    files = markdown.files_of(published, contents, unit=None, manifest=False)
    await asyncio.to_thread(archives.into_folder, folder, files)
    return len(published)


async def unit_name(reader: Reader, owner: Owner) -> str | None:
    """The unit's name; None for the whole organisation."""
    if owner is None:
        return None
    unit = await roster.unit(reader, owner)
    if unit is None:
        raise Outdated
    return unit.name


def file_name(unit: str | None, shape: Shape) -> str:
    return f"faq.{shape}" if unit is None else f"faq-{_NOT_IN_NAMES.sub('', unit)}.{shape}"


async def wants_contents(reader: Reader, shown: Preview, from_file: Collection[Name]) -> bool:
    """Whether applying needs attachments that are not kept here yet."""
    wanted = {each.digest for item in shown.compared.chosen(from_file) for each in item.entry.media}
    return bool(wanted) and not wanted <= await store.known_media(reader)


def subject(owner: Owner) -> str:
    return "faq" if owner is None else f"unit:{owner}"


async def sweep(work: Work) -> None:
    """Deletes what is known of files sent in chat a while ago."""
    await store.sweep_offers(work.session, before=work.now - OFFER_LIFETIME)


def _read_path(path: Path, facts: Facts) -> Package:
    if not path.exists():
        raise NoSuchPath(path=path)
    if path.is_file():
        return _read(path.read_bytes(), facts)
    return _checked(*markdown.read(archives.in_folder(path), _check(facts)))


def _read(packed: bytes, facts: Facts) -> Package:
    if packed.startswith(_OLE):
        raise OldExcel
    if not packed.startswith(_ZIP):
        raise NotThisType
    with archives.opened(packed) as archive:
        is_workbook = _WORKBOOK in archive.namelist()
    check = _check(facts)
    if is_workbook:
        return _checked(*sheets.read(packed, check))
    return _checked(*markdown.read(archives.unpacked(packed), check))


def _checked(package: Package, problems: Sequence[Refusal]) -> Package:
    refuse(problems)
    if not package.items:
        raise NothingInIt
    return package


def _check(facts: Facts) -> Check:
    def check(file: str, entry: Entry) -> None:
        content.check_text(file, entry.body, facts.of(entry.language))

    return check


def _zipped(published: Sequence[Entry], contents: Mapping[str, bytes], unit: str | None) -> bytes:
    return archives.packed(markdown.files_of(published, contents, unit=unit, manifest=True))


async def _published(reader: Reader, owner: Owner) -> Sequence[Entry]:
    return [each.entry for each in await entries.kept_of(reader, [owner]) if each.state is State.PUBLISHED]


async def _contents(reader: Reader, published: Sequence[Entry]) -> Mapping[str, bytes]:
    found: dict[str, bytes] = {}
    for each in (attachment for entry in published for attachment in entry.media):
        held = await entries.media_content(reader, each.digest)
        if held is not None:
            found[each.digest] = held
    return found


async def _without_contents(reader: Reader, package: Package, writing: Sequence[Item]) -> Sequence[Refusal]:
    """One for each attachment that is neither in the package nor here."""
    lacking = [
        (item, each) for item in writing for each in item.entry.media if each.digest not in package.carries
    ]
    known = await store.known_media(reader) if lacking else frozenset()
    return [
        AttachmentUnknown(file=item.file, name=each.name or content.media_file(each))
        for item, each in lacking
        if each.digest not in known
    ]
