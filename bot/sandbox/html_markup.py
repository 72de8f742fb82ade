"""Telegram's HTML: parsing of `parse_mode=HTML` with Telegram's own complaints, and rendering back.

The grammar and the wording of errors follow https://core.telegram.org/bots/api#html-style and what the
official server answers. Offsets in errors are bytes of the UTF-8 text, offsets of entities UTF-16 units.
"""

import re
from dataclasses import dataclass
from typing import Any

from markupsafe import escape

from bot.sandbox.errors import bad_request
from bot.sandbox.links import checked_link, mentioned_user

Entity = dict[str, Any]

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "blockquote": "blockquote",
    "pre": "pre",
    "code": "code",
    "a": "text_link",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_SPACE = " \t\r\n\v\f"
_SPECIAL = re.compile(r"[<&]")
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,7})|#([0-9]{1,8})|([a-zA-Z]+));?")
_TAG_END = re.compile(r"[\s>]")
_ATTRIBUTE_END = re.compile(r"[\s=>]")
_TOKEN = re.compile(r"[A-Za-z0-9.-]*")


def utf16(text: str) -> int:
    """Length in UTF-16 code units, the unit of Telegram's offsets."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str
    offset: int
    start: int


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.parts: list[str] = []
        self.offset = 0
        self.entities: list[Entity] = []
        self.open: list[_Open] = []

    def run(self) -> tuple[str, list[Entity]]:
        source, position = self.source, 0
        while True:
            found = _SPECIAL.search(source, position)
            if found is None:
                self._emit(source[position:])
                break
            self._emit(source[position : found.start()])
            position = found.start()
            if source[position] == "&":
                character, position = self._reference(position)
                self._emit(character)
            elif source.startswith("</", position):
                position = self._end_tag(position)
            else:
                position = self._start_tag(position)
        if self.open:
            raise self._error(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return "".join(self.parts), self.entities

    def _emit(self, text: str) -> None:
        if text:
            self.parts.append(text)
            self.offset += utf16(text)

    def _error(self, reason: str, position: int | None = None) -> Exception:
        where = "" if position is None else f" at byte offset {len(self.source[:position].encode())}"
        return bad_request(f"can't parse entities: {reason}{where}")

    def _reference(self, position: int) -> tuple[str, int]:
        """The character that a reference at `position` stands for, and where to go on; "&" if it is none."""
        found = _REFERENCE.match(self.source, position)
        if found is None:
            return "&", position + 1
        hexadecimal, decimal, name = found.groups()
        if name is not None:
            character = _NAMED.get(name)
        else:
            code = int(hexadecimal, 16) if hexadecimal else int(decimal)
            character = chr(code) if 0 < code < 0x10FFFF and not 0xD800 <= code <= 0xDFFF else None
        return ("&", position + 1) if character is None else (character, found.end())

    def _skip_space(self, position: int) -> int:
        while position < len(self.source) and self.source[position] in _SPACE:
            position += 1
        return position

    def _start_tag(self, begin: int) -> int:
        source = self.source
        end = _TAG_END.search(source, begin + 1)
        if end is None:
            raise self._error("Unclosed start tag", begin)
        tag = source[begin + 1 : end.start()].lower()
        if tag not in TAGS:
            raise self._error(f'Unsupported start tag "{tag}"', begin)
        argument = ""
        position = self._skip_space(end.start())
        while source[position : position + 1] != ">":
            name, value, position = self._attribute(tag, begin, position)
            argument = self._argument(tag, name, value) or argument
            position = self._skip_space(position)
        if tag == "span" and argument != "spoiler":
            raise self._error('Tag "span" must have class "tg-spoiler"', begin)
        if tag == "tg-emoji" and not argument.isdecimal():
            raise self._error("Invalid custom emoji identifier specified")
        self.open.append(_Open(tag, argument, self.offset, len(self.parts)))
        return position + 1

    def _attribute(self, tag: str, begin: int, position: int) -> tuple[str, str, int]:
        """Name, value and the position after one attribute."""
        source = self.source
        end = _ATTRIBUTE_END.search(source, position)
        if end is None:
            raise self._error("Unclosed start tag", begin)
        name = source[position : end.start()]
        if not name:
            raise self._error(f'Empty attribute name in the tag "{tag}"', begin)
        after = self._skip_space(end.start())
        if source[after : after + 1] != "=":
            if tag == "blockquote" and name == "expandable":
                return name, "", after
            raise self._error(f'Expected equal sign in declaration of an attribute of the tag "{tag}"', begin)
        position = self._skip_space(after + 1)
        if position >= len(source):
            raise self._error(f'Unclosed start tag "{tag}"', begin)
        if source[position] in "'\"":
            value, position = self._quoted(position)
        else:
            token = _TOKEN.match(source, position)
            stop = position if token is None else token.end()
            value = source[position:stop].lower()
            if stop < len(source) and source[stop] not in _SPACE + ">":
                raise self._error("Unexpected end of name token", position)
            position = stop
        if position >= len(source):
            raise self._error("Unclosed start tag", begin)
        return name, value, position

    def _quoted(self, position: int) -> tuple[str, int]:
        source, quote = self.source, self.source[position]
        position += 1
        value: list[str] = []
        while position < len(source) and source[position] != quote:
            if source[position] == "&":
                character, position = self._reference(position)
                value.append(character)
            else:
                value.append(source[position])
                position += 1
        return "".join(value), position + 1

    @staticmethod
    def _argument(tag: str, name: str, value: str) -> str:
        match tag, name:
            case ("a", "href") | ("tg-emoji", "emoji-id"):
                return value
            case ("code", "class") if value.startswith("language-"):
                return value.removeprefix("language-")
            case ("span", "class") if value.startswith("tg-"):
                return value.removeprefix("tg-")
            case ("blockquote", "expandable"):
                return "expandable"
        return ""

    def _end_tag(self, begin: int) -> int:
        if not self.open:
            raise self._error("Unexpected end tag", begin)
        end = _TAG_END.search(self.source, begin + 2)
        if end is None:
            raise self._error("Unclosed end tag", begin)
        tag = self.source[begin + 2 : end.start()].lower()
        position = self._skip_space(end.start())
        if self.source[position : position + 1] != ">":
            raise self._error("Unclosed end tag", begin)
        opened = self.open[-1]
        if tag and tag != opened.tag:
            where = len(self.source[:begin].encode())
            raise self._error(
                f'Unmatched end tag at byte offset {where}, expected "</{opened.tag}>", found "</{tag}>"'
            )
        self.open.pop()
        if self.offset > opened.offset:
            self._close(opened)
        return position + 1

    def _close(self, opened: _Open) -> None:
        kind = TAGS[opened.tag]
        entity: Entity = {"type": kind, "offset": opened.offset, "length": self.offset - opened.offset}
        if kind == "text_link":
            target = opened.argument or "".join(self.parts[opened.start :])
            user_id = mentioned_user(target)
            url = checked_link(target)
            if user_id is not None:
                entity |= {"type": "text_mention", "user_id": user_id}
            elif url is not None:
                entity["url"] = url
            else:
                return
        elif kind == "custom_emoji":
            entity["custom_emoji_id"] = opened.argument
        elif kind == "blockquote" and opened.argument:
            entity["type"] = "expandable_blockquote"
        elif kind in ("pre", "code") and self._merges(entity, opened):
            return
        if kind == "code" and opened.argument:
            entity["language"] = opened.argument
        self.entities.append(entity)

    def _merges(self, outer: Entity, opened: _Open) -> bool:
        """Whether <pre><code class="language-…"> (or the reverse) around the same text became one entity."""
        if not self.entities:
            return False
        inner = self.entities[-1]
        if (inner["offset"], inner["length"]) != (outer["offset"], outer["length"]):
            return False
        language = inner.get("language") or opened.argument
        if {inner["type"], outer["type"]} == {"pre", "code"} and language:
            inner |= {"type": "pre", "language": language}
            return True
        return False


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Plain text and entities, sorted as Telegram sorts them; an ApiError for what Telegram cannot parse."""
    if "<" not in source and "&" not in source:
        return source, []
    text, entities = _Parser(source).run()
    for entity in entities:
        if entity["type"] == "code":
            entity.pop("language", None)
    return text, entities


