"""The checks of tests/bench/month.py find what they are for: made-up months in which one promise each is broken."""

import dataclasses
from collections.abc import Callable
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.kit.clock import DAY, HOUR, MINUTE, from_local
from bot.kit.outbox import Urgency
from tests.bench.month_log import Data, Fact, Kind, Log, Point, Row, Sent, Soul, Ticket
from tests.bench.month_promises import PROMISES, check, nudges

ZONE = ZoneInfo("Asia/Shanghai")
LI, ZHAO, WANG, CHEN = 1, 2, 3, 4
"""李建国 and 赵文敏 of one branch, whose secretary is 王春梅; 陈永强 is of another one."""
AT = from_local(datetime(2026, 11, 5, 10, 0, tzinfo=ZONE))


def soul(member: int, name: str, branch: int, *, is_staff: bool = False) -> Soul:
    return Soul(member, name, 100 + member, branch, 20 + branch, is_staff=is_staff)


def nudge(member: int, message: int = 1) -> Row:
    return Row(
        10 * member + message,
        100 + member,
        f"nudge:2026-11:2026-11-05:{member}:",
        "sendMessage",
        Urgency.BULK,
        "sent",
        message,
    )


GOOD = Log(
    zone=ZONE,
    quiet=(time(21), time(8)),
    fresh=7 * DAY,
    now=AT + 20 * DAY,
    people={
        each.member: each
        for each in (
            soul(LI, "李建国", 1),
            soul(ZHAO, "赵文敏", 1),
            soul(WANG, "王春梅", 1, is_staff=True),
            soul(CHEN, "陈永强", 2),
        )
    },
    obligations={5: LI, 40: ZHAO},
    secrets={"【881】": LI},
    sent=[
        Sent(AT, 101, 1, "11 月党费还没看到", ("du.claim:5",)),
        Sent(AT, 102, 1, "11 月党费还没看到", ("du.claim:14",)),  # 40, as buttons write it
        Sent(AT + MINUTE, 103, 1, "李建国：单号【881】", ("du.look:5",)),
        Sent(AT + MINUTE, 101, 2, "王春梅：请再试一次"),
    ],
    rows=[
        nudge(LI),
        nudge(ZHAO),
        Row(50, 103, "ticket:1", "sendMessage", Urgency.TICKET, "sent", 1),
        Row(51, 101, "ticket:1:answer", "sendMessage", Urgency.TICKET, "sent", 2),
    ],
    facts=[Fact(4, AT + HOUR, LI, Kind.PAID), Fact(0, AT - DAY, ZHAO, Kind.PAUSED, AT)],
    data=[Data(0, AT - DAY)],
    points=[Point("2026-11-05", 0, 4, frozenset({LI, ZHAO}))],
    tickets=[Ticket(1, LI, "answered", WANG, AT, AT + 4 * HOUR, AT + HOUR, False, ((WANG, AT),))],
    refused=0,
)


def sent(*more: Sent) -> Callable[[Log], Log]:
    return lambda log: dataclasses.replace(log, sent=[*log.sent, *more])


def known(kind: Kind, until: int | None = None) -> Callable[[Log], Log]:
    fact = Fact(0, AT - HOUR, LI, kind, until)
    return lambda log: dataclasses.replace(log, facts=[*log.facts, fact])


def ticket(**changes: Any) -> Callable[[Log], Log]:
    waits: dict[str, Any] = {"state": "open", "first_answered_at": None, **changes}

    def change(log: Log) -> Log:
        (only,) = log.tickets
        return dataclasses.replace(log, tickets=[dataclasses.replace(only, **waits)])

    return change


def row(number: int, **changes: Any) -> Callable[[Log], Log]:
    def change(log: Log) -> Log:
        rows = [*log.rows]
        rows[number] = dataclasses.replace(rows[number], **changes)
        return dataclasses.replace(log, rows=rows)

    return change


