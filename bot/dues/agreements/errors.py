"""What is wrong with an agreement, in the words people read."""

from bot.kit.errors import Refusal


class NotAPayer(Refusal):
    """Please write in a few words who pays, for example: her son, or the name of a colleague."""


class PaysAlready(Refusal):
    """Everybody pays for themselves anyway. Please choose somebody else."""
