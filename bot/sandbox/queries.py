"""Callback and inline queries that wait for the bot's answer."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.errors import bad_request

_KEPT = 10_000
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot answered to a tap."""

    text: str = ""
    show_alert: bool = False
    url: str = ""
    results: tuple[dict[str, Any], ...] = ()
    """Of an inline query."""


@dataclass(slots=True)
class Query:
    """One query, opened at a UTC millisecond by a person."""

    id: str
    person_id: int
    opened: int
    answer: Answer | None = None
    waiters: list[asyncio.Future[Answer]] = field(default_factory=list)


class Queries:
    """Queries by id; the oldest are forgotten. `seconds`: how long one can be answered."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._queries: dict[str, Query] = {}

    def open(self, query_id: str, person_id: int, now: int) -> None:
        self._queries[query_id] = Query(query_id, person_id, now)
        if len(self._queries) > _KEPT:
            del self._queries[next(iter(self._queries))]

    def answer(self, query_id: str, answer: Answer, now: int) -> Query:
        """Give the answer; refused when unknown, too old, or answered before."""
        query = self._queries.get(query_id)
        if query is None or query.answer is not None or now - query.opened > self._seconds * 1000:
            raise bad_request(_TOO_OLD)
        query.answer = answer
        for waiter in query.waiters:
            if not waiter.done():
                waiter.set_result(answer)
        query.waiters.clear()
        return query

    async def wait(self, query_id: str, seconds: float) -> Answer | None:
        """The answer, or None when none came within so many real `seconds`."""
        query = self._queries.get(query_id)
        if query is None or query.answer is not None:
            return None if query is None else query.answer
        waiter: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        query.waiters.append(waiter)
        try:
            async with asyncio.timeout(seconds):
                return await waiter
        except TimeoutError:
            return None
