"""Saying that one answers, so that nobody else does at the same time."""

import dataclasses

from bot.helpdesk import absences, delivery, moving, people, rules, store
from bot.helpdesk.claiming import store as claims
from bot.helpdesk.claiming.errors import YouAreAway
from bot.helpdesk.errors import AlreadyClosed, OnlyHelping
from bot.helpdesk.model import Holder, State, Ticket, Why
from bot.helpdesk.rules import Desk
from bot.kit.work import Work
from bot.roster.model import Actor


@dataclasses.dataclass(frozen=True, slots=True)
class Claimed:
    """It is the actor's, and they have said so."""

    requester: str


@dataclasses.dataclass(frozen=True, slots=True)
class Taken:
    """Somebody else has said that they answer."""

    ticket: Ticket
    requester: str
    by: Holder


async def claim(work: Work, desk: Desk, actor: Actor, ticket_id: int, *, sure: bool) -> Claimed | Taken:
    """The actor says that they answer, and has the ticket from now on; from somebody who has said so before them they
    take it only when they are `sure`. The clock of the one who has it goes on until they have answered. `NotYours`,
    `OnlyHelping`, `AlreadyClosed`, `YouAreAway`.
    """
    ticket = await store.living(work.session, ticket_id)
    me = await people.as_staff(work.session, actor, ticket)
    if ticket.state is State.CLOSED:
        raise AlreadyClosed
    if me.member_id in await absences.away_now(work.session, work.now):
        raise YouAreAway
    owner = await people.owner(work.session, ticket)
    if owner is not None and rules.is_helping(ticket, me):
        raise OnlyHelping(name=owner.name)
    requester = (await delivery.requester_of(work.session, ticket)).member.name
    if owner is not None and rules.is_in_other_hands(ticket, me) and not sure:
        return Taken(ticket, requester, owner)
    if ticket.owner_id != me.member_id:
        await moving.move(work, desk, ticket, me, why=Why.CLAIMED, by=me.member_id)
    elif await claims.claim(work.session, ticket.id, now=work.now):
        await work.audit("ticket.claimed", by=me.member_id, subject=f"ticket:{ticket.id}")
        claimed = await store.existing(work.session, ticket.id)
        await delivery.renew_cards(work, desk, claimed, key=f"claimed:{work.now}")
    return Claimed(requester)
