"""What was done to an entry: read by the staff of the unit whose it is."""

import dataclasses
from collections.abc import Sequence

from bot.faq.editing import browsing
from bot.faq.errors import NothingToUndo, NotVisible
from bot.faq.model import Owner
from bot.faq.upkeep import store as upkeep
from bot.faq.upkeep.store import Kept, Revision
from bot.kit.database import Reader
from bot.roster import store as roster
from bot.roster.model import Actor

PAGE = 6


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    revision: Revision
    changer: str | None
    """None where no person did it."""


@dataclasses.dataclass(frozen=True, slots=True)
class History:
    kept: Kept
    page: int
    changes: Sequence[Change]
    """Of the page, the latest first."""
    total: int


async def history(reader: Reader, actor: Actor, owner: Owner, row: int, page: int) -> History:
    """A page of an own entry's changes; a page past the end shows the last one."""
    kept = await browsing.own(reader, actor, owner, row)
    total = await upkeep.count_revisions(reader, row)
    page = min(max(page, 0), max(0, (total - 1) // PAGE))
    found = await upkeep.revisions(reader, row, limit=PAGE, skip=page * PAGE)
    return History(kept, page, [await _change(reader, each) for each in found], total)


async def one(reader: Reader, actor: Actor, owner: Owner, revision_id: int) -> Change:
    revision = await upkeep.revision(reader, revision_id)
    if revision is None:
        raise NotVisible
    await browsing.own(reader, actor, owner, revision.entry_row)
    return await _change(reader, revision)


async def latest(reader: Reader, actor: Actor, owner: Owner, row: int) -> Change:
    """The change that would be taken back; `NothingToUndo` where there is none."""
    await browsing.own(reader, actor, owner, row)
    found = await upkeep.revisions(reader, row, limit=1)
    if not found:
        raise NothingToUndo
    return await _change(reader, found[0])


async def _change(reader: Reader, revision: Revision) -> Change:
    person = None if revision.by is None else await roster.person(reader, revision.by)
    return Change(revision, None if person is None else person.member.name)
