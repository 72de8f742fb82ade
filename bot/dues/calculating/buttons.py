"""The calculator's buttons and dialogue."""

from bot.dues.reckoning import Income
from bot.kit.buttons import Button
from bot.kit.dialogue import Dialogue


class Reckon(Button, tag="du.reckon"):
    pass


class AllIncomes(Button, tag="du.incomes"):
    pass


class PickIncome(Button, tag="du.income"):
    income: Income


class StopReckoning(Button, tag="du.enough"):
    pass


class AwaitingBase(Dialogue, tag="du.base"):
    """The next message is the amount the dues are reckoned from."""

    income: Income
    asked: int
    """Telegram's id of the message that asked for it."""
