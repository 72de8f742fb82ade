"""Buttons of files, and what is awaited. `owner` is whose entries: a unit's id, or None for the whole organisation's;
`offer` the row of a file that was sent.
"""

import enum

from bot.faq.exchange.package import Shape
from bot.kit.buttons import Button
from bot.kit.dialogue import Dialogue


class Files(Button, tag="fx.files"):
    """Files out and in, from the home of those who keep entries."""

    owner: int | None


class Export(Button, tag="fx.out"):
    owner: int | None
    shape: Shape


class Import(Button, tag="fx.in"):
    """Asks for the file."""

    owner: int | None


class AwaitingFile(Dialogue, tag="fx.file"):
    owner: int | None


class Conflicts(enum.StrEnum):
    """What becomes of entries that were changed on both sides."""

    FILE = "f"
    """The file's version, of all."""
    HERE = "h"
    """They stay."""
    CHOSEN = "c"
    """As was decided one by one; those not decided stay."""


class Apply(Button, tag="fx.apply"):
    offer: int
    conflicts: Conflicts


class Show(Button, tag="fx.show"):
    """Back to the preview."""

    offer: int


class ShowConflict(Button, tag="fx.conflict"):
    offer: int
    place: int
    """Among the conflicts, from 0."""


class Choose(Button, tag="fx.choose"):
    offer: int
    place: int
    from_file: bool


class Drop(Button, tag="fx.drop"):
    offer: int
