"""Who answers is seen by the others, and nobody answers at the same time unknowingly."""

import asyncio
import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.helpdesk import rules
from bot.helpdesk.merging import service as merging
from bot.helpdesk.model import Holder, Rung
from bot.kit.clock import DAY, MINUTE
from bot.roster import store as roster
from bot.roster.model import Role
from bot.sandbox import Person, SeenMessage
from tests.helpdesk.conftest import PICTURE, Office, found, said_to, told
from tests.helpdesk.test_rules import TICKET

OUTDATED = "这个按钮已经过时了。请用最新的那条消息，或者发 /start。"
ANSWERING = "王梅书记正在答李建国，这句话我先没发。还要发吗？"


async def opened(office: Office, person: Person) -> SeenMessage:
    """The card of the only ticket, as this person of the staff opens it."""
    await person.says("/tickets")
    await office.counter.settle()
    await person.taps(person.last(), data="hd.show:1")
    await office.counter.settle()
    return found(person, "直接回复")


async def end_posts(office: Office, name: str) -> None:
    async with office.counter.work() as work:
        await work.session.run(
            "UPDATE post SET until = :now WHERE member_id = :member",
            now=work.now,
            member=office.counter.members[name],
        )


async def claimed(office: Office) -> tuple[SeenMessage, SeenMessage]:
    """王梅 and 张强 have the card before them, and 王梅 has tapped 我来答."""
    mine = await office.asked()
    theirs = await opened(office, office.deputy)
    await office.secretary.taps(mine, "我来答")
    await office.counter.settle()
    return mine, theirs


async def held(office: Office) -> SeenMessage:
    """张强 has written over 王梅, and is asked."""
    _, theirs = await claimed(office)
    await office.deputy.says("您先重启", reply_to=theirs)
    await office.counter.settle()
    return office.deputy.last()


async def test_who_says_that_they_answer_is_seen_by_the_others_at_once(office: Office) -> None:
    mine = await office.asked()
    theirs = await opened(office, office.deputy)
    assert "这件由王梅书记负责。" in theirs.text
    assert mine.buttons[-2:] == theirs.buttons[-2:] == ["我来答", "更多…"]
    deadline = (await office.counter.ticket())["deadline"]
    assert (
        await told(office.secretary, mine, "我来答") == "好，李建国这件由您来答，其他同志在卡片上都看得到。"
    )
    await office.counter.settle()
    assert "王梅书记正在答这件。" in office.deputy.sees(theirs).text
    for person, card in ((office.secretary, mine), (office.deputy, theirs)):
        assert "我来答" not in person.sees(card).buttons
    row = await office.counter.ticket()
    assert (row["claimed_at"], row["deadline"]) == (office.counter.clock.now(), deadline)
    (act,) = await office.counter.rows("SELECT act, by_member FROM audit WHERE act = 'ticket.claimed'")
    assert act["by_member"] == office.counter.members["王梅"]


async def test_a_colleague_takes_a_free_one_with_a_tap(office: Office) -> None:
    await office.asked()
    theirs = await opened(office, office.deputy)
    await office.deputy.taps(theirs, "我来答")
    await office.counter.settle()
    row = await office.counter.ticket()
    assert row["owner_id"] == office.counter.members["张强"]
    assert row["claimed_at"] is not None
    assert "张强副书记" in office.secretary.last().text
    assert "张强" in office.member.last().text
    (moved,) = await office.counter.rows("SELECT * FROM audit WHERE act = 'ticket.moved'")
    assert moved["by_member"] == office.counter.members["张强"]
    holdings = await office.counter.rows("SELECT member_id, why, until FROM ticket_holding ORDER BY id")
    assert [(each["member_id"], each["why"], each["until"] is None) for each in holdings] == [
        (office.counter.members["王梅"], "asked", False),
        (office.counter.members["张强"], "claimed", True),
    ]


