"""Words: escaped, in the reader's language, whole where a translation is missing."""

from pathlib import Path

import pytest
from markupsafe import Markup

from bot.kit.errors import NotAllowed, Outdated, Refusal
from bot.kit.i18n import Languages, resolve

PO = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

msgid "Hello <b>{name}</b>"
msgstr "<b>{name}</b>,您好"

msgid "{count} person waits in {place}."
msgid_plural "{count} people wait in {place}."
msgstr[0] "{place}有 {count} 人在等。"

#, fuzzy
msgid "Not certain"
msgstr "说不准"
"""

SECOND = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"

msgid "Only here"
msgstr "只有这里"
"""


@pytest.fixture
def words(tmp_path: Path) -> Languages:
    folder = tmp_path / "zh_CN"
    folder.mkdir()
    (folder / "a.po").write_text(PO, encoding="utf-8")
    (folder / "b.po").write_text(SECOND, encoding="utf-8")
    return Languages.load(tmp_path)


def test_what_is_inserted_is_escaped_and_the_msgid_is_not(words: Languages) -> None:
    said = words["zh_CN"]("Hello <b>{name}</b>", name="<i>A&B</i>")
    assert said == "<b>&lt;i&gt;A&amp;B&lt;/i&gt;</b>,您好"
    assert isinstance(said, Markup)


def test_markup_is_inserted_as_it_is(words: Languages) -> None:
    assert words["en"]("Hello <b>{name}</b>", name=Markup("<i>A</i>")) == "Hello <b><i>A</i></b>"
    assert words["en"]("Hello <b>{name}</b>", name=words["en"]("{x}", x="<")) == "Hello <b>&lt;</b>"


def test_braces_in_what_people_wrote_are_harmless(words: Languages) -> None:
    assert (
        words["en"]("Hello <b>{name}</b>", name="{name.__class__} {0}") == "Hello <b>{name.__class__} {0}</b>"
    )


def test_plurals_follow_the_language_and_escape_too(words: Languages) -> None:
    one, many = "{count} person waits in {place}.", "{count} people wait in {place}."
    assert words["en"].plural(one, many, 1, place="A<B") == "1 person waits in A&lt;B."
    assert words["en"].plural(one, many, 2, place="A") == "2 people wait in A."
    assert words["zh_CN"].plural(one, many, 1, place="三队") == "三队有 1 人在等。"
    assert words["zh_CN"].plural("{count} cat", "{count} cats", 2) == "2 cats"


def test_plain_text_is_not_escaped(words: Languages) -> None:
    assert words["zh_CN"].plain("Hello <b>{name}</b>", name="A&B") == "<b>A&B</b>,您好"


def test_every_rooms_catalogue_is_found_and_what_is_missing_stays_english(words: Languages) -> None:
    assert words["zh_CN"]("Only here") == "只有这里"
    assert words["zh_CN"]("Nowhere") == "Nowhere"
    assert words["zh_CN"]("Not certain") == "Not certain", "a fuzzy translation is none"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, "zh_CN"),
        ("", "zh_CN"),
        ("zh", "zh_CN"),
        ("zh-hans", "zh_CN"),
        ("zh_CN", "zh_CN"),
        ("en", "en"),
        ("en-GB", "en"),
        ("EN_us", "en"),
        ("fr", "zh_CN"),
        ("eng", "zh_CN"),
        ("x" * 1_000, "zh_CN"),
    ],
)
def test_the_nearest_language(words: Languages, given: str | None, expected: str) -> None:
    assert resolve(given) == expected
    assert words[given].language == expected


@pytest.mark.parametrize("refusal", [Refusal, NotAllowed, Outdated])
def test_the_kits_own_refusals_are_in_chinese(languages: Languages, refusal: type[Refusal]) -> None:
    assert languages["zh_CN"](refusal.message) != refusal.message
    assert "\n" not in refusal.message


def test_a_refusal_without_words_cannot_be_defined() -> None:
    with pytest.raises(TypeError, match="docstring"):
        type("Wordless", (Refusal,), {})
