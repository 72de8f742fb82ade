"""Bringing the database to the schema this code needs."""

import contextlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from bot.kit.database import Unavailable

_MIGRATIONS = Path(__file__).parent.parent / "migrations"


def revisions() -> Sequence[str]:
    """All revisions, oldest first. A migration's file is named after its revision."""
    return sorted(path.stem for path in (_MIGRATIONS / "versions").glob("[0-9]*.py"))


def applied(path: Path) -> str | None:
    """The revision the database stands at; None for an empty one or none at all."""
    if not path.exists():
        return None
    try:
        with contextlib.closing(sqlite3.connect(path)) as connection:
            if not connection.execute(
                "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
            ).fetchone():
                return None
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise Unavailable(str(error)) from error
    return None if row is None else str(row[0])


def upgrade(path: Path, revision: str = "head") -> None:
    """Applies the missing migrations. Blocks; call it before the event loop or in a thread."""
    wanted = revisions()[-1] if revision == "head" else revision
    if applied(path) == wanted:
        return
    from bot.kit import migrating  # noqa: PLC0415 - large, and mostly not needed

    migrating.upgrade(path, _MIGRATIONS, wanted)


def downgrade(path: Path, revision: str) -> None:
    """Takes migrations back until `revision` ('base': all)."""
    from bot.kit import migrating  # noqa: PLC0415 - as above

    migrating.downgrade(path, _MIGRATIONS, revision)
