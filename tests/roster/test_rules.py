import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.roster.rules import NotAPhone, PhoneFault, clean, given_name, language_of, phone

mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


@pytest.mark.parametrize(
    "written",
    [
        "13800001234",
        "+8613800001234",
        "+86 138-0000-1234",
        "0086 138 0000 1234",
        "8613800001234",
        "138 0000 1234",
        "138-0000-1234",
        "１３８００００１２３４",
        "'13800001234",
        "’13800001234",
        " 13800001234\u3000",
        "\ufeff13800001234\u200b",
        "13800001234.0",
        "(+86)13800001234",
    ],
)
def test_ways_to_write_a_phone(written: str) -> None:
    assert phone(written) == "13800001234"


@pytest.mark.parametrize(
    ("written", "fault", "digits"),
    [
        ("1391234567", PhoneFault.SHORT, 1),
        ("+86 13912345", PhoneFault.SHORT, 3),
        ("139123456789", PhoneFault.LONG, 1),
        ("1.38E+10", PhoneFault.SCIENTIFIC, 0),
        ("1.38e10", PhoneFault.SCIENTIFIC, 0),
        ("12345678901", PhoneFault.NOT_A_MOBILE, 0),
        ("010-62345678", PhoneFault.NOT_A_MOBILE, 0),
        ("没有", PhoneFault.NOT_A_MOBILE, 0),
        ("+14155550123", PhoneFault.NOT_A_MOBILE, 0),
        ("", PhoneFault.NOT_A_MOBILE, 0),
        ("1380000123٤", PhoneFault.NOT_A_MOBILE, 0),
    ],
)
def test_what_is_wrong_with_a_phone(written: str, fault: PhoneFault, digits: int) -> None:
    with pytest.raises(NotAPhone) as caught:
        phone(written)
    assert (caught.value.fault, caught.value.digits) == (fault, digits)


@given(
    mobiles, st.sampled_from(["", "+86", "0086", "86", "'"]), st.integers(0, 10), st.sampled_from(" -\u3000")
)
def test_however_it_is_decorated_it_is_the_same_phone(
    mobile: str, prefix: str, place: int, between: str
) -> None:
    assert phone(prefix + mobile[:place] + between + mobile[place:]) == mobile


@given(st.text(max_size=30))
def test_any_text_is_a_phone_of_eleven_digits_or_refused(text: str) -> None:
    try:
        found = phone(text)
    except NotAPhone:
        return
    assert len(found) == 11
    assert phone(found) == found


@given(st.text(max_size=30))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("王小明", "王小明"),
        ("  王 \n小明 ", "王 小明"),
        ("阿卜杜拉·买买提", "阿卜杜拉·买买提"),
        ("", None),
        ("12345", None),
        ("好" * 41, None),
    ],
)
def test_names_as_typed(written: str, name: str | None) -> None:
    assert given_name(written) == name


@pytest.mark.parametrize(
    ("code", "language"),
    [("zh-hans", "zh_CN"), ("zh", "zh_CN"), ("en", "en"), ("ru", "en"), (None, None), ("", None)],
)
def test_the_language_to_begin_with(code: str | None, language: str | None) -> None:
    assert language_of(code) == language
