"""Bringing a ticket to people: cards, what was said, notes. Each message of ours is noted as the ticket's, so that a
reply to it finds the ticket.
"""

import dataclasses
from collections.abc import Collection, Sequence

from telegram import InlineKeyboardMarkup

from bot.helpdesk import people, places, rules, staff_texts, store, texts, thread
from bot.helpdesk.model import Copy, Direction, Entry, Holder, Kind, Part, Spot, Ticket
from bot.helpdesk.rules import Desk, Form
from bot.kit.database import Reader
from bot.kit.i18n import Words
from bot.kit.messages import Message
from bot.kit.outbox import Delivered, Queued, Target, Urgency
from bot.kit.work import Work
from bot.roster import store as roster
from bot.roster.model import Person

_SAID = frozenset({Part.RELAY, Part.NOTE})
"""What comes one after the other in a chat: only the newest of it needs buttons."""


async def requester_of(reader: Reader, ticket: Ticket) -> Person:
    person = await roster.person(reader, ticket.requester_id)
    if person is None:
        raise LookupError(f"member {ticket.requester_id} is on no roster")
    return person


async def is_out_of_reach(reader: Reader, person: Person) -> bool:
    """Whether nothing can be brought to this person: no account, or the bot is blocked."""
    return person.account_id is None or await store.is_unreachable(reader, person.account_id)


async def note(
    work: Work,
    ticket: Ticket,
    chat_id: int | None,
    message: Message,
    *,
    key: str,
    reply_to: Target | None = None,
    urgency: Urgency = Urgency.TICKET,
    keyboard: InlineKeyboardMarkup | None = None,
) -> int | None:
    """Queues a message about the ticket and returns its outgoing row; None for a person without a chat. `key` tells
    apart what happens in one ticket. If the message has buttons, they take the place of those above it; buttons in
    `keyboard` are another room's, which looks after them.
    """
    if chat_id is None:
        return None
    has_buttons = message.keyboard is not None
    if has_buttons:
        await _put_away(work, ticket, key=key, chat_id=chat_id, parts=_SAID)
    if keyboard is not None:
        message = dataclasses.replace(message, keyboard=keyboard)
    outgoing_id = await work.out.send(
        chat_id, message, key=f"ticket:{ticket.id}:{key}:{chat_id}", urgency=urgency, reply_to=reply_to
    )
    await thread.add_copy(work.session, Copy(ticket.id, None, chat_id, outgoing_id, Part.NOTE, has_buttons))
    return outgoing_id


async def put_buttons_away(work: Work, ticket: Ticket, *, key: str, chat_id: int | None = None) -> None:
    """Queues taking away the buttons of the ticket's messages, in one chat or in all of them: they are used up."""
    await _put_away(work, ticket, key=key, chat_id=chat_id, parts=frozenset(Part))


async def _put_away(
    work: Work, ticket: Ticket, *, key: str, chat_id: int | None, parts: Collection[Part]
) -> None:
    for copy in await thread.with_buttons(work.session, ticket.id):
        if copy.part in parts and chat_id in (None, copy.chat_id):
            await work.out.remove_keyboard(
                copy.chat_id,
                Queued(copy.outgoing_id),
                key=f"ticket:{ticket.id}:bare:{key}:{copy.outgoing_id}",
            )
            await thread.note_buttons(work.session, copy.outgoing_id, has_buttons=False)


async def note_to_staff(work: Work, ticket: Ticket, holder: Holder, message: Message, *, key: str) -> None:
    """A note under the ticket's card."""
    if holder.account_id is not None:
        under = await _card_in(work.session, ticket, holder.account_id)
        await note(work, ticket, holder.account_id, message, key=key, reply_to=under)


async def card(work: Work, desk: Desk, ticket: Ticket, spot: Spot, *, key: str) -> None:
    """Queues the ticket's card for the staff there, in the place of an older one."""
    chat_id = spot.chat_id
    await _put_away(work, ticket, key=key, chat_id=chat_id, parts={Part.CARD})
    shown = await _shown(work, ticket)
    message = staff_texts.card(work.languages[spot.language], shown, work.now, desk.zone)
    outgoing_id = await work.out.send(
        chat_id,
        message,
        key=f"ticket:{ticket.id}:card:{key}:{chat_id}",
        urgency=Urgency.TICKET,
        topic=spot.topic,
    )
    has_buttons = message.keyboard is not None
    await thread.add_copy(work.session, Copy(ticket.id, None, chat_id, outgoing_id, Part.CARD, has_buttons))


