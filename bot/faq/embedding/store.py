"""Vectors by model and text, and the texts they are of."""

import dataclasses
from collections.abc import Collection, Mapping, Sequence

from bot.faq.embedding.rules import digest, prepared
from bot.faq.store import key_of
from bot.kit.database import Reader, Session


@dataclasses.dataclass(frozen=True, slots=True)
class Texts:
    """What is published."""

    by_digest: Mapping[str, str]
    topics: Mapping[str, Sequence[str]]
    """By topic, the digests of its titles and phrasings in all languages."""


async def texts(reader: Reader) -> Texts:
    rows = reader.stream(
        "SELECT entry.slug, entry.unit_id, entry.title AS text FROM faq_entry AS entry"
        " WHERE entry.state = 'published'"
        " UNION ALL SELECT entry.slug, entry.unit_id, phrasing.text FROM faq_entry AS entry"
        " JOIN faq_phrasing AS phrasing ON phrasing.entry_id = entry.id WHERE entry.state = 'published'"
    )
    by_digest: dict[str, str] = {}
    topics: dict[str, dict[str, None]] = {}
    async for row in rows:
        if text := prepared(row["text"]):
            found = digest(text)
            by_digest[found] = text
            topics.setdefault(key_of(row["slug"], row["unit_id"]), {})[found] = None
    return Texts(by_digest, {key: tuple(digests) for key, digests in topics.items()})


async def vectors(reader: Reader, model: str, among: Collection[str]) -> Mapping[str, bytes]:
    """Of these digests, those that have a vector of this model, with it."""
    found: dict[str, bytes] = {}
    async for row in reader.stream("SELECT digest, vector FROM faq_vector WHERE model = :model", model=model):
        if row["digest"] in among:
            found[row["digest"]] = row["vector"]
    return found


async def last_used(reader: Reader, model: str) -> Mapping[str, int]:
    """By digest, when each vector of this model was last noted as used."""
    rows = await reader.all("SELECT digest, used_at FROM faq_vector WHERE model = :model", model=model)
    return {row["digest"]: row["used_at"] for row in rows}


async def put(session: Session, model: str, found: Mapping[str, bytes], *, now: int) -> None:
    """Keeps vectors of one length by their digests. Where this model's vectors have another length, those go: they are
    of a model that was once called the same.
    """
    any_kept = await session.value("SELECT vector FROM faq_vector WHERE model = :model LIMIT 1", model=model)
    if any_kept is not None and len(any_kept) != len(next(iter(found.values()))):
        await forget_model(session, model)
    await session.run_many(
        "INSERT INTO faq_vector (model, digest, vector, used_at) VALUES (:model, :digest, :vector, :now)"
        " ON CONFLICT (model, digest) DO UPDATE SET vector = excluded.vector, used_at = excluded.used_at",
        [
            {"model": model, "digest": each, "vector": vector, "now": now}
            for each, vector in sorted(found.items())
        ],
    )


async def forget_model(session: Session, model: str) -> None:
    await session.run("DELETE FROM faq_vector WHERE model = :model", model=model)


async def note_used(session: Session, model: str, used: Sequence[str], *, now: int) -> None:
    await session.run_many(
        "UPDATE faq_vector SET used_at = :now WHERE model = :model AND digest = :digest",
        [{"model": model, "digest": each, "now": now} for each in used],
    )


async def forget_unused(session: Session, *, before: int, limit: int) -> int:
    """Forgets vectors of any model not used since an instant; returns how many."""
    return await session.run(
        "DELETE FROM faq_vector WHERE (model, digest) IN"
        " (SELECT model, digest FROM faq_vector WHERE used_at < :before ORDER BY used_at LIMIT :limit)",
        before=before,
        limit=limit,
    )
