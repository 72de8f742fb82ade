"""What the dues do by themselves. Rows decide what is due; every sweep may run twice and catches up after downtime."""

import dataclasses
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime, time, timedelta

from bot.dues import plan_store, round_store, rules, service, store, texts
from bot.dues.model import Candidate, Period, Point, Round
from bot.dues.plans import Plan
from bot.dues.rounds import texts as round_texts
from bot.dues.rounds.service import Ahead, Missed, Reported
from bot.dues.rules import Schedule, Step
from bot.helpdesk import people
from bot.helpdesk.model import Holder
from bot.kit.clock import HOUR, from_local
from bot.kit.database import Reader
from bot.kit.messages import Message
from bot.kit.outbox import Policy, Queued, Urgency
from bot.kit.sweeps import Sweep
from bot.kit.work import Work, Works
from bot.roster.model import Role

BATCH = 200
"""Members looked at in one transaction."""


def sweeps(schedule: Schedule) -> Sequence[Sweep]:
    async def run(works: Works) -> None:
        # In this order: whoever is reminded has an obligation, and what was sent can be reported.
        await open_periods(works, schedule)
        await say_missed(works, schedule)
        await run_rounds(works, schedule)
        await end_snoozes(works, schedule)
        await keep_quiet(works, schedule)
        await report_rounds(works, schedule)

    return [Sweep("dues", rules.SWEEP_SECONDS, run)]


def reminded_today(schedule: Schedule) -> Callable[[Work, Collection[int]], Awaitable[Collection[int]]]:
    """For other rooms: which of some members have had, or may yet have, a reminder of their dues today."""

    async def reminded(work: Work, members: Collection[int]) -> Collection[int]:
        today = rules.day_at(work.now, schedule.zone)
        found = {*await round_store.nudged_at(work.session, today.isoformat(), members)}
        tomorrow = from_local(datetime.combine(today + timedelta(days=1), time(), schedule.zone))
        found |= {*await round_store.snoozed_until(work.session, tomorrow, members)}
        period = rules.period_at(work.now, schedule.zone)
        plans = await plan_store.plans(work.session, schedule.plan)
        points = {plan: plan.point(today.isoformat(), schedule.zone) for plan in plans.distinct}
        coming = {plan for plan, point in points.items() if point and not rules.is_over(point, work.now)}
        if coming:
            owing = await round_store.in_store(work.session, period, today.isoformat(), members)
            found |= {member_id for member_id, governed_by in owing if plans.of(governed_by) in coming}
        return found

    return reminded


async def open_periods(works: Works, schedule: Schedule) -> None:
    """Everybody on the roster has their obligation for this month, and for months that went by while the bot was down."""
    async with works.reading() as reader:
        newest = await store.newest_period(reader)
    current = rules.period_at(await _now(works), schedule.zone)
    for period in rules.to_open(newest, current):
        async with works.reading() as reader:
            is_opened = await store.is_opened(reader, period)
        until = rules.end_of(period, schedule.zone)
        while not is_opened:
            async with works.begin() as work:
                is_opened = not await store.open_more(work.session, period, until=until, now=work.now)


@dataclasses.dataclass(frozen=True, slots=True)
class _Turn:
    """What a branch's round needs next, a batch at a time."""

    branch_id: int
    point: Point
    set_at: int
    after: int = 0
    """Up to which member its people were looked at."""


async def run_rounds(works: Works, schedule: Schedule) -> None:
    """Announces, holds or sends what each branch has coming up. Branches take turns, so that a large one keeps nobody
    waiting.
    """
    turns = deque(await _turns(works, schedule))
    while turns:
        turn = turns.popleft()
        async with works.begin() as work:
            rest = await _take(work, schedule, turn)
        if rest is not None:
            turns.append(rest)


async def _turns(works: Works, schedule: Schedule) -> Sequence[_Turn]:
    now = await _now(works)
    if rules.is_quiet(now, schedule):
        return []
    async with works.reading() as reader:
        plans = await plan_store.plans(reader, schedule.plan)
        near = {plan: rules.points_near(now, plan, schedule.zone) for plan in plans.distinct}
        by_plan = {plan: {point.key: point for point in points} for plan, points in near.items()}
        dates = await store.data_dates(reader)
        found: list[_Turn] = []
        for key in _keys(near):
            is_ahead = all(now < points[key].at for points in by_plan.values() if key in points)
            for each in await round_store.pending(reader, key, is_ahead=is_ahead):
                plan = plans.of(each.governed_by)
                point = by_plan[plan].get(key)
                if point is not None:
                    turn = _Turn(each.branch_id, point, plan.set_at)
                    as_of = dates.of(each.branch_id)
                    if _step(turn, each.round, now, as_of, schedule) is not Step.NOTHING:
                        found.append(turn)
    return found


