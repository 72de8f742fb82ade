"""What happens to something after it was said: its author changes it, or somebody reacts to it."""

import dataclasses

from markupsafe import Markup

from bot.helpdesk import alike, delivery, people, relay_texts, rules, store, texts, thread
from bot.helpdesk.errors import NotYours
from bot.helpdesk.model import Content, Copy, Direction, Entry, Kind, Part, State, Ticket
from bot.helpdesk.rules import Desk
from bot.kit.messages import Media, Message
from bot.kit.outbox import Delivered, Queued, Target, Urgency
from bot.kit.work import Work
from bot.roster.model import Actor, Person


async def edit(
    work: Work, desk: Desk, actor: Actor, content: Content, media: Media | None, *, key: str
) -> None:
    """Carries a changed message over to the ticket and to the other side: its words, and the file if it is one that can
    be exchanged (`media`). Nothing for other messages, and nothing from one who may no longer act on the ticket.
    """
    if content.chat_id is None or content.message_id is None or actor.member is None:
        return
    before = await thread.by_source(work.session, content.chat_id, content.message_id)
    if before is None or before.author_id != actor.member.id:
        return
    ticket = await store.existing(work.session, before.ticket_id)
    if ticket.expired_at is not None:
        return
    if before.direction is not Direction.ASKED:
        await people.as_staff(work.session, actor, ticket)
    changed = dataclasses.replace(content, album=before.content.album)
    await thread.reword(work.session, before.id, changed)
    if content.message_id == ticket.question_message_id and before.direction is Direction.ASKED:
        await store.reword(work.session, ticket.id, content.text)
        reworded = await store.existing(work.session, ticket.id)
        await alike.assign(work.session, reworded)
        await delivery.renew_cards(work, desk, reworded, key=key)
    elif before.direction is Direction.NOTED:
        await delivery.renew_cards(work, desk, ticket, key=key)
    await _mirror(work, desk, ticket, dataclasses.replace(before, content=changed), media, key=key)


async def react(
    work: Work, actor: Actor, chat_id: int, message_id: int, emoji: str | None, *, key: str
) -> None:
    """Carries a reaction (None: it was taken back) over to the other side: what the member reacts to, to the staff; what
    one of the staff reacts to, to the member. Nothing for other messages, nor from others.
    """
    place = await thread.place_of(work.session, chat_id, message_id)
    ticket = None if place is None else await store.ticket(work.session, place.ticket_id)
    if place is None or ticket is None or actor.member is None or not await _takes_part(work, actor, ticket):
        return
    entry = await _entry_at(work, ticket, place)
    if entry is None:
        return
    of_member = actor.member.id == ticket.requester_id
    requester = await delivery.requester_of(work.session, ticket)
    for chat, target in (await _standing(work, ticket, entry)).items():
        is_members = chat == requester.account_id
        if chat != chat_id and (is_members is not of_member or entry.direction is Direction.NOTED):
            await work.out.react(chat, target, emoji, key=f"{key}:{chat}")


async def _takes_part(work: Work, actor: Actor, ticket: Ticket) -> bool:
    if ticket.expired_at is not None or ticket.state is State.GATHERING:
        return False
    if actor.member is not None and actor.member.id == ticket.requester_id:
        return True
    try:
        await people.as_staff(work.session, actor, ticket)
    except NotYours:
        return False
    return True


async def _entry_at(work: Work, ticket: Ticket, place: thread.Place) -> Entry | None:
    """What is said by the message there; the card says the question."""
    if place.entry_id is not None:
        return await thread.entry(work.session, place.entry_id)
    requester = await delivery.requester_of(work.session, ticket)
    if place.part is not Part.CARD or requester.account_id is None or ticket.question_message_id is None:
        return None
    return await thread.by_source(work.session, requester.account_id, ticket.question_message_id)


async def _standing(work: Work, ticket: Ticket, entry: Entry) -> dict[int, Target]:
    """Where something said stands: the original, its copies, and for the question the newest card of each chat."""
    allowed = await delivery.readers(work, ticket, entry)
    content = entry.content
    found: dict[int, Target] = {}
    if rules.says_the_card(ticket, entry):
        cards = await thread.copies(work.session, ticket.id, Part.CARD)
        found |= {copy.chat_id: Queued(copy.outgoing_id) for copy in cards}
    for copy in await thread.copies_of_entry(work.session, entry.id):
        found[copy.chat_id] = Queued(copy.outgoing_id)
    if content.chat_id is not None and content.message_id is not None:
        found[content.chat_id] = Delivered(content.message_id)
    return {chat: target for chat, target in found.items() if chat in allowed}


async def _mirror(
    work: Work, desk: Desk, ticket: Ticket, entry: Entry, media: Media | None, *, key: str
) -> None:
    """Queues edits of the relayed copies of what its author has changed."""
    requester = await delivery.requester_of(work.session, ticket)
    languages = await delivery.readers(work, ticket, entry)
    shown = entry if entry.joined_to is None else await thread.entry(work.session, entry.joined_to)
    for copy in await thread.copies_of_entry(work.session, entry.id):
        if shown is None or copy.chat_id not in languages:
            continue
        text = await _as_it_reads(work, desk, ticket, shown, copy, requester, languages[copy.chat_id])
        _ = work.languages[languages[copy.chat_id]]
        message = Message(text, texts.under_answer(_, ticket.id) if copy.has_buttons else None)
        target, keyed = Queued(copy.outgoing_id), f"{key}:{copy.outgoing_id}"
        if shown.content.kind is Kind.TEXT:
            await work.out.edit(copy.chat_id, target, message, key=keyed, urgency=Urgency.TICKET)
        elif media is not None:
            exchanged = dataclasses.replace(message, media=media)
            await work.out.edit(copy.chat_id, target, exchanged, key=keyed, urgency=Urgency.TICKET)
        elif rules.is_captioned(shown.content.kind):
            await work.out.recaption(copy.chat_id, target, message, key=keyed, urgency=Urgency.TICKET)


async def _as_it_reads(
    work: Work,
    desk: Desk,
    ticket: Ticket,
    entry: Entry,
    copy: Copy,
    requester: Person,
    language: str | None,
) -> Markup:
    """What the copy says from now on, beginning with the author's name unless that stands above it or there is no
    room for it.
    """
    together = [entry, *await thread.joined(work.session, entry.id)]
    bare = relay_texts.words_of(together)
    if entry.content.album is not None or await thread.has_name_above(work.session, copy):
        return bare
    _ = work.languages[language]
    name = (
        await delivery.name_for_requester(work, desk, ticket, entry, requester)
        if copy.chat_id == requester.account_id
        else await delivery.name_of_author(work, ticket, entry, language)
    )
    header = rules.size(texts.said(_, name, "").striptags())
    kind = entry.content.kind
    if not rules.has_room(kind, header, relay_texts.text_of(together)):
        return bare
    return texts.said(_, name, bare) if kind is Kind.TEXT else relay_texts.brought(_, name, entry)
