"""Rows of files that wait for a decision, and what else files need to know of the entries' rows."""

import dataclasses
import enum
import json
from collections.abc import Mapping

from bot.faq.exchange import package
from bot.faq.exchange.package import Name, Package
from bot.faq.model import Owner
from bot.kit.database import Reader, Session


class OfferState(enum.StrEnum):
    OPEN = "open"
    APPLIED = "applied"
    DROPPED = "dropped"


@dataclasses.dataclass(frozen=True, slots=True)
class Offer:
    """A file sent in chat, whose preview waits for a decision."""

    id: int
    owner: Owner
    """Whose entries it is to change."""
    file_id: str
    """Telegram's; attachments are fetched from there once more when the file is applied."""
    package: Package
    """Without the contents of its attachments."""
    plan_digest: str
    """Of the comparison that was shown."""
    choices: Mapping[Name, bool]
    """Of conflicts that were decided: whether the file's version is taken."""
    state: OfferState


async def add_offer(
    session: Session,
    account_id: int,
    owner: Owner,
    *,
    file_id: str,
    package_: Package,
    plan_digest: str,
    now: int,
) -> int:
    return int(
        await session.value(
            "INSERT INTO faq_import (account_id, unit_id, file_id, package, plan_digest, choices, state, offered_at)"
            " VALUES (:account, :owner, :file, :package, :digest, '[]', 'open', :now) RETURNING id",
            account=account_id,
            owner=owner,
            file=file_id,
            package=package.write(package_),
            digest=plan_digest,
            now=now,
        )
    )


async def offer(reader: Reader, offer_id: int, account_id: int) -> Offer | None:
    """A file this account has sent."""
    row = await reader.first(
        "SELECT * FROM faq_import WHERE id = :id AND account_id = :account", id=offer_id, account=account_id
    )
    if row is None:
        return None
    return Offer(
        row["id"],
        row["unit_id"],
        row["file_id"],
        package.read(row["package"]),
        row["plan_digest"],
        {(slug, language): taken for slug, language, taken in json.loads(row["choices"])},
        OfferState(row["state"]),
    )


async def choose(session: Session, offer_id: int, choices: Mapping[Name, bool]) -> None:
    await session.run(
        "UPDATE faq_import SET choices = :choices WHERE id = :id",
        choices=json.dumps([[*name, taken] for name, taken in choices.items()]),
        id=offer_id,
    )


async def show_anew(session: Session, offer_id: int, plan_digest: str) -> None:
    """Notes that another comparison is shown now."""
    await session.run(
        "UPDATE faq_import SET plan_digest = :digest WHERE id = :id", digest=plan_digest, id=offer_id
    )


async def close_offer(session: Session, offer_id: int, state: OfferState) -> None:
    """The entries of the file are forgotten with it."""
    await session.run(
        "UPDATE faq_import SET state = :state, package = :nothing WHERE id = :id",
        state=str(state),
        nothing=package.write(Package(())),
        id=offer_id,
    )


async def forget_offers(session: Session, account_id: int) -> None:
    await session.run("DELETE FROM faq_import WHERE account_id = :account", account=account_id)


async def sweep_offers(session: Session, *, before: int) -> None:
    await session.run("DELETE FROM faq_import WHERE offered_at <= :before", before=before)


async def known_media(reader: Reader) -> frozenset[str]:
    """The digests of all attachments whose contents are kept."""
    return frozenset(row["digest"] for row in await reader.all("SELECT digest FROM faq_media"))


async def began_here(reader: Reader) -> frozenset[int]:
    """The rows of entries that people made; the others came from files shipped with the bot."""
    rows = await reader.all("SELECT entry_id FROM faq_revision WHERE before IS NULL AND act <> 'loaded'")
    return frozenset(row["entry_id"] for row in rows)
