"""What the staff find of their tickets. Which those are is decided by their posts, never by the button."""

import dataclasses
from collections.abc import Sequence

from bot.helpdesk import people
from bot.helpdesk import store as tickets
from bot.helpdesk.inbox import store
from bot.helpdesk.inbox.model import Filter, Page
from bot.helpdesk.model import Line
from bot.kit.database import Reader
from bot.roster import store as roster
from bot.roster.model import Actor

PAGE = 5
"""Tickets on one page."""

_LAST = 1_000
"""A page beyond any list."""


@dataclasses.dataclass(frozen=True, slots=True)
class Finds:
    """A page of tickets that were looked for."""

    lines: tuple[Line, ...]
    page: int
    has_next: bool
    searched: int | None = None
    """How many of the newest were looked at, where there are older ones."""


async def page(reader: Reader, actor: Actor, chosen: Filter, number: int, *, now: int) -> Page:
    """A page of the tickets that this person may act on. `NotAllowed` for an account that is bound to nobody; whoever
    holds no post finds nothing.
    """
    member = people.bound(actor)
    number = _within(number)
    items = await store.items(reader, member.id, chosen, now=now, limit=PAGE + 1, offset=number * PAGE)
    counts, waiting = await store.counts(reader, member.id, now=now)
    return Page(chosen, number, tuple(items[:PAGE]), len(items) > PAGE, counts, waiting)


async def search(reader: Reader, actor: Actor, words: Sequence[str], number: int) -> Finds:
    """A page of the tickets, closed ones too, that this person may act on or has asked themselves and that hold all of
    the words (at least one). `NotAllowed`.
    """
    member = people.bound(actor)
    number = _within(number)
    lines = await store.found(reader, member.id, words, limit=PAGE + 1, offset=number * PAGE)
    has_next = len(lines) > PAGE
    older = not has_next and await store.goes_beyond_reach(reader, member.id)
    return Finds(tuple(lines[:PAGE]), number, has_next, store.REACH if older else None)


async def past(reader: Reader, actor: Actor, ticket_id: int, number: int) -> tuple[str, Finds]:
    """The name of the member who asked this ticket, and a page of what they had asked before: of that, what this
    person may see. `NotYours`.
    """
    ticket = await tickets.existing(reader, ticket_id)
    me = await people.as_staff(reader, actor, ticket)
    number = _within(number)
    lines = await store.past(
        reader,
        me.member_id,
        ticket.requester_id,
        before=ticket.id,
        limit=PAGE + 1,
        offset=number * PAGE,
    )
    requester = await roster.person(reader, ticket.requester_id)
    name = "" if requester is None else requester.member.name
    return name, Finds(tuple(lines[:PAGE]), number, len(lines) > PAGE)


def _within(number: int) -> int:
    return min(max(0, number), _LAST)
