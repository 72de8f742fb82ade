"""The payment import put into words. Row numbers instead of names: whoever sent the file has them side by side."""

from collections.abc import Iterable, Sequence
from datetime import tzinfo

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.dues.buttons import OfBranch
from bot.dues.importing.buttons import Apply, AskUndo, Drop, Files, Undo, files_button
from bot.dues.importing.columns import Column, title
from bot.dues.importing.matching import Miss
from bot.dues.importing.rules import Extra, Plan, Short
from bot.dues.importing.store import Import
from bot.dues.texts import day_name, period_name
from bot.kit.clock import to_local
from bot.kit.errors import Refusal
from bot.kit.i18n import N_, Words
from bot.kit.messages import Message, rows
from bot.roster.texts import yuan

SHOWN = 6
"""How many lines of a kind are written out."""
ROWS_SHOWN = 12
"""How many row numbers are written out for one reason."""
_VALUE_LIMIT = 24

_REASONS = {
    Miss.UNKNOWN: N_("nobody on the roster fits"),
    Miss.AMBIGUOUS: N_("several people have this name; please add the employee number or phone"),
    Miss.OTHER_NAME: N_("employee number or phone is that of somebody with another name"),
    Miss.CHANGED: N_("this reference is there already with another amount"),
    Miss.OTHER_PERSON: N_("this reference is there already for somebody else"),
    Miss.NOT_THEIRS: N_("not a member of your branch; please let their branch import it"),
}


def files(_: Words, last: Import | None, branch: int | None, zone: tzinfo, *, may_undo: bool) -> Message:
    """`branch`: where one goes back to."""
    lines = [
        _(
            "<b>Payment files</b>\nSend me the back office's list as a file: an Excel workbook (.xlsx) or CSV. It needs the"
            " columns 缴费月份 and 金额, and 工号, 手机号 or 姓名; 缴费时间 and 流水号 help. I first show you what I found."
        )
    ]
    buttons: list[list[InlineKeyboardButton]] = []
    if last is not None:
        lines.append(_imported(_, last, zone))
        if may_undo:
            buttons.append([AskUndo(last.id).labelled(_.plain("Take the last import back"))])
    if branch is not None:
        buttons.append([OfBranch(branch).labelled(_.plain("‹ To the figures"))])
    return Message(Markup("\n\n").join(lines), rows(*buttons))


def _imported(_: Words, last: Import, zone: tzinfo) -> Markup:
    values = {
        "day": day_name(_, last.at, zone),
        "time": f"{to_local(last.at, zone):%H:%M}",
        "count": _.plural("{count} payment", "{count} payments", last.added),
        "date": day_name(_, last.as_of, zone),
    }
    if last.by_name is None:
        return _("Last import: {day} {time}, {count}; data as of {date}.", **values)
    return _("Last import: {day} {time} by {name}, {count}; data as of {date}.", name=last.by_name, **values)


def reading(_: Words, count: int) -> Message:
    return Message(_("I am reading this table: {count} rows so far.", count=f"{count:,}"))


def writing(_: Words, count: int) -> Message:
    return Message(_("All {count} rows are read. I am noting them; just a moment.", count=f"{count:,}"))


def refused(_: Words, refusal: Refusal) -> Message:
    return Message(_(refusal.message, **refusal.details))


def preview(_: Words, plan: Plan, offer: int, zone: tzinfo) -> Message:
    date = day_name(_, plan.as_of, zone)
    head = _.plural(
        "{count} row read, data as of {date}.", "{count} rows read, data as of {date}.", plan.rows, date=date
    )
    parts = [Markup("\n").join([head, *_counts(_, plan)]), *_told(_, plan)]
    if not plan.is_about_anybody:
        parts.append(_("None of it can be imported yet."))
        return Message(Markup("\n\n").join(parts), rows([Drop(offer).labelled(_.plain("Cancel"))]))
    label = _.plain("Import") if plan.new else _.plain("Note the data date")
    return Message(
        Markup("\n\n").join(parts),
        rows([Apply(offer).labelled(label), Drop(offer).labelled(_.plain("Cancel"))]),
    )


def applied(_: Words, plan: Plan, number: int, zone: tzinfo) -> Message:
    head = _("Done. Payment data as of {date}.", date=day_name(_, plan.as_of, zone))
    parts = [Markup("\n").join([head, *_counts(_, plan)]), *_told(_, plan)]
    return Message(
        Markup("\n\n").join(parts),
        rows([AskUndo(number).labelled(_.plain("Take this import back"))]),
    )


def dropped(_: Words) -> Message:
    return Message(_("All right, nothing was imported."))


