"""What requests to be let off are refused for, in the words people read."""

from bot.kit.errors import Refusal


class NoneAboutIt(Refusal):
    """There is no request that could be taken back: it is decided already, or was never made."""


class SettledMeanwhile(Refusal):
    """These dues are paid, said to be paid, or settled meanwhile, so nothing is left to decide."""


class NobodyDecides(Refusal):
    """There is nobody yet who could decide this but you. Please ask the level above to name somebody."""


class NotLess(Refusal):
    """That is not less than the {amount} yuan owed. Please send a smaller amount, or let them off altogether."""
