"""One thin interface over the database driver.

One writer, so that transactions never wait for a lock they cannot get, and several readers for reports and
look-ups. A transaction is a context manager: leaving it normally commits, an exception rolls back. Nothing slow and
no network belongs inside one. SQL is the subset SQLite and PostgreSQL both take, with named parameters (`:name`).
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

import aiosqlite

T = TypeVar("T")
Row = Mapping[str, Any]
Parameters = Mapping[str, Any]


class Unavailable(Exception):
    """The database cannot be reached."""


class Reader(Protocol):
    async def all(self, sql: str, **parameters: Any) -> Sequence[Row]:
        """All rows."""
        ...

    async def first(self, sql: str, **parameters: Any) -> Row | None:
        """The first row, or None."""
        ...

    async def value(self, sql: str, **parameters: Any) -> Any:
        """The first column of the first row, or None."""
        ...

    def stream(self, sql: str, **parameters: Any) -> AsyncIterator[Row]:
        """Rows as they come, a few hundred at a time: memory does not grow with the result."""
        ...


class Session(Reader, Protocol):
    """A transaction under way."""

    async def run(self, sql: str, **parameters: Any) -> int:
        """Executes one statement and returns the number of rows it changed."""
        ...

    async def run_many(self, sql: str, rows: Iterable[Parameters]) -> None:
        """Executes one statement for every set of parameters."""
        ...

    def after_commit(self, act: Callable[[], None]) -> None:
        """Calls `act` once the transaction has committed; never if it rolls back. `act` must not block."""
        ...


class Database(Protocol):
    """What the rest of the bot sees of the database, whichever driver is behind it."""

    def transaction(self) -> AbstractAsyncContextManager[Session]:
        """A write transaction. `Unavailable` if the database cannot be reached."""
        ...

    def reading(self) -> AbstractAsyncContextManager[Reader]:
        """A consistent read-only view beside the writer."""
        ...

    async def close(self) -> None: ...


class _SqliteReader:
    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def all(self, sql: str, **parameters: Any) -> Sequence[Row]:
        rows = await _reached(self._connection.execute_fetchall(sql, parameters))
        return cast(Sequence[Row], rows)

    async def first(self, sql: str, **parameters: Any) -> Row | None:
        rows = await self.all(sql, **parameters)
        return rows[0] if rows else None

    async def value(self, sql: str, **parameters: Any) -> Any:
        row = await self.first(sql, **parameters)
        return None if row is None else next(iter(row.values()))

    async def stream(self, sql: str, **parameters: Any) -> AsyncIterator[Row]:
        async with self._connection.execute(sql, parameters) as cursor:
            while rows := list(await _reached(cursor.fetchmany(500))):
                for row in rows:
                    yield cast(Row, row)


class _SqliteSession(_SqliteReader):
    def __init__(self, connection: aiosqlite.Connection) -> None:
        super().__init__(connection)
        self._on_commit: list[Callable[[], None]] = []

    async def run(self, sql: str, **parameters: Any) -> int:
        cursor = await _reached(self._connection.execute(sql, parameters))
        return cursor.rowcount

    async def run_many(self, sql: str, rows: Iterable[Parameters]) -> None:
        await _reached(self._connection.executemany(sql, rows))

    def after_commit(self, act: Callable[[], None]) -> None:
        self._on_commit.append(act)

    async def commit(self) -> None:
        await self.run("COMMIT")
        for act in self._on_commit:
            act()


class SqliteDatabase:
    """SQLite in WAL mode, every commit on disk (synchronous=FULL), foreign keys enforced."""

    def __init__(self, writer: aiosqlite.Connection, readers: Sequence[aiosqlite.Connection]) -> None:
        self._writer = writer
        self._writing = asyncio.Lock()
        self._readers = tuple(readers)
        self._idle_readers: asyncio.LifoQueue[aiosqlite.Connection] = asyncio.LifoQueue()
        for reader in readers:
            self._idle_readers.put_nowait(reader)

    @classmethod
    async def open(cls, path: Path, readers: int = 3) -> "SqliteDatabase":
        """Opens (and creates) the file; `Unavailable` if that is impossible."""
        # Tried first, because aiosqlite's own failure leaves a thread behind that may outlive the event loop.
        await _reached(asyncio.to_thread(lambda: sqlite3.connect(path).close()))
        writer = await _connect(path, read_only=False)
        return cls(writer, [await _connect(path, read_only=True) for _ in range(readers)])

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Session]:
        async with self._writing:
            session = _SqliteSession(self._writer)
            try:
                await session.run("BEGIN IMMEDIATE")
                yield session
                # Shielded: a cancelled task must not leave the one writer inside somebody's half-ended transaction.
                await _to_the_end(session.commit())
            except BaseException:
                await _to_the_end(self._writer.rollback())
                raise

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Reader]:
        connection = await self._idle_readers.get()
        reader = _SqliteReader(connection)
        try:
            await reader.all("BEGIN")
            yield reader
        finally:
            try:
                await _to_the_end(connection.rollback())
            finally:
                self._idle_readers.put_nowait(connection)

    async def close(self) -> None:
        async with self._writing:
            for connection in (self._writer, *self._readers):
                await connection.close()


async def _connect(path: Path, *, read_only: bool) -> aiosqlite.Connection:
    connection = await _reached(_started(aiosqlite.connect(path, isolation_level=None)))
    connection.row_factory = cast(type, _mapping)  # typed as a class, used as a callable
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=5000",
        *(["query_only=ON"] if read_only else []),
    ):
        await _reached(connection.execute_fetchall(f"PRAGMA {pragma}"))
    return connection


async def _started(connection: aiosqlite.Connection) -> aiosqlite.Connection:
    return await connection


def _mapping(cursor: sqlite3.Cursor, cells: tuple[Any, ...]) -> dict[str, Any]:
    return {column[0]: cell for column, cell in zip(cursor.description, cells, strict=True)}


async def _to_the_end(work: Awaitable[object]) -> None:
    """Lets `work` finish even if the waiting task is cancelled meanwhile; the cancellation follows after it."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


_OUTAGES = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
    }
)
_CLOSED = ("no active connection", "Connection closed", "Cannot operate on a closed database.")
"""What aiosqlite and sqlite3 say, without a code, when the connection is closed."""


async def _reached(work: Awaitable[T]) -> T:
    """The result of `work`, with the driver's signs of an outage told apart from errors in a statement."""
    try:
        return await work
    except (sqlite3.OperationalError, sqlite3.ProgrammingError, ValueError) as error:
        code = getattr(error, "sqlite_errorcode", None)
        if (code is not None and code & 0xFF in _OUTAGES) or str(error) in _CLOSED:
            raise Unavailable(str(error)) from error
        raise
