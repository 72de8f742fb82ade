"""What a file of entries holds, whatever its shape, and when two entries are the same."""

import dataclasses
import enum
import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from bot.faq.model import Entry
from bot.faq.upkeep import snapshot
from bot.kit.errors import Refusal

Name = tuple[str, str]
"""An entry's id and language."""

LARGEST = 20 * 1024 * 1024
"""What Telegram gives to bots."""

_BASE_DIGITS = 16


class Shape(enum.StrEnum):
    ZIP = "zip"
    """Markdown files as in `faq/`, with pictures and files."""
    XLSX = "xlsx"
    """One sheet, one row an entry and language; pictures and files by their digest only."""


class ToCorrect(Refusal):
    """There are {count} places to correct in this file first. Nothing was changed."""

    def __init__(self, problems: Sequence[Refusal]) -> None:
        super().__init__(count=len(problems))
        self.problems = problems


class NothingInIt(Refusal):
    """I find no entries in this file. Perhaps another one was meant?"""


@dataclasses.dataclass(frozen=True, slots=True)
class Item:
    """An entry as it stands in a file."""

    entry: Entry
    file: str
    """As its place is named to a person."""
    lines: tuple[int, ...]
    """Of each phrasing, as the file counts: the line, or in a sheet the row."""
    base: str | None = None
    """The fingerprint of the entry when it was exported; None for what never was."""


@dataclasses.dataclass(frozen=True, slots=True)
class Package:
    items: tuple[Item, ...]
    media: Mapping[str, bytes] = dataclasses.field(default_factory=dict)
    """The contents of attachments, by digest, where they are at hand."""
    carries: frozenset[str] = frozenset()
    """The digests of the attachments whose contents are in the file."""
    unit: str | None = None
    """Whose entries were exported, by name; None for the whole organisation's, and where nothing says."""

    @property
    def bases(self) -> bool:
        """Whether the file says what its entries were when they left."""
        return any(item.base is not None for item in self.items)


def name_of(entry: Entry) -> Name:
    return entry.id, entry.language


def label(name: Name) -> str:
    """'login-sms.zh'"""
    return ".".join(name)


def labels(names: Iterable[Name]) -> tuple[str, ...]:
    return tuple(label(name) for name in sorted(names))


def plain(entry: Entry) -> Entry:
    """The entry without what no file keeps: blanks at the ends of lines, characters nobody can type."""
    return dataclasses.replace(
        entry,
        title=_line(entry.title),
        body="\n".join(_typed(line).rstrip() for line in entry.body.splitlines()).strip("\n"),
        phrasings=tuple(_line(phrasing) for phrasing in entry.phrasings),
        source=_line(entry.source),
        media=tuple(dataclasses.replace(each, name=_line(each.name)) for each in entry.media),
    )


def fingerprint(entry: Entry) -> str:
    """The same for entries that are the same in a file."""
    return hashlib.sha256(snapshot.write(plain(entry)).encode()).hexdigest()[:_BASE_DIGITS]


def refuse(problems: Sequence[Refusal]) -> None:
    """Raises what is wrong, if anything is."""
    if len(problems) == 1:
        raise problems[0]
    if problems:
        raise ToCorrect(problems)


def write(package: Package) -> str:
    """The package without the contents of its attachments, as one text; `read` gives it again."""
    return json.dumps(
        {
            "unit": package.unit,
            "carries": sorted(package.carries),
            "items": [
                [snapshot.write(item.entry), item.file, item.lines, item.base] for item in package.items
            ],
        },
        ensure_ascii=False,
    )


def read(text: str) -> Package:
    fields = json.loads(text)
    return Package(
        tuple(
            Item(snapshot.read(entry), file, tuple(lines), base)
            for entry, file, lines, base in fields["items"]
        ),
        carries=frozenset(fields["carries"]),
        unit=fields["unit"],
    )


def _line(text: str) -> str:
    return " ".join(_typed(line) for line in text.splitlines()).strip()


def _typed(text: str) -> str:
    """Without control characters, halves of characters, and code points that stand for none: XML has no place for them."""
    if text.isprintable():
        return text  # nearly always
    return "".join(
        letter
        for letter in text
        if letter == "\t"
        or (unicodedata.category(letter) not in ("Cc", "Cs") and letter not in "\ufffe\uffff")
    )
