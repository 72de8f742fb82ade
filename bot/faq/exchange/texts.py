"""Files put into words."""

from collections.abc import Iterable, Mapping, Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.faq import model
from bot.faq.exchange import columns
from bot.faq.exchange.buttons import (
    Apply,
    Choose,
    Conflicts,
    Drop,
    Export,
    Files,
    Import,
    Show,
    ShowConflict,
)
from bot.faq.exchange.columns import WORDS, Column
from bot.faq.exchange.comparing import Change, Conflict, changes
from bot.faq.exchange.package import Name, Shape, ToCorrect, name_of
from bot.faq.exchange.service import Done, Preview
from bot.faq.model import Entry, Owner, State
from bot.kit.buttons import Button
from bot.kit.errors import Refusal
from bot.kit.i18n import DEFAULT_LANGUAGE, N_, Words
from bot.kit.messages import Media, Message, rows

SHOWN = 10
"""How many of a kind are listed."""
_LINES = 5
"""How many lines of a difference are shown, each way."""
_LINE_LENGTH = 80

_FIELDS: Mapping[str, str] = {
    "title": N_("Title"),
    "body": N_("Answer"),
    "phrasings": N_("Ways of asking"),
    "stage": N_("Stage"),
    "kind": N_("Kind"),
    "audience": N_("Who sees it"),
    "handover": N_("Passing on"),
    "phones": N_("Phones"),
    "steps": N_("Steps"),
    "source": N_("Rule it rests on"),
    "media": N_("Pictures and files"),
}


def home_button(_: Words, owner: Owner) -> InlineKeyboardButton:
    return Files(owner).labelled(_.plain("Files: take out, bring in"))


def files(_: Words, owner: Owner, unit: str | None, back: Button) -> Message:
    text = _(
        "<b>{whose}</b>\nTake the answers out as a file, change them on a computer, and bring them in again here."
        "\nA sheet is easy to edit; a zip holds pictures too.",
        whose=_whose(_, unit),
    )
    return Message(
        text,
        rows(
            [Export(owner, Shape.XLSX).labelled(_.plain("Take out: sheet"))],
            [Export(owner, Shape.ZIP).labelled(_.plain("Take out: zip"))],
            [Import(owner).labelled(_.plain("Bring in a file"))],
            [back.labelled(_.plain("‹ Back"))],
        ),
    )


def exported(_: Words, file: str, shape: Shape, count: int) -> Message:
    if shape is Shape.XLSX:
        text = _.plural(
            "{count} entry, one a row. Change, add rows, save, and send the file back to me.",
            "{count} entries, one a row. Change, add rows, save, and send the file back to me.",
            count,
        )
    else:
        text = _.plural(
            "{count} entry as a text file. Change it, pack the folder as zip, and send it back to me.",
            "{count} entries as text files. Change them, pack the folder as zip, and send it back to me.",
            count,
        )
    return Message(text, media=Media("document", file))


def ask_for_file(_: Words, owner: Owner) -> Message:
    return Message(
        _(
            "Send me the file, .xlsx or .zip. I first show you what would change; nothing is changed before you say so."
        ),
        rows([Files(owner).labelled(_.plain("‹ Back"))]),
    )


def not_a_file(_: Words, owner: Owner) -> Message:
    return Message(
        _("I am waiting for a file, .xlsx or .zip. Please send it with the paper clip, or go back."),
        rows([Files(owner).labelled(_.plain("‹ Back"))]),
    )


def reading(_: Words) -> Message:
    return Message(_("I am looking at it…"))


def refused(_: Words, owner: Owner, problem: Refusal) -> Message:
    """What is wrong with a file; the next one sent is taken for its correction."""
    back = rows([Files(owner).labelled(_.plain("‹ Back"))])
    text = _problem(_, problem)
    if not isinstance(problem, ToCorrect):
        return Message(text, back)
    lines = [_problem(_, each) for each in problem.problems]
    return Message(
        Markup("\n\n").join([text, _listed(_, lines), _("Correct them and send the file once more.")]), back
    )


def preview(_: Words, shown: Preview, choices: Mapping[Name, bool], offer: int) -> Message:
    compared = shown.compared
    if not compared.changes_anything:
        back = [Files(shown.owner).labelled(_.plain("‹ Back"))]
        return Message(
            Markup("\n\n").join([*_warning(_, shown), *_counts(_, shown), _("Nothing to bring in.")]),
            rows(back),
        )
    parts = [*_warning(_, shown), *_counts(_, shown)]
    for title, entries in (
        (_("<b>New</b>"), [item.entry for item in compared.new]),
        (_("<b>Changed</b>"), [item.entry for item in compared.changed]),
        (_("<b>Changed on both sides</b>"), [each.item.entry for each in compared.conflicts]),
    ):
        if entries:
            parts.append(title + "\n" + _listed(_, [_title(each) for each in entries]))
    if choices:
        parts.append(
            _(
                "Decided: {file} from the file, {here} stay as they are here.",
                file=sum(choices.values()),
                here=len(choices) - sum(choices.values()),
            )
        )
    return Message(Markup("\n\n").join(parts), rows(*_decisions(_, shown, choices, offer)))


