"""What a secretary is told of arrears."""

from collections.abc import Sequence
from datetime import tzinfo

from markupsafe import Markup

from bot.dues.buttons import Look
from bot.dues.model import Owed, Period
from bot.dues.texts import day_name, period_name
from bot.kit.i18n import Words
from bot.kit.messages import Message, rows

BUTTONS = 7
"""Names that can be tapped; all stand in the text."""


def told(_: Words, ended: Period, late: Sequence[Owed], as_of: int | None, zone: tzinfo) -> Message:
    names = _(", ").join(_("{name} ({months} months)", name=each.name, months=each.months) for each in late)
    month = period_name(_, ended)
    lines = [
        _.plural(
            "By the end of {month}, {count} member of your branch has not paid for three months running or more: {names}.",
            "By the end of {month}, {count} members of your branch have not paid for three months running or more: {names}.",
            len(late),
            month=month,
            names=names,
        )
    ]
    if as_of is not None:
        lines.append(_("Payment data as of {date}.", date=day_name(_, as_of, zone)))
    lines += [
        _(
            "The Party's constitution (article 9) speaks of six months running without payment and without good reason."
            " There is time yet: a talk often helps, and whoever is in difficulty can ask to be let off."
        ),
        _("Only you are told this."),
    ]
    choices = [[Look(each.obligation.id).labelled(each.name)] for each in late[:BUTTONS]]
    return Message(Markup("\n").join(lines), rows(*choices))
