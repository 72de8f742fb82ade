"""The FAQ's rows."""

import dataclasses
import json
from collections.abc import Collection, Mapping, Sequence

from bot.faq.matcher import Topic
from bot.faq.model import (
    CameBy,
    Decision,
    HandOver,
    Kind,
    Listed,
    Question,
    Scope,
    Shown,
    Stage,
    Verdict,
    Verdicts,
)
from bot.faq.upkeep import snapshot
from bot.kit.database import Reader, Row, Session

_HAND_OVER = (HandOver.NEVER, HandOver.ALWAYS, HandOver.OFFERED)
"""By the number that stands for it in a row."""

# One row per slug: of the nearest unit that has it, in the reader's language where there is one, else in Chinese.
# Ranked by id alone: the texts, which are long, are fetched for what is left.
_SEEN = """
WITH RECURSIVE line (id, depth) AS (
    SELECT id, 0 FROM unit WHERE id = :branch
    UNION ALL
    SELECT unit.parent_id, line.depth + 1 FROM unit JOIN line ON unit.id = line.id WHERE unit.parent_id IS NOT NULL
), placed AS (
    SELECT entry.id, ROW_NUMBER() OVER (
        PARTITION BY entry.slug
        ORDER BY COALESCE(line.depth, 1000), CASE WHEN entry.language = :language THEN 0 ELSE 1 END,
                 entry.language DESC
    ) AS place
    FROM faq_entry AS entry LEFT JOIN line ON line.id = entry.unit_id
    WHERE entry.state = 'published' AND (entry.unit_id IS NULL OR line.id IS NOT NULL){only}
), visible AS (
    SELECT entry.* FROM placed JOIN faq_entry AS entry ON entry.id = placed.id
    WHERE placed.place = 1 AND (entry.audience = 'public' OR :bound = 1)
)
"""
_VISIBLE = _SEEN.format(only="")
_VISIBLE_ONE = _SEEN.format(only=" AND entry.slug = :slug")


@dataclasses.dataclass(frozen=True, slots=True)
class Taught:
    """What the matcher has learnt, as `matcher.remembering` writes it."""

    key: str
    """Of what it was learnt from."""
    learnt: str
    weights: bytes


async def taught(reader: Reader) -> Taught | None:
    row = await reader.first("SELECT key, learnt, weights FROM faq_taught WHERE id = 1")
    return None if row is None else Taught(row["key"], row["learnt"], bytes(row["weights"]))


async def keep_taught(session: Session, taught: Taught, *, now: int) -> None:
    """Keeps it in place of what was kept before."""
    await session.run(
        "INSERT INTO faq_taught (id, key, learnt, weights, at) VALUES (1, :key, :learnt, :weights, :now)"
        " ON CONFLICT (id) DO UPDATE SET key = excluded.key, learnt = excluded.learnt,"
        " weights = excluded.weights, at = excluded.at",
        key=taught.key,
        learnt=taught.learnt,
        weights=taught.weights,
        now=now,
    )


async def version(reader: Reader) -> int:
    """Changes whenever something that the matcher's index holds has changed."""
    return int(await reader.value("SELECT version FROM faq_content WHERE id = 1"))


async def count_version(session: Session) -> None:
    await session.run("UPDATE faq_content SET version = version + 1 WHERE id = 1")


async def visible(reader: Reader, scope: Scope) -> Sequence[Listed]:
    """All that these eyes may see, by slug."""
    rows = await reader.all(
        f"{_VISIBLE} SELECT id, slug, unit_id, kind, title, stage FROM visible ORDER BY slug", **_eyes(scope)
    )
    return [_listed(row) for row in rows]


async def of_stage(reader: Reader, scope: Scope, stage: Stage) -> Sequence[Listed]:
    """The entries of a stage: the own branch's first, then those of the units above, then everybody's; by slug."""
    rows = await reader.all(
        f"{_VISIBLE} SELECT id, slug, unit_id, kind, title, stage FROM visible"
        " WHERE kind = 'entry' AND stage = :stage ORDER BY"
        " CASE WHEN unit_id IS NULL THEN 2 WHEN unit_id = :branch THEN 0 ELSE 1 END, slug",
        stage=str(stage),
        **_eyes(scope),
    )
    return [_listed(row) for row in rows]


