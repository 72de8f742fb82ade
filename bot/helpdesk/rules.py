"""The helpdesk's decisions: whose ticket it is, by when, what the ladder does next. Values in, values out."""

import dataclasses
import enum
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from datetime import timedelta, tzinfo
from typing import TypeAlias

from bot.helpdesk.calendar import (
    Days,
    Hours,
    Pattern,
    WorkingDay,
    add_working_time,
    is_working_day_in_china,
    is_working_time,
    next_working_moment,
)
from bot.helpdesk.model import CloseReason, Content, Direction, Entry, Fact, Holder, Kind, Rung, State, Ticket
from bot.helpdesk.terms import Terms
from bot.kit.clock import DAY, MINUTE, SECOND, from_local, to_local
from bot.kit.database import Reader
from bot.roster.model import BRANCH_ROLES, Actor, Role

QUIET = 7 * DAY
"""An answered ticket to which nobody writes for this long is closed."""

LISTENING = 30 * MINUTE
"""What a member simply types so soon after an answer belongs to the ticket."""

MESSAGE_LIMIT = 4_096
CAPTION_LIMIT = 1_024
"""What Telegram takes, in UTF-16 units (Bot API: sendMessage, copyMessage)."""

QUESTION_IN_CARD = 2_500
"""UTF-16 units of a question that the card shows; a longer one follows in full."""

STAFF_REASONS = frozenset({CloseReason.DONE, CloseReason.PHONED, CloseReason.NO_ANSWER, CloseReason.NOT_OURS})
"""Why staff may close a ticket."""

_SHORT_FACT = 20
_QUARTER = 15 * MINUTE

OF_THE_BRANCH = frozenset({Rung.SECRETARY, Rung.DEPUTY, Rung.HELPER})
"""The rungs of the ticket's own branch."""

_CAPTIONED = frozenset({Kind.PHOTO, Kind.VOICE, Kind.VIDEO, Kind.DOCUMENT, Kind.AUDIO, Kind.ANIMATION})


@dataclasses.dataclass(frozen=True, slots=True)
class Schedule:
    """When people work and how soon an answer is expected of them."""

    hours: Hours
    zone: tzinfo
    answer_minutes: int
    """Of working time, for the first who is asked; at least 1."""
    is_working_day: WorkingDay = is_working_day_in_china
    warn_percent: int = 75
    climb_minutes: int | None = None
    """Of working time, for everybody further up the ladder; None: as for the first."""

    @classmethod
    def of(cls, terms: Terms, zone: tzinfo) -> "Schedule":
        return cls(
            terms.hours,
            zone,
            terms.answer_minutes,
            terms.days.include,
            terms.warn_percent,
            terms.climb_minutes,
        )

    def after(self, instant: int, minutes: int) -> int:
        return add_working_time(instant, minutes, self.hours, self.zone, self.is_working_day)

    def at_work(self, instant: int) -> bool:
        return is_working_time(instant, self.hours, self.zone, self.is_working_day)

    def opens(self, instant: int) -> int:
        """The first moment from `instant` on at which people are at work."""
        return next_working_moment(instant, self.hours, self.zone, self.is_working_day)


Ready: TypeAlias = Callable[[Reader, Collection[int]], Awaitable[Collection[int]]]
"""Those of some secretaries, by member id, who are trained to help other branches."""


async def everybody(_: Reader, secretaries: Collection[int]) -> Collection[int]:
    return secretaries


@dataclasses.dataclass(frozen=True, slots=True)
class Flood:
    """How much a member may say in one question before it is brought together."""

    messages: int
    within: int
    """Milliseconds."""

    def __post_init__(self) -> None:
        if self.messages < 1 or self.within < 1:
            raise ValueError("a member must be able to say something")


