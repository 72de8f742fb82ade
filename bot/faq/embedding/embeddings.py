"""How near the topics are to a question, as an embeddings server sees it: one more score for the matcher."""

import asyncio
from collections.abc import Mapping
from typing import Final

from bot.faq.embedding.client import EmbeddingSettings, NoVectors, Server
from bot.faq.embedding.line import Line
from bot.faq.embedding.rules import Space, prepared
from bot.kit.clock import Clock

LEARNING_PATIENCE: Final = 10.0
"""Seconds for a batch of phrasings, which nobody waits for. Sweeps run one after the other: not longer."""


class Embeddings:
    """Vectors of the topics are kept in memory as they are in the database; those of questions nowhere."""

    def __init__(self, settings: EmbeddingSettings, clock: Clock) -> None:
        self.model = settings.model
        self._server = Server(settings)
        self._asking = Line(self._server, clock, "questions", patience=settings.patience)
        # Of its own: a server too slow for a batch of phrasings may still be quick enough for a question.
        self.learning = Line(self._server, clock, "phrasings", patience=LEARNING_PATIENCE)
        self._space: Space | None = None
        self._outgrown = False

    async def of(self, text: str) -> Mapping[str, float] | None:
        """By topic, how near it is to a question, as `Space.nearness` says. None, so that it is left out, as long as
        not all topics have their vectors, and where the server has no good answer within the settings' patience.

        Asks over the network: never inside a transaction.
        """
        space, question = self._space, prepared(text)
        if space is None or not question:
            return None
        try:
            (vector,) = await self._asking.vectors([question])
        except NoVectors:
            return None
        if len(vector) != space.dimension:
            self._space, self._outgrown = None, True
            return None
        return await asyncio.to_thread(space.nearness, vector)

    @property
    def outgrown(self) -> bool:
        """Whether the server has answered with vectors of another length than the topics': another model goes by the
        name now.
        """
        return self._outgrown

    def place(self, space: Space | None) -> None:
        """From now on the topics are where `space` has them."""
        self._space, self._outgrown = space, False

    async def close(self) -> None:
        await self._server.close()
