"""The wording around the ladder: an owner is warned, a ticket changes hands."""

from collections.abc import Mapping

from markupsafe import Markup

from bot.helpdesk.buttons import Show
from bot.helpdesk.model import Holder, Why
from bot.helpdesk.texts import addressed, promise, titled
from bot.kit.i18n import N_, Words
from bot.kit.messages import Message, rows

_LEFT_TO: Mapping[Why, str] = {
    Why.LADDER: N_(
        "The time for {name}'s question is over; I have asked {whom} to help. You need not do anything more."
    ),
    Why.CLAIMED: N_("{whom} is answering {name}. You need not do anything more."),
    Why.RETURNED: N_("{whom} is back and sees to {name}'s question again. Thank you for standing in."),
}
"""Told to the one who had the ticket, where there is more to say than that it is with somebody else."""

_COMES_TO: Mapping[Why, str] = {
    Why.LADDER: N_("{before} has not got to {name}'s question. Please help."),
    Why.TRANSFERRED: N_("{before} passes {name}'s question on to you."),
    Why.UNFIT: N_("{before} cannot see to {name}'s question at the moment. Please help."),
    Why.RETURNED: N_("{name}'s question is yours again; they are still waiting."),
    Why.MOVED: N_("{name} has come to you with a question that is still open. Please have a look."),
}
"""Told to the one who has it now, above its card."""


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


def left_to(_: Words, why: Why, requester: str, after: Holder) -> Message:
    """Told to the one who had the ticket."""
    words = _LEFT_TO.get(why, N_("{whom} sees to {name}'s question now. You need not do anything more."))
    return Message(_(words, name=requester, whom=addressed(_, after)))


def comes_to(
    _: Words, why: Why, requester: str, sender: Holder | None, words: str, show: int | None
) -> Message | None:
    """Told to the one who has the ticket now; None where its card says all. `sender`: who had it, or who passes it on;
    `words`: what they add; `show`: the ticket's id, where its card stands in another chat.
    """
    told = _COMES_TO.get(why)
    if told is None or (sender is None and "{before}" in told):
        return None
    before = "" if sender is None else addressed(_, sender)
    text = _(told, name=requester, before=before)
    if words:
        text += Markup("\n<blockquote>{}</blockquote>").format(words)
    keyboard = None if show is None else rows([Show(show).labelled(_.plain("Show it to me"))])
    return Message(text, keyboard)


def stands_in(_: Words, branch: str, requester: str) -> Message:
    """Told to the one of another unit to whom a question goes at once, above its card."""
    return Message(
        _(
            "{branch} has nobody here who can answer right now, so {name}'s question comes straight to you.",
            branch=branch,
            name=requester,
        )
    )


def requester_left(_: Words, requester: str) -> Message:
    """Told to the owner."""
    return Message(
        _(
            "{name} is no longer on the roster; I have closed their question. Nothing more to do.",
            name=requester,
        )
    )


def moved(_: Words, why: Why, before: Holder, after: Holder, expected: Markup | None) -> Message:
    """Told to the member. `expected`: by when they are answered; None where they are not waiting."""
    if why is Why.LADDER:
        whom = titled(_, after)
        line = _("{name} could not get to it. I have asked {whom} to help you.", name=before.name, whom=whom)
    else:
        line = _("{whom} sees to your question now.", whom=titled(_, after))
    return Message(line if expected is None else Markup("\n").join([line, promise(_, after, expected)]))


def out_of_your_hands(_: Words) -> Message:
    """In the place of a ticket's card, for those who may no longer see it."""
    return Message(_("This question is with somebody else now."))
