"""What became of questions, counted."""

import json
from collections import Counter
from collections.abc import Collection, Mapping

from bot.faq.model import Decision
from bot.kit.database import Reader


async def decisions(reader: Reader, branches: Collection[int], since: int) -> Mapping[Decision, int]:
    """How the typed questions of these branches' members were answered since an instant."""
    rows = await reader.all(
        "SELECT decision, COUNT(*) AS times FROM faq_question WHERE came_by = 'text' AND at >= :since"
        f" AND branch_id IN ({_numbers(branches)}) GROUP BY decision",
        since=since,
    )
    return {Decision(row["decision"]): row["times"] for row in rows}


async def verdicts(reader: Reader, branches: Collection[int], since: int) -> tuple[int, int]:
    """How many of what these branches' members were shown solved it, and how many did not."""
    row = await reader.first(
        "SELECT COALESCE(SUM(CASE WHEN verdict = 'solved' THEN 1 ELSE 0 END), 0) AS solved,"
        " COALESCE(SUM(CASE WHEN verdict IN ('unsolved', 'none_fits') THEN 1 ELSE 0 END), 0) AS unsolved"
        f" FROM faq_question WHERE at >= :since AND branch_id IN ({_numbers(branches)})",
        since=since,
    )
    return (0, 0) if row is None else (row["solved"], row["unsolved"])


async def let_down(reader: Reader, branches: Collection[int], since: int) -> Mapping[str, tuple[int, int]]:
    """By slug, how often an entry was read by these branches' members and did not solve it, and how often it did."""
    rows = await reader.all(
        "SELECT opened, COALESCE(SUM(CASE WHEN verdict = 'unsolved' THEN 1 ELSE 0 END), 0) AS unsolved,"
        " COALESCE(SUM(CASE WHEN verdict = 'solved' THEN 1 ELSE 0 END), 0) AS solved FROM faq_question"
        f" WHERE opened IS NOT NULL AND at >= :since AND branch_id IN ({_numbers(branches)}) GROUP BY opened",
        since=since,
    )
    return {row["opened"]: (row["unsolved"], row["solved"]) for row in rows if row["unsolved"]}


async def offered_in_vain(reader: Reader, branches: Collection[int], since: int) -> Mapping[str, int]:
    """By slug, how often an entry was suggested to these branches' members and none of the suggestions fitted."""
    rows = await reader.all(
        "SELECT shown FROM faq_question WHERE verdict = 'none_fits' AND at >= :since"
        f" AND branch_id IN ({_numbers(branches)})",
        since=since,
    )
    return Counter(slug for row in rows for slug in json.loads(row["shown"]))


def _numbers(values: Collection[int]) -> str:
    return ", ".join(str(int(value)) for value in values) or "NULL"
