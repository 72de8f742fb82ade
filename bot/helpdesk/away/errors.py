"""What cannot be arranged, in the words people read."""

from bot.kit.errors import NotAllowed, Refusal


class NothingToArrange(NotAllowed):
    """No member's question comes to you by itself, so there is nothing to arrange while you are away."""


class LastDayOver(Refusal):
    """That last day is over already. Please choose a later one."""


class EndsBeforeItBegins(Refusal):
    """The last day comes before the first one. Please write them once more, for example: 11-20 to 11-25."""


class TooLong(Refusal):
    """That would be until {day}. I arrange half a year at most; for longer, please hand the post over: /handover."""


class NoWorkThen(Refusal):
    """Nobody works on those days anyway, so there is nothing to arrange. Please choose a later last day."""


class CannotStandIn(Refusal):
    """{name} cannot see these members' questions, or does not use me yet. Please choose somebody else."""


class CountsOnEachOther(Refusal):
    """{name} is away then, too, and in the end counts on the same person. Please choose somebody else."""


class OverAlready(Refusal):
    """That was ended already; nothing more is to be done."""
