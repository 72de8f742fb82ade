"""Answering members in the branch's group."""

from tests.helpdesk.conftest import PICTURE, found, said_to, told
from tests.helpdesk.team.conftest import Room, in_group, link, notes, said_in


def topic(room: Room) -> int:
    """The newest topic."""
    return room.group.topics()[-1].id


async def test_each_question_gets_a_topic_with_its_card(room: Room) -> None:
    card = await room.asked("验证码一直收不到\n试了三次")
    (made,) = room.group.topics()
    assert made.name == "李建国 · 验证码一直收不到 试了三次"
    assert card.thread_id == made.id
    assert "王梅" in card.text, "whose it is stands on the card"
    await room.asked("党费怎么交")
    assert [each.name for each in room.group.topics()][1:] == ["李建国 · 党费怎么交"]


async def test_nothing_of_it_goes_to_the_owners_private_chat(room: Room) -> None:
    before = len(room.office.secretary.chat())
    await room.asked()
    assert len(room.office.secretary.chat()) == before
    assert "王梅" in said_to(room.office.member)[-1], "the member is told who has it all the same"


async def test_a_long_question_makes_a_short_name(room: Room) -> None:
    await room.asked("长" * 500)
    (made,) = room.group.topics()
    assert len(made.name) == 100
    assert made.name.endswith("…")


async def test_what_is_written_in_the_topic_answers(room: Room) -> None:
    office = room.office
    await room.asked()
    await office.secretary.says("先把短信箱清一清", chat=room.group, thread=topic(room))
    await room.counter.settle()
    assert "王梅" in found(office.member, "先把短信箱清一清").text
    acknowledged = in_group(room.group, "李建国")
    assert acknowledged.thread_id == topic(room)
    assert (await room.counter.ticket())["state"] == "answered"


async def test_so_does_a_reply_to_the_card_and_to_what_the_member_adds(room: Room) -> None:
    office = room.office
    card = await room.asked()
    await office.deputy.says("我看看", reply_to=card, chat=room.group)
    await room.counter.settle()
    answer = found(office.member, "我看看")
    await office.member.says("还是不行", reply_to=answer)
    await room.counter.settle()
    added = in_group(room.group, "还是不行")
    assert added.thread_id == topic(room)
    await office.deputy.says("重启一下", reply_to=added, chat=room.group)
    await room.counter.settle()
    assert "张强" in found(office.member, "重启一下").text


async def test_pictures_and_voice_pass_both_ways(room: Room) -> None:
    office = room.office
    await room.asked()
    await office.secretary.sends_file(
        "photo", PICTURE, caption="照这样点", chat=room.group, thread=topic(room)
    )
    await room.counter.settle()
    assert found(office.member, "照这样点").kind == "photo"
    await office.member.sends_file("voice", b"OggS" + bytes(40))
    await room.counter.settle()
    assert [message.thread_id for message in room.group.messages() if message.kind == "voice"] == [
        topic(room)
    ]


async def test_a_changed_answer_is_changed_for_the_member(room: Room) -> None:
    office = room.office
    await room.asked()
    said = await office.secretary.says("点右上角", chat=room.group, thread=topic(room))
    await room.counter.settle()
    await office.secretary.edits(said, "点右下角")
    await room.counter.settle()
    assert "点右下角" in found(office.member, "点右下角").text
    assert not [text for text in said_to(office.member) if "点右上角" in text]


async def test_others_in_the_group_are_told_once_that_theirs_is_not_passed_on(room: Room) -> None:
    office = room.office
    await room.asked()
    before = len(said_to(office.member))
    for text in ("我也不懂", "等等看"):
        await room.bystander.says(text, chat=room.group, thread=topic(room))
    await office.sibling.joins(room.group)
    await office.sibling.says("我们支部是这样的", chat=room.group, thread=topic(room))
    await room.counter.settle()
    refused = [text for text in said_in(room.group) if "只转支部工作人员的话" in text]
    assert len(refused) == 2, "周涛 once, 孙丽 once"
    assert len(said_to(office.member)) == before


async def test_the_member_who_asked_answers_nobody_there(room: Room) -> None:
    office = room.office
    await room.asked()
    await office.member.joins(room.group)
    before = len(said_to(office.member))
    await office.member.says("我自己来", chat=room.group, thread=topic(room))
    await room.counter.settle()
    assert "只转支部工作人员的话" in said_in(room.group)[-1]
    assert len(said_to(office.member)) == before


