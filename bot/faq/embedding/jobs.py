"""Sweeps that see to the vectors of what the topics are asked by."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import Final

from bot.faq import store as faq
from bot.faq.embedding import store
from bot.faq.embedding.client import NoVectors, Trouble
from bot.faq.embedding.embeddings import Embeddings
from bot.faq.embedding.rules import Space, packed
from bot.faq.embedding.store import Texts
from bot.kit.clock import DAY, HOUR, SECOND
from bot.kit.sweeps import Sweep
from bot.kit.work import Works

log = logging.getLogger(__name__)

BATCH: Final = 64
"""Texts sent at a time: a few seconds' work without a graphics card. A slower server is sent fewer."""
LONGEST_RUN: Final = 5 * SECOND
"""After so long the sweep lets others have their turn, and goes on when it is called again."""
VECTORS_KEPT: Final = 30 * DAY
"""How long a vector stays that nothing uses: a phrasing taken back, a model tried."""

_EVERY: Final = 10
_ROWS: Final = 500


def sweeps(embeddings: Embeddings | None) -> Sequence[Sweep]:
    """None: embeddings are switched off, and what is kept of them goes in time."""
    forget = Sweep("faq vectors kept", HOUR // SECOND, forget_unused)
    if embeddings is None:
        return [forget]
    return [Sweep("faq vectors", _EVERY, CatchingUp(embeddings).run), forget]


async def forget_unused(works: Works) -> None:
    forgotten = _ROWS
    while forgotten == _ROWS:
        async with works.begin() as work:
            forgotten = await store.forget_unused(work.session, before=work.now - VECTORS_KEPT, limit=_ROWS)


class CatchingUp:
    """Sees to it that what is published has vectors, and that the topics are placed by them."""

    def __init__(self, embeddings: Embeddings) -> None:
        self._embeddings = embeddings
        self._model = embeddings.model
        self._placed: int | None = None
        """The content's version by which the topics are placed."""
        self._day: int | None = None
        """The last one on which what is used was noted."""
        self._at_a_time = BATCH
        self._refused: set[str] = set()
        """Digests of texts that the server would not take, each asked alone."""

    async def run(self, works: Works) -> None:
        async with works.begin() as work:
            began = work.now
            if self._embeddings.outgrown:
                await store.forget_model(work.session, self._model)
                self._embeddings.place(None)
                self._placed = None
            version = await faq.version(work.session)
        # Once a day also where nothing has changed: what is used is noted, and what was refused is tried again.
        day = began // DAY
        if (self._placed, self._day) == (version, day):
            return
        async with works.reading() as reader:
            wanted = await store.texts(reader)
            used = await store.last_used(reader, self._model)
        if self._day != day:
            old = [each for each in wanted.by_digest if began - used.get(each, began) >= DAY]
            await self._note_used(works, old)
            self._refused.clear()
            self._day = day
        missing = {each: text for each, text in wanted.by_digest.items() if each not in used}
        learnt = await self._learn(works, missing, until=began + LONGEST_RUN)
        if learnt and await self._place(works, wanted):
            self._placed = version

    async def _note_used(self, works: Works, used: Sequence[str]) -> None:
        for first in range(0, len(used), _ROWS):
            async with works.begin() as work:
                await store.note_used(work.session, self._model, used[first : first + _ROWS], now=work.now)

    async def _learn(self, works: Works, missing: Mapping[str, str], *, until: int) -> bool:
        """Gets missing vectors and keeps them; whether none is missing any more but those of texts that the server
        does not take.
        """
        waiting = [each for each in missing if each not in self._refused]
        while waiting:
            batch = waiting[: self._at_a_time]
            try:
                found = await self._embeddings.learning.vectors([missing[each] for each in batch])
            except NoVectors as failure:
                self._note_failure(batch, failure.trouble)
                return False
            self._at_a_time = min(BATCH, 2 * self._at_a_time)
            waiting = waiting[len(batch) :]
            async with works.begin() as work:
                rows = {each: packed(vector) for each, vector in zip(batch, found, strict=True)}
                await store.put(work.session, self._model, rows, now=work.now)
                if work.now >= until:
                    break
        return not waiting

    def _note_failure(self, batch: Sequence[str], trouble: Trouble) -> None:
        """Fewer at a time are sooner answered, and show which of them the server does not take."""
        if trouble not in (Trouble.SLOW, Trouble.REFUSED, Trouble.NONSENSE):
            return
        if len(batch) > 1:
            self._at_a_time = len(batch) // 2
        elif trouble is not Trouble.SLOW:
            self._refused.update(batch)
            log.warning("a phrasing has no vector", extra={"digest": batch[0][:12]})

    async def _place(self, works: Works, wanted: Texts) -> bool:
        """Places the topics, unless vectors have gone meanwhile. Where some topics had theirs and others not, those
        would seem nearer than they are.
        """
        async with works.reading() as reader:
            found = await store.vectors(reader, self._model, wanted.by_digest.keys())
        if wanted.by_digest.keys() - found.keys() - self._refused:
            return False
        topics = {
            key: [found[each] for each in digests if each in found] for key, digests in wanted.topics.items()
        }
        self._embeddings.place(await asyncio.to_thread(Space.of, topics) if found else None)
        return True
