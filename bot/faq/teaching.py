"""Letting the matcher learn: in a process of its own, which takes its memory with it and keeps nobody waiting, and with
the result in a row, so that the next start knows it.
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import bot
from bot.faq import store
from bot.faq.matcher import Index, Learnt, Topic
from bot.faq.matcher.field import Floats
from bot.faq.matcher.remembering import key_of, read, read_weights, write, write_weights
from bot.kit.database import Reader
from bot.kit.work import Work

_ROOT = Path(bot.__file__).parent.parent


class CouldNotLearn(Exception):
    """The process that learns has ended without a result."""


async def recall(
    reader: Reader, topics: Sequence[Topic], names: Sequence[str], wrong_allowed: float
) -> Index | None:
    """The index with what was learnt from this very content before; None where nothing was."""
    kept = await store.taught(reader)
    if kept is None or kept.key != await asyncio.to_thread(key_of, topics, names, wrong_allowed):
        return None
    return await asyncio.to_thread(_recalled, tuple(topics), tuple(names), kept.weights, kept.learnt)


@lru_cache(maxsize=1)
def _recalled(topics: tuple[Topic, ...], names: tuple[str, ...], weights: bytes, learnt: str) -> Index:
    """What is recalled again in the same process, as tests do, is there already."""
    return Index.recalled(topics, names, read_weights(weights), read(learnt))


async def remember(work: Work, topics: Sequence[Topic], names: Sequence[str], index: Index) -> None:
    """Keeps what an index has learnt from this content, in place of what was kept before."""
    key = await asyncio.to_thread(key_of, topics, names, index.learnt.wrong_allowed)
    kept = store.Taught(key, write(index.learnt), write_weights(index.weights))
    await store.keep_taught(work.session, kept, now=work.now)


async def begin(topics: Sequence[Topic], names: Sequence[str]) -> Index:
    """The index of a content that nothing was learnt from so far, with what it begins with. `CouldNotLearn` where the
    process failed.
    """
    weights, learnt = await _learner(topics, names, None)
    return await asyncio.to_thread(Index.recalled, topics, names, weights, learnt)


async def teach(index: Index, names: Sequence[str], wrong_allowed: float) -> Index:
    """The index with weights and thresholds learnt from its own content. Takes seconds of another process; cancelled,
    that ends too. `CouldNotLearn` where it failed.
    """
    weights, learnt = await _learner(index.topics, names, wrong_allowed)
    return Index(index.corpus, index.field, weights, learnt)


async def _learner(
    topics: Sequence[Topic], names: Sequence[str], wrong_allowed: float | None
) -> tuple[Floats, Learnt]:
    told = {
        "topics": [[topic.key, topic.kind, topic.phrasings] for topic in topics],
        "names": names,
        "wrong_allowed": wrong_allowed,
    }
    learner = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.faq.matcher",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=_ROOT,
    )
    try:
        said, complaint = await learner.communicate(json.dumps(told).encode())
    finally:
        if learner.returncode is None:
            learner.kill()
            await learner.wait()
    if learner.returncode != 0:
        reason = complaint.decode(errors="replace").strip().rpartition("\n")[2]
        raise CouldNotLearn(f"exit code {learner.returncode}: {reason}")
    learnt, _, weights = said.partition(b"\n")
    return read_weights(weights), read(learnt.decode())
