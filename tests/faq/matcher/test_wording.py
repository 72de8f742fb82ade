"""How wordings are evened out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.faq.matcher.foreign import Others, calls
from bot.faq.matcher.grams import counted, grams
from bot.faq.matcher.sounds import initials, is_pinyin, letters, syllables
from bot.faq.matcher.wording import LONGEST, Courtesies, is_brief, normalise


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("APP 打不开!!", "app 打不开"),
        ("app打不开。。。", "app打不开"),
        ("👍👍👍", ""),
        ("???", ""),
        ("  党费,怎么\n交  ", "党费 怎么 交"),
        ("ＡＰＰ　１２３", "app 123"),
        ("驗證碼收不到", "验证码收不到"),
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


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("党费", ["dan", "fei"]),
        ("dang fei", []),
        ("dangfei zenme jiao", ["dan", "fei", "zen", "me", "jiao"]),
        ("app 打不开", ["da", "bu", "kai"]),
        ("mima 忘了", ["mi", "ma", "wan", "le"]),
        ("where is my card", []),
    ],
)
def test_syllables(text: str, spoken: list[str]) -> None:
    assert list(syllables(text)) == spoken


@pytest.mark.parametrize(
    ("text", "is_so"),
    [("yan zheng ma shou bu dao", True), ("can I pay", False), ("密码 mima", False), ("", False)],
)
def test_what_is_pinyin(text: str, *, is_so: bool) -> None:
    assert is_pinyin(text) is is_so


def test_initials() -> None:
    assert initials("党费怎么交") == "dfzmj"


@pytest.mark.parametrize(
    ("text", "is_so"),
    [("密码", True), ("忘记密码", True), ("忘记了密码", False), ("银行app", True), ("union dues", True)],
)
def test_what_only_names_a_subject(text: str, *, is_so: bool) -> None:
    assert is_brief(text) is is_so


def test_english_words_are_compared_without_their_endings() -> None:
    assert set(grams("paying dues")) & set(grams("pays due")) >= {"=pay", "=due"}


@given(st.text(max_size=60))
def test_a_counted_text_has_each_gram_once(text: str) -> None:
    numbers, times = counted(normalise(text))
    assert len(set(numbers.tolist())) == len(numbers) == len(times)
    assert (times > 0).all()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("公积金app登不上", ["公积金"]),
        ("etc 绑卡失败", ["etc"]),
        ("fetch my code", []),
        ("zhi fu bao mi ma wang le", ["支付宝"]),
        ("微信" + "我换了新手机,别的都弄好了,就是党建软件不会弄" * 3, []),
    ],
)
def test_names_of_other_things(text: str, names: list[str]) -> None:
    others = Others(["公积金", "etc", "微信", "支付宝"])
    assert list(others.in_text(normalise(text))) == names


def test_a_latin_name_is_a_word_of_its_own() -> None:
    assert calls("my etc card", "etc")
    assert not calls("fetch my card", "etc")
