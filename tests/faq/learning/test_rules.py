"""What may be kept of a question, what is alike, and what is looked at first."""

import random
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.faq.learning import rules
from bot.faq.learning.model import Lesson, Reason
from bot.kit.clock import from_local
from tests.conftest import ZONE

NAMES = ("李建国", "王梅", "王小梅", "John Smith")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("验证码收不到", "验证码收不到"),
        ("我是李建国，验证码收不到", "验证码收不到"),
        ("我叫李建国 验证码收不到，谢谢", "验证码收不到，谢谢"),
        ("王梅书记让我问，党费怎么交？", "让我问，党费怎么交？"),
        ("王小梅的党费怎么交", "的党费怎么交"),
        ("my name is john smith, how do I pay", "how do I pay"),
        ("手机号13812345678收不到验证码", "手机号收不到验证码"),
        ("手机号 138-1234-5678 收不到验证码", "手机号收不到验证码"),
        ("号码１３８１２３４５６７８登不上", "号码登不上"),
        ("+86 138 1234 5678 can't log in", "can't log in"),
        ("身份证230604196001011234填错了", "身份证填错了"),
        ("身份证23060419600101123X填错了", "身份证填错了"),
        ("座机0459-5512345打不通", "座机打不通"),
        ("工号E00012查不到", "工号查不到"),
        ("卡号6222 0212 3456 7890 123绑不上", "卡号绑不上"),
        ("邮箱li.jianguo@example.org收不到", "邮箱收不到"),
        ("加我@lijianguo88", "加我"),
        # What is no person's stays.
        ("2026年11月的党费交了 12.5 元", "2026年11月的党费交了 12.5 元"),
        ("12371 打得通吗", "12371 打得通吗"),
        ("工资5000交多少", "工资5000交多少"),
        ("iOS 17 装不上", "iOS 17 装不上"),
        ("上月\n交过了\n还催", "上月交过了还催"),
        ("李建国 13812345678", ""),
    ],
)
def test_what_tells_who_wrote_it_goes(text: str, kept: str) -> None:
    assert rules.anonymous(text, NAMES) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("我是老李，验证码收不到", "验证码收不到"),
        ("李师傅的党费怎么交", "的党费怎么交"),
        ("李宁的鞋在哪买", "李宁的鞋在哪买"),
    ],
)
def test_nor_is_it_told_by_what_they_are_called(text: str, kept: str) -> None:
    assert rules.anonymous(text, rules.called("李建国")) == kept


@given(
    st.text(max_size=60),
    st.sampled_from(NAMES),
    st.text(max_size=60),
    st.integers(10_000_000_000, 19_999_999_999),
)
def test_no_name_and_no_phone_is_left(before: str, name: str, after: str, phone: int) -> None:
    kept = rules.anonymous(f"{before}{name}{after}{phone}", NAMES)
    assert name not in kept
    assert str(phone) not in kept
    assert "\n" not in kept


@given(st.text(max_size=80))
def test_doing_it_twice_changes_nothing_that_matters(text: str) -> None:
    once = rules.anonymous(text, NAMES)
    assert not any(name in rules.anonymous(once, NAMES) for name in NAMES)


def test_an_answer_keeps_its_lines_and_shows_its_gaps() -> None:
    answer = "李建国同志您好：\n1. 清一清短信箱\n\n2. 打我电话 13812345678"
    assert rules.anonymous_lines(answer, NAMES) == "…您好：\n1. 清一清短信箱\n2. 打我电话…"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("验证码收不到", "验证码老是收不到"),
        ("验证码收不到", "收不到验证码"),
        ("验证码收不到", "验正码收不到！！"),
        ("登陆不上去", "登录不上去了"),
        ("登录不上", "denglu bu shang"),
        ("党费怎么交", "党非怎么教"),
        ("發票怎麼開", "发票怎么开"),
        ("How do I pay my dues", "how do i pay dues?"),
        ("食堂几点开饭", "食堂中午几点开饭啊"),
    ],
)
def test_the_same_in_other_words(one: str, other: str) -> None:
    assert rules.alike(one, other)
    assert rules.alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("验证码收不到", "人脸识别过不了"),
        ("党费怎么交", "物业费怎么交"),
        ("密码忘了", "学习强国密码忘了"),
        ("缴费记录在哪看", "党徽丢了在哪儿领新的"),
        ("how do I pay", "forgot my pin"),
    ],
)
def test_something_else(one: str, other: str) -> None:
    assert not rules.alike(one, other)
    assert not rules.alike(other, one)


