"""The database: commits are whole, failures leave nothing, and an outage has a name."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from bot.kit import schema
from bot.kit.database import SqliteDatabase, Unavailable

INSERT = "INSERT INTO dialogue (person_id, tag, data, touched_at) VALUES (:id, 't', '[]', 0)"
COUNT = "SELECT COUNT(*) FROM dialogue"


async def test_an_exception_leaves_nothing_behind(database: SqliteDatabase) -> None:
    with pytest.raises(RuntimeError):
        async with database.transaction() as session:
            await session.run(INSERT, id=1)
            raise RuntimeError
    async with database.reading() as reader:
        assert await reader.value(COUNT) == 0


async def test_a_cancelled_transaction_rolls_back_and_frees_the_writer(database: SqliteDatabase) -> None:
    async def hang() -> None:
        async with database.transaction() as session:
            await session.run(INSERT, id=1)
            await asyncio.Event().wait()

    task = asyncio.create_task(hang())
    while not database._writing.locked():
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with database.transaction() as session:
        assert await session.value(COUNT) == 0
        await session.run(INSERT, id=2)


async def test_after_commit_runs_after_the_commit_and_only_then(database: SqliteDatabase) -> None:
    seen: list[str] = []
    async with database.transaction() as session:
        session.after_commit(lambda: seen.append("committed"))
        assert seen == []
    assert seen == ["committed"]
    with pytest.raises(RuntimeError):
        async with database.transaction() as session:
            session.after_commit(lambda: seen.append("never"))
            raise RuntimeError
    assert seen == ["committed"]


async def test_writers_take_turns_and_readers_see_a_standing_picture(database: SqliteDatabase) -> None:
    async def write(number: int) -> None:
        async with database.transaction() as session:
            count = await session.value(COUNT)
            await asyncio.sleep(0)
            await session.run(INSERT, id=number)
            assert await session.value(COUNT) == count + 1

    async with database.reading() as reader:
        before = await reader.value(COUNT)
        await asyncio.gather(*(write(number) for number in range(20)))
        assert await reader.value(COUNT) == before
    async with database.reading() as reader:
        assert await reader.value(COUNT) == 20


async def test_readers_cannot_write(database: SqliteDatabase) -> None:
    async with database.reading() as reader:
        with pytest.raises(Unavailable, match="readonly"):
            await reader.all("DELETE FROM dialogue")


async def test_streams_large_results(database: SqliteDatabase) -> None:
    async with database.transaction() as session:
        await session.run_many(INSERT, [{"id": number} for number in range(1_234)])
    async with database.reading() as reader:
        assert len([row async for row in reader.stream("SELECT person_id FROM dialogue")]) == 1_234


async def test_a_locked_database_is_an_outage_and_a_bad_statement_is_not(
    database: SqliteDatabase, database_path: Path
) -> None:
    async with database.transaction() as session:
        with pytest.raises(sqlite3.OperationalError, match="no such table"):
            await session.all("SELECT * FROM nowhere")
    await database._writer.execute_fetchall("PRAGMA busy_timeout=10")
    other = sqlite3.connect(database_path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable):
        async with database.transaction():
            pass
    other.execute("ROLLBACK")
    other.close()
    async with database.transaction() as session:
        await session.run(INSERT, id=1)


async def test_a_folder_that_is_missing_is_an_outage(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        await SqliteDatabase.open(tmp_path / "missing" / "zhibu.db")


async def test_every_commit_is_on_disk_and_references_hold(database: SqliteDatabase) -> None:
    async with database.transaction() as session:
        assert await session.value("PRAGMA synchronous") == 2
        assert await session.value("PRAGMA journal_mode") == "wal"
        with pytest.raises(sqlite3.IntegrityError):
            await session.run(
                "INSERT INTO post (member_id, unit_id, role, since) VALUES (99, 99, 'secretary', 0)"
            )


async def test_the_audit_table_is_append_only(database: SqliteDatabase) -> None:
    async with database.transaction() as session:
        await session.run("INSERT INTO audit (at, act, subject, details) VALUES (0, 'a', 's', '{}')")
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            await session.run("DELETE FROM audit")
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            await session.run("UPDATE audit SET act = 'b'")


def test_the_stairway_goes_up_and_down_step_by_step(tmp_path: Path) -> None:
    path = tmp_path / "stairs.db"
    steps = schema.revisions()
    for below, step in zip([None, *steps], steps, strict=False):
        schema.upgrade(path, step)
        if below is not None:
            schema.downgrade(path, below)
            assert schema.applied(path) == below
            schema.upgrade(path, step)
        assert schema.applied(path) == step
    schema.downgrade(path, "base")
    left = sqlite3.connect(path).execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    assert {name for (name,) in left} <= {"alembic_version", "sqlite_sequence"}


async def test_a_column_whose_name_sounds_like_an_outage_is_none(database: SqliteDatabase) -> None:
    with pytest.raises(sqlite3.OperationalError, match="closed_at"):
        async with database.transaction() as session:
            await session.all("SELECT closed_at, locked FROM dialogue")


async def test_a_closed_database_is_an_outage(database: SqliteDatabase) -> None:
    await database.close()
    with pytest.raises(Unavailable):
        async with database.transaction():
            pass
    with pytest.raises(Unavailable):
        async with database.reading():
            pass


async def test_a_commit_that_fails_is_an_outage_and_frees_the_writer(
    database: SqliteDatabase, database_path: Path
) -> None:
    async with database.transaction() as session:
        await session.run("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        await session.run(
            "CREATE TABLE child (p INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)"
        )
    seen: list[str] = []
    with pytest.raises(sqlite3.IntegrityError):
        async with database.transaction() as session:
            session.after_commit(lambda: seen.append("never"))
            await session.run(INSERT, id=1)
            await session.run("INSERT INTO child VALUES (99)")
    async with database.transaction() as session:
        assert await session.value(COUNT) == 0
    assert seen == []


async def test_a_commit_that_its_task_no_longer_waits_for_is_whole_all_the_same(
    database: SqliteDatabase,
) -> None:
    seen: list[str] = []
    reached_commit = asyncio.Event()

    async def write() -> None:
        async with database.transaction() as session:
            await session.run(INSERT, id=1)
            session.after_commit(lambda: seen.append("committed"))
            reached_commit.set()

    task = asyncio.create_task(write())
    await reached_commit.wait()
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with database.reading() as reader:
        assert await reader.value(COUNT) == len(seen) == 1


async def test_readers_who_are_cancelled_at_any_moment_give_their_connection_back(
    database: SqliteDatabase,
) -> None:
    async def read() -> None:
        async with database.reading() as reader:
            await reader.value(COUNT)

    for turns in range(40):
        task = asyncio.create_task(read())
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
    async with asyncio.timeout(5), database.reading(), database.reading(), database.reading() as reader:
        assert await reader.value(COUNT) == 0


async def test_writers_who_are_cancelled_at_any_moment_leave_all_or_nothing(database: SqliteDatabase) -> None:
    async def write(number: int) -> None:
        async with database.transaction() as session:
            await session.run(INSERT, id=2 * number)
            await session.run(INSERT, id=2 * number + 1)

    for turns in range(40):
        task = asyncio.create_task(write(turns))
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
    async with asyncio.timeout(5), database.transaction() as session:
        ids = {row["person_id"] for row in await session.all("SELECT person_id FROM dialogue")}
    assert all(number ^ 1 in ids for number in ids)
