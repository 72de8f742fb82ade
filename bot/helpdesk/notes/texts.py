"""Internal notes, put into words."""

from bot.helpdesk.writing import stop_button
from bot.kit.i18n import Words
from bot.kit.messages import Message, rows


def ask(_: Words, requester: str) -> Message:
    text = _(
        "What should your colleagues know about {name}'s question? Write it or send a picture here; {name} does not see"
        " it.",
        name=requester,
    )
    return Message(text, rows(stop_button(_)))
