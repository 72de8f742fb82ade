"""A Telegram that does what a test tells it to, without a network."""

import asyncio
import dataclasses
import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.kit.clock import ManualClock
from bot.kit.transport import READ_SECONDS, Attachment


@dataclasses.dataclass(frozen=True, slots=True)
class Received:
    method: str
    parameters: Mapping[str, Any]
    attachments: Sequence[Attachment]
    at: float


class FakeTelegram:
    """Records calls and answers each with the next message id, or as `answer` says (returned or raised)."""

    def __init__(self, clock: ManualClock, answer: Callable[[Received], Any] | None = None) -> None:
        self.calls: list[Received] = []
        self.answer = answer
        self.gate: asyncio.Event | None = None
        """While set and closed, answers are held back."""
        self._clock = clock
        self._ids = itertools.count(1)

    async def call(
        self,
        method: str,
        parameters: Mapping[str, Any],
        attachments: Sequence[Attachment] = (),
        *,
        patience: float = READ_SECONDS,
    ) -> Any:
        received = Received(method, parameters, attachments, self._clock.monotonic())
        self.calls.append(received)
        if self.gate is not None:
            await self.gate.wait()
        result = self.answer(received) if self.answer is not None else None
        if isinstance(result, Exception):
            raise result
        return {"message_id": next(self._ids)} if result is None else result

    @property
    def texts(self) -> list[str]:
        return [str(call.parameters.get("text")) for call in self.calls]
