"""Decisions about codes and tries."""

import dataclasses
import re
from collections.abc import Sequence
from random import Random

from bot.kit.clock import HOUR
from bot.roster.model import Member
from bot.roster.rules import clean

CODE_DIGITS = 8
CODE_LIFETIME = 72 * HOUR
TRIES = 5
WINDOW = HOUR

_BETWEEN = re.compile(r"[\s\-–—.]+")


@dataclasses.dataclass(frozen=True, slots=True)
class Attempts:
    """How often an account has tried since the first try of this hour."""

    since: int
    tries: int

    @property
    def left(self) -> int:
        return max(0, TRIES - self.tries)

    @property
    def again_at(self) -> int:
        """When tries are counted afresh."""
        return self.since + WINDOW


def after_try(before: Attempts | None, now: int) -> Attempts | None:
    """The count with one more try; None when there was none left."""
    if before is None or now >= before.again_at:
        return Attempts(now, 1)
    return Attempts(before.since, before.tries + 1) if before.left else None


def new_code(random: Random) -> str:
    """`random` must be a source fit for secrets."""
    return f"{random.randrange(10**CODE_DIGITS):0{CODE_DIGITS}}"


def spaced(code: str) -> str:
    """The code as it is read out: two groups of four."""
    return f"{code[:4]} {code[4:]}"


def code_in(text: str) -> str | None:
    """The code in a message that holds nothing else; None when it can be none."""
    digits = _BETWEEN.sub("", clean(text))
    return digits if len(digits) == CODE_DIGITS and digits.isascii() and digits.isdigit() else None


def likeliest_first(given_name: str, members: Sequence[Member]) -> Sequence[Member]:
    """The members, those whose name is the one given first, else in their order."""
    wanted = "".join(given_name.split())
    return sorted(members, key=lambda member: "".join(member.name.split()) != wanted)
