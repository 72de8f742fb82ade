"""The unit of work: one transaction with what belongs to it. Handlers, sweeps and commands all act through one."""

import dataclasses
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from bot.kit.clock import Clock
from bot.kit.database import Database, Reader, Session
from bot.kit.i18n import Languages
from bot.kit.outbox import Outbox

SHORT = 1_000
"""Rows that one statement may change while somebody waits for an answer: some hundredths of a second."""


@dataclasses.dataclass(slots=True)
class Work:
    session: Session
    now: int
    """UTC milliseconds; the same throughout."""
    out: Outbox
    languages: Languages

    async def audit(self, act: str, *, by: int | None, subject: str, **details: Any) -> None:
        """Notes a sensitive act in the append-only audit table: ids and plain facts only, no personal text.
        `by` is the acting member's id (None for a rule or schedule); `subject` names what it was done to, as
        'member:12'.
        """
        await self.session.run(
            "INSERT INTO audit (at, act, by_member, subject, details)"
            " VALUES (:at, :act, :by, :subject, :details)",
            at=self.now,
            act=act,
            by=by,
            subject=subject,
            details=json.dumps(details, ensure_ascii=False, sort_keys=True),
        )


class Works:
    """Begins units of work."""

    def __init__(
        self, database: Database, clock: Clock, languages: Languages, wake_courier: Callable[[], None]
    ) -> None:
        self._database = database
        self._clock = clock
        self._languages = languages
        self._wake_courier = wake_courier

    @property
    def languages(self) -> Languages:
        return self._languages

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Work]:
        """A unit of work: committed when left normally, rolled back by an exception."""
        async with self._database.transaction() as session:
            now = self._clock.now()
            yield Work(session, now, Outbox(session, now, self._wake_courier), self._languages)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Reader]:
        """A consistent read-only view beside the writer, for reports and large look-ups."""
        async with self._database.reading() as reader:
            yield reader

    async def cancel(self, prefix: str) -> int:
        """As `Outbox.cancel`, for any number of rows: in many short transactions, between which others get theirs. What is
        cancelled stays so when it is interrupted. Returns how many.
        """
        cancelled = 0
        while True:
            async with self.begin() as work:
                some = await work.out.cancel(prefix, at_most=SHORT)
            cancelled += some
            if some < SHORT:
                return cancelled
