"""What may become of a request to be let off. Values in, values out."""

from collections.abc import Sequence

from bot.dues.waiving.model import Act, Stage, Waiver

LONGEST_WORDS = 500
"""Characters of a reason that are kept."""

_STAGES = {
    Act.ASKED: Stage.BRANCH,
    Act.PASSED_UP: Stage.ALONE,
    Act.AGREED: Stage.ABOVE,
    Act.RETURNED: Stage.BRANCH,
    Act.REFUSED: Stage.DONE,
    Act.APPROVED: Stage.DONE,
    Act.WITHDRAWN: Stage.DONE,
}
_MAY = {
    Stage.BRANCH: frozenset({Act.AGREED, Act.REFUSED, Act.WITHDRAWN, Act.PASSED_UP}),
    Stage.ABOVE: frozenset({Act.APPROVED, Act.RETURNED, Act.WITHDRAWN}),
    Stage.ALONE: frozenset({Act.APPROVED, Act.REFUSED, Act.WITHDRAWN}),
    Stage.DONE: frozenset[Act](),
}
_ENDS = frozenset({Act.REFUSED, Act.APPROVED, Act.WITHDRAWN})
_SMALLER = (10_00, 5_00, 2_00, 1_00, 20)
"""Amounts in fen worth a button; the least is what students and those without income pay (中组发〔2008〕3号)."""


def stage(waiver: Waiver) -> Stage:
    return _STAGES[waiver.last.act]


def may_follow(waiver: Waiver, act: Act) -> bool:
    """Whether this step can come next."""
    return act in _MAY[stage(waiver)]


def ends(act: Act) -> bool:
    return act in _ENDS


def smaller_amounts(amount: int | None) -> Sequence[int]:
    """Amounts in fen that may be agreed on instead of this one: half of it, and round ones below, four at most."""
    if amount is None:
        return _SMALLER[:4]
    half = amount // 2
    found = sorted({half, *_SMALLER} - {0}, reverse=True)
    return [each for each in found if each < amount][:4]


def shortened(words: str | None) -> str | None:
    """A reason as it is kept; None for none."""
    text = (words or "").strip()
    return text[:LONGEST_WORDS] or None