async def test_two_at_the_same_moment(office: Office) -> None:
    """Both tap before either card has changed: the first has it, the second is asked."""
    mine = await office.asked()
    theirs = await opened(office, office.deputy)
    await asyncio.gather(office.deputy.taps(theirs, "我来答"), office.secretary.taps(mine, "我来答"))
    await office.counter.settle()
    row = await office.counter.ticket()
    first, second = (
        (office.deputy, office.secretary)
        if row["owner_id"] == office.counter.members["张强"]
        else (office.secretary, office.deputy)
    )
    assert second.last().text.endswith("已经在答李建国了。要改由您来答吗？")
    assert not any("要改由您来答吗" in text for text in said_to(first))
    await second.taps(second.last(), "不用了")
    await office.counter.settle()
    assert (await office.counter.ticket())["owner_id"] == row["owner_id"]


async def test_two_answers_at_the_same_moment(office: Office) -> None:
    mine = await office.asked()
    theirs = await opened(office, office.deputy)
    await asyncio.gather(
        office.deputy.says("您先重启", reply_to=theirs), office.secretary.says("先清短信箱", reply_to=mine)
    )
    await office.counter.settle()
    answers = [text for text in said_to(office.member) if "您先重启" in text or "先清短信箱" in text]
    assert len(answers) == 1
    rows = await office.counter.rows("SELECT direction FROM ticket_message WHERE direction <> 'asked'")
    assert sorted(row["direction"] for row in rows) == ["answered", "held"]


async def test_it_can_be_taken_over_from_one_who_answers(office: Office) -> None:
    _, theirs = await claimed(office)
    await office.deputy.taps(theirs, "更多…")
    await office.counter.settle()
    await office.deputy.taps(office.deputy.last(), "我来接手")
    await office.counter.settle()
    asked = office.deputy.last()
    assert asked.text == "王梅书记已经在答李建国了。要改由您来答吗？"
    await office.deputy.taps(asked, "我来接手")
    await office.counter.settle()
    assert (await office.counter.ticket())["owner_id"] == office.counter.members["张强"]
    assert office.deputy.sees(asked).text == "李建国这件现在归您了，直接回复卡片就行。"
    await office.deputy.says("您先重启", reply_to=theirs)
    await office.counter.settle()
    assert office.member.last().text == "张强副书记：您先重启"


async def test_writing_over_somebody_is_asked_first(office: Office) -> None:
    asked = await held(office)
    assert (asked.text, asked.buttons) == (ANSWERING, ["仍然发出", "不发了"])
    assert "您先重启" not in "".join([*said_to(office.member), *said_to(office.secretary)])
    assert (await office.counter.ticket())["state"] == "open"
    # Neither the member's own list nor a colleague's card betrays it.
    for person in (office.member, office.secretary):
        await person.says("/tickets")
        await office.counter.settle()
        await person.taps(person.last(), data="hd.show:1")
        await office.counter.settle()
        assert "您先重启" not in "".join(said_to(person))


async def test_sent_anyway_it_stays_whose_it_was(office: Office) -> None:
    asked = await held(office)
    await office.deputy.taps(asked, "仍然发出")
    await office.counter.settle()
    assert office.member.last().text == "张强副书记：您先重启"
    assert "已发给李建国" in office.deputy.sees(asked).text
    assert found(office.secretary, "您先重启").text == "张强副书记：您先重启"
    row = await office.counter.ticket()
    assert (row["state"], row["owner_id"]) == ("answered", office.counter.members["王梅"])
    await office.member.says("重启了", reply_to=office.member.last())
    await office.counter.settle()
    found(office.secretary, "李建国：重启了")
    assert "李建国：重启了" not in said_to(office.deputy)
    assert await told(office.deputy, asked, data="hd.sendit:1") == OUTDATED
    await office.counter.settle()
    assert said_to(office.member).count("张强副书记：您先重启") == 1


async def test_not_sent_after_all(office: Office) -> None:
    asked = await held(office)
    before = said_to(office.member)
    await office.deputy.taps(asked, "不发了")
    await office.counter.settle()
    assert office.deputy.sees(asked).text == "好，没有发。"
    for data in ("hd.sendit:1", "hd.withhold:1", "hd.reopen:1"):
        assert await told(office.deputy, asked, data=data) == OUTDATED
    await office.counter.settle()
    assert said_to(office.member) == before
    assert await office.counter.rows("SELECT 1 FROM ticket_message WHERE direction <> 'asked'") == []


