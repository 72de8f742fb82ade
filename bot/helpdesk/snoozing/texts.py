"""The wording of putting a ticket aside."""

from collections.abc import Sequence
from datetime import tzinfo

from markupsafe import Markup

from bot.helpdesk import texts
from bot.helpdesk.buttons import Tools
from bot.helpdesk.model import Holder
from bot.helpdesk.own.texts import back_to_it
from bot.helpdesk.rules import Day, day_of
from bot.helpdesk.snoozing.buttons import Snooze, TypeDay, Until, UntilTheyWrite, Wake
from bot.helpdesk.snoozing.rules import Unfit
from bot.helpdesk.texts import addressed
from bot.helpdesk.writing import stop_button
from bot.kit.clock import DAY, HOUR, to_local
from bot.kit.i18n import N_, Words
from bot.kit.messages import Message, rows

_WEEKDAYS = (
    N_("Monday {time}"),
    N_("Tuesday {time}"),
    N_("Wednesday {time}"),
    N_("Thursday {time}"),
    N_("Friday {time}"),
    N_("Saturday {time}"),
    N_("Sunday {time}"),
)

_UNFIT = {
    Unfit.UNREADABLE: N_(
        "I could not read a day there. Please type it like 11-25, Friday or tomorrow 15:00."
    ),
    Unfit.PAST: N_("That time is over already. Please type a later one."),
    Unfit.TOO_FAR: N_("That is too far off: two months at most. Please type an earlier day."),
}


def choose(
    _: Words, ticket_id: int, requester: str, offered: Sequence[int], now: int, zone: tzinfo
) -> Message:
    buttons = [Until(ticket_id, moment).labelled(_label(_, moment, now, zone)) for moment in offered]
    lines = [buttons[at : at + 2] for at in range(0, len(buttons), 2)]
    return Message(
        _(
            "Until when shall {name}'s question rest? I tell them, and bring it back then, or as soon as they write.",
            name=requester,
        ),
        rows(
            *lines,
            [UntilTheyWrite(ticket_id).labelled(_.plain("Until they write"))],
            [TypeDay(ticket_id).labelled(_.plain("Another day"))],
            [Tools(ticket_id).labelled(_.plain("‹ Back"))],
        ),
    )


def _label(_: Words, moment: int, now: int, zone: tzinfo) -> str:
    if moment - now == HOUR:
        return _.plain("In an hour")
    if day_of(moment, now, zone) is not Day.LATER or moment - now >= 7 * DAY:
        return texts.when(_, moment, now, zone).unescape()
    local = to_local(moment, zone)
    return _.plain(_WEEKDAYS[local.weekday()], time=f"{local:%H:%M}")


def ask_day(_: Words) -> Message:
    return Message(_("Until which day? Type it like 11-25, Friday or tomorrow 15:00."), rows(stop_button(_)))


def unfit(_: Words, why: Unfit) -> Message:
    return Message(_(_UNFIT[why]), rows(stop_button(_)))


def put_aside(_: Words, ticket_id: int, requester: str, when: Markup) -> Message:
    """To the owner."""
    return Message(
        _(
            "Put aside until {when}. I have told {name} and bring it back then, or as soon as they write.",
            when=when,
            name=requester,
        ),
        rows([Wake(ticket_id).labelled(_.plain("Go on with it now"))]),
    )


def awaiting(_: Words, ticket_id: int, requester: str) -> Message:
    """To the owner."""
    return Message(
        _(
            "Put aside until {name} writes; I have told them. After a week without a word it comes back by itself.",
            name=requester,
        ),
        rows([Wake(ticket_id).labelled(_.plain("Go on with it now"))]),
    )


def awake(_: Words, when: Markup) -> Message:
    """To the owner who has asked for it."""
    return Message(_("Good. I have told them that you answer by {when}.", when=when))


def time_has_come(_: Words, requester: str) -> Message:
    """To the owner, above the card."""
    return Message(_("You asked me to bring {name}'s question back now.", name=requester))


def put_aside_until(_: Words, owner: Holder, when: Markup) -> Message:
    """To the member."""
    return Message(back_to_it(_, owner, when))


def waiting_for_you(_: Words, owner: Holder) -> Message:
    """To the member."""
    return Message(
        _(
            "{whom} waits to hear from you. Whenever you have something to add, just write: they see it at once.",
            whom=addressed(_, owner),
        )
    )


def goes_on(_: Words, owner: Holder, expected: Markup) -> Message:
    """To the member."""
    begun = _("{whom} has taken your question up again.", whom=addressed(_, owner))
    return Message(Markup("\n").join([begun, texts.promise(_, owner, expected)]))


def again(_: Words, ticket_id: int) -> Message:
    """The time on the button has passed."""
    return Message(
        _("That time is over already. Please choose another one."),
        rows([Snooze(ticket_id).labelled(_.plain("Choose again"))]),
    )
