"""Internal notes on a ticket: what the staff tell each other and the member never sees."""

from collections.abc import Sequence

from bot.helpdesk.model import Holder, Ticket
from bot.helpdesk.notes.buttons import WriteNote
from bot.helpdesk.notes.handlers import Notes
from bot.helpdesk.rules import Desk
from bot.helpdesk.toolbox import Tool
from bot.helpdesk.writing import Noting
from bot.kit.i18n import N_
from bot.kit.router import Router
from bot.roster.model import Actor


def _always(_ticket: Ticket, _me: Holder) -> bool:
    return True


TOOLS: Sequence[Tool] = (Tool(N_("Internal note"), WriteNote, _always),)


def register(router: Router[Actor], desk: Desk) -> None:
    notes = Notes(desk)
    router.button(WriteNote, notes.ask)
    router.dialogue(Noting, notes.written)
