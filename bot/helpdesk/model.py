"""The helpdesk's words: tickets, what was said in them, and the messages of ours that stand for them."""

import dataclasses
import enum

from bot.kit.outbox import Target
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
    SIBLING = "sibling"
    """A secretary of another branch under the same general branch."""
    GENERAL = "general"


class Direction(enum.StrEnum):
    ASKED = "asked"
    """By the member, for the staff."""
    ANSWERED = "answered"
    """By the staff, for the member."""
    NOTED = "noted"
    """By the staff, for the staff: never seen by the member."""
    HELD = "held"
    """By the staff, for the member, and kept back until its author decides: seen by nobody else."""


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
    WITHDRAWN = "withdrawn"
    """The member took it back."""
    MERGED = "merged"
    """It goes on in another ticket of the same member."""
    NO_ANSWER = "no_answer"
    """The staff asked back and heard nothing."""
    NOT_OURS = "not_ours"
    """Nothing the branch can help with."""
    LEFT = "left"
    """The member is no longer on the roster."""


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
    TOPIC = "topic"
    """The forum topic it has in a group."""
    GONE = "gone"
    """Taken away again from somebody who may no longer see the ticket; a reply to it still finds the ticket."""


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
    html: str | None = None
    """The text in Telegram's HTML, where it has formatting; safe to send as it is."""


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
    """When the owner was last told that the requester has blocked the bot."""
    expired_at: int | None
    claimed_at: int | None = None
    """When the owner took it by answering or by saying so; None while it was only given to them."""
    climbing_since: int | None = None
    """When the present climb of the ladder began: with the question, or with the member's first words after an answer."""
    snoozed_until: int | None = None
    """The owner has put it aside until then; None when it is not put aside."""
    merged_into: int | None = None
    """The ticket in which it goes on."""
    follows_id: int | None = None
    """An earlier, long closed ticket to which the member wrote again."""
    alike_id: int | None = None
    """The first of the open tickets that ask alike; its own id for that one."""
    heard: str | None = None
    """How the question sounds, by which those that ask alike are found."""
    rating_words: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """One thing said in a ticket."""

    id: int
    ticket_id: int
    author_id: int
    direction: Direction
    content: Content
    at: int
    bring_at: int | None = None
    """When it is to be brought to the other side; None: it was at once."""
    joined_to: int | None = None
    """The entry with which it is brought as one message, being one of many that came too fast."""


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
    instead_of: int | None = None
    """The colleague who is away, in whose place they are asked."""
    beside: bool = False
    """Their post is in a branch beside the ticket's own."""


class Why(enum.StrEnum):
    """Why a ticket came to somebody."""

    ASKED = "asked"
    """They are the first to be asked."""
    LADDER = "ladder"
    """Whoever had it before did not answer in time."""
    ANSWERED = "answered"
    CLAIMED = "claimed"
    TRANSFERRED = "transferred"
    UNFIT = "unfit"
    """Whoever had it before can no longer look after it."""
    RETURNED = "returned"
    """They are back."""
    MOVED = "moved"
    """The member or their branch has come under other staff."""
    HANDED_OVER = "handed_over"
    """They hold the post now."""


@dataclasses.dataclass(frozen=True, slots=True)
class Holding:
    """A time in which somebody had a ticket."""

    ticket_id: int
    member_id: int
    rung: Rung | None
    why: Why
    instead_of: int | None
    """The colleague who is away, in whose place they had it."""
    since: int
    until: int | None
    """None: they have it now."""


@dataclasses.dataclass(frozen=True, slots=True)
class Spot:
    """A place where the staff see a ticket: somebody's private chat, or the branch's group."""

    chat_id: int
    language: str | None
    topic: Target | None = None
    """The ticket's own topic, in a group that has topics."""


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
