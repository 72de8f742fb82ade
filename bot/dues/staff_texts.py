"""The dues' wording towards the staff of a branch."""

from collections.abc import Sequence
from datetime import tzinfo

from markupsafe import Markup

from bot.dues.buttons import Listed, Look, OfBranch
from bot.dues.importing.buttons import files_button
from bot.dues.looking.buttons import Overpaid
from bot.dues.model import Owed, Period, State
from bot.dues.points.buttons import Overview, Units
from bot.dues.service import Branch
from bot.dues.texts import amount_name, day_name, period_name, state_name
from bot.kit.i18n import N_, Words
from bot.kit.messages import Message, rows
from bot.roster.keyboards import paged

_PARTS = {
    N_("{count} not paid"): (State.DUE,),
    N_("{count} to confirm"): (State.CLAIMED,),
    N_("{count} without dues"): (State.EXEMPT, State.NOT_LIABLE),
}
_LISTS = {
    State.DUE: N_("Not paid: {count}"),
    State.CLAIMED: N_("To confirm: {count}"),
    State.EXEMPT: N_("Waived: {count}"),
    State.NOT_LIABLE: N_("Nothing to pay: {count}"),
}


def branch(_: Words, found: Branch, zone: tzinfo, *, sets_times: bool) -> Message:
    """`sets_times`: the reader decides when the branch reminds."""
    figures = found.figures
    lines = [
        _(
            "<b>{branch}, dues of {month}</b>: {paid} of {total} paid",
            branch=found.unit.name,
            month=period_name(_, found.period),
            paid=figures.of(State.PAID),
            total=figures.of(State.PAID, State.DUE, State.CLAIMED),
        ),
    ]
    parts = [_(label, count=count) for label, states in _PARTS.items() if (count := figures.of(*states))]
    if parts:
        lines.append(Markup(" · ").join(parts))
    if figures.without_amount:
        lines.append(
            _.plural(
                "The amount of {count} member is not known yet.",
                "The amount of {count} members is not known yet.",
                figures.without_amount,
            )
        )
    if found.as_of is not None:
        lines.append(_("Payment data as of {date}.", date=day_name(_, found.as_of, zone)))
    lists = [
        [Listed(found.unit.id, state, 0).labelled(_.plain(label, count=count))]
        for state, label in _LISTS.items()
        if (count := figures.of(state))
    ]
    if found.overpaid:
        label = _.plain("Paid too much or twice: {count}", count=found.overpaid)
        lists.append([Overpaid(found.unit.id, 0).labelled(label)])
    times = (
        [Overview(found.unit.id).labelled(_.plain("Reminder times")), files_button(_)] if sets_times else []
    )
    return Message(Markup("\n").join(lines), rows(*lists, times))


def above(_: Words) -> Message:
    """For those who set the times of a unit above the branches."""
    return Message(
        _("Units below yours remind at your unit's times unless they have set their own."),
        rows([Units().labelled(_.plain("Reminder times")), files_button(_)]),
    )


def listed(
    _: Words, branch_id: int, period: Period, state: State, owed: Sequence[Owed], page: int
) -> Message:
    back = [OfBranch(branch_id).labelled(_.plain("‹ To the figures"))]
    title = _("<b>Dues of {month}: {state}</b>", month=period_name(_, period), state=state_name(_, state))
    if not owed:
        return Message(Markup("\n").join([title, _("Nobody.")]), rows(back))
    choices = [Look(each.obligation.id).labelled(_line(_, each)) for each in owed]
    lines = paged(_, choices, page, lambda turned: Listed(branch_id, state, turned))
    return Message(Markup("\n").join([title, _("Tap a name.")]), rows(*lines, back))


def _line(_: Words, owed: Owed) -> str:
    amount = amount_name(_, owed.obligation.amount)
    if owed.months > 1:
        return _.plain(
            "{name} · {amount} · {months} months running", name=owed.name, amount=amount, months=owed.months
        )
    return _.plain("{name} · {amount}", name=owed.name, amount=amount)