def moved(to: int) -> Callable[[Log], Log]:
    """Everything arrives at another time."""

    def change(log: Log) -> Log:
        arrived = [dataclasses.replace(each, at=to) for each in log.sent]
        held = [dataclasses.replace(each, held_by=((WANG, to),)) for each in log.tickets]
        return dataclasses.replace(log, sent=arrived, tickets=held)

    return change


def twice(log: Log) -> Log:
    again = Sent(AT + HOUR, 102, 2, "11 月党费还没看到", ("du.claim:14",))
    return dataclasses.replace(log, sent=[*log.sent, again], rows=[*log.rows, nudge(ZHAO, 2)])


def missed(log: Log) -> Log:
    return dataclasses.replace(log, points=[Point("2026-11-05", 0, 4, frozenset({LI, ZHAO, CHEN}))])


OWN_EYES = "a member's name, dues and tickets are seen by nobody else"
BAD = [
    ("a reminder goes to whom it concerns", row(0, key="nudge:2026-11:2026-11-05:4:")),
    ("nobody is reminded who has paid", known(Kind.PAID)),
    ("nobody who says it is paid", known(Kind.CLAIMED)),
    ("nobody who is let off", known(Kind.EXEMPT)),
    ("nobody who asked to be left alone", known(Kind.PAUSED, AT + DAY)),
    ("nobody who has blocked the bot", known(Kind.BLOCKED)),
    ("nobody twice at a point", twice),
    ("everybody who owes, at every point", missed),
    ("no reminder in the quiet hours", moved(AT + 11 * HOUR)),
    ("no reminder in the quiet hours", moved(AT - 3 * HOUR)),
    ("no reminder on stale data", moved(AT + 7 * DAY)),
    (
        "no reminder on stale data",
        lambda log: dataclasses.replace(
            moved(AT + 7 * DAY)(log), data=[Data(0, AT - DAY), Data(0, AT + DAY, 2)]
        ),
    ),
    (OWN_EYES, sent(Sent(AT + HOUR, 102, 9, "李建国还没缴"))),
    (OWN_EYES, sent(Sent(AT + HOUR, 104, 9, "王春梅说"))),
    (OWN_EYES, sent(Sent(AT + HOUR, 102, 9, "还没缴", ("du.claim:5",), is_edit=True))),
    (OWN_EYES, sent(Sent(AT + HOUR, 104, 9, "单号【881】"))),
    (OWN_EYES, sent(Sent(AT + HOUR, -7, 9, "李建国"))),
    ("messages of one chat arrive in order", row(3, id=2)),
    ("what does not arrive is known", row(3, state="unknown")),
    ("what does not arrive is known", row(3, state="blocked", message=None)),
    ("Telegram's limits are kept", lambda log: dataclasses.replace(log, refused=1)),
    ("every update is applied", lambda log: dataclasses.replace(log, parked=1)),
    ("every question has an owner", ticket(owner=None, reminded=True)),
    ("every question is answered or has gone on", ticket()),
]


def test_a_good_month_has_no_breach() -> None:
    assert check(GOOD) == []
    assert [each.member for each in nudges(GOOD)] == [LI, ZHAO]


@pytest.mark.parametrize(("promise", "breaking"), BAD)
def test_a_broken_promise_is_found(promise: str, breaking: Callable[[Log], Log]) -> None:
    assert promise in {breach.promise for breach in check(breaking(GOOD))}


def test_every_promise_is_tried() -> None:
    assert {promise for promise, _ in BAD} == PROMISES.keys()


@pytest.mark.parametrize(
    "innocent",
    [
        known(Kind.PAUSED, AT),
        ticket(held_by=((WANG, AT), (ZHAO, AT + HOUR))),
        ticket(reminded=True),
        ticket(deadline=AT + 20 * DAY),
        lambda log: dataclasses.replace(
            moved(AT + 7 * DAY)(log), data=[Data(0, AT - DAY), Data(0, AT + DAY, 1)]
        ),
        sent(Sent(AT + HOUR, 103, 9, "李建国、赵文敏还没缴", ("du.look:5",))),
    ],
)
def test_what_breaks_no_promise(innocent: Callable[[Log], Log]) -> None:
    assert check(innocent(GOOD)) == []
