"""When a secretary is told of somebody's arrears. Values in, values out."""

from bot.dues import rules
from bot.dues.model import Period
from bot.dues.rules import Schedule
from bot.kit.clock import DAY

WAITS_FOR_DATA = 10 * DAY
"""After a month's end the payment data that reach to it are waited for so long."""


def is_time(ended: Period, as_of: int | None, now: int, schedule: Schedule) -> bool:
    """Whether it can be said now who has not paid for a month that is over: the payment data reach to its end, nobody
    ever imported any, or they have been waited for long enough; and it is not the quiet hours.
    """
    end = rules.end_of(ended, schedule.zone)
    is_known = as_of is None or as_of >= end or now >= end + WAITS_FOR_DATA
    return is_known and not rules.is_quiet(now, schedule)
