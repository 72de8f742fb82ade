"""Looking after canned replies, each unit's by its own staff; and sending one in a ticket."""

import dataclasses
from collections.abc import Collection, Sequence

from bot.helpdesk import delivery, people, talking
from bot.helpdesk import store as tickets
from bot.helpdesk.canned import rules, store
from bot.helpdesk.canned.errors import AlreadyThere, NotText, ReplyGone, ReplyLong, WordUnknown
from bot.helpdesk.canned.model import Reply, Shelf
from bot.helpdesk.errors import Expired
from bot.helpdesk.model import Content, Kind, Ticket
from bot.helpdesk.rules import Desk
from bot.helpdesk.talking import Answered, Outcome
from bot.kit.database import Reader
from bot.kit.errors import NotAllowed
from bot.kit.i18n import LANGUAGES, N_, Languages
from bot.kit.work import Work
from bot.roster import store as roster
from bot.roster.model import Actor, Unit

PAGE = 6
"""Replies on one page."""

NAME = N_("name")
"""In braces, the word for which the member's name is filled in, in any of the languages."""


@dataclasses.dataclass(frozen=True, slots=True)
class Kept:
    """What stands on one shelf."""

    shelf: Shelf
    unit: Unit | None
    """None for one's own."""
    count: int
    may_change: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    of: Kept
    replies: Sequence[Reply]
    number: int


@dataclasses.dataclass(frozen=True, slots=True)
class Usable:
    """Replies for the member of a ticket, their name filled in."""

    ticket: Ticket
    requester: str
    replies: Sequence[Reply]
    has_next: bool


async def shelves(reader: Reader, actor: Actor) -> Sequence[Kept]:
    """The actor's own replies, those of the units they hold a post in and of the units above. `NotAllowed` for one who
    holds none.
    """
    if not actor.is_staff:
        raise NotAllowed
    found: dict[int, Unit] = {}
    for post in actor.posts:
        for unit in await roster.lineage(reader, post.unit_id):
            found.setdefault(unit.id, unit)
    return [await _kept(reader, actor, unit) for unit in (None, *found.values())]


async def page(reader: Reader, actor: Actor, shelf: Shelf, number: int) -> Page:
    """`NotAllowed` for a unit that is neither the actor's nor above theirs."""
    kept = await _visible(reader, actor, shelf)
    last = max(0, kept.count - 1) // PAGE
    number = min(max(number, 0), last)
    member = people.bound(actor)
    found = await store.on_shelf(reader, shelf, member.id, limit=PAGE, offset=number * PAGE)
    return Page(kept, found, number)


async def opened(reader: Reader, actor: Actor, reply_id: int) -> tuple[Reply, Kept]:
    """A reply, retired or not, with the shelf it belongs to. `ReplyGone` where it is none that the actor may see."""
    found = await store.find(reader, reply_id)
    member = people.bound(actor)
    if found is None or (found.shelf is None and found.member_id != member.id):
        raise ReplyGone
    kept = await _visible(reader, actor, found.shelf)
    if found.is_retired and not kept.may_change:
        raise ReplyGone
    return found, kept


async def editable(reader: Reader, actor: Actor, reply_id: int) -> Reply:
    """`NotAllowed` where its unit's replies are not the actor's to change, `ReplyGone`."""
    found, kept = await opened(reader, actor, reply_id)
    if not kept.may_change:
        raise NotAllowed
    return found


async def require(reader: Reader, actor: Actor, shelf: Shelf) -> Kept:
    """The shelf, to be written on. `NotAllowed` where it is not the actor's to change."""
    kept = await _visible(reader, actor, shelf)
    if not kept.may_change:
        raise NotAllowed
    return kept


async def add(work: Work, actor: Actor, shelf: Shelf, text: str | None) -> int:
    """Keeps a reply and returns its id. Refuses as `require` and for a text that cannot be one."""
    await require(work.session, actor, shelf)
    member = people.bound(actor)
    text = await _checked(work, actor, shelf, text)
    reply_id = await store.add(work.session, shelf, member.id, text, now=work.now)
    await _audit(work, actor, "canned.added", reply_id, shelf)
    return reply_id


async def reword(work: Work, actor: Actor, reply_id: int, text: str | None) -> None:
    """Refuses as `editable` and for a text that cannot be a reply."""
    reply = await editable(work.session, actor, reply_id)
    text = await _checked(work, actor, reply.shelf, text, but=reply)
    await store.reword(work.session, reply.id, text)
    await _audit(work, actor, "canned.changed", reply.id, reply.shelf)


async def retire(work: Work, actor: Actor, reply_id: int) -> Reply:
    """Takes a reply off its shelf, until it is put back. Refuses as `editable`."""
    reply = await editable(work.session, actor, reply_id)
    if not reply.is_retired:
        await store.retire(work.session, reply.id, at=work.now)
        await _audit(work, actor, "canned.retired", reply.id, reply.shelf)
    return reply


