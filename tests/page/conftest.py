"""A browser, and where its pictures go."""

import os
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
async def browser() -> AsyncIterator[Browser]:
    async with open_browser() as opened:
        yield opened
