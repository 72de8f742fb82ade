"""Applying migrations by Alembic. Imported only when there is something to apply: Alembic and SQLAlchemy take 20 MiB."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from bot.kit.database import Unavailable


def upgrade(path: Path, folder: Path, revision: str) -> None:
    _move(path, folder, revision, command.upgrade)


def downgrade(path: Path, folder: Path, revision: str) -> None:
    _move(path, folder, revision, command.downgrade)


def _config(folder: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return config


def _engine(path: Path) -> sa.Engine:
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(path)))
    # Python's driver begins no transaction before a CREATE TABLE: a migration that fails or is killed half-way would
    # leave its first tables behind and could never be applied again. So we begin it ourselves.
    sa.event.listen(engine, "connect", _leave_transactions_to_us)
    sa.event.listen(engine, "begin", _begin)
    return engine


def _leave_transactions_to_us(driver_connection: Any, _record: object) -> None:
    driver_connection.isolation_level = None


def _begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _move(path: Path, folder: Path, revision: str, go: Callable[[Config, str], None]) -> None:
    config = _config(folder)
    engine = _engine(path)
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            go(config, revision)
    except sa.exc.OperationalError as error:
        raise Unavailable(str(error.orig)) from error
    finally:
        engine.dispose()
