"""The helpdesk's wording towards staff."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import tzinfo

from markupsafe import Markup
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.helpdesk.buttons import Close, Page, Reopen, Shelf, Show, Tools
from bot.helpdesk.model import CloseReason, Holder, Line, State, Ticket
from bot.helpdesk.rules import QUESTION_IN_CARD, Attachment, clipped, divided
from bot.helpdesk.texts import addressed, excerpt, paging, when
from bot.kit.clock import to_local
from bot.kit.i18n import Words
from bot.kit.messages import Message, rows

_FACT_IN_CARD = 200


@dataclasses.dataclass(frozen=True, slots=True)
class Card:
    """What staff see of a ticket at a glance."""

    ticket: Ticket
    branch: str
    requester: str
    attachments: Mapping[Attachment, int]


def card(_: Words, shown: Card, now: int, zone: tzinfo) -> Message:
    """What is to be done with it stands last."""
    ticket = shown.ticket
    if ticket.state is State.CLOSED:
        return closed_card(_, shown)
    if ticket.state is State.ANSWERED:
        lines = [_("Answered. To add something, just reply to this message.")]
    else:
        lines = [_("Just reply to this message and they will see it.")]
    if ticket.deadline is not None:
        lines.append(_("Please answer by {when}.", when=when(_, ticket.deadline, now, zone)))
    return Message(Markup("\n").join([*_told(_, shown), *lines]), _closing(_, ticket.id))


def closed_card(_: Words, shown: Card) -> Message:
    return Message(Markup("\n").join([*_told(_, shown), _("This question is settled.")]))


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


def _short_fact(_: Words, label: str, value: str) -> Markup:
    return _("{label} “{value}”", label=label, value=value) if label else Markup("{}").format(value)


def _attached(_: Words, counted: Mapping[Attachment, int]) -> Sequence[Markup]:
    words = {
        Attachment.SCREENSHOT: lambda n: _.plural("{count} screenshot", "{count} screenshots", n),
        Attachment.VOICE: lambda n: _.plural("{count} voice message", "{count} voice messages", n),
        Attachment.OTHER: lambda n: _.plural("{count} other file", "{count} other files", n),
    }
    return [words[sort](counted[sort]) for sort in words if sort in counted]


def _closing(_: Words, ticket_id: int) -> InlineKeyboardMarkup:
    return rows(
        [
            Close(ticket_id, CloseReason.DONE).labelled(_.plain("Close the question")),
            Close(ticket_id, CloseReason.PHONED).labelled(_.plain("I have settled it by phone")),
        ],
        [Tools(ticket_id).labelled(_.plain("More …"))],
    )


def toolbox(_: Words, requester: str, buttons: Sequence[InlineKeyboardButton]) -> Message:
    """The menu of tools: `buttons` two side by side."""
    lines = [list(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]
    return Message(_("{name}'s question: what else would you like to do?", name=requester), rows(*lines))


def answered(
    _: Words, ticket_id: int, requester: str, learning: InlineKeyboardButton | None, *, unreachable: bool
) -> Message:
    """Told to the one who has just answered. `learning`: leads to where the answer becomes one for everybody."""
    close = Close(ticket_id, CloseReason.DONE).labelled(_.plain("Close the question"))
    keyboard = rows([close], [] if learning is None else [learning])
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


def warning(_: Words, requester: str, deadline: Markup) -> Message:
    return Message(
        _(
            "{name} is waiting for your answer, promised by {when}. A short word is enough.",
            name=requester,
            when=deadline,
        )
    )


def reminder(_: Words, requester: str) -> Message:
    """Past the deadline, with nobody left to pass the ticket to."""
    return Message(
        _(
            "{name} is still waiting and there is nobody else to ask. Please answer, or phone them.",
            name=requester,
        )
    )


def taken_over(_: Words, requester: str, heir: Holder) -> Message:
    """Told to the one who did not get to it."""
    return Message(
        _(
            "The time for {name}'s question is over; I have asked {whom} to help. You need not do anything more.",
            name=requester,
            whom=addressed(_, heir),
        )
    )


def please_take_over(_: Words, requester: str, before: Holder) -> Message:
    """Told to the one whose turn it is, above the card."""
    return Message(
        _("{whom} has not got to {name}'s question. Please help.", whom=addressed(_, before), name=requester)
    )


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


def held(_: Words, ticket_id: int, requester: str) -> Message:
    """A reply to a closed ticket."""
    return Message(
        _(
            "The question of {name} is closed, so I have not sent this yet. Open it again and send it?",
            name=requester,
        ),
        rows([Reopen(ticket_id).labelled(_.plain("Open again and send"))]),
    )


def no_ticket(_: Words) -> Message:
    """A reply of the staff to a message that belongs to no ticket."""
    return Message(
        _(
            "That message belongs to no question, so I have sent this to nobody. To answer a member, reply to the"
            " message with their name; /tickets finds it. To ask me something, write without replying."
        )
    )


def inbox(
    _: Words,
    lines: Sequence[Line],
    counts: tuple[int, int, int],
    page: int,
    zone: tzinfo,
    *,
    has_next: bool,
) -> Message:
    """`counts`: waiting, pressing, answered."""
    waiting, pressing, done = counts
    text = [
        _.plural(
            "{count} question is waiting for an answer.",
            "{count} questions are waiting for an answer.",
            waiting,
        )
        if waiting
        else _("No question is waiting for your answer right now.")
    ]
    if pressing:
        text.append(_.plural("{count} of them is pressing.", "{count} of them are pressing.", pressing))
    if done:
        text.append(
            _.plural(
                "{count} is answered and not closed yet.", "{count} are answered and not closed yet.", done
            )
        )
    if lines:
        text.append(_("Tap one and I bring it down here."))
    buttons = []
    for line in lines:
        is_answered = line.state is State.ANSWERED
        mark = _.plain("has been answered") if is_answered else f"{to_local(line.asked_at, zone):%m-%d %H:%M}"
        words = excerpt(line.question or _.plain("[no words]"))
        buttons.append([Show(line.id).labelled(f"{mark} · {line.other} · {words}")])
    own = [Page(Shelf.OWN, 0).labelled(_.plain("My own questions"))]
    return Message(Markup("\n").join(text), rows(*buttons, paging(_, Shelf.INBOX, page, has_next), own))
