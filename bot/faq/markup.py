"""The small Markdown the content is written in, made into Telegram's HTML.

Paragraphs, bulleted (`- `) and numbered (`1. `) lists, `**bold**`, `[label](https://…)`. Everything else is text.

A bold line with phones in brackets, as in `**iPhone** [iphone]`, makes itself and the paragraph or list below it a part
for these phones.
"""

import re
from collections.abc import Mapping
from html import unescape

from markupsafe import Markup, escape

from bot.faq.facts import UNSET
from bot.faq.model import Phone

LIMIT = 4096
"""Telegram: a message's text after its markup is parsed, in UTF-16 code units."""

_FACT = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_BULLET = re.compile(r"\s*[-*]\s+(.*)")
_NUMBER = re.compile(r"\s*(\d{1,3})[.)]\s+(.*)")
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_LINK = re.compile(r"\[([^\[\]]+)\]\(((?:https?|tg)://[^\s()<>\"]+)\)")
_SMARTPHONES = (Phone.ANDROID, Phone.IPHONE, Phone.HARMONY)
_PART = re.compile(r"(\*\*[^*]+\*\*) *\[((?:{0})(?:, *(?:{0}))*)\] *".format("|".join(_SMARTPHONES)))
_TAG = re.compile(r"<[^>]*>")


def facts_in(body: str) -> set[str]:
    """The names of the facts a text refers to."""
    return set(_FACT.findall(body))


def fill(body: str, facts: Mapping[str, str]) -> str:
    """The text with its facts, without the lines that refer to one that is not set; a name nobody declared stays as it
    is.
    """
    return _FACT.sub(
        lambda found: facts.get(found[1], found[0]),
        "\n".join(
            line for line in body.splitlines() if all(facts.get(name) != UNSET for name in facts_in(line))
        ),
    )


def for_phone(body: str, phone: Phone | None) -> str:
    """The text without the parts for other phones, and without the brackets that mark parts. All parts stay where the
    phone is not known or is no smartphone of the member's own.
    """
    kept: list[str] = []
    headless = False  # whether the block to come belongs to a heading that was left out
    for block in re.split(r"\n\s*\n", body):
        heading, *below = block.split("\n")
        part = _PART.fullmatch(heading)
        if part is None:
            if not headless:
                kept.append(block)
            headless = False
        elif phone not in _SMARTPHONES or phone in part[2].replace(" ", "").split(","):
            kept.append("\n".join([part[1], *below]))
            headless = False
        else:
            headless = not below
    return "\n\n".join(kept)


def render(body: str, facts: Mapping[str, str], phone: Phone | None = None) -> Markup:
    """Telegram HTML for a text: facts filled in, the parts for this phone, everything escaped, only `<b>` and `<a href>`
    as tags.
    """
    lines: list[Markup] = []
    for line in fill(for_phone(body, phone), facts).splitlines():
        rendered = _line(line.rstrip())
        if rendered or (lines and lines[-1]):  # blank lines part paragraphs; more than one says no more
            lines.append(rendered)
    return Markup("\n").join(lines).strip()


def as_written(body: str) -> Markup:
    """Telegram HTML for a text as its keepers edit it: formatted, with facts as `{name}` and the marks of parts for some
    phones. Copied and sent back, it is the same text again.
    """
    return Markup("\n").join(_line(line.rstrip()) for line in body.splitlines())


def plain(html: str) -> str:
    """The text without its tags, as it is read."""
    return unescape(_TAG.sub("", html))


def visible_length(html: str) -> int:
    """What Telegram counts against its limits: UTF-16 code units of the text without its tags."""
    return len(plain(html).encode("utf-16-le")) // 2


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
