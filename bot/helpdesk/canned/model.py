"""Replies that staff use again and again."""

import dataclasses

Shelf = int | None
"""The unit whose staff share the replies; None for one's own."""


@dataclasses.dataclass(frozen=True, slots=True)
class Reply:
    id: int
    shelf: Shelf
    member_id: int
    """Who wrote it; of one's own, whose it is."""
    text: str
    """As written, with a word in braces where the member's name is filled in."""
    used: int
    """How often it was sent."""
    is_retired: bool
