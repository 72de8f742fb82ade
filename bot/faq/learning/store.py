"""The rows of lessons."""

import json
from collections.abc import Collection, Sequence

from bot.faq.learning.model import Lesson, LessonState, Reason
from bot.kit.database import Reader, Row, Session

_LESSON = "SELECT lesson.id, branch_id, account_id, text, reason, shown, answer, at FROM faq_lesson AS lesson"

# An entry changed after the question was asked, and with its very wording, has taken care of it, whoever wrote it.
_TAKEN_CARE_OF = """
    SELECT asked.id FROM faq_lesson AS asked
    JOIN faq_phrasing AS phrasing ON phrasing.text = asked.text
    JOIN faq_entry AS entry ON entry.id = phrasing.entry_id
    WHERE asked.state = 'open' AND entry.state = 'published' AND entry.updated_at > asked.at
      AND (entry.unit_id IS NULL OR entry.unit_id = asked.branch_id OR entry.unit_id IN (SELECT id FROM line))
"""
_OPEN = f"""
WITH RECURSIVE line (id) AS (
    SELECT id FROM unit WHERE id = :unit
    UNION ALL SELECT unit.parent_id FROM unit JOIN line ON unit.id = line.id WHERE unit.parent_id IS NOT NULL
), below (id) AS (
    SELECT id FROM unit WHERE id = :unit
    UNION ALL SELECT unit.id FROM unit JOIN below ON unit.parent_id = below.id
)
{_LESSON} WHERE state = 'open' AND branch_id IN (SELECT id FROM below) AND lesson.id NOT IN ({_TAKEN_CARE_OF})
ORDER BY at DESC, lesson.id DESC LIMIT :limit
"""


async def add(
    session: Session,
    *,
    unit_id: int,
    account_id: int,
    text: str,
    reason: Reason,
    shown: Sequence[str],
    answer: str | None,
    now: int,
) -> int:
    return int(
        await session.value(
            "INSERT INTO faq_lesson (branch_id, account_id, text, reason, shown, answer, state, at)"
            " VALUES (:unit, :account, :text, :reason, :shown, :answer, 'open', :now) RETURNING id",
            unit=unit_id,
            account=account_id,
            text=text,
            reason=str(reason),
            shown=json.dumps(list(shown)),
            answer=answer,
            now=now,
        )
    )


async def same(reader: Reader, unit_id: int, account_id: int, text: str) -> tuple[Lesson, LessonState] | None:
    """The latest time this person asked this, in these words."""
    row = await reader.first(
        "SELECT * FROM faq_lesson WHERE branch_id = :unit AND account_id = :account AND text = :text"
        " ORDER BY id DESC LIMIT 1",
        unit=unit_id,
        account=account_id,
        text=text,
    )
    return None if row is None else (_lesson(row), LessonState(row["state"]))


async def lesson(reader: Reader, lesson_id: int) -> tuple[Lesson, LessonState] | None:
    row = await reader.first("SELECT * FROM faq_lesson WHERE id = :id", id=lesson_id)
    return None if row is None else (_lesson(row), LessonState(row["state"]))


async def note_answer(session: Session, lesson_id: int, answer: str | None) -> None:
    await session.run("UPDATE faq_lesson SET answer = :answer WHERE id = :id", id=lesson_id, answer=answer)


async def open_for(reader: Reader, unit_id: int, *, limit: int) -> Sequence[Lesson]:
    """What is open in a unit and below it, the newest first, without what an entry has taken care of since."""
    return [_lesson(row) for row in await reader.all(_OPEN, unit=unit_id, limit=limit)]


async def refused(reader: Reader, unit_id: int) -> Sequence[str]:
    """The texts that the unit does not want."""
    rows = await reader.all(
        "SELECT text FROM faq_lesson WHERE branch_id = :unit AND state IN ('dismissed', 'shut')"
        " ORDER BY settled_at DESC, id LIMIT 500",
        unit=unit_id,
    )
    return [row["text"] for row in rows]


async def settle(session: Session, lesson_id: int, state: LessonState, *, by: int, now: int) -> None:
    await session.run(
        "UPDATE faq_lesson SET state = :state, settled_by = :by, settled_at = :now WHERE id = :id AND state = 'open'",
        id=lesson_id,
        state=str(state),
        by=by,
        now=now,
    )