async def of_step(reader: Reader, scope: Scope, step: str) -> Sequence[Listed]:
    """The entries tied to a card of the walk-through, in the order of `of_stage`."""
    rows = await reader.all(
        f"{_VISIBLE} SELECT id, slug, unit_id, kind, title, stage FROM visible"
        " WHERE kind = 'entry' AND steps LIKE :step ESCAPE '!' ORDER BY"
        " CASE WHEN unit_id IS NULL THEN 2 WHEN unit_id = :branch THEN 0 ELSE 1 END, slug",
        step=f"%{json.dumps(step).replace('_', '!_')}%",
        **_eyes(scope),
    )
    return [_listed(row) for row in rows]


async def count_by_stage(reader: Reader, scope: Scope) -> Mapping[Stage, int]:
    """How many entries each stage has; stages without any are left out."""
    rows = await reader.all(
        f"{_VISIBLE} SELECT stage, COUNT(*) AS entries FROM visible"
        " WHERE kind = 'entry' AND stage IS NOT NULL GROUP BY stage",
        **_eyes(scope),
    )
    return {Stage(row["stage"]): row["entries"] for row in rows}


async def most_read(reader: Reader, scope: Scope, *, since: int, limit: int) -> Sequence[Listed]:
    """The entries read most often since an instant, by anybody; those never read come after."""
    rows = await reader.all(
        f"{_VISIBLE} SELECT id, slug, unit_id, kind, title, stage FROM visible LEFT JOIN"
        " (SELECT opened, COUNT(*) AS times FROM faq_question WHERE at >= :since GROUP BY opened) AS found"
        " ON found.opened = visible.slug WHERE kind = 'entry' ORDER BY COALESCE(times, 0) DESC, slug LIMIT :limit",
        since=since,
        limit=limit,
        **_eyes(scope),
    )
    return [_listed(row) for row in rows]


async def verdicts(reader: Reader, slug: str, branches: Collection[int] | None, since: int) -> Verdicts:
    """What became of the entry of this id since an instant, with people of these branches (None: with anybody)."""
    named = {f"branch{number}": branch for number, branch in enumerate(branches or ())}
    placeholders = ", ".join(f":{name}" for name in named) or "NULL"
    row = await reader.first(
        "SELECT COUNT(*) AS asked, COALESCE(SUM(CASE WHEN verdict = 'solved' THEN 1 ELSE 0 END), 0) AS solved,"
        " COALESCE(SUM(CASE WHEN verdict = 'unsolved' THEN 1 ELSE 0 END), 0) AS unsolved FROM faq_question"
        " WHERE opened = :slug AND at >= :since"
        + ("" if branches is None else f" AND branch_id IN ({placeholders})"),
        slug=slug,
        since=since,
        **named,
    )
    return Verdicts(0, 0, 0) if row is None else Verdicts(row["asked"], row["solved"], row["unsolved"])


async def shown(reader: Reader, scope: Scope, slug: str) -> Shown | None:
    """The text of an entry; None when these eyes may not see it."""
    row = await reader.first(
        f"{_VISIBLE_ONE} SELECT slug, kind, title, body, stage, handover, language, media FROM visible",
        slug=slug,
        **_eyes(scope),
    )
    if row is None:
        return None
    return Shown(
        row["slug"],
        Kind(row["kind"]),
        row["title"],
        row["body"],
        None if row["stage"] is None else Stage(row["stage"]),
        _HAND_OVER[row["handover"]],
        row["language"],
        snapshot.media(json.loads(row["media"])),
    )


async def slug_of(reader: Reader, row_id: int) -> str | None:
    found = await reader.value("SELECT slug FROM faq_entry WHERE id = :id", id=row_id)
    return None if found is None else str(found)


def key_of(slug: str, unit_id: int | None) -> str:
    """How the index names an entry: units may each have their own under one slug."""
    return slug if unit_id is None else f"{slug}@{unit_id}"


def slug_in(key: str) -> str:
    return key.split("@", 1)[0]


async def topics(reader: Reader) -> Sequence[Topic]:
    """All that is published, of all units, with the phrasings of all languages."""
    rows = await reader.all(
        "SELECT entry.slug, entry.unit_id, entry.kind, phrasing.text FROM faq_entry AS entry"
        " JOIN faq_phrasing AS phrasing ON phrasing.entry_id = entry.id WHERE entry.state = 'published'"
        " ORDER BY entry.slug, entry.unit_id, entry.language DESC, phrasing.place"
    )
    phrasings: dict[str, list[str]] = {}
    kinds: dict[str, Kind] = {}
    for row in rows:
        key = key_of(row["slug"], row["unit_id"])
        phrasings.setdefault(key, []).append(row["text"])
        kinds[key] = Kind(row["kind"])
    return [Topic(key, kinds[key], tuple(texts)) for key, texts in phrasings.items()]


