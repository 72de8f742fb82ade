"""The helpdesk's sweeps: what becomes due by time. Each does one ticket a transaction and is safe to run twice."""

import functools
import logging
from collections.abc import Awaitable, Callable, Sequence

from bot.helpdesk import asking, closing, ladder, store
from bot.helpdesk.rules import QUIET, Desk
from bot.kit.database import Unavailable
from bot.kit.sweeps import Sweep
from bot.kit.work import Work, Works

log = logging.getLogger(__name__)

BATCH = 100

Treat = Callable[[Work, int], Awaitable[None]]


def sweeps(desk: Desk) -> Sequence[Sweep]:
    """All of the helpdesk's sweeps, for the runtime."""
    return [
        Sweep("helpdesk.gathered", 2, functools.partial(_send_gathered, desk)),
        Sweep("helpdesk.ladder", 30, functools.partial(_climb, desk)),
        Sweep("helpdesk.owners", 30, functools.partial(_find_owners, desk)),
        Sweep("helpdesk.lost", 60, _tell_of_lost_messages),
        Sweep("helpdesk.old", 3_600, functools.partial(_put_away, desk)),
    ]


async def _send_gathered(desk: Desk, works: Works) -> None:
    async with works.begin() as work:
        due = await store.gathered(work.session, now=work.now, limit=BATCH)
    await _each(works, due, lambda work, ticket: asking.send_gathered(work, desk, ticket))


async def _climb(desk: Desk, works: Works) -> None:
    async with works.begin() as work:
        due = await store.due(work.session, now=work.now, limit=BATCH)
    await _each(works, due, lambda work, ticket: ladder.step(work, desk, ticket))


async def _find_owners(desk: Desk, works: Works) -> None:
    after = 0
    while True:
        async with works.reading() as reader:
            waiting = await store.without_reachable_owner(reader, after=after, limit=BATCH)
        await _each(works, waiting, lambda work, ticket: ladder.find_owner(work, desk, ticket))
        if len(waiting) < BATCH:
            return
        after = waiting[-1]


async def _tell_of_lost_messages(works: Works) -> None:
    async with works.reading() as reader:
        lost = await store.with_lost_messages(reader, limit=BATCH)
        undelivered = await store.with_undelivered_words(reader, limit=BATCH)
    await _each(works, lost, ladder.tell_of_lost_messages)
    await _each(works, undelivered, ladder.tell_of_undelivered_words)


async def _put_away(desk: Desk, works: Works) -> None:
    async with works.begin() as work:
        quiet = await store.quiet(work.session, before=work.now - QUIET, limit=BATCH)
        old = await store.kept_too_long(work.session, before=work.now - desk.kept, limit=BATCH)
    await _each(works, quiet, closing.close_quiet)
    await _each(works, old, closing.expire)


async def _each(works: Works, tickets: Sequence[int], treat: Treat) -> None:
    for ticket_id in tickets:
        try:
            async with works.begin() as work:
                await treat(work, ticket_id)
        except Unavailable:
            raise
        except Exception:  # one ticket that cannot be treated must not keep the others waiting
            log.exception("ticket left for the next sweep", extra={"ticket": ticket_id})