def lesson(
    number: int,
    text: str,
    *,
    account: int = 0,
    shown: tuple[str, ...] = (),
    answer: str | None = None,
    unit: int = 3,
    at: int | None = None,
) -> Lesson:
    return Lesson(
        number,
        unit,
        account or number,
        text,
        Reason.NONE_FITS,
        shown,
        answer,
        number if at is None else at,
    )


def test_groups_are_ranked_by_people_not_by_questions() -> None:
    insistent = [lesson(number, "食堂几点开饭", account=77) for number in range(1, 6)]
    many = [lesson(10, "验证码收不到"), lesson(11, "收不到验证码"), lesson(12, "验正码收不到")]
    first, second = rules.gather([*insistent, *many])
    assert (first.wordings[0], first.members, len(first.lessons)) == ("验证码收不到", 3, 3)
    assert (second.wordings, second.members) == (("食堂几点开饭",), 1)


def test_among_equals_the_latest_comes_first_and_what_was_passed_up_before_all() -> None:
    old, new = lesson(1, "食堂几点开饭", at=100), lesson(2, "发票怎么开", at=200)
    passed = lesson(3, "人脸识别过不了", unit=9, at=50)
    found = [group.wordings[0] for group in rules.gather([old, new, passed], own=9)]
    assert found == ["人脸识别过不了", "发票怎么开", "食堂几点开饭"]


def test_people_shown_the_same_entry_need_less_in_common() -> None:
    one, other = "付款的按钮按不动", "缴费那个按钮灰的"
    assert rules.alike(one, other, about_one_entry=True)
    assert not rules.alike(one, other)
    apart = rules.gather([lesson(1, one, shown=("pay-button",)), lesson(2, other, shown=("pay-how",))])
    together = rules.gather([lesson(1, one, shown=("pay-button",)), lesson(2, other, shown=("pay-button",))])
    assert (len(apart), len(together)) == (2, 1)


def test_what_is_like_something_refused_does_not_come_back() -> None:
    found = rules.gather([lesson(1, "食堂中午几点开饭"), lesson(2, "验证码收不到")], refused=["食堂几点开饭"])
    assert [group.wordings[0] for group in found] == ["验证码收不到"]


def test_the_latest_answer_and_the_commonest_wording_stand_for_a_group() -> None:
    (group,) = rules.gather(
        [
            lesson(1, "收不到验证码", answer="清短信箱"),
            lesson(2, "验证码收不到"),
            lesson(3, "验证码收不到", answer="重启手机"),
        ]
    )
    assert group.wordings == ("验证码收不到", "收不到验证码")
    assert (group.answer, group.answered, group.id) == ("重启手机", 2, 1)


TEXTS = st.sampled_from(
    [
        "验证码收不到",
        "收不到验证码",
        "验正码收不到",
        "食堂几点开饭",
        "食堂中午几点开饭",
        "党费怎么交",
        "发票怎么开",
        "how do I pay",
    ]
)


@given(
    st.lists(st.tuples(TEXTS, st.integers(1, 4), st.sampled_from([(), ("a",), ("b",)])), max_size=12),
    st.randoms(),
)
def test_every_lesson_stands_in_one_group_whatever_the_order(
    asked: list[tuple[str, int, tuple[str, ...]]], chance: random.Random
) -> None:
    lessons = [
        lesson(number, text, account=account, shown=shown)
        for number, (text, account, shown) in enumerate(asked, 1)
    ]
    groups = rules.gather(lessons)
    assert sorted(each.id for group in groups for each in group.lessons) == [each.id for each in lessons]
    for text in {each.text for each in lessons}:
        assert sum(any(each.text == text for each in group.lessons) for group in groups) == 1
    shuffled = lessons[:]
    chance.shuffle(shuffled)
    assert rules.gather(shuffled) == groups


def test_what_is_added_is_what_was_read_and_is_no_story() -> None:
    story = "我昨天在井上值班的时候想把党费交了结果打开那个软件转了半天圈圈然后就白屏了什么也没有出来后来回家试了好几遍也还是一样不行，怎么办"
    wordings = ("白屏了", story, "打开白屏", "一打开就白", "白的", "屏幕白", "第六种说法")
    assert rules.to_add(wordings, present=["白屏了。"]) == ("打开白屏", "一打开就白", "白的")


@pytest.mark.parametrize(
    ("day", "hour", "due"),
    [(2, 8, False), (2, 9, True), (2, 16, True), (2, 17, False), (3, 9, True), (4, 9, False), (8, 9, False)],
)
def test_staff_are_told_on_monday_morning(day: int, hour: int, due: bool) -> None:
    now = from_local(datetime(2026, 11, day, hour, tzinfo=ZONE))
    week, is_time = rules.telling_time(now, ZONE)
    assert week == "2026-W45"
    assert is_time is due
