"""Messages out, the delivering half: takes the rows that transactions left and brings them to Telegram.

One loop decides and records, many sends are under way. A chat has at most one message in flight, so that its messages
arrive in order. Nothing here holds state that a restart would miss: an at-least-once row stays waiting until its outcome
is recorded, an at-most-once row is marked as sending before the network is touched.
"""

import asyncio
import logging
from collections.abc import Collection, Mapping, Sequence

from bot.kit import delivery, verdicts
from bot.kit.clock import SECOND, Clock
from bot.kit.database import Database, Reader, Session, Unavailable
from bot.kit.delivery import Outgoing, Verdict
from bot.kit.outbox import Policy, State, Urgency
from bot.kit.pace import Limits, Pace
from bot.kit.transport import Attachment, NoAnswer, Refused, Telegram

log = logging.getLogger(__name__)

DRAIN_SECONDS = 1.5
"""How long a clean stop goes on delivering what already waits."""

LAST_SECONDS = 1.0
"""How long it then waits for what is in flight."""

_DATABASE_PAUSE = 1.0


class Courier:
    def __init__(self, database: Database, telegram: Telegram, clock: Clock, limits: Limits) -> None:
        self._database = database
        self._telegram = telegram
        self._clock = clock
        self._pace = Pace(limits)
        self._woken = asyncio.Event()
        self._resting = asyncio.Event()
        self._in_flight: dict[int, asyncio.Task[None]] = {}
        self._verdicts: list[Verdict] = []
        self._outage_pauses = 0
        self._failing_chats: set[int] = set()
        """Chats in which something failed in this outage: others are to try first whether it is over."""
        self._stopping = False

    def wake(self) -> None:
        """There may be something to deliver. Called after every commit that wrote outgoing rows."""
        self._resting.clear()
        self._woken.set()

    async def rested(self) -> None:
        """Returns when nothing is in flight and nothing may leave at this moment."""
        await self._resting.wait()

    async def run(self) -> None:
        """Delivers until `stop`."""
        settled = False
        while not (self._stopping and not self._in_flight and not self._verdicts):
            self._woken.clear()
            try:
                if not settled:
                    await self._settle_interrupted()
                    settled = True
                started, wake_at = await self._round()
            except Unavailable:
                if self._stopping:
                    log.warning("database away; what just happened is not recorded")
                    return
                log.warning("database away; the courier waits")
                await self._clock.sleep(_DATABASE_PAUSE)
                continue
            if not started and not self._verdicts:
                await self._pause(wake_at)

    async def stop(self) -> None:
        """Delivers what waits for a moment longer, then lets what is in flight end, and records its outcome."""
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                self.wake()
                await self.rested()
        except TimeoutError:
            log.info("stopping with messages still waiting; they leave after the next start")
        self._stopping = True
        self.wake()
        if self._in_flight:
            await asyncio.wait(self._in_flight.values(), timeout=LAST_SECONDS)
        for task in self._in_flight.values():
            task.cancel()

    async def _settle_interrupted(self) -> None:
        async with self._database.transaction() as session:
            unknown = await delivery.settle_interrupted(session, now=self._clock.now())
        if unknown:
            log.warning("outcome unknown after a crash", extra={"messages": unknown})

    async def _round(self) -> tuple[int, int | None]:
        """Records what is known, starts what may leave; returns how many rows it acted on and, if none, when to look
        again (by the wall clock, None: when woken).
        """
        recorded, self._verdicts = self._verdicts, []
        answered = {verdict.outgoing.chat_id for verdict in recorded}
        try:
            if recorded:
                async with self._database.transaction() as session:
                    await delivery.record(session, recorded, now=self._clock.now())
                    chosen, next_attempt = await self._choose(session, self._in_flight.keys() - answered)
                    marked = await self._mark(session, chosen)
            else:
                async with self._database.reading() as reader:
                    chosen, next_attempt = await self._choose(reader, self._in_flight.keys())
                marked = chosen
                if any(_is_marked(each) for each in chosen):
                    async with self._database.transaction() as session:
                        marked = await self._mark(session, chosen)
        except BaseException:
            self._verdicts = recorded + self._verdicts
            raise
        for chat_id in answered:
            self._in_flight.pop(chat_id, None)
        for outgoing in marked:
            if outgoing.urgency is Urgency.BULK:
                self._pace.start_bulk(outgoing.chat_id, self._clock.monotonic(), outgoing.messages)
            else:
                self._pace.start(outgoing.chat_id, outgoing.messages)
            self._in_flight[outgoing.chat_id] = asyncio.create_task(self._deliver(outgoing))
        return len(recorded) + len(chosen), next_attempt

    async def _choose(self, reader: Reader, busy: Collection[int]) -> tuple[Sequence[Outgoing], int | None]:
        if self._stopping or (self._outage_pauses and busy):
            return [], None
        now, ticks = self._clock.now(), self._clock.monotonic()
        # In an outage one message at a time tries whether it is over.
        free = min(1, self._pace.free(ticks)) if self._outage_pauses else self._pace.free(ticks)
        if not free:
            opens = self._pace.next_free(ticks)
            return [], None if opens is None else now + _milliseconds(opens - ticks)
        free = min(free, self._pace.side_by_side() - len(busy))
        if free <= 0:
            return [], None  # an answer, or its recording, wakes us
        bulk = self._pace.bulk_free(ticks)
        least = Urgency.BULK if bulk else Urgency.TICKET
        waits: list[float] = [] if bulk else [self._pace.bulk_next_free(ticks)]
        chosen: list[Outgoing] = []
        passing_over = {*busy, *await self._left_for_last(reader, busy, now)}
        while len(chosen) < free:
            found = await delivery.heads(reader, now=now, passing_over=passing_over, limit=free, least=least)
            for outgoing in found:
                opens = self._pace.chat_next_free(outgoing.chat_id, ticks, outgoing.messages)
                if opens is not None and opens <= ticks and len(chosen) < free:
                    chosen.append(outgoing)
                elif opens is not None and opens > ticks:
                    waits.append(opens)
                passing_over.add(outgoing.chat_id)
            if len(found) < free:
                break
        if chosen:
            answers = sum(each.urgency is not Urgency.BULK for each in chosen)
            return chosen[: answers + bulk], None  # bulk comes last
        # While bulk waits for its next group, that is soon enough: then it is asked again.
        later = await delivery.next_attempt(reader, now=now) if bulk else None
        moments = [now + _milliseconds(opens - ticks) for opens in waits] + ([] if later is None else [later])
        return [], min(moments, default=None)

    async def _left_for_last(self, reader: Reader, busy: Collection[int], now: int) -> Collection[int]:
        # One message that Telegram breaks down over must not keep everybody else's waiting as if all were lost.
        if not self._failing_chats:
            return ()
        passing_over = {*busy, *self._failing_chats}
        others = await delivery.heads(reader, now=now, passing_over=passing_over, limit=1)
        return self._failing_chats if others else ()

    async def _mark(self, session: Session, chosen: Sequence[Outgoing]) -> Sequence[Outgoing]:
        """Those that may leave now: at-most-once rows are marked first, unless they were cancelled meanwhile, albums are
        closed, unless something has joined them meanwhile, and what has become too late is cancelled.
        """
        marked: list[Outgoing] = []
        now = self._clock.now()
        for outgoing in chosen:
            if outgoing.until is not None and outgoing.until <= now:
                await delivery.cancel_late(session, outgoing.id, now=now)
            elif outgoing.album is not None:
                gathered = await delivery.gather(session, outgoing, now=now)
                marked += [] if gathered is None else [gathered]
            elif outgoing.policy is Policy.AT_LEAST_ONCE or await delivery.mark_sending(session, outgoing.id):
                marked.append(outgoing)
        return marked

    async def _deliver(self, outgoing: Outgoing) -> None:
        verdict = Verdict(
            outgoing, State.UNKNOWN if outgoing.policy is Policy.AT_MOST_ONCE else State.WAITING
        )
        began = self._clock.monotonic()
        try:
            verdict = await self._attempt(outgoing)
        finally:
            now = self._clock.monotonic()
            self._pace.finish(outgoing.chat_id, now, took=now - began, messages=outgoing.messages)
            self._verdicts.append(verdict)
            self.wake()

    async def _attempt(self, outgoing: Outgoing) -> Verdict:
        if outgoing.target is not None and outgoing.target.message_id is None and not outgoing.is_message:
            return Verdict(outgoing, State.FAILED, error="the message to change was never delivered")
        if outgoing.topic is not None and outgoing.topic.message_id is None:
            return Verdict(outgoing, State.FAILED, error="its topic was never made")
        parameters: Mapping[str, object] = _addressed(outgoing)
        files: Sequence[Attachment] = ()
        try:
            if outgoing.carries_upload:
                async with self._database.reading() as reader:
                    parameters, files = await delivery.attachments(reader, parameters)
            result = await self._telegram.call(outgoing.method, parameters, files)
            self._outage_pauses = 0
            self._failing_chats.clear()
            return verdicts.delivered(outgoing, result)
        except Refused as refusal:
            return self._refused(outgoing, refusal)
        except NoAnswer as failure:
            self._wait_for_the_network(outgoing.chat_id)
            return verdicts.no_answer(outgoing, failure, now=self._clock.now())
        except Unavailable as failure:
            return verdicts.no_answer(
                outgoing, NoAnswer(str(failure), may_have_arrived=False), now=self._clock.now()
            )
        except Exception as error:
            log.exception("a message could not be sent", extra={"outgoing": outgoing.id})
            return verdicts.no_answer(
                outgoing, NoAnswer(type(error).__name__, may_have_arrived=True), now=self._clock.now()
            )

    def _wait_for_the_network(self, chat_id: int) -> None:
        self._failing_chats.add(chat_id)
        # Sends that fail together are one outage and one pause. Also after a failure that may have arrived: a round of
        # messages sent at most once would else be used up, unknown each, while nothing gets through.
        now = self._clock.monotonic()
        if not self._pace.is_held(now):
            self._pace.hold_all(now, verdicts.pause_after(self._outage_pauses) / SECOND)
            self._outage_pauses += 1

    def _refused(self, outgoing: Outgoing, refusal: Refused) -> Verdict:
        facts = {"outgoing": outgoing.id, "method": outgoing.method, "code": refusal.code}
        if refusal.code == 429:
            whole_bot = self._pace.refuse(outgoing.chat_id, self._clock.monotonic(), refusal.retry_after or 1)
            log.warning(
                "asked to wait", extra={**facts, "seconds": refusal.retry_after, "whole_bot": whole_bot}
            )
        elif refusal.code in (401, 404):
            log.critical("Telegram does not know the token", extra=facts)
            self._pace.hold_all(self._clock.monotonic(), 60)
        elif refusal.code >= 500:
            self._wait_for_the_network(outgoing.chat_id)
        verdict = verdicts.refused(outgoing, refusal, now=self._clock.now())
        if verdict.state is State.FAILED:
            log.error("message refused for good", extra={**facts, "description": refusal.description})
        return verdict

    async def _pause(self, until: int | None) -> None:
        """Waits until woken, or until `until` by the wall clock."""
        if not self._in_flight and not self._woken.is_set():
            self._resting.set()
        woken = asyncio.create_task(self._woken.wait())
        waits: list[asyncio.Task[object]] = [woken]
        if until is not None:
            waits.append(asyncio.create_task(self._nap(max(0, until - self._clock.now()) / SECOND)))
        _, pending = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()

    async def _nap(self, seconds: float) -> None:
        await self._clock.sleep(seconds)
        self._resting.clear()


def _is_marked(outgoing: Outgoing) -> bool:
    """Whether its row may change before the network is touched."""
    return outgoing.policy is Policy.AT_MOST_ONCE or outgoing.album is not None or outgoing.until is not None


def _addressed(outgoing: Outgoing) -> dict[str, object]:
    """The parameters with the chat, and the target's message id where it has become known since."""
    parameters: dict[str, object] = {**outgoing.parameters}
    if "scope" not in parameters:  # a menu says in its scope whose it is
        parameters["chat_id"] = outgoing.chat_id
    if outgoing.topic is not None:
        parameters["message_thread_id"] = outgoing.topic.message_id
    target = outgoing.target
    if target is not None and target.message_id is not None:
        if outgoing.is_message:
            parameters["reply_parameters"] = {
                "message_id": target.message_id,
                "allow_sending_without_reply": True,
            }
        else:
            parameters["message_id"] = target.message_id
    return parameters


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * SECOND + 0.5))
