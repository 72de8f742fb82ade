"""The content as files: what stands in `faq/` becomes values, and values become such files again.

entries/<id>.<language>.md, declines/…, smalltalk/…     one answer in one language
media/<name>                                            what entries attach, as `media: [photo <name>]`
steps/<order>-<id>[.<variant>].<language>.md            one card of the walk-through
"""

import dataclasses
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from bot.faq import frontmatter, markup
from bot.faq.model import (
    DEFAULT_LANGUAGE,
    LANGUAGES,
    Attachment,
    Audience,
    Entry,
    HandOver,
    Kind,
    MediaKind,
    Phone,
    Stage,
    Step,
)
from bot.kit.errors import Refusal

TITLE_LIMIT = 18
"""Characters: a title is a button, and a longer one is cut off on a small phone."""

ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
ID_LIMIT = 40
_ENTRY_FILE = re.compile(r"(?P<id>[^.]+)\.(?P<language>[a-z]{2})\.md")
_STEP_FILE = re.compile(r"(?P<order>\d+)-(?P<id>[^.]+)(\.[a-z]+)?\.(?P<language>[a-z]{2})\.md")
_FOLDERS: Mapping[Kind, str] = {
    Kind.ENTRY: "entries",
    Kind.DECLINE: "declines",
    Kind.SMALLTALK: "smalltalk",
    Kind.COURTESY: "smalltalk",
}
_ENTRY_FIELDS = (
    "id",
    "kind",
    "title",
    "stage",
    "steps",
    "phones",
    "audience",
    "source",
    "handover",
    "media",
    "phrasings",
)
FOLDERS = tuple(sorted(set(_FOLDERS.values())))
MEDIA_FOLDER = "media"
_ATTACHED = re.compile(r"(?P<kind>\w+)\s+(?P<file>\S+)(\s+(?P<name>.+))?")
_KEPT_FILE = re.compile(r"(?P<digest>[0-9a-f]{64})(\.\w+)?")
_EXTENSION = re.compile(r"\.[a-z0-9]{1,8}")
_EXTENSIONS: Mapping[MediaKind, str] = {
    MediaKind.PHOTO: ".jpg",
    MediaKind.VIDEO: ".mp4",
    MediaKind.DOCUMENT: ".bin",
}
"""For what has no name of its own."""
_STEP_FIELDS = ("id", "stage", "title", "phones", "entries")


class NameWrong(Refusal):
    """{file}: please name the file like “{wanted}”, so that its id and language can be told."""


class TitleTooLong(Refusal):
    """{file}, line {line}: the title has {length} characters; a button holds {limit}. Please shorten it."""


class TextTooLong(Refusal):
    """{file}: the text has {length} characters; one message holds {limit}. Please shorten it or split the entry."""


class FactUnknown(Refusal):
    """{file}: the text uses {name}, which no facts file explains. Please add it there, or check the spelling."""


class PhrasingTwice(Refusal):
    """{file}, line {line}: “{text}” already stands in {other}. Each way of asking belongs to one entry only."""


class MediaMissing(Refusal):
    """{file}, line {line}: “{name}” is not in the folder media/. Please put it there, or delete this line."""


class FolderMissing(Refusal):
    """I cannot find the folder {folder}. Please check where the content is."""


@dataclasses.dataclass(frozen=True, slots=True)
class Source:
    """A content file before it is parsed. `digest` tells whether it has changed."""

    name: str
    text: str
    digest: str


def read_sources(folder: Path) -> Sequence[Source]:
    """The files of entries, declines and small talk, by folder and name."""
    if not folder.is_dir():
        raise FolderMissing(folder=folder)
    media = digests_of(read_media(folder))
    return [_with_media(source, media) for name in FOLDERS for source in _sources(folder / name)]


def read_media(folder: Path) -> Mapping[str, bytes]:
    """What stands in `folder/media`, by file name."""
    return {
        path.name: path.read_bytes() for path in sorted((folder / MEDIA_FOLDER).glob("*")) if path.is_file()
    }


def read_entries(folder: Path) -> Sequence[Entry]:
    """All entries, declines and small talk of a content folder, checked against each other."""
    return parse_entries(read_sources(folder), digests_of(read_media(folder)))


