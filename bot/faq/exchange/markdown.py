"""Entries as Markdown files with their attachments, and back."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence

from bot.faq import content, frontmatter
from bot.faq.exchange.archives import MANIFEST
from bot.faq.exchange.package import Item, Package, fingerprint, label, name_of, plain
from bot.faq.model import Attachment, Entry
from bot.kit.errors import Refusal

_FORMAT = "zhibu-faq"

Check = Callable[[str, Entry], None]
"""Raises a `Refusal` for an entry that cannot be used; given the name of its file."""


class ManifestBroken(Refusal):
    """The file {name} in it has been changed, so that I cannot tell what was exported. Please delete it, or export anew."""


def files_of(
    entries: Iterable[Entry], contents: Mapping[str, bytes], *, unit: str | None, manifest: bool
) -> Mapping[str, bytes]:
    """The files of these entries by folder and name; `contents` has the attachments' bytes, by digest."""
    files: dict[str, bytes] = {}
    bases: dict[str, str] = {}
    for entry in map(plain, entries):
        files[content.file_name(entry).as_posix()] = content.write_entry(entry).encode()
        bases[label(name_of(entry))] = fingerprint(entry)
        for attachment in entry.media:
            if attachment.digest in contents:
                files[_media_path(attachment)] = contents[attachment.digest]
    if manifest:
        said = {"format": _FORMAT, "unit": unit, "entries": bases}
        files[MANIFEST] = json.dumps(said, ensure_ascii=False, indent=1).encode()
    return files


def read(files: Mapping[str, bytes], check: Check) -> tuple[Package, Sequence[Refusal]]:
    """What stands in these files, and what is wrong with those that cannot be used."""
    unit, bases = _manifest(files.get(MANIFEST))
    attached = {
        name.removeprefix(f"{content.MEDIA_FOLDER}/"): held
        for name, held in files.items()
        if name.startswith(f"{content.MEDIA_FOLDER}/")
    }
    digests = content.digests_of(attached)
    items: list[Item] = []
    problems: list[Refusal] = []
    for path, written in files.items():
        if not path.endswith(".md"):
            continue
        try:
            item = _item(path.rsplit("/", 1)[-1], written, digests, bases)
            check(item.file, item.entry)
        except Refusal as problem:
            problems.append(problem)
        else:
            items.append(item)
    media = {hashlib.sha256(held).hexdigest(): held for held in attached.values()}
    return Package(tuple(items), media, frozenset(media), unit), problems


def _item(file: str, written: bytes, digests: Mapping[str, str], bases: Mapping[str, str]) -> Item:
    document = frontmatter.parse(file, frontmatter.decoded(file, written))
    entry = content.entry_of(document, digests)
    lines = tuple(phrasing.line for phrasing in document.list("phrasings"))
    return Item(entry, file, lines, bases.get(label(name_of(entry))))


def _manifest(written: bytes | None) -> tuple[str | None, Mapping[str, str]]:
    if written is None:
        return None, {}
    try:
        said = json.loads(written)
        unit, bases = said["unit"], said["entries"]
    except (ValueError, KeyError, TypeError) as error:
        raise ManifestBroken(name=MANIFEST) from error
    if not isinstance(bases, dict) or not isinstance(unit, str | None):
        raise ManifestBroken(name=MANIFEST)
    return unit, {str(name): str(base) for name, base in bases.items()}


def _media_path(attachment: Attachment) -> str:
    return f"{content.MEDIA_FOLDER}/{content.media_file(attachment)}"