async def restore(work: Work, actor: Actor, reply_id: int) -> None:
    """Refuses as `editable`, and `AlreadyThere`."""
    reply = await editable(work.session, actor, reply_id)
    if not reply.is_retired:
        return
    if await store.says(work.session, reply.shelf, people.bound(actor).id, reply.text):
        raise AlreadyThere
    await store.retire(work.session, reply.id, at=None)
    await _audit(work, actor, "canned.restored", reply.id, reply.shelf)


async def usable(reader: Reader, languages: Languages, actor: Actor, ticket_id: int, number: int) -> Usable:
    """A page of what the actor may send in this ticket. `NotYours`, `Expired`."""
    ticket, requester = await _ticket(reader, actor, ticket_id)
    found = await store.for_branch(
        reader,
        ticket.branch_id,
        people.bound(actor).id,
        limit=PAGE + 1,
        offset=max(0, number) * PAGE,
    )
    words = known_words(languages)
    replies = [
        dataclasses.replace(each, text=rules.filled(each.text, words, requester)) for each in found[:PAGE]
    ]
    return Usable(ticket, requester, replies, has_next=len(found) > PAGE)


async def filled(
    reader: Reader, languages: Languages, actor: Actor, ticket_id: int, reply_id: int
) -> tuple[str, str]:
    """The reply for the member of this ticket, and their name. `NotYours`, `Expired`; `ReplyGone` for one that was
    retired, or that is not for this branch.
    """
    ticket, requester = await _ticket(reader, actor, ticket_id)
    reply = await store.find(reader, reply_id)
    member = people.bound(actor)
    if reply is None or not await store.is_for_branch(reader, reply_id, ticket.branch_id, member.id):
        raise ReplyGone
    return rules.filled(reply.text, known_words(languages), requester), requester


async def send(
    work: Work, desk: Desk, actor: Actor, ticket_id: int, reply_id: int, *, chat_id: int, message_id: int
) -> Outcome:
    """Answers with the reply. It stands for the message `message_id`, under which its button was: from that message it
    is sent once only. Refuses as `filled`.
    """
    text, _ = await filled(work.session, work.languages, actor, ticket_id, reply_id)
    content = Content(Kind.TEXT, text, chat_id, message_id)
    return await _answer(work, desk, actor, ticket_id, reply_id, content)


async def send_adapted(
    work: Work, desk: Desk, actor: Actor, ticket_id: int, reply_id: int, content: Content
) -> Outcome:
    """Answers with what the actor made of the reply. `NotYours`, `Expired`."""
    return await _answer(work, desk, actor, ticket_id, reply_id, content)


def known_words(languages: Languages) -> Collection[str]:
    """The words in braces that are filled in."""
    return {languages[language].plain(NAME) for language in LANGUAGES}


async def _answer(
    work: Work, desk: Desk, actor: Actor, ticket_id: int, reply_id: int, content: Content
) -> Outcome:
    outcome = await talking.answer(work, desk, actor, ticket_id, content)
    if isinstance(outcome, Answered):
        await store.note_used(work.session, reply_id)
    return outcome


async def _ticket(reader: Reader, actor: Actor, ticket_id: int) -> tuple[Ticket, str]:
    ticket = await tickets.living(reader, ticket_id)
    await people.as_staff(reader, actor, ticket)
    if ticket.expired_at is not None:
        raise Expired
    return ticket, (await delivery.requester_of(reader, ticket)).member.name


async def _visible(reader: Reader, actor: Actor, shelf: Shelf) -> Kept:
    for kept in await shelves(reader, actor):
        if kept.shelf == shelf:
            return kept
    raise NotAllowed


async def _kept(reader: Reader, actor: Actor, unit: Unit | None) -> Kept:
    shelf = None if unit is None else unit.id
    count = await store.count(reader, shelf, people.bound(actor).id)
    may_change = shelf is None or any(post.unit_id == shelf for post in actor.posts)
    return Kept(shelf, unit, count, may_change)


async def _checked(
    work: Work, actor: Actor, shelf: Shelf, text: str | None, *, but: Reply | None = None
) -> str:
    text = "" if text is None else text.strip()
    if not text:
        raise NotText
    if len(text) > rules.LIMIT:
        raise ReplyLong(length=len(text), limit=rules.LIMIT)
    word = rules.unknown(text, known_words(work.languages))
    if word is not None:
        known = "{" + work.languages[actor.language].plain(NAME) + "}"
        raise WordUnknown(word=word, known=known)
    same = but is not None and but.text == text
    if not same and await store.says(work.session, shelf, people.bound(actor).id, text):
        raise AlreadyThere
    return text


async def _audit(work: Work, actor: Actor, act: str, reply_id: int, shelf: Shelf) -> None:
    """One's own replies are nobody else's business."""
    if shelf is not None:
        await work.audit(act, by=people.bound(actor).id, subject=f"canned:{reply_id}", unit=shelf)
