"""Putting two tickets of the same member together."""

import dataclasses
from collections.abc import Sequence

from bot.helpdesk import closing, delivery, holdings, people, places, store, texts, thread
from bot.helpdesk.errors import AlreadyClosed, NothingToMerge, NotYours
from bot.helpdesk.merging import store as rows
from bot.helpdesk.merging import texts as wording
from bot.helpdesk.merging.rules import merged
from bot.helpdesk.model import CloseReason, Holder, State, Ticket
from bot.helpdesk.rules import Desk
from bot.kit.errors import Outdated
from bot.kit.work import Work
from bot.roster.model import Actor


@dataclasses.dataclass(frozen=True, slots=True)
class Pair:
    """Two tickets of one member that may be put together."""

    joined: Ticket
    """Ends, and goes on in the other."""
    kept: Ticket
    requester: str


async def others(work: Work, actor: Actor, ticket_id: int) -> tuple[Ticket, Sequence[Ticket]]:
    """The ticket, and those of the same member's that the actor looks after, too. `NotYours`, `AlreadyClosed`;
    `NothingToMerge` where there is no other.
    """
    ticket = await store.existing(work.session, ticket_id)
    await _as_staff(work, actor, ticket)
    found = []
    for other_id in await rows.others(work.session, ticket):
        other = await store.existing(work.session, other_id)
        try:
            await _as_staff(work, actor, other)
        except NotYours:
            continue
        found.append(other)
    if not found:
        requester = await delivery.requester_of(work.session, ticket)
        raise NothingToMerge(name=requester.member.name)
    return ticket, found


async def pair(work: Work, actor: Actor, joined_id: int, kept_id: int) -> Pair:
    """Both tickets, if the actor may put them together. `NotYours`, `AlreadyClosed`; `Outdated` for tickets of different
    people.
    """
    joined = await store.existing(work.session, joined_id)
    kept = await store.existing(work.session, kept_id)
    for ticket in (joined, kept):
        await _as_staff(work, actor, ticket)
    if joined.id == kept.id or joined.requester_id != kept.requester_id:
        raise Outdated
    requester = await delivery.requester_of(work.session, kept)
    return Pair(joined, kept, requester.member.name)


async def merge(work: Work, desk: Desk, actor: Actor, joined_id: int, kept_id: int) -> Pair:
    """Puts the first ticket into the second, with all that was said, and tells the member and the owners. Refuses as
    `pair`.
    """
    found = await pair(work, actor, joined_id, kept_id)
    joined, kept = found.joined, found.kept
    me = await people.as_staff(work.session, actor, kept)
    before = await people.owner(work.session, joined)
    await thread.keep_question(work.session, joined, now=work.now)
    await rows.join(work.session, joined.id, kept.id, merged(kept, joined))
    await closing.end(
        work, await store.existing(work.session, joined.id), CloseReason.MERGED, by=me.member_id
    )
    await holdings.end(work.session, joined.id, now=work.now)
    await work.audit(
        "ticket.merged", by=me.member_id, subject=f"ticket:{joined.id}", into=f"ticket:{kept.id}"
    )
    kept = await store.existing(work.session, kept.id)
    await _bring(work, desk, kept)
    await _tell_owners(work, found, me, before)
    await _tell_member(work, desk, joined, kept, me)
    return dataclasses.replace(found, kept=kept)


async def _as_staff(work: Work, actor: Actor, ticket: Ticket) -> None:
    await people.as_staff(work.session, actor, ticket)
    if ticket.state is State.CLOSED:
        raise AlreadyClosed


async def _bring(work: Work, desk: Desk, kept: Ticket) -> None:
    """Whoever looks after it has all of it before them."""
    await delivery.renew_cards(work, desk, kept, key=f"merged:{work.now}")
    for spot in await places.of_staff(work.session, kept):
        await delivery.catch_up(work, kept, spot)


async def _tell_owners(work: Work, found: Pair, me: Holder, before: Holder | None) -> None:
    owner = await people.owner(work.session, found.kept)
    if before is not None and before.member_id not in (me.member_id, found.kept.owner_id):
        message = wording.joined_elsewhere(work.languages[before.language], me, found.requester, owner)
        await delivery.note_to_staff(work, found.joined, before, message, key=f"merged:{work.now}")
    if owner is not None and owner.member_id != me.member_id:
        message = wording.joined_here(work.languages[owner.language], me, found.requester)
        await delivery.note_to_staff(work, found.kept, owner, message, key=f"merged:{work.now}")


async def _tell_member(work: Work, desk: Desk, joined: Ticket, kept: Ticket, me: Holder) -> None:
    requester = await delivery.requester_of(work.session, kept)
    owner = await people.owner(work.session, kept)
    _ = work.languages[requester.language]
    promise = None
    if owner is not None and kept.deadline is not None:
        promise = texts.promise(_, owner, texts.when(_, kept.deadline, work.now, desk.zone))
    message = wording.put_together(_, me, joined, kept, promise)
    await delivery.note(work, kept, requester.account_id, message, key=f"merged:{joined.id}")