def _keys(points: Mapping[Plan, Sequence[Point]]) -> Sequence[str]:
    return sorted({point.key for each in points.values() for point in each})


def _step(turn: _Turn, found: Round | None, now: int, as_of: int | None, schedule: Schedule) -> Step:
    return rules.next_step(
        turn.point,
        found,
        now,
        is_quiet=rules.is_quiet(now, schedule),
        is_held=rules.is_stale(as_of, now, schedule.fresh_days),
        set_at=turn.set_at,
    )


async def _take(work: Work, schedule: Schedule, turn: _Turn) -> _Turn | None:
    """Does what the round needs as the rows stand in this very transaction; returns what it needs after that."""
    found = await round_store.round_of(work.session, turn.branch_id, turn.point.key)
    as_of = await store.as_of(work.session, turn.branch_id)
    match _step(turn, found, work.now, as_of, schedule):
        case Step.ANNOUNCE:
            await _announce(work, schedule, turn, as_of)
        case Step.ASK_FOR_DATA if as_of is not None:
            await _ask_for_data(work, schedule, turn, as_of)
        case Step.REMIND:
            return await _remind(work, schedule, turn, found, as_of)
    return None  # also where it was held back, or its time ran out, since the last batch


async def _announce(work: Work, schedule: Schedule, turn: _Turn, as_of: int | None) -> None:
    branch_id, point = turn.branch_id, turn.point
    await round_store.announced(work.session, branch_id, point, now=work.now)
    # Whoever asked to be left alone until then is reminded with the others.
    chosen = rules.choose(
        await round_store.candidates(work.session, branch_id, point.period, point.key), point.at
    )
    if not chosen:
        return
    ahead = Ahead(branch_id, point, chosen, as_of)
    for keeper in await keepers(work.session, branch_id):
        message = round_texts.announcement(work.languages[keeper.language], ahead, work.now, schedule.zone)
        told = await _tell(work, keeper, message, f"round:{branch_id}:{point.key}:ahead")
        if told is not None and keeper.account_id is not None:
            await round_store.add_notice(work.session, branch_id, point.key, keeper.account_id, told)


async def _ask_for_data(work: Work, schedule: Schedule, turn: _Turn, as_of: int) -> None:
    branch_id, point = turn.branch_id, turn.point
    await round_store.data_asked(work.session, branch_id, point, now=work.now)
    for keeper in await keepers(work.session, branch_id):
        message = round_texts.ask_for_data(
            work.languages[keeper.language], point, as_of, point.at + rules.GRACE, schedule.zone
        )
        await _tell(work, keeper, message, f"round:{branch_id}:{point.key}:data")


async def _remind(
    work: Work, schedule: Schedule, turn: _Turn, found: Round | None, as_of: int | None
) -> _Turn | None:
    """Reminds the next batch."""
    branch_id, point = turn.branch_id, turn.point
    batch = await round_store.candidates(
        work.session, branch_id, point.period, point.key, after=turn.after, limit=BATCH
    )
    own = None if found is None else found.words
    for candidate in rules.choose(batch, work.now):
        await _nudge(work, schedule, candidate, branch_id, point.period, point.key, as_of, own)
    if len(batch) == BATCH:
        return dataclasses.replace(turn, after=batch[-1].member_id)
    await round_store.finished(work.session, branch_id, point, now=work.now)
    for chat_id, told in await round_store.take_notices(work.session, branch_id, point.key):
        # There is nothing left to hold back.
        await work.out.remove_keyboard(chat_id, Queued(told), key=f"round:{told}:gone")
    return None


