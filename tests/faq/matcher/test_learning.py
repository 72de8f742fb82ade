"""What a FAQ learns from itself."""

import itertools

import pytest

from bot.faq.matcher import WRONG_ALLOWED, Index, Topic, explain, match, taught
from bot.faq.matcher.learnt import BEGINNING, Curve, fitted
from bot.faq.model import Decision, Kind
from tests.bench import synthetic


@pytest.fixture(scope="module")
def made_up() -> Index:
    topics, _ = synthetic.content(40, 12)
    return Index.build(topics)


@pytest.fixture(scope="module")
def strict_and_lax(made_up: Index) -> tuple[Index, Index]:
    return taught(made_up, 0.005), taught(made_up, 0.1)


def test_fewer_wrong_answers_allowed_are_fewer_answers(strict_and_lax: tuple[Index, Index]) -> None:
    strict, lax = (index.learnt for index in strict_and_lax)
    assert strict.thresholds.answer > lax.thresholds.answer
    assert strict.evidence is not None
    assert lax.evidence is not None
    assert strict.evidence.answered_right < lax.evidence.answered_right
    assert strict.evidence.answered_wrong <= 0.006
    assert lax.evidence.answered_wrong <= 0.11


def test_the_evidence_adds_up(strict_and_lax: tuple[Index, Index]) -> None:
    for index in strict_and_lax:
        evidence = index.learnt.evidence
        assert evidence is not None
        told = evidence.answered_right + evidence.answered_wrong + evidence.suggested_right
        assert told + evidence.handed_over <= 1.001
        assert all(0 <= held.right <= held.number + 0.1 for held in evidence.reliability)
        assert [held.most for held in evidence.reliability[:-1]] == [
            held.least for held in evidence.reliability[1:]
        ]
        counts = [each.times for each in evidence.confused]
        assert counts == sorted(counts, reverse=True)


def test_what_it_says_holds_for_questions_it_has_not_seen() -> None:
    topics, questions = synthetic.content(40, 12)
    index = taught(Index.build(topics), WRONG_ALLOWED)
    outcomes = [(match(index, text), key) for text, key in questions]
    answered = [(outcome, key) for outcome, key in outcomes if outcome.decision is Decision.ANSWER]
    wrong = sum(outcome.matches[0].key != key for outcome, key in answered)
    assert len(answered) > len(questions) / 2
    assert wrong <= 0.05 * len(questions)


def test_teaching_twice_changes_nothing(made_up: Index) -> None:
    once = taught(made_up, WRONG_ALLOWED)
    assert taught(once, WRONG_ALLOWED).learnt == once.learnt


@pytest.mark.parametrize(
    "topics",
    [
        [],
        [Topic("one", Kind.ENTRY, ("怎么交党费",))],
        [Topic("one", Kind.ENTRY, ()), Topic("two", Kind.ENTRY, ("",))],
        [Topic("one", Kind.ENTRY, ("怎么交党费", "怎么交党费")), Topic("two", Kind.ENTRY, ("怎么交党费",))],
        [Topic(str(number), Kind.ENTRY, (f"第{number}个问题",)) for number in range(60)],
        [Topic("only", Kind.DECLINE, ("食堂几点开饭",)), Topic("hello", Kind.COURTESY, ("你好",))],
        [Topic("many", Kind.ENTRY, tuple(f"党费{number}怎么交" for number in range(60)))],
    ],
)
def test_however_little_there_is(topics: list[Topic]) -> None:
    index = taught(Index.build(topics), WRONG_ALLOWED)
    for text in ("怎么交党费", "你好", "食堂几点开饭呀", "zzz", ""):
        assert match(index, text) == match(index, text)


def test_little_content_keeps_the_values_to_begin_with() -> None:
    index = taught(Index.build([Topic("one", Kind.ENTRY, ("怎么交党费", "在哪交党费"))]), 0.01)
    assert index.learnt == BEGINNING._replace(wrong_allowed=0.01)


def test_progress_runs_from_nothing_to_all(made_up: Index) -> None:
    told: list[float] = []
    taught(made_up, WRONG_ALLOWED, told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_what_was_learnt_is_taken_over_and_what_is_new_counts_at_once() -> None:
    topics, questions = synthetic.content(30, 8)
    before = Index.build(topics)
    same = Index.build(topics, before=before)
    for text, _ in questions:
        assert match(same, text) == match(before, text)
    first = topics[0]
    more = [Topic(first.key, first.kind, (*first.phrasings, "冬枣哪天采摘最甜")), *topics[1:]]
    after = Index.build(more, before=before)
    assert match(after, "冬枣哪天采摘最甜").matches[0].key == first.key
    assert match(after, "冬枣哪天采摘最甜").decision is Decision.ANSWER
    new = Topic("dates", Kind.ENTRY, ("冬枣哪天采摘最甜", "冬枣什么时候摘", "枣子熟了没有"))
    asked = match(Index.build([*topics, new], before=before), "冬枣什么时候能采摘")
    assert (asked.decision, asked.matches[0].key) == (Decision.ANSWER, "dates")
    fewer = Index.build(topics[1:], before=before)
    assert first.key not in {topic.key for topic in fewer.topics}


def test_a_copy_of_an_entry_is_found_as_well_as_the_entry_itself() -> None:
    topics, questions = synthetic.content(30, 8)
    before = Index.build(topics)
    text, key = next(each for each in questions if match(before, each[0]).decision is Decision.ANSWER)
    original = next(topic for topic in topics if topic.key == key)
    copy = Topic(f"{key}@7", Kind.ENTRY, original.phrasings)
    after = Index.build([*topics, copy], before=before)
    among = {topic.key for topic in topics} - {key} | {copy.key}
    found = match(after, text, among).matches[0]
    assert found.key == copy.key
    assert found.confidence == pytest.approx(match(before, text).matches[0].confidence, abs=0.15)


def test_a_curve_never_holds_more_evidence_for_less() -> None:
    start = Curve(0.0, (1.0,))
    odd = fitted(
        start, [(0.0,), (1.0,)] * 50, list(itertools.islice(itertools.cycle([True, False]), 100)), [1.0] * 100
    )
    assert odd == start
    even = fitted(
        start, [(0.0,), (1.0,)] * 50, list(itertools.islice(itertools.cycle([False, True]), 100)), [1.0] * 100
    )
    assert even.at(1.0) > 0.8
    assert even.at(0.0) < 0.3
    assert fitted(start, [], [], []) == start


def test_why_a_text_matches() -> None:
    index = Index.build(
        [
            Topic("sms", Kind.ENTRY, ("验证码收不到", "短信验证码一直不来")),
            Topic("pay", Kind.ENTRY, ("党费怎么交", "在哪里交钱")),
        ]
    )
    told = explain(index, "请问验正码收不到!", "sms")
    assert told.nearest == "验证码收不到"
    assert set(told.parts) == {"shared", "learnt", "nearest"}
    assert "不到" in [each.gram for each in told.writing]
    assert any("zen" in each.gram for each in told.sound)
    assert all(each.counts > 0 for each in told.writing[:2])
    other = explain(index, "请问验正码收不到!", "pay")
    assert sum(other.parts.values()) < sum(told.parts.values())
    assert explain(index, "验证码", "sms", {"sms": 0.5}).parts["extra"] > 0
