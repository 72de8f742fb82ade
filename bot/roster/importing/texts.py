"""The import put into words."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.kit.i18n import N_, Words
from bot.kit.messages import Media, Message, rows
from bot.roster.importing import buttons
from bot.roster.importing.places import Placed
from bot.roster.importing.report import bad_cells
from bot.roster.importing.service import Preview
from bot.roster.texts import role_name

SHOWN = 10
"""How many of a kind are listed by name."""


def how_to(_: Words, template: Media) -> Message:
    return Message(
        _(
            "Send me the roster as a file: an Excel workbook (.xlsx) or CSV, one member a row. Columns, in any order:"
            " 工号, 姓名, 手机号, 党支部, 党总支, 党委, 职务, 党员类别, 人员类别, 月应缴党费, 接收日期 (of probationary members). This empty table shows how."
            "\nI first show you what would change; nothing is changed before you say so."
        ),
        media=template,
    )


def preview(_: Words, shown: Preview, offer: int) -> Message:
    if not (shown.changes_anything or shown.plan.bad or shown.plan.missing):
        return same(_, shown)
    parts = [_summary(_, shown), *_people(_, shown)]
    if shown.plan.bad:
        parts.append(_bad(_, shown))
    return Message(Markup("\n\n").join(parts), rows(*_choices(_, shown, offer)))


def same(_: Words, shown: Preview) -> Message:
    return Message(
        _.plural(
            "{count} row read. The roster already says all of it, so nothing needs to be done.",
            "{count} rows read. The roster already says all of it, so nothing needs to be done.",
            shown.rows,
        )
    )


def ask_about_missing(_: Words, shown: Preview, offer: int) -> Message:
    missing = shown.plan.missing
    text = _.plural(
        "{count} member is on the roster but not in this file. Marked as left, they get no more reminders and can no"
        " longer use the bot as members. Nothing about them is deleted.",
        "{count} members are on the roster but not in this file. Marked as left, they get no more reminders and can"
        " no longer use the bot as members. Nothing about them is deleted.",
        len(missing),
    )
    listed = _listed(_, [Markup("{} · {}").format(member.name, member.branch[-1]) for member in missing])
    skip = bool(shown.plan.bad)
    label = _.plain("Apply, and mark {count} as left", count=len(missing))
    return Message(
        text + "\n" + listed,
        rows(
            [buttons.Apply(offer, skip, full=True).labelled(label)],
            [buttons.Show(offer).labelled(_.plain("‹ Back"))],
        ),
    )


def applied(_: Words, done: Preview) -> Message:
    text = _("Done. The roster is up to date.") + "\n" + _summary(_, done)
    if done.plan.bad:
        text += "\n" + _.plural(
            "{count} row was skipped: correct it and send the file again.",
            "{count} rows were skipped: correct them and send the file again.",
            done.bad_row_count,
        )
    return Message(text)


def dropped(_: Words) -> Message:
    return Message(_("All right, the roster stays as it is."))


def _summary(_: Words, shown: Preview) -> Markup:
    plan = shown.plan
    moved = sum(change.moved for change in plan.changes)
    other = sum(bool(change.fields) for change in plan.changes)
    returned = sum(change.returned for change in plan.changes)
    gained, lost = len(shown.posts_gained), len(shown.posts_lost)
    counts = [
        (_("New: {count}", count=len(plan.new)), len(plan.new)),
        (_("Moved to another branch: {count}", count=moved), moved),
        (_("Changed: {count}", count=other), other),
        (_("Returned: {count}", count=returned), returned),
        (_("Marked as left: {count}", count=len(shown.left)), len(shown.left)),
        (_("Posts gained: {gained}, given up: {lost}", gained=gained, lost=lost), gained + lost),
        (_("New units: {count}", count=len(plan.units)), len(plan.units)),
    ]
    lines = [line for line, count in counts if count]
    if not lines:
        lines = [_("Nothing changes.")]
    return Markup("\n").join([_.plural("{count} row read.", "{count} rows read.", shown.rows), *lines])


def _people(_: Words, shown: Preview) -> Iterable[Markup]:
    """Who is concerned, where it is not simply new."""
    moved = [
        _(
            "{name}: {before} → {after}",
            name=change.person.name,
            before=change.branch_before[-1],
            after=change.person.branch[-1],
        )
        for change in shown.plan.changes
        if change.moved
    ]
    posts = [
        *(_post(_, N_("{name} becomes: {unit}, {role}"), name, post) for name, post in shown.posts_gained),
        *(_post(_, N_("{name} gives up: {unit}, {role}"), name, post) for name, post in shown.posts_lost),
    ]
    units = [Markup("{}").format(" · ".join(path)) for path, _kind in shown.plan.units]
    for title, entries in (
        (_("<b>Moved</b>"), moved),
        (_("<b>Posts</b>"), posts),
        (_("<b>New units</b>"), units),
    ):
        if entries:
            yield title + "\n" + _listed(_, entries)


def _post(_: Words, message: str, name: str, post: Placed) -> Markup:
    return _(message, name=name, unit=post.unit[-1], role=role_name(_, post.role))


def _bad(_: Words, shown: Preview) -> Markup:
    title = _.plural("<b>{count} row to correct</b>", "<b>{count} rows to correct</b>", shown.bad_row_count)
    lines = []
    for cell in bad_cells(shown.file.header, shown.plan.bad, _):
        if cell["column_no"] is None:
            where = _("Row {row}, {column}", row=cell["row"], column=cell["column"])
        else:
            where = _(
                "Row {row}, column {number} ({column})",
                row=cell["row"],
                number=cell["column_no"],
                column=cell["column"],
            )
        if cell["value"]:
            lines.append(
                _("{where}: {reason}: {value}", where=where, reason=cell["reason"], value=cell["value"][:60])
            )
        else:
            lines.append(_("{where}: {reason}", where=where, reason=cell["reason"]))
    hint = _("Correct them and send the file again, or skip them.")
    return title + "\n" + _listed(_, lines) + "\n" + hint


def _listed(_: Words, lines: Sequence[Markup]) -> Markup:
    shown = list(lines[:SHOWN])
    if len(lines) > SHOWN:
        shown.append(_("… and {count} more", count=len(lines) - SHOWN))
    return Markup("\n").join(shown)


def _choices(_: Words, shown: Preview, offer: int) -> Iterable[list[InlineKeyboardButton]]:
    bad, missing = shown.bad_row_count, len(shown.plan.missing)
    if shown.changes_anything:
        label = _.plain("Skip {count} rows and apply", count=bad) if bad else _.plain("Apply")
        yield [buttons.Apply(offer, bool(bad), full=False).labelled(label)]
    if missing:
        label = _.plain("Mark {count} who are not in it as left…", count=missing)
        yield [buttons.AskAboutMissing(offer).labelled(label)]
    yield [buttons.Drop(offer).labelled(_.plain("Cancel"))]
