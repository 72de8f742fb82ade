"""The editor: a unit's staff look after its entries in chat, with their thumbs."""

from collections.abc import Sequence
from datetime import tzinfo

from markupsafe import Markup

from bot.faq.editing.finding_handlers import Extra, Finding
from bot.faq.editing.publishing_handlers import Check, Publishing
from bot.faq.editing.screens import Screens
from bot.faq.editing.writing_handlers import Writing
from bot.faq.library import Library
from bot.faq.model import Entry, Owner, Step
from bot.faq.upkeep.store import Draft
from bot.kit.router import Router
from bot.roster import Ctx
from bot.roster.model import Actor

__all__ = ["Check", "Editing", "Extra", "register"]


class Editing:
    """What other parts of the room may ask of the editor."""

    def __init__(self, writing: Writing) -> None:
        self._writing = writing

    async def open_draft(self, ctx: Ctx, owner: Owner, entry: Entry) -> None:
        """Begins a draft of a new entry (with an empty id, it is given one) and shows it in place of the tapped message;
        `NotAllowed` where the actor is not of that owner's staff.
        """
        await self._writing.open_draft(ctx, owner, entry)


async def nothing_more(_ctx: Ctx, _draft: Draft) -> Sequence[Markup]:
    """A check that has nothing to say."""
    return ()


def register(
    router: Router[Actor],
    library: Library,
    *,
    zone: tzinfo,
    steps: Sequence[Step] = (),
    check: Check = nothing_more,
    extras: Sequence[Extra] = (),
) -> Editing:
    """Registers `/faq`. `steps`: the cards of the walk-through; `check`: what there is to know before publishing;
    `extras`: other parts' buttons on the home screen.
    """
    screens = Screens(library, zone)
    Finding(router, screens, extras)
    Publishing(router, screens, check)
    return Editing(Writing(router, screens, steps))
