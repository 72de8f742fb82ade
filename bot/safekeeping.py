"""Backup and restore: one file with the database and, where Zhibu made it itself, the key that phones are read with."""

import contextlib
import fcntl
import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from bot.kit import schema
from bot.kit.errors import Refusal

_DATABASE = "zhibu.db"
_KEY = "secret.key"
_ABOUT = "about.json"


class NotABackup(Refusal):
    """{file} is not a backup made by zhibu backup. Nothing was changed."""


class DamagedBackup(Refusal):
    """The database in {file} is damaged ({reason}). Nothing was changed. Please use another backup."""


class NewerBackup(Refusal):
    """{file} was made by a newer Zhibu ({revision}). Please update Zhibu first, then restore. Nothing was changed."""


class InUse(Refusal):
    """The bot is running on this data. Please stop it first, then restore."""


class NothingToBackUp(Refusal):
    """There is no database at {file} yet."""


class WouldOverwrite(Refusal):
    """{file} exists already. Please give another name."""


def key_path(data_dir: Path) -> Path:
    return data_dir / _KEY


@contextlib.contextmanager
def in_use(data_dir: Path, *, alone: bool = False) -> Iterator[None]:
    """Holds the data folder while the bot runs on it; `alone`, for changing it from outside: `InUse` if a bot runs."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "zhibu.lock").open("a") as lock:
        try:
            fcntl.flock(lock, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InUse from error
        yield


def back_up(database: Path, data_dir: Path, target: Path, *, now: int) -> None:
    """Writes a consistent copy, also while the bot runs. The file is readable by its user only."""
    if not database.exists():
        raise NothingToBackUp(file=database)
    if target.exists():
        raise WouldOverwrite(file=target)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        copy = Path(folder) / _DATABASE
        with (
            contextlib.closing(sqlite3.connect(database)) as source,
            contextlib.closing(sqlite3.connect(copy)) as sink,
        ):
            source.backup(sink)
        part = Path(folder) / "part"
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(copy, _DATABASE)
            if key_path(data_dir).exists():
                archive.write(key_path(data_dir), _KEY)
            archive.writestr(_ABOUT, json.dumps({"revision": schema.applied(copy), "at": now}))
        part.rename(target)


def restore(source: Path, database: Path, data_dir: Path, *, now: int) -> Path | None:
    """Puts a backup in place of the present data and returns where the former database now is (None: there was none).

    Everything is checked before anything is touched.
    """
    with in_use(data_dir, alone=True), tempfile.TemporaryDirectory(dir=data_dir) as folder:
        unpacked = _unpacked(source, Path(folder))
        _check(source, unpacked / _DATABASE)
        former = None
        database.parent.mkdir(parents=True, exist_ok=True)
        if database.exists():
            former = database.with_name(f"{database.name}.before-restore-{now}")
            _settle(database)
            database.rename(former)
        shutil.move(unpacked / _DATABASE, database)
        if (unpacked / _KEY).exists():
            (unpacked / _KEY).chmod(0o600)
            shutil.move(unpacked / _KEY, key_path(data_dir))
        return former


def _unpacked(source: Path, folder: Path) -> Path:
    try:
        with zipfile.ZipFile(source) as archive:
            for name in (_DATABASE, _ABOUT):
                archive.getinfo(name)
            for name in archive.namelist():
                if name in (_DATABASE, _ABOUT, _KEY):
                    archive.extract(name, folder)
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise NotABackup(file=source) from error
    return folder


def _check(source: Path, database: Path) -> None:
    try:
        with contextlib.closing(sqlite3.connect(database)) as connection:
            (verdict,) = connection.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.DatabaseError as error:
        raise DamagedBackup(file=source, reason=error) from error
    if verdict != "ok":
        raise DamagedBackup(file=source, reason=verdict)
    revision = schema.applied(database)
    if revision not in schema.revisions():
        raise NewerBackup(file=source, revision=revision)


def _settle(database: Path) -> None:
    """Folds the write-ahead log into the file, so that the one file is the whole database."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode=DELETE")
