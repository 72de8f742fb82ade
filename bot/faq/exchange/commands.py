"""What `zhibu faq import`, `export` and `diff` do, each as one function for the command line."""

import asyncio
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bot.faq.errors import UnknownUnit
from bot.faq.exchange import loading, service, store
from bot.faq.exchange.comparing import unified
from bot.faq.exchange.package import Item, Shape, fingerprint, label, labels, name_of
from bot.faq.facts import Facts
from bot.faq.model import Owner, State
from bot.faq.upkeep import rights
from bot.faq.upkeep import store as entries
from bot.faq.upkeep.store import Kept
from bot.kit.database import Reader
from bot.kit.work import Works
from bot.roster import store as roster


async def export(works: Works, path: Path, *, unit: str | None = None) -> dict[str, Any]:
    """`zhibu faq export`: a zip or a workbook by the path's ending, else a folder. `unit`: whose entries, by name or
    join token; without it the organisation's own.
    """
    shape = _shape(path)
    async with works.reading() as reader:
        owner = await owner_named(reader, unit)
        if shape is None:
            return {"files": await service.export_folder(reader, owner, path)}
        packed, count = await service.export(reader, owner, shape)
    await asyncio.to_thread(path.write_bytes, packed)
    return {"files": count}


async def import_(
    works: Works,
    path: Path,
    facts: Facts,
    *,
    unit: str | None = None,
    apply: bool = False,
    overwrite: bool = False,
) -> dict[str, Any]:
    """`zhibu faq import`: what a file or folder changes, by ids with language. Without `apply` nothing is written.
    Conflicts stay as they are unless `overwrite` is given; entries without a file always do.
    """
    package = await service.read_path(path, facts)
    async with works.begin() as work:
        shown = await service.preview(work.session, package, await owner_named(work.session, unit))
        compared = shown.compared
        conflicts = [name_of(each.item.entry) for each in compared.conflicts]
        if apply:
            await service.apply(work, shown, conflicts if overwrite else (), by=None)
    return {
        "new": _labels(compared.new),
        "changed": _labels(compared.changed),
        "same": _labels(compared.same),
        "newer_here": _labels(compared.newer_here),
        "conflicts": labels(conflicts),
        "missing": labels(name_of(each.entry) for each in compared.missing),
        "applied": apply,
    }


async def diff(works: Works, folder: Path, facts: Facts) -> dict[str, Any]:
    """`zhibu faq diff`: what the organisation's own people changed against the files shipped with the bot. `missing`:
    theirs now, while its file is no longer shipped.
    """
    shipped = await asyncio.to_thread(loading.read_shipped, folder, facts)
    files = {name_of(entry): entry for entry in shipped.entries}
    async with works.reading() as reader:
        kept = {name_of(each.entry): each for each in await entries.kept_of(reader, [None])}
        own = await store.began_here(reader)
    without_file = [
        each for name, each in kept.items() if name not in files and each.state is State.PUBLISHED
    ]
    changed = [name for name in files if name in kept and _differs(kept[name], fingerprint(files[name]))]
    return {
        "new": _names(each for each in without_file if each.row in own),
        "changed": [
            {"id": label(name), "diff": unified(files[name], kept[name].entry)} for name in sorted(changed)
        ],
        "retired": labels(name for name in files if name in kept and kept[name].state is State.RETIRED),
        "missing": _names(each for each in without_file if each.row not in own),
    }


async def owner_named(reader: Reader, unit: str | None) -> Owner:
    """Whose entries a unit's are; `UnknownUnit` for a name or join token that no unit has."""
    if unit is None:
        return None
    for each in await roster.units(reader):
        if unit in (each.name, each.join_token):
            return await rights.owner_of(reader, each.id)
    raise UnknownUnit(unit=unit)


def _differs(kept: Kept, shipped: str) -> bool:
    return kept.state is State.PUBLISHED and fingerprint(kept.entry) != shipped


def _shape(path: Path) -> Shape | None:
    ending = path.suffix.lower().removeprefix(".")
    return Shape(ending) if ending in set(Shape) else None


def _labels(items: Sequence[Item]) -> Sequence[str]:
    return labels(name_of(item.entry) for item in items)


def _names(kept: Iterable[Kept]) -> Sequence[str]:
    return labels(name_of(each.entry) for each in kept)
