"""What is done with a ticket from the branch's group: the menus come to the person's own chat, the card stays true."""

import pytest

from tests.helpdesk.conftest import Office, found, said_to
from tests.helpdesk.team.conftest import Room, gathered, in_group, link, said_in

NOT_YOURS = "这件事现在由别的同志负责，您刚才的话我没有转出去。归您办的都在 /tickets 里。"


@pytest.fixture
async def room(office: Office) -> Room:
    made = await gathered(office, is_forum=True)
    await link(office, made.group)
    return made


async def test_put_aside_from_the_group(room: Room) -> None:
    secretary, counter = room.office.secretary, room.counter
    card = await room.asked()
    await secretary.taps(card, "更多…")
    await counter.settle()
    for button in ("搁置", "明天 08:30"):
        await secretary.taps(secretary.last(), button)
        await counter.settle()
    assert secretary.last().text.startswith("搁置到明天 08:30")
    assert (
        in_group(room.group, "验证码一直收不到").text.splitlines()[-1]
        == "先搁置，明天 08:30 或他一写话就回来。"
    )
    said = len(said_in(room.group))
    await counter.advance(hours=23, minutes=40)
    assert len(said_in(room.group)) > said
    assert "请在今天 12:" in in_group(room.group, "验证码一直收不到").text


async def test_closed_from_the_group(room: Room) -> None:
    secretary, counter = room.office.secretary, room.counter
    card = await room.asked()
    await secretary.taps(card, "更多…")
    await counter.settle()
    for button in ("选原因结束", "支部办不了"):
        await secretary.taps(secretary.last(), button)
        await counter.settle()
    assert in_group(room.group, "验证码一直收不到").text.splitlines()[-1] == "这件已结束。"
    assert "这件支部帮不上" in room.office.member.last().text


async def test_who_is_of_no_branch_closes_nothing(room: Room) -> None:
    card = await room.asked()
    for data in ("hd.why:1", "hd.close:1:not_ours", "hd.snz:1", "hd.mrg:1"):
        tap = await room.bystander.taps(card, data=data)
        answer = await room.bystander.answer(tap)
        assert answer is not None
        assert answer.text == NOT_YOURS, data
    assert (await room.counter.ticket())["state"] == "open"


async def test_merged_in_the_group(room: Room) -> None:
    secretary, counter = room.office.secretary, room.counter
    await room.asked("验证码收不到")
    second = await room.asked("还是登录不上")
    await secretary.taps(second, "更多…")
    await counter.settle()
    for button in ("合并", "合并"):
        await secretary.taps(secretary.last(), button)
        await counter.settle()
    assert secretary.last().text.startswith("已合并")
    assert "李建国：还是登录不上" in said_in(room.group)
    assert in_group(room.group, "已并到他的另一件里。").buttons == []
    await room.office.member.says("两件都没好", reply_to=found(room.office.member, "合在一起办"))
    await counter.settle()
    assert "李建国：两件都没好" in said_in(room.group)
    assert "李建国：两件都没好" not in said_to(secretary)
