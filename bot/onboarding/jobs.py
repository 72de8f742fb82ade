"""What the walk-through does by itself."""

from datetime import tzinfo

from bot.kit.outbox import Policy, Urgency
from bot.kit.sweeps import Sweep
from bot.kit.work import Works
from bot.onboarding import service, texts
from bot.onboarding.guide import Guide
from bot.onboarding.quiet import QuietHours
from bot.onboarding.service import Spared


def asking_the_stalled(
    guide: Guide, *, stall_days: int, quiet: QuietHours, zone: tzinfo, spared: Spared, every: int = 600
) -> Sweep:
    """Asks everybody who has stood still for some days once whether to go on, outside the quiet hours and not on a day
    on which they are written to anyway.
    """

    async def run(works: Works) -> None:
        after: int | None = 0
        while after is not None:
            async with works.begin() as work:
                if quiet.contain(work.now, zone):
                    return
                stalled, after = await service.take_stalled(
                    work, guide, stall_days=stall_days, spared=spared, after=after
                )
                for each in stalled:
                    standing = each.standing
                    await work.out.send(
                        standing.account_id,
                        texts.stalled(work.languages[standing.language], each.card),
                        key=f"stalled:{standing.walk.member_id}:{standing.walk.started_at}",
                        urgency=Urgency.BULK,
                        policy=Policy.AT_MOST_ONCE,
                    )

    return Sweep("onboarding.stalled", every, run)