async def say_missed(works: Works, schedule: Schedule) -> None:
    """Tells the secretaries, the morning after, of reminders that could not go out in their time."""
    now = await _now(works)
    if rules.is_quiet(now, schedule):
        return
    async with works.reading() as reader:
        since = await round_store.looked_at(reader)
        plans = await plan_store.plans(reader, schedule.plan)
        if since is None or since > now:  # the first look of all, or the clock was put back
            since = now
        missed = {plan: rules.points_missed(since, now, plan, schedule) for plan in plans.distinct}
        by_plan = {plan: {point.key: point for point in points} for plan, points in missed.items()}
        of_branches: dict[int, list[Point]] = {}
        for key in _keys(missed):
            for each in await round_store.pending(reader, key):
                point = by_plan[plans.of(each.governed_by)].get(key)
                if point is not None and (each.round is None or each.round.skipped_at is None):
                    of_branches.setdefault(each.branch_id, []).append(point)
    for branch_id, points in of_branches.items():
        async with works.begin() as work:
            await _say_missed(work, schedule, branch_id, points)
    if since == now or of_branches or now - since >= HOUR:
        async with works.begin() as work:
            await round_store.note_look(work.session, now=now)


async def _say_missed(work: Work, schedule: Schedule, branch_id: int, points: Sequence[Point]) -> None:
    missed: list[Missed] = []
    for point in points:
        found = await round_store.round_of(work.session, branch_id, point.key)
        if found is not None and (found.finished_at or found.cancelled_at or found.skipped_at):
            continue
        await round_store.skipped(work.session, branch_id, point, now=work.now)
        people = await round_store.candidates(work.session, branch_id, point.period, point.key)
        if left := rules.choose(people, work.now):
            is_held = found is not None and found.data_asked_at is not None
            missed.append(Missed(point, len(left), is_held))
    if missed:
        for keeper in await keepers(work.session, branch_id):
            message = round_texts.missed(work.languages[keeper.language], branch_id, missed, schedule.zone)
            await _tell(work, keeper, message, f"round:{branch_id}:{missed[-1].point.key}:missed")


async def end_snoozes(works: Works, schedule: Schedule) -> None:
    """Reminds those who asked to be reminded later, once their time has come and they still owe."""
    looked_at = BATCH
    while looked_at == BATCH:
        async with works.begin() as work:
            if rules.is_quiet(work.now, schedule):
                return
            today = rules.day_at(work.now, schedule.zone).isoformat()
            dates = await store.data_dates(work.session)
            ended = await round_store.snoozed(work.session, today, now=work.now, limit=BATCH)
            for branch_id, period, candidate in ended:
                await store.snooze(work.session, candidate.obligation_id, None)
                if rules.is_to_be_nudged(candidate, work.now) and not rules.is_overdue(candidate, work.now):
                    await _nudge(
                        work, schedule, candidate, branch_id, period, today, dates.of(branch_id), None
                    )
            looked_at = len(ended)


async def keep_quiet(works: Works, schedule: Schedule) -> None:
    """When the quiet hours begin, whatever reminders have not left by then stay here; their round's report says so."""
    if not rules.is_quiet(await _now(works), schedule):
        return
    async with works.reading() as reader:
        under_way = await round_store.under_way(reader)
    for period, point in under_way:
        await works.cancel(rules.nudge_key(period, point))


async def _nudge(
    work: Work,
    schedule: Schedule,
    candidate: Candidate,
    branch_id: int,
    period: Period,
    point: str,
    as_of: int | None,
    own: str | None,
) -> None:
    """`own`: what the branch says above the facts."""
    if candidate.account_id is None:
        return
    words = work.languages[candidate.language]
    months = [period]
    if candidate.by_quarter:
        owed = await store.obligation(work.session, candidate.obligation_id)
        months = [] if owed is None else [each.period for each in await service.together(work.session, owed)]
    outgoing_id = await work.out.send(
        candidate.account_id,
        texts.nudge(words, candidate.obligation_id, months, as_of, schedule.zone, own=own),
        key=rules.nudge_key(period, point, candidate.member_id),
        urgency=Urgency.BULK,
        policy=Policy.AT_MOST_ONCE,
        flow=f"unit:{branch_id}",
        until=rules.quiet_from(work.now, schedule),
    )
    await round_store.add_nudge(
        work.session, candidate.member_id, branch_id, period, point, outgoing_id, now=work.now
    )


async def report_rounds(works: Works, schedule: Schedule) -> None:
    """Tells the secretaries how their rounds went."""
    now = await _now(works)
    if schedule.quiet.contain(now, schedule.zone):
        return
    async with works.reading() as reader:
        finished = await round_store.rounds_to_report(reader, now - rules.REPORT_WITHIN)
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
                message = round_texts.report(work.languages[keeper.language], Reported(found, delivery, late))
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
