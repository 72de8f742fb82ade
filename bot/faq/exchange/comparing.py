"""What a file would change: values in, values out."""

import dataclasses
import difflib
from collections.abc import Collection, Iterable, Mapping, Sequence

from bot.faq import content
from bot.faq.content import PhrasingTwice
from bot.faq.exchange.package import Item, Name, fingerprint, name_of, plain
from bot.faq.model import Entry, State
from bot.faq.upkeep.store import Kept
from bot.kit.errors import Refusal


@dataclasses.dataclass(frozen=True, slots=True)
class Conflict:
    """An entry that was changed in the file and here since it was exported."""

    item: Item
    here: Kept


@dataclasses.dataclass(frozen=True, slots=True)
class Comparison:
    new: tuple[Item, ...] = ()
    """Not here, or taken away here before anybody could export it."""
    changed: tuple[Item, ...] = ()
    same: tuple[Item, ...] = ()
    newer_here: tuple[Item, ...] = ()
    """Changed here since the export, and not in the file: they stay as they are."""
    conflicts: tuple[Conflict, ...] = ()
    missing: tuple[Kept, ...] = ()
    """Here only: they stay as they are."""

    def chosen(self, from_file: Collection[Name]) -> Sequence[Item]:
        """What is to be written where these conflicts are decided for the file."""
        decided = (each.item for each in self.conflicts if name_of(each.item.entry) in from_file)
        return [*self.new, *self.changed, *decided]

    @property
    def changes_anything(self) -> bool:
        return bool(self.new or self.changed or self.conflicts)


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """How one part of an entry differs."""

    field: str
    gone: tuple[str, ...]
    come: tuple[str, ...]


def compare(items: Iterable[Item], kept: Iterable[Kept], *, trust_bases: bool) -> Comparison:
    """The items against all that one owner has. `trust_bases`: what the items say they were is about these very entries,
    not another owner's.
    """
    here = {name_of(each.entry): each for each in kept}
    sorted_by: dict[str, list[Item]] = {"new": [], "changed": [], "same": [], "newer_here": []}
    conflicts: list[Conflict] = []
    given: set[Name] = set()
    for item in items:
        name = name_of(item.entry)
        given.add(name)
        found = here.get(name)
        what = "new" if found is None else _change(item, found, item.base if trust_bases else None)
        if what is not None:
            sorted_by[what].append(item)
        elif found is not None:
            conflicts.append(Conflict(item, found))
    missing = (each for name, each in here.items() if name not in given and each.state is State.PUBLISHED)
    return Comparison(
        **{what: tuple(listed) for what, listed in sorted_by.items()},
        conflicts=tuple(conflicts),
        missing=tuple(missing),
    )


def _change(item: Item, here: Kept, base: str | None) -> str | None:
    """Under what an item is listed; None for a conflict."""
    given = fingerprint(item.entry)
    if here.state is State.RETIRED:
        if base is None:
            return "new"
        return "newer_here" if given == base else None
    kept = fingerprint(here.entry)
    if given == kept:
        return "same"
    if base is None or base == kept:
        return "changed"
    return "newer_here" if given == base else None


def collisions(writing: Sequence[Item], kept: Iterable[Kept]) -> Sequence[Refusal]:
    """One for each phrasing which, once these items are written, would stand in two topics of the owner."""
    replaced = {name_of(item.entry) for item in writing}
    owners: dict[str, tuple[str, str]] = {}  # the phrasing's topic, and what it is called
    for each in kept:
        if each.state is State.PUBLISHED and name_of(each.entry) not in replaced:
            for phrasing in each.entry.phrasings:
                owners.setdefault(content.folded(phrasing), (each.entry.id, f"“{each.entry.title}”"))
    found: list[Refusal] = []
    for item in writing:
        for phrasing, line in zip(item.entry.phrasings, item.lines, strict=True):
            slug, called = owners.setdefault(content.folded(phrasing), (item.entry.id, item.file))
            if slug != item.entry.id:
                found.append(PhrasingTwice(file=item.file, line=line, text=phrasing, other=called))
    return found


def changes(before: Entry, after: Entry) -> Sequence[Change]:
    """What differs, part by part, in the order the parts are read."""
    fields: Mapping[str, tuple[Sequence[str], Sequence[str]]] = {
        "title": ([before.title], [after.title]),
        "body": (before.body.splitlines(), after.body.splitlines()),
        "phrasings": (before.phrasings, after.phrasings),
        "stage": ([before.stage or ""], [after.stage or ""]),
        "kind": ([before.kind], [after.kind]),
        "audience": ([before.audience], [after.audience]),
        "handover": ([before.handover], [after.handover]),
        "phones": (before.phones, after.phones),
        "steps": (before.steps, after.steps),
        "source": ([before.source], [after.source]),
        "media": (_called(before), _called(after)),
    }
    return [
        Change(field, *_differing(gone, come))
        for field, (gone, come) in fields.items()
        if tuple(gone) != tuple(come)
    ]


def unified(before: Entry, after: Entry) -> str:
    """The difference between two entries' files, as `diff -u` shows it."""
    name = content.file_name(after).as_posix()
    return "".join(
        difflib.unified_diff(
            content.write_entry(plain(before)).splitlines(keepends=True),
            content.write_entry(plain(after)).splitlines(keepends=True),
            f"a/{name}",
            f"b/{name}",
        )
    )


def _differing(gone: Sequence[str], come: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    before: list[str] = []
    after: list[str] = []
    for what, at, to, new_at, new_to in difflib.SequenceMatcher(a=gone, b=come, autojunk=False).get_opcodes():
        if what != "equal":
            before += gone[at:to]
            after += come[new_at:new_to]
    return tuple(filter(None, before)), tuple(filter(None, after))


def _called(entry: Entry) -> Sequence[str]:
    return [each.name or each.digest[:8] for each in entry.media]
