"""The organisation of a simulated month: who is who in the rows of the real application, and what can be read of it."""

import dataclasses
import itertools
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, time
from pathlib import Path
from random import Random

from bot.kit.clock import SECOND, ManualClock, from_local, to_local
from bot.kit.database import Session
from bot.roster.model import Role, UnitKind
from bot.sandbox import Change, Person, SeenMessage
from tests import factories
from tests.bench.month_assumptions import Assumptions, Habit
from tests.bench.month_log import SECRET, Data, Fact, Kind, Log, Point, Row, Sent, Soul, Ticket
from tests.content import brief_content
from tests.harness import TOKEN, House, open_house

BOT = int(TOKEN.split(":", maxsplit=1)[0])
PERIOD = "2026-11"
DUES = 2_400
"""Fen a month."""

_SURNAMES = "赵钱孙李周吴郑冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶"
_FIRST = "建志国文晓春秋玉宝庆德永立振兴海云雪梅兰"
_SECOND = "强伟军勇平刚杰辉鹏飞霞芳娟敏静丽娜艳红英"


@dataclasses.dataclass(slots=True)
class Member:
    """Somebody simulated: what they are, and how they stand."""

    id: int
    name: str
    phone: str
    branch: int
    general: int
    person: Person
    dice: Random
    has_account: bool
    habit: Habit | None = None
    """Of those who answer for members."""
    role: Role | None = None
    stumbles: bool = False
    is_helped: bool = False
    paid_at: int | None = None
    has_given_up: bool = False
    has_blocked: bool = False
    has_claimed: bool = False
    is_let_off: bool = False
    waits_since: int | None = None
    """For a person's answer."""
    asked_again: bool = False
    away: tuple[int, int] = (0, 0)
    answered: dict[int, int] = dataclasses.field(default_factory=dict)
    """Of those who answer: how many, by day of the month."""


