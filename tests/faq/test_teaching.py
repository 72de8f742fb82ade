"""What the matcher learns, in a process of its own, and remembers over a restart."""

import asyncio
import dataclasses
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from bot.faq import store, teaching
from bot.faq.library import ContentSettings, Library
from bot.faq.matcher import Index, Topic, remembering, taught
from bot.faq.matcher.learnt import BEGINNING
from bot.faq.model import Entry, Kind, Stage
from bot.faq.upkeep import changes
from bot.faq.upkeep.store import Act
from bot.kit.work import Works
from tests.faq.conftest import FOLDER

TOPICS = tuple(
    Topic(
        key,
        Kind.ENTRY,
        tuple(f"{start}{matter}{end}" for start in ("", "请问", "我想问") for end in ("", "呢", "在哪里")),
    )
    for key, matter in (
        ("pay", "怎么交党费"),
        ("sms", "验证码收不到"),
        ("new", "换了新手机"),
        ("lamp", "领矿灯"),
        ("card", "绑定银行卡"),
        ("study", "学习积分"),
    )
)


@pytest.fixture
def database_path(tmp_path: Path, empty_database: Path) -> Path:
    """Here the database is empty."""
    path = tmp_path / "zhibu.db"
    shutil.copy(empty_database, path)
    return path


@pytest.fixture
async def content(works: Works) -> None:
    async with works.begin() as work:
        for topic in TOPICS:
            entry = Entry(topic.key, "zh", topic.key, "照着做。", topic.phrasings, stage=Stage.USE)
            await changes.save(work, entry, owner=None, by=None, act=Act.CREATED)


def library() -> Library:
    return Library(ContentSettings(FOLDER, "石油党建"))


@pytest.mark.lessons
async def test_the_process_learns_what_would_be_learnt_here() -> None:
    index = Index.build(TOPICS)
    there, here = await teaching.teach(index, (), 0.02), taught(index, 0.02)
    assert there.learnt == here.learnt
    assert there.learnt.evidence is not None
    assert np.array_equal(there.weights, here.weights)
    assert remembering.read(remembering.write(there.learnt)) == there.learnt


@pytest.mark.lessons
async def test_what_was_learnt_is_there_after_a_restart(
    works: Works, content: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = library()
    await first.warm(works)
    await first.teach(works)

    async def never(*_: object) -> Index:
        raise AssertionError("it is known already")

    monkeypatch.setattr(teaching, "teach", never)
    again = library()
    await again.warm(works)
    await again.teach(works)
    assert first._built is not None
    assert again._built is not None
    assert first._built.index.learnt.evidence is not None
    assert again._built.index.learnt == first._built.index.learnt
    assert np.array_equal(again._built.index.weights, first._built.index.weights)


@pytest.mark.parametrize("change", ["phrasing", "share", "name"])
async def test_other_content_or_settings_are_learnt_anew(works: Works, change: str) -> None:
    index = Index.build(TOPICS, ("石油党建",))
    async with works.begin() as work:
        await teaching.remember(work, TOPICS, ("石油党建",), index)
    first = dataclasses.replace(TOPICS[0], phrasings=(*TOPICS[0].phrasings, "党费哪里交"))
    asked = {
        "phrasing": ((first, *TOPICS[1:]), ("石油党建",), 0.02),
        "share": (TOPICS, ("石油党建",), 0.01),
        "name": (TOPICS, ("铁人先锋",), 0.02),
    }[change]
    async with works.reading() as reader:
        assert await teaching.recall(reader, TOPICS, ("石油党建",), 0.02) is not None
        assert await teaching.recall(reader, *asked) is None


async def test_content_that_is_being_changed_is_learnt_when_nobody_changes_it(
    works: Works, content: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    lessons = []

    async def teach(index: Index, _names: object, _wrong: float) -> Index:
        lessons.append(len(index.topics))
        return Index(index.corpus, index.field, index.weights, index.learnt)

    monkeypatch.setattr(teaching, "teach", teach)
    held = library()
    await held.warm(works)
    await held.teach(works)
    await held.teach(works)
    assert lessons == [6]
    for number in (1, 2):
        async with works.begin() as work:
            entry = Entry(f"more-{number}", "zh", "新的", "照着做。", (f"新问法{number}",), stage=Stage.USE)
            await changes.save(work, entry, owner=None, by=None, act=Act.CREATED)
        await rebuilt(held, works)
        await held.teach(works)
    assert lessons == [6]
    await held.teach(works)
    assert lessons == [6, 8]


async def rebuilt(held: Library, works: Works) -> None:
    """As the first question after a change does it."""
    async with works.reading() as reader:
        version, topics = await store.version(reader), await store.topics(reader)
    held._built = await held._build(version, topics)


async def test_what_cannot_be_learnt_is_not_tried_for_ever(
    works: Works, content: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tries = []

    async def teach(*_: object) -> Index:
        tries.append(1)
        raise teaching.CouldNotLearn("exit code 1: MemoryError")

    monkeypatch.setattr(teaching, "teach", teach)
    held = library()
    await held.warm(works)
    for _ in range(3):
        await held.teach(works)
    assert tries == [1]
    assert [record.getMessage() for record in caplog.records] == ["the matcher could not learn"]
    assert held.recognises("怎么交党费")
    async with works.reading() as reader:
        assert await reader.all("SELECT 1 FROM faq_taught") == []


@pytest.mark.lessons
async def test_a_process_that_fails_says_why() -> None:
    with pytest.raises(teaching.CouldNotLearn, match=r"exit code 1: TypeError"):
        await teaching.teach(Index.build(TOPICS), cast("Sequence[str]", [1]), 0.02)


@pytest.mark.lessons
async def test_given_up_it_ends_too(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[asyncio.subprocess.Process] = []
    really = asyncio.create_subprocess_exec

    async def start(*_: str, stdin: int, stdout: int, stderr: int, cwd: Path) -> asyncio.subprocess.Process:
        idle = ("-c", "import time; time.sleep(60)")
        learner = await really(sys.executable, *idle, stdin=stdin, stdout=stdout, stderr=stderr, cwd=cwd)
        started.append(learner)
        return learner

    monkeypatch.setattr(asyncio, "create_subprocess_exec", start)
    lesson = asyncio.create_task(teaching.teach(Index.build(TOPICS), (), 0.02))
    while not started:
        await asyncio.sleep(0)
    lesson.cancel()
    with pytest.raises(asyncio.CancelledError):
        await lesson
    assert started[0].returncode is not None


def test_what_was_learnt_of_little_is_written_too() -> None:
    assert remembering.read(remembering.write(BEGINNING)) == BEGINNING
