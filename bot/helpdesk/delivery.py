"""Bringing a ticket to people: cards, what was said, notes. Each message of ours is noted as the ticket's, so that a
reply to it finds the ticket.
"""

import dataclasses
from collections.abc import Collection, Mapping, Sequence

from markupsafe import Markup
from telegram import InlineKeyboardMarkup

from bot.helpdesk import (
    holdings,
    people,
    places,
    relay_texts,
    rules,
    schedules,
    staff_texts,
    store,
    texts,
    thread,
)
from bot.helpdesk.inbox import store as inbox
from bot.helpdesk.model import Copy, Direction, Entry, Holder, Part, Spot, Ticket
from bot.helpdesk.rules import Desk, Form
from bot.kit.database import Reader
from bot.kit.i18n import Words
from bot.kit.messages import Message
from bot.kit.outbox import Delivered, Queued, Target, Urgency
from bot.kit.work import Work
from bot.roster import store as roster
from bot.roster.model import Person, Role

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
    message = staff_texts.card(work.languages[spot.language], shown, work.now, desk.zone, viewer=chat_id)
    outgoing_id = await work.out.send(
        chat_id,
        message,
        key=f"ticket:{ticket.id}:card:{key}:{chat_id}",
        urgency=Urgency.TICKET,
        topic=spot.topic,
    )
    has_buttons = message.keyboard is not None
    await thread.add_copy(work.session, Copy(ticket.id, None, chat_id, outgoing_id, Part.CARD, has_buttons))


async def renew_cards(work: Work, desk: Desk, ticket: Ticket, *, key: str, but: int | None = None) -> None:
    """Queues edits of the newest card in every chat that has one, `but` one chat."""
    shown = await _shown(work, ticket)
    for copy, words in await _cards(work, ticket):
        if copy.chat_id == but:
            continue
        message = staff_texts.card(words, shown, work.now, desk.zone, viewer=copy.chat_id)
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
    await catch_up(work, ticket, spot)


async def present(work: Work, desk: Desk, ticket: Ticket, *, key: str) -> None:
    """Brings the ticket to those places of its staff where its card does not stand."""
    for spot in await places.of_staff(work.session, ticket):
        if await _card_in(work.session, ticket, spot.chat_id) is None:
            await bring(work, desk, ticket, spot, key=key)


async def catch_up(work: Work, ticket: Ticket, spot: Spot) -> None:
    """Queues everything said in the ticket that is not in this chat yet."""
    names: dict[tuple[int, Direction], Markup] = {}
    for entry in await thread.not_yet_in(work.session, ticket.id, spot.chat_id):
        if not rules.says_the_card(ticket, entry) or entry.content.html is not None:
            who = (entry.author_id, entry.direction)
            if who not in names:
                names[who] = await name_of_author(work, ticket, entry, spot.language)
            await relay(work, ticket, entry, spot, name=names[who])


async def relay_to_staff(work: Work, ticket: Ticket, entry: Entry, *, replied: int | None = None) -> None:
    """Queues what was said, for the staff who look after the ticket and have not said it themselves."""
    for spot in await places.of_staff(work.session, ticket):
        if spot.chat_id != entry.content.chat_id:
            await relay(work, ticket, entry, spot, replied=replied)


async def relay_to_requester(
    work: Work, desk: Desk, ticket: Ticket, entry: Entry, requester: Person, *, replied: int | None = None
) -> None:
    """Queues an answer for the member; nothing for one without an account. `ValueError` for what is not
    for the member: an internal note, an answer kept back.
    """
    if entry.direction in (Direction.NOTED, Direction.HELD):
        raise ValueError("an internal note is not for the member")
    if requester.account_id is not None:
        spot = Spot(requester.account_id, requester.language)
        name = await name_for_requester(work, desk, ticket, entry, requester)
        await relay(work, ticket, entry, spot, replied=replied, name=name)


