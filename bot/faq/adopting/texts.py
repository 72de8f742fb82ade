"""The wording around what branches wrote."""

from collections.abc import Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.faq.adopting.buttons import Adopt, Read, UndoAdoption, Written
from bot.faq.adopting.rules import Subject
from bot.faq.adopting.service import Adopted, Piece
from bot.faq.learning.service import Desk
from bot.kit.buttons import Button
from bot.kit.i18n import N_, Words
from bot.kit.messages import Message, rows
from bot.roster.model import Unit

PAGE = 6
_OTHERS = 3
"""Other units' entries about the same that are offered to read."""
_ROOM = 3_600
"""Characters of an entry's text that stand beside what is said about it: Telegram takes 4096."""


def written_button(_: Words, desk: Desk, count: int) -> InlineKeyboardButton:
    label = _.plain(N_("Written by branches ({count})"), count=count)
    return Written(desk.unit.id, 0).labelled(label)


def written(_: Words, desk: Desk, found: Sequence[Subject], page: int, home: Button) -> Message:
    back = [home.labelled(_.plain(N_("‹ Back")))]
    if not found:
        return Message(_("The branches have not written entries of their own yet."), rows(back))
    last = (len(found) - 1) // PAGE
    page = min(max(page, 0), last)
    shown = found[page * PAGE : (page + 1) * PAGE]
    titles = [[Read(desk.unit.id, each.entries[0].row).labelled(_title(_, each))] for each in shown]
    turn = []
    if page > 0:
        turn.append(Written(desk.unit.id, page - 1).labelled(_.plain(N_("‹ Previous"))))
    if page < last:
        turn.append(Written(desk.unit.id, page + 1).labelled(_.plain(N_("More ›"))))
    return Message(
        _("<b>Written by branches</b>\nWhat is good for everybody, you can take up for everybody."),
        rows(*titles, turn, back),
    )


def _title(_: Words, subject: Subject) -> str:
    title = subject.entries[0].entry.title
    if subject.units == 1:
        return title
    return _.plain(N_("{title} · {count} branches"), title=title, count=subject.units)


def piece(_: Words, desk: Desk, shown: Piece, body: Markup) -> Message:
    """`body`: the entry's text as members read it."""
    entry = shown.kept.entry
    if len(body.striptags()) > _ROOM:
        body = Markup("{}…").format(entry.body[:_ROOM])
    about = [
        _("Written by {unit}", unit=shown.author.name),
        _.plural("{count} way of asking", "{count} ways of asking", len(entry.phrasings)),
    ]
    if entry.media:
        about.append(_.plural("{count} picture or file", "{count} pictures and files", len(entry.media)))
    parts = [
        Markup("<b>{}</b>\n<i>{}</i>").format(entry.title, Markup(" · ").join(about)),
        body,
    ]
    if shown.others:
        parts.append(
            _.plural(
                "{count} other unit wrote about the same.",
                "{count} other units wrote about the same.",
                len({unit.id for __, unit in shown.others}),
            )
        )
    unit, row = desk.unit.id, shown.kept.row
    if shown.in_place_of is None:
        take_up = [
            [
                Adopt(unit, row, False).labelled(
                    _.plain(N_("Take it up for all of {unit}"), unit=desk.unit.name)
                )
            ]
        ]
    else:
        parts.append(
            _(
                "There it stands in place of your “{title}”.",
                title=shown.in_place_of.title,
            )
        )
        take_up = [
            [Adopt(unit, row, True).labelled(_.plain(N_("Take it up instead of mine")))],
            [Adopt(unit, row, False).labelled(_.plain(N_("Take it up beside mine")))],
        ]
    others = [
        [Read(unit, kept.row).labelled(_.plain(N_("See that of {unit}"), unit=author.name))]
        for kept, author in shown.others[:_OTHERS]
    ]
    back = [Written(unit, 0).labelled(_.plain(N_("‹ Back")))]
    return Message(Markup("\n\n").join(parts), rows(*take_up, *others, back))


def adopted(_: Words, desk: Desk, done: Adopted, at: int) -> Message:
    lines = [
        _(
            "Taken up: “{title}”, written by {author}, now stands for all of {unit}.",
            title=done.entry.title,
            author=done.author.name,
            unit=desk.unit.name,
        ),
        _(
            "I have put away the branches' copies that read just the same; what others wrote in other words stays theirs."
        ),
        _("The secretary of {author} hears of it from me.", author=done.author.name),
    ]
    return Message(
        Markup("\n").join(lines),
        rows(
            [Written(desk.unit.id, 0).labelled(_.plain(N_("‹ Back")))],
            [UndoAdoption(desk.unit.id, at).labelled(_.plain(N_("Take it back")))],
        ),
    )


def undone(_: Words, desk: Desk) -> Message:
    return Message(
        _("Taken back. The branches have theirs again."),
        rows([Written(desk.unit.id, 0).labelled(_.plain(N_("‹ Back")))]),
    )


def taken_up(_: Words, unit: Unit, done: Adopted) -> Message:
    """To those who wrote it."""
    return Message(
        _(
            "{unit} has taken up your “{title}”: all its members see it now, with your branch's name as its author."
            " You need not keep it yourselves any more. Thank you.",
            unit=unit.name,
            title=done.entry.title,
        )
    )


def given_back(_: Words, unit: Unit, title: str) -> Message:
    """To those who wrote it, when the adoption was taken back."""
    return Message(
        _(
            "{unit} has taken that back: “{title}” is for your branch alone again.",
            unit=unit.name,
            title=title,
        )
    )
