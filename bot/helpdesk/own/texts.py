"""The wording of a member's own tickets."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import tzinfo

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.helpdesk import texts
from bot.helpdesk.buttons import Drop, More, Page, SendNow, Show, Solved
from bot.helpdesk.ending.texts import rating
from bot.helpdesk.model import CloseReason, Direction, Entry, Holder, Kind, Line, State, Ticket
from bot.helpdesk.own.buttons import Add, Withdraw
from bot.helpdesk.texts import addressed, excerpt, paging
from bot.helpdesk.writing import stop_button
from bot.kit.clock import to_local
from bot.kit.i18n import N_, Words
from bot.kit.messages import Message, rows

_STATES = {
    State.GATHERING: N_("about to be passed on"),
    State.OPEN: N_("waiting for an answer"),
    State.ANSWERED: N_("has been answered"),
    State.CLOSED: N_("is closed"),
}

_KINDS = {
    Kind.PHOTO: N_("[picture]"),
    Kind.VOICE: N_("[voice message]"),
    Kind.VIDEO: N_("[video]"),
    Kind.DOCUMENT: N_("[file]"),
    Kind.AUDIO: N_("[audio]"),
    Kind.ANIMATION: N_("[animation]"),
    Kind.VIDEO_NOTE: N_("[video]"),
    Kind.LOCATION: N_("[location]"),
    Kind.STICKER: N_("[sticker]"),
}

_ENDED_BY = {
    CloseReason.DONE: N_("{whom} closed it on {when}."),
    CloseReason.PHONED: N_("{whom} settled it with you by phone on {when}."),
    CloseReason.NO_ANSWER: N_("{whom} asked you something and heard nothing, so it rests since {when}."),
    CloseReason.NOT_OURS: N_("It is nothing the branch can settle; {whom} closed it on {when}."),
}
_ENDED = {
    CloseReason.SOLVED: N_("You said on {when} that it is settled."),
    CloseReason.QUIET: N_("Nobody wrote for a week after the answer, so it was closed on {when}."),
    CloseReason.WITHDRAWN: N_("You took it back on {when}."),
    CloseReason.MERGED: N_("It goes on together with another question of yours."),
}

_SAID = 200


@dataclasses.dataclass(frozen=True, slots=True)
class Standing:
    """Where a ticket stands, as its member is told."""

    ticket: Ticket
    owner: Holder | None
    closer: Holder | None
    """Who of the staff closed it."""
    branch: str
    secretary: Holder | None
    """Whom to phone while nobody has it."""
    reopenable: bool


def page(_: Words, lines: Sequence[Line], number: int, zone: tzinfo, *, has_next: bool) -> Message:
    if not lines and number == 0:
        return Message(
            _("You have no questions with the staff. Whenever something does not work, just write to me.")
        )
    buttons = []
    for line in lines:
        local = to_local(line.asked_at, zone)
        label = f"{local:%m-%d} · {_.plain(_STATES[line.state])} · {excerpt(line.question or _.plain('[no words]'))}"
        buttons.append([Show(line.id).labelled(label)])
    return Message(
        _("Your questions. Tap one to see who has it, and by when they answer."),
        rows(*buttons, paging(_, number, has_next=has_next, to=Page)),
    )


def view(
    _: Words,
    standing: Standing,
    entries: Sequence[Entry],
    names: Mapping[int, str],
    now: int,
    zone: tzinfo,
) -> Message:
    """What was said in the ticket, and where it stands; `names` of those who answered, by member id."""
    ticket = standing.ticket
    asked = to_local(ticket.asked_at, zone)
    lines = [_("Asked {when}: {state}.", when=f"{asked:%m-%d %H:%M}", state=_(_STATES[ticket.state]))]
    if ticket.question:
        lines.append(Markup("<b>{}</b>").format(excerpt(ticket.question, _SAID)))
    for entry in entries:
        who = _.plain("You") if entry.direction is Direction.ASKED else names[entry.author_id]
        lines.append(
            Markup("{} {}").format(
                f"{to_local(entry.at, zone):%m-%d %H:%M}", texts.said(_, who, _said(_, entry))
            )
        )
    lines += _standing(_, standing, now, zone)
    back = [Page(0).labelled(_.plain("‹ My questions"))]
    return Message(Markup("\n").join(lines), rows(*_acts(_, standing), back))


def _said(_: Words, entry: Entry) -> str:
    kind = _KINDS.get(entry.content.kind)
    mark = "" if kind is None else _.plain(kind)
    return mark + excerpt(entry.content.text, _SAID)


def _standing(_: Words, standing: Standing, now: int, zone: tzinfo) -> Sequence[Markup]:
    """Who has it and by when they answer, or how it ended."""
    ticket, owner = standing.ticket, standing.owner
    match ticket.state:
        case State.GATHERING:
            return [_("It goes to your staff in a moment. You can still add to it.")]
        case State.CLOSED:
            return [_ending(_, standing, zone)]
        case _ if owner is None:
            return texts.kept_lines(_, standing.branch, standing.secretary)
        case State.ANSWERED:
            when = "" if ticket.answered_at is None else f"{to_local(ticket.answered_at, zone):%m-%d %H:%M}"
            return [_("{whom} answered you on {when}.", whom=addressed(_, owner), when=when)]
        case _:
            return _waiting(_, ticket, owner, now, zone)


def _waiting(_: Words, ticket: Ticket, owner: Holder, now: int, zone: tzinfo) -> Sequence[Markup]:
    if ticket.snoozed_until is not None:
        return [back_to_it(_, owner, texts.when(_, ticket.snoozed_until, now, zone))]
    if ticket.reminded_at is not None or ticket.deadline is None or ticket.deadline < now:
        return [
            _(
                "{whom} has not got to it yet; I keep reminding them. If it is urgent, please phone them.",
                whom=addressed(_, owner),
            )
        ]
    return texts.promise_lines(_, owner, texts.when(_, ticket.deadline, now, zone))


def back_to_it(_: Words, owner: Holder, when: Markup) -> Markup:
    """Of a ticket that its owner has put aside."""
    return _(
        "{whom} comes back to your question {when}. If anything changes before, just write: they see it at once.",
        whom=addressed(_, owner),
        when=when,
    )


def _ending(_: Words, standing: Standing, zone: tzinfo) -> Markup:
    ticket = standing.ticket
    day = "" if ticket.closed_at is None else f"{to_local(ticket.closed_at, zone):%m-%d}"
    reason = ticket.close_reason
    if reason in _ENDED_BY and standing.closer is not None:
        return _(_ENDED_BY[reason], whom=addressed(_, standing.closer), when=day)
    if reason in _ENDED:
        return _(_ENDED[reason], when=day)
    return _("It was closed on {when}.", when=day)


def _acts(_: Words, standing: Standing) -> Sequence[list[InlineKeyboardButton]]:
    ticket = standing.ticket
    settled = Solved(ticket.id).labelled(_.plain("It is settled"))
    more = More(ticket.id).labelled(_.plain("I still need help"))
    match ticket.state:
        case State.GATHERING:
            now = SendNow(ticket.id).labelled(_.plain("Pass it on now"))
            return [[now, Drop(ticket.id).labelled(_.plain("Not needed"))]]
        case State.OPEN:
            add = Add(ticket.id).labelled(_.plain("Add to it"))
            return [[add, settled], [Withdraw(ticket.id).labelled(_.plain("Take it back"))]]
        case State.ANSWERED:
            return [[settled, more]]
        case State.CLOSED if ticket.merged_into is not None:
            return [[Show(ticket.merged_into).labelled(_.plain("Show that one"))]]
        case State.CLOSED if ticket.expired_at is not None:
            return []
        case State.CLOSED if not standing.reopenable:
            return [[More(ticket.id).labelled(_.plain("Ask on about it"))]]
        case _:
            unrated = ticket.rating is None and ticket.answered_at is not None
            return [[more], rating(_, ticket.id) if unrated else []]


def add(_: Words, holder: Holder | None) -> Message:
    if holder is None:
        return Message(
            _("What would you like to add? Just write or send a screenshot; I keep it with your question.")
        )
    return Message(
        _(
            "What would you like to add? Just write or send a screenshot; {name} sees it at once.",
            name=holder.name,
        )
    )


def went_on(_: Words, earlier: Ticket, owner: Holder | None, now: int, zone: tzinfo) -> Message:
    """What gathered went to an earlier question."""
    question = excerpt(earlier.question or _.plain("[no words]"))
    if owner is None or earlier.deadline is None:
        return Message(_("It stands with “{question}” now.", question=question))
    expected = texts.when(_, earlier.deadline, now, zone)
    return Message(
        Markup("\n").join(
            [_("It stands with “{question}” now.", question=question), texts.promise(_, owner, expected)]
        )
    )


def ask_anew(_: Words, ticket: Ticket, zone: tzinfo) -> Message:
    """The question ended too long ago to go on: a new one begins, which names the old one."""
    ended = "" if ticket.closed_at is None else f"{to_local(ticket.closed_at, zone):%m-%d}"
    return Message(
        _(
            "That question ended on {when}. Tell me how things stand now, in words or with a screenshot: I pass it on"
            " as a new one and say which it follows.",
            when=ended,
        ),
        rows(stop_button(_)),
    )


def withdrawn(_: Words, ticket_id: int, owner: Holder | None) -> Message:
    text = (
        _("Taken back.")
        if owner is None
        else _("Taken back; {whom} knows and need not answer.", whom=addressed(_, owner))
    )
    return Message(text, rows([More(ticket_id).labelled(_.plain("Ask it after all"))]))
