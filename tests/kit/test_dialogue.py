"""Dialogues and the typed texts under them: what is written is read again, after any restart."""

import enum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kit import dialogue, typed
from bot.kit.clock import DAY, ManualClock
from bot.kit.dialogue import Dialogue
from bot.kit.work import Works

ANNA, BERT = 11, 22


class Colour(enum.StrEnum):
    RED = "red"
    GREEN = "green"


class Drafting(Dialogue, tag="t.draft"):
    text: str
    tries: int = 3
    colour: Colour | None = None
    note: str | None = None
    done: bool = False


class Waiting(Dialogue, tag="t.wait"):
    pass


@given(
    st.builds(
        Drafting,
        text=st.text(),
        tries=st.integers(-(2**63) + 1, 2**63 - 1),
        colour=st.none() | st.sampled_from(Colour),
        note=st.none() | st.text() | st.sampled_from(["", "~", "~~", "~a", "null", ":"]),
        done=st.booleans(),
    )
)
def test_a_dialogue_survives_its_row(value: Drafting) -> None:
    assert Drafting.decode(value.encode()) == value


def test_one_without_fields_survives_too() -> None:
    assert Waiting.decode(Waiting().encode()) == Waiting()


@pytest.mark.parametrize(
    "data",
    [
        "[]",
        '["text"]',
        '["t", "x!", "~", "~", "0"]',
        '["t", "3", "blue", "~", "0"]',
        '["t", "~", "~", "~", "0"]',
    ],
)
def test_what_an_earlier_version_wrote_is_no_value(data: str) -> None:
    assert Drafting.decode(data) is None


def test_a_type_that_cannot_be_written_is_refused_at_definition() -> None:
    with pytest.raises(TypeError, match="cannot be written"):

        class Wrong(Dialogue, tag="t.wrong"):
            share: float


@pytest.mark.parametrize("text", ["1y2p0ij32e8e8", "-1y2p0ij32e8e8", "z" * 60])
def test_a_number_no_row_holds_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match="no row holds"):
        typed.decode(text, int, optional=False)


async def test_one_person_has_one_dialogue_and_beginning_another_replaces_it(works: Works) -> None:
    async with works.begin() as work:
        await dialogue.begin(work.session, ANNA, Drafting("a"), now=work.now)
        await dialogue.begin(work.session, BERT, Waiting(), now=work.now)
        await dialogue.begin(work.session, ANNA, Drafting("支部 ~"), now=work.now)
    async with works.reading() as reader:
        found = await dialogue.current(reader, ANNA, now=0)
        assert found is not None
        assert (found[0], Drafting.decode(found[1])) == ("t.draft", Drafting("支部 ~"))
    async with works.begin() as work:
        await dialogue.end(work.session, ANNA)
        assert await dialogue.current(work.session, ANNA, now=work.now) is None
        assert await dialogue.current(work.session, BERT, now=work.now) is not None


async def test_a_dialogue_nobody_touched_for_a_day_is_over(works: Works, clock: ManualClock) -> None:
    start = clock.now()
    async with works.begin() as work:
        await dialogue.begin(work.session, ANNA, Waiting(), now=start)
        assert await dialogue.current(work.session, ANNA, now=start + DAY - 1) is not None
        assert await dialogue.current(work.session, ANNA, now=start + DAY) is None
        await dialogue.sweep(work.session, now=start + DAY - 1)
        assert await work.session.value("SELECT COUNT(*) FROM dialogue") == 1
        await dialogue.sweep(work.session, now=start + DAY)
        assert await work.session.value("SELECT COUNT(*) FROM dialogue") == 0
