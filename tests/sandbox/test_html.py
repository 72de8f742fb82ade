"""HTML as Telegram parses it: entities in UTF-16 units, complaints with byte offsets."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.entities import Formatted, formatted, found_in
from bot.sandbox.errors import ApiError
from bot.sandbox.html_markup import parse_html, to_html, utf16


def entity(kind: str, offset: int, length: int, **more: Any) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length, **more}


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("您好 <b>王梅</b>", "您好 王梅", [entity("bold", 3, 2)]),
        ("😀<i>a</i>", "😀a", [entity("italic", 2, 1)]),
        (
            "<b>a<i>b</i></b><u>c</u>",
            "abc",
            [entity("bold", 0, 2), entity("italic", 1, 1), entity("underline", 2, 1)],
        ),
        ("<B>a</b>", "a", [entity("bold", 0, 1)]),
        ("a &lt;b&gt; &amp; &quot; &#21271; &#x5317;", 'a <b> & " 北 北', []),
        ("&nbsp;&copy", "&nbsp;&copy", []),
        ("fish & chips", "fish & chips", []),
        ("<b></b>x", "x", []),
        ('<a href="https://example.org/a?b=1&amp;c=2">x</a>', "x", "https://example.org/a?b=1&c=2"),
        ("<a href='example.org'>x</a>", "x", "http://example.org/"),
        ("<a>https://example.org/x</a>", "https://example.org/x", "https://example.org/x"),
        ('<a href="nowhere">x</a>', "x", []),
        ('<a href="tg://user?id=501">x</a>', "x", [entity("text_mention", 0, 1, user_id=501)]),
        ('<span class="tg-spoiler">x</span>', "x", [entity("spoiler", 0, 1)]),
        ("<tg-spoiler>x</tg-spoiler>", "x", [entity("spoiler", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [entity("expandable_blockquote", 0, 1)]),
        (
            '<pre><code class="language-python">x</code></pre>',
            "x",
            [entity("pre", 0, 1, language="python")],
        ),
        ("<code>x</code>", "x", [entity("code", 0, 1)]),
        ("<b>x</>", "x", [entity("bold", 0, 1)]),
    ],
)
def test_what_html_becomes(source: str, text: str, entities: Any) -> None:
    if isinstance(entities, str):
        entities = [entity("text_link", 0, utf16(text), url=entities)]
    assert parse_html(source) == (text, entities)


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("<x>a</x>", 'Unsupported start tag "x" at byte offset 0'),
        ("您好<br>", 'Unsupported start tag "br" at byte offset 6'),
        ("1 < 2 > 1", 'Unsupported start tag "" at byte offset 2'),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b><i>a</i>", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        (
            "<a href>x</a>",
            'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0',
        ),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<a href=", 'Unclosed start tag "a" at byte offset 0'),
        ("<a href=x/y>x</a>", "Unexpected end of name token at byte offset 8"),
        ("<a =x>x</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_what_html_is_refused_for(source: str, complaint: str) -> None:
    with pytest.raises(ApiError) as refused:
        parse_html(source)
    assert refused.value.description == f"Bad Request: can't parse entities: {complaint}"


PLAIN = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/@#."), max_size=12)
TAG = st.sampled_from(["b", "i", "u", "s", "code", "blockquote", "tg-spoiler"])
KINDS = {
    "b": "bold",
    "i": "italic",
    "u": "underline",
    "s": "strikethrough",
    "code": "code",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
}


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@given(st.lists(st.tuples(PLAIN, TAG, PLAIN), max_size=6))
def test_every_entity_covers_its_text_in_utf16_units(pieces: list[tuple[str, str, str]]) -> None:
    source = "".join(f"{escaped(before)}<{tag}>{escaped(inside)}</{tag}>" for before, tag, inside in pieces)
    text, entities = parse_html(source)
    assert text == "".join(before + inside for before, _, inside in pieces)
    units = text.encode("utf-16-le")
    covered = [
        (e["type"], units[e["offset"] * 2 : (e["offset"] + e["length"]) * 2].decode("utf-16-le"))
        for e in entities
    ]
    assert covered == [(KINDS[tag], inside) for _, tag, inside in pieces if inside]


@given(st.lists(st.tuples(PLAIN, TAG, PLAIN), max_size=6))
def test_rendered_html_parses_back_to_the_same(pieces: list[tuple[str, str, str]]) -> None:
    source = "".join(f"{escaped(before)}<{tag}>{escaped(inside)}</{tag}>" for before, tag, inside in pieces)
    text, entities = parse_html(source)
    assert parse_html(to_html(text, entities)) == (text, entities)


@given(st.text(max_size=60))
def test_any_text_is_parsed_or_refused_and_never_breaks(source: str) -> None:
    try:
        result = formatted(source, "HTML", None)
    except ApiError as refused:
        assert refused.code == 400  # noqa: PT017 - either outcome is right; only the way of refusing is checked
        return
    length = utf16(result.text)
    for found in result.entities:
        assert 0 <= found["offset"] < found["offset"] + found["length"] <= length


def test_markup_in_text_is_shown_and_not_run() -> None:
    assert to_html('<img src=x onerror="a">', []) == "&lt;img src=x onerror=&#34;a&#34;&gt;"
    link = entity("text_link", 0, 1, url='https://example.org/"onmouseover="a')
    assert 'a href="https://example.org/&#34;onmouseover=&#34;a"' in to_html("x", [link])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/start abc", [("bot_command", "/start")]),
        ("看 /help@zhibu_bot 。", [("bot_command", "/help@zhibu_bot")]),
        ("https://example.org/a?b=c。好", [("url", "https://example.org/a?b=c")]),
        ("去 example.org 看", [("url", "example.org")]),
        ("找 @zhibu_bot", [("mention", "@zhibu_bot")]),
        ("#党费 #1", [("hashtag", "#党费")]),
        ("a@example.org", [("email", "a@example.org")]),
        ("和/或 1/2 2.5", []),
    ],
)
def test_what_telegram_finds_by_itself(text: str, found: list[tuple[str, str]]) -> None:
    units = text.encode("utf-16-le")
    entities = found_in(Formatted(text, [])).entities
    assert [
        (e["type"], units[e["offset"] * 2 : (e["offset"] + e["length"]) * 2].decode("utf-16-le"))
        for e in entities
    ] == found


def test_nothing_is_found_inside_code_and_links() -> None:
    result = formatted("<code>/start</code> <a href='https://example.org'>@abc</a>", "HTML", None)
    assert [found["type"] for found in result.entities] == ["code", "text_link"]


def test_white_space_outside_entities_is_dropped_and_they_follow() -> None:
    result = formatted("  \n<b> x </b>\n ", "HTML", None)
    assert (result.text, result.entities) == (" x", [entity("bold", 0, 2)])