def parse_entries(sources: Iterable[Source], media: Mapping[str, str] | None = None) -> Sequence[Entry]:
    """The entries of these files; `media` has the digests of the files beside them, by name. `PhrasingTwice` when the
    same phrasing stands in two places.
    """
    entries = []
    seen: dict[str, str] = {}
    for source in sources:
        document = frontmatter.parse(source.name, source.text)
        entries.append(entry_of(document, media))
        for phrasing in document.list("phrasings"):
            other = seen.setdefault(folded(phrasing.text), f"{source.name}:{phrasing.line}")
            if other != f"{source.name}:{phrasing.line}":
                raise PhrasingTwice(
                    file=source.name, line=phrasing.line, text=phrasing.text, other=other.split(":")[0]
                )
    return entries


def parse_entry(file: str, text: str) -> Entry:
    """One entry; `file` is its name, which tells id and language. A `Refusal` names file and line of an error."""
    return entry_of(frontmatter.parse(file, text))


def read_steps(folder: Path) -> Sequence[Step]:
    """The cards of `folder/steps`, in the order they are walked; variants of one card for other phones or in another
    language share its id and order.
    """
    found = [_step(frontmatter.parse(source.name, source.text)) for source in _sources(folder / "steps")]
    return sorted(found, key=lambda step: (step.order, step.id, step.language))


def check_text(file: str, body: str, facts: Mapping[str, str]) -> None:
    """`FactUnknown` or `TextTooLong` for a text that cannot be sent as it is."""
    for name in sorted(markup.facts_in(body) - set(facts)):
        raise FactUnknown(file=file, name="{" + name + "}")
    length = markup.visible_length(markup.render(body, facts))
    if length > markup.LIMIT - TITLE_LIMIT - 2:  # the title stands above it, and a blank line
        raise TextTooLong(file=file, length=length, limit=markup.LIMIT)


def file_name(entry: Entry) -> Path:
    """Where an entry stands inside a content folder."""
    return Path(_FOLDERS[entry.kind]) / f"{entry.id}.{entry.language}.md"


def write_entry(entry: Entry) -> str:
    """The entry as the text of its file; parsing it gives the same entry again."""
    said: dict[str, Any] = {
        "steps": list(entry.steps),
        "phones": [phone.value for phone in entry.phones],
        "audience": entry.audience.value,
        "source": entry.source,
    }
    fields: dict[str, Any] = {"id": entry.id}
    if entry.kind is Kind.ENTRY:
        fields |= {"title": entry.title, "stage": None if entry.stage is None else entry.stage.value, **said}
    else:
        fields |= {"kind": entry.kind.value, "title": entry.title}
        if entry.kind is Kind.DECLINE:
            fields["handover"] = entry.handover.value
        usual = {"audience": Audience.PUBLIC.value}
        fields |= {name: value for name, value in said.items() if value and value != usual.get(name)}
    if entry.media:
        fields["media"] = [written(attachment) for attachment in entry.media]
    fields["phrasings"] = list(entry.phrasings)
    head = yaml.safe_dump(fields, allow_unicode=True, sort_keys=False, width=100_000)
    return f"---\n{head}---\n{entry.body}\n"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def digests_of(media: Mapping[str, bytes]) -> Mapping[str, str]:
    """By file name."""
    return {name: hashlib.sha256(content).hexdigest() for name, content in media.items()}


def media_file(attachment: Attachment) -> str:
    """What an attachment is called in the folder media/."""
    ending = Path(attachment.name).suffix.lower()
    return attachment.digest + (ending if _EXTENSION.fullmatch(ending) else _EXTENSIONS[attachment.kind])


def written(attachment: Attachment) -> str:
    """How a field refers to an attachment: `photo <file> <name>`."""
    return f"{attachment.kind.value} {media_file(attachment)} {attachment.name}".rstrip()


def folded(phrasing: str) -> str:
    """The same for phrasings that are the same but for spaces and capitals."""
    return "".join(phrasing.casefold().split())


