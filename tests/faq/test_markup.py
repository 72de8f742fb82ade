"""The small Markdown, as Telegram's HTML."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.faq import markup
from bot.faq.facts import UNSET
from bot.faq.model import Phone


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


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("认准支部发的链接。\n\n地址：{address}。\n\n点一下。", "认准支部发的链接。\n\n点一下。"),
        ("- 账号：{account}\n- 密码：{address}\n- 别外传", "• 账号：工号\n• 别外传"),
        ("- 账号：{account}，地址：{address}", ""),
    ],
)
def test_a_line_that_refers_to_an_unset_fact_is_left_out(written: str, sent: str) -> None:
    assert str(markup.render(written, {"account": "工号", "address": UNSET})) == sent


PARTS = """先重启。

**苹果手机** [iphone]

1. 点“设置”。
2. 点“通用”。

**安卓手机、鸿蒙手机** [android, harmony]
点“设置”。

**还不行**

换个网。"""


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        (Phone.IPHONE, "先重启。\n\n**苹果手机**\n\n1. 点“设置”。\n2. 点“通用”。\n\n**还不行**\n\n换个网。"),
        (Phone.ANDROID, "先重启。\n\n**安卓手机、鸿蒙手机**\n点“设置”。\n\n**还不行**\n\n换个网。"),
        (Phone.HARMONY, "先重启。\n\n**安卓手机、鸿蒙手机**\n点“设置”。\n\n**还不行**\n\n换个网。"),
    ],
)
def test_parts_for_other_phones_are_left_out(phone: Phone, shown: str) -> None:
    assert markup.for_phone(PARTS, phone) == shown


@pytest.mark.parametrize("phone", [None, Phone.HELPED, Phone.NONE])
def test_all_parts_stay_where_the_phone_is_not_known(phone: Phone | None) -> None:
    whole = PARTS.replace(" [iphone]", "").replace(" [android, harmony]", "")
    assert markup.for_phone(PARTS, phone) == whole


@pytest.mark.parametrize(
    "text", ["**说明** [图]", "**苹果** [iphone](https://a.cn)", "[iphone]", "甲 [android]"]
)
def test_other_brackets_make_no_part(text: str) -> None:
    assert markup.for_phone(text, Phone.HARMONY) == text


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
