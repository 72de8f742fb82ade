"""Questions that a person must answer: tickets, their ladder, the relay between members and staff."""

from collections.abc import Sequence

from bot.helpdesk import buttons
from bot.helpdesk.closing import contribute as contribute
from bot.helpdesk.closing import forget as forget
from bot.helpdesk.handlers import Claim as Claim
from bot.helpdesk.handlers import Helpdesk as Helpdesk
from bot.helpdesk.handlers import Judgement, Titles
from bot.helpdesk.jobs import sweeps as sweeps
from bot.helpdesk.model import Origin as Origin
from bot.helpdesk.model import Question as Question
from bot.helpdesk.rules import Desk as Desk
from bot.helpdesk.teaching import Learn, learn_nothing
from bot.helpdesk.toolbox import Tool, Toolbox
from bot.kit.i18n import N_
from bot.kit.router import Router
from bot.roster.model import Actor

_TOOLS: Sequence[Tool] = ()
"""In the order in which they are offered."""


def _never(_: str) -> bool:
    return False


def register(
    router: Router[Actor],
    desk: Desk,
    *,
    titles: Titles,
    learn: Learn = learn_nothing,
    courtesy: Judgement = _never,
    elsewhere: Judgement = _never,
) -> Helpdesk:
    """Wires the helpdesk's command, buttons and edits. The app registers `Helpdesk.claims` itself, because their place
    among the other rooms' matters. `learn` takes note of what was answered. `courtesy` tells which of a member's texts ask for no answer; `elsewhere`, which are
    surely no part of a conversation with the staff, because the FAQ knows what they are about.
    """
    helpdesk = Helpdesk(desk, titles, learn, courtesy, elsewhere)
    router.command(
        "tickets",
        helpdesk.tickets,
        about=N_("Questions passed to people, and their answers"),
        shown_to=lambda actor: actor.member is not None,
    )
    router.continuing(helpdesk.claim_reply)
    router.edited(helpdesk.edited)
    router.button(buttons.SendNow, helpdesk.send_now)
    router.button(buttons.Drop, helpdesk.drop)
    router.button(buttons.Close, helpdesk.close)
    router.button(buttons.Tools, Toolbox(_TOOLS).open)
    router.button(buttons.Solved, helpdesk.solved)
    router.button(buttons.More, helpdesk.more)
    router.button(buttons.Reopen, helpdesk.reopen)
    router.button(buttons.Rate, helpdesk.rate)
    router.button(buttons.Show, helpdesk.show)
    router.button(buttons.Page, helpdesk.turn_page)
    return helpdesk
