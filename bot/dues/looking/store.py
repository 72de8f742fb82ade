"""The rows of who has paid too much."""

import dataclasses
from collections.abc import Sequence

from bot.dues.model import Period
from bot.kit.database import Reader


@dataclasses.dataclass(frozen=True, slots=True)
class Surplus:
    """What somebody has paid beyond what they owe for a period."""

    obligation_id: int
    member_id: int
    name: str
    period: Period
    amount: int | None
    """What is owed, in fen; None while it is not known."""
    paid: int
    payments: int
    """How many, told apart by their reference numbers."""

    @property
    def is_double(self) -> bool:
        return self.payments > 1

    @property
    def too_much(self) -> int | None:
        """In fen; None while what is owed is not known."""
        return None if self.amount is None else self.paid - self.amount


async def overpaid(reader: Reader, branch_id: int, since: Period) -> Sequence[Surplus]:
    """Those of a branch who have paid more than they owe for a period from that one on, or twice for one whose amount is
    not known; newest period first, then by name.
    """
    rows = await reader.all(
        "SELECT * FROM (SELECT owing.id AS obligation_id, owing.member_id, member.name, owing.period, owing.amount, owing.paid,"
        " (SELECT COUNT(DISTINCT COALESCE(each.reference, each.key, CAST(each.id AS TEXT))) FROM dues_entry AS each"
        " WHERE each.member_id = owing.member_id AND each.period = owing.period AND each.kind = 'payment'"
        " AND each.undone_at IS NULL) AS payments"
        " FROM member CROSS JOIN owing WHERE owing.member_id = member.id AND owing.period >= :since"
        " AND member.branch_id = :branch AND member.left_at IS NULL AND owing.paid > 0) AS found"
        " WHERE found.paid > found.amount OR (found.amount IS NULL AND found.payments > 1)"
        " ORDER BY found.period DESC, found.name, found.obligation_id",
        branch=branch_id,
        since=str(since),
    )
    return [Surplus(**{**row, "period": Period.parse(row["period"])}) for row in rows]