async def test_whoever_lost_the_post_is_a_bystander_from_then_on(room: Room) -> None:
    await room.asked()
    async with room.counter.work() as work:
        await work.session.run(
            "UPDATE post SET until = :now WHERE member_id = :id",
            now=work.now,
            id=room.counter.members["张强"],
        )
    before = len(said_to(room.office.member))
    await room.office.deputy.says("我来", chat=room.group, thread=topic(room))
    await room.counter.settle()
    assert len(said_to(room.office.member)) == before
    assert "只转支部工作人员的话" in said_in(room.group)[-1]


async def test_what_replies_to_a_colleague_stays_among_the_staff(room: Room) -> None:
    office = room.office
    await room.asked()
    before = said_to(office.member)
    said = await office.secretary.says("先把短信箱清一清", chat=room.group, thread=topic(room))
    await room.counter.settle()
    for text in ("这样行吗", "我觉得行"):
        await office.deputy.says(text, reply_to=said, chat=room.group)
    await room.counter.settle()
    assert len(said_to(office.member)) == len(before) + 1
    hints = [text for text in said_in(room.group) if "回复同事的话留在群里" in text]
    assert len(hints) == 1
    assert "李建国" in hints[0]


async def test_what_is_said_outside_topics_is_nobodys_business(room: Room) -> None:
    office = room.office
    await room.asked()
    before, heard = said_in(room.group), said_to(office.member)
    await office.secretary.says("今天几点开会", chat=room.group)
    other = await office.deputy.says("三点", chat=room.group)
    await office.secretary.says("好", reply_to=other, chat=room.group)
    await room.counter.settle()
    assert said_in(room.group) == before
    assert said_to(office.member) == heard


async def test_a_command_in_a_topic_is_no_answer(room: Room) -> None:
    await room.asked()
    heard = said_to(room.office.member)
    await room.office.secretary.says("/tickets", chat=room.group, thread=topic(room))
    await room.counter.settle()
    assert said_in(room.group)[-1] == "这个要在私聊里发给我。群里只用 /team。"
    assert said_to(room.office.member) == heard


async def test_an_answer_given_in_private_is_seen_in_the_topic(room: Room) -> None:
    office = room.office
    await room.asked()
    before = said_in(room.group)
    await room.counter.advance(hours=3.5)
    warning = found(office.secretary, "李建国在等您")
    assert said_in(room.group) == before, "warnings are personal"
    await office.secretary.says("刚开完会，马上看", reply_to=warning)
    await room.counter.settle()
    assert "刚开完会" in found(office.member, "刚开完会").text
    shown = in_group(room.group, "刚开完会")
    assert shown.thread_id == topic(room)


async def test_a_closed_question_closes_its_topic_and_opens_it_again(room: Room) -> None:
    office = room.office
    card = await room.asked()
    await office.secretary.says("清一清", chat=room.group, thread=topic(room))
    await room.counter.settle()
    answer = found(office.member, "清一清")
    await office.secretary.taps(card, "结束")
    await room.counter.settle()
    await room.passes()
    assert (await room.counter.ticket())["state"] == "closed"
    assert room.group.topics()[0].closed
    await office.member.says("又不行了", reply_to=answer)
    await room.counter.settle()
    await room.passes()
    assert not room.group.topics()[0].closed
    assert in_group(room.group, "又不行了").thread_id == topic(room)
    assert notes(room.group.messages())[-2:] == ["支部帮手 关闭了话题", "支部帮手 重新打开了话题"]


async def test_a_button_in_the_group_acts_for_who_taps_it(room: Room) -> None:
    office = room.office
    card = await room.asked()
    assert "更多" in card.buttons[-1]
    more = card.buttons[-1]
    assert "由别的同志负责" in await told(room.bystander, card, more)
    before = len(said_in(room.group))
    assert await told(office.deputy, card, more) == "我在私聊里接着跟您说。"
    await room.counter.settle()
    assert said_to(office.deputy)[-1] == "李建国的求助，还想怎么办？"
    assert "转交" in office.deputy.last().buttons
    assert len(said_in(room.group)) == before


async def test_the_ladder_keeps_it_in_the_group_while_it_is_the_branchs(room: Room) -> None:
    office = room.office
    await room.asked()
    await room.counter.advance(hours=3.5)
    await room.counter.advance(hours=2)
    assert (await room.counter.ticket())["owner_id"] == room.counter.members["张强"]
    card = in_group(room.group, "直接回复这条消息")
    assert card.thread_id == topic(room)
    assert "张强" in card.text
    assert not [message for message in office.deputy.chat() if "直接回复这条消息" in message.text]


