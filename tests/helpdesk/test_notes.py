"""Internal notes: for the staff, and never for the member."""

import pytest

from bot.helpdesk import delivery, store, thread
from bot.helpdesk.model import Direction
from bot.sandbox import Person, SeenMessage
from tests.helpdesk.conftest import PICTURE, Office, found, said_to, told
from tests.helpdesk.test_claiming import end_posts, opened

NOTED = "记下了，只有同志们看得到，李建国看不到。"
SECRET = "他家孩子会弄手机"


async def asked_for_a_note(office: Office, person: Person, card: SeenMessage) -> SeenMessage:
    """The person has tapped 内部备注 and is asked for it."""
    await person.taps(card, "更多…")
    await office.counter.settle()
    await person.taps(person.last(), "内部备注")
    await office.counter.settle()
    return person.last()


async def seen_by_the_member(office: Office) -> str:
    """All that the member can see of the ticket, their own view of it included."""
    await office.member.says("/tickets")
    await office.counter.settle()
    await office.member.taps(office.member.last(), data="hd.show:1")
    await office.counter.settle()
    return "\n".join(said_to(office.member))


async def test_a_note_stands_on_the_card_and_the_member_sees_none(office: Office) -> None:
    card = await office.asked()
    theirs = await opened(office, office.deputy)
    deadline = (await office.counter.ticket())["deadline"]
    ask = await asked_for_a_note(office, office.deputy, theirs)
    assert ask.text == "李建国这件，想让同志们知道什么？打字或发图给我，李建国看不到。"
    await office.deputy.says(SECRET)
    await office.counter.settle()
    assert office.deputy.last().text == NOTED
    assert found(office.secretary, SECRET).text == f"内部备注 · 张强副书记：{SECRET}"
    for person, seen in ((office.secretary, card), (office.deputy, theirs)):
        assert f"内部备注 1 条 · 张强副书记：{SECRET}" in person.sees(seen).text
    row = await office.counter.ticket()
    assert (row["state"], row["deadline"], row["claimed_at"]) == ("open", deadline, None)
    assert SECRET not in await seen_by_the_member(office)
    # What is typed next is no note.
    await office.deputy.says("怎么导出名单")
    await office.counter.settle()
    assert len(await office.counter.rows("SELECT 1 FROM ticket_message WHERE direction = 'noted'")) == 1


async def test_a_picture_may_be_a_note(office: Office) -> None:
    card = await office.asked()
    await opened(office, office.deputy)
    await asked_for_a_note(office, office.secretary, card)
    await office.secretary.sends_photo(PICTURE, "他的登记表")
    await office.counter.settle()
    assert office.secretary.last().text == NOTED
    assert "他的登记表" in office.deputy.sees(found(office.deputy, "直接回复")).text
    assert "photo" not in [message.kind for message in office.member.chat()]


async def test_a_note_as_a_reply_to_the_card_or_to_my_question_stays_a_note(office: Office) -> None:
    """Whoever was asked for a note and answers by replying must not write to the member by mistake."""
    card = await office.asked()
    for reply_to in (None, card):
        ask = await asked_for_a_note(office, office.secretary, card)
        await office.secretary.says(SECRET, reply_to=reply_to or ask)
        await office.counter.settle()
        assert office.secretary.last().text == NOTED
    assert SECRET not in await seen_by_the_member(office)
    assert (await office.counter.ticket())["state"] == "open"


async def test_a_reply_to_a_note_is_a_note(office: Office) -> None:
    card = await office.asked()
    theirs = await opened(office, office.deputy)
    await asked_for_a_note(office, office.deputy, theirs)
    await office.deputy.says(SECRET)
    await office.counter.settle()
    note = found(office.secretary, SECRET)
    await office.secretary.says("那请孩子来一趟", reply_to=note)
    await office.secretary.sends_file("photo", PICTURE, caption="路线", reply_to=note, media_group="a")
    await office.secretary.sends_file("photo", PICTURE, media_group="a")
    await office.counter.advance(seconds=5)
    assert said_to(office.secretary).count(NOTED) == 2
    everything = await seen_by_the_member(office)
    assert "请孩子来" not in everything
    assert "路线" not in everything
    assert "photo" not in [message.kind for message in office.member.chat()]
    assert "内部备注" in office.secretary.sees(card).text
    assert (await office.counter.ticket())["state"] == "open"


