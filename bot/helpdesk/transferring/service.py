"""Passing a ticket on to a colleague, and asking the general branch to help with it."""

import dataclasses
from collections.abc import Sequence

from bot.helpdesk import delivery, holdings, moving, people, places, rules, store, thread
from bot.helpdesk.errors import AlreadyClosed, OnlyHelping
from bot.helpdesk.model import Content, Direction, Holder, Kind, Rung, State, Ticket, Why
from bot.helpdesk.rules import Desk
from bot.helpdesk.transferring import texts
from bot.helpdesk.transferring.buttons import Way
from bot.helpdesk.transferring.errors import CannotTake, NobodyThere, WordsLong
from bot.kit.database import Reader
from bot.kit.errors import Outdated
from bot.kit.work import Work
from bot.roster.model import Actor

WORDS_LIMIT = 300
"""Characters of what goes along."""

_ORDER = (Rung.SECRETARY, Rung.DEPUTY, Rung.HELPER, Rung.GENERAL, Rung.SIBLING)


@dataclasses.dataclass(frozen=True, slots=True)
class Matter:
    """A ticket that the actor may pass on."""

    ticket: Ticket
    requester: str
    me: Holder
    owner: Holder | None


@dataclasses.dataclass(frozen=True, slots=True)
class Choice:
    of: Matter
    people: Sequence[Holder]
    helping: Sequence[Holder]
    """Who helps with it already."""


async def choice(reader: Reader, actor: Actor, ticket_id: int, way: Way, *, now: int) -> Choice:
    """Who can be given the ticket, or asked to help with it: reachable and here, the branch's own first. `NotYours`,
    `OnlyHelping`, `AlreadyClosed`; `NobodyThere` where there is nobody to choose.
    """
    matter = await _matter(reader, actor, ticket_id)
    found = await _candidates(reader, matter, way, now=now)
    ticket = matter.ticket
    helping = [await people.named(reader, ticket, each) for each in await holdings.guests(reader, ticket.id)]
    if not found and not (helping and way is Way.HELP):
        raise NobodyThere
    return Choice(matter, found, helping)


async def picked(
    reader: Reader, actor: Actor, ticket_id: int, way: Way, member_id: int, *, now: int
) -> tuple[Matter, Holder]:
    """The person chosen. Refuses as `choice`, and `CannotTake` for one who cannot be chosen (any more)."""
    matter = await _matter(reader, actor, ticket_id)
    for holder in await _candidates(reader, matter, way, now=now):
        if holder.member_id == member_id:
            return matter, holder
    if member_id == matter.ticket.owner_id:
        raise Outdated
    try:
        name = (await people.named(reader, matter.ticket, member_id)).name
    except LookupError as error:
        raise Outdated from error
    raise CannotTake(name=name)


async def hand(
    work: Work, desk: Desk, actor: Actor, ticket_id: int, way: Way, member_id: int, words: str
) -> tuple[Matter, Holder]:
    """Gives the ticket to the person, or asks them to help with it. `words` for them and the other staff are kept as an
    internal note. Refuses as `picked`, and `WordsLong`.
    """
    matter, holder = await picked(work.session, actor, ticket_id, way, member_id, now=work.now)
    check_words(words)
    ticket, me = matter.ticket, matter.me
    if words:
        note = Content(Kind.TEXT, words, None, None)
        await thread.add(work.session, ticket.id, me.member_id, Direction.NOTED, note, now=work.now)
    if way is Way.GIVE:
        await moving.move(work, desk, ticket, holder, why=Why.TRANSFERRED, by=me.member_id)
    else:
        await _ask_to_help(work, desk, matter, holder)
    return matter, holder


async def leave(work: Work, desk: Desk, actor: Actor, ticket_id: int) -> str:
    """Who was asked to help has done their part and sees the ticket no longer; its owner is told. Returns the name of
    the member who asked. `NotYours`; `Outdated` for one who does not help.
    """
    ticket = await store.existing(work.session, ticket_id)
    me = await people.as_staff(work.session, actor, ticket)
    await _end_help(work, desk, ticket, me, by=me.member_id)
    requester = await delivery.requester_of(work.session, ticket)
    owner = await people.owner(work.session, ticket)
    if owner is not None and ticket.state is not State.CLOSED:
        message = texts.helper_left(work.languages[owner.language], me, requester.member.name)
        await delivery.note_to_staff(work, ticket, owner, message, key=f"left:{me.member_id}:{work.now}")
    return requester.member.name


