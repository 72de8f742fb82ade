"""How the helpdesk keeps up when tickets pile up: what staff tap, and what the sweeps look at, at growing sizes.

    python tests/bench/helpdesk.py                        10,000, 30,000 and 100,000 tickets (some minutes)
    python tests/bench/helpdesk.py --tickets 100000 --rounds 400

Each size is a database of its own on disk: ten messages a ticket, one in twenty open, one in fifty answered and not
closed. Branches are not equal: the busiest has a tenth of everything. Measured are the bot's own functions, each with its
transaction, for staff drawn at random and for the busiest; beside them, in the same run, what a plain ticket table
would do. "CPU" is this process's time, which a busy machine disturbs less than the clock on the wall.
"""

import argparse
import asyncio
import dataclasses
import functools
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from bot import helpdesk
from bot.faq.learning import rules as wording
from bot.helpdesk import alike, delivery, ladder, store
from bot.helpdesk.calendar import Hours
from bot.helpdesk.inbox import service as lists
from bot.helpdesk.inbox.model import Filter
from bot.helpdesk.likeness import Asked, heard
from bot.helpdesk.model import Origin, Spot
from bot.helpdesk.rules import Desk
from bot.kit import schema
from bot.kit.clock import DAY, HOUR, MINUTE, ManualClock, from_local
from bot.kit.database import SqliteDatabase
from bot.kit.i18n import DEFAULT_LANGUAGE, Languages
from bot.kit.work import Work, Works
from bot.roster import store as roster
from bot.roster.model import Actor

ZONE = ZoneInfo("Asia/Shanghai")
NOW = from_local(datetime(2026, 11, 2, 10, 0, tzinfo=ZONE))
DESK = Desk.of(
    hours=Hours.parse("08:30-17:30"), answer_hours=4, zone=ZONE, gather_seconds=60, ticket_days=365
)

GENERALS = 10
BRANCHES = 20
"""Under each general branch."""
MEMBERS = 30
"""Of each branch; the first three are its secretary, deputy and helper."""
MESSAGES = 10
LIMIT = 50.0
"""Milliseconds an operation may take, 99 times in 100."""

_SUBJECTS = [
    "食堂",
    "班车",
    "工装",
    "体检",
    "宿舍",
    "门禁",
    "考勤",
    "报销",
    "培训",
    "疗养",
    "补贴",
    "停车",
    "电话卡",
    "冬枣",
    "会议室",
    "档案",
    "合同",
    "工资条",
    "党徽",
    "学习资料",
]
_TROUBLES = [
    "什么时候发",
    "在哪里领",
    "怎么申请",
    "找谁办",
    "为什么没有我的",
    "能不能换",
    "要带什么材料",
    "还没收到",
    "几号截止",
    "可以代办吗",
]
_TAILS = ("", "", "啊", "，急", "，谢谢", "，麻烦了", "呢")
_HEADS = ("", "", "", "请问", "想问下", "书记，")


@dataclasses.dataclass(frozen=True, slots=True)
class Town:
    """A filled database and who is in it."""

    database: SqliteDatabase
    works: Works
    clock: ManualClock
    path: Path
    tickets: int
    staff: Sequence[int]
    """Member ids of staff of all branches, and of the general branches."""
    busiest: int
    """Who has the most to look after."""
    running: Sequence[int]
    open: Sequence[int]


