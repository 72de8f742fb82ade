"""Which post goes to whom, and what that comes to."""

import dataclasses
from collections.abc import Sequence

from bot.helpdesk import people
from bot.helpdesk.model import Holder
from bot.roster.model import Person, Post, Staff, Unit


@dataclasses.dataclass(frozen=True, slots=True)
class Held:
    """A post, and who holds it."""

    person: Person
    post: Post
    unit: Unit

    @property
    def holder(self) -> Holder:
        return people.holder(Staff(self.person, self.post), self.unit.name)


@dataclasses.dataclass(frozen=True, slots=True)
class Wish:
    """Which post is to go to whom."""

    member_id: int
    post: Post
    successor_id: int


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """What will be, once it is confirmed."""

    held: Held
    successor: Person
    ends: Sequence[Post]
    """Posts of the successor in the same unit that end, because the new one takes their place."""
    waiting: int
    """How many questions wait for the holder's answer and go along."""
    answered: int
    """How many of theirs are answered and not closed."""
    group: str | None
    """The title of the team's Telegram group."""
    keeps: Sequence[tuple[Post, Unit]]
    """What the former holder still holds."""
