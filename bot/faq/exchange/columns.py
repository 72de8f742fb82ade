"""The columns of a sheet of entries, by their Chinese and English headers, and the words in their cells."""

import enum
from collections.abc import Mapping
from typing import Final

from bot.faq.model import Audience, HandOver, Kind, Phone, Stage


class Column(enum.StrEnum):
    """In the order they are written; the values are the names of the fields in Markdown."""

    ID = "id"
    LANGUAGE = "language"
    KIND = "kind"
    TITLE = "title"
    STAGE = "stage"
    STEPS = "steps"
    PHONES = "phones"
    AUDIENCE = "audience"
    SOURCE = "source"
    HANDOVER = "handover"
    BODY = "body"
    PHRASINGS = "phrasings"
    MEDIA = "media"
    BASE = "base"
    """Hidden: what the entry was when it was exported, and whose."""


# The first of each line is what we write; the others are what people write instead.
_HEADERS: Mapping[Column, str] = {
    Column.ID: "编号 条目编号 id",
    Column.LANGUAGE: "语言 language lang",
    Column.KIND: "类型 kind type",
    Column.TITLE: "标题 题目 title",
    Column.STAGE: "阶段 stage",
    Column.STEPS: "步骤 对应步骤 steps",
    Column.PHONES: "手机 适用手机 phones",
    Column.AUDIENCE: "谁能看 可见范围 范围 audience",
    Column.SOURCE: "依据 出处 来源 source",
    Column.HANDOVER: "转人工 转给书记 handover",
    Column.BODY: "回答 正文 答案 内容 body answer text",
    Column.PHRASINGS: "问法 说法 phrasings questions",
    Column.MEDIA: "图片和文件 图片 附件 media attachments",
    Column.BASE: "版本勿改 base",
}
COLUMN_OF: Final = {header: column for column, headers in _HEADERS.items() for header in headers.split()}
TITLES: Final = {column: headers.split()[0] for column, headers in _HEADERS.items()}

NEEDED: Final = (Column.ID, Column.TITLE, Column.BODY)
LISTS: Final = (Column.STEPS, Column.PHONES, Column.PHRASINGS, Column.MEDIA)
BY_LINE: Final = (Column.PHRASINGS, Column.MEDIA)
"""One a line; other lists stand in one line."""

WIDTHS: Final[Mapping[Column, int]] = {
    Column.ID: 20,
    Column.LANGUAGE: 8,
    Column.KIND: 12,
    Column.TITLE: 26,
    Column.STAGE: 10,
    Column.STEPS: 18,
    Column.PHONES: 20,
    Column.AUDIENCE: 12,
    Column.SOURCE: 30,
    Column.HANDOVER: 14,
    Column.BODY: 70,
    Column.PHRASINGS: 50,
    Column.MEDIA: 30,
    Column.BASE: 20,
}
"""In characters of a cell's usual type; a Chinese one takes two."""

WORDS: Final[Mapping[Column, Mapping[str, str]]] = {
    Column.LANGUAGE: {"zh": "中文", "en": "英文"},
    Column.KIND: {
        Kind.ENTRY: "常见问题",
        Kind.DECLINE: "不归我们管",
        Kind.SMALLTALK: "闲聊",
        Kind.COURTESY: "问候致谢",
    },
    Column.STAGE: {
        Stage.INSTALL: "安装",
        Stage.LOGIN: "登录",
        Stage.USE: "使用",
        Stage.PAY: "交党费",
        Stage.HELP: "支部帮手",
    },
    Column.PHONES: {
        Phone.ANDROID: "安卓",
        Phone.IPHONE: "苹果",
        Phone.HARMONY: "鸿蒙",
        Phone.HELPED: "家人帮忙",
        Phone.NONE: "没有智能手机",
    },
    Column.AUDIENCE: {Audience.PUBLIC: "所有人", Audience.MEMBERS: "只给党员"},
    Column.HANDOVER: {
        HandOver.ALWAYS: "一律转",
        HandOver.OFFERED: "想转再转",
        HandOver.NEVER: "不转",
    },
}
"""What stands for a value in a cell, by the value."""


def said(column: Column, value: str) -> str:
    """A value as its cell says it."""
    return WORDS.get(column, {}).get(value, value)


def meant(column: Column, word: str) -> str:
    """The value a word in a cell stands for; the word itself where it is the value, or unknown."""
    squeezed = "".join(word.split()).casefold()
    for value, name in WORDS.get(column, {}).items():
        if squeezed in (name.casefold(), value):
            return str(value)
    return word


def choices(column: Column) -> str:
    """The words a cell may hold, for a message."""
    return " / ".join(WORDS[column].values())


def of_header(cell: str) -> Column | None:
    """The column a header names, whatever brackets and marks stand in it."""
    return COLUMN_OF.get("".join(letter for letter in cell.casefold() if letter.isalnum()))
