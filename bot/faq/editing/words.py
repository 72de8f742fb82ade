"""The names of what entries are made of, and other wording that all the editor's screens share."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.faq.editing.rules import Difference, Group, Mark, Part, compared
from bot.faq.model import Audience, Entry, HandOver, MediaKind, Phone, Stage
from bot.faq.upkeep.store import Act
from bot.kit.buttons import Button
from bot.kit.i18n import N_, Words

PAGE = 6
"""Entries at a time: as many as a phone shows without scrolling."""

_HALF = 18
"""Latin letters that fit on a button of half a small screen; a Chinese character takes two."""

LINES_SHOWN = 24
"""Of a comparison."""

GROUPS: Mapping[Group, str] = {
    Group.INSTALL: N_("Installing the app"),
    Group.LOGIN: N_("Logging in"),
    Group.USE: N_("Using it"),
    Group.PAY: N_("Paying dues"),
    Group.HELP: N_("About me, and people"),
    Group.DECLINE: N_("What I turn away"),
    Group.SMALLTALK: N_("Small talk"),
}
_PARTS: Mapping[Part, str] = {
    Part.TITLE: N_("title"),
    Part.BODY: N_("answer"),
    Part.PHRASINGS: N_("ways of asking"),
    Part.MEDIA: N_("pictures and files"),
    Part.STAGE: N_("place"),
    Part.STEPS: N_("steps"),
    Part.PHONES: N_("phones"),
    Part.AUDIENCE: N_("audience"),
    Part.HANDOVER: N_("handing over"),
    Part.SOURCE: N_("source"),
}
_ACTS: Mapping[Act, str] = {
    Act.CREATED: N_("wrote it"),
    Act.EDITED: N_("edited it"),
    Act.RETIRED: N_("took it out of use"),
    Act.RESTORED: N_("brought it back into use"),
    Act.UNDONE: N_("took the last change back"),
    Act.ADOPTED: N_("adopted it from below"),
    Act.LEARNT: N_("added a member's wording"),
    Act.IMPORTED: N_("brought it in from a file"),
    Act.LOADED: N_("came with a new version of me"),
}
_PHONES: Mapping[Phone, str] = {
    Phone.ANDROID: N_("Android"),
    Phone.IPHONE: N_("iPhone"),
    Phone.HARMONY: N_("HarmonyOS"),
    Phone.HELPED: N_("Family helps"),
    Phone.NONE: N_("No smartphone"),
}
_AUDIENCES: Mapping[Audience, str] = {
    Audience.PUBLIC: N_("everybody"),
    Audience.MEMBERS: N_("members only"),
}
_HANDOVERS: Mapping[HandOver, str] = {
    HandOver.OFFERED: N_("Button to the secretary"),
    HandOver.ALWAYS: N_("Always to the secretary"),
    HandOver.NEVER: N_("Never handed over"),
}
_FILES: Mapping[MediaKind, str] = {
    MediaKind.PHOTO: N_("Picture"),
    MediaKind.VIDEO: N_("Video"),
    MediaKind.DOCUMENT: N_("File"),
}


def stage_name(_: Words, stage: Stage) -> str:
    return _.plain(GROUPS[Group(stage.value)])


def phone_name(_: Words, phone: Phone) -> str:
    return _.plain(_PHONES[phone])


def audience_name(_: Words, audience: Audience) -> str:
    return _.plain(_AUDIENCES[audience])


def handover_name(_: Words, handover: HandOver) -> str:
    return _.plain(_HANDOVERS[handover])


def file_name(_: Words, kind: MediaKind) -> str:
    return _.plain(_FILES[kind])


def unit_name(_: Words, name: str | None) -> str:
    return name or _.plain("the whole organisation")


def act_name(_: Words, act: Act) -> str:
    return _.plain(_ACTS[act])


def part_name(_: Words, part: Part) -> str:
    return _.plain(_PARTS[part])


def value(_: Words, entry: Entry, part: Part) -> str:
    """What an entry has for a part that is chosen, not written."""
    match part:
        case Part.MEDIA:
            values = [file.name for file in entry.media]
        case Part.STAGE:
            values = [] if entry.stage is None else [stage_name(_, entry.stage)]
        case Part.PHONES:
            values = [phone_name(_, phone) for phone in entry.phones]
        case Part.AUDIENCE:
            values = [audience_name(_, entry.audience)]
        case Part.HANDOVER:
            values = [handover_name(_, entry.handover)]
        case Part.STEPS:
            values = list(entry.steps)
        case _:
            values = [str(getattr(entry, part.value))]
    return _.plain(", ").join(each for each in values if each) or "—"


def back(_: Words, to: Button) -> list[InlineKeyboardButton]:
    return [to.labelled(_.plain(N_("‹ Back")))]


def turns(_: Words, page: int, last: int, earlier: Button, later: Button) -> list[InlineKeyboardButton]:
    """The line that turns the pages of a list."""
    found = []
    if page > 0:
        found.append(earlier.labelled(_.plain(N_("‹ Previous"))))
    if page < last:
        found.append(later.labelled(_.plain(N_("More ›"))))
    return found


def last_page(count: int, size: int = PAGE) -> int:
    return max(0, (count - 1) // size)


def title_of(_: Words, entry: Entry) -> str:
    return entry.title or _.plain("(no title yet)")


def changed(_: Words, change: Difference) -> Markup:
    """What changed, in one line."""
    parts = [_.plain(_PARTS[part]) for part in change.parts if part is not Part.PHRASINGS]
    said = [_("Changed: {parts}", parts=_.plain(", ").join(parts))] if parts else []
    if change.added:
        said.append(_.plural("{count} more way of asking", "{count} more ways of asking", len(change.added)))
    if change.removed:
        said.append(
            _.plural("{count} way of asking less", "{count} ways of asking less", len(change.removed))
        )
    return Markup(" · ").join(said) if said else _("The text is the same.")


def answer_compared(_: Words, before: str, after: str) -> Sequence[Markup]:
    """The lines of an answer that are gone (struck through) and new (underlined), with a little of what is between."""
    marked = compared(before, after)
    if all(mark is Mark.KEPT for mark, _line in marked):
        return [_("Only line breaks changed in the answer.")]
    lines: list[Markup] = []
    for mark, line in marked:
        shown = line if len(line) <= 120 else line[:119] + "…"
        match mark:
            case Mark.GONE:
                lines.append(Markup("－ <s>{}</s>").format(shown))
            case Mark.NEW:
                lines.append(Markup("＋ <u>{}</u>").format(shown))
            case Mark.KEPT if not lines or lines[-1] != "…":
                lines.append(Markup("…"))
    if len(lines) > LINES_SHOWN:
        lines[LINES_SHOWN:] = [_("… and {count} more", count=len(lines) - LINES_SHOWN)]
    return lines


def is_short(label: str) -> bool:
    """Whether a button with this label takes no more than half of a small screen."""
    return sum(1 if character.isascii() else 2 for character in label) <= _HALF