async def copy(
    session: Session, lesson_id: int, unit_id: int, state: LessonState, *, by: int | None, now: int | None
) -> None:
    """The same lesson in another unit's queue."""
    await session.run(
        "INSERT INTO faq_lesson (branch_id, account_id, text, reason, shown, answer, state, at, settled_by, settled_at)"
        " SELECT :unit, account_id, text, reason, shown, answer, :state, at, :by, :now FROM faq_lesson WHERE id = :id",
        id=lesson_id,
        unit=unit_id,
        state=str(state),
        by=by,
        now=now,
    )


async def reopen(session: Session, *, by: int, at: int, above: Collection[int]) -> int:
    """Takes back what this person settled at that instant; returns how many lessons it was. `above`: the units to
    which they may have been passed.
    """
    for unit_id in above:
        await session.run(
            "DELETE FROM faq_lesson WHERE state = 'open' AND branch_id = :unit AND EXISTS (SELECT 1 FROM faq_lesson AS"
            " passed WHERE passed.state = 'passed_up' AND passed.settled_by = :by AND passed.settled_at = :at"
            " AND passed.account_id = faq_lesson.account_id AND passed.text = faq_lesson.text"
            " AND passed.at = faq_lesson.at)",
            unit=unit_id,
            by=by,
            at=at,
        )
    shut = await session.run(
        "DELETE FROM faq_lesson WHERE state = 'shut' AND settled_by = :by AND settled_at = :at", by=by, at=at
    )
    opened = await session.run(
        "UPDATE faq_lesson SET state = 'open', settled_by = NULL, settled_at = NULL"
        " WHERE settled_by = :by AND settled_at = :at",
        by=by,
        at=at,
    )
    return shut + opened


async def units_with_open(reader: Reader, *, at_least: int) -> Sequence[int]:
    """The units in whose queue so many questions may stand, by id."""
    rows = await reader.all(
        "WITH RECURSIVE up (lesson, unit) AS (SELECT id, branch_id FROM faq_lesson WHERE state = 'open'"
        " UNION ALL SELECT up.lesson, unit.parent_id FROM up JOIN unit ON unit.id = up.unit"
        " WHERE unit.parent_id IS NOT NULL)"
        " SELECT unit FROM up GROUP BY unit HAVING COUNT(*) >= :least ORDER BY unit",
        least=at_least,
    )
    return [row["unit"] for row in rows]


async def forget_old(session: Session, *, before: int, settled_before: int, limit: int) -> int:
    """Forgets lessons asked before an instant and, for those that were dismissed, dismissed before another one."""
    return await session.run(
        "DELETE FROM faq_lesson WHERE id IN (SELECT id FROM faq_lesson WHERE"
        " (state NOT IN ('dismissed', 'shut') AND at < :before)"
        " OR (state IN ('dismissed', 'shut') AND settled_at < :settled_before) ORDER BY id LIMIT :limit)",
        before=before,
        settled_before=settled_before,
        limit=limit,
    )


async def forget_account(session: Session, account_id: int) -> None:
    await session.run("DELETE FROM faq_lesson WHERE account_id = :account", account=account_id)


async def count_of(reader: Reader, account_id: int) -> int:
    """How many questions of this account are kept, each once."""
    return int(
        await reader.value(
            "SELECT COUNT(*) FROM (SELECT DISTINCT text, at FROM faq_lesson WHERE account_id = :account) AS kept",
            account=account_id,
        )
    )


async def names_in(reader: Reader, text: str) -> Sequence[str]:
    """The names of the roster's people, of today and before, that stand in a text."""
    rows = await reader.all(
        "SELECT DISTINCT name FROM member WHERE LENGTH(name) > 1 AND LOWER(:text) LIKE '%' || LOWER(name) || '%'"
        " ORDER BY name",
        text=text,
    )
    return [row["name"] for row in rows]


async def name_of(reader: Reader, account_id: int) -> str | None:
    """The name on the roster of whom an account belongs to."""
    name = await reader.value(
        "SELECT member.name FROM account JOIN member ON member.id = account.member_id WHERE account.id = :account",
        account=account_id,
    )
    return None if name is None else str(name)


def _lesson(row: Row) -> Lesson:
    return Lesson(
        row["id"],
        row["branch_id"],
        row["account_id"],
        row["text"],
        Reason(row["reason"]),
        tuple(json.loads(row["shown"])),
        row["answer"],
        row["at"],
    )
