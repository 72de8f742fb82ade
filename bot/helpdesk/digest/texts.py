"""The digest's wording."""

import dataclasses

from markupsafe import Markup

from bot.helpdesk.digest import rules
from bot.helpdesk.digest.buttons import At
from bot.helpdesk.inbox.buttons import Browse
from bot.helpdesk.inbox.model import Filter
from bot.kit.i18n import Words
from bot.kit.messages import Message, rows

_IN_A_ROW = 4


def hours(_: Words, chosen: int | None) -> Message:
    now = (
        _("So far I do not remind you.")
        if chosen is None
        else _("So far at {time}.", time=rules.clock(chosen))
    )
    ask = _(
        "At what time of day shall I list the questions that wait for you? When none waits, I keep quiet."
    )
    times = [rules.minute_of(text) for text in rules.HOURS]
    buttons = [
        At(each).labelled(f"• {rules.clock(each)}" if each == chosen else rules.clock(each)) for each in times
    ]
    lines = [buttons[at : at + _IN_A_ROW] for at in range(0, len(buttons), _IN_A_ROW)]
    never = [] if chosen is None else [At(None).labelled(_.plain("Do not remind me"))]
    back = Browse(Filter.ALL, 0).labelled(_.plain("‹ Back"))
    return Message(Markup("\n").join([ask, now]), rows(*lines, [*never, back]))


def chosen(_: Words, minute: int | None) -> Message:
    text = (
        _("All right, I do not remind you any more.")
        if minute is None
        else _(
            "Every day at {time} I list what waits for you. When nothing waits, I keep quiet.",
            time=rules.clock(minute),
        )
    )
    return Message(text, rows([Browse(Filter.ALL, 0).labelled(_.plain("‹ Back"))]))


def digest(_: Words, inbox: Message) -> Message:
    """`inbox`: the list itself."""
    return dataclasses.replace(inbox, text=Markup("\n").join([_("Today's list:"), Markup(inbox.text)]))  # noqa: S704 - ours
