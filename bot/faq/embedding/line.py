"""A way to the server that is left alone for a while once it has failed several times running."""

import logging
from collections.abc import Sequence
from typing import Final

from bot.faq.embedding.client import NoVectors, Server, Trouble
from bot.faq.embedding.rules import Vectors
from bot.kit.clock import Clock

log = logging.getLogger(__name__)

FAILURES: Final = 3
REST_SECONDS: Final = 60.0


class Line:
    def __init__(self, server: Server, clock: Clock, purpose: str, *, patience: float) -> None:
        """`purpose` tells its lines in the log apart; `patience` is in seconds."""
        self._server = server
        self._clock = clock
        self._purpose = purpose
        self._patience = patience
        self._failures = 0
        self._rests_until = 0.0

    async def vectors(self, texts: Sequence[str]) -> Vectors:
        """As `Server.vectors`. After three failures in a row the server is not asked for a minute, and then by one
        caller alone, whose luck decides for all.
        """
        if not self._may_ask():
            raise NoVectors(Trouble.RESTING)
        try:
            found = await self._server.vectors(texts, patience=self._patience)
        except NoVectors as failure:
            self._note_failure(failure)
            raise
        if self._failures >= FAILURES:
            log.info("embeddings are back", extra={"purpose": self._purpose})
        self._failures = 0
        return found

    def _note_failure(self, failure: NoVectors) -> None:
        self._failures += 1
        if self._failures < FAILURES:
            return
        self._rests_until = self._clock.monotonic() + REST_SECONDS
        if self._failures == FAILURES:
            log.warning(
                "embeddings are left out for now",
                extra={
                    "purpose": self._purpose,
                    "trouble": str(failure.trouble),
                    "status": failure.status,
                },
            )

    def _may_ask(self) -> bool:
        if self._failures < FAILURES:
            return True
        now = self._clock.monotonic()
        if now < self._rests_until:
            return False
        self._rests_until = now + REST_SECONDS  # until the one who asks now knows more
        return True
