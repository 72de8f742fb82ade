"""Decisions about teams' groups: how long a wish stands, what it means when Telegram refuses something."""

import enum
from collections.abc import Iterable

from bot.kit.clock import DAY

OFFER_STANDS = DAY
"""Both sides agree within this time, or it is asked for again."""


class Fault(enum.IntEnum):
    """What is wrong where something could not be brought; the graver comes first."""

    GROUP = 0
    """The bot is no longer in the group, or the group is no more."""
    RIGHTS = 1
    """The bot may not open topics, or not write, in the group."""
    TOPIC = 2
    """The ticket's topic is closed or deleted."""


_SIGNS = {
    Fault.GROUP: ("kicked", "not a member", "chat not found", "chat was deleted", "deactivated"),
    Fault.RIGHTS: (
        "not enough rights",
        "no rights",
        "administrator rights",
        "write_forbidden",
        "not a forum",
    ),
    Fault.TOPIC: (
        "thread not found",
        "topic_closed",
        "topic_deleted",
        "topic_id_invalid",
        "topic was never made",
    ),
}


def fault_of(errors: Iterable[str]) -> Fault | None:
    """The gravest fault of those that Telegram's words tell of; None if they are about the message and not its place."""
    told = [error.lower() for error in errors]
    for fault in sorted(_SIGNS):
        if any(sign in error for sign in _SIGNS[fault] for error in told):
            return fault
    return None
