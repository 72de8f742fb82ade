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
        self.on_commit: list[Callable[[], None]] = []

    async def run(self, sql: str, **parameters: Any) -> int:
        cursor = await _reached(self._connection.execute(sql, parameters))
        return cursor.rowcount

    async def run_many(self, sql: str, rows: Iterable[Parameters]) -> None:
        await _reached(self._connection.executemany(sql, rows))

    def after_commit(self, act: Callable[[], None]) -> None:
        self.on_commit.append(act)


class _Group:
    """Transactions that followed each other while the writer was busy, and share one commit."""

    def __init__(self) -> None:
        self.on_commit: list[Callable[[], None]] = []
        self.ended = False
        self.failure: BaseException | None = None


class SqliteDatabase:
    """SQLite in WAL mode, every commit on disk (synchronous=FULL), foreign keys enforced.

    Transactions run one after the other. Those that wait for each other are committed together: each returns when the
    common commit is on disk. One that fails takes back its own effects only.
    """

    def __init__(self, writer: aiosqlite.Connection, readers: Sequence[aiosqlite.Connection]) -> None:
        self._writer = writer
        self._writing = asyncio.Lock()
        self._group: _Group | None = None
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
            group, first = await self._join()
            try:
                yield session
            except BaseException:
                await _to_the_end(self._leave(group, first=first))
                raise
            group.on_commit += session.on_commit
        # The lock is fair: whoever waits for it now joins the group before this comes to commit it.
        await _to_the_end(self._commit(group))

    async def _join(self) -> tuple[_Group, bool]:
        """The group that the transaction now beginning belongs to, and whether it is the first of it."""
        if self._group is not None:
            await _reached(self._writer.execute("SAVEPOINT member"))
            return self._group, False
        try:
            await _reached(self._writer.execute("BEGIN IMMEDIATE"))
        except BaseException:
            await _to_the_end(_reached(self._writer.rollback()))
            raise
        self._group = _Group()
        return self._group, True

    async def _leave(self, group: _Group, *, first: bool) -> None:
        """Takes back what the transaction that failed has done, and nothing else."""
        try:
            if not first and self._writer.in_transaction:
                await _reached(self._writer.execute("ROLLBACK TO member"))
                return
            await _reached(self._writer.rollback())
        except BaseException as error:
            group.failure = error
            raise
        finally:
            # A full disk, say, makes SQLite take back the whole transaction: then the others of the group have failed.
            if first or not self._writer.in_transaction:
                group.failure = group.failure or Unavailable("the transaction was taken back")
                self._end(group)

    async def _commit(self, group: _Group) -> None:
        async with self._writing:
            if not group.ended:
                self._end(group)
                try:
                    await _reached(self._writer.execute("COMMIT"))
                except BaseException as error:
                    group.failure = error
                    await _reached(self._writer.rollback())
                    raise
                for act in group.on_commit:
                    act()
        if group.failure is not None:
            raise Unavailable(str(group.failure)) from group.failure

    def _end(self, group: _Group) -> None:
        group.ended = True
        self._group = None

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Reader]:
        connection = await self._idle_readers.get()
        reader = _SqliteReader(connection)
        try:
            await reader.all("BEGIN")
            yield reader
        finally:
            try:
                await _to_the_end(_reached(connection.rollback()))
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
        *(["query_only=ON", "cache_size=-500"] if read_only else []),
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
