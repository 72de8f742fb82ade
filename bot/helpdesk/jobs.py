"""The helpdesk's sweeps: what becomes due by time. Each does one ticket a transaction and is safe to run twice."""

import functools
import logging
from collections.abc import Awaitable, Callable, Sequence

from bot.helpdesk import absences, asking, closing, keeping, ladder, store, teams
from bot.helpdesk.away import service as away
from bot.helpdesk.digest import jobs as digest
from bot.helpdesk.failing import service as failing
from bot.helpdesk.failing import store as failures
from bot.helpdesk.flooding import service as flooding
from bot.helpdesk.flooding import store as floods
from bot.helpdesk.rules import QUIET, Desk
from bot.helpdesk.snoozing import service as snoozing
from bot.helpdesk.snoozing import store as snoozed
from bot.helpdesk.team import service as team
from bot.helpdesk.transferring import service as transferring
from bot.helpdesk.transferring import store as helping
from bot.kit.clock import DAY
from bot.kit.database import Unavailable
from bot.kit.sweeps import Sweep
from bot.kit.work import Work, Works

log = logging.getLogger(__name__)

BATCH = 100

LOOK_BACK = 7 * DAY
"""For how long after somebody's post has ended tickets are taken from their chat, should the bot have been down."""

Find = Callable[[Work], Awaitable[Sequence[int]]]
"""Tickets that are due, by id."""

Treat = Callable[[Work, int], Awaitable[object]]


def sweeps(desk: Desk) -> Sequence[Sweep]:
    """All of the helpdesk's sweeps, for the runtime."""
    return [
        Sweep("helpdesk.members", 30, functools.partial(_follow_members, desk)),
        Sweep("helpdesk.gathered", 2, functools.partial(_send_gathered, desk)),
        Sweep("helpdesk.ladder", 30, functools.partial(_climb, desk)),
        Sweep("helpdesk.away", 30, functools.partial(_keep_absences, desk)),
        Sweep("helpdesk.owners", 30, functools.partial(_find_owners, desk)),
        Sweep("helpdesk.helpers", 30, functools.partial(_end_stranded_help, desk)),
        Sweep("helpdesk.outsiders", 30, _close_to_outsiders),
        Sweep("helpdesk.snoozed", 30, functools.partial(_wake, desk)),
        Sweep("helpdesk.floods", 5, _bring_what_waited),
        Sweep("helpdesk.team", 5, functools.partial(_look_after_teams, desk)),
        Sweep("helpdesk.lost", 15, _tell_of_lost_messages),
        digest.sweep(desk),
        Sweep("helpdesk.old", 3_600, functools.partial(_put_away, desk)),
    ]


async def _send_gathered(desk: Desk, works: Works) -> None:
    async def gathered(work: Work) -> Sequence[int]:
        return await store.gathered(work.session, now=work.now)

    await _all(works, gathered, lambda work, ticket: asking.send_gathered(work, desk, ticket))


async def _climb(desk: Desk, works: Works) -> None:
    async def due(work: Work) -> Sequence[int]:
        return await store.due(work.session, now=work.now)

    await _all(works, due, lambda work, ticket: ladder.step(work, desk, ticket))


async def _find_owners(desk: Desk, works: Works) -> None:
    async def waiting(work: Work) -> Sequence[int]:
        return await store.without_fit_owner(work.session, now=work.now)

    await _all(works, waiting, lambda work, ticket: ladder.find_owner(work, desk, ticket))


async def _end_stranded_help(desk: Desk, works: Works) -> None:
    async def stranded(work: Work) -> Sequence[int]:
        return await helping.with_stranded_helpers(work.session)

    await _all(works, stranded, lambda work, ticket: transferring.end_stranded_help(work, desk, ticket))


async def _close_to_outsiders(works: Works) -> None:
    async def standing(work: Work) -> Sequence[int]:
        return await store.before_outsiders(work.session, ended_after=work.now - LOOK_BACK)

    await _all(works, standing, ladder.close_to_outsiders)


async def _follow_members(desk: Desk, works: Works) -> None:
    async def strayed(work: Work) -> Sequence[int]:
        return await store.strayed(work.session)

    await _all(works, strayed, lambda work, ticket: ladder.follow(work, desk, ticket))


async def _wake(desk: Desk, works: Works) -> None:
    async def due(work: Work) -> Sequence[int]:
        return await snoozed.due(work.session, now=work.now)

    await _all(works, due, lambda work, ticket: snoozing.wake_due(work, desk, ticket))


async def _keep_absences(desk: Desk, works: Works) -> None:
    async with works.begin() as work:
        over = await absences.expired(work.session, now=work.now, limit=BATCH)
        beginning = await absences.beginning(work.session, now=work.now, limit=BATCH)
    await _each(works, over, lambda work, absence: away.expire(work, desk, absence))
    await _each(works, beginning, lambda work, absence: away.begin(work, desk, absence))
    async with works.begin() as work:
        misplaced = await away.misplaced(work)
    await _each(works, misplaced, lambda work, ticket: away.put_right(work, desk, ticket))


async def _bring_what_waited(works: Works) -> None:
    async with works.begin() as work:
        due = await floods.due(work.session, now=work.now, limit=BATCH)
    await _each(works, due, flooding.bring)


async def _tell_of_lost_messages(works: Works) -> None:
    async with works.begin() as work:
        lost = await failures.tickets(work.session, now=work.now, limit=BATCH)
    await _each(works, lost, failing.tell)


async def _look_after_teams(desk: Desk, works: Works) -> None:
    async with works.reading() as reader:
        stranded = [team_id for team_id, _ in await teams.stranded(reader)]
        refused = {seat.ticket_id for seat, _ in await teams.refused(reader)}
        closed = [seat.id for seat in await teams.topics_to_close(reader, limit=BATCH)]
        reopened = [seat.id for seat in await teams.topics_to_reopen(reader, limit=BATCH)]
    await _each(works, stranded, lambda work, team_id: team.recover(work, desk, team_id))
    await _each(works, sorted(refused), lambda work, ticket: team.rescue(work, desk, ticket))
    await _each(works, closed, team.close_topic)
    await _each(works, reopened, team.reopen_topic)


async def _put_away(desk: Desk, works: Works) -> None:
    async def quiet(work: Work) -> Sequence[int]:
        return await keeping.quiet(work.session, before=work.now - QUIET)

    await _all(works, quiet, lambda work, ticket: closing.close_quiet(work, desk, ticket))
    async with works.begin() as work:
        old = await keeping.kept_too_long(work.session, before=work.now - desk.kept, limit=BATCH)
    await _each(works, old, closing.expire)


async def _all(works: Works, find: Find, treat: Treat) -> None:
    """Treats whatever is due, all of it: nothing waits behind what cannot be treated."""
    async with works.begin() as work:
        found = await find(work)
    await _each(works, found, treat)


async def _each(works: Works, tickets: Sequence[int], treat: Treat) -> None:
    for ticket_id in tickets:
        try:
            async with works.begin() as work:
                await treat(work, ticket_id)
        except Unavailable:
            raise
        except Exception:  # one ticket that cannot be treated must not keep the others waiting
            log.exception("ticket left for the next sweep", extra={"ticket": ticket_id})
