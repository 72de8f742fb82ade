"""The FAQ's rows."""

import dataclasses
import json
from collections.abc import Mapping, Sequence

from bot.faq.index import Topic
from bot.faq.model import (
    Audience,
    CameBy,
    Decision,
    Entry,
    HandOver,
    Kind,
    Listed,
    Phone,
    Question,
    Scope,
    Shown,
    Stage,
    Verdict,
)
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
class Filed:
    """An entry of the organisation with where it came from."""

    row: int
    entry: Entry
    digest: str
    published: bool
    edited: bool
    """Changed by the organisation's own people: files shipped with the bot leave it alone."""


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
    rows = await reader.all(
        f"{_VISIBLE} SELECT id, slug, unit_id, kind, title, stage FROM visible"
        " WHERE kind = 'entry' AND stage = :stage ORDER BY slug",
        stage=str(stage),
        **_eyes(scope),
    )
    return [_listed(row) for row in rows]


async def shown(reader: Reader, scope: Scope, slug: str) -> Shown | None:
    """The text of an entry; None when these eyes may not see it."""
    row = await reader.first(
        f"{_VISIBLE_ONE} SELECT slug, kind, title, body, stage, handover, language FROM visible",
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


async def digests(reader: Reader) -> Mapping[tuple[str, str], tuple[str, bool]]:
    """Of the organisation's published entries, by slug and language: the file's digest, and whether it was edited."""
    rows = await reader.all(
        "SELECT slug, language, digest, edited_at FROM faq_entry WHERE unit_id IS NULL AND state = 'published'"
    )
    return {(row["slug"], row["language"]): (row["digest"], row["edited_at"] is not None) for row in rows}


async def filed(reader: Reader) -> Sequence[Filed]:
    """The organisation's own entries, retired ones too, by slug; Chinese first."""
    said: dict[int, list[str]] = {}
    for row in await reader.all("SELECT entry_id, text FROM faq_phrasing ORDER BY entry_id, place"):
        said.setdefault(row["entry_id"], []).append(row["text"])
    rows = await reader.all("SELECT * FROM faq_entry WHERE unit_id IS NULL ORDER BY slug, language DESC")
    return [
        Filed(
            row["id"],
            _entry(row, tuple(said.get(row["id"], ()))),
            row["digest"],
            row["state"] == "published",
            row["edited_at"] is not None,
        )
        for row in rows
    ]


async def put(
    session: Session, entry: Entry, *, origin: str, digest: str, edited_at: int | None, now: int
) -> None:
    """Writes an entry of the organisation over the one of the same slug and language, and publishes it."""
    row_id = await session.value(
        "INSERT INTO faq_entry (unit_id, slug, language, kind, title, body, stage, steps, phones, audience, source,"
        " handover, state, origin, digest, edited_at, updated_at) VALUES (NULL, :slug, :language, :kind, :title, :body,"
        " :stage, :steps, :phones, :audience, :source, :handover, 'published', :origin, :digest, :edited, :now)"
        " ON CONFLICT (COALESCE(unit_id, 0), slug, language) DO UPDATE SET kind = excluded.kind,"
        " title = excluded.title, body = excluded.body, stage = excluded.stage, steps = excluded.steps,"
        " phones = excluded.phones, audience = excluded.audience, source = excluded.source,"
        " handover = excluded.handover, state = excluded.state, origin = excluded.origin, digest = excluded.digest,"
        " edited_at = excluded.edited_at, updated_at = excluded.updated_at RETURNING id",
        slug=entry.id,
        language=entry.language,
        kind=str(entry.kind),
        title=entry.title,
        body=entry.body,
        stage=None if entry.stage is None else str(entry.stage),
        steps=json.dumps(entry.steps),
        phones=json.dumps(entry.phones),
        audience=str(entry.audience),
        source=entry.source,
        handover=_HAND_OVER.index(entry.handover),
        origin=origin,
        digest=digest,
        edited=edited_at,
        now=now,
    )
    await session.run("DELETE FROM faq_phrasing WHERE entry_id = :entry", entry=row_id)
    await session.run_many(
        "INSERT INTO faq_phrasing (entry_id, place, text) VALUES (:entry, :place, :text)",
        [{"entry": row_id, "place": place, "text": text} for place, text in enumerate(entry.phrasings)],
    )


async def retire(session: Session, slug: str, language: str, *, now: int) -> None:
    await session.run(
        "UPDATE faq_entry SET state = 'retired', updated_at = :now"
        " WHERE unit_id IS NULL AND slug = :slug AND language = :language",
        slug=slug,
        language=language,
        now=now,
    )


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


def _entry(row: Row, phrasings: tuple[str, ...]) -> Entry:
    return Entry(
        id=row["slug"],
        language=row["language"],
        title=row["title"],
        body=row["body"],
        phrasings=phrasings,
        kind=Kind(row["kind"]),
        stage=None if row["stage"] is None else Stage(row["stage"]),
        steps=tuple(json.loads(row["steps"])),
        phones=tuple(Phone(phone) for phone in json.loads(row["phones"])),
        audience=Audience(row["audience"]),
        source=row["source"],
        handover=_HAND_OVER[row["handover"]],
    )
