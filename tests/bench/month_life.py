"""What people do in a simulated month, hour by hour; each by their own dice, through the bot's own front door."""

import heapq
import itertools
import json
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

from bot.helpdesk.calendar import is_working_day_in_china
from bot.kit.clock import DAY, HOUR, MINUTE, SECOND, from_local
from bot.roster.model import Role
from tests.bench import month_office, month_staff
from tests.bench.month_assumptions import Assumptions
from tests.bench.month_figures import Month
from tests.bench.month_log import Kind, Point
from tests.bench.month_town import Member, Town, local, open_town

NUDGED = "还没看到"
"""What every reminder of the dues says."""
SOLVED, UNSOLVED, NONE_FITS, SEND_NOW = "👍 解决了", "👎 没解决", "都不是", "马上转"
PERSON = "还是转给书记"
PAID, TROUBLE, LATER = "已缴", "遇到问题", "过几天提醒"
ROUNDS = {(5, 10 * 60): False, (20, 10 * 60): True, (20, 14 * 60 + 30): False, (27, 10 * 60): False}
"""Days and minutes at which reminders go out. On the 20th only branches with a file of their own have fresh payment data
at once; the others' reminders wait for it.
"""
FROM, TO = 7, 21
"""Hours between which members have their phones in hand."""

_QUESTIONS = Path(__file__).parent / "questions" / "unseen.jsonl"


async def live(
    assumed: Assumptions, folder: Path, *, routing: str, members: int, branches: int, seed: int
) -> Month:
    async with open_town(assumed, folder, routing=routing, seed=seed) as town:
        await town.settle_down(members, branches)
        life = Life(town)
        await life.run()
        return Month(await town.log(), tuple(town.members), assumed)


