"""A stand-in for the embeddings server, and settings that lead to it."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.faq.embedding import Embeddings, EmbeddingSettings
from bot.kit.clock import ManualClock
from bot.kit.work import Works
from tests.faq.embedding.rows import ENTRIES, publish
from tests.faq.embedding.standin import MODEL, Standin

PATIENCE = 5.0


@pytest.fixture
async def standin() -> AsyncIterator[Standin]:
    server = Standin()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def settings(standin: Standin) -> EmbeddingSettings:
    return EmbeddingSettings(standin.url, MODEL, PATIENCE)


@pytest.fixture
async def embeddings(settings: EmbeddingSettings, clock: ManualClock) -> AsyncIterator[Embeddings]:
    made = Embeddings(settings, clock)
    yield made
    await made.close()


@pytest.fixture
def database_path(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Path:
    """Empty but for what a test puts in."""
    path = tmp_path_factory.mktemp("vectors") / "zhibu.db"
    shutil.copy(empty_database, path)
    return path


@pytest.fixture
async def content(works: Works) -> None:
    for slug, phrasings in ENTRIES.items():
        await publish(works, slug, *phrasings, title=phrasings[0])
