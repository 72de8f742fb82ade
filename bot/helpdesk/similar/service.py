"""One answer for several tickets that ask alike."""

import dataclasses
from collections.abc import Collection, Sequence

from bot.helpdesk import alike, people, talking, thread
from bot.helpdesk import store as tickets
from bot.helpdesk.alike import Group, Member
from bot.helpdesk.errors import NotYours
from bot.helpdesk.model import Content, Direction, Kind
from bot.helpdesk.rules import Desk
from bot.helpdesk.similar import store
from bot.helpdesk.similar.errors import NobodyChosen, NothingAlike
from bot.helpdesk.similar.store import Sent
from bot.helpdesk.talking import Answered
from bot.kit.database import Reader
from bot.kit.errors import Outdated
from bot.kit.work import Work
from bot.roster.model import Actor

MOST = 50
"""Tickets answered at once, in one transaction, the oldest; those beyond are the next to be answered."""


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What was sent, and what was not because it was answered or taken by somebody meanwhile."""

    sent: tuple[str, ...]
    """The names of those who asked."""
    unreachable: tuple[str, ...]
    """Of these, those who see nothing of it in Telegram."""
    missed: int
    first: int
    """The entries that hold the answers, from the first to the last."""
    last: int
    ticket_id: int
    """One of the tickets answered."""
    left: int
    """How many of the group still wait."""


async def groups(reader: Reader, actor: Actor) -> Sequence[Group]:
    """The groups among the tickets that this person may answer; none for one without a post."""
    return await alike.groups(reader, people.bound(actor).id)


async def members(reader: Reader, actor: Actor, group: int) -> Sequence[Member]:
    """The tickets of a group that this person may answer. `NothingAlike` where none are left; `NotYours` where they never
    were this person's.
    """
    found = await alike.members(reader, people.bound(actor).id, group)
    if not found:
        await people.as_staff(reader, actor, await tickets.existing(reader, group))
        raise NothingAlike
    return found


async def answer_in(reader: Reader, actor: Actor, ticket_id: int) -> Content:
    """What this person has answered last in a ticket, in words. `NotYours`; `Outdated` where there is no such thing."""
    ticket = await tickets.existing(reader, ticket_id)
    me = await people.as_staff(reader, actor, ticket)
    said = await thread.entries(reader, ticket.id, Direction.ANSWERED)
    own = [each for each in said if each.author_id == me.member_id and each.content.kind is Kind.TEXT]
    if not own:
        raise Outdated
    return words(actor, own[-1].content.text, own[-1].content.html)


def words(actor: Actor, text: str, html: str | None) -> Content:
    """A text as it is said in several tickets. No message stands for it in each of them; it was written in the actor's
    chat, and need not be brought there.
    """
    return Content(Kind.TEXT, text, actor.account_id, None, html=html)


async def others(reader: Reader, actor: Actor, ticket_id: int) -> tuple[int, int]:
    """The group of a ticket that this person has just answered in words, and to how many more of it the same answer
    could go; none where there were no words.
    """
    ticket = await tickets.existing(reader, ticket_id)
    if ticket.alike_id is None or actor.member is None:
        return 0, 0
    said = await thread.entries(reader, ticket_id, Direction.ANSWERED)
    if not said or said[-1].content.kind is not Kind.TEXT:
        return 0, 0
    found = await alike.members(reader, actor.member.id, ticket.alike_id)
    return ticket.alike_id, sum(each.ticket_id != ticket_id for each in found)


async def send(
    work: Work, desk: Desk, actor: Actor, group: int, chosen: Collection[int], content: Content
) -> Outcome:
    """Answers the chosen tickets of a group as far as they still wait for a first answer and this person may give it.
    `NobodyChosen`, `NothingAlike`.
    """
    if not chosen:
        raise NobodyChosen
    waiting = await members(work.session, actor, group)
    wanted = [each for each in waiting if each.ticket_id in chosen]
    sent: list[str] = []
    unreachable: list[str] = []
    entries: list[int] = []
    for each in wanted:
        outcome = await talking.answer(work, desk, actor, each.ticket_id, content)
        if not isinstance(outcome, Answered):
            raise NotYours
        said = await thread.entries(work.session, each.ticket_id, Direction.ANSWERED)
        entries.append(said[-1].id)
        sent.append(each.name)
        if outcome.unreachable:
            unreachable.append(each.name)
    if not entries:
        raise NothingAlike
    await work.audit(
        "ticket.answered_alike",
        by=people.bound(actor).id,
        subject=f"ticket:{group}",
        tickets=[each.ticket_id for each in wanted],
    )
    return Outcome(
        tuple(sent),
        tuple(unreachable),
        missed=len(chosen) - len(sent),
        first=entries[0],
        last=entries[-1],
        ticket_id=wanted[-1].ticket_id,
        left=len(waiting) - len(wanted),
    )


async def progress(reader: Reader, actor: Actor, *, first: int, last: int) -> Sequence[Sent]:
    """Whom one's own answers have reached. `Outdated` where none of them are this person's."""
    if last - first > _WIDEST:
        raise Outdated
    found = await store.fates(reader, people.bound(actor).id, first=first, last=last)
    if not found:
        raise Outdated
    return found


_WIDEST = 10_000
"""Entries of one sending lie close together: what a button claims beyond that is not looked at."""
