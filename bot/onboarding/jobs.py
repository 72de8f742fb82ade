"""What the walk-through does by itself."""

from datetime import tzinfo

from bot.kit.outbox import Policy, Urgency
from bot.kit.sweeps import Sweep
from bot.kit.work import Works
from bot.onboarding import service, texts
from bot.onboarding.guide import Guide
from bot.onboarding.quiet import QuietHours


def asking_the_stalled(
    guide: Guide, *, stall_days: int, quiet: QuietHours, zone: tzinfo, every: int = 600
) -> Sweep:
    """Asks everybody who has stood still for some days once whether to go on, outside the quiet hours."""

    async def run(works: Works) -> None:
        asked = service.BATCH
        while asked == service.BATCH:
            async with works.begin() as work:
                if quiet.contain(work.now, zone):
                    return
                stalled = await service.take_stalled(work, guide, stall_days=stall_days)
                for each in stalled:
                    standing = each.standing
                    await work.out.send(
                        standing.account_id,
                        texts.stalled(work.languages[standing.language], each.card),
                        key=f"stalled:{standing.walk.member_id}:{standing.walk.started_at}",
                        urgency=Urgency.BULK,
                        policy=Policy.AT_MOST_ONCE,
                    )
                asked = len(stalled)

    return Sweep("onboarding.stalled", every, run)
