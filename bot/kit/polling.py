"""Fetching updates by long polling. The offset advances only past updates that are committed."""

import logging
from collections.abc import Sequence
from typing import Final

from bot.kit.clock import Clock
from bot.kit.database import Unavailable
from bot.kit.intake import Intake
from bot.kit.transport import NoAnswer, Refused, Telegram

log = logging.getLogger(__name__)

ALLOWED_UPDATES: Final[Sequence[str]] = (
    "message",
    "edited_message",
    "callback_query",
    "inline_query",
    "chosen_inline_result",
    "my_chat_member",
    "message_reaction",
)
"""What the bot asks Telegram for, by polling and by webhook alike."""

_LONG_POLL_SECONDS = 50
_LONGEST_PAUSE = 30.0


class Poller:
    def __init__(self, telegram: Telegram, intake: Intake, clock: Clock) -> None:
        self._telegram = telegram
        self._intake = intake
        self._clock = clock
        self._offset: int | None = None
        self._failures = 0

    async def run(self) -> None:
        """Polls until cancelled."""
        while True:
            await self._intake.has_room()
            try:
                await self._fetch()
            except Refused as refusal:
                log.log(
                    logging.CRITICAL if refusal.code == 401 else logging.WARNING,
                    "Telegram refuses to hand out updates",
                    extra={"code": refusal.code, "description": refusal.description},
                )
                await self._back_off(refusal.retry_after)
            except (NoAnswer, Unavailable) as failure:
                log.warning("no updates for now", extra={"error": str(failure)})
                await self._back_off(None)

    async def _fetch(self) -> None:
        parameters = {"timeout": _LONG_POLL_SECONDS, "limit": 100, "allowed_updates": list(ALLOWED_UPDATES)}
        if self._offset is not None:
            parameters["offset"] = self._offset
        updates = await self._telegram.call("getUpdates", parameters, patience=_LONG_POLL_SECONDS + 10)
        if updates:
            await self._intake.offer(updates)
            self._offset = max(update["update_id"] for update in updates) + 1
        self._failures = 0

    async def _back_off(self, wanted: float | None) -> None:
        self._failures += 1
        await self._clock.sleep(wanted or min(_LONGEST_PAUSE, 0.5 * 2 ** min(self._failures, 10)))
