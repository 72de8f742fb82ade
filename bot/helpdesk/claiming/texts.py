"""Claiming, put into words."""

from bot.helpdesk.claiming.buttons import TakeOver
from bot.helpdesk.claiming.service import Taken
from bot.helpdesk.texts import addressed
from bot.helpdesk.writing import Stop
from bot.kit.i18n import Words
from bot.kit.messages import Message, rows


def claimed(_: Words, requester: str) -> str:
    return _.plain("Good, you answer {name}. Your colleagues see it on the card.", name=requester)


def taken(_: Words, found: Taken) -> Message:
    text = _(
        "{whom} is answering {name} already. Shall it be yours instead?",
        whom=addressed(_, found.by),
        name=found.requester,
    )
    return Message(
        text,
        rows(
            [
                TakeOver(found.ticket.id).labelled(_.plain("I take it over")),
                Stop().labelled(_.plain("Not needed")),
            ]
        ),
    )


def taken_over(_: Words, requester: str) -> Message:
    return Message(_("{name}'s question is yours now. Just reply to its card.", name=requester))
