"""The rows of when units remind."""

import json
from collections.abc import Sequence
from datetime import time

from bot.dues.plans import Day, OwnPlan, Plan, Plans, Setting, Term, inherited
from bot.kit.database import Reader, Row, Session

_COLUMNS = ", ".join(f"unit_reminding.{term}" for term in Term) + ", unit_reminding.set_at"

GOVERNED = (
    "WITH RECURSIVE tree (id, kind, governed_by) AS ("
    " SELECT unit.id, unit.kind, unit_reminding.unit_id FROM unit"
    " LEFT JOIN unit_reminding ON unit_reminding.unit_id = unit.id WHERE unit.parent_id IS NULL"
    " UNION ALL SELECT unit.id, unit.kind, COALESCE(unit_reminding.unit_id, tree.governed_by)"
    " FROM tree JOIN unit ON unit.parent_id = tree.id"
    " LEFT JOIN unit_reminding ON unit_reminding.unit_id = unit.id)"
)
"""Begins a query over `tree`: all units, each with the nearest unit from itself upwards that has set something."""


async def plans(reader: Reader, default: Plan) -> Plans:
    """Of all units; one query, over those that have set something and what is above them."""
    rows = await reader.all(
        "WITH RECURSIVE line (first_id, id, depth) AS ("
        " SELECT unit_id, unit_id, 0 FROM unit_reminding"
        " UNION ALL SELECT line.first_id, unit.parent_id, line.depth + 1 FROM unit JOIN line ON unit.id = line.id"
        " WHERE unit.parent_id IS NOT NULL)"
        f" SELECT line.first_id, {_COLUMNS} FROM line"
        " JOIN unit_reminding ON unit_reminding.unit_id = line.id ORDER BY line.first_id, line.depth"
    )
    lines: dict[int, list[Setting]] = {}
    for row in rows:
        lines.setdefault(row["first_id"], []).append(_setting(row))
    return Plans(default, {unit_id: inherited(line, default) for unit_id, line in lines.items()})


async def line(reader: Reader, unit_id: int) -> Sequence[Setting]:
    """What the unit has set, then what those above it have set, the top last."""
    rows = await reader.all(
        "WITH RECURSIVE line (id, depth) AS (SELECT id, 0 FROM unit WHERE id = :id"
        " UNION ALL SELECT unit.parent_id, line.depth + 1 FROM unit JOIN line ON unit.id = line.id"
        " WHERE unit.parent_id IS NOT NULL)"
        f" SELECT line.id, {_COLUMNS} FROM line"
        " LEFT JOIN unit_reminding ON unit_reminding.unit_id = line.id ORDER BY line.depth",
        id=unit_id,
    )
    return [_setting(row) for row in rows]


async def plan(reader: Reader, unit_id: int, default: Plan) -> Plan:
    """Of one unit."""
    return inherited(await line(reader, unit_id), default)


async def write(session: Session, unit_id: int, own: OwnPlan, *, now: int) -> None:
    """From now on the unit has set this, and nothing else."""
    await session.run(
        "INSERT INTO unit_reminding (unit_id, days, at, working_days, set_at)"
        " VALUES (:unit, :days, :at, :working, :now) ON CONFLICT (unit_id) DO UPDATE SET days = excluded.days,"
        " at = excluded.at, working_days = excluded.working_days, set_at = excluded.set_at",
        unit=unit_id,
        days=None if own.days is None else json.dumps([str(day) for day in own.days]),
        at=None if own.at is None else f"{own.at:%H:%M}",
        working=None if own.working_days is None else int(own.working_days),
        now=now,
    )


def _setting(row: Row) -> Setting:
    days, at, working = row["days"], row["at"], row["working_days"]
    own = OwnPlan(
        days=None if days is None else tuple(Day.parse(day) for day in json.loads(days)),
        at=None if at is None else time.fromisoformat(at),
        working_days=None if working is None else bool(working),
    )
    return Setting(own, row["set_at"] or 0)
