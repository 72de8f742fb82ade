"""Claiming, notes and canned replies where the staff sit in a group."""

from tests.helpdesk.conftest import found, said_to, told
from tests.helpdesk.team.conftest import Room, in_group, said_in


async def test_the_card_in_the_group_says_who_answers(room: Room) -> None:
    office, card = room.office, await room.asked()
    assert "这件由王梅书记负责。" in card.text
    assert await told(office.deputy, card, "我来答") == "好，李建国这件由您来答，其他同志在卡片上都看得到。"
    await room.counter.settle()
    shown = next(each for each in room.group.messages() if each.message_id == card.message_id)
    assert "这件" in shown.text
    assert "张强副书记正在答这件。" in shown.text
    assert "我来答" not in shown.buttons


async def test_writing_over_somebody_in_the_topic_is_asked_there(room: Room) -> None:
    office, card = room.office, await room.asked()
    await office.secretary.taps(card, "我来答")
    await room.counter.settle()
    await office.deputy.says("您先重启", chat=room.group, reply_to=card)
    await room.counter.settle()
    asked = in_group(room.group, "正在答李建国，这句话我先没发。还要发吗？")
    assert asked.thread_id == card.thread_id
    assert "您先重启" not in "".join(said_to(office.member))
    assert "过时" in await told(office.secretary, asked, "仍然发出"), "only its author decides"
    await office.deputy.taps(asked, "仍然发出")
    await room.counter.settle()
    assert office.member.last().text == "张强副书记：您先重启"


async def test_a_note_asked_for_in_the_group_is_written_in_private(room: Room) -> None:
    office, card = room.office, await room.asked()
    await office.deputy.taps(card, "更多…")
    await room.counter.settle()
    await office.deputy.taps(office.deputy.last(), "内部备注")
    await room.counter.settle()
    await office.deputy.says("他家孩子会弄手机")
    await room.counter.settle()
    assert office.deputy.last().text == "记下了，只有同志们看得到，李建国看不到。"
    assert "内部备注 · 张强副书记：他家孩子会弄手机" in said_in(room.group)
    assert "孩子" not in "".join(said_to(office.member))


async def test_a_canned_reply_sent_in_private_is_seen_in_the_topic(room: Room) -> None:
    office, card = room.office, await room.asked()
    await office.secretary.says("/replies")
    await room.counter.settle()
    await office.secretary.taps(office.secretary.last(), data="hd.cradd:~")
    await room.counter.settle()
    await office.secretary.says("{姓名}同志您好")
    await room.counter.settle()
    await office.secretary.taps(card, "更多…")
    await room.counter.settle()
    menu = office.secretary.last()
    await office.secretary.taps(menu, data="hd.crsee:1:1")
    await room.counter.settle()
    await office.secretary.taps(office.secretary.sees(menu), "发给他")
    await room.counter.settle()
    assert office.member.last().text == "王梅书记：李建国同志您好"
    assert "王梅书记：李建国同志您好" in said_in(room.group)


async def test_a_helper_from_above_has_it_in_private(room: Room) -> None:
    office, card = room.office, await room.asked()
    await office.secretary.taps(card, "更多…")
    await room.counter.settle()
    menu = office.secretary.last()
    await office.secretary.taps(menu, "请求帮扶")
    await room.counter.settle()
    await office.secretary.taps(office.secretary.sees(menu), "总支书记赵敏")
    await room.counter.settle()
    await office.secretary.taps(office.secretary.last(), "请求帮扶")
    await room.counter.settle()
    theirs = found(office.general, "直接回复这条消息")
    await office.general.says("先实名", reply_to=theirs)
    await room.counter.settle()
    assert office.member.last().text == "总支书记赵敏：先实名"
    assert "总支书记赵敏：先实名" in said_in(room.group)
