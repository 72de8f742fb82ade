"""What somebody types into Telegram, made into the content's small Markdown (`bot.faq.markup`).

Bold text, links and lists are kept; other formatting becomes plain text. No word is ever lost.
"""

import dataclasses
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from telegram import MessageEntity

_BULLET = re.compile(r"\s*[•●▪◦‣·]\s+")
_ADDRESS = re.compile(r"(?:https?|tg)://\S+")
_IN_ADDRESS = {" ": "%20", "(": "%28", ")": "%29", "<": "%3C", ">": "%3E", '"': "%22"}


@dataclasses.dataclass(frozen=True, slots=True)
class _Look:
    """How a character is formatted."""

    bold: bool = False
    link: int | None = None
    """The place of its link among the entities: two links side by side are not one."""
    address: str = ""


def to_markup(text: str, entities: Sequence[MessageEntity] = ()) -> str:
    """The text with its formatting as Markdown. Offsets of entities are in UTF-16 code units, as Telegram counts."""
    looks = _looks(text, entities)
    lines: list[str] = []
    at = 0
    for line in text.split("\n"):
        lines.append(_line(line, looks[at : at + len(line)]))
        at += len(line) + 1
    return "\n".join(lines).strip()


def _looks(text: str, entities: Sequence[MessageEntity]) -> Sequence[_Look]:
    """The look of every character."""
    place_of = _places(text)
    looks = [_Look()] * len(text)
    for number, entity in enumerate(entities):
        end = min(entity.offset + entity.length, len(place_of) - 1)
        for place in range(place_of[min(entity.offset, end)], place_of[end]):
            if entity.type == MessageEntity.BOLD:
                looks[place] = dataclasses.replace(looks[place], bold=True)
            elif entity.type == MessageEntity.TEXT_LINK and entity.url:
                looks[place] = dataclasses.replace(looks[place], link=number, address=entity.url)
    return looks


def _places(text: str) -> Sequence[int]:
    """For each UTF-16 offset, and the end, the character it falls on."""
    places: list[int] = []
    for place, character in enumerate(text):
        places += [place] * (2 if ord(character) > 0xFFFF else 1)
    return [*places, len(text)]


def _line(line: str, looks: Sequence[_Look]) -> str:
    prefix = ""
    if bullet := _BULLET.match(line):
        prefix = "- "
        line, looks = line[bullet.end() :], looks[bullet.end() :]
    parts = groupby(_parts(line, looks), key=lambda part: part[0])
    return prefix + "".join(_bold("".join(text for _, text in run), bold) for bold, run in parts)


def _parts(line: str, looks: Sequence[_Look]) -> Iterator[tuple[bool, str]]:
    """The line in pieces, links written out, each with whether it is bold. A link is bold as a whole or not at all."""
    for link, characters in groupby(zip(line, looks, strict=True), key=lambda each: each[1].link):
        piece = list(characters)
        if link is None:
            for bold, run in groupby(piece, key=lambda each: each[1].bold):
                yield bold, _text(run)
        else:
            yield all(look.bold for _, look in piece), _link(_text(piece), piece[0][1].address)


def _text(characters: Iterable[tuple[str, _Look]]) -> str:
    return "".join(character for character, _ in characters)


def _link(label: str, address: str) -> str:
    if label == address:
        return label
    written = "".join(_IN_ADDRESS.get(character, character) for character in address)
    if not label.strip() or any(bracket in label for bracket in "[]") or not _ADDRESS.fullmatch(written):
        return f"{label} {address}"
    return f"[{label}]({written})"


def _bold(text: str, bold: bool) -> str:
    inner = text.strip()
    if not bold or not inner or "**" in inner:
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}**{inner}**{after}"
