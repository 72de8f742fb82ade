"""Migrations: as often as one likes, and whole or not at all."""

import sqlite3
from pathlib import Path

import pytest
from alembic.config import Config

from bot.kit import schema
from bot.kit.database import Unavailable


def tables(path: Path) -> set[str]:
    connection = sqlite3.connect(path)
    try:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    finally:
        connection.close()


def test_upgrading_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "zhibu.db"
    assert schema.applied(path) is None
    schema.upgrade(path)
    before = tables(path)
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO dialogue (person_id, tag, data, touched_at) VALUES (1, 't', '[]', 0)")
    connection.commit()
    schema.upgrade(path)
    assert tables(path) == before
    assert connection.execute("SELECT COUNT(*) FROM dialogue").fetchone() == (1,)
    connection.close()
    assert schema.applied(path) == schema.revisions()[-1]


def test_a_folder_that_is_missing_is_an_outage(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "zhibu.db"
    assert schema.applied(path) is None
    with pytest.raises(Unavailable):
        schema.upgrade(path)


def test_a_name_that_must_be_quoted_is_no_trouble(tmp_path: Path) -> None:
    path = tmp_path / "100% 支部?.db"
    schema.upgrade(path)
    assert path.exists()
    assert schema.applied(path) == schema.revisions()[-1]


def test_a_migration_that_fails_half_way_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "zhibu.db"
    schema.upgrade(path, schema.revisions()[0])
    before = tables(path)

    def half(config: Config, _revision: str) -> None:
        connection = config.attributes["connection"]
        connection.exec_driver_sql("CREATE TABLE first_half (a INTEGER)")
        connection.exec_driver_sql("INSERT INTO first_half VALUES (1)")
        connection.exec_driver_sql("CREATE TABLE second_half (a INTEGER)")
        raise RuntimeError

    monkeypatch.setattr("bot.kit.migrating.command.upgrade", half)
    with pytest.raises(RuntimeError):
        schema.upgrade(path)
    assert tables(path) == before
