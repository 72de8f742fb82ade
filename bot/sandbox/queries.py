"""Callback and inline queries that wait for the bot's answer."""

import asyncio
from dataclasses import dataclass, field

from bot.sandbox.errors import bad_request
from bot.sandbox.world import Json

_KEPT = 10_000
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@dataclass(frozen=True, slots=True)
class Result:
    """One of the results of an inline query: how it stands in the list, and the message it becomes."""

    id: str
    type: str
    """"article", or a kind of media."""
    title: str
    description: str
    kind: str
    """The message's kind, and below its content."""
    content: Json


@dataclass(frozen=True, slots=True)
class Switch:
    """The button above the results: leads to the private chat with the bot and presses Start there."""

    text: str
    start_parameter: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot answered to a tap, or to an inline query."""

    text: str = ""
    show_alert: bool = False
    url: str = ""
    results: tuple[Result, ...] = ()
    switch: Switch | None = None
    next_offset: str = ""


@dataclass(slots=True)
class Query:
    """One query, opened at a UTC millisecond by a person."""

    id: str
    person_id: int
    opened: int
    inline: str | None = None
    """What was typed, where it is an inline query."""
    answer: Answer | None = None
    waiters: list[asyncio.Future[Answer]] = field(default_factory=list)


class Queries:
    """Queries by id; the oldest are forgotten. `seconds`: how long one can be answered."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._queries: dict[str, Query] = {}

    def open(self, query_id: str, person_id: int, now: int, inline: str | None = None) -> None:
        self._queries[query_id] = Query(query_id, person_id, now, inline)
        if len(self._queries) > _KEPT:
            del self._queries[next(iter(self._queries))]

    def answer(self, query_id: str, answer: Answer, now: int, *, inline: bool = False) -> Query:
        """Give the answer; refused when unknown, of the other sort, too old, or answered before."""
        query = self._queries.get(query_id)
        known = query is not None and (query.inline is not None) is inline
        if query is None or not known or query.answer or now - query.opened > self._seconds * 1000:
            raise bad_request(_TOO_OLD)
        query.answer = answer
        for waiter in query.waiters:
            if not waiter.done():
                waiter.set_result(answer)
        query.waiters.clear()
        return query

    def find(self, query_id: str) -> Query | None:
        return self._queries.get(query_id)

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
