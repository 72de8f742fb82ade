"""The rows of entries as their keepers see them, with history, drafts and attachments."""

import dataclasses
import enum
import json
from collections.abc import Iterable, Mapping, Sequence

from bot.faq.model import Audience, Entry, HandOver, Kind, MediaKind, Owner, Phone, Stage, State
from bot.faq.upkeep import snapshot
from bot.kit.database import Reader, Row, Session

_HAND_OVER = (HandOver.NEVER, HandOver.ALWAYS, HandOver.OFFERED)
"""By the number that stands for it in a row."""


class Act(enum.StrEnum):
    """What was done to an entry."""

    CREATED = "created"
    EDITED = "edited"
    RETIRED = "retired"
    RESTORED = "restored"
    UNDONE = "undone"
    ADOPTED = "adopted"
    LEARNT = "learnt"
    """A member's wording was added."""
    IMPORTED = "imported"
    LOADED = "loaded"
    """From the content files shipped with the bot."""


@dataclasses.dataclass(frozen=True, slots=True)
class Kept:
    """An entry, published or retired, with what its keepers know of it."""

    row: int
    owner: Owner
    entry: Entry
    state: State
    digest: str
    """Of the file it was last read from; of a file that has it, were it written to one, where a person wrote it."""
    edited: bool
    """Changed by the organisation's own people: files shipped with the bot leave it alone."""
    changed_by: int | None
    changed_at: int
    author_unit_id: int | None
    """The unit it was adopted from."""
    revision: int
    """The id of its latest revision; 0 where it has none."""


@dataclasses.dataclass(frozen=True, slots=True)
class Revision:
    id: int
    entry_row: int
    at: int
    by: int | None
    """A member; None for files and commands."""
    act: Act
    before: Entry | None
    after: Entry
    state_before: State | None
    state_after: State


@dataclasses.dataclass(frozen=True, slots=True)
class Draft:
    """An entry somebody is writing. Nobody else sees it."""

    id: int
    member_id: int
    owner: Owner
    entry_row: int | None
    """What it will replace; None for a new entry."""
    base_revision: int
    """The entry's latest revision when the draft began: a later one means that somebody else was faster."""
    content: Entry
    touched_at: int


_KEPT = (
    "SELECT entry.*, COALESCE((SELECT MAX(revision.id) FROM faq_revision AS revision"
    " WHERE revision.entry_id = entry.id), 0) AS revision FROM faq_entry AS entry"
)


async def kept(reader: Reader, row_id: int) -> Kept | None:
    return await _one(reader, await reader.first(f"{_KEPT} WHERE entry.id = :id", id=row_id))


async def find(reader: Reader, owner: Owner, slug: str, language: str) -> Kept | None:
    row = await reader.first(
        f"{_KEPT} WHERE COALESCE(entry.unit_id, 0) = :owner AND entry.slug = :slug AND entry.language = :language",
        owner=owner or 0,
        slug=slug,
        language=language,
    )
    return await _one(reader, row)


async def kept_of(reader: Reader, owners: Iterable[Owner]) -> Sequence[Kept]:
    """All entries, retired ones too, of these owners; by slug, Chinese first."""
    said: dict[int, list[str]] = {}
    found: list[Row] = []
    for owner in dict.fromkeys(owners):
        for row in await reader.all(
            "SELECT phrasing.entry_id, phrasing.text FROM faq_phrasing AS phrasing"
            " JOIN faq_entry AS entry ON entry.id = phrasing.entry_id"
            " WHERE COALESCE(entry.unit_id, 0) = :owner ORDER BY phrasing.entry_id, phrasing.place",
            owner=owner or 0,
        ):
            said.setdefault(row["entry_id"], []).append(row["text"])
        found += await reader.all(
            f"{_KEPT} WHERE COALESCE(entry.unit_id, 0) = :owner ORDER BY entry.slug, entry.language DESC",
            owner=owner or 0,
        )
    return [_kept(row, tuple(said.get(row["id"], ()))) for row in found]


