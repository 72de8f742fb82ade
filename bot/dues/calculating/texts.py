"""The calculator's wording."""

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.dues.calculating.buttons import AllIncomes, PickIncome, Reckon, StopReckoning
from bot.dues.reckoning import TO_THE_CENTRE, Income, reckon
from bot.kit.i18n import N_, Words
from bot.kit.messages import Message, rows
from bot.roster.texts import yuan

SOURCE = N_("Rules on collecting, using and managing Party dues (Zhongzufa [2008] No. 3)")

_INCOMES = {
    Income.MONTHLY: N_("Monthly salary"),
    Income.ANNUAL: N_("Annual salary"),
    Income.IRREGULAR: N_("Irregular income"),
    Income.PENSION: N_("Retired"),
    Income.FARMER: N_("Farmer"),
    Income.ALLOWANCE: N_("Student, laid off, on relief"),
}
_QUESTIONS = {
    Income.MONTHLY: N_(
        "How much is the fixed, regular part of your monthly pay after tax? Please send the number."
    ),
    Income.ANNUAL: N_("How much did you actually receive this month? Please send the number."),
    Income.IRREGULAR: N_("What was your mean monthly net income last quarter? Please send the number."),
    Income.PENSION: N_("How much pension do you actually receive a month? Please send the number."),
}
_BASES = {
    Income.MONTHLY: N_("What counts is the fixed, regular part of the monthly pay, after tax."),
    Income.ANNUAL: N_("What counts is what was actually received this month."),
    Income.IRREGULAR: N_("What counts is the mean monthly net income of the quarter before."),
    Income.PENSION: N_("What counts is the pension actually received."),
}


def button(_: Words) -> InlineKeyboardButton:
    return Reckon().labelled(_.plain("How much should I pay"))


def offer_income(_: Words, likely: Income) -> Message:
    """What the roster says, with the others behind one tap."""
    return Message(
        _("By the roster, this is how yours are reckoned. What you tell me here is not stored."),
        rows(
            [PickIncome(likely).labelled(_.plain(_INCOMES[likely]))],
            [AllIncomes().labelled(_.plain("Something else ›"))],
            [_enough(_)],
        ),
    )


def ask_income(_: Words) -> Message:
    choices = [PickIncome(income).labelled(_.plain(label)) for income, label in _INCOMES.items()]
    return Message(
        _("What do you live on? What you tell me here is not stored."),
        rows(choices[:2], choices[2:4], choices[4:], [_enough(_)]),
    )


def ask_base(_: Words, income: Income) -> Message:
    return Message(_(_QUESTIONS[income]), rows([AllIncomes().labelled(_.plain("‹ Back"))], [_enough(_)]))


def no_amount(_: Words) -> Message:
    return Message(
        _("I could not read an amount there. Please send just the number, such as 4200."), rows([_enough(_)])
    )


def stopped(_: Words) -> Message:
    return Message(_("All right. Whenever you need something, just write."))


def reckoned(_: Words, income: Income, base: int | None) -> Message:
    found = reckon(income, base or 0)
    lines: list[Markup] = []
    if found.per_ten_thousand is not None and base is not None:
        lines.append(
            _(
                "On {base} yuan: <b>{amount} yuan</b> a month, {rate} % of the whole.",
                base=yuan(base),
                amount=yuan(found.least),
                rate=f"{found.per_ten_thousand / 100:g}",
            )
        )
        lines.append(_(_BASES[income]))
    elif found.least == found.most:
        lines.append(_("<b>{amount} yuan</b> a month.", amount=yuan(found.least)))
    else:
        lines.append(
            _("<b>{least} to {most} yuan</b> a month.", least=yuan(found.least), most=yuan(found.most))
        )
    lines.append(_("By: {source}. What your branch has set is what counts.", source=_(SOURCE)))
    lines.append(
        _(
            "You may give more; a single sum of {amount} yuan or more goes to the central committee in full.",
            amount=yuan(TO_THE_CENTRE),
        )
    )
    return Message(Markup("\n").join(lines), rows([Reckon().labelled(_.plain("Reckon once more"))]))


def _enough(_: Words) -> InlineKeyboardButton:
    return StopReckoning().labelled(_.plain("Not needed"))
