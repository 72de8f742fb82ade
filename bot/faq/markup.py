"""The small Markdown the content is written in, made into Telegram's HTML.

Paragraphs, bulleted (`- `) and numbered (`1. `) lists, `**bold**`, `[label](https://…)`. Everything else is text.
"""

import re
from collections.abc import Mapping
from html import unescape

from markupsafe import Markup, escape

LIMIT = 4096
"""Telegram: a message's text after its markup is parsed, in UTF-16 code units."""

_FACT = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_BULLET = re.compile(r"\s*[-*]\s+(.*)")
_NUMBER = re.compile(r"\s*(\d{1,3})[.)]\s+(.*)")
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_LINK = re.compile(r"\[([^\[\]]+)\]\(((?:https?|tg)://[^\s()<>\"]+)\)")
_TAG = re.compile(r"<[^>]*>")


def facts_in(body: str) -> set[str]:
    """The names of the facts a text refers to."""
    return set(_FACT.findall(body))


def fill(body: str, facts: Mapping[str, str]) -> str:
    """The text with its facts; a name nobody declared stays as it is."""
    return _FACT.sub(lambda found: facts.get(found[1], found[0]), body)


def render(body: str, facts: Mapping[str, str]) -> Markup:
    """Telegram HTML for a text: facts filled in, everything escaped, only `<b>` and `<a href>` as tags."""
    lines: list[Markup] = []
    for line in fill(body, facts).splitlines():
        rendered = _line(line.rstrip())
        if rendered or (lines and lines[-1]):  # blank lines part paragraphs; more than one says no more
            lines.append(rendered)
    return Markup("\n").join(lines).strip()


def visible_length(html: str) -> int:
    """What Telegram counts against its limit: UTF-16 code units of the text without its tags."""
    return len(unescape(_TAG.sub("", html)).encode("utf-16-le")) // 2


def _line(line: str) -> Markup:
    if bullet := _BULLET.fullmatch(line):
        return Markup("• ") + _bold(bullet[1])
    if number := _NUMBER.fullmatch(line):
        return Markup("{}. ").format(number[1]) + _bold(number[2])
    return _bold(line)


def _bold(text: str) -> Markup:
    parts = _BOLD.split(text)  # plain, bold, plain, bold, …
    return Markup().join(
        Markup("<b>{}</b>").format(_links(part)) if odd % 2 else _links(part)
        for odd, part in enumerate(parts)
    )


def _links(text: str) -> Markup:
    done = Markup()
    at = 0
    for link in _LINK.finditer(text):
        done += escape(text[at : link.start()]) + Markup('<a href="{}">{}</a>').format(link[2], link[1])
        at = link.end()
    return done + escape(text[at:])
