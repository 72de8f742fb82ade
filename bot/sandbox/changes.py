"""What changed, in order: for the page's event stream, for saving, for tests that wait."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Change:
    """`kind` as in API.md's events. For messages the place only: whoever tells the page reads the present state."""

    cursor: int
    kind: str
    chat_id: int = 0
    message_id: int = 0
    data: dict[str, Any] = field(default_factory=dict)


class Changes:
    """A bounded log of changes with callbacks and with followers that wait for the next one."""

    def __init__(self, keep: int = 5000) -> None:
        self._log: deque[Change] = deque(maxlen=keep)
        self._callbacks: list[Callable[[Change], None]] = []
        self._followers: set[asyncio.Event] = set()
        self._closed = False
        self.cursor = 0

    def add(
        self, kind: str, chat_id: int = 0, message_id: int = 0, data: dict[str, Any] | None = None
    ) -> None:
        self.cursor += 1
        change = Change(self.cursor, kind, chat_id, message_id, data or {})
        self._log.append(change)
        for callback in tuple(self._callbacks):
            callback(change)
        for follower in self._followers:
            follower.set()

    def on_change(self, callback: Callable[[Change], None]) -> Callable[[], None]:
        """Call back, in place, on each change; returns what stops it."""
        self._callbacks.append(callback)
        return lambda: self._callbacks.remove(callback)

    async def follow(self, after: int) -> AsyncIterator[Change | None]:
        """Each change after that cursor, for ever; None when the cursor is too old (or of another run)."""
        awake = asyncio.Event()
        self._followers.add(awake)
        try:
            while not self._closed:
                awake.clear()
                oldest = self._log[0].cursor if self._log else self.cursor + 1
                if after > self.cursor or after < oldest - 1:
                    yield None
                    after = self.cursor
                for change in self._since(after):
                    after = change.cursor
                    yield change
                if after == self.cursor and not self._closed:
                    await awake.wait()
        finally:
            self._followers.discard(awake)

    def _since(self, after: int) -> list[Change]:
        behind = self.cursor - after
        return [] if behind <= 0 else list(self._log)[-behind:]

    def close(self) -> None:
        """Followers end."""
        self._closed = True
        for follower in self._followers:
            follower.set()

    def open(self) -> None:
        """Followers may come (again)."""
        self._closed = False
