"""The helpdesk's wording towards staff."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import tzinfo

from markupsafe import Markup
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.helpdesk.buttons import (
    Claim,
    Close,
    Reopen,
    SendAnyway,
    Tools,
    Withhold,
)
from bot.helpdesk.model import CloseReason, Holder, State, Ticket
from bot.helpdesk.rules import QUESTION_IN_CARD, Attachment, clipped, divided
from bot.helpdesk.texts import addressed, excerpt, when
from bot.kit.clock import to_local
from bot.kit.i18n import Words
from bot.kit.messages import Message, rows

_FACT_IN_CARD = 200
_NOTE_IN_CARD = 100


@dataclasses.dataclass(frozen=True, slots=True)
class Note:
    """What somebody of the staff has noted for the others."""

    author: Holder
    text: str
    """Empty for a picture without words."""


@dataclasses.dataclass(frozen=True, slots=True)
class Past:
    """What a member had asked before this ticket."""

    tickets: int
    latest: str
    """The question asked last; may be empty."""
    asked_at: int
    """When that was."""


@dataclasses.dataclass(frozen=True, slots=True)
class Card:
    """What staff see of a ticket at a glance."""

    ticket: Ticket
    branch: str
    requester: str
    attachments: Mapping[Attachment, int]
    owner: Holder | None
    notes: Sequence[Note] = ()
    """Internal ones, oldest first."""
    helping: Sequence[Holder] = ()
    """Who was asked to help."""
    follows: Ticket | None = None
    """An earlier ticket, on which the member asks on."""
    past: Past | None = None
    """What the member had asked before; None for nothing."""
    colleagues: frozenset[int] = frozenset()
    """The private chats of the branch's own staff."""

    def past_for(self, viewer: int) -> Past | None:
        """What the member had asked before, as far as whoever looks at that chat may know: the branch's own staff, and
        their group. Others see this ticket, not the member's history.
        """
        return self.past if self.is_among_colleagues(viewer) else None

    def is_among_colleagues(self, viewer: int) -> bool:
        return viewer < 0 or viewer in self.colleagues


def card(_: Words, shown: Card, now: int, zone: tzinfo, *, viewer: int) -> Message:
    """What is to be done with it stands last. `viewer`: the chat in which it stands."""
    ticket, owner = shown.ticket, shown.owner
    if ticket.state is State.CLOSED:
        return closed_card(_, shown)
    told = [
        *_told(_, shown),
        *_following(_, shown.follows, zone, quoted=shown.is_among_colleagues(viewer)),
        *_before(_, shown.past_for(viewer), zone),
        *_noted(_, shown.notes),
    ]
    if owner is not None and owner.account_id != viewer:
        whose = (
            _("{whom} looks after it.", whom=addressed(_, owner))
            if ticket.claimed_at is None
            else _("{whom} is answering it.", whom=addressed(_, owner))
        )
        told.append(whose)
    told += [
        _("{whom} is helping.", whom=addressed(_, each))
        for each in shown.helping
        if each.account_id != viewer
    ]
    if ticket.state is State.ANSWERED:
        lines = [_("Answered. To add something, just reply to this message.")]
    else:
        lines = [_("Just reply to this message and they will see it.")]
    if ticket.snoozed_until is not None:
        later = when(_, ticket.snoozed_until, now, zone)
        lines.append(_("Put aside until {when}; it comes back then, or as soon as they write.", when=later))
    if ticket.deadline is not None:
        lines.append(_("Please answer by {when}.", when=when(_, ticket.deadline, now, zone)))
    is_free = ticket.state is State.OPEN and ticket.claimed_at is None
    return Message(Markup("\n").join([*told, *lines]), _closing(_, ticket.id, is_free=is_free))


def closed_card(_: Words, shown: Card) -> Message:
    merged = shown.ticket.merged_into is not None
    end = _("It goes on in another question of theirs.") if merged else _("This question is settled.")
    return Message(Markup("\n").join([*_told(_, shown), end]))


def _told(_: Words, shown: Card) -> Sequence[Markup]:
    ticket = shown.ticket
    short, long = divided(ticket.facts)
    headline = [
        Markup("<b>{} {}</b>").format(shown.branch, shown.requester),
        *(_short_fact(_, label, value) for label, value in short),
        *_attached(_, shown.attachments),
    ]
    question = clipped(ticket.question, QUESTION_IN_CARD)
    return [
        Markup(" · ").join(headline),
        *([Markup("<blockquote>{}</blockquote>").format(question)] if question else []),
        *(_("{label}: {value}", label=label, value=clipped(value, _FACT_IN_CARD)) for label, value in long),
    ]


def _following(_: Words, earlier: Ticket | None, zone: tzinfo, *, quoted: bool) -> Sequence[Markup]:
    if earlier is None:
        return []
    asked = f"{to_local(earlier.asked_at, zone):%Y-%m-%d}"
    if not quoted or not earlier.question:
        return [_("Follows a question of {day}.", day=asked)]
    return [_("Follows “{question}” of {day}.", question=excerpt(earlier.question), day=asked)]


def _before(_: Words, past: Past | None, zone: tzinfo) -> Sequence[Markup]:
    if past is None:
        return []
    words = excerpt(past.latest) if past.latest else _.plain("[no words]")
    return [
        _.plural(
            "Asked once before, on {date}: {words}",
            "Asked {count} times before, last on {date}: {words}",
            past.tickets,
            date=f"{to_local(past.asked_at, zone):%m-%d}",
            words=words,
        )
    ]


