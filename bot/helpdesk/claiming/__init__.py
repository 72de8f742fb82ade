"""Claiming a ticket: the first who answers or says that they do has it, and the others see whose it is."""

from collections.abc import Sequence

from bot.helpdesk import rules
from bot.helpdesk.buttons import Claim
from bot.helpdesk.claiming.buttons import TakeOver
from bot.helpdesk.claiming.handlers import Claiming
from bot.helpdesk.model import Holder, Ticket
from bot.helpdesk.rules import Desk
from bot.helpdesk.toolbox import Tool
from bot.kit.i18n import N_
from bot.kit.router import Router
from bot.roster.model import Actor


def _is_a_colleagues(ticket: Ticket, me: Holder) -> bool:
    return ticket.owner_id != me.member_id and not rules.is_helping(ticket, me)


TOOLS: Sequence[Tool] = (Tool(N_("I take it over"), Claim, _is_a_colleagues),)


def register(router: Router[Actor], desk: Desk) -> None:
    claiming = Claiming(desk)
    router.button(Claim, claiming.claim)
    router.button(TakeOver, claiming.take_over)
