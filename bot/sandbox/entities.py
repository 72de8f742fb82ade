"""Formatted text as it comes in and as it is kept: explicit entities, detected entities, lengths."""

import re
from dataclasses import dataclass
from typing import Any

from bot.sandbox.errors import bad_request
from bot.sandbox.html_markup import Entity, parse_html, utf16

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_ENTITIES = 100
MAX_INPUT_BYTES = 1 << 15

_EXPLICIT = {
    "bold": (),
    "italic": (),
    "underline": (),
    "strikethrough": (),
    "spoiler": (),
    "blockquote": (),
    "expandable_blockquote": (),
    "code": (),
    "pre": ("language",),
    "text_link": ("url",),
    "text_mention": ("user",),
    "custom_emoji": ("custom_emoji_id",),
}
_AUTOMATIC = {
    "mention",
    "hashtag",
    "cashtag",
    "bot_command",
    "url",
    "email",
    "phone_number",
    "bank_card_number",
}
_CLOSED = {"pre", "code", "text_link", "text_mention"}
"""Within these Telegram detects nothing."""

_DETECTABLE = re.compile(r"[/@#.]")
_PATTERNS = (
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])")),
    (
        "email",
        re.compile(r"(?<![\w.+-])[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"),
    ),
    (
        "url",
        re.compile(
            r"(?:https?://[^\s<>\"“”‘’，。；：！？、（）《》]+)"
            r"|(?<![\w@.-])(?:[A-Za-z0-9-]+\.)+(?:com|cn|org|net|gov|edu|io|me|info|ru|dev|app|xyz)"
            r"(?![A-Za-z0-9_-])(?:/[^\s<>\"“”‘’，。；：！？、（）《》]*)?"
        ),
    ),
    ("mention", re.compile(r"(?<!\w)@[A-Za-z0-9_]{2,32}(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w#])#(?=\w*[^\W\d_])\w{1,256}(?![\w#])")),
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")


@dataclass(slots=True)
class Formatted:
    """Text with its entities as a Message carries them (offsets in UTF-16 units)."""

    text: str
    entities: list[Entity]


def formatted(text: str, parse_mode: str | None, explicit: list[Any] | None) -> Formatted:
    """What a bot's text becomes: parsed, checked, trimmed, with commands and links found."""
    if len(text if text.isascii() else text.encode()) > MAX_INPUT_BYTES:
        raise bad_request("text is too long")
    mode = (parse_mode or "none").lower()
    if mode == "html":
        text, entities = parse_html(text)
    elif mode == "none":
        entities = checked(text, explicit) if explicit else []
    elif mode in ("markdown", "markdownv2"):
        raise bad_request(f"the sandbox reads parse_mode HTML only, not {parse_mode}")
    else:
        raise bad_request("unsupported parse_mode")
    if len(entities) > MAX_ENTITIES:
        raise bad_request("ENTITIES_TOO_LONG")
    return found_in(_trimmed(_CONTROL.sub(" ", text), entities))


def checked(text: str, explicit: list[Any]) -> list[Entity]:
    """Entities given by the bot, each refused as Telegram refuses it; sorted."""
    units = text.encode("utf-16-le")
    length = len(units) // 2
    entities: list[Entity] = []
    for given in explicit:
        entity = _explicit(given)
        if entity is None:
            continue
        start, stop = entity["offset"], entity["offset"] + entity["length"]
        if stop > length:
            raise bad_request(
                f"entity beginning at UTF-16 offset {start} ends after the end of the text at UTF-16 offset {stop}"
            )
        for place, verb in ((start, "begins"), (stop, "ends")):
            if place < length and 0xDC <= units[place * 2 + 1] <= 0xDF:
                before = len(units[: place * 2 - 2].decode("utf-16-le").encode())
                raise bad_request(f"entity {verb} in a middle of a UTF-16 symbol at byte offset {before}")
        entities.append(entity)
    entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return entities


def _wrong(reason: str) -> Exception:
    return bad_request(f"can't parse MessageEntity: {reason}")


def _number(given: Entity, name: str) -> None:
    if name not in given:
        raise _wrong(f'Can\'t find field "{name}"')
    if isinstance(given[name], bool) or not isinstance(given[name], int):
        raise _wrong(f'Field "{name}" must be of type Number')


def _explicit(given: Any) -> Entity | None:
    """One given entity; None for those that Telegram passes over (found by itself, or empty)."""
    if not isinstance(given, dict):
        raise _wrong("expected an Object")
    _number(given, "offset")
    _number(given, "length")
    kind = given.get("type")
    if kind in _AUTOMATIC:
        return None
    if kind not in _EXPLICIT:
        raise _wrong("Unsupported type specified")
    wanted = _EXPLICIT[kind]
    for name in wanted:
        if name not in given and name != "language":
            raise _wrong(f'Can\'t find field "{name}"')
        expected = dict if name == "user" else str
        if name in given and not isinstance(given[name], expected):
            raise _wrong(f'Field "{name}" must be of type {"Object" if expected is dict else "String"}')
    if given["offset"] < 0 or given["length"] <= 0:
        return None
    entity: Entity = {"type": kind, "offset": given["offset"], "length": given["length"]}
    entity |= {name: given[name] for name in wanted if given.get(name)}
    if kind == "text_mention":
        entity["user_id"] = entity.pop("user").get("id")
    return entity


def _trimmed(text: str, entities: list[Entity]) -> Formatted:
    """Without the white space around, which Telegram drops; entities follow."""
    stripped = text.rstrip()
    lead = len(stripped) - len(stripped.lstrip())
    if entities and lead:
        lead = min(lead, entities[0]["offset"])
    if lead == 0 and len(stripped) == len(text):
        return Formatted(text, entities)
    result = stripped[lead:]
    end = utf16(result)
    kept: list[Entity] = []
    for entity in entities:
        start = max(0, entity["offset"] - lead)
        stop = min(end, entity["offset"] + entity["length"] - lead)
        if stop > start:
            kept.append(entity | {"offset": start, "length": stop - start})
    return Formatted(result, kept)


def found_in(formatted_text: Formatted) -> Formatted:
    """With the commands, links, mentions and hashtags that Telegram finds in any text."""
    text = formatted_text.text
    if not _DETECTABLE.search(text):
        return formatted_text
    taken = [
        (entity["offset"], entity["offset"] + entity["length"])
        for entity in formatted_text.entities
        if entity["type"] in _CLOSED
    ]
    found: list[Entity] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            covered = match[0].rstrip(".,;:!?)'\"") if kind == "url" else match[0]
            start = utf16(text[: match.start()])
            stop = start + utf16(covered)
            if covered and all(stop <= begin or start >= end for begin, end in taken):
                taken.append((start, stop))
                found.append({"type": kind, "offset": start, "length": stop - start})
    if not found:
        return formatted_text
    entities = [*formatted_text.entities, *found]
    entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return Formatted(text, entities)