class Town:
    """A running application with everybody in it, and the log of what it sent."""

    def __init__(self, house: House, clock: ManualClock, assumed: Assumptions, seed: int) -> None:
        self.house = house
        self.clock = clock
        self.assumed = assumed
        self.members: list[Member] = []
        self.by_account: dict[int, Member] = {}
        self.by_id: dict[int, Member] = {}
        self.sent: list[Sent] = []
        self.facts: list[Fact] = []
        self.data: list[Data] = []
        self.points: list[Point] = []
        self.secrets: dict[str, int] = {}
        self._rows: dict[int, Row] = {}
        self._seed = seed
        self._numbers = itertools.count(880_001)
        house.sandbox.on_change(self._note)

    # Who is who

    async def settle_down(self, members: int, branches: int) -> None:
        """The roster when the month begins. Of each branch the first is its secretary, the second perhaps its deputy;
        the general branches' staff are members of their first branches.
        """
        names = self._names(members)
        dice = self._dice("town")
        generals = max(1, branches // 10)
        async with self.house.work() as work:
            committee = await factories.unit(work.session, "采油一厂党委", UnitKind.COMMITTEE)
            above = [
                await factories.unit(work.session, f"第{number + 1}党总支", UnitKind.GENERAL, committee)
                for number in range(generals)
            ]
            for number in range(branches):
                general = above[number % generals]
                branch = await factories.unit(
                    work.session, f"{number + 1}号站党支部", UnitKind.BRANCH, general
                )
                roles = {0: (branch, Role.SECRETARY)}
                if dice.random() < self.assumed.deputies:
                    roles[1] = (branch, Role.DEPUTY)
                if number < generals:
                    roles |= {2 + each: (general, Role.GENERAL) for each in range(self.assumed.generals_each)}
                for place in range(members * number // branches, members * (number + 1) // branches):
                    post = roles.get(place - members * number // branches)
                    await self._settle_one(work.session, place, names[place], branch, general, post)

    async def _settle_one(
        self,
        session: Session,
        place: int,
        name: str,
        branch: int,
        general: int,
        post: tuple[int, Role] | None,
    ) -> None:
        dice, assumed = self._dice(f"member {place}"), self.assumed
        phone = f"138{place:08}"
        person = self.house.person(name, phone=phone)
        is_bound = post is not None or dice.random() < assumed.starts_with_account
        member = await factories.member(
            session,
            name,
            branch,
            account=person.id if is_bound else None,
            posts=() if post is None else (post,),
            phone=phone,
            vault=self.house.zhibu.vault,
            monthly_dues=DUES,
            now=self.clock.now(),
        )
        found = Member(member, name, phone, branch, general, person, dice, is_bound)
        found.person.user.started = is_bound
        if post is None:
            found.stumbles = dice.random() < assumed.stumbles
        else:
            found.role = post[1]
            weights = [habit.share for habit in assumed.habits]
            found.habit = (
                assumed.habits[1]
                if post[1] is Role.GENERAL
                else dice.choices(assumed.habits, weights=weights)[0]
            )
        self.members.append(found)
        self.by_account[person.id] = found
        self.by_id[member] = found

    def _names(self, count: int) -> Sequence[str]:
        every = [
            "".join(parts) for parts in itertools.product(_SURNAMES, _FIRST, _SECOND) if parts[1] != parts[2]
        ]
        return self._dice("names").sample(every, count)

    def _dice(self, whose: str) -> Random:
        return Random(f"{self._seed} {whose}")  # the same in both runs, whatever others do

    # Time

    async def rest(self) -> None:
        """Returns when nothing can be done before time passes."""
        await self.house.sandbox.confirmed()
        await self.house.runtime.rested()

    async def settle(self) -> None:
        await self.house.settle()

    async def begin_step(self, moment: int) -> None:
        """Time passes until then, and what falls due is begun."""
        await self.clock.move_to(moment)
        await self.house.runtime.sweep()
        await self.rest()

    async def step(self, moment: int) -> None:
        await self.begin_step(moment)
        await self.house.settle()

    def hold_sweeps(self) -> None:
        """Sweeps run at the steps only: how fast this machine is must not matter."""
        queue = self.house.runtime._application.job_queue
        if queue is not None:
            queue.scheduler.pause()

    async def restart(self) -> None:
        """The bot is stopped and, half a minute later, started, whatever it is in the middle of."""
        await self.house.close()
        await self.clock.move_to(self.clock.now() + 30 * SECOND)
        await self.house.open()
        self.hold_sweeps()

    # What people see

    def offered(self, member: Member, after: int, buttons: Collection[str]) -> SeenMessage | None:
        """The newest message of the bot with one of these buttons, of those that came after that one."""
        for message in reversed(member.person.chat()):
            if message.message_id <= after:
                return None
            if message.from_bot and not {*message.buttons}.isdisjoint(buttons):
                return message
        return None

    def with_button(self, member: Member, button: str) -> SeenMessage | None:
        return self.offered(member, 0, (button,))

    @staticmethod
    def newest(member: Member, after: int, button: str) -> SeenMessage | None:
        """The newest message with a button that begins so."""
        for message in reversed(member.person.chat()):
            if message.message_id <= after:
                return None
            if message.from_bot and any(each.startswith(button) for each in message.buttons):
                return message
        return None

    def last_answer(self, member: Member) -> SeenMessage | None:
        """The newest words of a person for them."""
        chat = reversed(member.person.chat())
        return next((each for each in chat if each.from_bot and self.is_answer_to(member, each.text)), None)

    def is_answer_to(self, member: Member, text: str) -> bool:
        return any(self.secrets.get(found) == member.id for found in SECRET.findall(text))

    # What is noted

    def _note(self, change: Change) -> None:
        if change.kind not in ("message", "edit"):
            return
        message = self.house.sandbox.core.world.chats[change.chat_id].messages[change.message_id]
        if message.sender_id != BOT:
            return
        keyboard = message.inline_keyboard or []
        data = tuple(str(button.get("callback_data", "")) for row in keyboard for button in row)
        text = str(message.content.get("text") or message.content.get("caption") or "")
        is_edit = change.kind == "edit"
        self.sent.append(Sent(self.clock.now(), change.chat_id, change.message_id, text, data, is_edit))

    def now_so(self, member: Member, kind: Kind, until: int | None = None) -> None:
        self.facts.append(Fact(len(self.sent), self.clock.now(), member.id, kind, until))

    def secret(self, member: Member) -> str:
        """Something to be written in a ticket of this member, that nobody else may read."""
        words = f"【{next(self._numbers)}】"
        self.secrets[words] = member.id
        return words

    # What is read

    async def paid(self) -> frozenset[int]:
        """Members of whose payment the bot knows."""
        rows = await self.house.rows(
            "SELECT member_id FROM owing WHERE period = :period AND state = 'paid'", period=PERIOD
        )
        return frozenset(row["member_id"] for row in rows)

    async def state_of(self, member: Member) -> str:
        """Of this month's dues."""
        (row,) = await self.house.rows(
            "SELECT state FROM owing WHERE member_id = :member AND period = :period",
            member=member.id,
            period=PERIOD,
        )
        return str(row["state"])

    async def left_alone_until(self, member: Member) -> int | None:
        (row,) = await self.house.rows(
            "SELECT snoozed_until FROM obligation WHERE member_id = :member AND period = :period",
            member=member.id,
            period=PERIOD,
        )
        found: int | None = row["snoozed_until"]
        return found

    async def owing(self, point: str, branches: Collection[int] | None = None) -> frozenset[int]:
        """Who, for all the bot knows, owes now, can be written to, and belongs to a branch (of these) that has not been
        reminded at this point.
        """
        rows = await self.house.rows(
            "SELECT owing.member_id FROM owing JOIN account ON account.member_id = owing.member_id"
            " JOIN member ON member.id = owing.member_id"
            " WHERE owing.period = :period AND owing.state = 'due'"
            " AND (owing.snoozed_until IS NULL OR owing.snoozed_until <= :now)"
            " AND NOT EXISTS (SELECT 1 FROM dues_round WHERE dues_round.branch_id = member.branch_id"
            " AND dues_round.point = :point AND dues_round.finished_at IS NOT NULL)",
            period=PERIOD,
            now=self.clock.now(),
            point=point,
        )
        found = (self.by_id[row["member_id"]] for row in rows)
        return frozenset(each.id for each in found if branches is None or each.branch in branches)

    async def collect(self) -> None:
        """Notes what has left since, before the bot forgets it."""
        rows = await self.house.rows(
            "SELECT id, chat_id, dedupe_key, method, urgency, state, message_id FROM outgoing"
            " WHERE finished_at >= :since",
            since=self.clock.now() - 2 * 86_400_000,
        )
        for row in rows:
            self._rows[row["id"]] = Row(
                row["id"],
                row["chat_id"],
                row["dedupe_key"],
                row["method"],
                row["urgency"],
                row["state"],
                row["message_id"],
            )

    async def log(self) -> Log:
        """All that happened."""
        await self.collect()
        obligations = await self.house.rows("SELECT id, member_id FROM obligation")
        parked = await self.house.rows("SELECT COUNT(*) AS updates FROM inbox WHERE state = 'parked'")
        settings = self.house.settings
        start, _, end = settings.quiet_hours.partition("-")
        quiet = tuple(time.fromisoformat(each) for each in (start, end))
        return Log(
            zone=settings.zone,
            quiet=(quiet[0], quiet[1]),
            fresh=settings.data_fresh_days * 86_400_000,
            now=self.clock.now(),
            people={member.id: self._soul(member) for member in self.members},
            obligations={row["id"]: row["member_id"] for row in obligations},
            secrets=self.secrets,
            sent=self.sent,
            rows=sorted(self._rows.values(), key=lambda row: row.id),
            facts=self.facts,
            data=self.data,
            points=self.points,
            tickets=await self._tickets(),
            refused=self.house.sandbox.counters["429"],
            parked=parked[0]["updates"],
        )

    @staticmethod
    def _soul(member: Member) -> Soul:
        account = member.person.id if member.has_account else None
        return Soul(
            member.id,
            member.name,
            account,
            member.branch,
            member.general,
            is_staff=member.role is not None,
        )

    async def _tickets(self) -> Sequence[Ticket]:
        held: dict[int, list[tuple[int, int]]] = {}
        for table in ("ticket_holding", "ticket_guest"):
            for row in await self.house.rows(f"SELECT ticket_id, member_id, since FROM {table}"):
                held.setdefault(row["ticket_id"], []).append((row["member_id"], row["since"]))
        return [
            Ticket(
                row["id"],
                row["requester_id"],
                row["state"],
                row["owner_id"],
                row["asked_at"],
                row["deadline"],
                row["first_answered_at"],
                row["reminded_at"] is not None,
                tuple(sorted(held.get(row["id"], ()), key=lambda each: each[1])),
            )
            for row in await self.house.rows("SELECT * FROM ticket WHERE state <> 'gathering' ORDER BY id")
        ]


@asynccontextmanager
async def open_town(assumed: Assumptions, folder: Path, *, routing: str, seed: int) -> AsyncIterator[Town]:
    clock = ManualClock(from_local(assumed.begins))
    content = brief_content(folder)
    async with open_house(clock, folder, content_dir=content, routing=routing) as house:
        town = Town(house, clock, assumed, seed)
        town.hold_sweeps()
        yield town


def local(town: Town, instant: int | None = None) -> datetime:
    return to_local(town.clock.now() if instant is None else instant, town.house.settings.zone)
