"""What happened in a simulated month, as plain values: what the bot sent, what was so at that moment, what is left."""

import dataclasses
import enum
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import time, tzinfo

SECRET = re.compile(r"【\d+】")
"""How what is written in tickets can be told apart."""


@dataclasses.dataclass(frozen=True, slots=True)
class Sent:
    """A message of the bot as it arrived in a chat, or its new words when it was changed. Its place in the log is the
    order of arrival.
    """

    at: int
    chat: int
    message: int
    text: str
    data: tuple[str, ...] = ()
    """Callback data of its buttons."""
    is_edit: bool = False


class Kind(enum.Enum):
    """What became so for a member, with the bot's knowledge."""

    PAID = "paid"
    CLAIMED = "claimed"
    EXEMPT = "exempt"
    PAUSED = "paused"
    """Asked to be left alone, or to be let off, until some moment."""
    BLOCKED = "blocked"


@dataclasses.dataclass(frozen=True, slots=True)
class Fact:
    after: int
    """So many messages had arrived before."""
    at: int
    member: int
    kind: Kind
    until: int | None = None
    """None: from now on."""


@dataclasses.dataclass(frozen=True, slots=True)
class Data:
    """Payment data came in that goes up to `as_of`."""

    after: int
    as_of: int
    branch: int | None = None
    """None: for everybody."""


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """What the bot had queued, once it has left or was given up."""

    id: int
    chat: int
    key: str
    method: str
    urgency: int
    state: str
    message: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class Soul:
    """Somebody on the roster."""

    member: int
    name: str
    account: int | None
    branch: int
    general: int
    """The general branch above their branch."""
    is_staff: bool = False
    """Of the branch, or of the general branch."""


@dataclasses.dataclass(frozen=True, slots=True)
class Ticket:
    id: int
    requester: int
    state: str
    owner: int | None
    asked_at: int
    deadline: int | None
    first_answered_at: int | None
    reminded: bool
    """There was nobody to pass it to, and its owner was reminded."""
    held_by: tuple[tuple[int, int], ...]
    """Who has had it or was asked to help with it, each with since when."""


@dataclasses.dataclass(frozen=True, slots=True)
class Point:
    """A day of reminders: everybody for whom the same was so before and after is to have had one."""

    key: str
    began: int
    """So many messages had arrived when it was due."""
    ended: int
    """And when all had left."""
    owing: frozenset[int]
    """Members with an account who, for all that was known, owed when it was due."""


@dataclasses.dataclass(frozen=True, slots=True)
class Log:
    zone: tzinfo
    quiet: tuple[time, time]
    fresh: int
    """Milliseconds after which payment data is too old to remind by."""
    now: int
    """When the month was over."""
    people: Mapping[int, Soul]
    """By member."""
    obligations: Mapping[int, int]
    """The member of each."""
    secrets: Mapping[str, int]
    """What was written in a ticket (as SECRET finds it), with the member whose ticket it is."""
    sent: Sequence[Sent]
    rows: Sequence[Row]
    facts: Sequence[Fact]
    data: Sequence[Data]
    points: Sequence[Point]
    tickets: Sequence[Ticket]
    refused: int
    """Calls answered with 429."""
    parked: int = 0
    """Updates set aside because they could not be applied."""

    def staff(self) -> Collection[Soul]:
        return [soul for soul in self.people.values() if soul.is_staff]