async def relay(
    work: Work,
    ticket: Ticket,
    entry: Entry,
    spot: Spot,
    *,
    replied: int | None = None,
    name: str | None = None,
) -> None:
    """Queues what was said for that place, beginning with the name of who said it (`name`, where it is not to be the
    usual one) and threaded under the entry `replied`, else under what began the ticket in that chat.
    """
    chat_id, content = spot.chat_id, entry.content
    _ = work.languages[spot.language]
    if name is None:
        name = await name_of_author(work, ticket, entry, spot.language)
    words = relay_texts.words_of([entry, *await thread.joined(work.session, entry.id)])
    introduced = await thread.is_introduced(work.session, entry)
    form = rules.form_of(content, rules.size(texts.said(_, name, "").striptags()), introduced=introduced)
    under = await _thread(work.session, ticket, chat_id, replied)
    requester = await requester_of(work.session, ticket)
    keyboard = None
    if chat_id == requester.account_id and form is not Form.BARE:
        keyboard = texts.under_answer(_, ticket.id)
        await _put_away(work, ticket, key=f"said:{entry.id}", chat_id=chat_id, parts=_SAID)
    key = f"ticket:{ticket.id}:said:{entry.id}:{chat_id}"
    if (again := await thread.times_taken_away(work.session, entry.id, chat_id)) > 0:
        key += f":again{again}"
    if form in (Form.APART, Form.WORDS_APART):
        # The name, and whatever stands under it, first; then the copy.
        header = relay_texts.brought(_, name, entry, apart=form is Form.APART)
        above = await work.out.send(
            chat_id,
            Message(header, keyboard),
            key=f"{key}:name",
            urgency=Urgency.TICKET,
            reply_to=under,
            topic=spot.topic,
        )
        has_buttons = keyboard is not None
        await thread.add_copy(work.session, Copy(ticket.id, entry.id, chat_id, above, Part.NOTE, has_buttons))
        under, keyboard = Queued(above), None
    if form is Form.TEXT:
        said = Message(texts.said(_, name, words), keyboard)
        sent = await work.out.send(
            chat_id, said, key=key, urgency=Urgency.TICKET, reply_to=under, topic=spot.topic
        )
    else:
        if content.chat_id is None or content.message_id is None:
            raise LookupError(f"entry {entry.id} has no original to copy")
        captions = {
            Form.CAPTION: Message(relay_texts.brought(_, name, entry), keyboard),
            Form.WORDS_APART: Message(""),
        }
        sent = await work.out.copy(
            chat_id,
            from_chat_id=content.chat_id,
            message_id=content.message_id,
            key=key,
            reply_to=under,
            message=captions.get(form),
            topic=spot.topic,
            album=None if content.album is None else f"ticket:{ticket.id}:album:{content.album}",
        )
    has_buttons = keyboard is not None
    await thread.add_copy(work.session, Copy(ticket.id, entry.id, chat_id, sent, Part.RELAY, has_buttons))


async def readers(work: Work, ticket: Ticket, entry: Entry) -> Mapping[int, str | None]:
    """The chats whose people may see what was said, with their languages: the staff's, and the member's unless it is
    not for them.
    """
    languages = await places.languages(work.session, ticket)
    requester = await requester_of(work.session, ticket)
    if requester.account_id is None or entry.direction in (Direction.NOTED, Direction.HELD):
        return languages
    return {**languages, requester.account_id: requester.language}


async def _shown(work: Work, ticket: Ticket) -> staff_texts.Card:
    requester = await requester_of(work.session, ticket)
    branch = await roster.unit(work.session, ticket.branch_id)
    return staff_texts.Card(
        ticket,
        branch="" if branch is None else branch.name,
        requester=requester.member.name,
        attachments=rules.attachments(await thread.entries(work.session, ticket.id, Direction.ASKED)),
        owner=await people.owner(work.session, ticket),
        notes=await _notes(work, ticket),
        helping=[
            await people.named(work.session, ticket, each)
            for each in await holdings.guests(work.session, ticket.id)
        ],
        follows=None if ticket.follows_id is None else await store.ticket(work.session, ticket.follows_id),
        past=await _past(work.session, ticket),
        colleagues=frozenset(await people.accounts_of_branch(work.session, ticket.branch_id)),
    )


async def _past(reader: Reader, ticket: Ticket) -> staff_texts.Past | None:
    count, latest = await inbox.before(reader, ticket)
    return None if latest is None else staff_texts.Past(count, latest.question, latest.asked_at)


async def _notes(work: Work, ticket: Ticket) -> Sequence[staff_texts.Note]:
    """The internal notes, oldest first."""
    noted = await thread.entries(work.session, ticket.id, Direction.NOTED)
    authors = {each.author_id for each in noted}
    named = {author: await people.named(work.session, ticket, author) for author in authors}
    return [staff_texts.Note(named[each.author_id], each.content.text) for each in noted]


async def name_for_requester(
    work: Work, desk: Desk, ticket: Ticket, entry: Entry, requester: Person
) -> Markup:
    """How the member is told who said it; where the unit whose post that person holds wants it, the name leads to their
    account.
    """
    name = await name_of_author(work, ticket, entry, requester.language)
    if entry.direction is Direction.ASKED:
        return name
    author = await people.named(work.session, ticket, entry.author_id)
    unit_id = await _unit_of(work.session, ticket, author)
    if author.account_id is None or unit_id is None:
        return name
    shown = await schedules.shows_accounts(work.session, desk, unit_id)
    return relay_texts.linked(name, author.account_id) if shown else name


async def _unit_of(reader: Reader, ticket: Ticket, holder: Holder) -> int | None:
    """Whose terms hold for one of the branch's or the general branch's staff; None for anybody else."""
    if holder.role is None or holder.beside:
        return None
    if holder.role is not Role.GENERAL:
        return ticket.branch_id
    branch = await roster.unit(reader, ticket.branch_id)
    return None if branch is None else branch.parent_id


async def name_of_author(work: Work, ticket: Ticket, entry: Entry, language: str | None) -> Markup:
    """How somebody's words are headed."""
    if entry.direction is Direction.ASKED:
        return Markup("{}").format((await requester_of(work.session, ticket)).member.name)
    author = await people.named(work.session, ticket, entry.author_id)
    _ = work.languages[language]
    if entry.direction is Direction.NOTED:
        return staff_texts.noting(_, author)
    return texts.addressed(_, author)


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
