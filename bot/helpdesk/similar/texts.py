"""The wording around one answer for several tickets."""

from collections.abc import Collection, Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.helpdesk.alike import Group, Member
from bot.helpdesk.inbox.buttons import Browse
from bot.helpdesk.inbox.model import Filter
from bot.helpdesk.model import Content
from bot.helpdesk.similar import buttons
from bot.helpdesk.similar.service import Outcome
from bot.helpdesk.similar.store import Fate, Sent
from bot.helpdesk.texts import excerpt
from bot.helpdesk.writing import stop_button
from bot.kit.i18n import Words
from bot.kit.messages import Message, rows

_GROUPS = 6
_LISTED = 10
_ON_A_PAGE = 6
_QUOTED = 40


def entrance(_: Words, groups: int) -> InlineKeyboardButton:
    return buttons.Groups().labelled(_.plain("Asked alike {count}", count=groups))


def groups(_: Words, found: Sequence[Group]) -> Message:
    if not found:
        text = _("No two of the questions that wait for you ask the same.")
        return Message(text, rows([_to_inbox(_)]))
    lines = [
        [
            buttons.Group(each.id).labelled(
                _.plain("{count} people · {words}", count=each.tickets, words=excerpt(each.question))
            )
        ]
        for each in found[:_GROUPS]
    ]
    text = _("These are asked by several people. One answer from you can go to all of them.")
    return Message(text, rows(*lines, [_to_inbox(_)]))


def group(_: Words, group_id: int, members: Sequence[Member]) -> Message:
    lines = [
        _("{name}: {text}", name=each.name, text=excerpt(each.question, _QUOTED))
        for each in members[:_LISTED]
    ]
    if len(members) > _LISTED:
        lines.append(_("and {count} more", count=len(members) - _LISTED))
    head = _.plural("{count} person asks this.", "{count} people ask alike.", len(members))
    write = buttons.Write(group_id).labelled(_.plain("Answer them together"))
    back = buttons.Groups().labelled(_.plain("‹ Back"))
    return Message(Markup("\n").join([head, *lines]), rows([write], [back]))


def ask_for_answer(_: Words, people: int) -> Message:
    text = _.plural(
        "Send me your answer as text. Before it goes to {count} person, I show it to you.",
        "Send me your answer as text. Before it goes to {count} people, I show it to you.",
        people,
    )
    return Message(text, rows(stop_button(_)))


def preview(_: Words, group_id: int, names: Sequence[str], content: Content) -> Message:
    """What goes to whom once it is tapped. `names` of those chosen."""
    written = Markup(content.html) if content.html else Markup("{}").format(content.text)  # noqa: S704 - safe to send as it is
    head = _.plural("This goes to {count} person:", "This goes to {count} people:", len(names))
    change = _("To change it, just send it anew.")
    text = Markup("{}\n{}\n<blockquote>{}</blockquote>\n{}").format(head, _named(_, names), written, change)
    send = buttons.Send(group_id).labelled(_.plain("Send to {count}", count=len(names)))
    choose = buttons.Choose(group_id, 0).labelled(_.plain("Choose people"))
    return Message(text, rows([send], [choose, *stop_button(_)]))


def choose(_: Words, group_id: int, members: Sequence[Member], chosen: Collection[int], page: int) -> Message:
    shown = members[page * _ON_A_PAGE : (page + 1) * _ON_A_PAGE]
    lines = []
    for each in shown:
        mark = "✓" if each.ticket_id in chosen else "✗"
        label = f"{mark} {each.name} · {excerpt(each.question)}"
        lines.append([buttons.Toggle(group_id, each.ticket_id, page).labelled(label)])
    turning = []
    if page > 0:
        turning.append(buttons.Choose(group_id, page - 1).labelled(_.plain("Previous page")))
    if (page + 1) * _ON_A_PAGE < len(members):
        turning.append(buttons.Choose(group_id, page + 1).labelled(_.plain("Next page")))
    text = _("Tap a name to leave it out or take it in. Chosen: {count}.", count=len(chosen))
    back = buttons.Preview(group_id).labelled(_.plain("‹ Back"))
    return Message(text, rows(*lines, turning, [back]))


def sent(_: Words, group_id: int, outcome: Outcome) -> Message:
    lines = [
        _.plural("Sent to {count} person:", "Sent to {count} people:", len(outcome.sent)),
        _named(_, outcome.sent),
    ]
    if outcome.missed:
        lines.append(
            _.plural(
                "{count} had been answered meanwhile, so I left it out.",
                "{count} had been answered meanwhile, so I left them out.",
                outcome.missed,
            )
        )
    if outcome.unreachable:
        lines.append(_("{names} cannot see it here. Please phone.", names=_named(_, outcome.unreachable)))
    got = buttons.Progress(outcome.first, outcome.last).labelled(_.plain("Has it arrived?"))
    more = []
    if outcome.left:
        label = _.plain("Same to {count} more", count=outcome.left)
        more.append(buttons.Same(outcome.ticket_id, group_id).labelled(label))
    return Message(Markup("\n").join(lines), rows([got], more))


def same_for_others(_: Words, ticket_id: int, group_id: int, others: int) -> InlineKeyboardButton:
    """Under what one is told of an answer: others ask alike."""
    return buttons.Same(ticket_id, group_id).labelled(_.plain("Same to {count} more", count=others))


def progress(_: Words, answers: Sequence[Sent], button: buttons.Progress) -> Message:
    by_fate = {fate: [each.name for each in answers if each.fate is fate] for fate in Fate}
    lines = [
        _.plural(
            "It has reached {count} person.", "It has reached {count} people.", len(by_fate[Fate.ARRIVED])
        )
    ]
    if by_fate[Fate.UNDER_WAY]:
        lines.append(_("Still under way: {names}", names=_named(_, by_fate[Fate.UNDER_WAY])))
    if by_fate[Fate.LOST]:
        lines.append(_("Not reached, please phone: {names}", names=_named(_, by_fate[Fate.LOST])))
    again = [button.labelled(_.plain("Look again"))] if by_fate[Fate.UNDER_WAY] else []
    return Message(Markup("\n").join(lines), rows(again))


def _named(_: Words, names: Sequence[str]) -> Markup:
    shown = _.plain(", ").join(names[:_LISTED])
    if len(names) > _LISTED:
        return _("{names} and {count} more", names=shown, count=len(names) - _LISTED)
    return Markup("{}").format(shown)


def _to_inbox(_: Words) -> InlineKeyboardButton:
    return Browse(Filter.ALL, 0).labelled(_.plain("‹ Back"))