def conflict(_: Words, shown: Conflict, place: int, count: int, chosen: bool | None, offer: int) -> Message:
    entry, here = shown.item.entry, shown.here
    parts = [
        _("<b>{title}</b> · {place} of {count}", title=entry.title, place=place + 1, count=count),
        _("Changed here and in the file. − is what stands here now, + what the file says."),
    ]
    if here.state is State.RETIRED:
        parts.append(_("Here it has been retired since; taking the file's version shows it again."))
    parts += [_change(_, each) for each in changes(here.entry, entry)]
    from_file, stay = _.plain("Take the file's"), _.plain("Leave as it is here")
    around = [
        ShowConflict(offer, other).labelled(label)
        for other, label in ((place - 1, "‹"), (place + 1, "›"))
        if 0 <= other < count
    ]
    return Message(
        Markup("\n\n").join(parts),
        rows(
            [Choose(offer, place, from_file=True).labelled(_ticked(from_file, chosen is True))],
            [Choose(offer, place, from_file=False).labelled(_ticked(stay, chosen is False))],
            around,
            [Show(offer).labelled(_.plain("‹ Back"))],
        ),
    )


def applied(_: Words, owner: Owner, done: Done) -> Message:
    lines = [_("Done. New: {new}, changed: {changed}.", new=done.new, changed=done.changed)]
    if done.left:
        lines.append(_("Left as they are here: {count}.", count=done.left))
    lines.append(_("Every change stands in the entry's history and can be taken back there."))
    return Message(Markup("\n").join(lines), rows([Files(owner).labelled(_.plain("‹ Back"))]))


def dropped(_: Words, owner: Owner) -> Message:
    return Message(
        _("All right, the answers stay as they are."), rows([Files(owner).labelled(_.plain("‹ Back"))])
    )


def _whose(_: Words, unit: str | None) -> str:
    return _.plain("The whole organisation") if unit is None else unit


def _warning(_: Words, shown: Preview) -> Iterable[Markup]:
    if shown.other_unit is not None:
        whose = _whose(_, shown.other_unit or None)
        yield _("This file was taken out of “{unit}”. Is that what you want?", unit=whose)


def _counts(_: Words, shown: Preview) -> Iterable[Markup]:
    compared = shown.compared
    counts = [
        (N_("New entries: {count}"), compared.new),
        (N_("Changed entries: {count}"), compared.changed),
        (N_("Changed on both sides: {count}"), compared.conflicts),
        (N_("Changed here only, they stay: {count}"), compared.newer_here),
        (N_("The same: {count}"), compared.same),
    ]
    read = _.plural("{count} entry read.", "{count} entries read.", len(shown.package.items))
    yield Markup("\n").join([read, *(_(said, count=len(items)) for said, items in counts if items)])


def _decisions(
    _: Words, shown: Preview, choices: Mapping[Name, bool], offer: int
) -> Iterable[list[InlineKeyboardButton]]:
    compared = shown.compared
    if not compared.conflicts:
        yield [Apply(offer, Conflicts.HERE).labelled(_.plain("Bring in"))]
    else:
        if choices:
            yield [Apply(offer, Conflicts.CHOSEN).labelled(_.plain("Bring in as decided"))]
        yield [Apply(offer, Conflicts.FILE).labelled(_.plain("Bring in everything"))]
        if compared.new or compared.changed:
            yield [Apply(offer, Conflicts.HERE).labelled(_.plain("Only what is not in conflict"))]
        label = _.plain("See the conflicts ({count})", count=len(compared.conflicts))
        undecided = (
            place for place, each in enumerate(compared.conflicts) if name_of(each.item.entry) not in choices
        )
        yield [ShowConflict(offer, next(undecided, 0)).labelled(label)]
    yield [Drop(offer).labelled(_.plain("Do not bring in"))]


def _change(_: Words, change: Change) -> Markup:
    lines = [
        *(Markup("− {}").format(line) for line in _short(_, change.field, change.gone)),
        *(Markup("+ {}").format(line) for line in _short(_, change.field, change.come)),
    ]
    return Markup("\n").join([Markup("<b>{}</b>").format(_.plain(_FIELDS[change.field])), *lines])


def _short(_: Words, field: str, lines: Sequence[str]) -> Iterable[str]:
    for line in lines[:_LINES]:
        yield _cut(_value(_, field, line))
    if len(lines) > _LINES:
        yield _.plain("… and {count} more", count=len(lines) - _LINES)


def _value(_: Words, field: str, value: str) -> str:
    if _.language != DEFAULT_LANGUAGE or field not in set(Column) or Column(field) not in WORDS:
        return value
    return columns.said(Column(field), value)


def _problem(_: Words, problem: Refusal) -> Markup:
    """Quotes a whole cell or paragraph only by its beginning."""
    said = {name: _cut(value) if isinstance(value, str) else value for name, value in problem.details.items()}
    return _(problem.message, **said)


def _cut(text: str) -> str:
    return text if len(text) <= _LINE_LENGTH else text[: _LINE_LENGTH - 1] + "…"


def _title(entry: Entry) -> Markup:
    language = "" if entry.language == model.DEFAULT_LANGUAGE else f" ({entry.language})"
    return Markup("· {}{}").format(entry.title, language)


def _ticked(label: str, ticked: bool) -> str:
    return f"✓ {label}" if ticked else label


def _listed(_: Words, lines: Sequence[Markup]) -> Markup:
    shown = list(lines[:SHOWN])
    if len(lines) > SHOWN:
        shown.append(_("… and {count} more", count=len(lines) - SHOWN))
    return Markup("\n").join(shown)
