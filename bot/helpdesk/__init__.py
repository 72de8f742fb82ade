"""Questions that a person must answer: tickets, their ladder, the relay between members and staff."""

from collections.abc import Sequence

from bot.helpdesk import buttons, canned, claiming, closing, hours, notes, transferring, writing
from bot.helpdesk.away.handlers import register as register_away
from bot.helpdesk.canned import store as canned_replies
from bot.helpdesk.closing import contribute as contribute
from bot.helpdesk.digest.handlers import Digest
from bot.helpdesk.ending.handlers import TOOLS as ENDING_TOOLS
from bot.helpdesk.ending.handlers import Ending
from bot.helpdesk.handlers import Claim as Claim
from bot.helpdesk.handlers import Helpdesk as Helpdesk
from bot.helpdesk.handlers import Judgement, Titles
from bot.helpdesk.handover.handlers import register as register_handover
from bot.helpdesk.inbox.handlers import TOOLS as INBOX_TOOLS
from bot.helpdesk.inbox.handlers import Inbox
from bot.helpdesk.jobs import sweeps as sweeps
from bot.helpdesk.merging.handlers import TOOLS as MERGING_TOOLS
from bot.helpdesk.merging.handlers import Merging
from bot.helpdesk.model import Origin as Origin
from bot.helpdesk.model import Question as Question
from bot.helpdesk.own.handlers import Own
from bot.helpdesk.rules import Desk as Desk
from bot.helpdesk.similar.handlers import Similar
from bot.helpdesk.snoozing.handlers import TOOLS as SNOOZING_TOOLS
from bot.helpdesk.snoozing.handlers import Snoozing
from bot.helpdesk.teaching import Finish, Learn, finish_nothing, learn_nothing
from bot.helpdesk.team.handlers import Teams
from bot.helpdesk.toolbox import Tool, Toolbox
from bot.kit.router import Router
from bot.kit.work import Work
from bot.roster.model import Actor

_TOOLS: Sequence[Tool] = (
    *claiming.TOOLS,
    *canned.TOOLS,
    *notes.TOOLS,
    *transferring.TOOLS,
    *INBOX_TOOLS,
    *SNOOZING_TOOLS,
    *MERGING_TOOLS,
    *ENDING_TOOLS,
)
"""In the order in which they are offered."""


async def forget(work: Work, actor: Actor) -> None:
    """For /forgetme: what this person asked, and the replies they kept for themselves, are deleted; what was running is
    closed and its owner told.
    """
    await closing.forget(work, actor)
    if actor.member is not None:
        await canned_replies.forget(work.session, actor.member.id)


def _never(_: str) -> bool:
    return False


def register(
    router: Router[Actor],
    desk: Desk,
    *,
    titles: Titles,
    learn: Learn = learn_nothing,
    finish: Finish = finish_nothing,
    courtesy: Judgement = _never,
    elsewhere: Judgement = _never,
) -> Helpdesk:
    """Wires the helpdesk's command, buttons and edits. The app registers `Helpdesk.claims` itself, because their place
    among the other rooms' matters. `learn` takes note of what was answered; `finish` tells by which buttons the FAQ
    learns it once it is settled. `courtesy` tells which of a member's texts ask for no answer; `elsewhere`, which are
    surely no part of a conversation with the staff, because the FAQ knows what they are about.
    """
    helpdesk = Helpdesk(desk, titles, learn, courtesy, elsewhere)
    digest, similar = Digest(router, desk), Similar(router, desk)
    Inbox(router, desk, own=helpdesk.tickets, entrances=[similar.entrance, digest.entrance])
    router.continuing(helpdesk.claim_reply)
    router.edited(helpdesk.edited)
    router.group_edited(helpdesk.edited)
    router.reaction(helpdesk.reacted)
    router.button(buttons.SendNow, helpdesk.send_now)
    router.button(buttons.Drop, helpdesk.drop)
    router.button(buttons.Tools, Toolbox(_TOOLS).open)
    hours.register(router, desk)
    register_away(router, desk)
    register_handover(router, desk)
    router.button(buttons.Reopen, helpdesk.reopen, in_group=True)
    router.button(buttons.SendAnyway, helpdesk.send_anyway, in_group=True)
    router.button(buttons.Withhold, helpdesk.withhold, in_group=True)
    router.button(buttons.Show, helpdesk.show)
    router.button(buttons.Page, helpdesk.turn_page)
    writing.register(router)
    claiming.register(router, desk)
    canned.register(router, desk, helpdesk.acknowledge, helpdesk.after_answer)
    notes.register(router, desk)
    transferring.register(router, desk)
    Own(router, desk, helpdesk.say)
    Teams(router, desk, helpdesk.say)
    Ending(router, finish)
    Snoozing(router, desk)
    Merging(router, desk)
    return helpdesk
