"""The wording of the staff's lists."""

from collections.abc import Callable, Sequence
from datetime import tzinfo

from markupsafe import Markup
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.helpdesk.buttons import Page as OwnPage
from bot.helpdesk.buttons import Show
from bot.helpdesk.inbox.buttons import Browse, Found, Leave, Past
from bot.helpdesk.inbox.model import Filter, Item, Page
from bot.helpdesk.inbox.service import Finds
from bot.helpdesk.model import Line, State
from bot.helpdesk.texts import excerpt, paging
from bot.kit.buttons import Button
from bot.kit.clock import to_local
from bot.kit.i18n import N_, Words
from bot.kit.messages import Message, rows

_FILTERS = {
    Filter.ALL: N_("All"),
    Filter.WAITING: N_("For me to answer"),
    Filter.PRESSING: N_("Time is short"),
    Filter.ANSWERED: N_("Answered"),
    Filter.SNOOZED: N_("Put aside"),
    Filter.BRANCH: N_("My branch"),
}

_STATES = {
    State.OPEN: N_("waits"),
    State.ANSWERED: N_("answered"),
    State.CLOSED: N_("closed"),
}

_IN_A_ROW = 3


def inbox(_: Words, shown: Page, extras: Sequence[InlineKeyboardButton]) -> Message:
    """`extras`: what else the inbox leads to."""
    text = [*_told(_, shown)]
    if shown.filter is not Filter.ALL:
        count = shown.counts[shown.filter]
        text.append(_("<b>{filter}: {count}</b>", filter=_(_FILTERS[shown.filter]), count=count))
    if shown.items:
        text.append(_("Tap one and I bring it down here."))
    tickets = [[Show(item.line.id).labelled(_label(_, item))] for item in shown.items]
    own = OwnPage(0).labelled(_.plain("My own questions"))
    turning = paging(_, shown.number, has_next=shown.has_next, to=lambda page: Browse(shown.filter, page))
    return Message(
        Markup("\n").join(text), rows(*_filters(_, shown), *tickets, turning, *_paired([*extras, own]))
    )


def _told(_: Words, shown: Page) -> Sequence[Markup]:
    waiting = shown.waiting
    pressing, done = shown.counts[Filter.PRESSING], shown.counts[Filter.ANSWERED]
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
    return text


def _filters(_: Words, shown: Page) -> list[list[InlineKeyboardButton]]:
    """Those that leave something; none where they would all show the same."""
    counts = shown.counts
    told = [
        each
        for each in Filter
        if each is shown.filter
        or (counts[each] and (each is Filter.ALL or counts[each] < counts[Filter.ALL]))
    ]
    if told == [Filter.ALL]:
        return []
    buttons = []
    for each in told:
        name = _.plain(_FILTERS[each])
        label = f"{name} {counts[each]}"
        buttons.append(Browse(each, 0).labelled(f"• {label}" if each is shown.filter else label))
    return [buttons[at : at + _IN_A_ROW] for at in range(0, len(buttons), _IN_A_ROW)]


def _label(_: Words, item: Item) -> str:
    line = item.line
    aside, answered = _.plain("put aside"), _.plain("answered")
    if item.snoozed:
        mark = f"{aside} · "
    elif line.state is State.ANSWERED:
        mark = f"{answered} · "
    else:
        mark = "⏰ " if item.pressing else ""
    words = excerpt(line.question or _.plain("[no words]"))
    return f"{mark}{line.other} · {words}"


def ask_for_words(_: Words) -> Message:
    return Message(
        _("What are you looking for? Send me a word of it, a name or a number."),
        rows([Leave().labelled(_.plain("Never mind"))]),
    )


def left(_: Words) -> Message:
    return Message(_("All right."))


def found(_: Words, words: Sequence[str], finds: Finds, zone: tzinfo) -> Message:
    asked = " ".join(words)
    if finds.lines or finds.page:
        told = [_("With “{words}”, the newest first. Tap one and I bring it down here.", words=asked)]
    else:
        told = [
            _(
                "I have found nothing with “{words}” in the questions you look after. Try fewer words, or a name.",
                words=asked,
            )
        ]
    if finds.searched is not None:
        told.append(_("I have looked at your newest {count}.", count=finds.searched))
    return Message(Markup("\n").join(told), _listed(_, finds, zone, lambda page: Found(asked, page)))


def past(_: Words, name: str, ticket_id: int, finds: Finds, zone: tzinfo) -> Message:
    if not finds.lines and finds.page == 0:
        return Message(_("{name} has asked nothing before this.", name=name))
    return Message(
        _("What {name} asked before, the newest first.", name=name),
        _listed(_, finds, zone, lambda page: Past(ticket_id, page)),
    )


def _listed(_: Words, finds: Finds, zone: tzinfo, to: Callable[[int], Button]) -> InlineKeyboardMarkup:
    tickets = [[Show(line.id).labelled(_dated(_, line, zone))] for line in finds.lines]
    return rows(*tickets, paging(_, finds.page, has_next=finds.has_next, to=to))


def _dated(_: Words, line: Line, zone: tzinfo) -> str:
    state = _STATES.get(line.state)
    told = [
        f"{to_local(line.asked_at, zone):%m-%d}",
        *([] if state is None else [_.plain(state)]),
        line.other or "",
        excerpt(line.question or _.plain("[no words]")),
    ]
    return " · ".join(told)


def _paired(buttons: Sequence[InlineKeyboardButton]) -> list[list[InlineKeyboardButton]]:
    return [list(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]