class Life:
    def __init__(self, town: Town) -> None:
        self._town = town
        self._assumed = town.assumed
        self._agenda: list[tuple[int, int, Callable[[], Awaitable[None]]]] = []
        self._order = itertools.count()
        self._read = 0
        self._staff = month_staff.Staff(town)
        self._office = month_office.Office(town)
        with _QUESTIONS.open(encoding="utf-8") as lines:
            asked = [json.loads(line) for line in lines]
        self._questions = [each["text"] for each in asked]
        self._stuck = [each["text"] for each in asked if any("pay" in entry for entry in each["accept"])]

    async def run(self) -> None:
        town, assumed = self._town, self._assumed
        self._make_plans()
        end, today = from_local(assumed.ends), 0
        await town.step(town.clock.now())
        while town.clock.now() < end:
            moment = self._next_step(end)
            day, minutes = local(town, moment).day, local(town, moment).hour * 60 + local(town, moment).minute
            if (day, minutes) in ROUNDS:
                await self._round(moment, day, own_files_only=ROUNDS[day, minutes])
            else:
                await town.step(moment)
            if day != today:
                today = day
                await town.collect()
                print(f"day {day}: {len(town.sent):,} messages", file=sys.stderr, flush=True)
            self._notice()
            while self._agenda and self._agenda[0][0] <= town.clock.now():
                _, _, act = heapq.heappop(self._agenda)
                await act()
                self._notice()
        if len(town.points) != len(ROUNDS):
            raise AssertionError("a round was passed over: what people did took too long")

    def _next_step(self, end: int) -> int:
        """Short steps by day, long ones by night; and on the minute, so that points are met."""
        now = local(self._town)
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        by_day = FROM <= now.hour <= TO
        step = timedelta(minutes=self._assumed.step_minutes) if by_day else timedelta(hours=3)
        passed = (now - midnight) // step + 1
        stop = midnight + passed * step
        morning = midnight.replace(hour=FROM)
        return min(end, from_local(min(stop, morning) if now < morning else stop))

    def later(self, at: int, act: Callable[[], Awaitable[None]]) -> None:
        heapq.heappush(self._agenda, (at, next(self._order), act))

    def _awake(self, at: int) -> int:
        """That moment, or the next at which people have their phones in hand."""
        moment = local(self._town, at)
        if moment.hour < FROM:
            moment = moment.replace(hour=FROM)
        elif moment.hour >= TO:
            moment = (moment + timedelta(days=1)).replace(hour=FROM)
        return from_local(moment)

    def _some_time(self, member: Member, first_day: int, last_day: int) -> int:
        day = member.dice.randint(first_day, last_day)
        start = self._assumed.begins.replace(hour=FROM)
        return from_local(start + timedelta(days=day - 1, minutes=member.dice.randrange(1, (TO - FROM) * 60)))

    def _soon(self, member: Member, hours: float) -> int:
        """After so many hours, more or less."""
        return self._awake(self._town.clock.now() + MINUTE + round(member.dice.expovariate(1 / hours) * HOUR))

    # What everybody means to do

    def _make_plans(self) -> None:
        assumed = self._assumed
        for member in self._town.members:
            dice = member.dice
            if not member.has_account and dice.random() < assumed.joins_later / (
                1 - assumed.starts_with_account
            ):
                self.later(self._some_time(member, 1, 21), partial(self._join, member))
            if dice.random() < assumed.pays_unasked or member.role is not None:
                self.later(self._some_time(member, 1, 28), partial(self._try_to_pay, member))
            if dice.random() < assumed.asks_something and member.role is None:
                at = self._some_time(member, 1, 28)
                self.later(at, partial(self._ask, member, dice.choice(self._questions)))
            if dice.random() < assumed.let_off and member.role is None:
                self.later(
                    from_local(assumed.begins.replace(day=10, hour=15)), partial(self._office.let_off, member)
                )
            if member.role is not None:
                self._plan_looks(member)
        day = assumed.begins.replace(minute=0)
        while day < assumed.ends:
            if is_working_day_in_china(day.date()):
                self._plan_data(day.day)
            day += timedelta(days=1)

    def _plan_data(self, day: int) -> None:
        first, last = self._assumed.data_gap
        hour = self._assumed.data_hour
        if first <= day <= last:
            hour = 14
        if day == last or not first <= day <= last:
            at = from_local(self._assumed.begins.replace(day=day, hour=hour))
            self.later(at, self._office.bring_data)

    def _plan_looks(self, member: Member) -> None:
        habit, dice = member.habit, member.dice
        if dice.random() < self._assumed.secretaries_away and member.role is Role.SECRETARY:
            day = dice.randint(3, 24)
            start = from_local(self._assumed.begins.replace(day=day, hour=8))
            member.away = start, start + 2 * DAY
            if dice.random() < 0.5:
                self.later(start, partial(self._staff.goes_away, member))
        if habit is None or not habit.hours:
            return
        if habit is self._assumed.habits[0] and member.role is Role.SECRETARY:
            at = from_local(self._assumed.begins.replace(day=self._assumed.files_on, hour=17))
            self.later(at, partial(self._office.bring_for, member))
        day_on = dice.randrange(habit.every_days)
        moment = self._assumed.begins.replace(minute=0)
        while moment < self._assumed.ends:
            works = habit.weekends or is_working_day_in_china(moment.date())
            if works and moment.day % habit.every_days == day_on:
                for hour in habit.hours:
                    at = from_local(moment.replace(hour=hour)) + dice.randrange(30) * MINUTE
                    self.later(at, partial(self._staff.look, member))
                if moment.isoweekday() == 3 and member.role is Role.SECRETARY:
                    self.later(from_local(moment.replace(hour=17)), partial(self._staff.confirm, member))
            moment += timedelta(days=1)

    # What the bot writes, as people notice it

    def _notice(self) -> None:
        sent, self._read = self._town.sent[self._read :], len(self._town.sent)
        for message in sent:
            member = self._town.by_account.get(message.chat)
            if member is None or message.is_edit or member.has_blocked:
                continue
            if NUDGED in message.text and any(data.startswith("du.claim") for data in message.data):
                self.later(self._soon(member, 3), partial(self._react, member, message.message))
            elif member.waits_since is not None and self._town.is_answer_to(member, message.text):
                member.waits_since = None
                self.later(self._soon(member, 2), partial(self._use_answer, member))

    async def _round(self, moment: int, day: int, *, own_files_only: bool) -> None:
        """Reminders go out; meanwhile people tap and, the first time, payment data comes in."""
        town = self._town
        await town.house.settle()
        key = f"{local(town, moment):%Y-%m-%d}"
        with_files = {data.branch for data in town.data if data.branch is not None}
        owing = await town.owing(key, with_files if own_files_only else None)
        began = len(town.sent)
        await town.begin_step(moment)
        for five_seconds in range(12):
            await town.clock.move_to(town.clock.now() + 5 * SECOND)
            await town.rest()
            if five_seconds == 2 and day == min(ROUNDS)[0]:
                await self._office.bring_data()
            if five_seconds == 3 and day == self._assumed.restart_on:
                await town.restart()
            if five_seconds % 4 == 3:
                await self._some_are_quick()
        await town.house.settle()
        for _ in range(3):
            await town.step(town.clock.now() + MINUTE)
        town.points.append(Point(key, began, len(town.sent), owing))

    async def _some_are_quick(self) -> None:
        """Who has paid, and has an old reminder in the chat, says so while the new ones go out."""
        ready = [
            each
            for each in self._town.members
            if each.paid_at is not None and each.has_account and not each.has_claimed and not each.has_blocked
        ]
        for member in ready[:10]:
            old = self._town.with_button(member, PAID)
            if old is not None:
                await self._claim(member, old.message_id)

    # What members do

    async def _join(self, member: Member) -> None:
        await member.person.start()
        await self._town.settle()
        await member.person.shares_contact()
        await self._town.settle()
        member.has_account = True

    async def _try_to_pay(self, member: Member) -> None:
        if member.paid_at is not None or member.has_given_up or member.waits_since is not None:
            return
        dice = member.dice
        if not member.stumbles or member.is_helped:
            self._office.pay(member)
            if dice.random() < self._assumed.says_paid and self._can_write(member):
                self.later(self._soon(member, 1), partial(self._say_paid, member))
        elif dice.random() < self._assumed.manages_alone:
            member.is_helped = True
            at = self._awake(self._town.clock.now() + dice.randint(2, 9) * DAY)
            self.later(at, partial(self._try_to_pay, member))
        elif self._can_write(member):
            await self._ask(member, dice.choice(self._stuck))

    @staticmethod
    def _can_write(member: Member) -> bool:
        return member.has_account and not member.has_blocked

    async def _say_paid(self, member: Member) -> None:
        if not self._can_write(member) or member.has_claimed:
            return
        await member.person.says("/dues")
        await self._town.settle()
        shown = self._town.with_button(member, PAID)
        if shown is not None and not shown.text.startswith("“"):
            await self._claim(member, shown.message_id)

    async def _claim(self, member: Member, message: int) -> None:
        await member.person.taps(message, PAID)
        await self._town.rest()
        if await self._town.state_of(member) == "due":
            raise AssertionError(f"member {member.id} said it is paid, and it is not noted")
        member.has_claimed = True
        self._town.now_so(member, Kind.CLAIMED)
        await self._town.settle()

    async def _ask(self, member: Member, text: str) -> None:
        if not self._can_write(member) or member.waits_since is not None:
            return
        asked = await member.person.says(text)
        await self._town.settle()
        for _ in range(3):
            offered = self._town.offered(member, asked.message_id, (SEND_NOW, SOLVED, NONE_FITS, PERSON))
            if offered is None:
                return
            if SEND_NOW in offered.buttons:
                await self._hand_over(member, offered.message_id)
                return
            button = self._choice(member, offered.buttons)
            await member.person.taps(offered, button)
            await self._town.settle()
            if button == SOLVED:
                self._has_been_helped(member)
                return

    def _choice(self, member: Member, buttons: list[str]) -> str:
        lot = member.dice.random()
        if SOLVED in buttons:
            return SOLVED if lot < self._assumed.faq_helps else UNSOLVED
        if NONE_FITS in buttons:
            return buttons[0] if lot < self._assumed.faq_helps else NONE_FITS
        return PERSON

    async def _hand_over(self, member: Member, offer: int) -> None:
        dice, assumed = member.dice, self._assumed
        if dice.random() < assumed.adds_words:
            await member.person.says(f"单号{self._town.secret(member)}，页面一直转圈")
            await self._town.settle()
        if dice.random() < assumed.does_not_wait:
            await member.person.taps(offer, SEND_NOW)
            await self._town.settle()
        self._waits(member)

    def _waits(self, member: Member) -> None:
        since = member.waits_since = self._town.clock.now()
        at = self._awake(since + self._assumed.patience_days * DAY)
        self.later(at, partial(self._lose_patience, member, since))

    async def _lose_patience(self, member: Member, since: int) -> None:
        if member.waits_since == since and member.dice.random() < self._assumed.gives_up:
            member.has_given_up = True

    async def _use_answer(self, member: Member) -> None:
        if member.dice.random() < self._assumed.answer_helps or member.asked_again:
            self._has_been_helped(member)
        elif self._can_write(member):
            member.asked_again = True
            answer = self._town.last_answer(member)
            if answer is not None:
                await member.person.says("还是不行，麻烦再帮我看看", reply_to=answer)
                await self._town.settle()
                self._waits(member)

    def _has_been_helped(self, member: Member) -> None:
        member.is_helped = True
        if member.stumbles and member.paid_at is None:
            self.later(self._soon(member, 6), partial(self._try_to_pay, member))

    async def _react(self, member: Member, nudge: int) -> None:
        """To a reminder; a lot drawn beyond all shares means that nothing is done."""
        if not self._can_write(member):
            return
        lot, assumed = member.dice.random(), self._assumed
        if PAID not in member.person.sees(nudge).buttons:
            return
        if member.paid_at is not None:
            if not member.has_claimed and lot < assumed.says_paid:
                await self._claim(member, nudge)
            return
        if lot < assumed.reacts_pays:
            self.later(self._soon(member, 4), partial(self._try_to_pay, member))
            return
        lot -= assumed.reacts_pays
        if lot < assumed.reacts_snoozes:
            await self._snooze(member, nudge)
            return
        lot -= assumed.reacts_snoozes
        if lot < assumed.reacts_trouble and member.waits_since is None:
            await member.person.taps(nudge, TROUBLE)
            await self._town.settle()
            await member.person.says(f"点支付没反应{self._town.secret(member)}")
            await self._town.settle()
            self._waits(member)
        elif 0 <= lot - assumed.reacts_trouble < assumed.reacts_blocks and member.role is None:
            await member.person.blocks()
            await self._town.rest()
            member.has_blocked = True
            self._town.now_so(member, Kind.BLOCKED)
            await self._town.settle()

    async def _snooze(self, member: Member, nudge: int) -> None:
        await member.person.taps(nudge, LATER)
        await self._town.rest()
        until = await self._town.left_alone_until(member)
        if until is not None:
            self._town.now_so(member, Kind.PAUSED, until)
        await self._town.settle()
