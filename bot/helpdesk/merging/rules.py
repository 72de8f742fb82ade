"""What becomes of two tickets that are put together. Pure."""

import dataclasses

from bot.helpdesk.model import Fact, State, Ticket


@dataclasses.dataclass(frozen=True, slots=True)
class Merged:
    """How the ticket that is kept goes on."""

    state: State
    deadline: int | None
    next_at: int | None
    warned_at: int | None
    reminded_at: int | None
    snoozed_until: int | None
    climbing_since: int | None
    facts: tuple[Fact, ...]
    shown: tuple[str, ...]
    follows_id: int | None


def merged(kept: Ticket, joined: Ticket) -> Merged:
    """The member's earlier promise holds: of two clocks that run the nearer deadline counts, and a warning only if it was
    given to the one who has the ticket now. Where a clock runs, nothing is put aside; of two that are put aside the
    earlier comes back. Facts and entries of both, each once.
    """
    running = [each for each in (kept, joined) if each.state is State.OPEN and each.deadline is not None]
    first = min(running, key=lambda each: (each.deadline or 0, each is joined), default=None)
    is_told = first is not None and first.owner_id == kept.owner_id
    asleep = [each.snoozed_until for each in (kept, joined) if each.snoozed_until is not None]
    climbs = [each.climbing_since for each in (kept, joined) if each.climbing_since is not None]
    return Merged(
        state=State.OPEN if State.OPEN in (kept.state, joined.state) else State.ANSWERED,
        deadline=None if first is None else first.deadline,
        next_at=None if first is None else first.next_at,
        warned_at=first.warned_at if first is not None and is_told else None,
        reminded_at=first.reminded_at if first is not None and is_told else None,
        snoozed_until=None if running else min(asleep, default=None),
        climbing_since=kept.climbing_since or min(climbs, default=None),
        facts=tuple(dict.fromkeys((*kept.facts, *joined.facts))),
        shown=tuple(dict.fromkeys((*kept.shown, *joined.shown))),
        follows_id=kept.follows_id or joined.follows_id,
    )
