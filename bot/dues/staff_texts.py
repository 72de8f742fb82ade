"""The dues' wording towards the staff of a branch."""

from collections.abc import Sequence
from datetime import tzinfo

from markupsafe import Markup

from bot.dues.buttons import CancelRound, Listed, Look, OfBranch, RestoreRound, RoundList, Settle
from bot.dues.model import Candidate, Delivery, Outcome, Owed, Period, Point, State
from bot.dues.service import Branch
from bot.dues.texts import amount_name, day_name, period_name, state_name
from bot.kit.clock import to_local
from bot.kit.i18n import N_, Words
from bot.kit.messages import Message, rows
from bot.roster.keyboards import paged

NAMES = 60
"""Names written out in one message."""

_ACTS = {
    State.PAID: N_("✓ Confirmed"),
    State.EXEMPT: N_("Waive this month"),
    State.NOT_LIABLE: N_("Nothing to pay"),
    State.DUE: N_("Not paid yet"),
}
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


def branch(_: Words, found: Branch, zone: tzinfo) -> Message:
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
    return Message(Markup("\n").join(lines), rows(*lists))


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


def one(_: Words, owed: Owed) -> Message:
    obligation = owed.obligation
    acts = [
        Settle(obligation.id, state).labelled(_.plain(label))
        for state, label in _ACTS.items()
        if state is not obligation.state
    ]
    shown = obligation.state if obligation.state in _LISTS else State.DUE
    return Message(
        _(
            "<b>{name}</b> · dues of {month} · {amount} · {state}",
            name=owed.name,
            month=period_name(_, obligation.period),
            amount=amount_name(_, obligation.amount),
            state=state_name(_, obligation.state),
        ),
        rows(acts[:1], acts[1:], [Listed(owed.branch_id, shown, 0).labelled(_.plain("‹ To the list"))]),
    )


def announcement(
    _: Words,
    branch_id: int,
    point: Point,
    chosen: Sequence[Candidate],
    as_of: int | None,
    now: int,
    zone: tzinfo,
) -> Message:
    """What the secretary sees a day ahead."""
    when, month = _when(_, point.at, now, zone), period_name(_, point.period)
    lines = [
        _.plural(
            "{when} I remind {count} member of the dues of {month}.",
            "{when} I remind {count} members of the dues of {month}.",
            len(chosen),
            when=when,
            month=month,
        )
    ]
    before = sum(candidate.owed_before for candidate in chosen)
    if before:
        lines.append(
            _.plural(
                "{count} of them owes two months running.", "{count} of them owe two months running.", before
            )
        )
    if as_of is not None:
        lines.append(_("Payment data as of {date}.", date=day_name(_, as_of, zone)))
    lines.append(_("You can still see who, or hold this round back."))
    keyboard = rows(
        [RoundList(branch_id, point.key).labelled(_.plain("Who"))],
        [CancelRound(branch_id, point.key).labelled(_.plain("Hold this round back"))],
    )
    return Message(Markup("\n").join(lines), keyboard)


def _when(_: Words, instant: int, now: int, zone: tzinfo) -> Markup:
    local = to_local(instant, zone)
    time = f"{local:%H:%M}"
    if local.date() == to_local(now, zone).date():
        return _("Today at {time}", time=time)
    return (
        _("Tomorrow morning at {time}", time=time) if local.hour < 12 else _("Tomorrow at {time}", time=time)
    )


def who(_: Words, branch_id: int, point: str, chosen: Sequence[Candidate]) -> Message:
    if not chosen:
        return Message(_("As it stands, nobody is to be reminded."))
    count = _.plural("{count} member to be reminded:", "{count} members to be reminded:", len(chosen))
    names = _names(_, sorted(candidate.name for candidate in chosen))
    keyboard = rows([CancelRound(branch_id, point).labelled(_.plain("Hold this round back"))])
    return Message(Markup("\n").join([count, names]), keyboard)


def cancelled(_: Words, branch_id: int, point: str) -> Message:
    return Message(
        _("This round is held back; nobody of your branch is reminded. The next one goes out as planned."),
        rows([RestoreRound(branch_id, point).labelled(_.plain("Send it after all"))]),
    )


def restored(_: Words, branch_id: int, point: str) -> Message:
    return Message(
        _("All right, this round goes out as planned."),
        rows([CancelRound(branch_id, point).labelled(_.plain("Hold this round back"))]),
    )


def ask_for_data(_: Words, point: Point, as_of: int, until: int, zone: tzinfo) -> Message:
    return Message(
        _(
            "The reminders for {month} wait: the payment data ends on {date}, and I do not want to remind people who"
            " have paid. Please have a new payment file imported; if it comes before {time}, I remind as usual.",
            month=period_name(_, point.period),
            date=day_name(_, as_of, zone),
            time=f"{to_local(until, zone):%H:%M}",
        )
    )


def report(_: Words, period: Period, delivery: Delivery, late: Sequence[Owed]) -> Message:
    told = [
        _outcome(_, outcome, number)
        for outcome in Outcome
        if (number := delivery.counts.get(outcome, 0)) or outcome is Outcome.DELIVERED
    ]
    lines = [
        _(
            "<b>Reminders for {month}</b>: {told}.",
            month=period_name(_, period),
            told=_(", ").join(told),
        )
    ]
    if delivery.to_phone:
        lines.append(_("Please phone: {names}", names=_names(_, delivery.to_phone)))
    if late:
        who_is_late = [_("{name} ({months} months)", name=each.name, months=each.months) for each in late]
        lines.append(
            _(
                "Unpaid for three months running or more: {names}. A word in private may help.",
                names=_names(_, who_is_late),
            )
        )
    return Message(Markup("\n").join(lines))


def _outcome(_: Words, outcome: Outcome, number: int) -> Markup:
    match outcome:
        case Outcome.DELIVERED:
            return _("{number} delivered", number=number)
        case Outcome.FAILED:
            return _("{number} not delivered", number=number)
        case Outcome.BLOCKED:
            return _("{number} turned me off", number=number)
        case Outcome.UNKNOWN:
            return _("{number} uncertain", number=number)
        case Outcome.WAITING:
            return _("{number} still under way", number=number)
        case Outcome.NOT_SENT:
            return _("{number} not sent before the quiet hours", number=number)
        case Outcome.NEVER_STARTED:
            return _("{number} never started me", number=number)


def _names(_: Words, names: Sequence[str]) -> Markup:
    shown = _(", ").join(names[:NAMES])
    more = len(names) - NAMES
    return shown if more <= 0 else _("{names} and {more} more", names=shown, more=more)
