"""The helpdesk's decisions: whose ticket it is, by when, what the ladder does next. Values in, values out."""

import dataclasses
import enum
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta, tzinfo
from typing import TypeAlias

from bot.helpdesk.calendar import (
    Hours,
    WorkingDay,
    add_working_time,
    is_working_day_in_china,
    is_working_time,
)
from bot.helpdesk.model import CloseReason, Content, Direction, Entry, Fact, Holder, Kind, Rung, State, Ticket
from bot.kit.clock import DAY, MINUTE, SECOND, from_local, to_local
from bot.roster.model import BRANCH_ROLES, Actor, Role

REOPENABLE = 7 * DAY
"""A closed ticket is taken up again when somebody writes to it within this time; after it, a new one begins."""

QUIET = 7 * DAY
"""An answered ticket to which nobody writes for this long is closed."""

LISTENING = 30 * MINUTE
"""What a member simply types so soon after an answer belongs to the ticket."""

MESSAGE_LIMIT = 4_096
CAPTION_LIMIT = 1_024
"""What Telegram takes, in UTF-16 units (Bot API: sendMessage, copyMessage)."""

QUESTION_IN_CARD = 2_500
"""UTF-16 units of a question that the card shows; a longer one follows in full."""

STAFF_REASONS = frozenset({CloseReason.DONE, CloseReason.PHONED})
"""Why staff may close a ticket."""

_SHORT_FACT = 20
_WARN_SHARE = 0.75
_QUARTER = 15 * MINUTE

_ASKED_FIRST = (Rung.SECRETARY, Rung.DEPUTY, Rung.HELPER, Rung.GENERAL)
_ASKED_FIRST_BY_A_SECRETARY = (Rung.GENERAL, Rung.DEPUTY, Rung.HELPER)
"""The level above helps the secretary; their own deputies learn from them, not the other way round."""
_LADDER = (Rung.SECRETARY, Rung.DEPUTY, Rung.GENERAL)
"""Where an unanswered ticket goes, in order. Further rungs (helper team, sibling branches) are inserted here."""

_CAPTIONED = frozenset({Kind.PHOTO, Kind.VOICE, Kind.VIDEO, Kind.DOCUMENT, Kind.AUDIO, Kind.ANIMATION})


@dataclasses.dataclass(frozen=True, slots=True)
class Schedule:
    """When people work and how soon an answer is expected of them."""

    hours: Hours
    zone: tzinfo
    answer_minutes: int
    """Of working time; at least 1."""
    is_working_day: WorkingDay = is_working_day_in_china

    def __post_init__(self) -> None:
        if self.answer_minutes < 1:
            raise ValueError("an answer cannot be expected at once")

    @property
    def warn_minutes(self) -> int:
        return int(self.answer_minutes * _WARN_SHARE)

    def after(self, instant: int, minutes: int) -> int:
        return add_working_time(instant, minutes, self.hours, self.zone, self.is_working_day)

    def at_work(self, instant: int) -> bool:
        return is_working_time(instant, self.hours, self.zone, self.is_working_day)


@dataclasses.dataclass(frozen=True, slots=True)
class Desk:
    """How the helpdesk works here."""

    schedule: Schedule
    """Where a unit has set none of its own."""
    gathering: int
    """Milliseconds in which what a member sends still joins the question just asked."""
    kept: int
    """Milliseconds after closing, after which what was said in a ticket is deleted."""

    @property
    def zone(self) -> tzinfo:
        return self.schedule.zone

    @classmethod
    def of(
        cls,
        *,
        hours: Hours,
        answer_hours: int,
        zone: tzinfo,
        gather_seconds: int,
        ticket_days: int,
        is_working_day: WorkingDay = is_working_day_in_china,
    ) -> "Desk":
        """From plain settings."""
        schedule = Schedule(hours, zone, answer_hours * 60, is_working_day)
        return cls(schedule, gather_seconds * SECOND, ticket_days * DAY)


