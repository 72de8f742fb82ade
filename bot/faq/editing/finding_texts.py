"""Finding one's way among the entries, and an entry itself, put into words."""

from collections.abc import Mapping, Sequence
from datetime import tzinfo

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.faq import markup
from bot.faq.editing import buttons as b
from bot.faq.editing import words
from bot.faq.editing.browsing import USAGE_DAYS, Opened, Overview
from bot.faq.editing.buttons import Field
from bot.faq.editing.rules import Group, Line, group_of
from bot.faq.model import DEFAULT_LANGUAGE, Kind, Owner, State
from bot.faq.trying.buttons import Again
from bot.faq.upkeep.store import Draft
from bot.kit.i18n import N_, Words
from bot.kit.messages import Message, rows
from bot.roster.texts import moment

FOUND = 6
"""Results of a search that are shown."""

ASKS_PAGE = 20
"""Phrasings on a page of plain text."""

_OWN = "◆ "
_OTHER_LANGUAGE: Mapping[str, str] = {"zh": "English", "en": "中文"}


def choose_unit(_: Words, desks: Sequence[tuple[Owner, str | None]]) -> Message:
    choices = [[b.HomeOf(owner).labelled(words.unit_name(_, name))] for owner, name in desks]
    return Message(
        _("You look after the answers of several units. Which do you want to work on?"), rows(*choices)
    )


def home(_: Words, seen: Overview, extras: Sequence[InlineKeyboardButton]) -> Message:
    total = sum(seen.counts.values())
    text = _(
        "<b>Answers of {unit}</b>\nMembers see {total} entries; {own} of them are your own unit's."
        " Type a word to find one: from its title, its answer or how people ask.",
        unit=words.unit_name(_, seen.unit),
        total=total,
        own=seen.own,
    )
    groups = [
        b.PageOf(seen.owner, group, 0).labelled(f"{_.plain(label)} · {seen.counts.get(group, 0)}")
        for group, label in words.GROUPS.items()
    ]
    mine = [b.New(seen.owner).labelled(_.plain(N_("Write a new one")))]
    if seen.drafts:
        mine.append(b.Drafts(seen.owner, 0).labelled(_.plain(N_("My drafts {count}"), count=seen.drafts)))
    shelf = []
    if seen.retired:
        shelf.append(b.Retired(seen.owner, 0).labelled(_.plain(N_("Out of use {count}"), count=seen.retired)))
    if seen.elsewhere:
        shelf.append(b.Home().labelled(_.plain(N_("Another unit"))))
    return Message(text, rows(*_in_pairs(groups), mine, *_in_pairs(extras), shelf))


def page_of(_: Words, owner: Owner, group: Group, found: Sequence[Line], page: int) -> Message:
    heading = _("<b>{group}</b>. Tap an entry.", group=_(words.GROUPS[group]))
    if not found:
        heading = _("<b>{group}</b>. Nothing here yet.", group=_(words.GROUPS[group]))
    elif owner is not None and any(line.owner == owner for line in found):
        heading += "\n" + _("{mark}: your own unit's", mark=_OWN.strip())
    last = words.last_page(len(found))
    page = min(max(page, 0), last)
    turn = words.turns(_, page, last, b.PageOf(owner, group, page - 1), b.PageOf(owner, group, page + 1))
    return Message(
        heading, rows(*_titles(_, owner, _page(found, page)), turn, words.back(_, b.HomeOf(owner)))
    )


def retired(_: Words, owner: Owner, found: Sequence[Line], page: int) -> Message:
    last = words.last_page(len(found))
    page = min(max(page, 0), last)
    heading = _("<b>Out of use</b>. Members do not see these; they can be brought back any time.")
    if not found:
        heading = _("Nothing is out of use.")
    turn = words.turns(_, page, last, b.Retired(owner, page - 1), b.Retired(owner, page + 1))
    return Message(
        heading, rows(*_titles(_, owner, _page(found, page)), turn, words.back(_, b.HomeOf(owner)))
    )


def drafts(_: Words, owner: Owner, found: Sequence[Draft], page: int) -> Message:
    last = words.last_page(len(found))
    page = min(max(page, 0), last)
    heading = _("<b>My drafts</b>. Only you see them. Tap one to go on with it.")
    if not found:
        heading = _("You have no drafts.")
    titles = [
        [b.Draft(draft.id).labelled(words.title_of(_, draft.content))]
        for draft in found[page * words.PAGE : (page + 1) * words.PAGE]
    ]
    turn = words.turns(_, page, last, b.Drafts(owner, page - 1), b.Drafts(owner, page + 1))
    return Message(heading, rows(*titles, turn, words.back(_, b.HomeOf(owner))))


