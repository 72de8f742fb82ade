"""Canned replies, put into words."""

from collections.abc import Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.helpdesk.canned import buttons as b
from bot.helpdesk.canned.model import Reply
from bot.helpdesk.canned.service import NAME, PAGE, Kept, Page, Usable
from bot.helpdesk.texts import excerpt
from bot.helpdesk.writing import stop_button
from bot.kit.buttons import Button
from bot.kit.i18n import Words
from bot.kit.messages import Message, rows

_EXCERPT = 24


def home(_: Words, kept: Sequence[Kept]) -> Message:
    lines = [
        [
            b.Shelf(each.shelf, 0).labelled(
                _.plain("{whose} ({count})", whose=_whose(_, each), count=each.count)
            )
        ]
        for each in kept
    ]
    text = _(
        "<b>Replies you use often</b>\nUnder a question tap “More …”, then “Canned reply”, and it is sent with the"
        " member's name in it."
    )
    return Message(text, rows(*lines))


def shelf(_: Words, page: Page) -> Message:
    kept = page.of
    lines = [[b.Open(each.id).labelled(excerpt(each.text, _EXCERPT))] for each in page.replies]
    text = Markup("<b>{}</b>").format(_whose(_, kept))
    if not page.replies:
        text += Markup("\n") + _("There are none yet.")
    elif not kept.may_change:
        text += Markup("\n") + _("You may use these; their own staff look after them.")
    add = [b.Add(kept.shelf).labelled(_.plain("Add a reply"))] if kept.may_change else []
    turn = _turn(
        _,
        b.Shelf(kept.shelf, page.number - 1) if page.number > 0 else None,
        b.Shelf(kept.shelf, page.number + 1) if (page.number + 1) * PAGE < kept.count else None,
    )
    return Message(text, rows(*lines, turn, add, [b.Home().labelled(_.plain("‹ Back"))]))


def opened(_: Words, reply: Reply, kept: Kept, *, saved: bool = False) -> Message:
    """`saved`: it has just been written."""
    lines = [_("Saved.")] if saved else []
    lines += [
        Markup("<b>{}</b>").format(_whose(_, kept)),
        Markup("<blockquote>{}</blockquote>").format(reply.text),
    ]
    change = [
        b.Change(reply.id).labelled(_.plain("Change it")),
        b.Retire(reply.id).labelled(_.plain("Remove it")),
    ]
    back = [b.Shelf(reply.shelf, 0).labelled(_.plain("‹ Back"))]
    return Message(Markup("\n").join(lines), rows(change if kept.may_change else [], back))


def retired(_: Words, reply: Reply) -> Message:
    text = _("Removed: “{text}”", text=excerpt(reply.text, _EXCERPT))
    return Message(
        text,
        rows(
            [b.Restore(reply.id).labelled(_.plain("Put it back"))],
            [b.Shelf(reply.shelf, 0).labelled(_.plain("‹ Back"))],
        ),
    )


def ask_text(_: Words, kept: Kept) -> Message:
    text = _(
        "Send me the reply for “{whose}”. Where you write {name}, the member's name is filled in. Example: {name}, good"
        " morning, please come to the branch room on Friday.",
        whose=_whose(_, kept),
        name="{" + _.plain(NAME) + "}",
    )
    return Message(text, rows(stop_button(_)))


def ask_change(_: Words, reply: Reply) -> Sequence[Message]:
    return [_to_copy(reply.text), Message(_("Copy it, change it and send it to me."), rows(stop_button(_)))]


def choose(_: Words, found: Usable, number: int) -> Message:
    ticket = found.ticket.id
    if not found.replies and number == 0:
        text = _("There are no canned replies yet. Tap “Add a reply” to keep your first one.")
        return Message(text, rows([b.Add(None).labelled(_.plain("Add a reply"))]))
    lines = [[b.Preview(ticket, each.id).labelled(excerpt(each.text, _EXCERPT))] for each in found.replies]
    turn = _turn(
        _,
        b.Choose(ticket, number - 1) if number > 0 else None,
        b.Choose(ticket, number + 1) if found.has_next else None,
    )
    return Message(
        _("What shall I send to {name}? You see it in full first.", name=found.requester), rows(*lines, turn)
    )


def preview(_: Words, ticket_id: int, reply_id: int, text: str, requester: str) -> Message:
    shown = Markup("\n").join(
        [_("This goes to {name}:", name=requester), Markup("<blockquote>{}</blockquote>").format(text)]
    )
    return Message(
        shown,
        rows(
            [
                b.Send(ticket_id, reply_id).labelled(_.plain("Send it")),
                b.Adapt(ticket_id, reply_id).labelled(_.plain("Adapt it")),
            ],
            [b.Choose(ticket_id, 0).labelled(_.plain("‹ Back"))],
        ),
    )


def ask_adapted(_: Words, text: str, requester: str) -> Sequence[Message]:
    ask = _("Copy it, change it and send it to me; I pass it on to {name} at once.", name=requester)
    return [_to_copy(text), Message(ask, rows(stop_button(_)))]


def _to_copy(text: str) -> Message:
    return Message(Markup("<code>{}</code>").format(text))


def _whose(_: Words, kept: Kept) -> str:
    return _.plain("My own") if kept.unit is None else kept.unit.name


def _turn(_: Words, back: Button | None, on: Button | None) -> list[InlineKeyboardButton]:
    return [
        *([] if back is None else [back.labelled(_.plain("Previous page"))]),
        *([] if on is None else [on.labelled(_.plain("Next page"))]),
    ]
