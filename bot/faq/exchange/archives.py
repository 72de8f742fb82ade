"""Zip files and folders as plain files by name: read with care, for anybody may send one."""

import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from bot.faq import content
from bot.kit.errors import Refusal

MOST_FILES = 5_000
MOST_UNPACKED = 100 * 1024 * 1024
_ENCRYPTED = 0x1
_IN_UTF_8 = 0x800
_AT_THE_SAME_TIME = (1980, 1, 1, 0, 0, 0)
"""The same entries make the same file."""


class Damaged(Refusal):
    """I cannot open this file; it seems incomplete. Please pack or save it anew and send it again."""


class WithPassword(Refusal):
    """This file has a password. Please pack it without one and send it again."""


class TooManyFiles(Refusal):
    """There are more than {count} files in this one. Please divide it."""


class TooMuchInIt(Refusal):
    """Unpacked, this file is larger than {size} MB. Please divide it, or leave large videos out."""


class PathWrong(Refusal):
    """A file in it is called {name}, which leads out of the folder. Please pack the folder itself anew."""


class FileTwice(Refusal):
    """Two files in it are called {name}. Please keep one of them."""


def check(archive: zipfile.ZipFile) -> None:
    """A `Refusal` for what is not to be unpacked, found without unpacking it."""
    listed = archive.infolist()
    if len(listed) > MOST_FILES:
        raise TooManyFiles(count=MOST_FILES)
    # No member unpacks to more than it says: zipfile stops there, and its checksum is then wrong.
    if sum(member.file_size for member in listed) > MOST_UNPACKED:
        raise TooMuchInIt(size=MOST_UNPACKED // 1024**2)
    for member in listed:
        if member.flag_bits & _ENCRYPTED:
            raise WithPassword
        name = member.filename.replace("\\", "/")
        if name.startswith("/") or ":" in name.split("/", 1)[0] or ".." in name.split("/"):
            raise PathWrong(name=name)


def opened(packed: bytes) -> zipfile.ZipFile:
    """The archive, checked; `Damaged` for what is none."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(packed))
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise Damaged from error
    check(archive)
    return archive


def unpacked(packed: bytes) -> Mapping[str, bytes]:
    """The content's files of an archive, by folder and name ('entries/login-sms.zh.md'), wherever in it the content's
    folder is. Markdown files that stand in none of the folders count as entries.
    """
    files: dict[str, bytes] = {}
    with opened(packed) as archive:
        for member in archive.infolist():
            path = PurePosixPath(_name(member).replace("\\", "/"))
            place = None if member.is_dir() else _place(path)
            if place is None:
                continue
            if place in files:
                raise FileTwice(name=path.name)
            try:
                files[place] = archive.read(member)
            except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError) as error:
                raise Damaged from error
    return files


def packed(files: Mapping[str, bytes]) -> bytes:
    """A zip file with these files."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        for name, content_ in files.items():
            member = zipfile.ZipInfo(name, _AT_THE_SAME_TIME)
            member.external_attr = 0o644 << 16
            # Pictures and videos are compressed already.
            stored = name.startswith(f"{content.MEDIA_FOLDER}/")
            archive.writestr(member, content_, zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)
    return into.getvalue()


def in_folder(folder: Path) -> Mapping[str, bytes]:
    """The content's files of a folder, as `unpacked` names them; `content.FolderMissing` where there is none."""
    if not folder.is_dir():
        raise content.FolderMissing(folder=folder)
    return {
        f"{name}/{path.name}" if name else path.name: path.read_bytes()
        for name, pattern in _patterns()
        for path in sorted((folder / name).glob(pattern))
        if path.is_file()
    }


def into_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content_ in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content_)


MANIFEST = "zhibu.json"
"""Says whose entries were exported, and what each of them was then."""


def _patterns() -> Iterable[tuple[str, str]]:
    yield from ((name, "*.md") for name in content.FOLDERS)
    yield content.MEDIA_FOLDER, "*"
    yield "", MANIFEST


def _place(path: PurePosixPath) -> str | None:
    """The name of a member that is content; None for what is not ours."""
    if path.name.startswith(".") or "__MACOSX" in path.parts or "steps" in path.parts[:-1]:
        return None
    if content.MEDIA_FOLDER in path.parts[:-1]:
        return f"{content.MEDIA_FOLDER}/{path.name}"
    if path.name == MANIFEST:
        return MANIFEST
    if path.suffix.lower() != ".md":
        return None
    folder = next((name for name in content.FOLDERS if name in path.parts[:-1]), content.FOLDERS[1])
    return f"{folder}/{path.name}"


def _name(member: zipfile.ZipInfo) -> str:
    """Windows writes names in the computer's own code page, macOS in UTF-8 without saying so."""
    if member.flag_bits & _IN_UTF_8:
        return member.filename
    raw = member.filename.encode("cp437", errors="replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")
