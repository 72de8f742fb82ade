"""The wording of agreements."""

from collections.abc import Sequence
from datetime import tzinfo

from markupsafe import Markup

from bot.dues.agreements import buttons
from bot.dues.agreements.model import Agreement, Kind
from bot.dues.agreements.service import Terms
from bot.dues.buttons import Look
from bot.dues.model import Owed
from bot.dues.texts import day_name
from bot.kit.i18n import N_, Words
from bot.kit.messages import Message, rows
from bot.roster.keyboards import paged
from bot.roster.model import Member

PAGE_HINT = N_("Tap a name, or write who it is, such as “her son”.")


def line(_: Words, agreement: Agreement, zone: tzinfo) -> Markup:
    """As it stands on the member's card."""
    since = day_name(_, agreement.since, zone)
    if agreement.kind is Kind.QUARTERLY:
        return _("Pays by the quarter (since {date}, {by})", date=since, by=agreement.agreed_by)
    return _(
        "{payer} pays for them (since {date}, {by})",
        payer=agreement.payer or "",
        date=since,
        by=agreement.agreed_by,
    )


def terms(_: Words, found: Terms, zone: tzinfo) -> Message:
    obligation_id = found.owed.obligation.id
    held = {each.kind for each in found.agreements}
    lines = [_("<b>How {name} pays</b>", name=found.owed.name)]
    lines += [line(_, each, zone) for each in found.agreements] or [_("Every month, by themselves.")]
    if Kind.QUARTERLY in held:
        lines.append(_("Reminders come in the quarter's last month only."))
    acts = []
    if found.may_change:
        if Kind.QUARTERLY in held:
            acts.append(
                [buttons.Revoke(obligation_id, Kind.QUARTERLY).labelled(_.plain("Every month again"))]
            )
        else:
            acts.append([buttons.ByQuarter(obligation_id).labelled(_.plain("By the quarter"))])
        label = _.plain("Somebody else pays…") if Kind.BY_OTHER not in held else _.plain("Another payer…")
        acts.append([buttons.Payers(obligation_id, 0).labelled(label)])
        if Kind.BY_OTHER in held:
            acts.append(
                [buttons.Revoke(obligation_id, Kind.BY_OTHER).labelled(_.plain("Pays by themselves"))]
            )
    back = [Look(obligation_id).labelled(_.plain("‹ Back"))]
    return Message(Markup("\n").join(lines), rows(*acts, back))


def ask_payer(_: Words, owed: Owed, choice: Sequence[Member], page: int) -> Message:
    obligation_id = owed.obligation.id
    choices = [buttons.PaidBy(obligation_id, each.id).labelled(each.name) for each in choice]
    lines = paged(_, choices, page, lambda turned: buttons.Payers(obligation_id, turned))
    return Message(
        Markup("\n").join([_("Who pays for {name}?", name=owed.name), _(PAGE_HINT)]),
        rows(*lines, [buttons.Terms(obligation_id).labelled(_.plain("‹ Back"))]),
    )


def told(_: Words, secretary: str, *, by_quarter: bool) -> Message:
    """To the member, when they begin or end to pay by the quarter."""
    if by_quarter:
        return Message(
            _(
                "{name} has noted that you pay by the quarter. I remind you only in its last month, of all three months.",
                name=secretary,
            )
        )
    return Message(_("{name} has noted that you pay every month again.", name=secretary))
