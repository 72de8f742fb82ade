"""Content files: parsed, written, and complained about kindly."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.faq import content, facts, frontmatter
from bot.faq.content import Source
from bot.faq.library import ContentSettings, Library
from bot.faq.model import Audience, Entry, HandOver, Kind, Phone, Stage
from bot.kit.errors import Refusal
from bot.kit.i18n import Languages

GOOD = """---
id: login-sms
title: 收不到验证码
stage: login
steps: [login-code]
phones: [android, iphone]
audience: members
source: ""
phrasings:
  - 验证码收不到
  - no
  - "1"
---
等一分钟再点。

- 看看短信拦截
"""


def test_a_file_becomes_an_entry() -> None:
    assert content.parse_entry("login-sms.zh.md", GOOD) == Entry(
        id="login-sms",
        language="zh",
        title="收不到验证码",
        body="等一分钟再点。\n\n- 看看短信拦截",
        phrasings=("验证码收不到", "no", "1"),
        stage=Stage.LOGIN,
        steps=("login-code",),
        phones=(Phone.ANDROID, Phone.IPHONE),
        audience=Audience.MEMBERS,
    )


@pytest.mark.parametrize("ending", ["\r\n", "\n"])
def test_windows_line_ends_and_a_byte_order_mark_change_nothing(ending: str) -> None:
    written = "\ufeff" + GOOD.replace("\n", ending)
    assert content.parse_entry("login-sms.zh.md", written) == content.parse_entry("login-sms.zh.md", GOOD)


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("a.zh.md", "没有头", "a.zh.md 开头应该是一行“---”,接着写各项"),
        ("a.zh.md", "---\nid: a\n---\n\n", "a.zh.md 第二行“---”下面没有正文"),
        ("a.zh.md", "---\nid: 'a\n---\n正文", "a.zh.md 第 2 行读不出来"),
        ("a.zh.md", "---\nid: a\ntitle: {b: c}\n---\n正文", "a.zh.md 第 3 行读不出来"),
        ("a.zh.md", "---\nid: a\nid: a\n---\n正文", "a.zh.md 第 3 行的“id”我不认识,或者写了两遍"),
        ("a.zh.md", "---\nid: a\ntitel: b\n---\n正文", "a.zh.md 第 3 行的“titel”我不认识"),
        ("a.zh.md", "---\nid: a\nstage: pay\n---\n正文", "a.zh.md 少了“title”这一项"),
        ("a.zh.md", "---\nid: a\ntitle: b\n---\n正文", "a.zh.md 少了“stage”这一项"),
        ("a.zh.md", "---\nid: a\ntitle: b\nstage: buy\n---\n正文", "a.zh.md 第 4 行,“stage”写的是“buy”"),
        ("a.zh.md", "---\nid: b\ntitle: b\nstage: pay\n---\n正文", "a.zh.md 第 2 行,“id”写的是“b”,应该是:a"),
        ("a.md", "---\nid: a\ntitle: b\nstage: pay\n---\n正文", "a.md 的文件名请照“login-sms.zh.md”这样写"),
        ("a.fr.md", "---\nid: a\ntitle: b\nstage: pay\n---\n正文", "a.fr.md 的文件名请照"),
        (
            "a.zh.md",
            "---\nid: a\nkind: decline\ntitle: b\nhandover: maybe\n---\n正文",
            "第 5 行,“handover”写的是“maybe”,应该是:always / offered / never",
        ),
        (
            "a.zh.md",
            "---\nid: a\nstage: pay\ntitle: b\nphrasings: 怎么交\n---\n正文",
            "第 5 行,“phrasings”写的是“怎么交”,应该是:a list",
        ),
        (
            "a.zh.md",
            "---\nid: a\nstage: pay\ntitle: b\nphrasings:\n  - 怎么交\n  -\n---\n正文",
            "第 7 行",
        ),
        (
            "a.zh.md",
            f"---\nid: a\nstage: pay\ntitle: {'长' * 19}\n---\n正文",
            "第 4 行,标题有 19 个字,按钮上放得下 18 个",
        ),
    ],
)
def test_a_broken_file_is_named_with_its_line(languages: Languages, file: str, text: str, said: str) -> None:
    with pytest.raises(Refusal) as caught:
        content.parse_entry(file, text)
    told = languages["zh_CN"].plain(caught.value.message, **caught.value.details)
    assert said in unicodedata.normalize("NFKC", told)


def test_one_way_of_asking_in_two_entries_is_refused(languages: Languages) -> None:
    sources = [
        Source(
            f"{name}.zh.md",
            f"---\nid: {name}\ntitle: {name}\nstage: pay\nphrasings:\n  - 怎么 交\n---\n正文",
            "",
        )
        for name in ("a", "b")
    ]
    with pytest.raises(content.PhrasingTwice) as caught:
        content.parse_entries(sources)
    told = languages["zh_CN"].plain(caught.value.message, **caught.value.details)
    assert "b.zh.md 第 6 行,“怎么 交”在 a.zh.md 里已经有了" in unicodedata.normalize("NFKC", told)


def test_steps_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    folder = tmp_path / "steps"
    folder.mkdir()
    for name, phones in {
        "20-open.zh.md": "[android, iphone]",
        "9-get.iphone.zh.md": "[iphone]",
        "9-get.android.zh.md": "[android]",
    }.items():
        step = name.split(".")[0].split("-")[1]
        (folder / name).write_text(
            f"---\nid: {step}\nstage: install\ntitle: {step}\nphones: {phones}\nentries: [x]\n---\n点一下。",
            encoding="utf-8",
        )
    steps = content.read_steps(tmp_path)
    assert [(step.order, step.id, step.phones) for step in steps] == [
        (9, "get", (Phone.ANDROID,)),
        (9, "get", (Phone.IPHONE,)),
        (20, "open", (Phone.ANDROID, Phone.IPHONE)),
    ]


def test_an_organisations_own_facts_stand_over_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "facts.a.yaml").write_text(
        "app:\n  meaning: m\n  default: 一般的\nday: 月底", encoding="utf-8"
    )
    own = tmp_path / "own.yaml"
    own.write_text("app: 石油党建\n", encoding="utf-8")
    read = facts.read(tmp_path, facts.read_own(own))
    assert read.of("zh") == read.of("en") == {"app": "石油党建", "day": "月底"}


def test_a_fact_has_its_default_in_each_language(tmp_path: Path) -> None:
    (tmp_path / "facts.a.yaml").write_text(
        'app:\n  default: 党建 App\n  default_en: the party app\nhotline:\n  meaning: m\n  default: ""\n',
        encoding="utf-8",
    )
    read = facts.read(tmp_path)
    assert read.of("zh") == {"app": "党建 App", "hotline": facts.UNSET}
    assert read.of("en") == {"app": "the party app", "hotline": facts.UNSET}


def test_a_library_shows_each_language_its_facts_and_each_phone_its_part(tmp_path: Path) -> None:
    (tmp_path / "facts.a.yaml").write_text(
        "day:\n  default: 月底\n  default_en: month end\n", encoding="utf-8"
    )
    library = Library(ContentSettings(tmp_path, "石油党建"))
    body = "{app_name}\n\n**甲** [iphone]\n\n{day}\n\n**乙** [android]\n\n{day}"
    assert library.render(body, "en", Phone.IPHONE) == "石油党建\n\n<b>甲</b>\n\nmonth end"
    assert library.render(body).count("月底") == 2


@pytest.mark.parametrize("written", ["app: [a]", "app:\n  meaning: m", "- app"])
def test_a_fact_without_a_default_is_refused(tmp_path: Path, written: str) -> None:
    (tmp_path / "facts.a.yaml").write_text(written, encoding="utf-8")
    with pytest.raises(frontmatter.Unreadable):
        facts.read(tmp_path)


def test_two_defaults_for_one_fact_are_refused(tmp_path: Path) -> None:
    (tmp_path / "facts.a.yaml").write_text("app: 甲", encoding="utf-8")
    (tmp_path / "facts.b.yaml").write_text("day: 一\napp: 乙", encoding="utf-8")
    with pytest.raises(facts.FactsDiffer) as caught:
        facts.read(tmp_path)
    assert caught.value.details == {"file": "facts.b.yaml", "line": 2, "name": "app"}


def test_a_text_with_an_unknown_fact_or_too_long_for_a_message_is_refused() -> None:
    with pytest.raises(content.FactUnknown):
        content.check_text("a", "用{apname}", {"app_name": "x"})
    content.check_text("a", "长" * 4_000, {})
    with pytest.raises(content.TextTooLong):
        content.check_text("a", "长" * 4_100, {})
    with pytest.raises(content.TextTooLong):
        content.check_text("a", "{app}", {"app": "👍" * 2_100})


# What can be typed into a YAML file and a message: no control characters, no lone surrogates.
typed = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn", "Zl", "Zp"], exclude_characters="\ufeff\ufffe\uffff"),
    max_size=30,
)
line = typed.map(str.strip).filter(bool)
body = (
    st.lists(typed.map(str.rstrip), min_size=1, max_size=6).map("\n".join).map(lambda text: text.strip("\n"))
)
ids = st.from_regex(r"[a-z][a-z0-9]{0,9}(-[a-z0-9]{1,9}){0,2}", fullmatch=True)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    kind = draw(st.sampled_from(Kind))
    is_entry = kind is Kind.ENTRY
    return Entry(
        id=draw(ids),
        language=draw(st.sampled_from(["zh", "en"])),
        title=draw(line.map(lambda text: text[:18].strip())),
        body=draw(body.filter(lambda text: bool(text.strip()))),
        phrasings=tuple(draw(st.lists(line, max_size=5))),
        kind=kind,
        stage=draw(st.sampled_from(Stage)) if is_entry else None,
        steps=tuple(draw(st.lists(ids, max_size=3))) if is_entry else (),
        phones=tuple(draw(st.lists(st.sampled_from(Phone), unique=True))) if is_entry else (),
        audience=draw(st.sampled_from(Audience)) if is_entry else Audience.PUBLIC,
        source=draw(typed.map(str.strip)) if is_entry else "",
        handover=draw(st.sampled_from(HandOver)) if kind is Kind.DECLINE else HandOver.NEVER,
    )


@given(entries())
def test_what_is_written_is_read_again(entry: Entry) -> None:
    assert content.parse_entry(content.file_name(entry).name, content.write_entry(entry)) == entry
