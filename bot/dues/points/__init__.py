"""When a unit reminds, as its staff set it."""

from bot.dues.points.handlers import register
from bot.dues.points.service import may_set, may_set_above

__all__ = ["may_set", "may_set_above", "register"]
