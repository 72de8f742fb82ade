"""A database from before the ledger keeps its dues, on the way up and on the way down."""

import sqlite3
from contextlib import closing
from pathlib import Path

from bot.kit import schema

BEFORE = "0012_outgoing_found"
OLD = {
    1: (2_000, "due"),
    2: (2_000, "paid"),
    3: (2_000, "paid"),
    4: (2_000, "claimed"),
    5: (None, "due"),
    6: (2_000, "exempt"),
    7: (0, "not_liable"),
    8: (2_000, "due"),
}
"""Amounts in fen and states by member: 2 paid by file, 3 by a secretary's word, 8 paid by file and was put back."""


def _fill(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("INSERT INTO unit (id, name, kind, join_token) VALUES (1, '一支部', 'branch', 't')")
        for number, (amount, state) in OLD.items():
            database.execute(
                "INSERT INTO member (id, name, branch_id, status, category, created_at, updated_at)"
                " VALUES (?, '某人', 1, 'full', 'employed', 0, 0)",
                (number,),
            )
            by = {3: 1, 4: 4, 6: 1, 8: 1}.get(number)
            database.execute(
                "INSERT INTO obligation (id, member_id, period, amount, state, state_at, state_by, opened_at)"
                " VALUES (?, ?, '2026-11', ?, ?, 50, ?, 1)",
                (number, number, amount, state, by),
            )
        database.execute("INSERT INTO dues_import (id, at, as_of, added) VALUES (1, 20, 10, 2)")
        for member in (2, 8):
            database.execute(
                "INSERT INTO payment (key, member_id, period, amount, import_id) VALUES (?, ?, '2026-11', 2000, 1)",
                (f"k{member}", member),
            )


def _states(path: Path, table: str) -> dict[int, tuple[int | None, str]]:
    with closing(sqlite3.connect(path)) as database:
        found = database.execute(f"SELECT member_id, amount, state FROM {table}").fetchall()
    return {member: (amount, state) for member, amount, state in found}


def test_what_was_owed_paid_and_said_is_still_so(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    schema.upgrade(path, BEFORE)
    _fill(path)
    schema.upgrade(path)
    assert _states(path, "owing") == OLD
    schema.downgrade(path, BEFORE)
    assert _states(path, "obligation") == OLD
    schema.upgrade(path)
    assert _states(path, "owing") == OLD
