"""The matcher: deterministic, ranked, calibrated, and sparing with answers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.faq.index import Index, Topic
from bot.faq.matching import FOREIGN, SHOWN, THRESHOLDS, match
from bot.faq.model import Decision, Kind

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize(
    ("text", "decision", "best"),
    [
        ("请问一下验证码怎么老是收不到啊", Decision.ANSWER, "login-sms"),
        ("验证码收不到", Decision.ANSWER, "login-sms"),
        ("yan zheng ma shou bu dao", Decision.ANSWER, "login-sms"),
        ("請問石油黨建那個軟件在哪裡可以下載", Decision.ANSWER, "install-where"),
        ("驗證碼收不到", Decision.ANSWER, "login-sms"),
        ("好的,谢谢啊,再见", Decision.SMALLTALK, "smalltalk-thanks"),
        ("铁人先锋从哪里下载", Decision.ANSWER, "install-where"),
        ("闪退", Decision.SUGGEST, "login-crash"),
        ("学习强国老闪退", Decision.DECLINE, "decline-other-apps"),
        ("你好", Decision.SMALLTALK, "smalltalk-greeting"),
        ("谢谢您啊,辛苦了!", Decision.SMALLTALK, "smalltalk-thanks"),
        ("再见", Decision.SMALLTALK, "smalltalk-goodbye"),
        ("你脑子坏了吧", Decision.SMALLTALK, "smalltalk-upset"),
        ("??", Decision.SMALLTALK, None),
        ("👍🌹", Decision.SMALLTALK, None),
        ("asdfghjkl", Decision.SMALLTALK, None),
        ("啊啊啊啊啊啊", Decision.SMALLTALK, None),
        ("1", Decision.SMALLTALK, None),
        ("", Decision.SMALLTALK, None),
    ],
)
def test_decisions(index: Index, text: str, decision: Decision, best: str | None) -> None:
    outcome = match(index, text)
    assert outcome.decision is decision
    assert (outcome.matches[0].key if outcome.matches else None) == best


def test_any_name_of_the_app_means_the_app(index: Index) -> None:
    assert (
        match(index, "铁人先锋怎么更新到最新版").matches == match(index, "石油党建怎么更新到最新版").matches
    )


def test_every_entrys_own_phrasing_ranks_it_first(index: Index) -> None:
    for topic in index.topics:
        for phrasing in topic.phrasings[::3]:
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
    assert outcome.matches[0].key == "others"
    assert outcome.decision is Decision.SUGGEST
    assert outcome.suggestions[0].key == "login"
    assert match(index, "钉钉登录不上").decision is Decision.DECLINE
    assert match(index, "我的微博登录不上").decision is Decision.DECLINE


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
        assert outcome.matches[0].confidence >= THRESHOLDS.answer
    if outcome.decision is Decision.SUGGEST:
        assert outcome.suggestions
    if outcome.decision is Decision.DECLINE:
        stripped = index.courtesies.strip(index.normalise(text))
        assert index.is_phrasing(stripped, None) or index.read(stripped).strange >= FOREIGN


def test_a_very_long_text_is_matched_too(index: Index) -> None:
    outcome = match(index, "验证码一直收不到怎么办 " + "我在井上上夜班,手机信号也不太好," * 200)
    assert outcome.matches


def test_the_same_in_every_process(index: Index) -> None:
    """Sums of floats must not depend on the order of a set, which differs between processes."""
    asked = "我的党费扣了两回钱,怎么给我退回来"
    program = (
        "from tests.faq.conftest import build\nfrom bot.faq.matching import match\n"
        f"print([(found.key, found.confidence) for found in match(build(), {asked!r}).matches])"
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
    assert printed.strip() == str([(found.key, found.confidence) for found in match(index, asked).matches])


def test_without_any_entry_questions_go_to_a_person() -> None:
    empty = Index.build([])
    assert match(empty, "验证码收不到").decision is Decision.HANDOVER
    assert match(empty, "?").decision is Decision.SMALLTALK
