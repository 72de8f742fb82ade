"""A browser, and where its pictures go."""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.page.hands import ROOT, open_browser


@pytest.fixture
def artifacts() -> Path:
    folder = Path(os.environ.get("ZHIBU_ARTIFACTS") or ROOT / "artifacts") / "page"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def tmp_path(tmp_path: Path, loaded_database: Path, content_dir: Path) -> Path:
    """With a demo's folder in it, where the matcher has learnt already what it would learn from the content cut short."""
    shutil.copytree(content_dir, tmp_path / "faq")
    (tmp_path / "demo").mkdir()
    shutil.copy(loaded_database, tmp_path / "demo" / "zhibu.db")
    return tmp_path


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with open_browser() as opened:
        yield opened
