"""Killed with SIGKILL under load, the bot keeps its promises (a short run of `tests/bench/crash.py`)."""

import shutil
from pathlib import Path

import pytest

from tests.bench.crash import crash


async def test_updates_are_applied_once_and_no_reminder_comes_twice(
    tmp_path: Path, loaded_database: Path, content_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHIBU_CONTENT_DIR", str(content_dir))
    shutil.copy(loaded_database, tmp_path / "zhibu.db")
    outcome = await crash(tmp_path, kills=4, updates=120, people=30, seed=7)
    assert outcome.kept, outcome