async def test_changed_while_it_waits(office: Office) -> None:
    """What was kept back is sent as its author has left it, and seen by nobody before."""
    _, theirs = await claimed(office)
    mine = await office.deputy.says("您先重启", reply_to=theirs)
    await office.counter.settle()
    await office.deputy.edits(mine, "您先充电")
    await office.counter.settle()
    for person in (office.member, office.secretary):
        assert "充电" not in "".join(said_to(person))
    await office.deputy.taps(found(office.deputy, ANSWERING), "仍然发出")
    await office.counter.settle()
    assert office.member.last().text == "张强副书记：您先充电"
    assert "您先重启" not in "".join(said_to(office.member))


async def test_only_its_author_decides(office: Office) -> None:
    asked = await held(office)
    for person in (office.secretary, office.general, office.sibling, office.member):
        await person.says("/tickets")
        await office.counter.settle()
        for data in ("hd.sendit:1", "hd.withhold:1"):
            assert await told(person, person.last(), data=data) != ""
    await office.counter.settle()
    assert "您先重启" not in "".join(said_to(office.member))
    await office.deputy.taps(asked, "仍然发出")
    await office.counter.settle()
    assert office.member.last().text == "张强副书记：您先重启"


async def test_an_album_written_over_somebody_is_asked_about_once(office: Office) -> None:
    _, theirs = await claimed(office)
    await office.deputy.sends_file("photo", PICTURE, caption="按这个点", reply_to=theirs, media_group="a")
    await office.deputy.sends_file("photo", PICTURE, media_group="a")
    await office.counter.advance(seconds=5)
    assert said_to(office.deputy).count(ANSWERING) == 1
    before = len(office.member.chat())
    await office.deputy.taps(found(office.deputy, ANSWERING), "仍然发出")
    await office.counter.settle()
    brought = office.member.chat()[before:]
    assert [message.kind for message in brought if message.kind != "text"] == ["photo", "photo"]
    assert any("按这个点" in message.text for message in brought)


async def test_the_owners_own_words_are_never_asked_about(office: Office) -> None:
    mine, _ = await claimed(office)
    await office.secretary.says("先清短信箱", reply_to=mine)
    await office.secretary.says("再重启", reply_to=mine)
    await office.counter.settle()
    assert said_to(office.member)[-2:] == ["王梅书记：先清短信箱", "王梅书记：再重启"]


async def test_who_has_answered_has_claimed_it(office: Office) -> None:
    mine = await office.asked()
    theirs = await opened(office, office.deputy)
    await office.secretary.says("先清短信箱", reply_to=mine)
    await office.counter.settle()
    assert "王梅书记正在答这件。" in office.deputy.sees(theirs).text
    await office.deputy.says("您先重启", reply_to=theirs)
    await office.counter.settle()
    assert office.deputy.last().text == ANSWERING


async def test_closed_meanwhile(office: Office) -> None:
    asked = await held(office)
    await office.secretary.taps(found(office.secretary, "直接回复"), "结束")
    await office.counter.settle()
    await office.deputy.taps(asked, "仍然发出")
    await office.counter.settle()
    again = office.deputy.sees(asked)
    assert again.text == "李建国的这个问题已经结束，这句话我还没发给他。要重新打开并发给他吗？"
    assert again.buttons == ["重新打开并发给他", "不发了"]
    assert "您先重启" not in "".join(said_to(office.member))
    await office.deputy.taps(again, "重新打开并发给他")
    await office.counter.settle()
    assert office.member.last().text == "张强副书记：您先重启"
    assert (await office.counter.ticket())["owner_id"] == office.counter.members["张强"]
    await office.deputy.taps(found(office.deputy, "直接回复"), "结束")
    await office.counter.settle()
    for data in ("hd.claim:1", "hd.takeover:1"):
        assert await told(office.deputy, again, data=data) == "这个问题已经结束了。"


