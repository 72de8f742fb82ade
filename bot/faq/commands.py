"""What `zhibu faq …` does, each as one function for the command line."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.faq import store, teaching
from bot.faq.errors import UnknownUnit
from bot.faq.matcher import WRONG_ALLOWED, Index, Topic, evaluation, match
from bot.faq.matcher.evaluation import Progress
from bot.faq.model import DEFAULT_LANGUAGE, Decision, Scope
from bot.kit.database import Reader
from bot.kit.work import Works
from bot.roster import store as roster

_AS_DECIDED = {
    Decision.ANSWER: "answer",
    Decision.SUGGEST: "suggest",
    Decision.HANDOVER: "handover",
    # To the outside these are the same: no entry answers it.
    Decision.DECLINE: "handover",
    Decision.SMALLTALK: "handover",
}


async def ask(
    works: Works,
    text: str,
    *,
    names: Sequence[str],
    wrong_allowed: float = WRONG_ALLOWED,
    unit: str | None = None,
) -> dict[str, Any]:
    """`zhibu faq ask`: the decision and the entries in question, best first, as the running bot would decide: by
    what it has learnt from this content, or what it begins with. `unit`: a unit's name or join token;
    without it, the organisation's own entries. `UnknownUnit` for a unit that is not there.
    """
    async with works.reading() as reader:
        listed = await store.visible(reader, Scope(await _unit(reader, unit), DEFAULT_LANGUAGE))
        topics = await store.topics(reader)
        index = await teaching.recall(reader, topics, names, wrong_allowed)
    if index is None:
        index = await asyncio.to_thread(Index.build, topics, names)
    outcome = match(index, text, {store.key_of(each.slug, each.unit_id) for each in listed})
    return {
        "decision": _AS_DECIDED[outcome.decision],
        "matches": [
            {"id": store.slug_in(found.key), "confidence": round(found.confidence, 4)}
            for found in outcome.entries
        ],
    }


async def evaluate(
    works: Works,
    queries: Path,
    *,
    names: Sequence[str],
    entries: Path | None = None,
    wrong_allowed: float = WRONG_ALLOWED,
    progress: Progress,
) -> dict[str, Any]:
    """`zhibu faq eval`: the matcher's figures on a file of questions, over the organisation's own entries or those of
    another knowledge base (`entries`). A `Refusal` names file and line of what is wrong.
    """
    questions = await asyncio.to_thread(evaluation.read_questions, queries)
    topics = (
        await _own(works) if entries is None else await asyncio.to_thread(evaluation.read_topics, entries)
    )
    return await asyncio.to_thread(
        evaluation.evaluate, questions, topics, names if entries is None else (), wrong_allowed, progress
    )


async def _own(works: Works) -> Sequence[Topic]:
    async with works.reading() as reader:
        return [topic for topic in await store.topics(reader) if topic.key == store.slug_in(topic.key)]


async def _unit(reader: Reader, named: str | None) -> int:
    if named is None:
        return 0  # no unit has this id: only what belongs to the whole organisation
    for unit in await roster.units(reader):
        if named in (unit.name, unit.join_token):
            return unit.id
    raise UnknownUnit(unit=named)
