"""When the staff of a branch work, how soon they answer, and how they are named."""

from collections.abc import Collection, Mapping

from bot.helpdesk import unit_desks
from bot.helpdesk.rules import Desk, Schedule
from bot.helpdesk.terms import Terms, inherited
from bot.kit.database import Reader


async def of_branch(reader: Reader, desk: Desk, branch_id: int) -> Schedule:
    """The branch's own schedule; what it has not set comes from the units above it, at last from the settings."""
    return Schedule.of(await terms_of(reader, desk, branch_id), desk.zone)


async def of_branches(reader: Reader, desk: Desk, branch_ids: Collection[int]) -> Mapping[int, Schedule]:
    """The schedules of several branches at once."""
    lines = await unit_desks.lines(reader, branch_ids)
    return {branch: Schedule.of(inherited(line, desk.terms), desk.zone) for branch, line in lines.items()}


async def shows_accounts(reader: Reader, desk: Desk, branch_id: int) -> bool:
    """Whether, in this branch, the name over an answer leads to the private account of who wrote it."""
    return (await terms_of(reader, desk, branch_id)).shows_accounts


async def terms_of(reader: Reader, desk: Desk, unit_id: int) -> Terms:
    """All terms of a unit, with those it has not set itself."""
    lines = await unit_desks.lines(reader, [unit_id])
    return inherited(lines[unit_id], desk.terms)