async def test_a_changed_note_is_changed_for_the_staff_alone(office: Office) -> None:
    card = await office.asked()
    theirs = await opened(office, office.deputy)
    await asked_for_a_note(office, office.deputy, theirs)
    mine = await office.deputy.says(SECRET)
    await office.counter.settle()
    note = found(office.secretary, f"内部备注 · 张强副书记：{SECRET}")
    await office.deputy.edits(mine, "他家女儿会弄手机")
    await office.counter.settle()
    assert office.secretary.sees(note).text == "内部备注 · 张强副书记：他家女儿会弄手机"
    for person, seen in ((office.secretary, card), (office.deputy, theirs)):
        assert "内部备注 1 条 · 张强副书记：他家女儿会弄手机" in person.sees(seen).text
    assert "手机" not in await seen_by_the_member(office)


async def test_whoever_gets_the_ticket_gets_its_notes(office: Office) -> None:
    card = await office.asked()
    await asked_for_a_note(office, office.secretary, card)
    await office.secretary.says(SECRET)
    await office.counter.settle()
    theirs = await opened(office, office.deputy)
    assert SECRET in theirs.text
    found(office.deputy, f"内部备注 · 王梅书记：{SECRET}")


async def test_closed_meanwhile_the_note_is_kept(office: Office) -> None:
    card = await office.asked()
    await asked_for_a_note(office, office.secretary, card)
    await office.secretary.taps(card, "结束")
    await office.counter.settle()
    before = said_to(office.member)
    await office.secretary.says(SECRET)
    await office.counter.settle()
    assert office.secretary.last().text == NOTED
    assert said_to(office.member) == before
    assert (await office.counter.ticket())["state"] == "closed"


async def test_a_post_lost_in_between_ends_it(office: Office) -> None:
    card = await office.asked()
    await asked_for_a_note(office, office.secretary, card)
    await end_posts(office, "王梅")
    await office.secretary.says(SECRET)
    await office.counter.settle()
    assert office.secretary.last().text.startswith("这件事现在由别的同志负责")
    assert await office.counter.rows("SELECT 1 FROM ticket_message WHERE direction = 'noted'") == []
    # and they are not caught in it
    await office.secretary.says("党费怎么算")
    await office.counter.settle()
    assert office.secretary.last().text.startswith("这个我没有现成的答案")


async def test_one_may_leave_it(office: Office) -> None:
    card = await office.asked()
    ask = await asked_for_a_note(office, office.secretary, card)
    await office.secretary.taps(ask, "先不写了")
    await office.counter.settle()
    assert office.secretary.sees(ask).text == "好，先不动。"
    await office.secretary.says("党费怎么算")
    await office.counter.settle()
    assert office.secretary.last().text.startswith("这个我没有现成的答案")


async def test_what_cannot_be_noted_is_said_and_may_be_sent_again(office: Office) -> None:
    card = await office.asked()
    await asked_for_a_note(office, office.secretary, card)
    chat = office.secretary._open_chat(None)
    contact = {"contact": {"phone_number": "13800000001", "first_name": "某人"}}
    office.secretary._post(chat, "contact", contact, None)
    await office.counter.settle()
    assert office.secretary.last().text == "这种消息我转不过去。请改发文字、图片、语音或文件。"
    await office.secretary.says(SECRET)
    await office.counter.settle()
    assert office.secretary.last().text == NOTED


async def test_a_restart_in_between(office: Office) -> None:
    card = await office.asked()
    await asked_for_a_note(office, office.secretary, card)
    await office.counter.restart()
    await office.secretary.says(SECRET)
    await office.counter.settle()
    assert office.secretary.last().text == NOTED


async def test_crafted_buttons(office: Office) -> None:
    await office.asked()
    for outsider in (office.member, office.sibling, office.general):
        await outsider.says("/tickets")
        await office.counter.settle()
        assert "别的同志" in await told(outsider, outsider.last(), data="hd.note:1")
        assert "别的同志" in await told(outsider, outsider.last(), data="hd.tools:1")
        await outsider.says(SECRET)
        await office.counter.settle()
    assert await office.counter.rows("SELECT 1 FROM ticket_message WHERE direction = 'noted'") == []


async def test_what_is_not_for_the_member_is_never_brought_there(office: Office) -> None:
    card = await office.asked()
    await asked_for_a_note(office, office.secretary, card)
    await office.secretary.says(SECRET)
    await office.counter.settle()
    async with office.counter.work() as work:
        ticket = await store.existing(work.session, 1)
        (note,) = await thread.entries(work.session, 1, Direction.NOTED)
        requester = await delivery.requester_of(work.session, ticket)
        with pytest.raises(ValueError, match="not for the member"):
            await delivery.relay_to_requester(work, office.counter.desk, ticket, note, requester)