class Filling:
    """Rows of one size, by the thousand."""

    def __init__(self, path: Path, tickets: int) -> None:
        self._dice = random.Random(tickets)
        self._tickets = tickets
        self._db = sqlite3.connect(path)
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.execute("PRAGMA foreign_keys=OFF")
        self._branches: list[int] = []
        self._members: dict[int, list[int]] = {}
        self._general_of: dict[int, list[int]] = {}
        self._first_to_ask: dict[tuple[int, str | None], int] = {}

    def fill(self) -> None:
        self._organisation()
        weights = [1 / (place + 1) for place in range(len(self._branches))]
        scale = self._tickets / sum(weights)
        numbers = [
            branch
            for branch, weight in zip(self._branches, weights, strict=True)
            for _ in range(round(weight * scale))
        ]
        numbers = (numbers + self._branches * self._tickets)[: self._tickets]
        self._dice.shuffle(numbers)
        for at in range(0, self._tickets, 10_000):
            self._some(at + 1, numbers[at : at + 10_000])
        self._db.commit()
        self._db.close()

    def _organisation(self) -> None:
        unit, member = 1, 0
        self._put(
            "unit", [{"id": 1, "name": "党委", "kind": "committee", "parent_id": None, "join_token": "t1"}]
        )
        for general in range(GENERALS):
            unit += 1
            parent = unit
            self._put(
                "unit",
                [
                    {
                        "id": unit,
                        "name": f"总支{general}",
                        "kind": "general",
                        "parent_id": 1,
                        "join_token": f"t{unit}",
                    }
                ],
            )
            above: list[int] = []
            for number in range(BRANCHES):
                unit += 1
                self._branches.append(unit)
                self._put(
                    "unit",
                    [
                        {
                            "id": unit,
                            "name": f"支部{unit}",
                            "kind": "branch",
                            "parent_id": parent,
                            "join_token": f"t{unit}",
                        }
                    ],
                )
                self._members[unit] = list(range(member + 1, member + MEMBERS + 1))
                self._put("member", [self._member(each, unit) for each in self._members[unit]])
                self._put(
                    "account",
                    [
                        {
                            "id": 10_000 + each,
                            "member_id": each,
                            "display_name": "",
                            "first_seen_at": 0,
                            "bound_at": 0,
                        }
                        for each in self._members[unit]
                    ],
                )
                posts = [
                    (each, unit, role)
                    for each, role in zip(
                        self._members[unit], ("secretary", "deputy", "helper"), strict=False
                    )
                ]
                if number < 2:
                    above.append(self._members[unit][3])
                    posts.append((self._members[unit][3], parent, "general"))
                self._put(
                    "post",
                    [
                        {"member_id": each, "unit_id": where, "role": role, "since": 0}
                        for each, where, role in posts
                    ],
                )
                member += MEMBERS
            self._general_of |= dict.fromkeys(self._branches[-BRANCHES:], above)

    def _member(self, number: int, branch: int) -> dict[str, object]:
        surname, given = "王李张刘陈杨赵黄周吴", "伟芳娜敏静丽强磊军洋"
        name = surname[number % 10] + given[number // 10 % 10] + given[number // 100 % 10]
        return {
            "id": number,
            "employee_no": f"E{number:06}",
            "name": name,
            "branch_id": branch,
            "status": "full",
            "category": "employed",
            "created_at": 0,
            "updated_at": 0,
        }

    def _question(self) -> str:
        dice = self._dice
        return dice.choice(_HEADS) + dice.choice(_SUBJECTS) + dice.choice(_TROUBLES) + dice.choice(_TAILS)

    def _some(self, first: int, branches: Sequence[int]) -> None:
        tickets, messages, copies, outgoing, holdings, guests = [], [], [], [], [], []
        for number, branch in enumerate(branches, first):
            members = self._members[branch]
            requester = self._dice.choice(members[4:])
            lot = self._dice.random()
            # What waits has come lately.
            state = "open" if lot < 0.05 else "answered" if lot < 0.07 else "closed"
            age = self._dice.random() * (
                DAY if state == "open" else 7 * DAY if state == "answered" else 360 * DAY
            )
            asked = NOW - HOUR - round(age)
            chance = self._dice.random()
            owner = (
                self._dice.choice(self._general_of[branch])
                if chance < 0.1
                else members[0]
                if chance < 0.8
                else members[1]
            )
            if owner == requester:
                owner = members[0]
            question = self._question()
            is_open = state == "open"
            fresh = is_open and self._dice.random() < 0.8
            sound = heard(Asked(question, None, Origin.ASK))
            group = (
                self._first_to_ask.setdefault((self._general_of[branch][0], sound), number)
                if fresh
                else number
            )
            tickets.append(
                {
                    "id": number,
                    "requester_id": requester,
                    "branch_id": branch,
                    "owner_id": owner,
                    "rung": "secretary"
                    if owner == members[0]
                    else "deputy"
                    if owner == members[1]
                    else "general",
                    "state": state,
                    "origin": "ask",
                    "question": question,
                    "question_message_id": number,
                    "facts": "[]",
                    "shown": "[]",
                    "asked_at": asked,
                    "opened_at": asked,
                    "deadline": NOW + self._dice.randrange(HOUR, 7 * HOUR) if is_open else None,
                    "next_at": NOW + 40 * MINUTE + self._dice.randrange(5 * HOUR) if is_open else None,
                    "climbing_since": asked if is_open else None,
                    "first_answered_at": None if fresh else asked + HOUR,
                    "answered_at": None if fresh else asked + HOUR,
                    "closed_at": asked + 2 * HOUR if state == "closed" else None,
                    "closed_by": owner if state == "closed" else None,
                    "close_reason": "done" if state == "closed" else None,
                    "alike_id": group,
                    "heard": sound,
                }
            )
            holdings.append(
                {
                    "ticket_id": number,
                    "member_id": owner,
                    "rung": "secretary",
                    "why": "asked",
                    "since": asked,
                    "until": None if state != "closed" else asked + 2 * HOUR,
                }
            )
            if state != "closed" and self._dice.random() < 0.02:
                guests.append(
                    {
                        "ticket_id": number,
                        "member_id": self._general_of[branch][0],
                        "asked_by": members[0],
                        "since": asked,
                    }
                )
            entry = (number - 1) * MESSAGES
            for place in range(MESSAGES):
                entry += 1
                asks = place % 2 == 0
                author, other = (requester, owner) if asks else (owner, requester)
                text = question if place == 0 else f"{self._question()}，第{place}句"
                at = asked + place * MINUTE
                messages.append(
                    {
                        "id": entry,
                        "ticket_id": number,
                        "author_id": author,
                        "direction": "asked" if asks else "answered",
                        "kind": "text",
                        "text": text,
                        "chat_id": 10_000 + author,
                        "message_id": entry,
                        "at": at,
                    }
                )
                copies.append(
                    {
                        "ticket_id": number,
                        "entry_id": entry,
                        "chat_id": 10_000 + other,
                        "outgoing_id": entry,
                        "part": "card" if place == 0 else "relay",
                        "has_buttons": 0,
                    }
                )
                if asked > NOW - 30 * DAY or state != "closed":
                    outgoing.append(
                        {
                            "id": entry,
                            "dedupe_key": f"o{entry}",
                            "chat_id": 10_000 + other,
                            "method": "sendMessage",
                            "payload": "{}",
                            "urgency": 1,
                            "policy": "at_least_once",
                            "state": "sent",
                            "not_before": 0,
                            "attempts": 1,
                            "created_at": at,
                            "finished_at": at,
                            "message_id": 1_000_000 + entry,
                        }
                    )
        for table, rows in (
            ("ticket", tickets),
            ("ticket_holding", holdings),
            ("ticket_guest", guests),
            ("ticket_message", messages),
            ("ticket_copy", copies),
            ("outgoing", outgoing),
        ):
            self._put(table, rows)

    def _put(self, table: str, rows: Sequence[Mapping[str, object]]) -> None:
        if rows:
            names = ", ".join(rows[0])
            marks = ", ".join(f":{name}" for name in rows[0])
            self._db.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)


