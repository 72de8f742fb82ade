"""The small Markdown, as Telegram's HTML."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.faq import markup


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("一段", "一段"),
        ("一段\n\n\n\n又一段\n", "一段\n\n又一段"),
        ("- 甲\n- 乙", "• 甲\n• 乙"),
        ("怎么办:\n1. 甲\n2) 乙", "怎么办:\n1. 甲\n2. 乙"),
        ("2018. 是年份", "2018. 是年份"),
        ("**点这里**再点", "<b>点这里</b>再点"),
        ("- **甲**:乙", "• <b>甲</b>:乙"),
        ("2 ** 3 ** 4", "2 ** 3 ** 4"),
        ("**没有结尾", "**没有结尾"),
        ("[说明](https://a.cn/b?c=1&d=2)", '<a href="https://a.cn/b?c=1&amp;d=2">说明</a>'),
        ("**[说明](https://a.cn)**", '<b><a href="https://a.cn">说明</a></b>'),
        ("[坏的](javascript:alert(1))", "[坏的](javascript:alert(1))"),
        ("3 < 4 & 5 > 4", "3 &lt; 4 &amp; 5 &gt; 4"),
        ("<b>不是标签</b>", "&lt;b&gt;不是标签&lt;/b&gt;"),
        ("打开{app_name}", "打开A&amp;B"),
        ("打开{nobody}", "打开{nobody}"),
    ],
)
def test_written_and_sent(written: str, sent: str) -> None:
    assert str(markup.render(written, {"app_name": "A&B"})) == sent


class Tags(HTMLParser):
    """Notes the tags, and that they are closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert all(name == "href" and re.match("(https?|tg)://", value or "") for name, value in attrs)
        self.open.append(tag)
        self.seen.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


pieces = st.sampled_from(
    [
        "**",
        "*",
        "[",
        "](",
        "](https://a.b/c)",
        ")",
        "<b>",
        "</a>",
        '"',
        "&amp;",
        "\n",
        "\n\n",
        "- ",
        "1. ",
        "{x}",
        "党费",
        " ",
    ]
)


@given(st.lists(pieces | st.text(max_size=5), max_size=30).map("".join))
def test_whatever_is_written_telegram_takes_it(written: str) -> None:
    sent = markup.render(written, {"x": "<i>**"})
    tags = Tags()
    tags.feed(str(sent))
    tags.close()
    assert tags.open == []
    assert tags.seen <= {"b", "a"}
    assert markup.visible_length(sent) == len(tags.text.encode("utf-16-le")) // 2
