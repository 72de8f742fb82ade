"""Saying how far the reading of a large file is, in one message that is edited."""

from bot.dues.importing import texts
from bot.kit.messages import Message
from bot.kit.outbox import Queued, Target
from bot.kit.work import Works
from bot.roster import Ctx

EVERY = 20_000
"""Rows between two words about it; a file that is shorter is read before anybody wonders."""


class Progress:
    """Speaks outside the handler's own transaction, so that it leaves at once. `place`: the message that is to say it;
    without one, a new message is sent.
    """

    def __init__(self, works: Works, ctx: Ctx, place: Target | None = None) -> None:
        self._works = works
        self._ctx = ctx
        self._said = EVERY
        self.place = place
        self.has_spoken = False

    async def rows(self, count: int) -> None:
        if count >= self._said:
            self._said = count - count % EVERY + EVERY
            await self._say(texts.reading(self._ctx._, count), str(count))

    async def writes(self, count: int) -> None:
        """All is read and is about to be written."""
        if self.has_spoken:
            await self._say(texts.writing(self._ctx._, count), "all")

    async def _say(self, message: Message, what: str) -> None:
        self.has_spoken = True
        chat_id, key = self._ctx.chat.id, self._ctx.key(f"payments:{what}")
        async with self._works.begin() as work:
            if self.place is None:
                self.place = Queued(await work.out.send(chat_id, message, key=key))
            else:
                await work.out.edit(chat_id, self.place, message, key=key)
