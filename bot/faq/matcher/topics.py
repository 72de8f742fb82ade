"""What can be meant."""

import dataclasses

from bot.faq.model import Kind


@dataclasses.dataclass(frozen=True, slots=True)
class Topic:
    """What can be meant: an entry with everything people say when they mean it."""

    key: str
    """Its id, and after an @ the unit it belongs to where a unit has its own."""
    kind: Kind
    phrasings: tuple[str, ...]

    @property
    def family(self) -> str:
        """The same for what stands for one another: a branch's own entry and the committee's it overrides."""
        return self.key.partition("@")[0]
