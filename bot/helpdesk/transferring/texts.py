"""Passing on and helping, put into words."""

from collections.abc import Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.helpdesk.model import Holder
from bot.helpdesk.texts import addressed, titled
from bot.helpdesk.transferring.buttons import Choose, EndHelp, Hand, Pick, Way
from bot.kit.i18n import Words
from bot.kit.messages import Message, rows

PAGE = 6
"""People on one page."""


def choose(
    _: Words,
    ticket_id: int,
    way: Way,
    requester: str,
    found: Sequence[Holder],
    helping: Sequence[Holder],
    page: int,
) -> Message:
    """`helping`: who helps already, and can be thanked."""
    last = max(0, len(found) - 1) // PAGE
    page = min(max(page, 0), last)
    lines = [
        [Pick(ticket_id, way, each.member_id).labelled(str(_who(_, each).unescape()))]
        for each in found[page * PAGE : (page + 1) * PAGE]
    ]
    turn: list[InlineKeyboardButton] = []
    if page > 0:
        turn.append(Choose(ticket_id, way, page - 1).labelled(_.plain("Previous page")))
    if page < last:
        turn.append(Choose(ticket_id, way, page + 1).labelled(_.plain("Next page")))
    if way is Way.GIVE:
        return Message(_("To whom shall {name}'s question go?", name=requester), rows(*lines, turn))
    parts = [
        _("{whom} is helping with {name}'s question.", whom=addressed(_, each), name=requester)
        for each in helping
    ]
    if found:
        parts.append(
            _(
                "Who of the general branch shall help with {name}'s question? It stays where it is.",
                name=requester,
            )
        )
    thank = [
        [EndHelp(ticket_id, each.member_id).labelled(_.plain("Thank {name}, that will do", name=each.name))]
        for each in helping
    ]
    return Message(Markup("\n").join(parts), rows(*thank, *lines, turn))


def confirm(
    _: Words, ticket_id: int, way: Way, requester: str, to: Holder, owner: Holder | None, words: str
) -> Message:
    """`owner`: who has it now, where that is somebody else than the reader."""
    lines = []
    if owner is not None:
        lines.append(_("{whom} looks after it now.", whom=addressed(_, owner)))
    whom = _who(_, to)
    lines.append(
        _("Pass {name}'s question on to {whom}?", name=requester, whom=whom)
        if way is Way.GIVE
        else _("Ask {whom} to help with {name}'s question? It stays where it is.", name=requester, whom=whom)
    )
    if words:
        lines.append(_("With your words:"))
        lines.append(Markup("<blockquote>{}</blockquote>").format(words))
    else:
        lines.append(_("To add a word for them, just write it to me. The member does not see it."))
    label = _.plain("Pass it on") if way is Way.GIVE else _.plain("Ask for help")
    return Message(
        Markup("\n").join(lines),
        rows(
            [
                Hand(ticket_id, way, to.member_id, bool(words)).labelled(label),
                Choose(ticket_id, way, 0).labelled(_.plain("‹ Back")),
            ]
        ),
    )


def handed(_: Words, way: Way, requester: str, to: Holder) -> Message:
    whom = _who(_, to)
    if way is Way.GIVE:
        return Message(_("{name}'s question is with {whom} now; {name} knows.", name=requester, whom=whom))
    return Message(
        _("{whom} helps with {name}'s question now. It stays where it is.", name=requester, whom=whom)
    )


def please_help(_: Words, by: Holder, requester: str) -> Message:
    """Told to the one who is asked, above the card."""
    return Message(
        _(
            "{whom} asks you to help with {name}'s question. It stays with them; reply to its card and {name} sees it.",
            whom=addressed(_, by),
            name=requester,
        )
    )


def is_helped(_: Words, by: Holder, helper: Holder) -> Message:
    """Told to the member."""
    return Message(
        _(
            "{whom} has asked {helper} to help with your question, too.",
            whom=addressed(_, by),
            helper=titled(_, helper),
        )
    )


def helper_left(_: Words, helper: Holder, requester: str) -> Message:
    """Told to the owner."""
    return Message(
        _(
            "{whom} has done their part with {name}'s question. It stays with you.",
            whom=addressed(_, helper),
            name=requester,
        )
    )


def no_longer_needed(_: Words, by: Holder, requester: str) -> Message:
    """Told to the one who helped."""
    return Message(
        _(
            "{whom} goes on alone with {name}'s question. Thank you for helping.",
            whom=addressed(_, by),
            name=requester,
        )
    )


def left(_: Words, requester: str) -> Message:
    return Message(_("Thank you for helping {name}.", name=requester))


def thanked(_: Words, helper: Holder) -> Message:
    return Message(_("I have thanked {whom}; the question goes on without them.", whom=addressed(_, helper)))


def _who(_: Words, holder: Holder) -> Markup:
    """As colleagues are told apart: somebody of another branch by their unit."""
    return titled(_, holder) if holder.beside else addressed(_, holder)
