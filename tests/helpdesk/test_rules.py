"""Who may act on a ticket, and how it is brought to people."""

import dataclasses
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.helpdesk import rules
from bot.helpdesk.calendar import Hours
from bot.helpdesk.model import Content, Direction, Entry, Kind, Origin, Rung, State, Ticket
from bot.helpdesk.rules import Attachment, Day, Form
from bot.kit.clock import DAY, HOUR, MINUTE, from_local
from bot.roster.model import Actor, Category, Member, Post, Role, Status

ZONE = ZoneInfo("Asia/Shanghai")

TICKET = Ticket(
    id=1,
    requester_id=100,
    branch_id=7,
    owner_id=None,
    rung=None,
    state=State.OPEN,
    origin=Origin.ASK,
    question="验证码收不到",
    question_message_id=5,
    facts=(),
    shown=(),
    asked_at=0,
    gather_until=None,
    opened_at=None,
    deadline=None,
    next_at=None,
    warned_at=None,
    reminded_at=None,
    answered_at=None,
    first_answered_at=None,
    listen_until=None,
    closed_at=None,
    closed_by=None,
    close_reason=None,
    rating=None,
    unreachable_told_at=None,
    expired_at=None,
)


def at(text: str) -> int:
    return from_local(datetime.fromisoformat(text).replace(tzinfo=ZONE))


def person(member: int | None, *posts: Post) -> Actor:
    found = (
        None if member is None else Member(member, "某", 7, None, Status.FULL, Category.EMPLOYED, None, None)
    )
    return Actor(1, "zh_CN", found, posts)


@pytest.mark.parametrize(
    ("actor", "allowed"),
    [
        (person(1, Post(7, Role.SECRETARY)), True),
        (person(2, Post(7, Role.DEPUTY)), True),
        (person(3, Post(7, Role.HELPER)), True),
        (person(50, Post(9, Role.GENERAL)), True),  # the owner, of the general branch
        (person(51, Post(9, Role.GENERAL)), False),  # its colleague, whom nobody asked
        (person(50), False),  # the owner, whose post has ended
        (person(50, Post(8, Role.SECRETARY)), False),  # the owner, now elsewhere
        (person(4, Post(8, Role.SECRETARY)), False),  # a sibling branch
        (person(5, Post(10, Role.ADMIN)), False),  # the committee sees rates, never the queue
        (person(100), False),
        (person(None), False),
    ],
)
def test_who_may_answer(actor: Actor, allowed: bool) -> None:
    ticket = dataclasses.replace(TICKET, owner_id=50, rung=Rung.GENERAL)
    assert rules.may_answer(actor, ticket, near=(7, 9, 10), guests=()) is allowed


@pytest.mark.parametrize(
    ("deadline", "now", "said", "day"),
    [
        ("2026-11-02 17:00", "2026-11-02 09:00", "17:00", Day.TODAY),
        ("2026-11-02 13:07", "2026-11-02 09:07", "13:15", Day.TODAY),
        ("2026-11-03 09:00", "2026-11-02 23:59", "09:00", Day.TOMORROW),
        ("2026-11-04 09:00", "2026-11-02 09:00", "09:00", Day.LATER),
    ],
)
def test_how_a_deadline_is_said(deadline: str, now: str, said: str, day: Day) -> None:
    promised = rules.promised(at(deadline), ZONE)
    assert promised == at(deadline[:11] + said)
    assert rules.day_of(promised, at(now), ZONE) is day


@given(st.integers(at("2026-01-01 00:00"), at("2026-12-31 00:00")))
def test_what_is_promised_is_never_before_the_deadline(deadline: int) -> None:
    assert 0 <= rules.promised(deadline, ZONE) - deadline < 15 * MINUTE


@pytest.mark.parametrize(
    ("closed_ago", "expired", "reopenable"),
    [(0, None, True), (7 * DAY, None, True), (7 * DAY + 1, None, False), (HOUR, 5, False)],
)
def test_what_can_be_taken_up_again(closed_ago: int, expired: int | None, reopenable: bool) -> None:
    now = at("2026-11-02 09:00")
    ticket = dataclasses.replace(TICKET, state=State.CLOSED, closed_at=now - closed_ago, expired_at=expired)
    assert rules.is_reopenable(ticket, now, 7 * DAY) is reopenable
    assert not rules.is_reopenable(dataclasses.replace(ticket, state=State.OPEN), now, 7 * DAY)


def content(kind: Kind, text: str = "", message_id: int | None = 9) -> Content:
    return Content(kind, text, 100, message_id)


@pytest.mark.parametrize(
    ("what", "introduced", "form"),
    [
        (content(Kind.TEXT, "好"), False, Form.TEXT),
        (content(Kind.TEXT, "好" * 4_090), False, Form.APART),
        (content(Kind.TEXT, "🌱" * 2_048), False, Form.APART),
        (content(Kind.TEXT, "好", None), False, Form.TEXT),
        (content(Kind.PHOTO), False, Form.CAPTION),
        (content(Kind.PHOTO, "字" * 1_020), False, Form.APART),
        (content(Kind.PHOTO, "字" * 1_025), False, Form.WORDS_APART),
        (dataclasses.replace(content(Kind.PHOTO), album="a"), False, Form.APART),
        (dataclasses.replace(content(Kind.PHOTO), album="a"), True, Form.BARE),
        (content(Kind.STICKER), False, Form.APART),
        (content(Kind.LOCATION), False, Form.APART),
        (content(Kind.VIDEO_NOTE), False, Form.APART),
        (content(Kind.VOICE), False, Form.CAPTION),
    ],
)
def test_how_something_is_brought(what: Content, introduced: bool, form: Form) -> None:
    assert rules.form_of(what, 10, introduced=introduced) is form


def test_what_the_card_counts_and_says() -> None:
    asked = [
        Entry(n, 1, 100, Direction.ASKED, content(kind, "收不到", message_id), 0)
        for n, (kind, message_id) in enumerate(
            [(Kind.TEXT, 5), (Kind.PHOTO, 6), (Kind.PHOTO, 7), (Kind.VOICE, 8), (Kind.LOCATION, 9)]
        )
    ]
    answered = dataclasses.replace(asked[1], direction=Direction.ANSWERED)
    assert rules.attachments([*asked, answered]) == {
        Attachment.SCREENSHOT: 2,
        Attachment.VOICE: 1,
        Attachment.OTHER: 1,
    }
    assert [rules.says_the_card(TICKET, entry) for entry in asked] == [True, False, False, False, False]


@given(st.text(), st.integers(1, 40))
def test_a_clipped_text_fits_and_is_its_beginning(text: str, limit: int) -> None:
    clipped = rules.clipped(text, limit)
    assert rules.size(clipped) <= limit
    assert clipped == text or (clipped.endswith("…") and text.startswith(clipped[:-1]))


def test_short_facts_stand_in_the_first_line() -> None:
    facts = [
        ("卡在", "短信验证码"),
        ("", "安卓"),
        ("已经试过", "重启手机、重新安装、换过一张电话卡，都不行"),
        ("手机", ""),
    ]
    short, long = rules.divided(facts)
    assert short == facts[:2]
    assert long == facts[2:3]


def test_a_desk_says_what_is_wrong_with_its_settings() -> None:
    with pytest.raises(ValueError, match="08:30-17:30"):
        Hours.parse("all day")
    with pytest.raises(ValueError, match="at once"):
        rules.Desk.of(
            hours=Hours.parse("08:30-17:30"), answer_hours=0, zone=ZONE, gather_seconds=60, ticket_days=1
        )
