"""A member's card and the list of those who have paid too much, in words."""

from collections.abc import Sequence
from datetime import tzinfo

from markupsafe import Markup

from bot.dues.agreements import texts as agreement_texts
from bot.dues.agreements.buttons import Terms
from bot.dues.buttons import Listed, Look, OfBranch, Settle
from bot.dues.looking.buttons import Overpaid
from bot.dues.looking.service import Card
from bot.dues.looking.store import Surplus
from bot.dues.model import Entry, Note, Source, State
from bot.dues.texts import amount_name, day_name, long_period_name, period_name, state_name
from bot.dues.waiving import texts as waiver_texts
from bot.dues.waiving.buttons import See
from bot.kit.i18n import N_, Words
from bot.kit.messages import Message, rows
from bot.roster.keyboards import paged
from bot.roster.texts import yuan

SHOWN = 12
"""Rows of the history on a card, the newest."""

_ACTS = {
    State.PAID: N_("✓ Confirmed"),
    State.EXEMPT: N_("Waive this month"),
    State.NOT_LIABLE: N_("Nothing to pay"),
    State.DUE: N_("Not paid yet"),
}
_SAID = {
    (Note.OWES, Source.RULE): N_("owed: {amount}"),
    (Note.OWES, Source.WAIVER): N_("approved by request: {amount} instead"),
    (Note.OWES, Source.SECRETARY): N_("{name} set: {amount}"),
    (Note.PAYMENT, Source.FILE): N_("payment list: {amount}"),
    (Note.PAYMENT, Source.SECRETARY): N_("{name} entered: {amount}"),
    (Note.CLAIMED, Source.CLAIM): N_("said to be paid by themselves"),
    (Note.DUE, Source.CLAIM): N_("not paid after all, they said"),
    (Note.DUE, Source.SECRETARY): N_("{name}: not paid yet"),
    (Note.DUE, Source.RULE): N_("due by the day of acceptance"),
    (Note.PAID, Source.SECRETARY): N_("{name} confirmed it is paid"),
    (Note.EXEMPT, Source.WAIVER): N_("approved: nothing to pay"),
    (Note.EXEMPT, Source.SECRETARY): N_("{name}: waived"),
    (Note.NOT_LIABLE, Source.SECRETARY): N_("{name}: nothing to pay"),
    (Note.NOT_LIABLE, Source.RULE): N_("not accepted yet: nothing to pay"),
}


def card(_: Words, found: Card, zone: tzinfo) -> Message:
    """With what may be done; the newest of the history last."""
    owed, obligation = found.owed, found.owed.obligation
    lines = [
        _(
            "<b>{name}</b> · dues of {month} · {amount} · {state}",
            name=owed.name,
            month=period_name(_, obligation.period),
            amount=amount_name(_, obligation.amount),
            state=state_name(_, obligation.state),
        )
    ]
    if obligation.surplus:
        lines.append(_("Paid {amount} yuan too much.", amount=yuan(obligation.surplus)))
    lines += [agreement_texts.line(_, each, zone) for each in found.agreements]
    if found.waiver is not None:
        lines.append(waiver_texts.staff_state(_, found.waiver))
    lines += _history(_, found, zone)
    acts = [
        Settle(obligation.id, state).labelled(_.plain(label))
        for state, label in _ACTS.items()
        if state is not obligation.state and (state is not State.EXEMPT or obligation.state is State.DUE)
    ]
    asked = (
        [] if found.waiver is None else [See(found.waiver.id).labelled(_.plain("The request to be let off"))]
    )
    shown = State.DUE if obligation.state is State.PAID else obligation.state
    return Message(
        Markup("\n").join(lines),
        rows(
            acts[:1],
            acts[1:],
            asked,
            [Terms(obligation.id).labelled(_.plain("How they pay"))],
            [Listed(owed.branch_id, shown, 0).labelled(_.plain("‹ To the list"))],
        ),
    )


def _history(_: Words, found: Card, zone: tzinfo) -> list[Markup]:
    lines = [line for entry in found.entries[-SHOWN:] if (line := _entry(_, found, entry, zone)) is not None]
    more = len(found.entries) - SHOWN
    if more > 0:
        lines.insert(0, _.plural("{count} earlier row", "{count} earlier rows", more))
    return [Markup("<i>{}</i>").format(line) for line in lines]


def _entry(_: Words, found: Card, entry: Entry, zone: tzinfo) -> Markup | None:
    said = _SAID.get((entry.kind, entry.source))
    if said is None:
        return None
    name = "" if entry.by_member is None else found.names.get(entry.by_member, "")
    text = _(said, amount=amount_name(_, entry.amount), name=name)
    if entry.kind is Note.PAYMENT and entry.reference:
        text += _(" (no. {reference})", reference=entry.reference)
    at = entry.at if entry.paid_at is None else entry.paid_at
    line = _("{date} {said}", date=day_name(_, at, zone), said=text)
    return line if entry.undone_at is None else line + _(", taken back")


def overpaid(_: Words, branch_id: int, found: Sequence[Surplus], page: int) -> Message:
    back = [OfBranch(branch_id).labelled(_.plain("‹ To the figures"))]
    title = _("<b>Paid too much, or twice</b>")
    if not found:
        return Message(Markup("\n").join([title, _("Nobody.")]), rows(back))
    choices = [Look(each.obligation_id).labelled(_surplus(_, each)) for each in found]
    lines = paged(_, choices, page, lambda turned: Overpaid(branch_id, turned))
    hint = _("Tap a name to see what came when.")
    return Message(Markup("\n").join([title, hint]), rows(*lines, back))


def _surplus(_: Words, found: Surplus) -> str:
    values = {"name": found.name, "month": long_period_name(_, found.period)}
    if found.too_much is None:
        return _.plain("{name} · {month} · {count} payments", **values, count=found.payments)
    amount = yuan(found.too_much)
    if found.is_double:
        return _.plain(
            "{name} · {month} · {count} payments, {amount} yuan too much",
            **values,
            count=found.payments,
            amount=amount,
        )
    return _.plain("{name} · {month} · {amount} yuan too much", **values, amount=amount)