async def fill(path: Path, tickets: int, languages: Languages) -> Town:
    schema.upgrade(path)
    Filling(path, tickets).fill()
    database, clock = await SqliteDatabase.open(path), ManualClock(NOW)
    works = Works(database, clock, languages, wake_courier=lambda: None)
    async with works.reading() as reader:
        staff = [
            row["member_id"]
            for row in await reader.all("SELECT DISTINCT member_id FROM post ORDER BY member_id")
        ]
        busiest = await reader.value(
            "SELECT owner_id FROM ticket WHERE state = 'open' GROUP BY owner_id ORDER BY COUNT(*) DESC LIMIT 1"
        )
        running = [
            row["id"] for row in await reader.all("SELECT id FROM ticket WHERE state IN ('open', 'answered')")
        ]
        waiting = [row["id"] for row in await reader.all("SELECT id FROM ticket WHERE state = 'open'")]
    return Town(database, works, clock, path, tickets, staff, busiest, running, waiting)


@dataclasses.dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds."""

    p50: float
    p99: float
    cpu: float
    """Of this process, at the 99th percentile."""


async def timed(rounds: int, act: Callable[[int], Awaitable[object]], town: Town) -> Times:
    """What was queued leaves between the rounds, as it would: messages for hours do not wait in one chat."""
    wall, cpu = [], []
    for number in range(rounds):
        began, busy = time.perf_counter(), time.process_time()
        await act(number)
        wall.append(1_000 * (time.perf_counter() - began))
        cpu.append(1_000 * (time.process_time() - busy))
        async with town.works.begin() as work:
            await work.session.run(
                "UPDATE outgoing SET state = 'sent', finished_at = :now, message_id = 2000000000 + id"
                " WHERE state = 'waiting'",
                now=work.now,
            )
    wall.sort()
    cpu.sort()
    last = min(rounds - 1, round(0.99 * rounds))
    return Times(wall[rounds // 2], wall[last], cpu[last])


class Desks:
    """What is measured in one town. Every fifth time it is the busiest person's turn."""

    def __init__(self, town: Town, rounds: int) -> None:
        dice = random.Random(3)
        self._town = town
        self._people = [
            town.busiest if number % 5 == 0 else dice.choice(town.staff) for number in range(rounds)
        ]
        self._tickets = [dice.choice(town.running) for _ in range(rounds)]
        self._open = [dice.choice(town.open) for _ in range(rounds)]
        # Every third word stands nowhere: then all that is searched has to be read.
        self._words = ["量子" if number % 3 == 0 else dice.choice(_SUBJECTS) for number in range(rounds)]
        self._filters = [dice.choice(list(Filter)) for _ in range(rounds)]
        self._sweeps = {sweep.name: sweep for sweep in helpdesk.sweeps(DESK)}

    def operations(self) -> dict[str, Callable[[int], Awaitable[object]]]:
        return {
            "inbox": self._inbox,
            "inbox, a filter": self._filter,
            "card brought": self._card,
            "card renewed": self._renewed,
            "find a word": self._find,
            "alike: groups": self._groups,
            "alike: on asking": self._assign,
            "ladder: one step": self._step,
            **{f"sweep {name}": functools.partial(self._sweep, name) for name in self._sweeps},
        }

    async def _actor(self, work: Work, number: int) -> Actor:
        actor = await roster.actor(work.session, 10_000 + self._people[number], DEFAULT_LANGUAGE)
        if actor is None:
            raise LookupError(number)
        return actor

    async def _inbox(self, number: int) -> None:
        async with self._town.works.begin() as work:
            actor = await self._actor(work, number)
            await lists.page(work.session, actor, Filter.ALL, 0, now=work.now)
            await alike.groups(work.session, self._people[number])

    async def _filter(self, number: int) -> None:
        async with self._town.works.begin() as work:
            actor = await self._actor(work, number)
            await lists.page(work.session, actor, self._filters[number], 1, now=work.now)

    async def _card(self, number: int) -> None:
        async with self._town.works.begin() as work:
            ticket = await store.existing(work.session, self._tickets[number])
            spot = Spot(10_000 + self._people[number], None)
            await delivery.bring(work, DESK, ticket, spot, key=f"bench:{number}")

    async def _renewed(self, number: int) -> None:
        async with self._town.works.begin() as work:
            ticket = await store.existing(work.session, self._tickets[number])
            await delivery.renew_cards(work, DESK, ticket, key=f"bench:renewed:{number}")

    async def _find(self, number: int) -> None:
        async with self._town.works.begin() as work:
            actor = await self._actor(work, number)
            await lists.search(work.session, actor, [self._words[number]], 0)

    async def _groups(self, number: int) -> None:
        async with self._town.works.begin() as work:
            found = await alike.groups(work.session, self._people[number])
            if found:
                await alike.members(work.session, self._people[number], found[0].id)

    async def _assign(self, number: int) -> None:
        async with self._town.works.begin() as work:
            await alike.assign(work.session, await store.existing(work.session, self._open[number]))

    async def _step(self, number: int) -> None:
        async with self._town.works.begin() as work:
            await work.session.run(
                "UPDATE ticket SET next_at = :now WHERE id = :id", now=work.now, id=self._open[number]
            )
            await ladder.step(work, DESK, self._open[number])

    async def _sweep(self, name: str, _: int) -> None:
        await self._sweeps[name].run(self._town.works)


