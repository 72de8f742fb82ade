"""Publishing, history, and taking back, put into words."""

from collections.abc import Sequence
from datetime import tzinfo

from markupsafe import Markup

from bot.faq.editing import buttons as b
from bot.faq.editing import words
from bot.faq.editing.past import PAGE, Change, History
from bot.faq.editing.publishing import Checked, Conflict
from bot.faq.editing.rules import Part, difference
from bot.faq.model import DEFAULT_LANGUAGE, Entry, Owner, State
from bot.faq.upkeep.store import Act, Kept, Revision
from bot.kit.i18n import N_, Words
from bot.kit.messages import Message, rows
from bot.roster.texts import moment

_PHRASINGS_SHOWN = 8


def check(_: Words, checked: Checked, unit: str | None, lines: Sequence[Markup]) -> Message:
    """What publishing would do; `lines`: what else there is to know before."""
    draft = checked.draft
    said = [_("<b>Publish “{title}”?</b>", title=draft.content.title)]
    if checked.new:
        count = len(draft.content.phrasings)
        said.append(
            _.plural("New, found by {count} way of asking.", "New, found by {count} ways of asking.", count)
        )
    else:
        said.append(words.changed(_, checked.change))
    if checked.overrides is not None:
        above, title = checked.overrides
        said.append(
            _(
                "Members of {unit} then see this one in place of “{title}” of {above}.",
                unit=words.unit_name(_, unit),
                title=title,
                above=words.unit_name(_, above),
            )
        )
        if checked.other_language_above:
            said.append(
                _("Who reads English sees it in Chinese then, until you write it in English too.")
                if draft.content.language == DEFAULT_LANGUAGE
                else _("Who reads Chinese sees it in English then, until you write it in Chinese too.")
            )
    return Message(
        Markup("\n\n").join([*said, *lines]),
        rows(
            [b.Publish(draft.id, checked.revision).labelled(_.plain(N_("Publish now")))],
            [b.Draft(draft.id).labelled(_.plain(N_("‹ Go on editing")))],
            [b.ThrowAway(draft.id).labelled(_.plain(N_("Throw away")))],
        ),
    )


def conflict(_: Words, checked: Checked, found: Conflict, zone: tzinfo) -> Message:
    """Somebody else was faster: what they did, and what can be done about it."""
    latest = found.latest
    when = moment(latest.at, zone)
    if found.changer is None:
        heading = _("While you were writing, this entry was changed ({when}).", when=when)
    else:
        heading = _(
            "While you were writing, {who} changed this entry ({when}).", who=found.changer, when=when
        )
    theirs = found.theirs
    lines = [heading, _what(_, latest), *_compared(_, found.base, theirs.entry)]
    if theirs.state is State.RETIRED:
        lines.append(_("It is out of use now; publishing yours brings it back."))
    lines.append(
        _(
            "Publish yours as it is, or put yours on top of theirs: what only you changed stays, for the rest theirs"
            " stands."
        )
    )
    draft = checked.draft
    return Message(
        Markup("\n").join(lines),
        rows(
            [b.Publish(draft.id, checked.revision).labelled(_.plain(N_("Publish mine all the same")))],
            [b.TakeTheirs(draft.id).labelled(_.plain(N_("Go on from theirs")))],
            [b.ThrowAway(draft.id).labelled(_.plain(N_("Throw mine away")))],
            [b.Draft(draft.id).labelled(_.plain(N_("‹ Back")))],
        ),
    )


def published(_: Words) -> Markup:
    return _("Published. From now on members get this.")


def ask_retire(_: Words, kept: Kept, owner: Owner, above: str | None) -> Message:
    """`above`: the unit whose entry members see instead, where there is one."""
    text = _(
        "Take “{title}” out of use? Members no longer see it. It stays here with its history and can be brought back.",
        title=kept.entry.title,
    )
    if above is not None:
        text += "\n" + _("Your members then see the one of {above} again.", above=above)
    return Message(
        text,
        rows(
            [b.RetireNow(owner, kept.row).labelled(_.plain(N_("Take out of use")))],
            words.back(_, b.Open(owner, kept.row)),
        ),
    )


def retired(_: Words) -> Markup:
    return _("Out of use from now on. You can bring it back any time.")


def restored(_: Words) -> Markup:
    return _("In use again.")