async def note_question(
    session: Session,
    *,
    branch_id: int | None,
    came_by: CameBy,
    decision: Decision,
    shown: Sequence[str],
    confidence: float | None,
    opened: str | None,
    now: int,
) -> int:
    """Notes that something was asked and what came of it; returns its id."""
    return int(
        await session.value(
            "INSERT INTO faq_question (at, branch_id, came_by, decision, shown, confidence, opened)"
            " VALUES (:now, :branch, :came_by, :decision, :shown, :confidence, :opened) RETURNING id",
            now=now,
            branch=branch_id,
            came_by=str(came_by),
            decision=str(decision),
            shown=json.dumps(list(shown)),
            confidence=None if confidence is None else round(1_000 * confidence),
            opened=opened,
        )
    )


async def question(reader: Reader, question_id: int) -> Question | None:
    row = await reader.first("SELECT * FROM faq_question WHERE id = :id", id=question_id)
    if row is None:
        return None
    return Question(
        row["id"],
        CameBy(row["came_by"]),
        Decision(row["decision"]),
        tuple(json.loads(row["shown"])),
        row["opened"],
        None if row["verdict"] is None else Verdict(row["verdict"]),
    )


async def note_opened(session: Session, question_id: int, slug: str) -> None:
    await session.run("UPDATE faq_question SET opened = :slug WHERE id = :id", slug=slug, id=question_id)


async def note_verdict(session: Session, question_id: int, verdict: Verdict, *, now: int) -> None:
    await session.run(
        "UPDATE faq_question SET verdict = :verdict, verdict_at = :now WHERE id = :id",
        verdict=str(verdict),
        now=now,
        id=question_id,
    )


async def keep_words(session: Session, question_id: int, account_id: int, text: str, *, now: int) -> None:
    """Keeps the question as written until it is settled: nobody needs to type it again to have it handed over."""
    await session.run(
        "INSERT INTO faq_asked (question_id, account_id, text, at) VALUES (:question, :account, :text, :now)",
        question=question_id,
        account=account_id,
        text=text,
        now=now,
    )


async def asked_by(reader: Reader, question_id: int, account_id: int) -> bool:
    """Whether this account has asked this question and it is not settled yet."""
    found = await reader.value(
        "SELECT 1 FROM faq_asked WHERE question_id = :question AND account_id = :account",
        question=question_id,
        account=account_id,
    )
    return found is not None


async def take_words(session: Session, question_id: int, account_id: int) -> str | None:
    """The question as written, which is forgotten by this; None when it was settled, is too old, or is somebody
    else's.
    """
    found = await session.value(
        "DELETE FROM faq_asked WHERE question_id = :question AND account_id = :account RETURNING text",
        question=question_id,
        account=account_id,
    )
    return None if found is None else str(found)


async def forget_words(session: Session, *, before: int, limit: int) -> int:
    """Forgets the words of questions asked before an instant; returns how many."""
    return await session.run(
        "DELETE FROM faq_asked WHERE question_id IN"
        " (SELECT question_id FROM faq_asked WHERE at < :before ORDER BY at LIMIT :limit)",
        before=before,
        limit=limit,
    )


async def words_kept(reader: Reader, account_id: int) -> int:
    """How many questions of this account still await a verdict."""
    return int(
        await reader.value("SELECT COUNT(*) FROM faq_asked WHERE account_id = :account", account=account_id)
    )


async def forget_account(session: Session, account_id: int) -> None:
    await session.run("DELETE FROM faq_asked WHERE account_id = :account", account=account_id)


def _eyes(scope: Scope) -> Mapping[str, object]:
    return {
        "branch": scope.branch_id,
        "bound": int(scope.branch_id is not None),
        "language": scope.language,
    }


def _listed(row: Row) -> Listed:
    return Listed(
        row["id"],
        row["slug"],
        row["unit_id"],
        Kind(row["kind"]),
        row["title"],
        None if row["stage"] is None else Stage(row["stage"]),
    )