async def renew_cards(work: Work, desk: Desk, ticket: Ticket, *, key: str) -> None:
    """Queues edits of the newest card in every chat that has one."""
    shown = await _shown(work, ticket)
    for copy, words in await _cards(work, ticket):
        message = staff_texts.card(words, shown, work.now, desk.zone)
        await _edit_card(work, copy, message, key=key)


async def close_cards(work: Work, ticket: Ticket, *, key: str) -> None:
    """Queues edits of the newest card in every chat that has one: there is nothing more to be done."""
    shown = await _shown(work, ticket)
    for copy, words in await _cards(work, ticket):
        await _edit_card(work, copy, staff_texts.closed_card(words, shown), key=key)


async def _cards(work: Work, ticket: Ticket) -> Sequence[tuple[Copy, Words]]:
    """The newest card in every chat whose people may see the ticket, with their language."""
    newest = {copy.chat_id: copy for copy in await thread.copies(work.session, ticket.id, Part.CARD)}
    languages = await places.languages(work.session, ticket)
    return [
        (copy, work.languages[languages[copy.chat_id]])
        for copy in newest.values()
        if copy.chat_id in languages
    ]


async def _edit_card(work: Work, copy: Copy, message: Message, *, key: str) -> None:
    await work.out.edit(
        copy.chat_id,
        Queued(copy.outgoing_id),
        message,
        key=f"ticket:{copy.ticket_id}:card-edit:{key}:{copy.chat_id}",
        urgency=Urgency.TICKET,
    )
    await thread.note_buttons(work.session, copy.outgoing_id, has_buttons=message.keyboard is not None)


async def bring(work: Work, desk: Desk, ticket: Ticket, spot: Spot, *, key: str) -> None:
    """Queues the card and, under it, everything said in the ticket that is not in this chat yet."""
    await card(work, desk, ticket, spot, key=key)
    for entry in await thread.not_yet_in(work.session, ticket.id, spot.chat_id):
        if not rules.says_the_card(ticket, entry):
            await relay(work, ticket, entry, spot)


async def relay_to_staff(work: Work, ticket: Ticket, entry: Entry, *, replied: int | None = None) -> None:
    """Queues what was said, for the staff who look after the ticket and have not said it themselves."""
    for spot in await places.of_staff(work.session, ticket):
        if spot.chat_id != entry.content.chat_id:
            await relay(work, ticket, entry, spot, replied=replied)


async def relay_to_requester(
    work: Work, ticket: Ticket, entry: Entry, requester: Person, *, replied: int | None = None
) -> None:
    """Queues an answer for the member; nothing for one without an account. `ValueError` for an internal note."""
    if entry.direction is Direction.NOTED:
        raise ValueError("an internal note is not for the member")
    if requester.account_id is not None:
        spot = Spot(requester.account_id, requester.language)
        await relay(work, ticket, entry, spot, replied=replied)


