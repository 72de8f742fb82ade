"""Importing payments: look first, then apply. Whoever calls this has the run of the machine; the chat does not reach it."""

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import Any

from bot.dues.importing import rules, store
from bot.dues.importing.rules import Book, Plan
from bot.dues.model import Period
from bot.dues.service import recall_needless
from bot.kit.clock import to_local
from bot.kit.database import Reader
from bot.kit.vault import Vault
from bot.kit.work import Work
from bot.roster.importing.sheets import Sheet


async def preview(
    reader: Reader, sheets: Sequence[Sheet], vault: Vault, zone: tzinfo, *, now: int, as_of: int | None = None
) -> Plan:
    """What importing this file would do; nothing is changed. `as_of` says up to when its data goes; by default, up to
    the newest payment in it. A `Refusal` if it is no payment list.
    """
    parsed = rules.parse(sheets, zone)
    periods = {period for line in parsed.lines for period in line.periods}
    earlier = await store.payments(reader, min(periods), max(periods)) if periods else []
    paid: dict[tuple[int, Period], int] = {}
    for payment in earlier:
        place = payment.member_id, payment.period
        paid[place] = paid.get(place, 0) + payment.amount
    return rules.plan(
        parsed,
        Book(await store.people(reader)),
        vault.fingerprint,
        imported={payment.key: payment.amount for payment in earlier},
        paid=paid,
        owed=await store.owed(reader, min(periods), max(periods)) if periods else {},
        as_of=rules.date_of(parsed, now) if as_of is None else as_of,
    )


async def apply(work: Work, plan: Plan, *, by: int | None = None) -> int:
    """Notes the payments and confirms what they cover; returns how many obligations became paid. `by` is the member
    who imports, if one does. Applying the same plan again changes nothing.
    """
    import_id = await store.add_import(
        work.session, as_of=plan.as_of, by=by, added=len(plan.new), now=work.now
    )
    due = await store.count_due(work.session, plan.periods)
    await store.add_payments(work.session, import_id, plan.new, by=by, now=work.now)
    settled = due - await store.count_due(work.session, plan.periods)
    await recall_needless(work)
    await work.audit("dues.imported", by=by, subject=f"import:{import_id}", added=len(plan.new))
    return settled


def summary(plan: Plan, zone: tzinfo, *, applied: bool) -> Mapping[str, Any]:
    """The plan as a JSON document: rows and ids, no names."""
    return {
        "applied": applied,
        "rows": plan.rows,
        "new": len(plan.new),
        "known": plan.known,
        "settles": plan.settles,
        "as_of": f"{to_local(plan.as_of, zone):%Y-%m-%d}",
        "bad": [{"row": cell.row, "column": cell.column.value, "value": cell.value} for cell in plan.bad],
        "unmatched": [{"row": row, "reason": miss.value} for row, miss in plan.missed],
        "short": [
            {
                "member": short.member_id,
                "period": str(short.period),
                "paid_fen": short.paid,
                "owed_fen": short.owed,
            }
            for short in plan.short
        ],
    }
