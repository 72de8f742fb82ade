"""A plan as one JSON document, for the command line: rows and ids, no names."""

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from bot.dues.importing.rules import Plan
from bot.kit.clock import to_local


def document(plan: Plan, zone: tzinfo, *, applied: bool) -> Mapping[str, Any]:
    """Counts, and row by row what was left out or is more or less than is owed (the first thousand of each)."""
    return {
        "applied": applied,
        "rows": plan.rows,
        "new": plan.new,
        "amount_fen": plan.amount,
        "known": plan.known,
        "settles": plan.settles,
        "as_of": f"{to_local(plan.as_of, zone):%Y-%m-%d}",
        "bad_rows": plan.bad_rows,
        "unmatched_rows": sum(plan.missed_rows.values()),
        "bad": [{"row": cell.row, "column": cell.column.value, "value": cell.value} for cell in plan.bad],
        "unmatched": [{"row": row, "reason": miss.value} for row, miss in plan.missed],
        "short": [
            {
                "row": short.row,
                "member": short.member_id,
                "period": str(short.period),
                "paid_fen": short.paid,
                "owed_fen": short.owed,
            }
            for short in plan.short
        ],
        "over": [
            {
                "row": extra.row,
                "member": extra.member_id,
                "period": str(extra.period),
                "paid_fen": extra.paid,
                "owed_fen": extra.owed,
                "payments": extra.payments,
            }
            for extra in plan.extra
        ],
    }
