"""What passing on refuses, in a person's words."""

from bot.kit.errors import Refusal


class CannotTake(Refusal):
    """{name} cannot see to this question right now. Please choose somebody else."""

    ends_dialogue = True


class NobodyThere(Refusal):
    """There is nobody else right now who could see to this question."""

    ends_dialogue = True


class WordsLong(Refusal):
    """Please keep it under {limit} characters, and send it again. The member's words go along by themselves."""
