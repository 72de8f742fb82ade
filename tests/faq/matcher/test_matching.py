"""The matcher on the bot's own content: deterministic, ranked, calibrated, and sparing with answers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from bot.faq.matcher import SHOWN, Index, Topic, match
from bot.faq.model import Decision, Kind
from tests.faq.conftest import build

ROOT = Path(__file__).parent.parent.parent.parent


@pytest.mark.parametrize(
    ("text", "best"),
    [
        ("请问一下验证码怎么老是收不到啊", "login-sms"),
        ("验证码收不到", "login-sms"),
        ("yan zheng ma shou bu dao", "login-sms"),
        ("验正码收步到", "login-sms"),
        ("請問石油黨建那個軟件在哪裡可以下載", "install-where"),
        ("驗證碼收不到", "login-sms"),
        ("铁人先锋从哪里下载", "install-where"),
        ("ＡＰＰ从哪里下载😭😭", "install-where"),
        ("您好师傅,打扰您一下,请问验证码一直收不到怎么办,谢谢您啊", "login-sms"),
        ("how do I pay my party dues", "pay-how"),
    ],
)
def test_what_is_surely_meant_is_answered(index: Index, text: str, best: str) -> None:
    outcome = match(index, text)
    assert (outcome.decision, outcome.matches[0].key) == (Decision.ANSWER, best)


@pytest.mark.parametrize("text", ["密码", "党费", "闪退", "登录", "login", "password"])
def test_what_only_names_a_subject_is_asked_back(index: Index, text: str) -> None:
    assert match(index, text).decision is Decision.SUGGEST


@pytest.mark.parametrize(
    ("text", "among"),
    [("dfzmj", "pay-how"), ("yzmsbd", "login-sms"), ("wjmm", "login-forgot")],
)
def test_initials_are_a_guess_to_be_confirmed(index: Index, text: str, among: str) -> None:
    outcome = match(index, text)
    assert outcome.decision is Decision.SUGGEST
    assert among in [found.key for found in outcome.suggestions]


@pytest.mark.parametrize(
    "text",
    [
        "学习强国老闪退",
        "工会会费怎么交",
        "我的社保卡密码忘了",
        "公积金app登录不上去",
        "物业费在哪里交",
        "微信密码忘了怎么办",
    ],
)
def test_what_is_asked_of_other_apps_and_fees_is_not_answered(index: Index, text: str) -> None:
    assert match(index, text).decision in (Decision.DECLINE, Decision.HANDOVER)


@pytest.mark.parametrize(
    "text",
    ["你好", "谢谢您啊,辛苦了!", "好的,谢谢啊,再见", "??", "👍🌹", "asdfghjkl", "啊啊啊啊啊啊", "1", ""],
)
def test_greetings_and_gibberish_ask_nothing(index: Index, text: str) -> None:
    assert match(index, text).decision is Decision.SMALLTALK


def test_any_name_of_the_app_means_the_app(index: Index) -> None:
    assert (
        match(index, "铁人先锋怎么更新到最新版").matches == match(index, "石油党建怎么更新到最新版").matches
    )


def test_every_entrys_own_phrasing_ranks_it_first(index: Index) -> None:
    for topic in index.topics:
        for phrasing in topic.phrasings[::25]:
            outcome = match(index, phrasing)
            found = outcome.matches[0].key if outcome.matches else None
            assert found == topic.key, phrasing


def test_what_consists_of_the_entries_own_words_is_never_declined() -> None:
    index = Index.build(
        [
            Topic("login", Kind.ENTRY, ("账号登录不上去", "忘了密码登录不上")),
            Topic("crash", Kind.ENTRY, ("软件一打开就退", "打开就闪退了")),
            Topic("others", Kind.DECLINE, ("微信登录不上", "邮箱登录不上", "钉钉登录不上", "微博登录不上")),
        ]
    )
    outcome = match(index, "登录不上")
    assert outcome.decision is Decision.SUGGEST
    assert outcome.suggestions[0].key == "login"
    assert match(index, "钉钉登录不上").decision is Decision.DECLINE


def test_a_name_of_something_else_decides() -> None:
    entries = [
        Topic("locked", Kind.ENTRY, ("密码输错几次被锁定了怎么解", "账号被锁定了", "锁定了怎么解开")),
        Topic("forgot", Kind.ENTRY, ("密码忘记了怎么办", "忘了登录密码", "想重新设一个密码")),
    ]
    without = Index.build([*entries, Topic("others", Kind.DECLINE, ("食堂几点开饭",))])
    named = Index.build([*entries, Topic("others", Kind.DECLINE, ("食堂几点开饭", "社保卡"))])
    text = "社保卡密码输错几次被锁定了怎么解"
    assert match(without, text).decision is Decision.ANSWER
    assert match(named, text).decision is not Decision.ANSWER


def test_what_is_said_of_several_things_is_asked_back() -> None:
    dues = Index.build(
        [
            Topic("employed", Kind.ENTRY, ("上班的人每月的党费怎么算", "党费怎么算才对")),
            Topic("retired", Kind.ENTRY, ("退休党费怎么算", "离休干部的党费怎么算")),
            Topic("scam", Kind.ENTRY, ("收到可疑短信", "陌生人打电话来")),
        ]
    )
    assert match(dues, "党费怎么算").decision is Decision.SUGGEST
    assert {found.key for found in match(dues, "党费怎么算").suggestions} >= {"employed", "retired"}
    assert match(dues, "退休党费怎么算").decision is Decision.ANSWER


def test_of_the_entries_only_the_visible_ones_count(index: Index) -> None:
    among = {"pay-how", "pay-amount"}
    outcome = match(index, "验证码收不到怎么办", among)
    assert {found.key for found in outcome.matches} <= among
    assert match(index, "验证码收不到", frozenset()).matches == ()


def test_a_branchs_own_entry_does_not_compete_with_the_one_it_overrides() -> None:
    phrasings = ("食堂几点开饭", "中午几点吃饭", "食堂什么时候关门")
    other = Topic("bus", Kind.ENTRY, ("班车几点发车", "早上的班车在哪里坐"))
    one = Index.build([Topic("lunch", Kind.ENTRY, phrasings), other])
    two = Index.build([Topic("lunch", Kind.ENTRY, phrasings), Topic("lunch@7", Kind.ENTRY, phrasings), other])
    text = "食堂几点关门啊"
    assert match(one, text).decision is Decision.ANSWER
    assert match(two, text, {"lunch@7", "bus"}).matches[0].key == "lunch@7"
    assert match(two, text, {"lunch@7", "bus"}).decision is Decision.ANSWER


def test_somebody_elses_score_counts_and_is_missed_by_nobody() -> None:
    index = Index.build(
        [
            Topic("how", Kind.ENTRY, ("怎么交党费", "在哪里交党费")),
            Topic("sms", Kind.ENTRY, ("验证码收不到", "短信不来")),
        ]
    )
    text = "как заплатить взносы"
    assert match(index, text).decision is Decision.HANDOVER
    outcome = match(index, text, extra={"how": 0.9, "sms": 0.1, "gone": 1.0})
    assert outcome.decision in (Decision.ANSWER, Decision.SUGGEST)
    assert outcome.matches[0].key == "how"
    assert match(index, text, {"sms"}, {"how": 0.9}).matches == ()
    assert match(index, "怎么交党费呢", extra={}) == match(index, "怎么交党费呢")


fragments = st.sampled_from(
    [
        "党费",
        "怎么交",
        "验证码",
        "收不到",
        "您好",
        "谢谢",
        "app",
        "密码",
        " ",
        "!",
        "👍",
        "闪退",
        "1",
        "支部",
        "登錄",
        "工资",
    ]
)


@given(st.lists(fragments | st.text(max_size=8), max_size=12).map("".join))
def test_whatever_is_asked(index: Index, text: str) -> None:
    outcome = match(index, text)
    assert outcome == match(index, text)
    confidences = [found.confidence for found in outcome.matches]
    assert all(0 <= confidence <= 1 for confidence in confidences)
    assert confidences == sorted(confidences, reverse=True)
    assert len({found.key for found in outcome.matches}) == len(outcome.matches)
    assert len(outcome.suggestions) <= SHOWN
    if outcome.decision is Decision.ANSWER:
        assert outcome.matches[0].kind is Kind.ENTRY
        assert outcome.matches[0].confidence >= index.learnt.thresholds.answer
    if outcome.decision is Decision.SUGGEST:
        assert outcome.suggestions


@settings(max_examples=25)
@given(st.lists(fragments, min_size=1, max_size=6).map("".join))
def test_traditional_characters_change_nothing(index: Index, text: str) -> None:
    assert match(index, OpenCC("s2t").convert(text)) == match(index, text)


def test_a_very_long_text_is_matched_too(index: Index) -> None:
    outcome = match(index, "验证码一直收不到怎么办 " + "我在井上上夜班,手机信号也不太好," * 200)
    assert outcome.matches


def test_the_same_in_every_process(content_dir: Path) -> None:
    """Nothing may depend on the order of a set, which differs between processes."""
    asked = "我的党费扣了两回钱,怎么给我退回来"
    program = (
        "from pathlib import Path\nfrom tests.faq.conftest import build\nfrom bot.faq.matcher import match\n"
        f"index = build(Path({str(content_dir)!r}))\n"
        f"print([(found.key, found.confidence) for found in match(index, {asked!r}).matches])"
    )
    printed = subprocess.run(  # noqa: S603 - our own interpreter and program
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONHASHSEED": "77", "PYTHONIOENCODING": "utf-8"},
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
        encoding="utf-8",
    ).stdout
    here = match(build(content_dir), asked)
    assert printed.strip() == str([(found.key, found.confidence) for found in here.matches])


def test_without_any_entry_questions_go_to_a_person() -> None:
    empty = Index.build([])
    assert match(empty, "验证码收不到").decision is Decision.HANDOVER
    assert match(empty, "?").decision is Decision.SMALLTALK
