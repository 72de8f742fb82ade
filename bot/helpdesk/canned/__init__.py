"""Canned replies: what staff write again and again, kept once and sent with a tap."""

from collections.abc import Sequence

from bot.helpdesk.canned.buttons import Choose
from bot.helpdesk.canned.handlers import Acknowledge, AfterAnswer, Keeping, Sending
from bot.helpdesk.model import Holder, Ticket
from bot.helpdesk.rules import Desk
from bot.helpdesk.toolbox import Tool
from bot.kit.i18n import N_
from bot.kit.router import Router
from bot.roster.model import Actor


def _always(_ticket: Ticket, _me: Holder) -> bool:
    return True


TOOLS: Sequence[Tool] = (Tool(N_("Canned reply"), lambda ticket: Choose(ticket, 0), _always),)


def register(router: Router[Actor], desk: Desk, acknowledge: Acknowledge, after_answer: AfterAnswer) -> None:
    keeping = Keeping(router)
    router.command(
        "replies",
        keeping.home,
        about=N_("Replies you use often"),
        shown_to=lambda actor: actor.is_staff,
    )
    Sending(router, desk, acknowledge, after_answer)
