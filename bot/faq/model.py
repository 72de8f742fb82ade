"""The FAQ's words: entries, phrasings, the cards of the walk-through, and what became of a question."""

import dataclasses
import enum


class Stage(enum.StrEnum):
    """Where in the member's way a topic belongs; `help` is about the bot itself."""

    INSTALL = "install"
    LOGIN = "login"
    USE = "use"
    PAY = "pay"
    HELP = "help"


class Phone(enum.StrEnum):
    ANDROID = "android"
    IPHONE = "iphone"
    HARMONY = "harmony"
    HELPED = "helped"
    """Somebody else's hands do it."""
    NONE = "none"
    """No smartphone."""


class Kind(enum.StrEnum):
    ENTRY = "entry"
    DECLINE = "decline"
    """Absorbs near-misses with a kind word: outside what the bot is for. Never counts as an answer."""
    SMALLTALK = "smalltalk"
    """Chat, a slip of the finger, anger: a short friendly word and no ticket."""
    COURTESY = "courtesy"
    """Small talk whose phrasings, as greetings and thanks, are also looked past at the ends of a question."""


class HandOver(enum.StrEnum):
    """What a decline does with a question besides its kind word."""

    ALWAYS = "always"
    """A person is to see it: it is handed over at once."""
    OFFERED = "offered"
    """A button hands it over to whoever wants that."""
    NEVER = "never"
    """It goes elsewhere for good reason, such as a complaint about the very secretary who would get it."""


class Audience(enum.StrEnum):
    PUBLIC = "public"
    """Accounts that are not bound to a member may read it too."""
    MEMBERS = "members"


DEFAULT_LANGUAGE = "zh"
LANGUAGES = (DEFAULT_LANGUAGE, "en")


class MediaKind(enum.StrEnum):
    PHOTO = "photo"
    VIDEO = "video"
    DOCUMENT = "document"


@dataclasses.dataclass(frozen=True, slots=True)
class Attachment:
    """A picture, video or file of an entry; its bytes are kept under the digest."""

    kind: MediaKind
    digest: str
    """SHA-256 of the bytes, in hexadecimal."""
    name: str
    """As a file is called; shown with documents."""


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """One content file: an FAQ answer in one language."""

    id: str
    language: str
    title: str
    body: str
    """In the small Markdown of `bot.faq.markup`, facts as `{name}`."""
    phrasings: tuple[str, ...]
    kind: Kind = Kind.ENTRY
    stage: Stage | None = None
    steps: tuple[str, ...] = ()
    phones: tuple[Phone, ...] = ()
    audience: Audience = Audience.PUBLIC
    source: str = ""
    """The rule or document the answer rests on; empty where there is none."""
    handover: HandOver = HandOver.NEVER
    """For a decline only."""
    media: tuple[Attachment, ...] = ()
    """Sent with the answer, in this order."""


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """One card of the walk-through, for some phones, in one language."""

    id: str
    order: int
    """Cards of one phone are walked in this order."""
    language: str
    stage: Stage
    title: str
    phones: tuple[Phone, ...]
    entries: tuple[str, ...]
    """Ids of the entries to offer to somebody who is stuck here."""
    body: str
    """As `Entry.body`."""


Owner = int | None
"""Whose an entry is: a unit's, by its id, or the whole organisation's (None)."""


class State(enum.StrEnum):
    PUBLISHED = "published"
    RETIRED = "retired"
    """Kept with its history, shown to no member."""


class Decision(enum.StrEnum):
    ANSWER = "answer"
    SUGGEST = "suggest"
    HANDOVER = "handover"
    DECLINE = "decline"
    SMALLTALK = "smalltalk"


class CameBy(enum.StrEnum):
    """How a person came to what they were shown."""

    TEXT = "text"
    """They wrote it."""
    MENU = "menu"
    """They tapped their way through the topics."""
    OFFER = "offer"
    """Another room offered it: a card of the walk-through, a reminder."""
    INLINE = "inline"
    """They took it from the list behind the bot's name, in whatever chat."""


class Verdict(enum.StrEnum):
    """What the person said to what they were shown."""

    SOLVED = "solved"
    UNSOLVED = "unsolved"
    NONE_FITS = "none_fits"
    """None of the suggestions was it."""
    PERSON = "person"
    """Declined, they want a person to see it all the same."""


@dataclasses.dataclass(frozen=True, slots=True)
class Scope:
    """Whose eyes an entry is looked up for: a member sees their own branch's entries over those of the levels above,
    an account that is not bound only the organisation's public ones.
    """

    branch_id: int | None
    language: str


@dataclasses.dataclass(frozen=True, slots=True)
class Listed:
    """An entry as it stands in a list."""

    row: int
    slug: str
    unit_id: int | None
    kind: Kind
    title: str
    stage: Stage | None


@dataclasses.dataclass(frozen=True, slots=True)
class Shown:
    """An entry as it is read."""

    slug: str
    kind: Kind
    title: str
    body: str
    stage: Stage | None
    handover: HandOver
    language: str
    """The language it is written in, which is not everybody's: not every entry has a translation."""
    media: tuple[Attachment, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Question:
    """What was made of a question. The words of it are kept elsewhere, and only until it is settled."""

    id: int
    came_by: CameBy
    decision: Decision
    shown: tuple[str, ...]
    """Slugs of the entries offered, best first."""
    opened: str | None
    """The slug of the entry last read."""
    verdict: Verdict | None


@dataclasses.dataclass(frozen=True, slots=True)
class Verdicts:
    """How an entry did."""

    asked: int
    """How often it was read."""
    solved: int
    unsolved: int
