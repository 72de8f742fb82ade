"""Compares the msgids in the code with the Chinese catalogues: `python tools/words.py [ROOM ...]`.

Prints, per room, what is missing, unused or broken (other placeholders or tags than the source). Exits with 1 if
anything is.
"""

import importlib
import inspect
import pkgutil
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from bot.kit.errors import Refusal  # noqa: E402 - after the path is set

KEYWORDS = {"_": None, "N_": None, "plain": None, "plural": (1, 2)}
CATALOGUES = ROOT / "bot" / "locale" / "zh_CN"
Message = str | tuple[str, ...]


def rooms() -> list[str]:
    """The rooms that speak to people."""
    return sorted(
        folder.name
        for folder in (ROOT / "bot").iterdir()
        if (folder / "__init__.py").exists() and folder.name not in ("migrations", "sandbox")
    )


def used(room: str) -> set[Message]:
    """The msgids of a room: calls of the marking functions, and the docstrings of its refusals."""
    found: set[Message] = set()
    for _, _, message, _, _ in extract_from_dir(str(ROOT / "bot" / room), keywords=KEYWORDS):
        found.add(tuple(message) if isinstance(message, (tuple, list)) else message)
    return found | set(_refusals(room))


def _refusals(room: str) -> Iterator[str]:
    package = importlib.import_module(f"bot.{room}")
    for info in pkgutil.walk_packages(package.__path__, f"bot.{room}."):
        module = importlib.import_module(info.name)
        for _, kind in inspect.getmembers(module, inspect.isclass):
            if issubclass(kind, Refusal) and kind.__module__ == info.name:
                yield kind.message


def catalogue(room: str) -> Catalog:
    path = CATALOGUES / f"{room}.po"
    if not path.exists():
        return Catalog(locale="zh_CN")
    with path.open("rb") as source:
        return read_po(source, locale="zh_CN", abort_invalid=True)


def complaints(room: str) -> list[str]:
    """What is wrong with a room's catalogue, one sentence each."""
    wanted = used(room)
    said = {entry.id: entry for entry in catalogue(room) if entry.id}
    found = [f"missing: {message!r}" for message in sorted(wanted - set(said), key=str)]
    found += [f"unused: {message!r}" for message in sorted(set(said) - wanted, key=str)]
    for message, entry in said.items():
        strings = [entry.string] if isinstance(entry.string, str) else list(entry.string)
        if entry.fuzzy or not all(strings):
            found.append(f"untranslated: {message!r}")
        sources = [message] if isinstance(message, str) else list(message)
        for string in strings:
            if _shape(string) not in {_shape(source) for source in sources}:
                found.append(f"other placeholders or tags: {message!r} -> {string!r}")
    return found


def clashes() -> list[str]:
    """Msgids that two rooms translate differently: the catalogues are read as one, so only one would be seen."""
    seen: dict[Message, tuple[str, object]] = {}
    found = []
    for room in rooms():
        for entry in catalogue(room):
            if not entry.id:
                continue
            other, string = seen.setdefault(entry.id, (room, entry.string))
            if string != entry.string:
                found.append(f"{entry.id!r} is translated differently in {other}")
    return found


def _shape(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(sorted(set(re.findall(r"\{(\w+)", text)))), tuple(sorted(re.findall(r"</?\w+", text)))


def main(chosen: Iterable[str]) -> int:
    wrong = 0
    for room in chosen or rooms():
        for complaint in complaints(room):
            print(f"{room}: {complaint}")
            wrong += 1
    for clash in clashes():
        print(clash)
        wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
