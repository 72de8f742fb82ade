"""Chinese texts carry Chinese punctuation: a half-width comma beside a Chinese character reads like a slip of the hand."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

CATALOGUES = sorted((Path(__file__).parents[2] / "bot" / "locale" / "zh_CN").glob("*.po"))

_FOREIGN = re.compile(r"https?://\S+|</?[a-z][^>]*>|“[^”一-鿿]*”")
"""Links, tags, and what is to be typed as it stands between quotation marks keep their own punctuation."""

_PLACEHOLDER = re.compile(r"\{\w+\}")
_CHINESE = re.compile(r"[一-鿿〇、。，：；？！“”‘’（）《》〔〕…—]")
_HALF_WIDTH = re.compile(r"[,:;?!()]")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[,:](?=\d)")


def slips(text: str) -> list[str]:
    """The half-width marks in a Chinese text. A text without Chinese characters that only joins values, as
    "{name}:{text}", is Chinese too: what joins them is read between Chinese words.
    """
    plain = _FOREIGN.sub("", text)
    if not _CHINESE.search(plain) and not _PLACEHOLDER.search(plain):
        return []
    return _HALF_WIDTH.findall(_BETWEEN_DIGITS.sub("", plain))


def translations(path: Path) -> Iterator[str]:
    with path.open("rb") as source:
        for entry in read_po(source, locale="zh_CN", abort_invalid=True):
            if entry.id and entry.string:
                yield from (entry.string,) if isinstance(entry.string, str) else entry.string


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_chinese_texts_have_chinese_punctuation(path: Path) -> None:
    found = {text: marks for text in translations(path) if (marks := slips(text))}
    assert found == {}


def test_there_are_catalogues() -> None:
    assert {"helpdesk", "onboarding", "dues", "kit"} <= {path.stem for path in CATALOGUES}


@pytest.mark.parametrize(
    "text",
    [
        "好的,谢谢",
        "{name}:{text}",
        "{name}({role})",
        "在吗?",
        "请看{name}; 然后再试",
        "共 5 步:{title}",
        "(数据截至 {date})",
        "点“完成,下一步”",
    ],
)
def test_slips_are_found(text: str) -> None:
    assert slips(text)


@pytest.mark.parametrize(
    "text",
    [
        "好的，谢谢：{name}（{role}）",
        "每天 08:30 到 17:30",
        "发 /start 就行",
        "看 https://example.org/a?b=c 这一页",
        '<a href="x:y">帮助</a>',
        "请加一行“{field}: …”。",
        "OK, fine",
        "{stage} · {title}",
    ],
)
def test_what_is_right_is_left_alone(text: str) -> None:
    assert slips(text) == []
