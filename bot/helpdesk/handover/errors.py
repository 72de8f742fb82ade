"""What cannot be handed over, in the words people read."""

from bot.kit.errors import Outdated, Refusal


class NothingToHandOver(Refusal):
    """You hold no post that could be handed over. A secretary's post is handed over by themselves or by the general branch."""


class HeldNoMore(Outdated):
    """{name} does not hold this post any more. Please send /handover again, then you see how things stand."""


class NoSuccessor(Refusal):
    """{name} cannot take this post over. Please choose somebody who is on the list."""
