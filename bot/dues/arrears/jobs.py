"""The sweep that tells secretaries of arrears: once a month and branch, in a transaction of its own."""

from bot.dues import jobs, rules, service, store
from bot.dues.arrears import store as told
from bot.dues.arrears import texts
from bot.dues.arrears.rules import is_time
from bot.dues.model import Period
from bot.dues.rules import Schedule
from bot.kit.outbox import Urgency
from bot.kit.sweeps import Sweep
from bot.kit.work import Work, Works

EVERY = 600
"""Seconds."""


def sweep(schedule: Schedule) -> Sweep:
    async def run(works: Works) -> None:
        async with works.begin() as work:
            ended = rules.period_at(work.now, schedule.zone).shifted(-1)
        async with works.reading() as reader:
            branches = await told.to_look_at(reader, ended)
        for branch_id in branches:
            async with works.begin() as work:
                await _look(work, schedule, branch_id, ended)

    return Sweep("arrears", EVERY, run)


async def _look(work: Work, schedule: Schedule, branch_id: int, ended: Period) -> None:
    as_of = await store.as_of(work.session, branch_id)
    if not is_time(ended, as_of, work.now, schedule):
        return
    late = await service.late_at_end(work.session, branch_id, ended)
    keepers = await jobs.keepers(work.session, branch_id)
    if late and not keepers:
        return  # somebody to tell may come yet
    await told.looked_at(work.session, branch_id, ended, now=work.now)
    new = [
        each for each in late if await told.told(work.session, each.obligation.member_id, ended, now=work.now)
    ]
    for keeper in keepers:
        # Whom it concerns is not told: not even a secretary, about themselves.
        others = [each for each in new if each.obligation.member_id != keeper.member_id]
        if others and keeper.account_id is not None:
            await work.out.send(
                keeper.account_id,
                texts.told(work.languages[keeper.language], ended, others, as_of, schedule.zone),
                key=f"arrears:{branch_id}:{ended}:{keeper.member_id}",
                urgency=Urgency.TICKET,
            )
