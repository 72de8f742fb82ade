"""The cards of the walk-through in the order each phone walks them."""

import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence

from bot.faq.model import DEFAULT_LANGUAGE, Phone, Stage, Step

STAGES = (Stage.INSTALL, Stage.LOGIN, Stage.USE, Stage.PAY)
Way = Sequence[Step]
"""The cards of one phone, in one language, in order."""


class NoCards(ValueError):
    """A phone has no cards at all, or two step ids have the same key."""


def key_of(identifier: str) -> int:
    """A short number that stands for a step's or an entry's id in a button, the same for ever."""
    return zlib.crc32(identifier.encode())


class Guide:
    """All cards, read once at start."""

    def __init__(self, steps: Iterable[Step]) -> None:
        steps = tuple(steps)
        self._by_key: Mapping[int, str] = {key_of(step.id): step.id for step in steps}
        if len(self._by_key) < len({step.id for step in steps}):
            raise NoCards("two steps have the same key; please rename one of them")
        self._order: Mapping[str, tuple[int, Stage]] = {step.id: (step.order, step.stage) for step in steps}
        self._ways: dict[tuple[Phone, str], Way] = {}
        for phone in Phone:
            for language in {step.language for step in steps}:
                self._ways[phone, language] = _way(steps, phone, language)
            if not self.way(phone, DEFAULT_LANGUAGE):
                raise NoCards(f"there is no card for {phone.value}")

    def way(self, phone: Phone, language: str) -> Way:
        """The cards of a phone; a card not written in `language` (as 'en' or 'zh_CN') comes in the default one."""
        wanted = language.split("_", maxsplit=1)[0]
        return self._ways.get((phone, wanted), self._ways.get((phone, DEFAULT_LANGUAGE), ()))

    def id_of(self, key: int) -> str | None:
        """The step a button stands for; None if the content no longer has it."""
        return self._by_key.get(key)

    def resume(self, way: Way, step_id: str, done: Collection[str]) -> Step:
        """Where somebody who stood at `step_id` goes on: at the same card; if this phone has none, at the nearest
        card of that stage; if the content no longer has such a step, at the first card not done (all done: the last).
        """
        for step in way:
            if step.id == step_id:
                return step
        if step_id in self._order:
            order, stage = self._order[step_id]
            same_stage = [step for step in way if step.stage is stage]
            if same_stage:
                return min(same_stage, key=lambda step: abs(step.order - order))
        return next((step for step in way if step.id not in done), way[-1])


def after_done(way: Way, current: Step, tapped: str, done_before: Collection[str]) -> Step | None:
    """Where Done under the card `tapped` leads: to the card after it, never back behind the current one; after the
    last card, to the first one that was passed over. None at the end: when this was the last card to be done, or, on
    a further walk, the last of the way.
    """
    ids = [step.id for step in way]
    left = [step for step in way if step.id != tapped and step.id not in done_before]
    if not left and tapped in ids and tapped not in done_before:
        return None
    here = ids.index(current.id)
    target = max(here, ids.index(tapped) + 1) if tapped in ids else here
    if target < len(way):
        return way[target]
    return left[0] if left else None


def before(way: Way, tapped: str) -> Step | None:
    """The card before this one; None before the first."""
    ids = [step.id for step in way]
    return way[ids.index(tapped) - 1] if tapped in ids[1:] else None


def stages_done(way: Way, done: Collection[str]) -> Sequence[Stage]:
    """The stages all of whose cards are done on this way."""
    return [
        stage
        for stage in STAGES
        if (cards := [step.id for step in way if step.stage is stage]) and all(card in done for card in cards)
    ]


def place_in_stage(way: Way, step: Step) -> tuple[int, int]:
    """Which card of its stage this is, counted from 1, and how many the stage has."""
    ids = [each.id for each in way if each.stage is step.stage]
    return ids.index(step.id) + 1, len(ids)


def _way(steps: Sequence[Step], phone: Phone, language: str) -> Way:
    chosen: dict[str, Step] = {}
    for step in steps:
        fits = not step.phones or phone in step.phones
        if fits and (
            step.language == language or (step.language == DEFAULT_LANGUAGE and step.id not in chosen)
        ):
            chosen[step.id] = step
    return tuple(sorted(chosen.values(), key=lambda step: (step.order, step.id)))
