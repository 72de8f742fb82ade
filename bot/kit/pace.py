"""How fast messages may leave: decisions only; time is passed in as monotonic seconds.

A window counts what is in flight and what finished within its period; that sum stays below its limit. Counted this
way, no period of that length as Telegram sees it can hold more than the limit, whatever the network's delays (a fixed
pace of 30 a second was refused 5,035 times in 10,000; the window never).
"""

import collections
import dataclasses
import math

RECOVERY_SECONDS = 60.0
"""After a refusal that meant the whole bot, one more message a second is tried again every so often."""

_SLOWEST = 5
_FEW_SENDS = 3
_USUAL_RESPONSE = 0.1
"""Seconds in which Telegram answers, until it is known better."""
_WEIGHT_OF_THE_LATEST = 0.1
_GROUPS_A_PERIOD = 10
"""Bulk leaves evenly: then places become free all the time, and an answer written meanwhile waits for a tenth of a period.
When all of a second's messages leave at once, it waits for a second.
"""
_ROUNDING = 1e-6
_FEW_CHATS = 256
"""Fewer windows than this are not worth looking through for idle ones."""


@dataclasses.dataclass(frozen=True, slots=True)
class Limits:
    """Messages per period (seconds). The defaults keep inside what Telegram documents: about 30 a second in all,
    about one a second to a person, 20 a minute to a group.
    """

    overall: int = 30
    overall_period: float = 1.0
    person: int = 4
    person_period: float = 4.0
    group: int = 20
    group_period: float = 60.0

    @classmethod
    def off(cls) -> "Limits":
        """For measuring against a server without limits; at most this many are in flight."""
        return cls(overall=64, overall_period=0.0, person=64, person_period=0.0, group=64, group_period=0.0)


class Window:
    def __init__(self, limit: int, period: float) -> None:
        self.limit = limit
        self.period = period
        self._in_flight = 0
        self._finished: collections.deque[float] = collections.deque()

    def free(self, now: float) -> int:
        """How many may start now."""
        self._forget(now)
        return max(0, self.limit - self._in_flight - len(self._finished))

    def start(self, messages: int = 1) -> None:
        self._in_flight += messages

    def finish(self, now: float, messages: int = 1) -> None:
        self._in_flight -= messages
        self._finished.extend([now] * messages)

    def next_free(self, now: float, messages: int = 1) -> float | None:
        """When so many may start together: now, a later moment, or None while only an answer can tell. More than the
        limit may start when nothing else was.
        """
        wanted = min(messages, self.limit)
        if self.free(now) >= wanted:
            return now
        surplus = self._in_flight + len(self._finished) - self.limit + wanted - 1
        if surplus >= len(self._finished):
            return None
        return self._finished[surplus] + self.period

    def is_empty(self, now: float) -> bool:
        self._forget(now)
        return not self._in_flight and not self._finished

    def _forget(self, now: float) -> None:
        while self._finished and self._finished[0] + self.period <= now:
            self._finished.popleft()


