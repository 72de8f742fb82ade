"""Passing a ticket on to a colleague, and asking the general branch to help with one."""

from collections.abc import Sequence

from bot.helpdesk import rules
from bot.helpdesk.model import Holder, Ticket
from bot.helpdesk.rules import Desk
from bot.helpdesk.toolbox import Tool
from bot.helpdesk.transferring.buttons import Choose, Leave, Way
from bot.helpdesk.transferring.handlers import Transferring
from bot.kit.i18n import N_
from bot.kit.router import Router
from bot.roster.model import Actor


def _may_give(ticket: Ticket, me: Holder) -> bool:
    return not rules.is_helping(ticket, me)


TOOLS: Sequence[Tool] = (
    Tool(N_("Pass it on"), lambda ticket: Choose(ticket, Way.GIVE, 0), _may_give),
    Tool(N_("Ask for help"), lambda ticket: Choose(ticket, Way.HELP, 0), _may_give),
    Tool(N_("I have done my part"), Leave, rules.is_helping),
)


def register(router: Router[Actor], desk: Desk) -> None:
    Transferring(router, desk)
