"""What the dues do by themselves. Rows decide what is due; every sweep may run twice and catches up after downtime."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime, time, timedelta

from bot.dues import round_store, rules, service, staff_texts, store, texts
from bot.dues.model import Candidate, Period, Point, Round
from bot.dues.rules import Schedule, Step
from bot.helpdesk import people
from bot.helpdesk.model import Holder
from bot.kit.clock import from_local
from bot.kit.database import Reader
from bot.kit.messages import Message
from bot.kit.outbox import Policy, Queued, Urgency
from bot.kit.sweeps import Sweep
from bot.kit.work import Work, Works
from bot.roster import store as roster
from bot.roster.model import Role, UnitKind

BATCH = 200
"""Members looked at in one transaction."""


def sweeps(schedule: Schedule) -> Sequence[Sweep]:
    async def run(works: Works) -> None:
        # In this order: whoever is reminded has an obligation, and what was sent can be reported.
        await open_periods(works, schedule)
        await run_rounds(works, schedule)
        await end_snoozes(works, schedule)
        await keep_quiet(works, schedule)
        await report_rounds(works, schedule)

    return [Sweep("dues", rules.SWEEP_SECONDS, run)]


def reminded_today(schedule: Schedule) -> Callable[[Work], Awaitable[Collection[int]]]:
    """For other rooms: the members who have had, or may yet have, a reminder of their dues today."""

    async def members(work: Work) -> Collection[int]:
        today = rules.day_at(work.now, schedule.zone)
        found = {*await round_store.nudged_at(work.session, today.isoformat())}
        tomorrow = from_local(datetime.combine(today + timedelta(days=1), time(), schedule.zone))
        found |= {*await round_store.snoozed_until(work.session, tomorrow)}
        period = rules.period_at(work.now, schedule.zone)
        for point in rules.points(period, schedule.days, schedule.time, schedule.zone):
            if point.day == today and not rules.is_over(point.key, work.now, schedule):
                found |= {*await round_store.in_store(work.session, period, point.key)}
        return found

    return members


async def open_periods(works: Works, schedule: Schedule) -> None:
    """Everybody on the roster has their obligation for this month, and for months that went by while the bot was down."""
    async with works.reading() as reader:
        newest = await store.newest_period(reader)
    current = rules.period_at(await _now(works), schedule.zone)
    for period in rules.to_open(newest, current):
        async with works.reading() as reader:
            is_opened = await store.is_opened(reader, period)
        while not is_opened:
            async with works.begin() as work:
                is_opened = not await store.open_more(work.session, period, now=work.now)


async def run_rounds(works: Works, schedule: Schedule) -> None:
    """Announces, holds or sends what each branch has coming up."""
    now = await _now(works)
    for point in rules.points_near(now, schedule):
        async with works.reading() as reader:
            branches = await roster.units(reader, UnitKind.BRANCH)
            rounds = await round_store.rounds_at(reader, point.key)
            as_of = await store.as_of(reader)
        for branch in branches:
            step = _step(point, rounds.get(branch.id), now, as_of, schedule)
            if step is Step.REMIND:
                await _remind(works, schedule, branch.id, point)
            elif step is not Step.NOTHING:
                async with works.begin() as work:
                    await _prepare(work, schedule, branch.id, point)


def _step(point: Point, found: Round | None, now: int, as_of: int | None, schedule: Schedule) -> Step:
    return rules.next_step(
        point,
        found,
        now,
        is_quiet=rules.is_quiet(now, schedule),
        is_held=rules.is_stale(as_of, now, schedule.fresh_days),
    )


async def _due_step(work: Work, schedule: Schedule, branch_id: int, point: Point) -> Step:
    """What the round needs as the rows stand in this very transaction."""
    found = await round_store.round_of(work.session, branch_id, point.key)
    return _step(point, found, work.now, await store.as_of(work.session), schedule)


async def _prepare(work: Work, schedule: Schedule, branch_id: int, point: Point) -> None:
    """Tells the secretary what is coming, or asks for newer payment data."""
    step = await _due_step(work, schedule, branch_id, point)
    as_of = await store.as_of(work.session)
    if step is Step.ANNOUNCE:
        await round_store.announced(work.session, branch_id, point, now=work.now)
        # Whoever asked to be left alone until then is reminded with the others.
        chosen = rules.choose(
            await round_store.candidates(work.session, branch_id, point.period, point.key), point.at
        )
        if chosen:
            for keeper in await keepers(work.session, branch_id):
                words = work.languages[keeper.language]
                message = staff_texts.announcement(
                    words, branch_id, point, chosen, as_of, work.now, schedule.zone
                )
                told = await _tell(work, keeper, message, f"round:{branch_id}:{point.key}:ahead")
                if told is not None and keeper.account_id is not None:
                    await round_store.add_notice(work.session, branch_id, point.key, keeper.account_id, told)
    elif step is Step.ASK_FOR_DATA and as_of is not None:
        await round_store.data_asked(work.session, branch_id, point, now=work.now)
        for keeper in await keepers(work.session, branch_id):
            message = staff_texts.ask_for_data(
                work.languages[keeper.language], point, as_of, point.at + rules.GRACE, schedule.zone
            )
            await _tell(work, keeper, message, f"round:{branch_id}:{point.key}:data")


async def _remind(works: Works, schedule: Schedule, branch_id: int, point: Point) -> None:
    after = 0
    while True:
        async with works.begin() as work:
            if await _due_step(work, schedule, branch_id, point) is not Step.REMIND:
                return  # held back, or too late, since the last batch
            batch = await round_store.candidates(
                work.session, branch_id, point.period, point.key, after=after, limit=BATCH
            )
            as_of = await store.as_of(work.session)
            for candidate in rules.choose(batch, work.now):
                await _nudge(work, schedule, candidate, branch_id, point.period, point.key, as_of)
            if len(batch) < BATCH:
                await round_store.finished(work.session, branch_id, point, now=work.now)
                for chat_id, told in await round_store.take_notices(work.session, branch_id, point.key):
                    # There is nothing left to hold back.
                    await work.out.remove_keyboard(chat_id, Queued(told), key=f"round:{told}:gone")
                return
            after = batch[-1].member_id


async def end_snoozes(works: Works, schedule: Schedule) -> None:
    """Reminds those who asked to be reminded later, once their time has come and they still owe."""
    looked_at = BATCH
    while looked_at == BATCH:
        async with works.begin() as work:
            if rules.is_quiet(work.now, schedule):
                return
            today = rules.day_at(work.now, schedule.zone).isoformat()
            as_of = await store.as_of(work.session)
            ended = await round_store.snoozed(work.session, today, now=work.now, limit=BATCH)
            for branch_id, period, candidate in ended:
                await store.snooze(work.session, candidate.obligation_id, None)
                if rules.is_to_be_nudged(candidate, work.now) and not rules.is_overdue(candidate, work.now):
                    await _nudge(work, schedule, candidate, branch_id, period, today, as_of)
            looked_at = len(ended)


async def keep_quiet(works: Works, schedule: Schedule) -> None:
    """When the quiet hours begin, whatever reminders have not left by then stay here; their round's report says so."""
    async with works.begin() as work:
        if rules.is_quiet(work.now, schedule):
            for period, point in await round_store.under_way(work.session):
                await work.out.cancel(rules.nudge_key(period, point))