_RENDERED = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "underline": ("<u>", "</u>"),
    "strikethrough": ("<s>", "</s>"),
    "spoiler": ('<span class="tg-spoiler">', "</span>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ("<blockquote expandable>", "</blockquote>"),
    "code": ("<code>", "</code>"),
    "pre": ("<pre>", "</pre>"),
}


def _rendered(entity: Entity, covered: str) -> tuple[str, str]:
    kind = entity["type"]
    if kind == "pre" and entity.get("language"):
        return f'<pre><code class="language-{escape(entity["language"])}">', "</code></pre>"
    if kind == "text_link":
        return f'<a href="{escape(entity["url"])}">', "</a>"
    if kind == "text_mention":
        return f'<a href="tg://user?id={entity["user"]["id"]}">', "</a>"
    if kind == "url":
        url = checked_link(covered)
        return ("", "") if url is None else (f'<a href="{escape(url)}">', "</a>")
    return _RENDERED.get(kind, ("", ""))


def to_html(text: str, entities: list[Entity]) -> str:
    """HTML that shows the text as Telegram would: its tags only, everything else escaped."""
    if not entities:
        return str(escape(text))
    units = text.encode("utf-16-le", "surrogatepass")

    def piece(start: int, stop: int) -> str:
        return units[start * 2 : stop * 2].decode("utf-16-le", "replace")

    marks: list[tuple[int, int, int, str]] = []
    for index, entity in enumerate(entities):
        start, stop = entity["offset"], entity["offset"] + entity["length"]
        opening, closing = _rendered(entity, piece(start, stop))
        # At one place: what ends comes before what begins; the longer begins first and ends last.
        marks.append((start, 1, index, opening))
        marks.append((stop, 0, -index, closing))
    marks.sort()
    result: list[str] = []
    position = 0
    for place, _, _, mark in marks:
        result.extend((str(escape(piece(position, place))), mark))
        position = place
    result.append(str(escape(piece(position, len(units) // 2))))
    return "".join(result)