async def end_help(
    work: Work, desk: Desk, actor: Actor, ticket_id: int, member_id: int
) -> tuple[Matter, Holder]:
    """Somebody's help is no longer needed: they are thanked and see the ticket no longer. `NotYours`, `OnlyHelping`,
    `AlreadyClosed`; `Outdated` for one who does not help.
    """
    matter = await _matter(work.session, actor, ticket_id)
    if member_id not in await holdings.guests(work.session, matter.ticket.id):
        raise Outdated
    helper = await people.named(work.session, matter.ticket, member_id)
    await _end_help(work, desk, matter.ticket, helper, by=matter.me.member_id)
    if helper.account_id is not None:
        message = texts.no_longer_needed(work.languages[helper.language], matter.me, matter.requester)
        await work.out.send(
            helper.account_id, message, key=f"ticket:{ticket_id}:unneeded:{member_id}:{work.now}"
        )
    return matter, helper


async def end_stranded_help(work: Work, desk: Desk, ticket_id: int) -> None:
    """Who was asked to help and has lost their post since sees the ticket no longer. Safe to repeat."""
    ticket = await store.existing(work.session, ticket_id)
    for guest in await holdings.guests(work.session, ticket.id):
        helper = await people.named(work.session, ticket, guest)
        if helper.rung is None:
            await _end_help(work, desk, ticket, helper, by=None)


def check_words(words: str) -> None:
    if len(words) > WORDS_LIMIT:
        raise WordsLong(limit=WORDS_LIMIT)


async def _matter(reader: Reader, actor: Actor, ticket_id: int) -> Matter:
    ticket = await store.living(reader, ticket_id)
    me = await people.as_staff(reader, actor, ticket)
    if ticket.state is State.CLOSED:
        raise AlreadyClosed
    owner = await people.owner(reader, ticket)
    if owner is not None and rules.is_helping(ticket, me):
        raise OnlyHelping(name=owner.name)
    requester = await delivery.requester_of(reader, ticket)
    return Matter(ticket, requester.member.name, me, owner)


async def _candidates(reader: Reader, matter: Matter, way: Way, *, now: int) -> Sequence[Holder]:
    ticket = matter.ticket
    but = {ticket.requester_id, ticket.owner_id, matter.me.member_id}
    if way is Way.HELP:
        but |= set(await holdings.guests(reader, ticket.id))
    found: dict[int, Holder] = {}
    for holder in await people.available(reader, ticket.branch_id, now=now):
        # Who stands in for somebody else is there under their own post, too, if they have one.
        if holder.instead_of is None and holder.rung in _ORDER and holder.member_id not in but:
            found.setdefault(holder.member_id, holder)
    fitting = [each for each in found.values() if way is Way.GIVE or each.rung is Rung.GENERAL]
    return sorted(fitting, key=lambda each: _ORDER.index(each.rung or Rung.GENERAL))


async def _ask_to_help(work: Work, desk: Desk, matter: Matter, helper: Holder) -> None:
    ticket, me = matter.ticket, matter.me
    await holdings.add_guest(work.session, ticket.id, helper.member_id, asked_by=me.member_id, now=work.now)
    await work.audit(
        "ticket.help_asked", by=me.member_id, subject=f"ticket:{ticket.id}", helper=helper.member_id
    )
    key = f"help:{helper.member_id}:{work.now}"
    please = texts.please_help(work.languages[helper.language], me, matter.requester)
    await delivery.note(work, ticket, helper.account_id, please, key=f"please:{key}")
    spot = places.private(helper)
    if spot is not None:
        await delivery.bring(work, desk, ticket, spot, key=key)
    await delivery.renew_cards(work, desk, ticket, key=key, but=helper.account_id)
    requester = await delivery.requester_of(work.session, ticket)
    told = texts.is_helped(work.languages[requester.language], me, helper)
    await delivery.note(work, ticket, requester.account_id, told, key=key)


async def _end_help(work: Work, desk: Desk, ticket: Ticket, helper: Holder, *, by: int | None) -> None:
    if not await holdings.end_guest(work.session, ticket.id, helper.member_id, now=work.now):
        raise Outdated
    await work.audit("ticket.help_ended", by=by, subject=f"ticket:{ticket.id}", helper=helper.member_id)
    key = f"unhelped:{helper.member_id}:{work.now}"
    await moving.close_to_outsiders(work, ticket, key=key)
    await delivery.renew_cards(work, desk, ticket, key=key)