async def relay(work: Work, ticket: Ticket, entry: Entry, spot: Spot, *, replied: int | None = None) -> None:
    """Queues what was said for that place, beginning with the name of who said it and threaded under the entry
    `replied`, else under what began the ticket in that chat.
    """
    chat_id = spot.chat_id
    _ = work.languages[spot.language]
    name = await _name_of_author(work, ticket, entry, spot.language)
    content = entry.content
    under = await _thread(work.session, ticket, chat_id, replied)
    requester = await requester_of(work.session, ticket)
    key = f"ticket:{ticket.id}:said:{entry.id}:{chat_id}"
    introduced = await thread.is_introduced(work.session, entry)
    form = rules.form_of(content, rules.size(texts.said(_, name, "").unescape()), introduced=introduced)
    keyboard = None
    if chat_id == requester.account_id and form is not Form.BARE:
        keyboard = texts.under_answer(_, ticket.id)
        await _put_away(work, ticket, key=f"said:{entry.id}", chat_id=chat_id, parts=_SAID)
    has_buttons = keyboard is not None
    if form is Form.TEXT:
        message = Message(texts.said(_, name, content.text), keyboard)
        sent = await work.out.send(
            chat_id, message, key=key, urgency=Urgency.TICKET, reply_to=under, topic=spot.topic
        )
    else:
        if content.chat_id is None or content.message_id is None:
            raise LookupError(f"entry {entry.id} has no original to copy")
        if form is Form.APART:
            header = Message(texts.brought(_, name, entry, apart=True), keyboard)
            above = await work.out.send(
                chat_id,
                header,
                key=f"{key}:name",
                urgency=Urgency.TICKET,
                reply_to=under,
                topic=spot.topic,
            )
            await thread.add_copy(
                work.session, Copy(ticket.id, entry.id, chat_id, above, Part.NOTE, has_buttons)
            )
            under, has_buttons = Queued(above), False
        sent = await work.out.copy(
            chat_id,
            from_chat_id=content.chat_id,
            message_id=content.message_id,
            key=key,
            reply_to=under,
            message=Message(texts.brought(_, name, entry), keyboard) if form is Form.CAPTION else None,
            topic=spot.topic,
        )
    await thread.add_copy(work.session, Copy(ticket.id, entry.id, chat_id, sent, Part.RELAY, has_buttons))


async def mirror(work: Work, ticket: Ticket, entry: Entry, *, key: str) -> None:
    """Queues edits of the relayed copies of a text that its author has changed."""
    if entry.content.kind is not Kind.TEXT:
        return
    languages = dict(await places.languages(work.session, ticket))
    requester = await requester_of(work.session, ticket)
    if requester.account_id is not None and entry.direction is not Direction.NOTED:
        languages[requester.account_id] = requester.language
    for copy in await thread.copies_of_entry(work.session, entry.id):
        language = languages.get(copy.chat_id)
        _ = work.languages[language]
        text = texts.said(_, await _name_of_author(work, ticket, entry, language), entry.content.text)
        if rules.size(text.unescape()) > rules.MESSAGE_LIMIT or copy.chat_id not in languages:
            continue
        keyboard = texts.under_answer(_, ticket.id) if copy.has_buttons else None
        await work.out.edit(
            copy.chat_id,
            Queued(copy.outgoing_id),
            Message(text, keyboard),
            key=f"{key}:{copy.outgoing_id}",
            urgency=Urgency.TICKET,
        )


async def _shown(work: Work, ticket: Ticket) -> staff_texts.Card:
    requester = await requester_of(work.session, ticket)
    branch = await roster.unit(work.session, ticket.branch_id)
    return staff_texts.Card(
        ticket,
        branch="" if branch is None else branch.name,
        requester=requester.member.name,
        attachments=rules.attachments(await thread.entries(work.session, ticket.id, Direction.ASKED)),
    )


async def _name_of_author(work: Work, ticket: Ticket, entry: Entry, language: str | None) -> str:
    if entry.direction is Direction.ASKED:
        return (await requester_of(work.session, ticket)).member.name
    author = await people.named(work.session, ticket, entry.author_id)
    return texts.addressed(work.languages[language], author)


async def _thread(reader: Reader, ticket: Ticket, chat_id: int, replied: int | None) -> Target | None:
    if replied is not None:
        found = await _entry_in(reader, replied, chat_id)
        if found is not None:
            return found
    requester = await requester_of(reader, ticket)
    if chat_id == requester.account_id:
        return None if ticket.question_message_id is None else Delivered(ticket.question_message_id)
    return await _card_in(reader, ticket, chat_id)


async def _entry_in(reader: Reader, entry_id: int, chat_id: int) -> Target | None:
    said = await thread.entry(reader, entry_id)
    if said is not None and said.content.chat_id == chat_id and said.content.message_id is not None:
        return Delivered(said.content.message_id)
    copies = await thread.copies_of_entry(reader, entry_id)
    return next((Queued(copy.outgoing_id) for copy in copies if copy.chat_id == chat_id), None)


async def _card_in(reader: Reader, ticket: Ticket, chat_id: int) -> Target | None:
    cards = [copy for copy in await thread.copies(reader, ticket.id, Part.CARD) if copy.chat_id == chat_id]
    return Queued(cards[-1].outgoing_id) if cards else None