async def test_a_post_lost_in_between(office: Office) -> None:
    asked = await held(office)
    await end_posts(office, "张强")
    for data in ("hd.sendit:1", "hd.reopen:1", "hd.claim:1", "hd.takeover:1"):
        assert "别的同志" in await told(office.deputy, asked, data=data)
    # Their own words they may still throw away.
    await office.deputy.taps(asked, "不发了")
    await office.counter.settle()
    assert "您先重启" not in "".join(said_to(office.member))
    assert await office.counter.rows("SELECT 1 FROM ticket_message WHERE direction = 'held'") == []


async def test_who_is_away_is_to_come_back_first(office: Office) -> None:
    """Otherwise it would be taken from them again at once."""
    await office.asked()
    theirs = await opened(office, office.deputy)
    async with office.counter.work() as work:
        await work.session.run(
            "INSERT INTO absence (member_id, last_day, from_at, until_at, begun_at)"
            " VALUES (:member, '2026-11-30', :now, :later, :now)",
            member=office.counter.members["张强"],
            now=work.now,
            later=work.now + 5 * DAY,
        )
    assert await told(office.deputy, theirs, "我来答") == (
        "您记了不在，求助都转给别的同志了。先在 /away 里点“我回来了”，再来接。"
    )
    assert (await office.counter.ticket())["owner_id"] == office.counter.members["王梅"]


async def test_merged_meanwhile_it_goes_on_in_the_other(office: Office) -> None:
    """What was kept back, and the old card, belong to the ticket in which it goes on."""
    asked = await held(office)
    await office.counter.advance(minutes=31)
    await office.member.says("党费怎么交")
    await office.counter.settle()
    await office.member.taps(found(office.member, "正在转给"), "马上转")
    await office.counter.settle()
    kept, joined = (row["id"] for row in await office.counter.rows("SELECT id FROM ticket ORDER BY id DESC"))
    async with office.counter.work() as work:
        secretary = await roster.actor(work.session, office.secretary.id, "zh_CN")
        assert secretary is not None
        await merging.merge(work, office.counter.desk, secretary, joined, kept)
    await office.counter.settle()
    await office.deputy.taps(asked, "仍然发出")
    await office.counter.settle()
    assert office.member.last().text == "张强副书记：您先重启"
    (answered,) = await office.counter.rows(
        "SELECT ticket_id FROM ticket_message WHERE direction = 'answered'"
    )
    assert answered["ticket_id"] == kept


@pytest.mark.parametrize("data", ["hd.claim:1", "hd.takeover:1", "hd.sendit:1"])
async def test_crafted_buttons_of_others(office: Office, data: str) -> None:
    await office.asked()
    stranger = office.counter.sandbox.add_person(first_name="路人")
    await stranger.start()
    await office.counter.settle()
    for outsider in (office.sibling, office.general, office.member, stranger):
        await outsider.says("/tickets")
        await office.counter.settle()
        assert "别的同志" in await told(outsider, outsider.last(), data=data)
    assert (await office.counter.ticket())["owner_id"] == office.counter.members["王梅"]
    assert await told(office.secretary, office.secretary.last(), data=data.replace(":1", ":99")) == OUTDATED


def holder(member_id: int, role: Role | None, rung: Rung | None) -> Holder:
    return Holder(member_id, "", role, "", member_id, None, rung)


@given(
    owner=st.sampled_from([None, 1, 2]),
    claimed_at=st.sampled_from([None, 5 * MINUTE]),
    me=st.sampled_from([1, 2]),
    rung=st.sampled_from([None, *Rung]),
)
def test_who_writes_over_whom(owner: int | None, claimed_at: int | None, me: int, rung: Rung | None) -> None:
    """Asked first: the branch's own staff, about what somebody else has claimed. Never the owner, nor one who helps."""
    asked = dataclasses.replace(TICKET, owner_id=owner, claimed_at=claimed_at)
    mine = holder(me, None, rung)
    of_the_branch = rung in (Rung.SECRETARY, Rung.DEPUTY, Rung.HELPER)
    others = owner is not None and owner != me
    assert rules.is_in_other_hands(asked, mine) is (others and claimed_at is not None and of_the_branch)
    assert rules.is_helping(asked, mine) is (owner != me and not of_the_branch)
