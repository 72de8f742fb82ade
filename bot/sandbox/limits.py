"""Telegram's limits on sending: figures, and the windows that enforce them.

Telegram publishes rough figures only (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this):
about one message a second to a chat with short bursts, 20 a minute to a group, about 30 a second overall.
"""

import math
from collections import deque
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limits:
    """All that can be set about limits. `None` switches a window off."""

    overall: int | None = 30
    overall_seconds: float = 1.0
    private: int | None = 4
    private_seconds: float = 4.0
    group: int | None = 20
    group_seconds: float = 60.0
    extension: float = 0.25
    """Seconds by which the wait grows with each call made although it was refused."""
    grace: float = 0.1
    """Calls this soon (seconds) after a refusal were under way already: refused, but not held against the caller."""
    longest_wait: float = 60.0
    query_seconds: float = 15.0
    """How long a callback query can be answered."""
    upload_bytes: int = 50 * 1024 * 1024
    photo_bytes: int = 10 * 1024 * 1024
    download_bytes: int = 20 * 1024 * 1024
    webhook_retry: float = 1.0
    """First pause (real seconds) after a webhook refused an update; it doubles with each refusal."""
    webhook_longest_retry: float = 60.0

    @classmethod
    def off(cls) -> "Limits":
        """No rate limits, and webhook retries quick enough for tests; sizes and query expiry stay."""
        return cls(overall=None, private=None, group=None, webhook_retry=0.01, webhook_longest_retry=0.1)


@dataclass(slots=True)
class _Window:
    """At most `most` calls within any `seconds`; once refused, closed until the promised moment."""

    most: int
    seconds: float
    arrivals: deque[float] = field(default_factory=deque)
    refused_at: float = -math.inf
    closed_until: float = -math.inf

    def wait(self, now: float, cost: int, limits: Limits) -> int:
        """Seconds the caller must wait, 0 when there is room. A refusal closes the window."""
        if now < self.closed_until:
            if now > self.refused_at + limits.grace:
                longest = max(self.closed_until, now + limits.longest_wait)
                self.closed_until = min(self.closed_until + limits.extension, longest)
            return math.ceil(self.closed_until - now)
        arrivals = self.arrivals
        while arrivals and arrivals[0] <= now - self.seconds:
            arrivals.popleft()
        over = len(arrivals) + cost - self.most
        if over <= 0 or not arrivals:
            return 0
        free_at = arrivals[min(over, len(arrivals)) - 1] + self.seconds
        promised = max(1, math.ceil(free_at - now))
        self.refused_at, self.closed_until = now, now + promised
        return promised


class Limiter:
    """Decides about each sending call at its arrival."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._overall = None if limits.overall is None else _Window(limits.overall, limits.overall_seconds)
        self._chats: dict[int, _Window] = {}

    def arrive(self, chat_id: int, now: float, cost: int = 1) -> int:
        """Register a call that sends `cost` messages at `now` (monotonic seconds).
        0: go on. Otherwise the seconds to wait; the call is then not counted.
        """
        windows = [window for window in (self._overall, self._chat(chat_id)) if window is not None]
        for window in windows:
            wait = window.wait(now, cost, self._limits)
            if wait:
                return wait
        for window in windows:
            window.arrivals.extend([now] * cost)
        return 0

    def _chat(self, chat_id: int) -> _Window | None:
        limits = self._limits
        most = limits.private if chat_id > 0 else limits.group
        if most is None:
            return None
        window = self._chats.get(chat_id)
        if window is None:
            seconds = limits.private_seconds if chat_id > 0 else limits.group_seconds
            window = self._chats[chat_id] = _Window(most, seconds)
        return window
