"""The words of requests to be let off."""

import dataclasses
import enum

from bot.dues.model import Obligation, Period
from bot.roster.model import Staff, Unit


class Act(enum.StrEnum):
    """What a step of a request says."""

    ASKED = "asked"
    PASSED_UP = "passed_up"
    """The branch cannot decide it: its secretary asks for themself, or nobody there can be reached."""
    AGREED = "agreed"
    """The branch agrees; with an amount, to pay that much instead of nothing."""
    REFUSED = "refused"
    APPROVED = "approved"
    """By the level above; by nobody where there is no such level."""
    RETURNED = "returned"
    """The level above asks the branch to look at it again."""
    WITHDRAWN = "withdrawn"


class Stage(enum.Enum):
    """Who has to do something about a request."""

    BRANCH = enum.auto()
    ABOVE = enum.auto()
    """The level above has to approve what the branch has agreed to."""
    ALONE = enum.auto()
    """The level above decides by itself."""
    DONE = enum.auto()


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    act: Act
    by_member: int | None
    by_name: str | None
    at: int
    amount: int | None
    """In fen; of what was agreed to: None means nothing is to be paid."""
    words: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class Waiver:
    """A request to be let off, with all its steps."""

    id: int
    member_id: int
    period: Period
    chat_id: int | None
    """With `message_id`, where the picture stands that the member sent along."""
    message_id: int | None
    closed_at: int | None
    steps: tuple[Step, ...]
    """Oldest first; at least one."""

    @property
    def last(self) -> Step:
        return self.steps[-1]

    @property
    def reason(self) -> str | None:
        """In the words of whoever asked."""
        return self.steps[0].words

    @property
    def agreed(self) -> Step | None:
        """What the branch last agreed to."""
        return next((step for step in reversed(self.steps) if step.act is Act.AGREED), None)

    @property
    def is_proposed(self) -> bool:
        """Whether the branch asked for it, not the member."""
        return self.steps[0].by_member != self.member_id


@dataclasses.dataclass(frozen=True, slots=True)
class Case:
    """A request with what those who decide it need to know."""

    waiver: Waiver
    obligation: Obligation
    name: str
    branch: Unit
    above: Unit | None
    """The unit whose staff approve it; None where there is nobody."""


@dataclasses.dataclass(frozen=True, slots=True)
class Bench:
    """Those of one unit who can decide a request."""

    unit: Unit | None
    staff: tuple[Staff, ...] = ()
