"""Who stands in for colleagues who are away. Values in, values out."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

from bot.helpdesk.model import Holder

Away = Mapping[int, int | None]
"""The members who are away, each with the substitute they have named; None for one who has named nobody."""


def stand_in(member_id: int, away: Away) -> int | None:
    """Who answers in this member's place: the member, if they are here; else the end of the chain of substitutes, who is
    here. None where the chain ends with somebody who is away and has named nobody, or leads back to itself.
    """
    passed: set[int] = set()
    asked: int | None = member_id
    while asked is not None and asked in away:
        if asked in passed:
            return None
        passed.add(asked)
        asked = away[asked]
    return asked


def present(holders: Sequence[Holder], away: Away) -> Sequence[Holder]:
    """The holders who are here, in their order. In the place and on the rung of each who is away stands who answers
    for them, if that is one of `holders`: a substitute who may not look after the branch gets nothing of it.
    """
    by_id: dict[int, Holder] = {}
    for holder in holders:
        by_id.setdefault(holder.member_id, holder)
    found: list[Holder] = []
    for holder in holders:
        if holder.member_id not in away:
            found.append(holder)
            continue
        answering = stand_in(holder.member_id, away)
        if answering is not None and answering in by_id:
            found.append(dataclasses.replace(by_id[answering], rung=holder.rung, instead_of=holder.member_id))
    return found


@dataclasses.dataclass(frozen=True, slots=True)
class Standing:
    """A ticket that somebody looks after in the place of a colleague who is, or was, away, and has not taken up yet."""

    ticket_id: int
    holder_id: int
    instead_of: int


def misplaced(standing: Iterable[Standing], away: Away) -> Sequence[tuple[Standing, int]]:
    """What is to go to somebody else, and to whom: back to a colleague who has returned, or on to whoever stands in for
    them by now. What nobody stands in for stays where it is.
    """
    found = []
    for each in standing:
        answering = stand_in(each.instead_of, away)
        if answering is not None and answering != each.holder_id:
            found.append((each, answering))
    return found


def leads_back(member_id: int, substitute_id: int, away: Away) -> bool:
    """Whether that substitute's own substitutes end with this member, who would then stand in for themselves."""
    passed: set[int] = set()
    asked: int | None = substitute_id
    while asked is not None and asked not in passed:
        if asked == member_id:
            return True
        passed.add(asked)
        asked = away.get(asked)
    return False
