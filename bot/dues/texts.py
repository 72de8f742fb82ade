"""The dues' wording towards members, and what both sides share."""

from collections.abc import Sequence
from datetime import tzinfo

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.dues.buttons import (
    AskWaiver,
    Claim,
    HandOver,
    HowTo,
    NotNow,
    Snooze,
    TakeBack,
    Trouble,
)
from bot.dues.buttons import Mine as MineButton
from bot.dues.calculating import button as calculator_button
from bot.dues.model import Obligation, Period, State
from bot.dues.service import Mine
from bot.dues.waiving import own_texts
from bot.helpdesk.model import Fact
from bot.kit.clock import to_local
from bot.kit.i18n import N_, Words
from bot.kit.messages import Message, rows
from bot.roster.texts import yuan

_STATES = {
    State.DUE: N_("not paid yet"),
    State.CLAIMED: N_("said to be paid, not confirmed yet"),
    State.PAID: N_("paid"),
    State.EXEMPT: N_("waived this month"),
    State.NOT_LIABLE: N_("nothing to pay"),
}
_CLAIMED = N_("you said it is paid; your secretary will confirm it")


def period_name(_: Words, period: Period) -> str:
    """'11 月'."""
    return _.plain("month {month}", month=period.month)


def period_names(_: Words, periods: Sequence[Period]) -> str:
    """'10 月、11 月、12 月'."""
    return str(_(", ").join(period_name(_, period) for period in periods))


def long_period_name(_: Words, period: Period) -> str:
    return _.plain("{year}, month {month}", year=period.year, month=period.month)


def day_name(_: Words, instant: int, zone: tzinfo) -> str:
    """'11 月 18 日'."""
    local = to_local(instant, zone)
    return _.plain("{month}/{day}", month=local.month, day=local.day)


def amount_name(_: Words, amount: int | None) -> str:
    return (
        _.plain("amount not known yet") if amount is None else _.plain("{amount} yuan", amount=yuan(amount))
    )


def state_name(_: Words, state: State) -> str:
    """As the staff read it."""
    return _.plain(_STATES[state])


def own_state_name(_: Words, state: State) -> str:
    """As the member reads it."""
    return _.plain(_CLAIMED if state is State.CLAIMED else _STATES[state])


def nudge(
    _: Words,
    obligation_id: int,
    months: Sequence[Period],
    as_of: int | None,
    zone: tzinfo,
    own: str | None = None,
) -> Message:
    """The reminder, the same at every point; `own`: what the member's branch says above the facts this time."""
    return Message(nudge_text(_, months, as_of, zone, own=own), rows(*_when_due(_, obligation_id)))


def nudge_text(
    _: Words, months: Sequence[Period], as_of: int | None, zone: tzinfo, *, own: str | None
) -> Markup:
    """With the date of the payment data where there is any."""
    month = period_names(_, months)
    if as_of is None:
        facts = _(
            "I have not seen that your dues of {month} are paid. If they are, tap “I have paid” and I stop reminding"
            " you.",
            month=month,
        )
    else:
        facts = _(
            "I have not seen your dues of {month} among the payments (data as of {date}). If you have paid, tap “I have"
            " paid” and I stop reminding you.",
            month=month,
            date=day_name(_, as_of, zone),
        )
    return facts if own is None else Markup("{}\n\n{}").format(own, facts)


def _when_due(_: Words, obligation_id: int) -> list[list[InlineKeyboardButton]]:
    return [
        [
            Claim(obligation_id).labelled(_.plain("I have paid")),
            HowTo().labelled(_.plain("How do I pay")),
        ],
        [
            Trouble(obligation_id).labelled(_.plain("Something is wrong")),
            Snooze(obligation_id).labelled(_.plain("Remind me later")),
        ],
        [AskWaiver(obligation_id).labelled(_.plain("Ask to be let off this month"))],
    ]


