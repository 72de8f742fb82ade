"""Which questions ask alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.helpdesk import likeness
from bot.helpdesk.likeness import Asked
from bot.helpdesk.model import Origin


def asked(text: str, shown: str | None = None, origin: Origin = Origin.ASK) -> Asked:
    return Asked(text, shown, origin)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("食堂冬枣在哪个窗口领", "请问食堂冬枣在哪个窗口领啊", True),
        ("验证码收不到", "验证码一直收不到", True),
        ("登录不上去", "登陆不上去", True),
        ("验证码收不到", "驗證碼收不到", True),
        ("党费怎么交", "物业费怎么交", False),
        ("密码忘了", "学习强国密码忘了", False),
        ("10月的党费没显示", "11月的党费没显示", False),
        ("食堂冬枣在哪个窗口领", "班车几点发车", False),
    ],
)
def test_what_asks_alike(one: str, other: str, *, alike: bool) -> None:
    assert likeness.ask_alike(asked(one), asked(other)) is alike
    assert likeness.ask_alike(asked(other), asked(one)) is alike


def test_who_was_shown_the_same_entry_asks_alike_sooner() -> None:
    one, other = "验证码一直收不到", "短信验证码收不到怎么办"
    assert not likeness.ask_alike(asked(one), asked(other))
    assert likeness.ask_alike(asked(one, "login-sms"), asked(other, "login-sms"))


def test_a_card_and_a_question_never_ask_alike() -> None:
    assert not likeness.ask_alike(asked("卡住了"), asked("卡住了", origin=Origin.WALKTHROUGH))


def test_at_another_step_the_same_words_mean_another_thing() -> None:
    def stuck(step: str) -> Asked:
        return Asked.of_parts("卡住了", [("卡在", step)], (), Origin.WALKTHROUGH)

    assert likeness.ask_alike(stuck("短信验证码"), stuck("短信验证码"))
    assert not likeness.ask_alike(stuck("短信验证码"), stuck("绑定银行卡支付密码"))


def test_what_says_nothing_in_words_is_like_nothing() -> None:
    assert likeness.heard(asked("")) is None
    assert likeness.heard(asked("？？")) is None


texts = st.text(alphabet="食堂冬枣在哪个窗口领班车几点发0123 ", min_size=1, max_size=12)


@given(texts, texts)
def test_likeness_has_no_direction(one: str, other: str) -> None:
    assert likeness.ask_alike(asked(one), asked(other)) is likeness.ask_alike(asked(other), asked(one))


@given(texts, st.lists(texts, max_size=8))
def test_the_nearest_does_not_hang_on_the_order(one: str, others: list[str]) -> None:
    known = [(number, asked(text)) for number, text in enumerate(others)]
    found = likeness.nearest(asked(one), known)
    assert likeness.nearest(asked(one), known[::-1]) == found
    if found is not None:
        assert likeness.ask_alike(asked(one), asked(others[found]))
    else:
        assert not any(likeness.ask_alike(asked(one), each) for _, each in known)


@given(st.lists(texts, min_size=1, max_size=60, unique=True))
def test_the_same_question_is_always_on_the_short_list(others: list[str]) -> None:
    sounds = {number: sound for number, text in enumerate(others) if (sound := likeness.heard(asked(text)))}
    for sound in sounds.values():
        listed = likeness.shortlist(sound, sounds)
        assert len(listed) <= likeness.COMPARED
        assert any(sounds[key] == sound for key in listed)