async def _nudge(
    work: Work,
    schedule: Schedule,
    candidate: Candidate,
    branch_id: int,
    period: Period,
    point: str,
    as_of: int | None,
) -> None:
    if candidate.account_id is None:
        return
    words = work.languages[candidate.language]
    outgoing_id = await work.out.send(
        candidate.account_id,
        texts.nudge(words, candidate.obligation_id, period, as_of, schedule.zone),
        key=rules.nudge_key(period, point, candidate.member_id),
        urgency=Urgency.BULK,
        policy=Policy.AT_MOST_ONCE,
    )
    await round_store.add_nudge(
        work.session, candidate.member_id, branch_id, period, point, outgoing_id, now=work.now
    )


async def report_rounds(works: Works, schedule: Schedule) -> None:
    """Tells the secretaries how their rounds went."""
    async with works.reading() as reader:
        finished = await round_store.rounds_to_report(reader)
    for found in finished:
        async with works.begin() as work:
            reached = await round_store.reached(work.session, found.branch_id, found.period, found.point)
            delivery = rules.summed_up(reached)
            is_quiet = schedule.quiet.contain(work.now, schedule.zone)
            if not rules.is_to_be_reported(found, delivery, work.now, is_quiet=is_quiet):
                continue
            await round_store.reported(work.session, found.branch_id, found.point, now=work.now)
            if not delivery.counts:
                continue
            late = await service.late(work.session, found.branch_id, found.period)
            for keeper in await keepers(work.session, found.branch_id):
                message = staff_texts.report(work.languages[keeper.language], found.period, delivery, late)
                await _tell(work, keeper, message, f"round:{found.branch_id}:{found.point}:report")


async def keepers(reader: Reader, branch_id: int) -> Sequence[Holder]:
    """Who looks after the branch's dues and can be written to: its secretaries, else its deputies."""
    reachable = await people.reachable(reader, branch_id)
    secretaries = [holder for holder in reachable if holder.role is Role.SECRETARY]
    return secretaries or [holder for holder in reachable if holder.role is Role.DEPUTY]


async def _now(works: Works) -> int:
    async with works.begin() as work:
        return work.now


async def _tell(work: Work, keeper: Holder, message: Message, key: str) -> int | None:
    """Returns the outgoing row; None for somebody without an account."""
    if keeper.account_id is None:
        return None
    return await work.out.send(
        keeper.account_id, message, key=f"{key}:{keeper.member_id}", urgency=Urgency.TICKET
    )
