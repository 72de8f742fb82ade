"""What the staff of a branch see about one member's dues."""

import dataclasses
from collections.abc import Mapping, Sequence

from bot.dues import service as dues
from bot.dues import store as ledger
from bot.dues.agreements import store as agreements
from bot.dues.agreements.model import Agreement
from bot.dues.looking import store
from bot.dues.looking.store import Surplus
from bot.dues.model import Entry, Owed, Period
from bot.dues.waiving import store as waivers
from bot.dues.waiving.model import Waiver
from bot.kit.work import Work
from bot.roster import store as roster
from bot.roster.model import Actor


@dataclasses.dataclass(frozen=True, slots=True)
class Card:
    """One member's dues of a period, with all that happened."""

    owed: Owed
    entries: Sequence[Entry]
    """Oldest first."""
    names: Mapping[int, str]
    """Of those who wrote them, by member id."""
    agreements: Sequence[Agreement]
    waiver: Waiver | None
    """The request to be let off that is open."""


async def card(work: Work, actor: Actor, obligation_id: int) -> Card:
    """For the staff of the member's own branch."""
    owed = await dues.look(work, actor, obligation_id)
    obligation = owed.obligation
    entries = await ledger.entries(work.session, obligation)
    names: dict[int, str] = {}
    for writer in {entry.by_member for entry in entries}:
        person = None if writer is None else await roster.person(work.session, writer)
        if person is not None:
            names[person.member.id] = person.member.name
    asked = await waivers.newest(work.session, obligation.member_id, obligation.period)
    return Card(
        owed,
        entries,
        names,
        await agreements.held(work.session, obligation.member_id),
        asked if asked is not None and asked.closed_at is None else None,
    )


async def overpaid(work: Work, actor: Actor, branch_id: int, current: Period) -> Sequence[Surplus]:
    """Who of a branch has paid too much, or twice, within a year; for its staff."""
    dues.require_staff(actor, branch_id)
    return await store.overpaid(work.session, branch_id, current.shifted(-dues.LOOKED_BACK))
