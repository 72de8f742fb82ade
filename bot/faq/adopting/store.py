"""Looking for what units below have written."""

from collections.abc import Sequence

from bot.kit.database import Reader


async def authors_below(reader: Reader, unit_id: int) -> Sequence[int]:
    """The units under this one, itself not counted, that have published entries of their own; by id."""
    rows = await reader.all(
        "WITH RECURSIVE below (id) AS (SELECT unit.id FROM unit WHERE unit.parent_id = :unit"
        " UNION ALL SELECT unit.id FROM unit JOIN below ON unit.parent_id = below.id)"
        " SELECT DISTINCT entry.unit_id FROM faq_entry AS entry JOIN below ON below.id = entry.unit_id"
        " WHERE entry.state = 'published' AND entry.kind = 'entry' ORDER BY entry.unit_id",
        unit=unit_id,
    )
    return [row["unit_id"] for row in rows]


async def changed_at(reader: Reader, at: int, by: int, act: str) -> Sequence[int]:
    """The entries to which this person did this at that instant, in order."""
    rows = await reader.all(
        "SELECT entry_id FROM faq_revision WHERE at = :at AND by_member = :by AND act = :act ORDER BY id",
        at=at,
        by=by,
        act=act,
    )
    return [row["entry_id"] for row in rows]
