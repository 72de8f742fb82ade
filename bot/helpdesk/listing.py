"""One ticket, as its requester or its staff see it."""

from bot.helpdesk import delivery, people, places, store
from bot.helpdesk.errors import Expired
from bot.helpdesk.own import service as own
from bot.helpdesk.rules import Desk
from bot.kit.outbox import Urgency
from bot.kit.work import Work
from bot.roster.model import Actor


async def show(work: Work, desk: Desk, actor: Actor, ticket_id: int, *, key: str) -> None:
    """Brings the requester the history of their ticket, or somebody of its staff its card with all that was said and
    is not in their chat yet. `NotYours` for anybody else, `Expired`.
    """
    ticket = await store.existing(work.session, ticket_id)
    if actor.member is not None and actor.member.id == ticket.requester_id:
        message = await own.view(work, desk, ticket, work.languages[actor.language])
        await delivery.note(work, ticket, actor.account_id, message, key=key, urgency=Urgency.INTERACTIVE)
        return
    me = await people.as_staff(work.session, actor, ticket)
    if ticket.expired_at is not None:
        raise Expired
    if (spot := places.private(me)) is not None:
        await delivery.bring(work, desk, ticket, spot, key=key)
