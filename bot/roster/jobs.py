"""What the roster does by time."""

from collections.abc import Sequence

from bot.kit.menu import Menu
from bot.kit.sweeps import Sweep
from bot.kit.work import Works
from bot.roster import service
from bot.roster.importing import service as import_service
from bot.roster.joining import notices
from bot.roster.joining import service as joining_service
from bot.roster.model import Actor

_AT_ONCE = 100


def sweeps(menu: Menu[Actor]) -> Sequence[Sweep]:
    async def tell_menus(works: Works) -> None:
        """Command menus that no longer fit, after an import or a handover."""
        async with works.begin() as work:
            await service.tell_menus_due(work, menu, _AT_ONCE)

    return [
        Sweep("roster.menus", 20, tell_menus),
        Sweep("roster.requests", 60, announce_requests),
        Sweep("roster.tidy", 3600, tidy),
    ]


async def announce_requests(works: Works) -> None:
    """Requests that nobody could be told of, once a staff member has started the bot."""
    async with works.begin() as work:
        for asked, account_name in await joining_service.unannounced(work.session, _AT_ONCE):
            await notices.announce(work, asked, account_name)


async def tidy(works: Works) -> None:
    """Ended codes, counts of tries, and files nobody decided about."""
    async with works.begin() as work:
        await joining_service.sweep(work)
        await import_service.sweep(work)