@dataclasses.dataclass(frozen=True, slots=True)
class Desk:
    """How the helpdesk works here."""

    terms: Terms
    """Where no unit has set any."""
    zone: tzinfo
    gathering: int
    """Milliseconds in which what a member sends still joins the question just asked."""
    kept: int
    """Milliseconds after closing, after which what was said in a ticket is deleted."""
    reopenable: int = 7 * DAY
    """Milliseconds after closing in which a ticket is taken up again when its member writes to it; after them, a new one
    begins.
    """
    flood: Flood = Flood(messages=20, within=MINUTE)
    """How much of what a member says is passed on one by one."""
    ready: Ready = everybody
    """Which secretaries of other branches may be asked to help."""
    asks: Collection[Rung] = frozenset(Rung)
    """The rungs of the ladder. Fewer than all only in an experiment."""

    @classmethod
    def of(
        cls,
        *,
        hours: Hours,
        answer_hours: int,
        zone: tzinfo,
        gather_seconds: int,
        ticket_days: int,
        reopen_days: int = 7,
        days: Days = Days(Pattern.WORKING),  # noqa: B008 - frozen
        warn_percent: int = 75,
        climb_hours: int | None = None,
        shows_accounts: bool = False,
        flood_messages: int = 20,
        flood_seconds: int = 60,
        asks: Collection[Rung] = frozenset(Rung),
    ) -> "Desk":
        """From plain settings."""
        terms = Terms(
            hours=hours,
            answer_minutes=answer_hours * 60,
            days=days,
            warn_percent=warn_percent,
            climb_minutes=None if climb_hours is None else climb_hours * 60,
            shows_accounts=shows_accounts,
        )
        flood = Flood(flood_messages, flood_seconds * SECOND)
        return cls(
            terms,
            zone,
            gathering=gather_seconds * SECOND,
            kept=ticket_days * DAY,
            reopenable=reopen_days * DAY,
            flood=flood,
            asks=asks,
        )


@dataclasses.dataclass(frozen=True, slots=True)
class Timing:
    deadline: int
    next_at: int


def timing(now: int, schedule: Schedule, *, climbing: bool = False) -> Timing:
    """By when the owner is expected to answer, and when they are to be warned. `climbing`: others had the ticket before
    and did not answer.
    """
    minutes, warning = _minutes(schedule, climbing=climbing)
    return Timing(schedule.after(now, minutes), schedule.after(now, warning))


def grace(now: int, schedule: Schedule, *, climbing: bool) -> int:
    """Until when an owner who is warned now keeps the ticket in any case."""
    minutes, warning = _minutes(schedule, climbing=climbing)
    return schedule.after(now, max(1, minutes - warning))


def _minutes(schedule: Schedule, *, climbing: bool) -> tuple[int, int]:
    minutes = (schedule.climb_minutes if climbing else None) or schedule.answer_minutes
    return minutes, max(1, minutes * schedule.warn_percent // 100)


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


def is_helping(ticket: Ticket, me: Holder) -> bool:
    """Whether one of a ticket's staff is there only because they were asked to help: it is not theirs to give away."""
    return me.member_id != ticket.owner_id and me.rung not in OF_THE_BRANCH


def is_in_other_hands(ticket: Ticket, me: Holder) -> bool:
    """Whether somebody else has said that they answer, so that this person's words want a second thought. Who was asked
    to help speaks freely.
    """
    claimed = ticket.claimed_at is not None and ticket.owner_id is not None
    return claimed and ticket.owner_id != me.member_id and not is_helping(ticket, me)


def rung_of(role: Role) -> Rung | None:
    """The ladder's rung for a post; None for a post that is on no rung."""
    return None if role is Role.ADMIN else Rung(str(role))


def rests(ticket: Ticket) -> bool:
    """Whether nobody is expected to do anything about it until its member writes, or a time comes."""
    return ticket.state in (State.ANSWERED, State.CLOSED) or ticket.snoozed_until is not None


def is_reopenable(ticket: Ticket, now: int, within: int) -> bool:
    """Whether the member's words open a closed ticket again: up to `within` milliseconds after its end, unless it goes on
    in another one.
    """
    return (
        ticket.state is State.CLOSED
        and ticket.close_reason is not CloseReason.MERGED
        and ticket.expired_at is None
        and ticket.closed_at is not None
        and now - ticket.closed_at <= within
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
    WORDS_APART = enum.auto()
    """A text beginning with the name, then a copy without its caption, which is longer than a bot may write."""


def is_captioned(kind: Kind) -> bool:
    """Whether words may stand under it."""
    return kind in _CAPTIONED


def has_room(kind: Kind, header: int, words: str) -> bool:
    """Whether words fit behind a header of that length into a message, or under a file."""
    return header + size(words) <= (MESSAGE_LIMIT if kind is Kind.TEXT else CAPTION_LIMIT)


def form_of(content: Content, header: int, *, introduced: bool) -> Form:
    """The form for this content; `header` is the length of what stands before it, `introduced` whether the album it
    belongs to has begun.
    """
    if content.message_id is None:
        return Form.TEXT
    if content.album is not None and content.kind is not Kind.TEXT:
        return Form.BARE if introduced else Form.APART
    if content.kind in _CAPTIONED and size(content.text) > CAPTION_LIMIT:
        return Form.WORDS_APART
    if not has_room(content.kind, header, content.text):
        return Form.APART
    if content.kind is Kind.TEXT:
        return Form.TEXT
    return Form.CAPTION if content.kind in _CAPTIONED else Form.APART
