"""How wordings are evened out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.faq.wording import LONGEST, Courtesies, letters, normalise


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("APP 打不开!!", "app 打不开"),
        ("app打不开。。。", "app打不开"),
        ("👍👍👍", ""),
        ("???", ""),
        ("  党费,怎么\n交  ", "党费 怎么 交"),
    ],
)
def test_normalised(written: str, same: str) -> None:
    assert normalise(written) == same


@given(st.text())
def test_normalising_twice_changes_nothing_and_bounds_the_length(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert len(once) <= LONGEST


def test_of_a_long_text_both_ends_are_kept() -> None:
    text = normalise("验证码" + "啊" * 2_000 + "收不到")
    assert text.startswith("验证码")
    assert text.endswith("收不到")


@pytest.mark.parametrize("written", ["登录", "登陆", "登錄", "deng lu", "denglu"])
def test_what_sounds_alike_looks_alike(written: str) -> None:
    assert letters(normalise(written)) == "denlu"


@given(st.text(st.characters(categories=["Lo", "Ll", "Nd", "Zs"])))
def test_the_sound_of_a_text_is_that_of_its_characters(text: str) -> None:
    text = normalise(text)
    assert letters(text) == letters(letters(text))
    assert not any("\u4e00" <= sound <= "\u9fa5" for sound in letters(text))


@pytest.mark.parametrize(
    ("asked", "bare"),
    [
        ("您好,请问验证码收不到,谢谢您", "验证码收不到"),
        ("你好你好", ""),
        ("谢谢", ""),
        ("hi my dues", "my dues"),
        ("history", "history"),
        ("delhi", "delhi"),
    ],
)
def test_courtesies_are_looked_past(asked: str, bare: str) -> None:
    courtesies = Courtesies(["你好", "您好", "请问", "谢谢", "谢谢您", "hi"])
    assert courtesies.strip(normalise(asked)) == bare
