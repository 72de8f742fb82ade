"""Compares the msgids in the code with the Chinese catalogues: `python tools/words.py [ROOM ...]`.

Prints, per room, what is missing, unused or broken (other placeholders or tags than the source). Exits with 1 if
anything is.
"""

import importlib
import inspect
import pkgutil
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from bot.kit.errors import Refusal  # noqa: E402 - after the path is set

KEYWORDS = {"_": None, "N_": None, "plain": None, "plural": (1, 2)}
APP = "app"
"""The files beside the rooms count as one."""

CATALOGUES = ROOT / "bot" / "locale" / "zh_CN"
Message = str | tuple[str, ...]


def rooms() -> list[str]:
    """The rooms that speak to people."""
    folders = (folder for folder in (ROOT / "bot").iterdir() if (folder / "__init__.py").exists())
    return [APP, *sorted(folder.name for folder in folders if folder.name not in ("migrations", "sandbox"))]


def used(room: str) -> set[Message]:
    """The msgids of a room: calls of the marking functions, and the docstrings of its refusals."""
    found: set[Message] = set()
    folder, methods = ROOT / "bot" / room, [("**.py", "python")]
    if room == APP:
        folder, methods = ROOT / "bot", [("*.py", "python")]
    for _, _, message, _, _ in extract_from_dir(str(folder), methods, keywords=KEYWORDS):
        found.add(_forms(message))
    return found | set(_refusals(room))


def _refusals(room: str) -> Iterator[str]:
    for name in _modules(room):
        module = importlib.import_module(name)
        for _, kind in inspect.getmembers(module, inspect.isclass):
            if issubclass(kind, Refusal) and kind.__module__ == name:
                yield kind.message


def _modules(room: str) -> list[str]:
    if room == APP:
        return [f"bot.{path.stem}" for path in (ROOT / "bot").glob("[a-z]*.py")]
    package = importlib.import_module(f"bot.{room}")
    return [info.name for info in pkgutil.walk_packages(package.__path__, f"bot.{room}.")]


def catalogue(room: str) -> dict[Message, tuple[str, ...]]:
    """The msgids of a room's catalogue with their Chinese, one text for each plural form; empty: not translated."""
    path = CATALOGUES / f"{room}.po"
    if not path.exists():
        return {}
    with path.open("rb") as source:
        read = read_po(source, locale="zh_CN", abort_invalid=True)
    return {_forms(entry.id): () if entry.fuzzy else _texts(entry.string) for entry in read if entry.id}


def _forms(message: str | Sequence[str]) -> Message:
    return message if isinstance(message, str) else tuple(message)


def _texts(string: str | Sequence[str] | None) -> tuple[str, ...]:
    texts = (string,) if isinstance(string, str) else tuple(string or ())
    return texts if all(texts) else ()


def complaints(room: str) -> list[str]:
    """What is wrong with a room's catalogue, one sentence each."""
    wanted, said = used(room), catalogue(room)
    found = [f"missing: {message!r}" for message in sorted(wanted - set(said), key=str)]
    found += [f"unused: {message!r}" for message in sorted(set(said) - wanted, key=str)]
    for message, texts in said.items():
        if not texts:
            found.append(f"untranslated: {message!r}")
        shapes = {_shape(source) for source in ((message,) if isinstance(message, str) else message)}
        found += [
            f"other placeholders or tags: {message!r} -> {text!r}"
            for text in texts
            if _shape(text) not in shapes
        ]
    return found


def clashes() -> list[str]:
    """Msgids that two rooms translate differently: the catalogues are read as one, so only one would be seen."""
    seen: dict[Message, tuple[str, tuple[str, ...]]] = {}
    found = []
    for room in rooms():
        for message, texts in catalogue(room).items():
            other, first = seen.setdefault(message, (room, texts))
            if texts != first:
                found.append(f"{room}: {message!r} is translated differently in {other}")
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