class Plain:
    """The same, as a plain table of tickets without an index of its own would have it: read, and picked out."""

    def __init__(self, town: Town, rounds: int) -> None:
        dice = random.Random(3)
        self._town = town
        self._people = [dice.choice(town.staff) for _ in range(rounds)]
        self._tickets = [dice.choice(town.running) for _ in range(rounds)]

    def operations(self) -> dict[str, Callable[[int], Awaitable[object]]]:
        return {
            "inbox": self._inbox,
            "card brought": self._card,
            "find a word": self._find,
            "alike: groups": self._groups,
            "sweep helpdesk.ladder": self._due,
        }

    async def _inbox(self, number: int) -> object:
        async with self._town.works.reading() as reader:
            posts = await reader.all(
                "SELECT unit_id FROM post WHERE member_id = :me AND until IS NULL", me=self._people[number]
            )
            mine = {row["unit_id"] for row in posts}
            rows = await reader.all("SELECT * FROM ticket NOT INDEXED WHERE state IN ('open', 'answered')")
            return sorted(
                (row["asked_at"], row["id"])
                for row in rows
                if row["branch_id"] in mine or row["owner_id"] == self._people[number]
            )

    async def _card(self, number: int) -> object:
        async with self._town.works.reading() as reader:
            return await reader.all(
                "SELECT * FROM ticket_message NOT INDEXED WHERE ticket_id = :id", id=self._tickets[number]
            )

    async def _find(self, number: int) -> object:
        async with self._town.works.reading() as reader:
            return await reader.all(
                "SELECT ticket_id FROM ticket_message WHERE text LIKE :word",
                word=f"%{_SUBJECTS[number % len(_SUBJECTS)]}%",
            )

    async def _groups(self, number: int) -> object:
        """Grouped whenever it is looked at, by the same rule: everything open of the busiest general branch."""
        async with self._town.works.reading() as reader:
            rows = await reader.all(
                "SELECT question FROM ticket WHERE state = 'open' AND branch_id <= :last", last=BRANCHES + 2
            )
        piles: list[str] = []
        for row in rows:
            if not any(wording.alike(row["question"], pile) for pile in piles):
                piles.append(row["question"])
        return piles

    async def _due(self, _: int) -> object:
        async with self._town.works.reading() as reader:
            rows = await reader.all("SELECT * FROM ticket NOT INDEXED")
            return [row["id"] for row in rows if row["state"] == "open" and (row["next_at"] or 0) <= NOW]