async def digests(reader: Reader) -> Mapping[tuple[str, str], tuple[str, bool]]:
    """Of the organisation's entries that are published or were changed by its people, by slug and language: the file's
    digest, and whether people changed it.
    """
    rows = await reader.all(
        "SELECT slug, language, digest, edited_at FROM faq_entry"
        " WHERE unit_id IS NULL AND (state = 'published' OR edited_at IS NOT NULL)"
    )
    return {(row["slug"], row["language"]): (row["digest"], row["edited_at"] is not None) for row in rows}


async def put(
    session: Session,
    entry: Entry,
    *,
    owner: Owner,
    origin: str,
    digest: str,
    edited_at: int | None,
    by: int | None,
    now: int,
    author_unit_id: int | None = None,
) -> int:
    """Writes an entry over the owner's one of the same slug and language, and publishes it; returns its row."""
    row_id = int(
        await session.value(
            "INSERT INTO faq_entry (unit_id, slug, language, kind, title, body, stage, steps, phones, audience, source,"
            " handover, media, state, origin, digest, edited_at, changed_by, author_unit_id, updated_at)"
            " VALUES (:owner, :slug, :language, :kind, :title, :body, :stage, :steps, :phones, :audience, :source,"
            " :handover, :media, 'published', :origin, :digest, :edited, :by, :author, :now)"
            " ON CONFLICT (COALESCE(unit_id, 0), slug, language) DO UPDATE SET kind = excluded.kind,"
            " title = excluded.title, body = excluded.body, stage = excluded.stage, steps = excluded.steps,"
            " phones = excluded.phones, audience = excluded.audience, source = excluded.source,"
            " handover = excluded.handover, media = excluded.media, state = excluded.state,"
            " origin = excluded.origin, digest = excluded.digest, edited_at = excluded.edited_at,"
            " changed_by = excluded.changed_by, updated_at = excluded.updated_at,"
            " author_unit_id = COALESCE(excluded.author_unit_id, faq_entry.author_unit_id) RETURNING id",
            owner=owner,
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
            media=snapshot.write_media(entry.media),
            origin=origin,
            digest=digest,
            edited=edited_at,
            by=by,
            author=author_unit_id,
            now=now,
        )
    )
    await session.run("DELETE FROM faq_phrasing WHERE entry_id = :entry", entry=row_id)
    await session.run_many(
        "INSERT INTO faq_phrasing (entry_id, place, text) VALUES (:entry, :place, :text)",
        [{"entry": row_id, "place": place, "text": text} for place, text in enumerate(entry.phrasings)],
    )
    return row_id


async def set_state(
    session: Session, row_id: int, state: State, *, edited_at: int | None, by: int | None, now: int
) -> None:
    await session.run(
        "UPDATE faq_entry SET state = :state, edited_at = :edited, changed_by = :by, updated_at = :now WHERE id = :id",
        id=row_id,
        state=str(state),
        edited=edited_at,
        by=by,
        now=now,
    )


async def note_revision(
    session: Session,
    row_id: int,
    act: Act,
    *,
    by: int | None,
    before: Kept | None,
    after: Entry,
    state_after: State,
    now: int,
) -> int:
    return int(
        await session.value(
            "INSERT INTO faq_revision (entry_id, at, by_member, act, before, after, state_before, state_after)"
            " VALUES (:entry, :now, :by, :act, :before, :after, :state_before, :state_after) RETURNING id",
            entry=row_id,
            now=now,
            by=by,
            act=str(act),
            before=None if before is None else snapshot.write(before.entry),
            after=snapshot.write(after),
            state_before=None if before is None else str(before.state),
            state_after=str(state_after),
        )
    )


async def revisions(reader: Reader, row_id: int, *, limit: int, skip: int = 0) -> Sequence[Revision]:
    """The latest first."""
    rows = await reader.all(
        "SELECT * FROM faq_revision WHERE entry_id = :entry ORDER BY id DESC LIMIT :limit OFFSET :skip",
        entry=row_id,
        limit=limit,
        skip=skip,
    )
    return [_revision(row) for row in rows]


async def revision(reader: Reader, revision_id: int) -> Revision | None:
    row = await reader.first("SELECT * FROM faq_revision WHERE id = :id", id=revision_id)
    return None if row is None else _revision(row)


async def count_revisions(reader: Reader, row_id: int) -> int:
    return int(await reader.value("SELECT COUNT(*) FROM faq_revision WHERE entry_id = :entry", entry=row_id))


