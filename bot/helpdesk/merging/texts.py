"""The wording of putting two tickets together."""

from collections.abc import Sequence
from datetime import tzinfo

from markupsafe import Markup

from bot.helpdesk.buttons import Tools
from bot.helpdesk.merging.buttons import Into, Merge, MergeNow
from bot.helpdesk.model import Holder, Ticket
from bot.helpdesk.texts import addressed, excerpt
from bot.kit.clock import to_local
from bot.kit.i18n import Words
from bot.kit.messages import Message, rows

_QUOTED = 40
OFFERED = 6
"""Other tickets to choose from."""


def choose(_: Words, ticket: Ticket, others: Sequence[Ticket], zone: tzinfo) -> Message:
    lines = [
        [
            Into(ticket.id, other.id).labelled(
                f"{to_local(other.asked_at, zone):%m-%d} · {_words(_, other, 16)}"
            )
        ]
        for other in others[:OFFERED]
    ]
    return Message(
        _("To which question does “{question}” belong?", question=_words(_, ticket, _QUOTED)),
        rows(*lines, [Tools(ticket.id).labelled(_.plain("‹ Back"))]),
    )


def preview(_: Words, joined: Ticket, kept: Ticket, requester: str, *, chosen: bool) -> Message:
    """`chosen`: there were several to choose from."""
    back = Merge(joined.id) if chosen else Tools(joined.id)
    return Message(
        _(
            "“{joined}” becomes a part of “{kept}”. All that was said stands there, you answer once, and I tell {name}.",
            joined=_words(_, joined, _QUOTED),
            kept=_words(_, kept, _QUOTED),
            name=requester,
        ),
        rows(
            [MergeNow(joined.id, kept.id).labelled(_.plain("Put them together"))],
            [back.labelled(_.plain("‹ Back"))],
        ),
    )


def done(_: Words, kept: Ticket, requester: str) -> Message:
    return Message(
        _(
            "Put together: {name}'s questions go on under “{kept}”. Just reply to that card.",
            name=requester,
            kept=_words(_, kept, _QUOTED),
        )
    )


def joined_elsewhere(_: Words, colleague: Holder, requester: str, owner: Holder | None) -> Message:
    """To the one who had the question that ended."""
    if owner is None:
        return Message(
            _(
                "{whom} has put {name}'s question together with another one. You need not do anything more.",
                whom=addressed(_, colleague),
                name=requester,
            )
        )
    return Message(
        _(
            "{whom} has put {name}'s question together with another one, which {owner} looks after. You need not do"
            " anything more.",
            whom=addressed(_, colleague),
            name=requester,
            owner=addressed(_, owner),
        )
    )


def joined_here(_: Words, colleague: Holder, requester: str) -> Message:
    """To the one who has the question that goes on."""
    return Message(
        _(
            "{whom} has put another question of {name}'s together with this one.",
            whom=addressed(_, colleague),
            name=requester,
        )
    )


def put_together(_: Words, by: Holder, joined: Ticket, kept: Ticket, promise: Markup | None) -> Message:
    """To the member."""
    text = _(
        "{whom} looks after two questions of yours together: “{kept}” and “{joined}”.",
        whom=addressed(_, by),
        kept=_words(_, kept, _QUOTED),
        joined=_words(_, joined, _QUOTED),
    )
    return Message(text if promise is None else Markup("\n").join([text, promise]))


def _words(_: Words, ticket: Ticket, size: int) -> str:
    return excerpt(ticket.question or _.plain("[no words]"), size)
