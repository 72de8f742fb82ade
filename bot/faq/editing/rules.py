"""What differs between two texts of an entry, who sees which, and how two people's changes are brought together."""

import dataclasses
import difflib
import enum
from collections.abc import Iterable, Sequence

from bot.faq.model import DEFAULT_LANGUAGE, Entry, Kind, Owner, Stage, State


class Group(enum.StrEnum):
    """How entries are laid out for their keepers: by stage, and what is no entry."""

    INSTALL = "install"
    LOGIN = "login"
    USE = "use"
    PAY = "pay"
    HELP = "help"
    DECLINE = "decline"
    SMALLTALK = "chat"


class Part(enum.StrEnum):
    """What can differ between two texts of an entry."""

    TITLE = "title"
    BODY = "body"
    PHRASINGS = "phrasings"
    MEDIA = "media"
    STAGE = "stage"
    STEPS = "steps"
    PHONES = "phones"
    AUDIENCE = "audience"
    HANDOVER = "handover"
    SOURCE = "source"


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """An entry as it stands in its keepers' lists."""

    row: int
    owner: Owner
    slug: str
    language: str
    kind: Kind
    title: str
    stage: Stage | None
    state: State


class Mark(enum.Enum):
    """What became of a line of an answer."""

    KEPT = " "
    GONE = "-"
    NEW = "+"


@dataclasses.dataclass(frozen=True, slots=True)
class Difference:
    """What changed from one text of an entry to another."""

    parts: tuple[Part, ...]
    added: tuple[str, ...] = ()
    """Phrasings."""
    removed: tuple[str, ...] = ()


def group_of(kind: Kind, stage: Stage | None) -> Group:
    if kind is Kind.DECLINE:
        return Group.DECLINE
    if kind is not Kind.ENTRY or stage is None:
        return Group.SMALLTALK
    return Group(stage.value)


def nearest(lines: Iterable[Line], chain: Sequence[Owner], language: str) -> Sequence[Line]:
    """Of published entries, those that a member sees whose entries are those of `chain`, the nearest first; by slug."""
    best: dict[str, Line] = {}

    def rank(line: Line) -> tuple[int, bool, bool]:
        return chain.index(line.owner), line.language != language, line.language != DEFAULT_LANGUAGE

    for line in lines:
        if line.state is not State.PUBLISHED or line.owner not in chain:
            continue
        if line.slug not in best or rank(line) < rank(best[line.slug]):
            best[line.slug] = line
    return [best[slug] for slug in sorted(best)]


def difference(before: Entry | None, after: Entry) -> Difference:
    """From one text to the other; everything is new where there was nothing before."""
    if before is None:
        return Difference(tuple(Part), after.phrasings)
    parts = tuple(part for part in Part if getattr(before, part.value) != getattr(after, part.value))
    old, new = set(before.phrasings), set(after.phrasings)
    return Difference(
        parts,
        tuple(each for each in after.phrasings if each not in old),
        tuple(each for each in before.phrasings if each not in new),
    )


def compared(before: str, after: str) -> Sequence[tuple[Mark, str]]:
    """Both texts line by line: what is gone, what is new, and the lines between. Blank lines say nothing here."""
    old, new = ([line for line in text.splitlines() if line.strip()] for text in (before, after))
    found = (line for line in difflib.ndiff(old, new) if not line.startswith("?"))
    return [(Mark(line[0]), line[2:]) for line in found]


def together(base: Entry, mine: Entry, theirs: Entry) -> Entry:
    """Somebody else's newer text with what only I have changed since `base`. Where both changed the same, theirs
    stands; phrasings are added and taken away one by one.
    """
    ours = {
        part.value: getattr(mine, part.value)
        for part in Part
        if part is not Part.PHRASINGS
        and getattr(mine, part.value) != getattr(base, part.value)
        and getattr(theirs, part.value) == getattr(base, part.value)
    }
    own = difference(base, mine)
    kept = [each for each in theirs.phrasings if each not in own.removed]
    phrasings = tuple(dict.fromkeys([*kept, *own.added]))
    return dataclasses.replace(theirs, **ours, phrasings=phrasings)


def folded(phrasing: str) -> str:
    """Phrasings with the same folded text are one."""
    return "".join(phrasing.lower().split())


def phrasings_in(text: str) -> Sequence[str]:
    """One phrasing a line, without the dots and numbers of a list, each once."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        phrasing = " ".join(_unlisted(line).split())
        if phrasing:
            found.setdefault(folded(phrasing), phrasing)
    return list(found.values())


def _unlisted(line: str) -> str:
    stripped = line.strip()
    number, point, rest = stripped.partition(". ")
    if point and number.isdigit() and len(number) <= 3:
        return rest
    return stripped[1:] if stripped[:2] in ("- ", "• ", "* ", "· ") else stripped