def found(_: Words, owner: Owner, text: str, lines: Sequence[Line], likely: Sequence[Line]) -> Message:
    """What holds a text that was searched for, and what it may ask for in other words."""
    said = text if len(text) <= 30 else text[:29] + "…"
    new = [b.New(owner).labelled(_.plain(N_("Write a new one")))]
    shown = [*lines, *likely][:FOUND]
    if not shown:
        heading = _("Nothing with “{text}” yet. Try a shorter word, or write a new entry.", text=said)
        return Message(heading, rows(new, words.back(_, b.HomeOf(owner))))
    if not lines:
        heading = _("Nothing with “{text}”; perhaps one of these is meant:", text=said)
    else:
        heading = _.plural(
            "“{text}”: {count} entry. Type another word to search again.",
            "“{text}”: {count} entries. Type another word to search again.",
            len(lines),
            text=said,
        )
    if len(lines) > FOUND:
        heading += "\n" + _("The first {shown} are below; one more word narrows it down.", shown=FOUND)
    elif lines and len(shown) > len(lines):
        heading += "\n" + _("Those further below may be meant too.")
    return Message(heading, rows(*_titles(_, owner, shown), new, words.back(_, b.HomeOf(owner))))


def entry(_: Words, shown: Opened, body: Markup, zone: tzinfo, note: Markup | None = None) -> Message:
    """An entry as members see it, and below what its keepers want to know. `note` stands above."""
    about = Markup("\n").join(_about(_, shown, zone))
    title = Markup("<b>{}</b>").format(shown.kept.entry.title)
    above = [] if note is None else [note]
    whole = Markup("\n\n").join([*above, title, body, about])
    if markup.visible_length(whole) > markup.LIMIT:
        long = _("The answer is long: tap “Preview” to read it.")
        whole = Markup("\n\n").join([*above, title, long, about])
    return Message(whole, rows(*_entry_buttons(_, shown)))


def asks(_: Words, shown: Opened, page: int) -> Message:
    """The phrasings of an entry, to be read."""
    owner, kept = shown.desk.owner, shown.kept
    phrasings = kept.entry.phrasings
    last = words.last_page(len(phrasings), ASKS_PAGE)
    page = min(max(page, 0), last)
    lines = [Markup("· {}").format(each) for each in phrasings[page * ASKS_PAGE : (page + 1) * ASKS_PAGE]]
    heading = _.plural(
        "<b>{title}</b>: {count} way of asking",
        "<b>{title}</b>: {count} ways of asking",
        len(phrasings),
        title=kept.entry.title,
    )
    edit = [b.Edit(owner, kept.row, Field.PHRASINGS).labelled(_.plain(N_("Add or remove")))]
    turn = words.turns(_, page, last, b.Asks(owner, kept.row, page - 1), b.Asks(owner, kept.row, page + 1))
    return Message(
        Markup("\n").join([heading, "", *lines]),
        rows(edit if shown.is_own else [], turn, words.back(_, b.Open(owner, kept.row))),
    )


def ask_override(_: Words, shown: Opened, unit: str | None) -> Message:
    """`unit`: at whose desk one sits."""
    owner, kept = shown.desk.owner, shown.kept
    text = _(
        "“{title}” belongs to {above}, so only they change it. You can write one of your own in its place: members of"
        " {unit} then see yours, and for everybody else nothing changes. Later changes by {above} do not reach yours.",
        title=kept.entry.title,
        above=words.unit_name(_, shown.unit),
        unit=words.unit_name(_, unit),
    )
    return Message(
        text,
        rows(
            [b.OverrideNow(owner, kept.row).labelled(_.plain(N_("Write our own")))],
            words.back(_, b.Open(owner, kept.row)),
        ),
    )


def _about(_: Words, shown: Opened, zone: tzinfo) -> Sequence[Markup]:
    kept, entry = shown.kept, shown.kept.entry
    state = _("in use") if kept.state is State.PUBLISHED else _("out of use: members do not see it")
    whose = Markup(" · ").join(
        [Markup("{}").format(words.unit_name(_, shown.unit)), state, *_place(_, shown)]
    )
    lines = [Markup("— — —"), whose, _changed(_, shown, zone)]
    if shown.adopted_from is not None:
        lines.append(_("First written by {unit}", unit=shown.adopted_from))
    usage = shown.usage
    lines.append(
        _(
            "In {days} days: read {asked} times · 👍 {solved} · 👎 {unsolved}",
            days=USAGE_DAYS,
            asked=usage.asked,
            solved=usage.solved,
            unsolved=usage.unsolved,
        )
    )
    counts = [_.plural("{count} way of asking", "{count} ways of asking", len(entry.phrasings))]
    if entry.media:
        counts.append(_.plural("{count} picture or file", "{count} pictures and files", len(entry.media)))
    return [*lines, Markup(" · ").join(counts)]