@dataclasses.dataclass(frozen=True, slots=True)
class Timing:
    deadline: int
    next_at: int


def timing(now: int, schedule: Schedule) -> Timing:
    """By when the owner is expected to answer, and when they are to be warned."""
    return Timing(
        schedule.after(now, schedule.answer_minutes),
        schedule.after(now, schedule.warn_minutes) if schedule.warn_minutes else schedule.after(now, 1),
    )


def first_holder(reachable: Sequence[Holder], requester_id: int, *, is_secretary: bool) -> Holder | None:
    """Who gets a new ticket, of those who can be reached; None when nobody can. Nobody gets their own."""
    order = _ASKED_FIRST_BY_A_SECRETARY if is_secretary else _ASKED_FIRST
    return _first(reachable, order, but={requester_id})


def heir(reachable: Sequence[Holder], requester_id: int, ticket: Ticket) -> Holder | None:
    """Who takes over a ticket that its owner has left unanswered; None on the last rung."""
    if ticket.rung is None:
        return None
    order = list(Rung)
    later = [rung for rung in _LADDER if order.index(rung) > order.index(ticket.rung)]
    return _first(reachable, later, but={requester_id, ticket.owner_id})


def _first(reachable: Sequence[Holder], order: Iterable[Rung], but: set[int | None]) -> Holder | None:
    for rung in order:
        for holder in reachable:
            if holder.rung is rung and holder.member_id not in but:
                return holder
    return None


@dataclasses.dataclass(frozen=True, slots=True)
class Wait:
    pass


@dataclasses.dataclass(frozen=True, slots=True)
class Warn:
    """The owner is told that time is running out."""

    next_at: int


@dataclasses.dataclass(frozen=True, slots=True)
class PassOn:
    """The ticket goes to the next on the ladder."""

    timing: Timing


@dataclasses.dataclass(frozen=True, slots=True)
class Remind:
    """There is nobody to pass it to: the owner is reminded and has the same time once more."""

    timing: Timing


Step: TypeAlias = Wait | Warn | PassOn | Remind


@dataclasses.dataclass(frozen=True, slots=True)
class Standing:
    """Where a ticket stands with its owner."""

    deadline: int | None
    next_at: int | None
    warned: bool


def next_step(standing: Standing, now: int, schedule: Schedule, *, has_heir: bool) -> Step:
    """What the ladder does now. Never anything outside working time; nobody loses a ticket without a warning and the
    rest of the time after it, however long the bot was down; taking the step makes the next one wait.
    """
    if standing.deadline is None or standing.next_at is None or now < standing.next_at:
        return Wait()
    if not schedule.at_work(now):
        return Wait()
    if not standing.warned:
        rest = schedule.after(now, schedule.answer_minutes - schedule.warn_minutes)
        return Warn(max(standing.deadline, rest))
    return PassOn(timing(now, schedule)) if has_heir else Remind(_once_more(now, schedule))


def _once_more(now: int, schedule: Schedule) -> Timing:
    deadline = schedule.after(now, schedule.answer_minutes)
    return Timing(deadline, deadline)


def may_answer(actor: Actor, ticket: Ticket, near: Collection[int], guests: Collection[int]) -> bool:
    """Whether this person may see the ticket and act on it as staff: a post in its branch; or its owner, or one of
    `guests` (who were asked to help), while they hold a post in one of the units `near` its branch: those above it and
    its siblings. Never the member who asked.
    """
    if actor.member is None or actor.member.id == ticket.requester_id:
        return False
    if actor.holds(ticket.branch_id, BRANCH_ROLES):
        return True
    is_near = any(post.unit_id in near for post in actor.posts)
    return is_near and actor.member.id in {ticket.owner_id, *guests}


def rung_of(role: Role) -> Rung | None:
    """The ladder's rung for a post; None for a post that is on no rung."""
    return None if role is Role.ADMIN else Rung(str(role))


