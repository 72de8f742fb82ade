"""What learning does by time: staff are told once a week, old questions are forgotten."""

from collections.abc import Sequence
from datetime import tzinfo

from bot.faq.learning import rules, service, store, texts
from bot.kit.clock import HOUR, MINUTE, SECOND
from bot.kit.outbox import Policy, Urgency
from bot.kit.sweeps import Sweep
from bot.kit.work import Work, Works
from bot.roster import store as roster
from bot.roster.model import Role, Staff

_AT_A_TIME = 500

_BEFORE = (Role.SECRETARY, Role.GENERAL, Role.ADMIN, Role.DEPUTY, Role.HELPER)
"""Who is told of a unit's questions: those with the first of these posts that somebody who can be written to holds."""


def sweeps(zone: tzinfo) -> Sequence[Sweep]:
    async def tell_staff(works: Works) -> None:
        await tell(works, zone)

    return [
        Sweep("faq lessons told", 10 * MINUTE // SECOND, tell_staff),
        Sweep("faq lessons", HOUR // SECOND, forget),
    ]


async def tell(works: Works, zone: tzinfo) -> None:
    """Tells the staff of each unit with enough to look at, once a week."""
    async with works.begin() as work:
        week, is_time = rules.telling_time(work.now, zone)
        if not is_time:
            return
        units = await store.units_with_open(work.session, at_least=rules.TELLING_FROM)
    for unit_id in units:
        async with works.begin() as work:
            await _tell_unit(work, unit_id, week)


async def _tell_unit(work: Work, unit_id: int, week: str) -> None:
    desk = await service.desk_of_unit(work.session, unit_id)
    if desk is None:
        return
    keepers = _keepers(await roster.staff_of(work.session, unit_id))
    if not keepers:
        return
    groups = await service.queue(work.session, desk)
    if len(groups) < rules.TELLING_FROM:
        return
    for keeper in keepers:
        if keeper.person.account_id is not None:
            await work.out.send(
                keeper.person.account_id,
                texts.waiting(work.languages[keeper.person.language], desk.unit, len(groups)),
                key=f"faq:lessons:{unit_id}:{week}:{keeper.person.member.id}",
                urgency=Urgency.BULK,
                policy=Policy.AT_MOST_ONCE,
            )


def _keepers(staff: Sequence[Staff]) -> Sequence[Staff]:
    reachable = [each for each in staff if each.person.account_id is not None]
    for role in _BEFORE:
        if found := [each for each in reachable if each.post.role is role]:
            return found
    return []


async def forget(works: Works) -> None:
    """Forgets questions of long ago; dismissed ones later, so that they stay dismissed meanwhile."""
    forgotten = _AT_A_TIME
    while forgotten == _AT_A_TIME:
        async with works.begin() as work:
            forgotten = await store.forget_old(
                work.session,
                before=work.now - rules.KEPT,
                settled_before=work.now - rules.KEPT_DISMISSED,
                limit=_AT_A_TIME,
            )
