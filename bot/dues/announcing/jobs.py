"""Sending announcements. Rows decide what leaves; the sweep may run twice, be killed anywhere, and goes on where it was."""

import dataclasses
from collections.abc import Sequence

from bot.dues.announcing import rules, service, store, texts
from bot.dues.announcing.model import Announcement, Outcome, Recipient, Stage
from bot.dues.announcing.rules import Manner
from bot.kit.clock import HOUR, SECOND
from bot.kit.outbox import Delivered, Policy, Urgency
from bot.kit.sweeps import Sweep
from bot.kit.work import Work, Works
from bot.roster import store as roster
from bot.roster.model import Actor

SWEEP_SECONDS = 3
"""How often it is looked what may leave; the author's message is not edited more often than this."""

BATCH = 100
"""Members served in one transaction."""

BACKLOG = 300
"""Copies of one announcement that wait for the courier at once: as much as leaves until the next look, and little enough
to be called back at once.
"""

MOST_BATCHES = 50
"""For one announcement in one run, so that the others have their turn."""


def sweeps(manner: Manner) -> Sequence[Sweep]:
    async def run(works: Works) -> None:
        await send_on(works, manner)

    return [Sweep("announcements", SWEEP_SECONDS, run), Sweep("announcement drafts", HOUR // SECOND, tidy)]


async def tidy(works: Works) -> None:
    async with works.begin() as work:
        await store.drop_drafts(work.session, before=work.now - rules.DRAFTS_KEPT)


async def send_on(works: Works, manner: Manner) -> None:
    """Goes on with every announcement under way: queues what may leave, notes what has, tells the authors."""
    async with works.reading() as reader:
        found = await store.under_way(reader)
    for announcement in found:
        await _settle(works, manner, announcement.id)
        for _batch in range(MOST_BATCHES):
            if not await _queue_more(works, manner, announcement.id):
                break
        await _tell(works, manner, announcement.id)


async def _settle(works: Works, manner: Manner, announcement_id: int) -> None:
    async with works.begin() as work:
        found = await store.announcement(work.session, announcement_id)
        if found is None or found.stage in (Stage.DRAFT, Stage.CONFIRMED, Stage.DONE):
            return
        if found.stage is Stage.SENDING and rules.is_quiet(work.now, manner):
            await service.call_back(work, found.id)
        await store.settle(work.session, found.id)
        if found.stage is Stage.STOPPED:
            await store.give_up_held(work.session, found.id)
            if not await store.on_the_way(work.session, found.id):
                await store.finished(work.session, found.id, now=work.now)


async def _queue_more(works: Works, manner: Manner, announcement_id: int) -> bool:
    """Queues one batch; returns whether there may be more to queue now."""
    async with works.begin() as work:
        # As it stands in this very transaction: it may have been taken back, paused or stopped since the last batch.
        found = await store.announcement(work.session, announcement_id)
        if found is None or not rules.may_leave(found, work.now, manner):
            return False
        await store.started(work.session, found.id, now=work.now)
        waiting = await store.on_the_way(work.session, found.id)
        if waiting >= BACKLOG:
            return False
        sender = await _sender(work, found, manner)
        held = await store.held(work.session, found.id, BATCH)
        for copy in held:
            row, outcome = await sender.send(copy.recipient, copy.tries + 1)
            await store.queue_again(
                work.session, found.id, copy.recipient.member_id, outgoing_id=row, outcome=outcome
            )
        if held:
            return True
        recipients = await store.next_recipients(work.session, found, BATCH)
        for recipient in recipients:
            row, outcome = await sender.send(recipient, 0)
            await store.add_copy(
                work.session, found.id, recipient.member_id, outgoing_id=row, outcome=outcome
            )
        if not recipients and not waiting:
            await store.finished(work.session, found.id, now=work.now)
        return bool(recipients)


@dataclasses.dataclass(frozen=True, slots=True)
class _Sender:
    """Writes the copies of one announcement in one transaction."""

    work: Work
    found: Announcement
    unit: str
    author: str
    until: int | None

    async def send(self, to: Recipient, tries: int) -> tuple[int | None, Outcome | None]:
        """The outgoing row of a member's copy, or why there is none."""
        if to.account_id is None:
            return None, Outcome.NEVER_STARTED
        if not to.is_reachable:
            return None, Outcome.BLOCKED
        words = self.work.languages[to.language]
        row = await self.work.out.send(
            to.account_id,
            texts.copy(words, self.found, self.unit, self.author),
            key=rules.copy_key(self.found.id, to.member_id, tries),
            urgency=Urgency.BULK,
            policy=Policy.AT_MOST_ONCE,
            flow=rules.copy_key(self.found.id),
            until=self.until,
        )
        return row, None


async def _sender(work: Work, found: Announcement, manner: Manner) -> _Sender:
    unit = await roster.unit(work.session, found.unit_id)
    author = await service.author_of(work.session, found)
    until = rules.leaves_until(work.now, manner)
    return _Sender(work, found, "" if unit is None else unit.name, author, until)


async def _tell(works: Works, manner: Manner, announcement_id: int) -> None:
    """Brings the author's message up to date, and reports once it is over; the report waits for the quiet hours to end."""
    async with works.reading() as reader:
        found = await store.announcement(reader, announcement_id)
        if found is None or found.started_at is None:
            return
        fared = await store.fared(reader, found.id)
    async with works.begin() as work:
        # It may have been paused or stopped since; then that very tap has brought the message up to date.
        current = await store.announcement(work.session, announcement_id)
        if current is None or current.stage is not found.stage:
            return
        author = await roster.person(work.session, found.author_id)
        if author is None or author.account_id is None:
            if found.stage is Stage.DONE:
                await store.reported(work.session, found.id, now=work.now)
            return
        words, is_quiet = work.languages[author.language], rules.is_quiet(work.now, manner)
        rests = is_quiet and found.stage is Stage.SENDING
        state = _state(found, fared.left, rests=rests)
        if found.panel_id is not None and state != found.shown:
            waits_until = rules.leaves_at(work.now, manner) if rests else None
            await work.out.edit(
                author.account_id,
                Delivered(found.panel_id),
                texts.progress(words, found, fared.left, waits_until=waits_until, zone=manner.zone),
                key=f"announcing:{found.id}:progress:{state}:{work.now}",
            )
            await store.showed(work.session, found.id, state)
        if found.stage is Stage.DONE and not is_quiet:
            await store.reported(work.session, found.id, now=work.now)
            told = await service.report(work.session, found, await _as_actor(work, author.account_id))
            await work.out.send(
                author.account_id,
                texts.report(words, told),
                key=f"announcing:{found.id}:report",
                urgency=Urgency.TICKET,
            )


def _state(found: Announcement, left: int, *, rests: bool) -> int:
    """What the author's message is to show, as a number that differs whenever its text does."""
    stages = list(Stage)
    return (left * 2 + rests) * len(stages) + stages.index(found.stage)


async def _as_actor(work: Work, account_id: int) -> Actor | None:
    return await roster.actor(work.session, account_id, "")