def ask_undo(_: Words, found: Import, zone: tzinfo) -> Message:
    text = _(
        "{imported}\nTake it back? Its payments then no longer count. You can import the corrected file afterwards.",
        imported=_imported(_, found, zone),
    )
    return Message(
        text,
        rows(
            [Undo(found.id).labelled(_.plain("Take it back"))],
            [Files().labelled(_.plain("‹ Back"))],
        ),
    )


def undone(_: Words, count: int) -> Message:
    return Message(
        _.plural(
            "Taken back: {count} payment no longer counts. Send me the corrected file whenever you like.",
            "Taken back: {count} payments no longer count. Send me the corrected file whenever you like.",
            count,
        ),
        rows([files_button(_)]),
    )


def _counts(_: Words, plan: Plan) -> Iterable[Markup]:
    if plan.new:
        yield _.plural(
            "{count} new payment, {amount} yuan.",
            "{count} new payments, {amount} yuan together.",
            plan.new,
            amount=yuan(plan.amount),
        )
    else:
        yield _("No new payments.")
    if plan.settles:
        yield _.plural("{count} month's dues become paid.", "{count} months' dues become paid.", plan.settles)
    if plan.known:
        yield _.plural(
            "{count} was known already and does not count twice.",
            "{count} were known already and do not count twice.",
            plan.known,
        )


def _told(_: Words, plan: Plan) -> Iterable[Markup]:
    """What needs a person's eye."""
    if plan.shorts:
        heading = _.plural(
            "<b>Less than is owed: {count}</b>", "<b>Less than is owed: {count}</b>", plan.shorts
        )
        yield _listed(_, heading, [_short(_, each) for each in plan.short[:SHOWN]], plan.shorts)
    if plan.extras:
        heading = _.plural(
            "<b>Paid twice or too much: {count}</b>", "<b>Paid twice or too much: {count}</b>", plan.extras
        )
        yield _listed(_, heading, [_extra(_, each) for each in plan.extra[:SHOWN]], plan.extras)
    if plan.bad_rows:
        heading = _.plural(
            "<b>Not readable: {count} row</b>", "<b>Not readable: {count} rows</b>", plan.bad_rows
        )
        lines = [
            _(
                "Row {row}, “{column}”: {value}",
                row=cell.row,
                column=title(cell.column),
                value=_value(_, cell.value),
            )
            if cell.value or cell.column is not Column.NAME
            else _("Row {row}: it does not say whose it is", row=cell.row)
            for cell in plan.bad[:SHOWN]
        ]
        yield _listed(_, heading, lines, max(plan.bad_rows, len(plan.bad)))
    missed = sum(plan.missed_rows.values())
    if missed:
        heading = _.plural("<b>Left out: {count} row</b>", "<b>Left out: {count} rows</b>", missed)
        yield _listed(_, heading, [*_missed(_, plan)], 0)


def _listed(_: Words, heading: Markup, lines: Sequence[Markup], count: int) -> Markup:
    more = [_("… and {count} more", count=count - len(lines))] if count > len(lines) else []
    return Markup("\n").join([heading, *lines, *more])


def _short(_: Words, each: Short) -> Markup:
    return _(
        "Row {row}, {month}: {paid} of {owed} yuan",
        row=each.row,
        month=period_name(_, each.period),
        paid=yuan(each.paid),
        owed=yuan(each.owed),
    )


def _extra(_: Words, each: Extra) -> Markup:
    values = {
        "row": each.row,
        "month": period_name(_, each.period),
        "paid": yuan(each.paid),
        "times": _.plural("{count} payment", "{count} payments", each.payments),
    }
    if each.owed is None:
        return _("Row {row}, {month}: {paid} yuan in {times}", **values)
    return _("Row {row}, {month}: {paid} instead of {owed} yuan, {times}", owed=yuan(each.owed), **values)


def _missed(_: Words, plan: Plan) -> Iterable[Markup]:
    for miss, reason in _REASONS.items():
        count = plan.missed_rows[miss]
        if not count:
            continue
        first = [row for row, each in plan.missed if each is miss][:ROWS_SHOWN]
        numbers = _(", ").join(str(row) for row in first)
        if count > len(first):
            more = count - len(first)
            yield _("Rows {numbers} and {more} more: {reason}", numbers=numbers, more=more, reason=_(reason))
        else:
            yield _("Row {numbers}: {reason}", numbers=numbers, reason=_(reason))


def _value(_: Words, value: str) -> str:
    return value[:_VALUE_LIMIT] if value else _.plain("empty")
