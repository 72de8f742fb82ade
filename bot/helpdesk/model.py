"""The helpdesk's words: tickets, what was said in them, and the messages of ours that stand for them."""

import dataclasses
import enum

from bot.roster.model import Role

Fact = tuple[str, str]
"""A label and a value, worded for staff. Without a label the value speaks for itself ('Android')."""


class State(enum.StrEnum):
    GATHERING = "gathering"
    """Not sent yet: what the member writes still joins."""
    OPEN = "open"
    """Waiting for a person's answer."""
    ANSWERED = "answered"
    CLOSED = "closed"


class Origin(enum.StrEnum):
    ASK = "ask"
    WALKTHROUGH = "walkthrough"
    DUES = "dues"


class Rung(enum.StrEnum):
    """On which step of the ladder a ticket stands."""

    SECRETARY = "secretary"
    DEPUTY = "deputy"
    HELPER = "helper"
    GENERAL = "general"


class Direction(enum.StrEnum):
    ASKED = "asked"
    """By the member, for the staff."""
    ANSWERED = "answered"
    """By the staff, for the member."""


class Kind(enum.StrEnum):
    """What passes both ways."""

    TEXT = "text"
    PHOTO = "photo"
    VOICE = "voice"
    VIDEO = "video"
    DOCUMENT = "document"
    AUDIO = "audio"
    ANIMATION = "animation"
    VIDEO_NOTE = "video_note"
    LOCATION = "location"
    STICKER = "sticker"


class CloseReason(enum.StrEnum):
    SOLVED = "solved"
    """The member said so."""
    DONE = "done"
    """The staff said so."""
    PHONED = "phoned"
    QUIET = "quiet"
    """Answered, and nobody wrote for a week."""
    FORGOTTEN = "forgotten"
    """The member had their data deleted."""


class Rating(enum.StrEnum):
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"


class Part(enum.StrEnum):
    """What a message of ours is within its ticket."""

    CARD = "card"
    RELAY = "relay"
    """What somebody said, brought to the other side."""
    NOTE = "note"


@dataclasses.dataclass(frozen=True, slots=True)
class Content:
    """A message somebody sent in their private chat."""

    kind: Kind
    text: str
    """The text or caption; may be empty."""
    chat_id: int | None
    """With `message_id`, where the original stands; None for words that came by a button."""
    message_id: int | None
    album: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Question:
    """What a room to the right hands over at once."""

    text: str
    origin: Origin
    facts: tuple[Fact, ...] = ()
    files: tuple[Content, ...] = ()
    """What stands in the member's chat and comes along: screenshots and other files. Words belong into `text`."""


@dataclasses.dataclass(frozen=True, slots=True)
class Ticket:
    id: int
    requester_id: int
    branch_id: int
    owner_id: int | None
    """None while nobody can be reached."""
    rung: Rung | None
    state: State
    origin: Origin
    question: str
    question_message_id: int | None
    """In the requester's chat, where the question was typed."""
    facts: tuple[Fact, ...]
    shown: tuple[str, ...]
    """The FAQ entries the member had been shown."""
    asked_at: int
    gather_until: int | None
    opened_at: int | None
    deadline: int | None
    """By when the member was told to expect an answer; None while the clock stands."""
    next_at: int | None
    """When the ladder is to be looked at next."""
    warned_at: int | None
    reminded_at: int | None
    """When the owner was reminded past the deadline, there being nobody to pass the ticket to."""
    answered_at: int | None
    first_answered_at: int | None
    listen_until: int | None
    """Until when what the member simply types belongs here."""
    closed_at: int | None
    closed_by: int | None
    close_reason: CloseReason | None
    rating: Rating | None
    unreachable_told_at: int | None
    """When the owner was last told that something did not reach the requester."""
    undelivered_told_at: int | None
    """When the requester was last told that something did not reach the owner."""
    expired_at: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """One thing said in a ticket."""

    id: int
    ticket_id: int
    author_id: int
    direction: Direction
    content: Content
    at: int


@dataclasses.dataclass(frozen=True, slots=True)
class Copy:
    """A message of ours that belongs to a ticket: a reply to it belongs there too."""

    ticket_id: int
    entry_id: int | None
    chat_id: int
    outgoing_id: int
    part: Part
    has_buttons: bool = False
    """Buttons stand under it. They go once they are used up or a newer message brings its own."""


@dataclasses.dataclass(frozen=True, slots=True)
class Holder:
    """Somebody of the staff, as they are named to others and written to."""

    member_id: int
    name: str
    role: Role | None
    """None for one who no longer holds a post over this branch."""
    unit: str
    account_id: int | None
    language: str | None
    rung: Rung | None


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """A ticket in a list."""

    id: int
    state: State
    question: str
    asked_at: int
    deadline: int | None
    other: str | None
    """The name of the person on the other side: the requester for staff, the owner for the requester."""
