"""The queue of updates for the bot: offered by what people do, confirmed by getUpdates or the webhook."""

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Any

from bot.sandbox.errors import ApiError
from bot.sandbox.world import Json

OPTIONAL = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""Updates that come only to bots that ask for them by name."""
ALL = OPTIONAL | {
    "message",
    "edited_message",
    "callback_query",
    "inline_query",
    "chosen_inline_result",
    "my_chat_member",
}
_TERMINATED = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)
_TERMINATED_BY_WEBHOOK = "Conflict: terminated by setWebhook request"


@dataclass(frozen=True, slots=True)
class Update:
    """An update on its way. Updates with one `lane` (chat or person) keep their order on every road."""

    update_id: int
    kind: str
    body: Json
    lane: int

    def to_json(self) -> Json:
        return {"update_id": self.update_id, self.kind: self.body}


class Updates:
    """Pending updates in order. Waiting is ordinary asyncio time; nothing here polls."""

    def __init__(self, first_id: int) -> None:
        self.next_id = first_id
        self.allowed: frozenset[str] = ALL - OPTIONAL
        self.pending: dict[int, Update] = {}
        self.confirmed: deque[Update] = deque(maxlen=20)
        """The last confirmed ones: what a duplicate delivery repeats."""
        self._poll: asyncio.Future[None] | None = None
        self._news: set[asyncio.Event] = set()
        self._quiet: list[tuple[int, asyncio.Future[None]]] = []
        self._closed = False

    def allow(self, kinds: list[Any] | None) -> None:
        """Remember allowed_updates: None keeps the setting, an empty list is Telegram's default."""
        if kinds is not None:
            self.allowed = frozenset(kinds) & ALL if kinds else ALL - OPTIONAL

    def offer(self, kind: str, body: Json, lane: int) -> None:
        """Queue an update, unless the bot does not want its kind."""
        if kind not in self.allowed:
            return
        update = Update(self.next_id, kind, body, lane)
        self.next_id += 1
        self.pending[update.update_id] = update
        self._wake_poll()
        for news in self._news:
            news.set()

    def confirm(self, update_id: int) -> None:
        """The bot has this one."""
        update = self.pending.pop(update_id, None)
        if update is not None:
            self.confirmed.append(update)
            self._tell_quiet()

    def confirm_before(self, offset: int) -> None:
        """As getUpdates' offset: confirms all below; a negative one forgets all but the last so many."""
        if offset < 0:
            ids = list(self.pending)[:offset]
        else:
            ids = []
            for update_id in self.pending:
                if update_id >= offset:
                    break
                ids.append(update_id)
        for update_id in ids:
            self.confirmed.append(self.pending.pop(update_id))
        if ids:
            self._tell_quiet()

    def drop(self) -> None:
        """Forget everything pending."""
        self.pending.clear()
        self._tell_quiet()

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Update]:
        """What getUpdates returns: at once when there is something, else after at most so many `seconds`.
        409 for this poll when another takes over.
        """
        self.interrupt(_TERMINATED)
        self.confirm_before(offset)
        if not self.pending and seconds > 0 and not self._closed:
            poll = self._poll = asyncio.get_running_loop().create_future()
            try:
                async with asyncio.timeout(seconds):
                    await poll
            except TimeoutError:
                pass
            finally:
                if self._poll is poll:
                    self._poll = None
        first: list[Update] = []
        for update in self.pending.values():
            if len(first) == limit:
                break
            first.append(update)
        return first

    @property
    def is_polled(self) -> bool:
        """Whether a getUpdates waits for news just now."""
        return self._poll is not None

    def interrupt(self, reason: str = _TERMINATED_BY_WEBHOOK) -> None:
        """The waiting poll, if there is one, is refused."""
        poll, self._poll = self._poll, None
        if poll is not None and not poll.done():
            poll.set_exception(ApiError(409, reason))

    def _wake_poll(self) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)

    async def news(self, event: asyncio.Event) -> None:
        """Wait until something is offered; `event` belongs to the waiter, who clears it before looking."""
        self._news.add(event)
        try:
            await event.wait()
        finally:
            self._news.discard(event)

    async def quiet(self) -> None:
        """Returns when every update offered so far is confirmed."""
        last = self.next_id - 1
        if self._clear_through(last):
            return
        waiter = asyncio.get_running_loop().create_future()
        self._quiet.append((last, waiter))
        await waiter

    def _clear_through(self, last: int) -> bool:
        # With a webhook lanes overtake each other, but the dictionary keeps the order of offering.
        first = next(iter(self.pending), None)
        return first is None or first > last

    def _tell_quiet(self) -> None:
        waiting = []
        for last, waiter in self._quiet:
            if not self._clear_through(last):
                waiting.append((last, waiter))
            elif not waiter.done():
                waiter.set_result(None)
        self._quiet = waiting

    def close(self) -> None:
        """The waiting poll returns empty-handed, and no poll waits any more."""
        self._closed = True
        self._wake_poll()

    def open(self) -> None:
        self._closed = False
