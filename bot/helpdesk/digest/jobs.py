"""The digest's sweep."""

import functools

from bot.helpdesk.digest import rules, service, store
from bot.helpdesk.rules import Desk
from bot.kit.clock import to_local
from bot.kit.sweeps import Sweep
from bot.kit.work import Works

BATCH = 100


def sweep(desk: Desk) -> Sweep:
    return Sweep("helpdesk.digest", 60, functools.partial(_send, desk))


async def _send(desk: Desk, works: Works) -> None:
    after = 0
    while True:
        async with works.begin() as work:
            local = to_local(work.now, desk.zone)
            minute = local.hour * 60 + local.minute
            due = await store.wishes(
                work.session,
                minute=minute,
                earliest=minute - rules.LATE + 1,
                day=local.date().isoformat(),
                after=after,
                limit=BATCH,
            )
        for wish in due:
            async with works.begin() as work:
                await service.send(work, desk, wish.member_id)
        if len(due) < BATCH:
            return
        after = due[-1].member_id
