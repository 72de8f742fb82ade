"""Files sent in chat whose preview waits for a decision."""

import dataclasses
import enum

from bot.kit.clock import DAY
from bot.kit.database import Reader, Session

LIFETIME = 30 * DAY


class OfferState(enum.StrEnum):
    OPEN = "open"
    APPLIED = "applied"
    DROPPED = "dropped"


@dataclasses.dataclass(frozen=True, slots=True)
class Offer:
    """A file sent in chat, whose preview waits for a decision."""

    id: int
    account_id: int
    file_id: str
    """Telegram's; the file is downloaded again when it is applied."""
    plan_digest: str
    """Of the plan that was shown."""
    state: OfferState
    offered_at: int


@dataclasses.dataclass(frozen=True, slots=True)
class Offers:
    """The offers of one kind of file, in a table of their own."""

    table: str

    async def add(
        self, session: Session, account_id: int, file_id: str, plan_digest: str, *, now: int
    ) -> int:
        return int(
            await session.value(
                f"INSERT INTO {self.table} (account_id, file_id, plan_digest, state, offered_at)"
                " VALUES (:account, :file, :digest, 'open', :now) RETURNING id",
                account=account_id,
                file=file_id,
                digest=plan_digest,
                now=now,
            )
        )

    async def find(self, reader: Reader, offer_id: int, account_id: int) -> Offer | None:
        """An offer made to this account."""
        row = await reader.first(
            f"SELECT id, account_id, file_id, plan_digest, state, offered_at FROM {self.table}"
            " WHERE id = :id AND account_id = :account",
            id=offer_id,
            account=account_id,
        )
        return None if row is None else Offer(**{**row, "state": OfferState(row["state"])})

    async def close(self, session: Session, offer_id: int, state: OfferState) -> None:
        await session.run(
            f"UPDATE {self.table} SET state = :state WHERE id = :id", state=str(state), id=offer_id
        )

    async def forget(self, session: Session, account_id: int) -> None:
        await session.run(f"DELETE FROM {self.table} WHERE account_id = :account", account=account_id)

    async def sweep(self, session: Session, *, now: int) -> None:
        await session.run(f"DELETE FROM {self.table} WHERE offered_at <= :before", before=now - LIFETIME)


ROSTER_FILES = Offers("roster_import")
