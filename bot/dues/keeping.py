"""What was written about dues is not kept for ever: why somebody asked to be let off, what was announced and who read it.
What was owed, paid and decided stays.
"""

from bot.kit.clock import DAY
from bot.kit.database import Session
from bot.kit.sweeps import Sweep
from bot.kit.work import Works

EVERY_SECONDS = 3_600
AT_ONCE = 1_000
"""Copies of announcements deleted in one transaction."""


def sweep(kept_days: int) -> Sweep:
    """Deletes words that are `kept_days` days past their end."""

    async def run(works: Works) -> None:
        async with works.begin() as work:
            await _forget_reasons(work.session, before=work.now - kept_days * DAY)
            await _empty_announcements(work.session, before=work.now - kept_days * DAY)
        deleted = AT_ONCE
        while deleted == AT_ONCE:
            async with works.begin() as work:
                deleted = await _delete_copies(work.session, before=work.now - kept_days * DAY)

    return Sweep("dues.old", EVERY_SECONDS, run)


async def _forget_reasons(session: Session, *, before: int) -> None:
    await session.run(
        "UPDATE dues_waiver_step SET words = NULL WHERE words IS NOT NULL AND waiver_id IN"
        " (SELECT id FROM dues_waiver WHERE closed_at < :before)",
        before=before,
    )
    await session.run(
        "UPDATE dues_waiver SET chat_id = NULL, message_id = NULL"
        " WHERE message_id IS NOT NULL AND closed_at < :before",
        before=before,
    )


async def _empty_announcements(session: Session, *, before: int) -> None:
    await session.run(
        "UPDATE announcement SET body = '', media_kind = NULL, media_file = NULL"
        " WHERE reported_at < :before AND (body <> '' OR media_file IS NOT NULL)",
        before=before,
    )


async def _delete_copies(session: Session, *, before: int) -> int:
    return await session.run(
        "DELETE FROM announcement_copy WHERE (announcement_id, member_id) IN (SELECT copy.announcement_id, copy.member_id"
        " FROM announcement_copy AS copy JOIN announcement ON announcement.id = copy.announcement_id"
        " WHERE announcement.reported_at < :before LIMIT :most)",
        before=before,
        most=AT_ONCE,
    )