async def measure(
    tickets: int, rounds: int, folder: Path, *, plain: bool
) -> tuple[dict[str, Times], dict[str, Times]]:
    town = await fill(folder / f"{tickets}.db", tickets, Languages.load())
    ours, theirs = {}, {}
    for name, act in Desks(town, rounds).operations().items():
        await act(0)  # the first sweep puts right what was made up
        ours[name] = await timed(rounds, act, town)
        print(
            f"  {tickets:>9,}  {name:28}{ours[name].p50:9.2f}{ours[name].p99:9.2f}{ours[name].cpu:9.2f}",
            flush=True,
        )
    if plain:
        for name, act in Plain(town, rounds).operations().items():
            theirs[name] = await timed(max(3, rounds // 40), act, town)
    await town.database.close()
    return ours, theirs


async def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tickets", type=int, nargs="*", default=[10_000, 30_000, 100_000])
    parser.add_argument("--rounds", type=int, default=200)
    given = parser.parse_args()
    print(f"  {'tickets':>9}  {'operation':28}{'p50 ms':>9}{'p99 ms':>9}{'CPU p99':>9}")
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        for tickets in given.tickets:
            last = tickets == given.tickets[-1]
            results[tickets] = await measure(tickets, given.rounds, Path(folder), plain=last)
    smallest, largest = given.tickets[0], given.tickets[-1]
    before, (after, theirs) = results[smallest][0], results[largest]
    print(
        f"\n{'':30}{f'p50, {largest // smallest}x as many':>20}{'plain p50 ms':>15}{'times ours':>12}{f'p99 < {LIMIT:.0f} ms':>14}"
    )
    for name, times in after.items():
        growth = f"x{times.p50 / before[name].p50:.2f}"
        plain = (
            f"{theirs[name].p50:15.1f}{theirs[name].p50 / times.p50:12.1f}" if name in theirs else f"{'':27}"
        )
        print(f"{name:30}{growth:>20}{plain}{'yes' if times.p99 < LIMIT else 'NO':>14}")
    if any(times.p99 >= LIMIT for times in after.values()):
        sys.exit(1)


if __name__ == "__main__":
    asyncio.run(main())