def entry_of(document: frontmatter.Document, media: Mapping[str, str] | None = None) -> Entry:
    """The entry that stands in fields and a text. `media` has the digests of the files beside it, by name; a file that
    is not among them must be called by its digest. A `Refusal` says what is wrong and where.
    """
    document.only(_ENTRY_FIELDS)
    kind = document.choice("kind", Kind, Kind.ENTRY)
    return Entry(
        id=_named_id(document, _ENTRY_FILE, "login-sms.zh.md"),
        language=_named_language(document, _ENTRY_FILE, "login-sms.zh.md"),
        kind=kind,
        title=_title(document),
        body=document.body,
        phrasings=tuple(item.text for item in document.list("phrasings")),
        stage=document.choice("stage", Stage) if kind is Kind.ENTRY else None,
        steps=tuple(item.text for item in document.list("steps")),
        phones=document.choices("phones", Phone),
        audience=document.choice("audience", Audience, Audience.PUBLIC),
        source=document.text("source", ""),
        handover=document.choice("handover", HandOver, HandOver.OFFERED)
        if kind is Kind.DECLINE
        else HandOver.NEVER,
        media=tuple(_attachment(document, item, media or {}) for item in document.list("media")),
    )


def _attachment(
    document: frontmatter.Document, item: frontmatter.Written, media: Mapping[str, str]
) -> Attachment:
    said = _ATTACHED.fullmatch(item.text)
    if said is None or said["kind"] not in set(MediaKind):
        raise document.wrong("media", item, "photo picture.jpg")
    file = said["file"].removeprefix(f"{MEDIA_FOLDER}/")
    kept = _KEPT_FILE.fullmatch(file)
    digest = media.get(file) or (None if kept is None else kept["digest"])
    if digest is None:
        raise MediaMissing(file=document.file, line=item.line, name=file)
    return Attachment(MediaKind(said["kind"]), digest, said["name"] or "")


def _step(document: frontmatter.Document) -> Step:
    document.only(_STEP_FIELDS)
    example = "11-install-allow.android.zh.md"
    return Step(
        id=_named_id(document, _STEP_FILE, example),
        order=int(_named(document, _STEP_FILE, example)["order"]),
        language=_named_language(document, _STEP_FILE, example),
        stage=document.choice("stage", Stage),
        title=_title(document),
        phones=document.choices("phones", Phone),
        entries=tuple(item.text for item in document.list("entries")),
        body=document.body,
    )


def _named(document: frontmatter.Document, pattern: re.Pattern[str], example: str) -> re.Match[str]:
    named = pattern.fullmatch(document.file)
    if named is None or named["language"] not in LANGUAGES:
        raise NameWrong(file=document.file, wanted=example)
    return named


def _named_id(document: frontmatter.Document, pattern: re.Pattern[str], example: str) -> str:
    written = document.text("id")
    value = frontmatter.Written(written, document.line("id"))
    if written != _named(document, pattern, example)["id"]:
        raise document.wrong("id", value, _named(document, pattern, example)["id"])
    if not ID.fullmatch(written) or len(written) > ID_LIMIT:
        raise document.wrong("id", value, "login-sms")
    return written


def _named_language(document: frontmatter.Document, pattern: re.Pattern[str], example: str) -> str:
    return _named(document, pattern, example)["language"]


def _title(document: frontmatter.Document) -> str:
    title = document.text("title")
    limit = TITLE_LIMIT if _named_default(document) else 2 * TITLE_LIMIT  # a Latin letter is half as wide
    if len(title) > limit:
        raise TitleTooLong(file=document.file, line=document.line("title"), length=len(title), limit=limit)
    return title


def _named_default(document: frontmatter.Document) -> bool:
    return document.file.endswith(f".{DEFAULT_LANGUAGE}.md")


def _with_media(source: Source, media: Mapping[str, str]) -> Source:
    """Another picture under the same name is a change, too."""
    named = "".join(each for name, each in media.items() if name in source.text)
    return dataclasses.replace(source, digest=digest(source.text + named)) if named else source


def _sources(folder: Path) -> Iterable[Source]:
    for path in sorted(folder.glob("*.md")):
        text = frontmatter.text_of(path)
        yield Source(path.name, text, digest(text))
