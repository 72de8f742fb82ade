"""The helpdesk's rows: what units have set of the terms on which they answer."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from bot.helpdesk.calendar import Days, Hours
from bot.helpdesk.terms import OwnTerms, Term
from bot.kit.database import Reader, Row, Session

_COLUMNS = ", ".join(f"unit_desk.{term}" for term in Term)


async def lines(reader: Reader, unit_ids: Collection[int]) -> Mapping[int, Sequence[OwnTerms]]:
    """For each of these units what it has set, then what those above it have set, the top last. One query."""
    if not unit_ids:
        return {}
    wanted = ", ".join(str(int(unit_id)) for unit_id in unit_ids)
    rows = await reader.all(
        "WITH RECURSIVE line (first_id, id, depth) AS ("
        f" SELECT id, id, 0 FROM unit WHERE id IN ({wanted})"
        " UNION ALL SELECT line.first_id, unit.parent_id, line.depth + 1 FROM unit JOIN line ON unit.id = line.id"
        " WHERE unit.parent_id IS NOT NULL)"
        f" SELECT line.first_id, {_COLUMNS} FROM line LEFT JOIN unit_desk ON unit_desk.unit_id = line.id"
        " ORDER BY line.first_id, line.depth"
    )
    found: dict[int, list[OwnTerms]] = {unit_id: [] for unit_id in unit_ids}
    for row in rows:
        found[row["first_id"]].append(_own(row))
    return found


async def write(session: Session, unit_id: int, own: OwnTerms) -> None:
    """From now on the unit has set this, and nothing else."""
    await session.run(
        "INSERT INTO unit_desk (unit_id, days, hours, answer_minutes, warn_percent, climb_minutes, shows_accounts)"
        " VALUES (:unit, :days, :hours, :answer, :warn, :climb, :shows) ON CONFLICT (unit_id) DO UPDATE SET"
        " days = excluded.days, hours = excluded.hours, answer_minutes = excluded.answer_minutes,"
        " warn_percent = excluded.warn_percent, climb_minutes = excluded.climb_minutes,"
        " shows_accounts = excluded.shows_accounts",
        unit=unit_id,
        days=_text(own.days),
        hours=_text(own.hours),
        answer=own.answer_minutes,
        warn=own.warn_percent,
        climb=own.climb_minutes,
        shows=None if own.shows_accounts is None else int(own.shows_accounts),
    )


def _text(value: Days | Hours | None) -> str | None:
    return None if value is None else str(value)


def _own(row: Row) -> OwnTerms:
    values: dict[str, Any] = {term.value: row[term] for term in Term}
    if values["days"] is not None:
        values["days"] = Days.parse(values["days"])
    if values["hours"] is not None:
        values["hours"] = Hours.parse(values["hours"])
    if values["shows_accounts"] is not None:
        values["shows_accounts"] = bool(values["shows_accounts"])
    return OwnTerms(**values)
