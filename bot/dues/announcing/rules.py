"""Decisions about announcements: when they leave, whom they find, what became of them. Instants are UTC milliseconds."""

import dataclasses
from datetime import datetime, time, timedelta, tzinfo

from bot.dues.announcing.model import Announcement, Outcome, Stage
from bot.kit import outbox
from bot.kit.clock import DAY, MINUTE, SECOND, from_local, to_local
from bot.onboarding.quiet import QuietHours
from bot.roster.model import Actor, Role

UNDO_WITHIN = 30 * SECOND
"""How long nothing leaves after a tap on Send."""

BEFORE_QUIET = MINUTE
"""Nothing is queued so shortly before the quiet hours: it might leave in them."""

DRAFTS_KEPT = 7 * DAY
"""How long what was written and not sent is kept."""

MAY_ANNOUNCE = frozenset({Role.SECRETARY, Role.DEPUTY, Role.GENERAL, Role.ADMIN})
"""Who announces to the members of their unit; helpers do not."""

TEXT_LENGTH = 4096
CAPTION_LENGTH = 1024
"""Telegram's limits, in UTF-16 code units of the visible text."""


@dataclasses.dataclass(frozen=True, slots=True)
class Manner:
    """How announcements are sent here."""

    zone: tzinfo
    quiet: QuietHours
    per_day: int
    """How many a unit sends a day at most."""


def may_announce(actor: Actor, unit_id: int) -> bool:
    return actor.holds(unit_id, MAY_ANNOUNCE)


def is_quiet(now: int, manner: Manner) -> bool:
    """Whether nothing may be queued now: the quiet hours have begun or are about to."""
    return any(manner.quiet.contain(moment, manner.zone) for moment in (now, now + BEFORE_QUIET))


def leaves_at(now: int, manner: Manner) -> int:
    """When an announcement confirmed now leaves: after the time for undoing, or when the quiet hours are over."""
    moment = now + UNDO_WITHIN
    if not is_quiet(moment, manner):
        return moment
    return _next(moment, manner.quiet.end, manner.zone)


def leaves_until(now: int, manner: Manner) -> int | None:
    """When what has not left stays here: as the next quiet hours begin; None where there are none."""
    quiet = manner.quiet
    return None if quiet.start == quiet.end else _next(now, quiet.start, manner.zone)


def _next(now: int, at: time, zone: tzinfo) -> int:
    """The next moment after now with this local time of day."""
    local = to_local(now, zone)
    moment = datetime.combine(local.date(), at, zone)
    return from_local(
        moment if moment > local else datetime.combine(local.date() + timedelta(days=1), at, zone)
    )


def may_leave(announcement: Announcement, now: int, manner: Manner) -> bool:
    """Whether copies may be queued now."""
    due = announcement.due_at
    return (
        announcement.stage in (Stage.CONFIRMED, Stage.SENDING)
        and due is not None
        and due <= now
        and not is_quiet(now, manner)
    )


def midnight(now: int, zone: tzinfo) -> int:
    """When the local day began."""
    return from_local(datetime.combine(to_local(now, zone).date(), time(), zone))


def copy_key(announcement_id: int, member_id: int | None = None, tries: int = 0) -> str:
    """The key of a member's copy, or what the keys of all copies begin with. A copy that was called back has a new key
    when it is written again, as the old one stays taken.
    """
    prefix = f"announcement:{announcement_id}:"
    return prefix if member_id is None else f"{prefix}{member_id}:{tries or ''}"


OUTCOMES = {
    outbox.State.SENT: Outcome.DELIVERED,
    outbox.State.FAILED: Outcome.FAILED,
    outbox.State.BLOCKED: Outcome.BLOCKED,
    outbox.State.UNKNOWN: Outcome.UNKNOWN,
}
"""What a finished outgoing row means."""

TO_BE_PHONED = (Outcome.FAILED, Outcome.BLOCKED, Outcome.NEVER_STARTED)
