"""Buttons: what is encoded is decoded, and nothing larger than Telegram takes can be defined."""

import enum
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kit.buttons import AtMost, Button, Malformed


class Colour(enum.StrEnum):
    RED = "r"
    GREEN = "g"


class Everything(Button, tag="t.all"):
    number: int
    flag: bool
    colour: Colour
    word: Annotated[str, AtMost(20)]
    other: int | None = None


words = st.text(st.characters(exclude_characters=":", codec="utf-8", exclude_categories=["Cs"]), max_size=5)


@given(
    st.builds(
        Everything,
        number=st.integers(-(2**63) + 1, 2**63 - 1),
        flag=st.booleans(),
        colour=st.sampled_from(Colour),
        word=words,
        other=st.none() | st.integers(0, 2**40),
    )
)
def test_a_button_survives_its_callback_data(button: Everything) -> None:
    data = button.encode()
    assert len(data.encode()) <= 64
    assert Everything.decode(data) == button


@given(st.text(max_size=64))
def test_foreign_data_is_malformed_and_nothing_else(data: str) -> None:
    try:
        Everything.decode(data)
    except Malformed:
        return
    assert data.startswith("t.all:")


@pytest.mark.parametrize(
    "data",
    [
        "",
        "t.all",
        "t.all:1:1:r",
        "t.all:x!:1:r:w:~",
        "t.all:1:1:blue:w:~",
        "t.al:1:1:r:w:~",
        f"t.all:{'z' * 40}:1:r:w:~",
    ],
)
def test_old_and_broken_data_is_malformed(data: str) -> None:
    with pytest.raises(Malformed):
        Everything.decode(data)


def test_a_button_that_could_outgrow_telegram_cannot_be_defined() -> None:
    with pytest.raises(TypeError, match="may take 69 bytes"):

        class TooLarge(Button, tag="t.large"):
            word: Annotated[str, AtMost(61)]


def test_a_text_must_say_how_large_it_may_be() -> None:
    with pytest.raises(TypeError, match="how large"):

        class Boundless(Button, tag="t.free"):
            word: str


def test_a_text_larger_than_said_is_refused_before_it_leaves() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        Everything(1, True, Colour.RED, "支" * 40).encode()
    with pytest.raises(ValueError, match="does not fit"):
        Everything(1, True, Colour.RED, "a:b").encode()
