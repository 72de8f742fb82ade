"""What state the rows of the ledger make of an obligation."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

Row = tuple[str, int | None]
"""What is written, and its amount in fen."""

OWED: Row = ("owes", 2_000)
WORDS = ("due", "claimed", "paid", "exempt", "not_liable")


@pytest.fixture(scope="module")
def ledger(empty_database: Path) -> Iterator[sqlite3.Connection]:
    """A database in memory with one obligation; what is written into it is taken back by the next test."""
    with closing(sqlite3.connect(empty_database)) as file, closing(sqlite3.connect(":memory:")) as connection:
        file.backup(connection)
        connection.execute(
            "INSERT INTO obligation (id, member_id, period, opened_at) VALUES (1, 7, '2026-11', 0)"
        )
        connection.commit()
        yield connection


def written(
    ledger: sqlite3.Connection, rows: Sequence[Row], *, undone: int | None = None
) -> tuple[str, int | None, int]:
    """State, amount and what is paid after these rows; of which the payment at place `undone` is taken back."""
    ledger.rollback()
    for place, (kind, amount) in enumerate(rows):
        ledger.execute(
            "INSERT INTO dues_entry (member_id, period, kind, amount, at, source, undone_at)"
            " VALUES (7, '2026-11', ?, ?, 0, 'rule', ?)",
            (kind, amount, 1 if place == undone else None),
        )
    state, amount, paid = ledger.execute("SELECT state, amount, paid FROM owing WHERE id = 1").fetchone()
    return state, amount, paid


@pytest.mark.parametrize(
    ("rows", "state"),
    [
        ([], "due"),
        ([OWED], "due"),
        ([("owes", 0)], "not_liable"),
        ([("owes", 0), ("owes", 500)], "due"),
        ([OWED, ("claimed", None)], "claimed"),
        ([OWED, ("claimed", None), ("due", None)], "due"),
        ([OWED, ("payment", 2_000)], "paid"),
        ([OWED, ("payment", 1_999)], "due"),
        ([OWED, ("claimed", None), ("payment", 500)], "claimed"),
        ([OWED, ("payment", 1_200), ("payment", 800)], "paid"),
        ([OWED, ("claimed", None), ("due", None), ("payment", 2_000)], "paid"),
        ([("payment", 1)], "paid"),
        ([("payment", 2_000), OWED], "paid"),
        ([("payment", 500), OWED], "due"),
        ([OWED, ("payment", 2_000), ("due", None)], "due"),
        ([OWED, ("payment", 2_000), ("due", None), ("payment", 2_000)], "paid"),
        ([OWED, ("exempt", None)], "exempt"),
        ([OWED, ("exempt", None), ("payment", 2_000)], "paid"),
        ([OWED, ("paid", None)], "paid"),
        ([OWED, ("paid", None), ("due", None)], "due"),
        ([OWED, ("not_liable", None)], "not_liable"),
        ([OWED, ("payment", 1_000), ("owes", 1_000)], "paid"),
    ],
)
def test_what_the_rows_make_of_it(ledger: sqlite3.Connection, rows: list[Row], state: str) -> None:
    assert written(ledger, rows)[0] == state


amounts = st.integers(1, 5_000)
rows = st.lists(
    st.one_of(
        st.tuples(st.just("owes"), st.integers(0, 5_000)),
        st.tuples(st.just("payment"), amounts),
        st.tuples(st.sampled_from(WORDS), st.none()),
    ),
    max_size=6,
)


@given(before=rows, surplus=st.integers(0, 5_000))
def test_whatever_was_said_before_a_payment_that_covers_settles_it(
    ledger: sqlite3.Connection, before: list[Row], surplus: int
) -> None:
    _, amount, paid = written(ledger, before)
    rest = max(1, (amount or 0) - paid) + surplus
    state, _, total = written(ledger, [*before, ("payment", rest)])
    assert state == "paid"
    assert total == paid + rest


@given(before=rows, amount=amounts)
def test_a_payment_taken_back_leaves_what_was_before(
    ledger: sqlite3.Connection, before: list[Row], amount: int
) -> None:
    assert written(ledger, [*before, ("payment", amount)], undone=len(before)) == written(ledger, before)


@given(before=rows, word=st.sampled_from(WORDS))
def test_the_last_word_counts_unless_a_payment_covers(
    ledger: sqlite3.Connection, before: list[Row], word: str
) -> None:
    state, amount, paid = written(ledger, [*before, (word, None)])
    covered = paid > 0 and paid >= (amount or 0)
    allowed = {word, "paid"} if covered and word != "due" else {word}
    assert state in allowed or (word == "due" and amount == 0 and state == "not_liable")
