"""The words of agreements."""

import dataclasses
import enum


class Kind(enum.StrEnum):
    QUARTERLY = "quarterly"
    """Three months at once, in the quarter's last month."""
    BY_OTHER = "by_other"
    """A relative or another member pays; whose dues they are, and who is reminded, stays the same."""


@dataclasses.dataclass(frozen=True, slots=True)
class Agreement:
    """What the branch has agreed on with a member, in force since then."""

    kind: Kind
    payer: str | None
    """Who pays: a member's name, or in the secretary's words."""
    since: int
    agreed_by: str
    """The name of whoever wrote it down."""
