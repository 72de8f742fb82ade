"""Faults that tests and the page can switch on: what the network and a busy Telegram do to a bot."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from random import Random
from typing import Any

WEBHOOK = "webhook"
"""As a fault's method: the delivery of an update to the bot's webhook."""


class FaultKind(StrEnum):
    """What goes wrong."""

    DELAY = "delay"
    """The call is held for `seconds` (real time), then processed and answered."""
    DROP = "drop"
    """The call is processed; the connection closes without an answer."""
    ERROR = "error"
    """Answered with `status` (5xx) before anything is done."""
    GATEWAY = "gateway"
    """The call is processed, but answered with 502."""
    RESET = "reset"
    """The connection is reset before anything is done."""
    FLOOD = "flood"
    """Answered with 429 and `retry_after`."""
    DUPLICATE = "duplicate"
    """getUpdates: repeats updates already confirmed. Webhook: delivers once more after its 200."""


@dataclass(slots=True)
class Fault:
    """One switched-on fault. `methods` empty: every method. `times` None: until cleared; it counts down."""

    kind: FaultKind
    methods: tuple[str, ...] = ()
    times: int | None = 1
    probability: float = 1.0
    seconds: float = 0.0
    status: int = 500
    retry_after: int = 1

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "Fault":
        """Raises ValueError, with a sentence, when the document describes no fault."""
        unknown = set(document) - set(cls.__slots__)
        if unknown:
            raise ValueError(f"a fault has no {min(unknown)!r}")
        try:
            kind = FaultKind(document["kind"])
            times = document.get("times", 1)
            return cls(
                kind=kind,
                methods=tuple(str(method) for method in document.get("methods", ())),
                times=None if times is None else int(times),
                probability=float(document.get("probability", 1.0)),
                seconds=float(document.get("seconds", 0.0)),
                status=int(document.get("status", 500)),
                retry_after=int(document.get("retry_after", 1)),
            )
        except (KeyError, TypeError, ValueError) as error:
            kinds = ", ".join(kind.value for kind in FaultKind)
            raise ValueError(f"a fault needs a kind ({kinds}) and plain numbers: {error}") from error

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


class Faults:
    """The faults in force. Randomness is passed in, so that a run can be repeated."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._active: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._active.append(fault)

    def clear(self) -> None:
        self._active.clear()

    @property
    def active(self) -> tuple[Fault, ...]:
        return tuple(self._active)

    def strike(self, method: str, kinds: frozenset[FaultKind]) -> Fault | None:
        """The first fault of these kinds that hits this call; its count goes down."""
        if not self._active:
            return None
        for fault in self._active:
            if fault.kind not in kinds or (fault.methods and method not in fault.methods):
                continue
            if fault.probability < 1.0 and self._random.random() >= fault.probability:
                continue
            if fault.times is not None:
                fault.times -= 1
                if fault.times <= 0:
                    self._active.remove(fault)
            return fault
        return None
