"""The figures of `zhibu faq eval` and `zhibu faq ask`."""

import json
from pathlib import Path

import pytest

from bot.faq import commands
from bot.faq.errors import UnknownUnit
from bot.faq.library import Library
from bot.faq.matcher import Match, Outcome, Topic, evaluation
from bot.faq.matcher.evaluation import Answered, Question
from bot.faq.model import Decision, Kind
from bot.kit.work import Works
from bot.roster.model import Actor
from tests.factories import Tree

KEYS = {
    "questions",
    "in_scope",
    "out_of_scope",
    "top1",
    "recall_at_3",
    "mrr",
    "answered_right",
    "suggested_right",
    "handed_over",
    "answered_wrong",
    "out_of_scope_answered",
    "cov3",
    "latency_ms",
    "build_seconds",
    "reliability",
    "learn_seconds",
    "learnt",
}


def answered(accept: str, decision: Decision, *matches: tuple[str, float]) -> Answered:
    kinds = {"d": Kind.DECLINE}
    found = tuple(Match(key, kinds.get(key, Kind.ENTRY), confidence) for key, confidence in matches)
    return Answered(Question("?", frozenset(accept.split())), Outcome(decision, found), 0.002)


def test_what_each_figure_counts() -> None:
    figures = evaluation.figures(
        [
            answered("a", Decision.ANSWER, ("a", 0.95), ("b", 0.1)),
            answered("a", Decision.ANSWER, ("b", 0.9), ("a", 0.1)),
            answered("a", Decision.SUGGEST, ("b", 0.5), ("c", 0.3), ("a", 0.1)),
            answered("a", Decision.SUGGEST, ("b", 0.5), ("c", 0.3), ("e", 0.1), ("a", 0.05)),
            answered("a", Decision.DECLINE, ("d", 0.8), ("a", 0.1)),
            answered("", Decision.ANSWER, ("a", 0.99)),
            answered("", Decision.DECLINE, ("d", 0.9), ("a", 0.1)),
            answered("", Decision.SMALLTALK),
        ]
    )
    assert (figures["questions"], figures["in_scope"], figures["out_of_scope"]) == (8, 5, 3)
    assert figures["top1"] == 2 / 5  # declines do not count: behind one, the entry is the first
    assert figures["recall_at_3"] == 4 / 5
    assert figures["mrr"] == pytest.approx((1 + 1 / 2 + 1 / 3 + 1 / 4 + 1) / 5, abs=1e-4)
    assert figures["answered_right"] == 1 / 5
    assert figures["suggested_right"] == 1 / 5
    assert figures["handed_over"] == 1 / 5
    assert figures["answered_wrong"] == 2 / 8
    assert figures["out_of_scope_answered"] == pytest.approx(1 / 3, abs=1e-4)
    assert figures["latency_ms"] == {"p50": 2.0, "p99": 2.0}
    assert sum(each["n"] for each in figures["reliability"]) == 5
    assert figures["reliability"][9] == {"from": 0.9, "to": 1.0, "n": 3, "right": 1}


def test_cov3_is_taken_at_the_loosest_threshold_that_keeps_wrong_answers_rare() -> None:
    right = [answered("a", Decision.ANSWER, ("a", 0.9 - n / 1_000)) for n in range(95)]
    wrong = [
        answered("a", Decision.ANSWER, ("b", confidence)) for confidence in (0.99, 0.85, 0.8501, 0.4, 0.3)
    ]
    # Three of a hundred may be wrong: everything down to the fourth wrong one is answered.
    assert evaluation.figures([*right, *wrong])["cov3"] == 0.95
    early = [answered("a", Decision.ANSWER, ("b", 0.95 - n / 1_000)) for n in range(5)]
    assert evaluation.figures([*right, *early])["cov3"] == 0.0


def test_a_foreign_knowledge_base_is_measured_by_itself(tmp_path: Path) -> None:
    entries = tmp_path / "entries.jsonl"
    entries.write_text(
        "\n".join(
            json.dumps({"text": text, "label": label})
            for text, label in [
                ("my card has not arrived", "card"),
                ("where is my new card", "card"),
                ("I was charged twice", "twice"),
                ("double charge on my account", "twice"),
            ]
        ),
        encoding="utf-8",
    )
    topics = evaluation.read_topics(entries)
    assert topics[0] == Topic("card", Kind.ENTRY, ("my card has not arrived", "where is my new card"))
    seen: list[tuple[int, int]] = []
    figures = evaluation.evaluate(
        [Question("when will my card arrive", frozenset({"card"})), Question("zzzz", frozenset())],
        topics,
        progress=lambda done, of: seen.append((done, of)),
    )
    assert set(figures) == KEYS
    assert figures["top1"] == 1
    assert seen[-1] == (4, 4)
    assert seen == sorted(seen)
    assert figures["learnt"]["evidence"] is None  # two entries are too little to learn from


@pytest.mark.parametrize("line", ["{", "[]", '{"text": "a"}', '{"text": 1, "accept": []}'])
def test_a_line_that_is_no_question_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text('{"text": "a", "accept": []}\n\n' + line, encoding="utf-8")
    with pytest.raises(evaluation.LineUnreadable) as caught:
        evaluation.read_questions(path)
    assert caught.value.details["line"] == 3


def test_an_empty_file_is_nothing_to_measure(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text("\n", encoding="utf-8")
    with pytest.raises(evaluation.NothingToMeasure):
        evaluation.read_questions(path)


async def test_the_commands_speak_of_the_organisations_own_entries(
    works: Works, member: Actor, tree: Tree, library: Library, tmp_path: Path
) -> None:
    answer = await commands.ask(works, "短信验证码收不到", names=library.names)
    assert answer["decision"] == "answer"
    assert answer["matches"][0]["id"] == "login-sms"
    assert 0.8 < answer["matches"][0]["confidence"] <= 1
    declined = await commands.ask(works, "食堂几点开饭", names=library.names, unit="采油三队党支部")
    assert declined["decision"] == "handover"
    with pytest.raises(UnknownUnit):
        await commands.ask(works, "短信验证码收不到", names=library.names, unit="没有的支部")

    questions = tmp_path / "q.jsonl"
    questions.write_text('{"text": "短信验证码收不到", "accept": ["login-sms"]}', encoding="utf-8")
    figures = await commands.evaluate(works, questions, names=library.names, progress=lambda _done, _of: None)
    assert set(figures) == KEYS
    assert figures["answered_right"] == 1