class Spread:
    """Evenly over a window: groups of a tenth of its limit leave each tenth of its period. A group that comes late by less
    than one message's time is not late for the next.
    """

    def __init__(self, window: Window) -> None:
        self._window = window
        self._due = 0.0
        """When the next would leave if each left alone."""

    def free(self, now: float) -> int:
        """How many may start now: none, or a group at least."""
        if not self._window.period:
            return self._window.limit
        early = max(0.0, self._due - now) / self._step
        some = self._group + 1 - math.ceil(early - _ROUNDING)
        return some if some >= self._group else 0

    def start(self, now: float, messages: int = 1) -> None:
        self._due = max(self._due, now) + messages * self._step

    def next_free(self, now: float) -> float:
        return now if self.free(now) else self._due - self._step

    @property
    def _group(self) -> int:
        return max(1, self._window.limit // _GROUPS_A_PERIOD)

    @property
    def _step(self) -> float:
        return self._window.period / self._window.limit


class Pace:
    """What may leave when: overall, for each chat, and what Telegram has asked to wait for."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._overall = Window(limits.overall, limits.overall_period)
        self._bulk = Spread(self._overall)
        self._chats: dict[int, Window] = {}
        self._bot_held_until = 0.0
        self._chats_held_until: dict[int, float] = {}
        self._slowed_at: float | None = None
        self._tidy_at = _FEW_CHATS
        self._response = _USUAL_RESPONSE

    def free(self, now: float) -> int:
        """How many messages may start now, to whomever."""
        self._recover(now)
        return 0 if self.is_held(now) else self._overall.free(now)

    def next_free(self, now: float) -> float | None:
        if self.is_held(now):
            return self._bot_held_until
        return self._overall.next_free(now)

    def bulk_free(self, now: float) -> int:
        """How many of the messages that may start now may be bulk."""
        return self._bulk.free(now)

    def bulk_next_free(self, now: float) -> float:
        return self._bulk.next_free(now)

    def chat_next_free(self, chat_id: int, now: float, messages: int = 1) -> float | None:
        """When so many messages may go to the chat: now, later, or None while something to it is in flight."""
        held = self._chats_held_until.get(chat_id, 0.0)
        if now < held:
            return held
        window = self._chats.get(chat_id)
        return now if window is None else window.next_free(now, messages)

    def side_by_side(self) -> int:
        """How many sends may be under way or unrecorded: as many as the limit needs at Telegram's present response time,
        twice over, and no more, for each of them is sent again if the bot is killed now.
        """
        if not self._limits.overall_period:
            return self._limits.overall
        needed = 2 * self._overall.limit / self._limits.overall_period * self._response
        return min(self._overall.limit, max(_FEW_SENDS, math.ceil(needed)))

    def start(self, chat_id: int, messages: int = 1) -> None:
        self._overall.start(messages)
        self._window_of(chat_id).start(messages)

    def start_bulk(self, chat_id: int, now: float, messages: int = 1) -> None:
        self._bulk.start(now, messages)
        self.start(chat_id, messages)

    def finish(self, chat_id: int, now: float, *, took: float = 0.0, messages: int = 1) -> None:
        """`took`: seconds from start to answer."""
        self._response += (took - self._response) * _WEIGHT_OF_THE_LATEST
        self._overall.finish(now, messages)
        self._window_of(chat_id).finish(now, messages)
        if len(self._chats) >= self._tidy_at:
            self._forget_idle_chats(now)

    def refuse(self, chat_id: int, now: float, retry_after: float) -> bool:
        """Takes note of a 429 and returns whether it meant the whole bot.

        Telegram does not say which it means. A group, or a person we have just written to as often as is allowed,
        is taken as that chat alone; but a second chat refused while one is held, or a refusal to a chat that was
        quiet, can only be the whole bot.
        """
        others_held = any(until > now for chat, until in self._chats_held_until.items() if chat != chat_id)
        busy = chat_id < 0 or self._window_of(chat_id).free(now) <= 1
        if busy and not others_held:
            self._chats_held_until[chat_id] = now + retry_after
            return False
        self._bot_held_until = max(self._bot_held_until, now + retry_after)
        self._overall.limit = max(_SLOWEST, self._overall.limit * 9 // 10)
        self._slowed_at = now
        return True

    def is_held(self, now: float) -> bool:
        """Whether nothing may leave, to whomever, before some later moment."""
        return now < self._bot_held_until

    def hold_all(self, now: float, seconds: float) -> None:
        """Nothing leaves for this long (the network is away)."""
        self._bot_held_until = max(self._bot_held_until, now + seconds)

    def _recover(self, now: float) -> None:
        if self._slowed_at is None or now - self._slowed_at < RECOVERY_SECONDS:
            return
        self._overall.limit = min(self._limits.overall, self._overall.limit + 1)
        self._slowed_at = now if self._overall.limit < self._limits.overall else None

    def _window_of(self, chat_id: int) -> Window:
        window = self._chats.get(chat_id)
        if window is None:
            if chat_id < 0:
                window = Window(self._limits.group, self._limits.group_period)
            else:
                window = Window(self._limits.person, self._limits.person_period)
            self._chats[chat_id] = window
        return window

    def _forget_idle_chats(self, now: float) -> None:
        self._chats = {chat: window for chat, window in self._chats.items() if not window.is_empty(now)}
        self._chats_held_until = {
            chat: until for chat, until in self._chats_held_until.items() if until > now
        }
        self._tidy_at = max(_FEW_CHATS, 2 * len(self._chats))
