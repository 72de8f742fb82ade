"""Who may change which entries: each unit's staff their own unit's.

The entries of the whole organisation are those of the unit at its top. Where several units have nobody above them, the
common entries are nobody's, and change by files only.
"""

from collections.abc import Sequence

from bot.faq.model import Owner
from bot.kit.database import Reader
from bot.kit.errors import NotAllowed
from bot.roster import store as roster
from bot.roster.model import Actor, UnitKind

_LEVELS = (UnitKind.BRANCH, UnitKind.GENERAL, UnitKind.COMMITTEE)


async def owners(reader: Reader, actor: Actor) -> Sequence[Owner]:
    """Whose entries the actor may change, the level nearest to the members first."""
    top = await _top(reader)
    held = [unit for post in actor.posts if (unit := await roster.unit(reader, post.unit_id)) is not None]
    held.sort(key=lambda unit: (_LEVELS.index(unit.kind), unit.id))
    return list(dict.fromkeys(None if unit.id == top else unit.id for unit in held))


async def owner_of(reader: Reader, unit_id: int) -> Owner:
    """Whose a unit's entries are: its own, or of the unit at the top, the whole organisation's."""
    return None if unit_id == await _top(reader) else unit_id


async def require(reader: Reader, actor: Actor, owner: Owner) -> int:
    """The acting member's id; `NotAllowed` where these entries are not theirs to change."""
    if actor.member is None or owner not in await owners(reader, actor):
        raise NotAllowed
    return actor.member.id


async def above(reader: Reader, owner: Owner) -> Sequence[Owner]:
    """Whose entries this owner's own override, the nearest first."""
    if owner is None:
        return []
    top = await _top(reader)
    return [*(unit.id for unit in await roster.lineage(reader, owner) if unit.id not in (owner, top)), None]


async def below(reader: Reader, owner: Owner) -> Sequence[int]:
    """The branches for whose members this owner's entries are."""
    if owner is None:
        return [unit.id for unit in await roster.units(reader, UnitKind.BRANCH)]
    return [unit.id for unit in await roster.branches_below(reader, owner)]


async def _top(reader: Reader) -> int | None:
    roots = await roster.children(reader, None)
    return roots[0].id if len(roots) == 1 else None