async def begin_draft(
    session: Session,
    *,
    member_id: int,
    owner: Owner,
    entry_row: int | None,
    base_revision: int,
    content: Entry,
    now: int,
) -> int:
    return int(
        await session.value(
            "INSERT INTO faq_draft (member_id, unit_id, entry_id, base_revision, content, touched_at)"
            " VALUES (:member, :owner, :entry, :base, :content, :now) RETURNING id",
            member=member_id,
            owner=owner,
            entry=entry_row,
            base=base_revision,
            content=snapshot.write(content),
            now=now,
        )
    )


async def change_draft(
    session: Session, draft_id: int, content: Entry, *, base_revision: int, now: int
) -> None:
    await session.run(
        "UPDATE faq_draft SET content = :content, base_revision = :base, touched_at = :now WHERE id = :id",
        id=draft_id,
        content=snapshot.write(content),
        base=base_revision,
        now=now,
    )


async def draft(reader: Reader, draft_id: int) -> Draft | None:
    row = await reader.first("SELECT * FROM faq_draft WHERE id = :id", id=draft_id)
    return None if row is None else _draft(row)


async def drafts_of(reader: Reader, member_id: int) -> Sequence[Draft]:
    """A person's drafts, the one last touched first."""
    rows = await reader.all(
        "SELECT * FROM faq_draft WHERE member_id = :member ORDER BY touched_at DESC, id DESC",
        member=member_id,
    )
    return [_draft(row) for row in rows]


async def give_drafts(session: Session, before: int, after: int, owner: Owner) -> int:
    """Makes one person's drafts for an owner's entries another's; returns how many."""
    same_owner = "unit_id IS NULL" if owner is None else "unit_id = :owner"
    parameters = {} if owner is None else {"owner": owner}
    return await session.run(
        f"UPDATE faq_draft SET member_id = :after WHERE member_id = :before AND {same_owner}",
        before=before,
        after=after,
        **parameters,
    )


async def drop_draft(session: Session, draft_id: int) -> None:
    await session.run("DELETE FROM faq_draft WHERE id = :id", id=draft_id)


async def keep_media(
    session: Session, digest: str, kind: MediaKind, name: str, content: bytes, *, now: int
) -> None:
    """Keeps an attachment's bytes; the same bytes are kept once."""
    await session.run(
        "INSERT INTO faq_media (digest, kind, name, content, added_at) VALUES (:digest, :kind, :name, :content, :now)"
        " ON CONFLICT (digest) DO NOTHING",
        digest=digest,
        kind=str(kind),
        name=name,
        content=content,
        now=now,
    )


async def media_content(reader: Reader, digest: str) -> bytes | None:
    found = await reader.value("SELECT content FROM faq_media WHERE digest = :digest", digest=digest)
    return None if found is None else bytes(found)


async def _one(reader: Reader, row: Row | None) -> Kept | None:
    if row is None:
        return None
    said = await reader.all(
        "SELECT text FROM faq_phrasing WHERE entry_id = :entry ORDER BY place", entry=row["id"]
    )
    return _kept(row, tuple(each["text"] for each in said))


def _kept(row: Row, phrasings: tuple[str, ...]) -> Kept:
    return Kept(
        row["id"],
        row["unit_id"],
        Entry(
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
            media=snapshot.media(json.loads(row["media"])),
        ),
        State(row["state"]),
        row["digest"],
        row["edited_at"] is not None,
        row["changed_by"],
        row["updated_at"],
        row["author_unit_id"],
        row["revision"],
    )


def _revision(row: Row) -> Revision:
    return Revision(
        row["id"],
        row["entry_id"],
        row["at"],
        row["by_member"],
        Act(row["act"]),
        None if row["before"] is None else snapshot.read(row["before"]),
        snapshot.read(row["after"]),
        None if row["state_before"] is None else State(row["state_before"]),
        State(row["state_after"]),
    )


def _draft(row: Row) -> Draft:
    return Draft(
        row["id"],
        row["member_id"],
        row["unit_id"],
        row["entry_id"],
        row["base_revision"],
        snapshot.read(row["content"]),
        row["touched_at"],
    )