def undone(_: Words) -> Markup:
    return _("The last change is taken back. Undo once more, and it is there again.")


def history(_: Words, owner: Owner, shown: History, zone: tzinfo) -> Message:
    row, page = shown.kept.row, shown.page
    heading = _("<b>{title}</b>: what was changed", title=shown.kept.entry.title)
    if not shown.changes:
        text = heading + "\n" + _("Nothing yet: it is as it came.")
        return Message(text, rows(words.back(_, b.Open(owner, row))))
    first = page * PAGE + 1
    lines = [
        Markup("{}. {}").format(number, _line(_, change, zone))
        for number, change in enumerate(shown.changes, first)
    ]
    numbers = [
        b.Past(owner, change.revision.id, page).labelled(str(number))
        for number, change in enumerate(shown.changes, first)
    ]
    turn = words.turns(
        _,
        page,
        words.last_page(shown.total, PAGE),
        b.History(owner, row, page - 1),
        b.History(owner, row, page + 1),
    )
    return Message(
        Markup("\n").join([heading, *lines, _("Tap a number to see exactly what.")]),
        rows(numbers[:3], numbers[3:], turn, words.back(_, b.Open(owner, row))),
    )


def past(_: Words, owner: Owner, change: Change, page: int, zone: tzinfo) -> Message:
    revision = change.revision
    lines = [_line(_, change, zone), Markup()]
    if revision.before is None:
        lines += [
            Markup("<b>{}</b>").format(revision.after.title),
            *words.answer_compared(_, "", revision.after.body),
        ]
    else:
        lines += _compared(_, revision.before, revision.after)
    return Message(Markup("\n").join(lines), rows(words.back(_, b.History(owner, revision.entry_row, page))))


def ask_undo(_: Words, owner: Owner, change: Change, zone: tzinfo) -> Message:
    revision = change.revision
    lines = [
        _("<b>Take this change back?</b>"),
        _line(_, change, zone),
        Markup(),
        *_compared(_, revision.after, revision.before),
    ]
    if revision.before is None:
        lines.append(_("It was new then, so it goes out of use."))
    row = revision.entry_row
    return Message(
        Markup("\n").join(lines),
        rows(
            [b.UndoNow(owner, row, revision.id).labelled(_.plain(N_("Undo it")))],
            words.back(_, b.Open(owner, row)),
        ),
    )


def _line(_: Words, change: Change, zone: tzinfo) -> Markup:
    """When, who, and what, in one line."""
    revision = change.revision
    who = change.changer or _.plain("(not by hand)")
    return Markup("{} · {} · {}").format(moment(revision.at, zone), who, _what(_, revision))


def _what(_: Words, revision: Revision) -> Markup:
    said = []
    if revision.act is not Act.EDITED:
        said.append(Markup("{}").format(words.act_name(_, revision.act)))
    if revision.before is not None and (not said or revision.before != revision.after):
        said.append(words.changed(_, difference(revision.before, revision.after)))
    return Markup(" · ").join(said)


def _compared(_: Words, before: Entry | None, after: Entry | None) -> Sequence[Markup]:
    """From one text to the other, part by part."""
    if before is None or after is None:
        return []
    change = difference(before, after)
    lines: list[Markup] = []
    if Part.TITLE in change.parts:
        lines.append(_("Title: <s>{before}</s> → <u>{after}</u>", before=before.title, after=after.title))
    if Part.BODY in change.parts:
        lines += [_("Answer:"), *words.answer_compared(_, before.body, after.body)]
    if change.added:
        lines.append(_("Ways of asking added: {texts}", texts=_listed(_, change.added)))
    if change.removed:
        lines.append(_("Ways of asking gone: {texts}", texts=_listed(_, change.removed)))
    others = [part for part in change.parts if part not in (Part.TITLE, Part.BODY, Part.PHRASINGS)]
    lines += [
        _(
            "{part}: {before} → {after}",
            part=words.part_name(_, part),
            before=words.value(_, before, part),
            after=words.value(_, after, part),
        )
        for part in others
    ]
    return lines


def _listed(_: Words, texts: Sequence[str]) -> str:
    shown = _.plain(", ").join(texts[:_PHRASINGS_SHOWN])
    if len(texts) <= _PHRASINGS_SHOWN:
        return shown
    return shown + " " + _.plain("… and {count} more", count=len(texts) - _PHRASINGS_SHOWN)