def _place(_: Words, shown: Opened) -> Sequence[Markup]:
    entry = shown.kept.entry
    if entry.kind is Kind.DECLINE:
        place = [_.plain(words.GROUPS[Group.DECLINE]), words.handover_name(_, entry.handover)]
    elif entry.stage is None:
        place = [_.plain(words.GROUPS[Group.SMALLTALK])]
    else:
        place = [words.stage_name(_, entry.stage), words.audience_name(_, entry.audience)]
    return [Markup("{}").format(each) for each in place]


def _changed(_: Words, shown: Opened, zone: tzinfo) -> Markup:
    kept = shown.kept
    if kept.changed_by is None:
        return _("As it came with me ({when})", when=moment(kept.changed_at, zone))
    who = shown.changer or words.unit_name(_, shown.unit)
    return _("Last changed by {who}, {when}", who=who, when=moment(kept.changed_at, zone))


def _entry_buttons(_: Words, shown: Opened) -> Sequence[list[InlineKeyboardButton]]:
    owner, kept, entry = shown.desk.owner, shown.kept, shown.kept.entry
    row = kept.row
    asks = b.Asks(owner, row, 0).labelled(_.plain(N_("Ways of asking {count}"), count=len(entry.phrasings)))
    preview = b.Preview(owner, row).labelled(_.plain(N_("Preview")))
    group = b.PageOf(owner, group_of(entry.kind, entry.stage), 0)
    if not shown.is_own:
        own = b.Override(owner, row).labelled(_.plain(N_("Write our own in its place")))
        if shown.own is not None:
            own = b.Open(owner, shown.own).labelled(_.plain(N_("Our own one")))
        return [[own], [asks, preview], _files(_, shown), _translation(_, shown), words.back(_, group)]

    def edit(field: Field, label: str) -> InlineKeyboardButton:
        return b.Edit(owner, row, field).labelled(label)

    files = edit(Field.FILES, _.plain(N_("Pictures, files {count}"), count=len(entry.media)))
    history = b.History(owner, row, 0).labelled(_.plain(N_("History")))
    undo = [b.Undo(owner, row).labelled(_.plain(N_("Undo last change")))] if shown.undoable else []
    if kept.state is State.RETIRED:
        restore = b.Restore(owner, row).labelled(_.plain(N_("Bring back into use")))
        return [[restore], [asks, preview], [history, *undo], words.back(_, b.Retired(owner, 0))]
    return [
        [edit(Field.BODY, _.plain(N_("Edit answer"))), edit(Field.TITLE, _.plain(N_("Edit title")))],
        [asks, files],
        [edit(Field.SCOPE, _.plain(N_("Place and audience"))), preview],
        [b.Retire(owner, row).labelled(_.plain(N_("Take out of use"))), history],
        [*_translation(_, shown), *undo],
        [*_files(_, shown), Again().labelled(_.plain(N_("Try a question")))],
        words.back(_, group),
    ]


def _files(_: Words, shown: Opened) -> list[InlineKeyboardButton]:
    if not shown.kept.entry.media:
        return []
    return [b.Files(shown.desk.owner, shown.kept.row).labelled(_.plain(N_("See pictures and files")))]


def _translation(_: Words, shown: Opened) -> list[InlineKeyboardButton]:
    """Leads to the entry in the other language, or to writing it."""
    owner, kept = shown.desk.owner, shown.kept
    name = _OTHER_LANGUAGE[kept.entry.language]
    if shown.translation is not None:
        return [b.Open(owner, shown.translation).labelled(name)]
    if not shown.is_own:
        return []
    label = (
        N_("Write it in English") if kept.entry.language == DEFAULT_LANGUAGE else N_("Write it in Chinese")
    )
    return [b.Translate(owner, kept.row).labelled(_.plain(label))]


def _titles(_: Words, owner: Owner, lines: Sequence[Line]) -> Sequence[list[InlineKeyboardButton]]:
    return [[b.Open(owner, line.row).labelled(_label(_, owner, line))] for line in lines]


def _label(_: Words, owner: Owner, line: Line) -> str:
    mark = _OWN if owner is not None and line.owner == owner else ""
    title = f"{mark}{line.title}"
    return _.plain(N_("{title} (out of use)"), title=title) if line.state is State.RETIRED else title


def _page(lines: Sequence[Line], page: int) -> Sequence[Line]:
    return lines[page * words.PAGE : (page + 1) * words.PAGE]


def _in_pairs(buttons: Sequence[InlineKeyboardButton]) -> Sequence[list[InlineKeyboardButton]]:
    """Two in a row; what is too long for half of a small screen has its own."""
    lines: list[list[InlineKeyboardButton]] = []
    for button in buttons:
        if lines and len(lines[-1]) == 1 and all(words.is_short(each.text) for each in (*lines[-1], button)):
            lines[-1].append(button)
        else:
            lines.append([button])
    return lines
