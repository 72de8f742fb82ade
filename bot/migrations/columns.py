"""Column types as the whole schema uses them, on SQLite and PostgreSQL alike."""

from typing import Any

import sqlalchemy as sa
from alembic import op

_BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # SQLite numbers only INTEGER keys by itself


def key() -> sa.Column[int]:
    """A numbered primary key that is never given out twice."""
    return sa.Column("id", _BIG, primary_key=True, autoincrement=True)


def number(name: str, *constraints: Any, optional: bool = False, **options: Any) -> sa.Column[int]:
    """A whole number of 64 bits: ids, counts, money in fen, true and false as 1 and 0."""
    return sa.Column(name, _BIG, *constraints, nullable=optional, **options)


def instant(name: str, *, optional: bool = False) -> sa.Column[int]:
    """A moment in UTC milliseconds."""
    return sa.Column(name, _BIG, nullable=optional)


def text(name: str, *constraints: Any, optional: bool = False, **options: Any) -> sa.Column[str]:
    return sa.Column(name, sa.Text, *constraints, nullable=optional, **options)


def refers(name: str, target: str, *, optional: bool = False) -> sa.Column[int]:
    """A foreign key to another table's id, as 'member.id'."""
    return sa.Column(name, _BIG, sa.ForeignKey(target), nullable=optional)


def partial_index(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    """An index over the rows that satisfy `where` only."""
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)
