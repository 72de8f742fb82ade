"""The dues' words: periods, obligations, points, rounds."""

import calendar
import dataclasses
import enum
from datetime import date


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class Period:
    """One month of dues."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1 <= self.month <= 12 and 2000 <= self.year <= 2999):
            raise ValueError(f"{self.year}-{self.month} is no month of dues")

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    @classmethod
    def parse(cls, text: str) -> "Period":
        """From '2026-11', as `str` writes it; `ValueError` for anything else."""
        year, month = text.split("-")
        return cls(int(year), int(month))

    @classmethod
    def of(cls, day: date) -> "Period":
        return cls(day.year, day.month)

    def shifted(self, months: int) -> "Period":
        """So many months later; earlier with a negative number."""
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Period(year, month + 1)

    @property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])


class State(enum.StrEnum):
    DUE = "due"
    CLAIMED = "claimed"
    """The member says it is paid; nobody has confirmed it yet."""
    PAID = "paid"
    EXEMPT = "exempt"
    NOT_LIABLE = "not_liable"


@dataclasses.dataclass(frozen=True, slots=True)
class Obligation:
    """What one member owes for one period, as the ledger's rows make it (the view `owing`)."""

    id: int
    member_id: int
    period: Period
    amount: int | None
    """In fen; None while it is not known, which makes it no less due."""
    state: State
    paid: int
    """In fen, by the payments that are known."""
    snoozed_until: int | None

    @property
    def surplus(self) -> int:
        """What was paid beyond what is owed, in fen; 0 while the amount is not known."""
        return 0 if self.amount is None else max(0, self.paid - self.amount)


class Note(enum.StrEnum):
    """What a row of the ledger says about a member's period."""

    OWES = "owes"
    """So much is owed from now on."""
    PAYMENT = "payment"
    DUE = "due"
    """Not paid, for all that was said before."""
    CLAIMED = "claimed"
    PAID = "paid"
    """Paid, by a person's word."""
    EXEMPT = "exempt"
    NOT_LIABLE = "not_liable"


class Source(enum.StrEnum):
    """Why a row of the ledger was written."""

    RULE = "rule"
    """By the roster and the calendar."""
    CLAIM = "claim"
    """The member says so."""
    FILE = "file"
    """A payment file says so."""
    SECRETARY = "secretary"
    """The branch's secretary has decided."""
    WAIVER = "waiver"
    """The level above has approved what the branch decided."""


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """A row of the ledger: it is never changed, only a payment can be marked as undone."""

    id: int
    kind: Note
    amount: int | None
    """In fen; of what is owed, and of payments."""
    at: int
    by_member: int | None
    """Who wrote it: the member, the secretary, whoever imported the file; None for the bot."""
    source: Source
    note: str | None
    paid_at: int | None
    reference: str | None
    undone_at: int | None
    """When the import that brought it was taken back."""


@dataclasses.dataclass(frozen=True, slots=True)
class Owed:
    """An obligation with whose it is, for the staff of their branch."""

    obligation: Obligation
    name: str
    branch_id: int
    months: int = 1
    """How many periods running, this one included, are unpaid; of who pays by the quarter, those of quarters that are over."""
    pays_by_quarter: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Point:
    """A moment at which reminders for a period go out. Its day names it: nobody is reminded twice on one day."""

    period: Period
    day: date
    at: int

    @property
    def key(self) -> str:
        return self.day.isoformat()


@dataclasses.dataclass(frozen=True, slots=True)
class Round:
    """One branch's reminders at one point."""

    branch_id: int
    point: str
    period: Period
    announced_at: int | None = None
    cancelled_at: int | None = None
    data_asked_at: int | None = None
    """When the secretary was asked for newer payment data."""
    finished_at: int | None = None
    """When all its reminders were written."""
    reported_at: int | None = None
    words: str | None = None
    """What the branch says above the facts, in its staff's own words."""
    skipped_at: int | None = None
    """When it was found that its time had gone by."""


@dataclasses.dataclass(frozen=True, slots=True)
class Nudge:
    """A reminder to one member for one period at one point."""

    member_id: int
    period: Period
    point: str


@dataclasses.dataclass(frozen=True, slots=True)
class Candidate:
    """What decides whether somebody is reminded now."""

    obligation_id: int
    member_id: int
    name: str
    state: State
    account_id: int | None
    language: str | None
    is_reachable: bool
    """False for those who have blocked the bot."""
    snoozed_until: int | None
    was_nudged: bool
    """At this point already."""
    owed_before: bool
    """The period before is unpaid too."""
    is_being_decided: bool = False
    """Has asked to be let off for this period, and it is not decided yet."""
    pays_later: bool = False
    """Pays by the quarter, and the period is not the quarter's last month."""
    by_quarter: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Figures:
    """A branch's period in numbers."""

    counts: dict[State, int]
    without_amount: int
    """Of those due or claimed, for how many the amount is not known."""

    def of(self, *states: State) -> int:
        return sum(self.counts.get(state, 0) for state in states)


class Outcome(enum.Enum):
    """How one member fared in a round."""

    DELIVERED = enum.auto()
    FAILED = enum.auto()
    BLOCKED = enum.auto()
    UNKNOWN = enum.auto()
    """It was handed over and nobody knows whether it arrived; it is not repeated."""
    WAITING = enum.auto()
    NOT_SENT = enum.auto()
    """The quiet hours came before its turn."""
    NEVER_STARTED = enum.auto()


@dataclasses.dataclass(frozen=True, slots=True)
class Reached:
    """What decides how a member fared in a round."""

    member_id: int
    name: str
    state: State
    has_account: bool
    is_reachable: bool
    sent: str | None
    """The state of the outgoing reminder; None where none was written."""
    phoned_at: int | None = None
    is_paused: bool = False
    """Whether reminders rest, because a request is being decided or the quarter goes on."""


@dataclasses.dataclass(frozen=True, slots=True)
class Unreached:
    """Somebody who owes and could not be reached in a round."""

    member_id: int
    name: str
    outcome: Outcome
    phoned_at: int | None
    """When their branch noted that they were spoken to."""


@dataclasses.dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a round's reminders."""

    counts: dict[Outcome, int]
    to_phone: tuple[Unreached, ...]
