"""How far a request to be let off is, as the member reads it wherever their dues are spoken of."""

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.dues.waiving import buttons
from bot.dues.waiving.model import Act, Step, Waiver
from bot.kit.i18n import N_, Words

_STATES = {
    Act.ASKED: N_("Your request to be let off: the branch is deciding."),
    Act.PASSED_UP: N_("Your request to be let off: the level above is deciding."),
    Act.AGREED: N_("Your request to be let off: the branch agrees, the level above has to approve it."),
    Act.RETURNED: N_("Your request to be let off: the branch is looking at it again."),
}


def state(_: Words, waiver: Waiver) -> Markup | None:
    """None where there is nothing to say."""
    if waiver.closed_at is None:
        return _(_STATES[waiver.last.act])
    if waiver.last.act is Act.REFUSED:
        return with_words(_("Your request to be let off was not agreed to."), _, waiver.last)
    if waiver.last.act is Act.APPROVED and waiver.last.amount is not None:
        return _("By your request it is less this time.")
    return None


def with_words(said: Markup, _: Words, step: Step) -> Markup:
    """What was said, and in whose words why."""
    return said if not step.words else said + _(" Why: “{words}”", words=step.words)


def withdraw_button(_: Words, waiver: Waiver) -> InlineKeyboardButton:
    return buttons.Withdraw(waiver.id).labelled(_.plain("Withdraw my request"))