def mine(_: Words, own: Mine, zone: tzinfo) -> Message:
    obligation = own.obligation
    lines = [
        _(
            "<b>Dues of {month}</b> · {amount} · {state}",
            month=period_name(_, obligation.period),
            amount=amount_name(_, obligation.amount),
            state=own_state_name(_, obligation.state),
        )
    ]
    if obligation.state is State.DUE and own.as_of is not None:
        lines.append(_("Payment data as of {date}.", date=day_name(_, own.as_of, zone)))
    if own.pays_by_quarter:
        lines.append(_("You pay by the quarter, in its last month."))
    if own.waiver is not None and (said := own_texts.state(_, own.waiver)) is not None:
        lines.append(said)
    if own.before:
        months = _(", ").join(period_name(_, period) for period in own.before)
        lines.append(_("Not seen yet either: {months}.", months=months))
    buttons: list[list[InlineKeyboardButton]] = []
    is_open = own.waiver is not None and own.waiver.closed_at is None
    if obligation.state is State.DUE:
        buttons += _when_due(_, obligation.id)[: -1 if is_open else None]
    if own.waiver is not None and is_open:
        buttons.append([own_texts.withdraw_button(_, own.waiver)])
    if obligation.state is State.CLAIMED:
        buttons.append(
            [
                TakeBack(obligation.id).labelled(_.plain("Not paid after all")),
                Trouble(obligation.id).labelled(_.plain("Something is wrong")),
            ]
        )
    buttons.append([calculator_button(_)])
    return Message(Markup("\n").join(lines), rows(*buttons))


def mine_button(_: Words) -> InlineKeyboardButton:
    return MineButton().labelled(_.plain("Dues"))


def claimed(_: Words, said_of: Sequence[Obligation]) -> Message:
    return Message(
        _(
            "Noted: your dues of {month} are paid. Your secretary confirms it; until then I do not remind you.",
            month=period_names(_, [each.period for each in said_of]),
        ),
        rows([TakeBack(said_of[-1].id).labelled(_.plain("Not paid after all"))]),
    )


def snoozed(_: Words, obligation_id: int, until: int, zone: tzinfo) -> Message:
    return Message(
        _("All right, I remind you again on {date}.", date=day_name(_, until, zone)),
        rows(
            [
                Claim(obligation_id).labelled(_.plain("I have paid")),
                HowTo().labelled(_.plain("How do I pay")),
            ]
        ),
    )


def describe(_: Words, obligation_id: int) -> Message:
    return Message(
        _(
            "Please write what is wrong with paying, or send a screenshot; it goes straight to your secretary."
        ),
        rows(
            [HandOver(obligation_id).labelled(_.plain("Just pass it to the secretary"))],
            [NotNow().labelled(_.plain("Not needed"))],
        ),
    )


def handed_over(_: Words) -> Message:
    return Message(_("All right, I pass it on as it is."))


def dropped(_: Words) -> Message:
    return Message(_("All right. Whenever you need something, just write."))


def silent_question(staff: Words, obligation: Obligation) -> str:
    """The question of somebody who passed it on without a word, as the staff read it."""
    return staff.plain(
        "I need help with paying the dues of {month}.", month=period_name(staff, obligation.period)
    )


def facts(staff: Words, obligation: Obligation, as_of: int | None, zone: tzinfo) -> tuple[Fact, ...]:
    told: list[Fact] = [
        ("", staff.plain("dues of {month}", month=period_name(staff, obligation.period))),
        ("", amount_name(staff, obligation.amount)),
        ("", state_name(staff, obligation.state)),
    ]
    if as_of is not None:
        told.append((staff.plain("data as of"), day_name(staff, as_of, zone)))
    return tuple(told)


def confirmed(_: Words, period: Period, secretary: str) -> Message:
    """Told to the member whose claim was confirmed."""
    return Message(
        _("{name} has confirmed your dues of {month}.", name=secretary, month=period_name(_, period))
    )


def not_found(_: Words, obligation: Obligation, secretary: str) -> Message:
    """Told to the member whose claim could not be confirmed."""
    return Message(
        _(
            "{name} could not find your payment of {month}. Could you look once more whether it went through?",
            name=secretary,
            month=period_name(_, obligation.period),
        ),
        rows(*_when_due(_, obligation.id)),
    )


def kept(_: Words, own: Mine) -> Sequence[str]:
    """Lines for what is kept about a person."""
    return [
        _(
            "Dues of {month}: {amount}, {state}",
            month=long_period_name(_, own.obligation.period),
            amount=amount_name(_, own.obligation.amount),
            state=own_state_name(_, own.obligation.state),
        )
    ]
