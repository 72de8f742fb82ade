"""A member who writes faster than anybody can read is slowed kindly, and nothing is lost."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.helpdesk.flooding import rules
from bot.helpdesk.model import Content, Direction, Entry, Kind
from bot.helpdesk.rules import MESSAGE_LIMIT, Flood, size
from bot.kit.clock import MINUTE
from tests.helpdesk.conftest import PICTURE, Counter, Office, found, said_to

FLOOD = Flood(messages=3, within=MINUTE)
SLOWED = "都收到了，一条不落。为了让王梅看得过来，接下来的我先攒着，一分钟后一起转过去。"


@pytest.fixture
async def small(office: Office) -> Office:
    """Three messages a minute are passed on one by one."""
    await narrow(office.counter)
    return office


async def narrow(counter: Counter) -> None:
    counter.desk = dataclasses.replace(counter.desk, flood=FLOOD)
    await counter.restart()


async def talking(office: Office) -> None:
    """李建国 has asked and 王梅 has answered, some time ago."""
    await office.answered()
    await office.counter.advance(minutes=2)


async def flood(office: Office, *texts: str) -> None:
    for text in texts:
        await office.member.says(text)
    await office.counter.settle()


def passed_on(office: Office) -> list[str]:
    return [text for text in said_to(office.secretary) if text.startswith("李建国：")]


async def test_what_comes_too_fast_is_brought_together(small: Office) -> None:
    await talking(small)
    before = said_to(small.member)
    await flood(small, *"一二三四五六七")
    assert passed_on(small) == ["李建国：一", "李建国：二", "李建国：三"]
    told = said_to(small.member)[len(before) :]
    assert [words.split("\n")[0] for words in told] == ["已转给王梅。"] * 3 + [SLOWED]
    await small.counter.advance(minutes=1)
    assert passed_on(small)[3:] == ["李建国：四\n五\n六\n七"]
    # and after the flood everything is as usual
    await small.counter.advance(minutes=1)
    await flood(small, "好了")
    assert passed_on(small)[-1] == "李建国：好了"
    await small.counter.advance(minutes=5)
    assert len(passed_on(small)) == 5


async def test_files_in_a_flood_keep_their_place(small: Office) -> None:
    await talking(small)
    await flood(small, *"一二三四")
    await small.member.sends_file("photo", PICTURE, caption="看")
    await flood(small, "五", "六")
    await small.counter.advance(minutes=1)
    assert passed_on(small)[3:] == ["李建国：四", "李建国：看", "李建国：五\n六"]


async def test_a_flood_that_goes_on_is_told_once_and_brought_every_minute(small: Office) -> None:
    await talking(small)
    for number in range(8):
        await flood(small, *(f"{number}-{part}" for part in range(3)))
        await small.counter.advance(seconds=30)
    assert said_to(small.member).count(SLOWED) == 1
    await small.counter.advance(minutes=2)
    words = "\n".join(text.removeprefix("李建国：") for text in passed_on(small))
    assert words.split("\n") == [f"{number}-{part}" for number in range(8) for part in range(3)]
    assert len(passed_on(small)) < 12


async def test_the_clock_runs_from_the_first_word_of_a_flood(small: Office) -> None:
    await talking(small)
    await flood(small, *"一二三四五")
    row = await small.counter.ticket()
    assert (row["state"], row["deadline"] is not None) == ("open", True)


async def test_a_reply_and_an_edit_find_what_was_brought_together(small: Office) -> None:
    await talking(small)
    await flood(small, *"一二三四五")
    mine = next(message for message in small.member.chat() if message.text == "五")
    await small.counter.advance(minutes=1)
    bundle = small.secretary.last()
    assert bundle.text == "李建国：四\n五"
    await small.member.edits(mine, "五：改了")
    await small.counter.settle()
    assert small.secretary.sees(bundle).text == "李建国：四\n五：改了"
    await small.counter.advance(minutes=1)
    await small.member.says("再说第五点", reply_to=mine)
    await small.counter.settle()
    assert small.secretary.last().reply_to == bundle.message_id


async def test_whoever_opens_the_question_meanwhile_reads_all_of_it(small: Office) -> None:
    await talking(small)
    await flood(small, *"一二三四五")
    await small.deputy.says("/tickets")
    await small.counter.settle()
    await small.deputy.taps(small.deputy.last(), place=(0, 0))
    await small.counter.settle()
    assert found(small.deputy, "四").text == "李建国：四\n五"
    # what follows is not added to what the deputy has read already
    await flood(small, "六")
    await small.counter.advance(minutes=1)
    assert passed_on(small)[3:] == ["李建国：四\n五", "李建国：六"]


async def test_a_restart_loses_nothing(small: Office) -> None:
    await talking(small)
    await flood(small, *"一二三四五")
    await small.counter.restart()
    await small.counter.advance(minutes=1)
    assert passed_on(small)[3:] == ["李建国：四\n五"]


async def test_very_much_said_before_it_is_sent(small: Office) -> None:
    await small.member.says("验证码收不到")
    await small.counter.settle()
    await flood(small, *"一二三四五")
    await small.member.taps(found(small.member, "正在转给"), "马上转")
    await small.counter.settle()
    assert passed_on(small) == ["李建国：一", "李建国：二", "李建国：三\n四\n五"]


async def test_an_album_is_one_thing_said(small: Office) -> None:
    await talking(small)
    for _ in range(8):
        await small.member.sends_file("photo", PICTURE, media_group="a")
    await small.counter.settle()
    assert len([message for message in small.secretary.chat() if message.kind == "photo"]) == 8
    assert SLOWED not in said_to(small.member)


def text(entry_id: int, words: str, kind: Kind = Kind.TEXT) -> Entry:
    return Entry(entry_id, 1, 2, Direction.ASKED, Content(kind, words, 100, entry_id), 0)


@given(
    said=st.lists(
        st.tuples(st.sampled_from([Kind.TEXT, Kind.TEXT, Kind.PHOTO]), st.text(max_size=3_000)), max_size=30
    ),
    limit=st.integers(1, 10),
)
def test_bundles_keep_order_fit_a_message_and_lose_nothing(said: list[tuple[Kind, str]], limit: int) -> None:
    entries = [text(number, words, kind) for number, (kind, words) in enumerate(said, start=1)]
    joined = dict(rules.bundles(entries, Flood(limit, MINUTE)))
    heads = [entry.id for entry in entries if entry.id not in joined]
    assert heads[:limit] == [entry.id for entry in entries[:limit]]
    shown: list[int] = []
    for head in heads:
        together = [entry for entry in entries if entry.id == head or joined.get(entry.id) == head]
        shown += [entry.id for entry in together]
        if len(together) > 1:
            assert {entry.content.kind for entry in together} == {Kind.TEXT}
            assert size("\n".join(entry.content.text for entry in together)) < MESSAGE_LIMIT
    assert shown == [entry.id for entry in entries]


@pytest.mark.parametrize(
    ("said", "waits", "first"), [(1, False, False), (3, False, False), (4, True, True), (5, True, False)]
)
def test_when_it_is_too_fast(said: int, waits: bool, first: bool) -> None:
    assert (rules.is_too_fast(said, FLOOD), rules.begins(said, FLOOD)) == (waits, first)


def test_a_flood_lets_something_through() -> None:
    with pytest.raises(ValueError, match="say something"):
        Flood(0, MINUTE)
