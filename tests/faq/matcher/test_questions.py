"""Several questions in one message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.faq.matcher import Index, match, match_all, questions_in
from bot.faq.model import Decision


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("验证码收不到怎么办?党费交多少?", ["验证码收不到怎么办?", "党费交多少?"]),
        ("党费怎么交\n密码忘了怎么办", ["党费怎么交", "密码忘了怎么办"]),
        ("党费怎么交，还有密码忘了怎么办", ["党费怎么交", "还有密码忘了怎么办"]),
        ("党费怎么交 另外我换手机号了", ["党费怎么交", "另外我换手机号了"]),
        ("1. 党费怎么交 2. 密码忘了怎么办", ["1. 党费怎么交", "2. 密码忘了怎么办"]),
        ("党费怎么交?急", ["党费怎么交? 急"]),
        ("How do I pay? Also, where do I download it?", ["How do I pay?", "Also, where do I download it?"]),
        (
            "我想问一下那个验证码老是收不到然后党费也交不了",
            ["我想问一下那个验证码老是收不到然后党费也交不了"],
        ),
        ("", [""]),
    ],
)
def test_where_a_message_is_cut(text: str, parts: list[str]) -> None:
    assert list(questions_in(text)) == parts


@given(st.text(max_size=200))
def test_nothing_is_lost(text: str) -> None:
    kept = "".join("".join(questions_in(text)).split())
    assert [each for each in kept if each.isalnum()] == [each for each in text if each.isalnum()]


def test_two_questions_are_answered_one_by_one(index: Index) -> None:
    found = match_all(index, "验证码收不到怎么办?还有,党费每个月几号之前交?")
    assert [outcome.decision for _, outcome in found] == [Decision.ANSWER, Decision.ANSWER]
    assert [outcome.matches[0].key for _, outcome in found] == ["login-sms", "pay-deadline"]
    assert found[0][0] == "验证码收不到怎么办?"


def test_of_two_the_unknown_one_stands_alone(index: Index) -> None:
    found = match_all(index, "验证码收不到怎么办?还有,冬枣和哈密瓜哪个更甜?")
    assert len(found) == 2
    assert found[0][1].decision is Decision.ANSWER
    assert found[1][1].decision is not Decision.ANSWER


@pytest.mark.parametrize(
    "text",
    [
        "我在井上上了一个月夜班。昨天才下来。验证码收不到怎么办?",
        "验证码收不到怎么办?验证码收不到怎么办?",
        "验证码收不到",
        "您好!谢谢!",
    ],
)
def test_a_story_around_one_question_stays_one(index: Index, text: str) -> None:
    found = match_all(index, text)
    assert len(found) == 1


@given(
    st.lists(st.sampled_from(["党费怎么交?", "您好。", "密码忘了怎么办?", "还有", "闪退!", "\n"]), max_size=8)
)
def test_one_to_three_in_the_order_of_the_message(index: Index, said: list[str]) -> None:
    text = "".join(said)
    found = match_all(index, text)
    assert 1 <= len(found) <= 3
    if len(found) == 1:
        assert found[0][0] == text or found[0][1] == match(index, found[0][0])