def is_reopenable(ticket: Ticket, now: int) -> bool:
    return (
        ticket.state is State.CLOSED
        and ticket.expired_at is None
        and ticket.closed_at is not None
        and now - ticket.closed_at <= REOPENABLE
    )


class Day(enum.Enum):
    TODAY = enum.auto()
    TOMORROW = enum.auto()
    LATER = enum.auto()


def day_of(instant: int, now: int, zone: tzinfo) -> Day:
    """How a moment's day is named at `now`."""
    distance = to_local(instant, zone).date() - to_local(now, zone).date()
    if distance == timedelta(days=0):
        return Day.TODAY
    return Day.TOMORROW if distance == timedelta(days=1) else Day.LATER


def promised(deadline: int, zone: tzinfo) -> int:
    """The deadline as people say it: rounded up to the quarter of an hour."""
    local = to_local(deadline, zone)
    midnight = from_local(local.replace(hour=0, minute=0, second=0, microsecond=0))
    return midnight + -(-(deadline - midnight) // _QUARTER) * _QUARTER


def divided(facts: Iterable[Fact]) -> tuple[Sequence[Fact], Sequence[Fact]]:
    """The facts short enough for the card's first line, and those that need lines of their own."""
    told = [(label, value) for label, value in facts if value]
    return (
        [fact for fact in told if len(fact[0]) + len(fact[1]) <= _SHORT_FACT],
        [fact for fact in told if len(fact[0]) + len(fact[1]) > _SHORT_FACT],
    )


class Attachment(enum.Enum):
    """Files as staff count them."""

    SCREENSHOT = enum.auto()
    VOICE = enum.auto()
    OTHER = enum.auto()


def attachments(entries: Iterable[Entry]) -> Mapping[Attachment, int]:
    """How many files of each sort the member sent."""
    counted: dict[Attachment, int] = {}
    for entry in entries:
        kind = entry.content.kind
        if entry.direction is Direction.ANSWERED or kind is Kind.TEXT:
            continue
        sort = {Kind.PHOTO: Attachment.SCREENSHOT, Kind.VOICE: Attachment.VOICE}.get(kind, Attachment.OTHER)
        counted[sort] = counted.get(sort, 0) + 1
    return counted


def size(text: str) -> int:
    """The length of a text as Telegram counts it: in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def clipped(text: str, limit: int) -> str:
    """The text, or as much of its beginning as fits into `limit` UTF-16 units, with a sign that it goes on."""
    if size(text) <= limit:
        return text
    beginning = text.encode("utf-16-le")[: 2 * (limit - 1)].decode("utf-16-le", errors="ignore")
    return beginning + "…"


def says_the_card(ticket: Ticket, entry: Entry) -> bool:
    """Whether the card already holds all that this entry says."""
    content = entry.content
    return (
        content.kind is Kind.TEXT
        and content.message_id is not None
        and content.message_id == ticket.question_message_id
        and size(content.text) <= QUESTION_IN_CARD
    )


class Form(enum.Enum):
    """How something said is brought to the other side, with the name of who said it."""

    TEXT = enum.auto()
    """As a text beginning with the name."""
    CAPTION = enum.auto()
    """As a copy whose caption begins with the name."""
    APART = enum.auto()
    """The name first, then an untouched copy."""
    BARE = enum.auto()
    """A copy without the name: it belongs to an album that has been introduced."""


def form_of(content: Content, header: int, *, introduced: bool) -> Form:
    """The form for this content; `header` is the length of what stands before it, `introduced` whether the album it
    belongs to has begun.
    """
    if content.message_id is None:
        return Form.TEXT
    if introduced and content.kind is not Kind.TEXT:
        return Form.BARE
    limit = MESSAGE_LIMIT if content.kind is Kind.TEXT else CAPTION_LIMIT
    if header + size(content.text) > limit:
        return Form.APART
    if content.kind is Kind.TEXT:
        return Form.TEXT
    return Form.CAPTION if content.kind in _CAPTIONED else Form.APART