def noting(_: Words, author: Holder) -> Markup:
    """How an internal note names its author."""
    return _("Internal note · {whom}", whom=addressed(_, author))


def _noted(_: Words, notes: Sequence[Note]) -> Sequence[Markup]:
    """How many notes there are, with the latest."""
    if not notes:
        return []
    latest = notes[-1]
    whom = addressed(_, latest.author)
    text = clipped(latest.text, _NOTE_IN_CARD) if latest.text else _.plain("[no words]")
    return [
        _.plural(
            "{count} internal note, by {whom}: {text}",
            "{count} internal notes, the latest by {whom}: {text}",
            len(notes),
            whom=whom,
            text=text,
        )
    ]


def _short_fact(_: Words, label: str, value: str) -> Markup:
    return _("{label} “{value}”", label=label, value=value) if label else Markup("{}").format(value)


def _attached(_: Words, counted: Mapping[Attachment, int]) -> Sequence[Markup]:
    words = {
        Attachment.SCREENSHOT: lambda n: _.plural("{count} screenshot", "{count} screenshots", n),
        Attachment.VOICE: lambda n: _.plural("{count} voice message", "{count} voice messages", n),
        Attachment.OTHER: lambda n: _.plural("{count} other file", "{count} other files", n),
    }
    return [words[sort](counted[sort]) for sort in words if sort in counted]


def _closing(_: Words, ticket_id: int, *, is_free: bool) -> InlineKeyboardMarkup:
    more = Tools(ticket_id).labelled(_.plain("More …"))
    return rows(
        [
            Close(ticket_id, CloseReason.DONE).labelled(_.plain("Close the question")),
            Close(ticket_id, CloseReason.PHONED).labelled(_.plain("I have settled it by phone")),
        ],
        [Claim(ticket_id).labelled(_.plain("I answer it")), more] if is_free else [more],
    )


def toolbox(_: Words, requester: str, buttons: Sequence[InlineKeyboardButton]) -> Message:
    """The menu of tools: `buttons` two side by side."""
    lines = [list(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]
    return Message(_("{name}'s question: what else would you like to do?", name=requester), rows(*lines))


def answered(
    _: Words, ticket_id: int, requester: str, further: Sequence[InlineKeyboardButton], *, unreachable: bool
) -> Message:
    """Told to the one who has just answered. `further`: what else the answer is good for."""
    close = Close(ticket_id, CloseReason.DONE).labelled(_.plain("Close the question"))
    keyboard = rows([close], *([each] for each in further))
    if unreachable:
        return out_of_reach(_, requester)
    return Message(_("{name} has it. If that settles it, close the question.", name=requester), keyboard)


def out_of_reach(_: Words, requester: str) -> Message:
    return Message(
        _("{name} has turned me off and sees nothing from here. Please phone them.", name=requester)
    )


def not_delivered(_: Words, requester: str) -> Message:
    return Message(
        _("An answer of yours did not reach {name}. Please send it again, or phone.", name=requester)
    )


def answered_by(_: Words, colleague: Holder, requester: str) -> Message:
    """Told to the others who have the ticket before them."""
    return Message(_("{whom} has answered {name}.", whom=addressed(_, colleague), name=requester))


def closed(_: Words, requester: str) -> Message:
    return Message(
        _("Closed. I have told {name}; if something is still open, they will write.", name=requester)
    )


def solved(_: Words, requester: str) -> Message:
    return Message(_("{name} says it is settled. Thank you.", name=requester))


def needs_more(_: Words, requester: str) -> Message:
    return Message(_("{name} still needs help with this and will write to you.", name=requester))


def withdrawn(_: Words) -> Message:
    """The member had their data deleted."""
    return Message(_("The member has had their data deleted; this question needs nothing more."))


def taken_back(_: Words, requester: str) -> Message:
    """The member has withdrawn the question."""
    return Message(_("{name} has taken the question back; it needs nothing more.", name=requester))


def held(_: Words, ticket_id: int, requester: str, claimed_by: Holder | None) -> Message:
    """An answer that waits for its author's decision; `claimed_by` None: because the ticket is closed."""
    no = Withhold(ticket_id).labelled(_.plain("Do not send it"))
    if claimed_by is None:
        text = _(
            "The question of {name} is closed, so I have not sent this yet. Open it again and send it?",
            name=requester,
        )
        return Message(text, rows([Reopen(ticket_id).labelled(_.plain("Open again and send"))], [no]))
    text = _(
        "{whom} is answering {name} already, so I have not sent this yet. Send it all the same?",
        whom=addressed(_, claimed_by),
        name=requester,
    )
    return Message(text, rows([SendAnyway(ticket_id).labelled(_.plain("Send it anyway")), no]))


def withheld(_: Words) -> Message:
    return Message(_("All right, I have not sent it."))


def noted(_: Words, requester: str) -> Message:
    """Told to the one who has written an internal note."""
    return Message(_("Noted for your colleagues. {name} does not see it.", name=requester))


def no_ticket(_: Words) -> Message:
    """A reply of the staff to a message that belongs to no ticket."""
    return Message(
        _(
            "That message belongs to no question, so I have sent this to nobody. To answer a member, reply to the"
            " message with their name; /tickets finds it. To ask me something, write without replying."
        )
    )
