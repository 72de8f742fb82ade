"""Addresses, answers, and how near topics are to a question."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.faq.embedding.rules import (
    LONGEST,
    Nonsense,
    Space,
    Vectors,
    base_address,
    packed,
    prepared,
    read_answer,
)

BASE = "http://127.0.0.1:11434/v1"


@pytest.mark.parametrize(
    "given_as",
    [BASE, f"{BASE}/", f"{BASE}/embeddings", f"{BASE}/embeddings/", f"  {BASE}  ", f"{BASE}//"],
)
def test_addresses_as_people_write_them(given_as: str) -> None:
    assert base_address(given_as) == BASE


@pytest.mark.parametrize("wrong", ["127.0.0.1:11434/v1", "ftp://host/v1", "http://", "http:///v1", "v1", " "])
def test_what_is_no_address(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"an example is http://"):
        base_address(wrong)


def test_texts_are_sent_on_one_line_and_not_too_long() -> None:
    assert prepared("  党费\n怎么 交　呢 ") == "党费 怎么 交 呢"
    assert prepared(" \n ") == ""
    assert len(prepared("党费" * 3_000)) == LONGEST


def document(*vectors: Sequence[Any]) -> dict[str, Any]:
    return {"data": [{"index": index, "embedding": list(each)} for index, each in enumerate(vectors)]}


def test_an_answer_is_read_by_its_indices_and_made_of_unit_length() -> None:
    answer = document((3, 4), (0, 2.0))
    answer["data"].reverse()
    found = read_answer(answer, 2)
    assert found.dtype == np.float32
    assert found.tolist() == pytest.approx(np.array([[0.6, 0.8], [0, 1]]))


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        [],
        "data",
        {},
        {"data": None},
        {"data": []},
        {"error": {"message": "no"}},
        document((1, 2)),
        document((1, 2), (1, 2), (1, 2)),
        document((1, 2), (1, 2, 3)),
        document((), ()),
        document((1, 2), (0, 0)),
        document((1, 2), (1, "2")),
        document((1, 2), (1, None)),
        document((1, 2), (1, True)),
        document((1, 2), (1, [2])),
        document((1, 2), (1, 10**400)),
        document((1, 2), (1e300, 1e300)),
        json.loads('{"data": [{"index": 0, "embedding": [NaN]}, {"index": 1, "embedding": [Infinity]}]}'),
        {"data": [{"index": 0, "embedding": [1]}, {"index": 0, "embedding": [1]}]},
        {"data": [{"index": 1, "embedding": [1]}, {"index": 2, "embedding": [1]}]},
        {"data": [{"index": [0], "embedding": [1]}, {"index": 1, "embedding": [1]}]},
        {"data": [{"embedding": [1]}, {"embedding": [1]}]},
        {"data": [{"index": 0, "embedding": "AACAPw=="}, {"index": 1, "embedding": "AACAPw=="}]},
        {"data": [[1], [1]]},
    ],
)
def test_everything_else_is_nonsense(wrong: Any) -> None:
    with pytest.raises(Nonsense):
        read_answer(wrong, 2)


def unit(*numbers: float) -> Vectors:
    vector = np.array(numbers, dtype=np.float32)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def space(**topics: Sequence[Vectors]) -> Space:
    return Space.of({key: [packed(each) for each in vectors] for key, vectors in topics.items()})


EAST, NORTH, UP = unit(1, 0, 0), unit(0, 1, 0), unit(0, 0, 1)


def test_two_phrasings_that_agree_count_more_than_one_that_happens_to_be_near() -> None:
    near = unit(1, 0.3, 0)
    found = space(agreed=[near, near, UP], lucky=[EAST, UP, UP]).nearness(EAST)
    assert found["agreed"] > found["lucky"] > 0


def test_a_topic_with_a_single_phrasing_is_as_near_as_that() -> None:
    found = space(a=[EAST], b=[NORTH]).nearness(EAST)
    assert found == pytest.approx({"a": 1.0})


def test_what_is_usual_for_a_model_counts_as_nothing() -> None:
    # To this model everything points the same way, more or less.
    topics = {"a": [unit(9, 1, 0)], "b": [unit(9, 0, 1)], "c": [unit(9, -1, 0)]}
    placed = space(**topics)
    assert placed.usual > 0.97
    found = placed.nearness(topics["a"][0])
    assert found["a"] == pytest.approx(1, abs=1e-3)
    assert found.get("b", 0) < 0.5
    assert found.get("c", 0) == 0


def test_a_model_to_which_all_is_one_says_nothing() -> None:
    assert space(a=[EAST, EAST], b=[EAST]).nearness(EAST) == {}


def test_topics_without_vectors_are_left_out() -> None:
    assert space(a=[], b=[NORTH]).keys == ("b",)


vectors = st.lists(st.integers(-9, 9), min_size=4, max_size=4).filter(any).map(lambda each: unit(*each))
topics = st.dictionaries(
    st.text("abcdef", min_size=1), st.lists(vectors, min_size=1, max_size=4), min_size=1, max_size=6
)


@given(topics, vectors)
def test_nearness_is_what_its_promise_says(drawn: dict[str, list[Vectors]], question: Vectors) -> None:
    placed = space(**drawn)
    pairs = [
        float(one @ other)
        for key, ones in drawn.items()
        for another, others in drawn.items()
        if another != key
        for one in ones
        for other in others
    ]
    usual = sum(pairs) / len(pairs) if pairs else 0.0
    assert placed.usual == pytest.approx(usual, abs=1e-5)
    found = placed.nearness(question)
    if usual > 0.99:
        return
    for key, rows in drawn.items():
        nearest = sorted((float(row @ question) for row in rows), reverse=True)[:2]
        expected = (sum(nearest) / len(nearest) - usual) / (1 - usual)
        assert found.get(key, 0) == pytest.approx(min(1, max(0, expected)), abs=1e-3)
