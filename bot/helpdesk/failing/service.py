"""Telling people what did not arrive."""

import dataclasses
from collections.abc import Callable

from bot.helpdesk import delivery, people, places, relay_texts, staff_texts, texts, thread
from bot.helpdesk import store as tickets
from bot.helpdesk.failing import store
from bot.helpdesk.failing.rules import Trouble, trouble
from bot.helpdesk.failing.store import Loss
from bot.helpdesk.model import Direction, Entry, Kind, State, Ticket
from bot.kit.i18n import Words
from bot.kit.messages import Message
from bot.kit.outbox import Delivered
from bot.kit.work import Work
from bot.roster.model import Person

Wording = Callable[[Words], Message]


@dataclasses.dataclass(frozen=True, slots=True)
class _Notice:
    """Something to be told in one chat; the same trouble is told once a chat."""

    chat_id: int
    language: str | None
    trouble: Trouble
    wording: Wording
    about: Entry | None


async def tell(work: Work, ticket_id: int) -> None:
    """Tells those concerned in this ticket what did not arrive since they were last told. Where the owner has blocked the
    bot nobody is told: somebody else gets all of it (`ladder.find_owner`).
    """
    ticket = await tickets.ticket(work.session, ticket_id)
    if ticket is None:
        return
    requester = await delivery.requester_of(work.session, ticket)
    losses = await store.losses(work.session, ticket_id, now=work.now)
    notices = await _of_the_block(work, ticket, requester)
    if ticket.expired_at is None:
        for loss in losses:
            notices += await _of(work, ticket, requester, loss)
    for notice in {(each.chat_id, each.trouble): each for each in reversed(notices)}.values():
        await _tell(work, ticket, notice)
    await store.note_told(work.session, losses, now=work.now)


async def _of_the_block(work: Work, ticket: Ticket, requester: Person) -> list[_Notice]:
    """The owner is to phone a member who has blocked the bot."""
    if requester.account_id is None or ticket.state not in (State.OPEN, State.ANSWERED):
        return []
    since = await store.blocked_since(work.session, requester.account_id)
    owner = await people.owner(work.session, ticket)
    if since is None or owner is None or since <= (ticket.unreachable_told_at or -1):
        return []
    await store.note_block_told(work.session, ticket.id, now=work.now)
    if owner.account_id is None:
        return []
    name = requester.member.name
    return [
        _Notice(
            owner.account_id,
            owner.language,
            Trouble.GONE,
            lambda _: staff_texts.out_of_reach(_, name),
            None,
        )
    ]


async def _of(work: Work, ticket: Ticket, requester: Person, loss: Loss) -> list[_Notice]:
    entry = None if loss.entry_id is None else await thread.entry(work.session, loss.entry_id)
    if entry is not None and loss.chat_id not in await delivery.readers(work, ticket, entry):
        return []
    what = trouble(loss.state, loss.error)
    if what is Trouble.DELETED:
        return [] if entry is None else [await _to_reader(work, ticket, requester, loss, entry)]
    if loss.chat_id == requester.account_id:
        return [] if entry is None else await _to_author(work, ticket, requester, entry, what)
    if entry is None or entry.direction is Direction.ASKED:
        return await _to_requester(work, ticket, requester, loss, entry, what)
    return []  # what colleagues say among themselves


async def _to_reader(work: Work, ticket: Ticket, requester: Person, loss: Loss, entry: Entry) -> _Notice:
    is_requester = loss.chat_id == requester.account_id
    languages = await places.languages(work.session, ticket)
    language = requester.language if is_requester else languages.get(loss.chat_id)
    name = await delivery.name_of_author(work, ticket, entry, language)
    kind = entry.content.kind
    return _Notice(
        loss.chat_id, language, Trouble.DELETED, lambda _: relay_texts.deleted(_, name, kind), entry
    )


async def _to_author(
    work: Work, ticket: Ticket, requester: Person, entry: Entry, what: Trouble
) -> list[_Notice]:
    """One of the staff is told that their answer did not reach the member."""
    author = await people.named(work.session, ticket, entry.author_id)
    languages = await places.languages(work.session, ticket)
    chat_id = entry.content.chat_id if entry.content.chat_id in languages else author.account_id
    if chat_id is None or requester.account_id is None:
        return []
    since = await store.blocked_since(work.session, requester.account_id)
    if what is Trouble.GONE and since is None:
        what = Trouble.LOST  # they are back; it can be said again
    if what is Trouble.GONE and since is not None and since <= entry.at:
        return []  # said at once, when it was written
    name = requester.member.name
    is_text = entry.content.kind is Kind.TEXT
    wordings: dict[Trouble, Wording] = {
        Trouble.GONE: lambda _: staff_texts.out_of_reach(_, name),
        Trouble.TOO_LARGE: lambda _: relay_texts.too_large(_, name, is_text=is_text),
        Trouble.UNWANTED: lambda _: relay_texts.unwanted(_, name),
        Trouble.LOST: lambda _: staff_texts.not_delivered(_, name),
        Trouble.DELAYED: lambda _: relay_texts.still_trying(_, name),
    }
    return [_Notice(chat_id, author.language, what, wordings[what], entry)]


async def _to_requester(
    work: Work, ticket: Ticket, requester: Person, loss: Loss, entry: Entry | None, what: Trouble
) -> list[_Notice]:
    """The member is told that their words did not reach the owner."""
    owner = await people.owner(work.session, ticket)
    is_owners = owner is not None and owner.account_id == loss.chat_id
    if owner is None or requester.account_id is None or not is_owners or what is Trouble.GONE:
        return []
    holder, is_text = owner, entry is None or entry.content.kind is Kind.TEXT
    wordings: dict[Trouble, Wording] = {
        Trouble.TOO_LARGE: lambda _: relay_texts.too_large(_, texts.addressed(_, holder), is_text=is_text),
        Trouble.UNWANTED: lambda _: relay_texts.unwanted(_, texts.addressed(_, holder)),
        Trouble.LOST: lambda _: texts.not_delivered(_, holder),
        Trouble.DELAYED: lambda _: relay_texts.still_trying(_, texts.addressed(_, holder)),
    }
    return [_Notice(requester.account_id, requester.language, what, wordings[what], entry)]


async def _tell(work: Work, ticket: Ticket, notice: _Notice) -> None:
    content = None if notice.about is None else notice.about.content
    under = None
    if content is not None and content.chat_id == notice.chat_id and content.message_id is not None:
        under = Delivered(content.message_id)
    await delivery.note(
        work,
        ticket,
        notice.chat_id,
        notice.wording(work.languages[notice.language]),
        key=f"lost:{notice.trouble.name}:{work.now}",
        reply_to=under,
    )
