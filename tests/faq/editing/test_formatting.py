"""From what Telegram hands over to the content's Markdown, and that no word is lost on the way."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import MessageEntity

from bot.faq import content, markup
from bot.faq.editing.formatting import to_markup
from bot.sandbox.html_markup import parse_html

FOLDER = Path(__file__).parents[3] / "faq"
BOLD, LINK = MessageEntity.BOLD, MessageEntity.TEXT_LINK


def entity(kind: str, text: str, part: str, url: str | None = None) -> MessageEntity:
    """An entity over a part of a text, counted as Telegram does."""
    before = text[: text.index(part)]
    return MessageEntity(
        kind, len(before.encode("utf-16-le")) // 2, len(part.encode("utf-16-le")) // 2, url=url
    )


@pytest.mark.parametrize(
    ("text", "entities", "expected"),
    [
        ("点“我的”", [(BOLD, "我的")], "点“**我的**”"),
        ("👍👍 先看 信号", [(BOLD, "信号")], "👍👍 先看 **信号**"),
        ("看 这里 再说", [(BOLD, " 这里 ")], "看 **这里** 再说"),
        ("第一行\n第二行", [(BOLD, "第一行\n第二行")], "**第一行**\n**第二行**"),
        (
            "看说明书",
            [(LINK, "说明书", "https://example.org/a(b)")],
            "看[说明书](https://example.org/a%28b%29)",
        ),
        (
            "看说明书",
            [(BOLD, "说明书"), (LINK, "说明书", "https://example.org")],
            "看**[说明书](https://example.org)**",
        ),
        ("看[图]吧", [(LINK, "[图]", "https://example.org")], "看[图] https://example.org吧"),
        ("写信给我", [(LINK, "写信", "mailto:a@example.org")], "写信 mailto:a@example.org给我"),
        ("• 安卓\n• 苹果", [], "- 安卓\n- 苹果"),
        ("1. 点开\n2. 登录", [], "1. 点开\n2. 登录"),
        ("斜的划掉的代码", [(MessageEntity.ITALIC, "斜的"), (MessageEntity.CODE, "代码")], "斜的划掉的代码"),
        ("  前后空白  \n", [], "前后空白"),
        ("苹果手机 [iphone]", [(BOLD, "苹果手机")], "**苹果手机** [iphone]"),
        ("交给{app_name}", [], "交给{app_name}"),
        ("空", [(BOLD, "空"), (BOLD, "空")], "**空**"),
    ],
)
def test_formatting_becomes_markdown(text: str, entities: list[tuple[str, ...]], expected: str) -> None:
    assert to_markup(text, [entity(kind, text, *rest) for kind, *rest in entities]) == expected


def test_two_links_side_by_side_stay_two() -> None:
    text = "甲乙"
    entities = [
        entity(LINK, text, "甲", "https://example.org/1"),
        entity(LINK, text, "乙", "https://example.org/2"),
    ]
    assert to_markup(text, entities) == "[甲](https://example.org/1)[乙](https://example.org/2)"


def test_an_answer_that_is_copied_and_sent_back_is_the_same_answer() -> None:
    """For every text of the content, as Telegram shows it and hands it back."""
    bodies = [entry.body for entry in content.read_entries(FOLDER)]
    assert len(bodies) > 100
    for body in bodies:
        text, found = parse_html(str(markup.as_written(body)))
        entities = [
            MessageEntity(each["type"], each["offset"], each["length"], url=each.get("url")) for each in found
        ]
        assert markup.render(to_markup(text, entities), {}) == markup.render(body, {})
        assert markup.facts_in(to_markup(text, entities)) == markup.facts_in(body)


TEXTS = st.text(
    st.characters(
        exclude_characters="*[](){}•●▪◦‣·-.\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029", exclude_categories=["Cs"]
    )
)
MARKS = st.lists(
    st.tuples(
        st.sampled_from([BOLD, LINK, MessageEntity.ITALIC, MessageEntity.PRE, MessageEntity.SPOILER]),
        st.integers(0, 60),
        st.integers(1, 60),
    ),
    max_size=5,
)


@given(TEXTS, MARKS)
def test_no_word_is_lost_whatever_is_formatted_how(text: str, marks: list[tuple[str, int, int]]) -> None:
    entities = [
        MessageEntity(kind, offset, length, url="https://example.org" if kind == LINK else None)
        for kind, offset, length in marks
    ]
    shown = markup.plain(str(markup.render(to_markup(text, entities), {})))
    assert "".join(text.split()) == "".join(shown.replace("https://example.org", "").split())
