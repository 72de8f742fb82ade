"""What a question would get, seen through a member's eyes. Nothing is noted and nobody is told."""

import dataclasses
from collections.abc import Mapping, Sequence

from bot.faq import judging
from bot.faq.judging import Judgement
from bot.faq.matcher import Index
from bot.faq.model import Kind, Scope
from bot.faq.upkeep import rights
from bot.kit.database import Reader
from bot.kit.errors import NotAllowed
from bot.roster import store as roster
from bot.roster.model import Actor, Unit

SHOWN = 5
"""Entries found, at a time."""


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    key: str
    title: str
    kind: Kind
    confidence: float


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """One question of the text."""

    judgement: Judgement
    found: Sequence[Found]
    """Best first."""


@dataclasses.dataclass(frozen=True, slots=True)
class Tried:
    unit: Unit | None
    """Whose member looks; None: somebody who is not bound."""
    language: str
    """The content's code of it."""
    parts: Sequence[Part]


async def branches(reader: Reader, actor: Actor) -> Sequence[Unit]:
    """Through whose members' eyes the actor may look: those of the branches they look after, their own first.
    `NotAllowed` for whoever looks after none.
    """
    owners = await rights.owners(reader, actor)
    if not owners:
        raise NotAllowed
    below = {branch for owner in owners for branch in await rights.below(reader, owner)}
    found = [unit for branch in sorted(below) if (unit := await roster.unit(reader, branch)) is not None]
    own = None if actor.member is None else actor.member.branch_id
    return sorted(found, key=lambda unit: unit.id != own)


async def first_eyes(reader: Reader, actor: Actor) -> int | None:
    """The branch whose members' eyes to begin with."""
    found = await branches(reader, actor)
    return found[0].id if found else None


async def try_(
    reader: Reader,
    actor: Actor,
    index: Index,
    text: str,
    *,
    branch: int | None,
    language: str,
    extra: Mapping[str, float] | None,
) -> Tried:
    """`branch`: None for somebody who is not bound. `NotAllowed` where its members are not in the actor's care."""
    allowed = {unit.id: unit for unit in await branches(reader, actor)}
    if branch is not None and branch not in allowed:
        raise NotAllowed
    scope = Scope(branch, language)
    listed = await judging.visible(reader, scope)
    parts = [
        Part(
            judgement,
            [
                Found(match.key, listed[match.key].title, match.kind, match.confidence)
                for match in judgement.outcome.matches[:SHOWN]
            ],
        )
        for judgement in await judging.judge(reader, scope, listed, index, text, extra)
    ]
    return Tried(None if branch is None else allowed[branch], language, parts)