async def test_an_owner_outside_the_branch_has_it_in_private_and_the_group_goes_on_seeing_it(
    room: Room,
) -> None:
    office = room.office
    await room.asked()
    branch = {room.counter.members["王梅"], room.counter.members["张强"]}
    while (ticket := await room.counter.ticket())["owner_id"] in branch:
        await room.counter.advance(hours=1)
    outside = {room.counter.members["孙丽"]: office.sibling, room.counter.members["赵敏"]: office.general}
    assert ticket["owner_id"] in outside
    owner = outside[ticket["owner_id"]]
    card = found(owner, "直接回复这条消息")
    await owner.says("我来帮您看", reply_to=card)
    await room.counter.settle()
    assert "我来帮您看" in found(office.member, "我来帮您看").text
    assert in_group(room.group, "我来帮您看").thread_id == topic(room)


async def test_a_question_of_the_staffs_own_stays_private(room: Room) -> None:
    """Who sits in the group is not to read what is said about them."""
    office = room.office
    await office.deputy.says("我自己的党费怎么算")
    await room.counter.settle()
    await office.deputy.taps(found(office.deputy, "正在转给"), "马上转")
    await room.counter.settle()
    assert room.group.topics() == []
    assert "我自己的党费怎么算" in found(office.secretary, "直接回复这条消息").text


async def test_what_ran_before_the_link_stays_where_it_was(unlinked: Room) -> None:
    office = unlinked.office
    card = await office.asked()
    await link(office, unlinked.group)
    assert unlinked.group.topics() == []
    await office.secretary.says("清一清", reply_to=card)
    await office.counter.settle()
    found(office.member, "清一清")


# Groups without topics


async def test_a_group_without_topics_gets_cards(plain: Room) -> None:
    card = await plain.asked()
    assert card.thread_id is None
    office = plain.office
    await office.deputy.says("我也看到了", chat=plain.group)
    await plain.counter.settle()
    assert not [text for text in said_to(office.member) if "我也看到了" in text], (
        "Telegram does not even show it"
    )
    await office.secretary.says("清一清", reply_to=card, chat=plain.group)
    await plain.counter.settle()
    answer = found(office.member, "清一清")
    await office.member.says("好了，谢谢您", reply_to=answer)
    await plain.counter.settle()
    added = in_group(plain.group, "好了")
    assert added.reply_to is not None
    await plain.bystander.says("恭喜", reply_to=added, chat=plain.group)
    await plain.counter.settle()
    assert "只转支部工作人员的话" in said_in(plain.group)[-1]


async def test_an_album_in_a_group_is_one_answer(plain: Room) -> None:
    card = await plain.asked()
    office = plain.office
    for number in range(3):
        await office.secretary.sends_file(
            "photo",
            PICTURE,
            caption="分三步" if not number else "",
            chat=plain.group,
            reply_to=card,
            media_group="a",
        )
    await plain.counter.settle()
    await plain.passes(3)
    assert len([message for message in office.member.chat() if message.kind == "photo"]) == 3


async def test_a_restart_loses_nothing_of_it(room: Room) -> None:
    await room.asked()
    await room.counter.restart()
    await room.office.secretary.says("清一清", chat=room.group, thread=topic(room))
    await room.counter.settle()
    found(room.office.member, "清一清")


async def test_two_who_answer_at_once_are_asked_in_the_topic(room: Room) -> None:
    office = room.office
    card = await room.asked()
    await office.deputy.taps(card, "我来答")
    await room.counter.settle()
    assert "张强" in room.office.secretary.sees(card, room.group).text
    before = said_to(office.member)
    await office.secretary.says("我也说一句", chat=room.group, thread=topic(room))
    await room.counter.settle()
    assert said_to(office.member) == before
    asked = next(message for message in reversed(room.group.messages()) if "仍然发出" in message.buttons)
    assert asked.thread_id == topic(room)
    assert "过时" in await told(office.deputy, asked, "仍然发出"), "it is not 张强's to send"
    await office.secretary.taps(asked, "仍然发出")
    await room.counter.settle()
    assert "王梅" in found(office.member, "我也说一句").text
    assert not room.office.secretary.sees(asked, room.group).buttons or "仍然发出" not in (
        room.office.secretary.sees(asked, room.group).buttons
    )


async def test_a_reaction_in_the_group_reaches_the_member(room: Room) -> None:
    office = room.office
    await room.asked()
    await office.secretary.says("清一清", chat=room.group, thread=topic(room))
    await room.counter.settle()
    await office.member.says("好了", reply_to=found(office.member, "清一清"))
    await room.counter.settle()
    await office.secretary.reacts(in_group(room.group, "好了"), "👍")
    await room.counter.settle()
    said = next(message for message in office.member.chat() if message.text == "好了")
    chat = room.counter.sandbox.core.world.chats[office.member.id]
    assert chat.messages[said.message_id].reactions == {room.counter.sandbox.core.world.bot.id: ["👍"]}
