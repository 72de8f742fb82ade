"""Bringing the database to the schema this code needs, by Alembic."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.kit.database import Unavailable

_MIGRATIONS = Path(__file__).parent.parent / "migrations"


def upgrade(path: Path, revision: str = "head") -> None:
    """Applies the missing migrations. Blocks; call it before the event loop or in a thread."""
    _move(path, revision, command.upgrade)


def downgrade(path: Path, revision: str) -> None:
    """Takes migrations back until `revision` ('base': all)."""
    _move(path, revision, command.downgrade)


def revisions() -> list[str]:
    """All revisions, oldest first."""
    script = ScriptDirectory.from_config(_config())
    return [revision.revision for revision in reversed(list(script.walk_revisions()))]


def applied(path: Path) -> str | None:
    """The revision the database stands at; None for an empty one."""
    engine = _engine(path)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except sa.exc.OperationalError as error:
        raise Unavailable(str(error.orig)) from error
    finally:
        engine.dispose()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
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


def _move(path: Path, revision: str, go: Callable[[Config, str], None]) -> None:
    config = _config()
    engine = _engine(path)
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            go(config, revision)
    except sa.exc.OperationalError as error:
        raise Unavailable(str(error.orig)) from error
    finally:
        engine.dispose()
