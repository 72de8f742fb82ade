"""What keepers look for among the rows of entries and of questions."""

import dataclasses
from collections.abc import Collection, Mapping, Sequence

from bot.faq.editing.rules import Line, folded
from bot.faq.model import Kind, Owner, Stage, State, Verdict
from bot.kit.database import Reader, Row

_LINE = (
    "SELECT entry.id, entry.unit_id, entry.slug, entry.language, entry.kind, entry.title, entry.stage, entry.state"
    " FROM faq_entry AS entry WHERE COALESCE(entry.unit_id, 0) = :owner"
)
_HOLDS = (
    " AND (LOWER(entry.title) LIKE :word ESCAPE '!' OR LOWER(entry.body) LIKE :word ESCAPE '!'"
    " OR EXISTS (SELECT 1 FROM faq_phrasing AS phrasing WHERE phrasing.entry_id = entry.id"
    " AND LOWER(phrasing.text) LIKE :word ESCAPE '!'))"
)
_PHRASINGS = (
    "SELECT phrasing.text, entry.id, entry.unit_id, entry.slug, entry.language, entry.kind, entry.title, entry.stage,"
    " entry.state FROM faq_phrasing AS phrasing JOIN faq_entry AS entry ON entry.id = phrasing.entry_id"
    " WHERE COALESCE(entry.unit_id, 0) = :owner AND entry.state = 'published' ORDER BY entry.id, phrasing.place"
)


@dataclasses.dataclass(frozen=True, slots=True)
class Usage:
    """What members made of an entry in some time."""

    asked: int
    """How often it was read."""
    solved: int
    unsolved: int


async def lines(reader: Reader, owners: Sequence[Owner]) -> Sequence[Line]:
    """All entries, retired ones too, of these owners, by slug."""
    rows = [row for owner in owners for row in await reader.all(_LINE, owner=owner or 0)]
    return [_line(row) for row in sorted(rows, key=lambda row: (row["slug"], row["id"]))]


async def holding(reader: Reader, owners: Sequence[Owner], word: str) -> set[int]:
    """The rows of these owners' entries with this word in title, answer or a phrasing."""
    pattern = f"%{_literally(word.lower())}%"
    return {
        row["id"]
        for owner in owners
        for row in await reader.all(_LINE + _HOLDS, owner=owner or 0, word=pattern)
    }


async def asked_by(
    reader: Reader, owners: Sequence[Owner], phrasings: Collection[str]
) -> Mapping[str, Sequence[Line]]:
    """The published entries of these owners that have any of these phrasings, however spaced, by the folded phrasing."""
    wanted = {folded(phrasing) for phrasing in phrasings}
    found: dict[str, list[Line]] = {}
    for owner in owners:
        for row in await reader.all(_PHRASINGS, owner=owner or 0):
            if (key := folded(row["text"])) in wanted:
                found.setdefault(key, []).append(_line(row))
    return found


async def usage(reader: Reader, slug: str, owner: Owner, *, since: int) -> Usage:
    """How an entry fared with the members below its owner (None: with everybody)."""
    counts = (
        "SELECT COUNT(*) AS asked,"
        " COALESCE(SUM(CASE WHEN question.verdict = :solved THEN 1 ELSE 0 END), 0) AS solved,"
        " COALESCE(SUM(CASE WHEN question.verdict = :unsolved THEN 1 ELSE 0 END), 0) AS unsolved"
        " FROM faq_question AS question WHERE question.opened = :slug AND question.at >= :since"
    )
    below = (
        "WITH RECURSIVE tree (id) AS (SELECT id FROM unit WHERE id = :owner"
        " UNION ALL SELECT unit.id FROM unit JOIN tree ON unit.parent_id = tree.id) "
    )
    values = {
        "slug": slug,
        "since": since,
        "solved": str(Verdict.SOLVED),
        "unsolved": str(Verdict.UNSOLVED),
    }
    if owner is None:
        row = await reader.first(counts, **values)
    else:
        scoped = f"{below}{counts} AND question.branch_id IN (SELECT id FROM tree)"
        row = await reader.first(scoped, owner=owner, **values)
    return Usage(0, 0, 0) if row is None else Usage(row["asked"], row["solved"], row["unsolved"])


def _literally(word: str) -> str:
    """A word as LIKE takes it with `!` as its escape."""
    return "".join(f"!{character}" if character in "!%_" else character for character in word)


def _line(row: Row) -> Line:
    return Line(
        row["id"],
        row["unit_id"],
        row["slug"],
        row["language"],
        Kind(row["kind"]),
        row["title"],
        None if row["stage"] is None else Stage(row["stage"]),
        State(row["state"]),
    )
