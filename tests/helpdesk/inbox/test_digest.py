"""Once a day, at the chosen hour, what waits; never when nothing does."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.helpdesk.digest import rules
from bot.sandbox import Person, SeenMessage
from tests.conftest import ZONE
from tests.helpdesk.conftest import Office, said_to, told

DIGEST = "今天的情况："


async def asks(office: Office, text: str) -> None:
    await office.member.says(text)
    await office.counter.settle()
    await office.member.taps(office.member.last(), "马上转")
    await office.counter.settle()


async def chooses(office: Office, person: Person, hour: str) -> SeenMessage:
    await person.says("/tickets")
    await office.counter.settle()
    inbox = person.last()
    for label in ("几点提醒我", hour):
        await person.taps(person.sees(inbox), label)
        await office.counter.settle()
    return person.sees(inbox)


def digests(person: Person) -> list[str]:
    return [text for text in said_to(person) if text.startswith(DIGEST)]


async def test_it_comes_at_the_chosen_hour_if_something_waits(office: Office) -> None:
    await asks(office, "食堂冬枣在哪个窗口领")
    chosen = await chooses(office, office.secretary, "08:00")
    assert chosen.text == "好的，每天 08:00 我把等着回复的列给您。没有就不打扰您。"
    await office.counter.advance(hours=22.5)  # Tuesday 07:30
    assert digests(office.secretary) == []
    await office.counter.advance(hours=0.5)
    assert digests(office.secretary) == [
        f"{DIGEST}\n有 1 件等着回复。\n其中 1 件快到时间或已过时间。\n点一件，我把它发到最下面。"
    ]
    message = next(each for each in office.secretary.chat() if each.text.startswith(DIGEST))
    assert any("李建国 · 食堂冬枣" in label for label in message.buttons)
    await office.counter.advance(hours=1)  # once a day
    assert len(digests(office.secretary)) == 1
    await office.counter.advance(hours=23)
    assert len(digests(office.secretary)) == 2


async def test_nothing_comes_when_nothing_waits(office: Office) -> None:
    await chooses(office, office.secretary, "08:00")
    await office.counter.advance(hours=24)
    assert digests(office.secretary) == []
    await asks(office, "食堂冬枣在哪个窗口领")  # later that morning: tomorrow
    await office.counter.advance(hours=1)
    assert digests(office.secretary) == []


async def test_a_day_off_stays_a_day_off(office: Office) -> None:
    await asks(office, "食堂冬枣在哪个窗口领")
    await chooses(office, office.secretary, "08:00")
    for _ in range(4):
        await office.counter.advance(hours=24)  # Tuesday to Friday 09:00
    before = len(digests(office.secretary))
    for _ in range(2):
        await office.counter.advance(hours=24)
    assert len(digests(office.secretary)) == before
    await office.counter.advance(hours=24)
    assert len(digests(office.secretary)) == before + 1


async def test_after_downtime_it_comes_late_but_not_in_the_evening(office: Office) -> None:
    await asks(office, "食堂冬枣在哪个窗口领")
    await chooses(office, office.secretary, "08:00")
    await chooses(office, office.deputy, "06:30")
    await office.counter.close()
    await office.counter.clock.move_to(office.counter.clock.now() + 26 * 3_600_000)  # Tuesday 11:00
    await office.counter.open()
    await office.counter.advance(seconds=61)
    assert (len(digests(office.secretary)), len(digests(office.deputy))) == (1, 0)


async def test_it_can_be_moved_and_switched_off(office: Office) -> None:
    await asks(office, "食堂冬枣在哪个窗口领")
    await chooses(office, office.secretary, "08:00")
    await office.secretary.says("/tickets")
    await office.counter.settle()
    inbox = office.secretary.last()
    await office.secretary.taps(inbox, "几点提醒我")
    await office.counter.settle()
    hours = office.secretary.sees(inbox)
    assert hours.text.endswith("现在是 08:00。")
    assert "• 08:00" in hours.buttons
    await office.secretary.taps(hours, "不用提醒")
    await office.counter.settle()
    assert office.secretary.sees(inbox).text == "好的，以后不提醒了。"
    await office.counter.advance(hours=24)
    assert digests(office.secretary) == []
    await chooses(office, office.secretary, "12:00")  # today, at noon
    await office.counter.advance(hours=3)
    assert len(digests(office.secretary)) == 1


async def test_without_a_post_there_is_no_digest(office: Office) -> None:
    await asks(office, "食堂冬枣在哪个窗口领")
    await chooses(office, office.secretary, "08:00")
    await chooses(office, office.sibling, "08:00")
    async with office.counter.work() as work:
        await work.session.run(
            "UPDATE post SET until = :now WHERE member_id = :member",
            now=work.now,
            member=office.counter.members["王梅"],
        )
    await office.counter.advance(hours=24)
    assert digests(office.secretary) == []
    assert digests(office.sibling) == []  # hers is another branch
    await office.member.says("/tickets")
    await office.counter.settle()
    for data in ("hd.digest", "hd.digestat:1"):
        assert "支部书记" in await told(office.member, office.member.last(), data=data)
    assert await told(office.sibling, office.sibling.last(), data="hd.digestat:zzz")


@pytest.mark.parametrize("text", rules.HOURS)
def test_the_hours_offered_read_as_they_are_written(text: str) -> None:
    assert rules.clock(rules.minute_of(text)) == text


@pytest.mark.parametrize("text", ["24:00", "8:60", "-1:00"])
def test_what_is_no_time_of_day(text: str) -> None:
    with pytest.raises(ValueError, match="no time of day"):
        rules.minute_of(text)


@given(
    minute=st.integers(0, 24 * 60 - 1),
    looks=st.lists(st.integers(0, 4 * 24 * 60), min_size=1, max_size=60),
)
def test_at_most_once_a_day_and_never_before_the_hour(minute: int, looks: list[int]) -> None:
    start = datetime(2026, 11, 2, tzinfo=ZONE)
    sent_on: str | None = None
    days = []
    for offset in sorted(looks):
        local = start + timedelta(minutes=offset)
        if rules.is_due(minute, sent_on, local):
            at = local.hour * 60 + local.minute
            assert minute <= at < minute + rules.LATE
            sent_on = local.date().isoformat()
            days.append(sent_on)
    assert len(days) == len(set(days))
