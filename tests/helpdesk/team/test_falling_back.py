"""What becomes of questions when the group, or a topic of it, cannot be used any more."""

import pytest

from bot.helpdesk.team.rules import Fault, fault_of
from bot.sandbox import Fault as SandboxFault
from bot.sandbox import SeenMessage
from tests.helpdesk.conftest import found, said_to
from tests.helpdesk.team.conftest import Room, in_group, link, said_in


def topic(room: Room) -> int:
    return room.group.topics()[-1].id


async def answers_in_private(room: Room, words: str = "清一清") -> SeenMessage:
    """王梅 answers the card in her private chat; her words as 李建国 sees them."""
    card = found(room.office.secretary, "直接回复这条消息")
    await room.office.secretary.says(words, reply_to=card)
    await room.counter.settle()
    return found(room.office.member, words)


async def ask(room: Room, text: str) -> None:
    """李建国 asks something new."""
    member = room.office.member
    await room.counter.advance(minutes=31)  # what follows an answer sooner belongs to it
    await member.says(text)
    await room.counter.settle()
    await member.taps(found(member, "正在转给"), "马上转")
    await room.counter.settle()


async def test_a_deleted_topic_brings_its_question_to_its_owner(room: Room) -> None:
    office = room.office
    await room.asked()
    await office.secretary.says("我查一下", chat=room.group, thread=topic(room))
    await room.counter.settle()
    await room.group.deletes_topic(topic(room))
    await office.member.says("还没好吗", reply_to=found(office.member, "我查一下"))
    await room.counter.settle()
    await room.passes()
    told = said_to(office.secretary)
    at = told.index("群里李建国那个问题的话题打不开了，我把问题放到这里。")
    assert "直接回复这条消息" in told[at + 1]
    assert [words for words in told[at + 2 :] if "我查一下" in words or "还没好吗" in words], (
        "all that was said"
    )
    await answers_in_private(room)
    await ask(room, "另一个问题")
    assert "另一个问题" in in_group(room.group, "直接回复这条消息").text, "new ones go to the group"


async def test_a_closed_topic_too(room: Room) -> None:
    office = room.office
    await room.asked()
    await room.group.closes_topic(topic(room))
    await room.counter.settle()
    told = said_to(office.secretary)
    assert told[-2] == "群里李建国那个问题的话题被关上了，我把问题放到这里。"
    assert "验证码一直收不到" in told[-1]
    assert "验证码一直收不到" not in " ".join(said_in(room.group)), "it is taken away where it was"
    await answers_in_private(room)


async def test_closing_the_topic_of_a_settled_question_means_nothing(room: Room) -> None:
    card = await room.asked()
    await room.office.secretary.taps(card, "结束")
    await room.counter.settle()
    before = said_to(room.office.secretary)
    await room.group.closes_topic(topic(room))
    await room.counter.settle()
    await room.passes()
    assert said_to(room.office.secretary) == before
    assert await room.counter.rows("SELECT update_id FROM inbox WHERE state <> 'applied'") == []


async def test_a_bot_put_out_of_the_group_brings_everything_back(room: Room) -> None:
    office = room.office
    await room.asked("第一个问题")
    await ask(room, "第二个问题")
    await room.group.bot_becomes("kicked")
    await room.counter.settle()
    for person in (office.secretary, office.deputy):
        assert [words for words in said_to(person) if "我已经不在“三队支委”群里了" in words]
    told = " ".join(said_to(office.secretary))
    assert "第一个问题" in told
    assert "第二个问题" in told
    await answers_in_private(room)
    await ask(room, "第三个问题")
    assert "第三个问题" in found(office.secretary, "直接回复这条消息").text
    await room.group.bot_becomes("administrator")
    await room.counter.settle()
    await link(office, room.group)
    await ask(room, "第四个问题")
    assert "第四个问题" in in_group(room.group, "直接回复这条消息").text


async def test_so_does_one_that_was_not_told_of_it(room: Room) -> None:
    """A bot that was down for longer than Telegram keeps updates learns it from the refusal."""
    office = room.office
    await room.counter.runtime.intake.rested()
    async with room.counter.work() as work:
        await work.session.run(
            "INSERT INTO chat (chat_id, unreachable_since, reason) VALUES (:chat, :now, 'kicked')"
            " ON CONFLICT (chat_id) DO UPDATE SET unreachable_since = :now",
            chat=room.group.id,
            now=work.now,
        )
    await ask(room, "第一个问题")
    assert "第一个问题" in found(office.secretary, "直接回复这条消息").text
    await room.passes()
    assert [words for words in said_to(office.secretary) if "我已经不在“三队支委”群里了" in words]


async def test_what_telegram_refuses_while_a_question_is_on_its_way_comes_back(room: Room) -> None:
    office = room.office
    room.counter.sandbox.faults.add(
        SandboxFault.from_json({"kind": "error", "methods": ["createForumTopic"], "times": 1, "status": 403})
    )
    await ask(room, "第一个问题")
    await room.passes()
    assert "第一个问题" in found(office.secretary, "直接回复这条消息").text


async def test_lost_rights_bring_everything_back(room: Room) -> None:
    office = room.office
    await room.asked()
    await room.group.bot_becomes("administrator", manages_topics=False)
    await room.counter.settle()
    told = found(office.secretary, "不能再开话题")
    assert "我在“三队支委”群里不能再开话题、发消息了。" in told.text
    await answers_in_private(room)


async def test_demoted_to_a_member_in_a_group_with_topics_as_well(room: Room) -> None:
    await room.asked()
    await room.group.bot_becomes("member")
    await room.counter.settle()
    found(room.office.deputy, "不能再开话题")
    await answers_in_private(room)


async def test_a_group_without_topics_goes_on_with_a_mere_member(plain: Room) -> None:
    await plain.group.bot_becomes("administrator")
    await plain.counter.settle()
    card = await plain.asked()
    await plain.group.bot_becomes("member")
    await plain.counter.settle()
    await plain.office.secretary.says("清一清", reply_to=card, chat=plain.group)
    await plain.counter.settle()
    found(plain.office.member, "清一清")


async def test_a_group_that_becomes_a_supergroup_is_followed(plain: Room) -> None:
    office = plain.office
    await plain.asked("第一个问题")
    successor = await plain.group.upgrade()
    await plain.counter.settle()
    told = said_to(office.secretary)
    assert [words for words in told if "“三队支委”群升级了" in words]
    assert "第一个问题" in told[-1]
    await answers_in_private(plain)
    await ask(plain, "第二个问题")
    card = in_group(successor, "直接回复这条消息")
    assert "第二个问题" in card.text
    await office.secretary.says("我来看", reply_to=card, chat=successor)
    await plain.counter.settle()
    found(office.member, "我来看")
    (row,) = await plain.counter.rows("SELECT state, chat_id FROM team_group")
    assert row == {"state": "linked", "chat_id": successor.id}


async def test_a_move_that_telegram_did_not_tell_is_found_out(plain: Room) -> None:
    """The refusal of a message says where the group is now."""
    office = plain.office
    await plain.asked("第一个问题")
    successor = await plain.group.upgrade()
    await plain.counter.settle()
    async with plain.counter.work() as work:
        await work.session.run("UPDATE team_group SET chat_id = :old", old=plain.group.id)
    await plain.passes()
    (row,) = await plain.counter.rows("SELECT chat_id FROM team_group")
    assert row["chat_id"] == successor.id
    found(office.secretary, "群升级了")


async def test_ending_the_link_brings_everything_back_and_leaves_nothing(room: Room) -> None:
    office = room.office
    await room.asked()
    await office.secretary.says("/team")
    await room.counter.settle()
    await office.secretary.taps(office.secretary.last(), "解除")
    await room.counter.settle()
    assert "验证码一直收不到" in found(office.secretary, "直接回复这条消息").text
    assert "验证码一直收不到" not in " ".join(said_in(room.group))
    assert room.group.topics()[0].closed
    assert not [message for message in room.group.messages() if message.buttons]
    await answers_in_private(room)


async def test_an_answered_question_comes_back_with_the_members_next_words(room: Room) -> None:
    office = room.office
    await room.asked()
    await office.secretary.says("清一清", chat=room.group, thread=topic(room))
    await room.counter.settle()
    answer = found(office.member, "清一清")
    await room.group.bot_becomes("left")
    await room.counter.settle()
    assert not [words for words in said_to(office.secretary) if "直接回复这条消息" in words]
    await office.member.says("还是不行", reply_to=answer)
    await room.counter.settle()
    told = " ".join(said_to(office.secretary))
    assert "验证码一直收不到" in told
    assert "清一清" in told
    assert told.count("还是不行") == 1


async def test_it_is_told_once(room: Room) -> None:
    await room.asked()
    await room.group.deletes_topic(topic(room))
    await room.office.member.says("还没好吗")
    await room.counter.settle()
    for _ in range(4):
        await room.passes()
    told = [words for words in said_to(room.office.secretary) if "话题打不开了" in words]
    assert len(told) <= 1


async def test_a_fault_of_a_message_is_not_one_of_its_place(room: Room) -> None:
    await room.asked()
    async with room.counter.work() as work:
        await work.session.run(
            "UPDATE outgoing SET state = 'failed', error = '400 Bad Request: message is too long'"
            " WHERE chat_id = :chat AND method = 'sendMessage'",
            chat=room.group.id,
        )
    before = said_to(room.office.secretary)
    await room.passes()
    assert said_to(room.office.secretary) == before


@pytest.mark.parametrize(
    ("errors", "fault"),
    [
        ([], None),
        (["400 Bad Request: message is too long"], None),
        (["400 Bad Request: message thread not found"], Fault.TOPIC),
        (["400 Bad Request: TOPIC_CLOSED"], Fault.TOPIC),
        (["its topic was never made"], Fault.TOPIC),
        (["its topic was never made", "400 Bad Request: not enough rights to create a topic"], Fault.RIGHTS),
        (["400 Bad Request: the chat is not a forum"], Fault.RIGHTS),
        (
            [
                "400 Bad Request: message thread not found",
                "403 Forbidden: bot was kicked from the group chat",
            ],
            Fault.GROUP,
        ),
        (["403 Forbidden: bot is not a member of the supergroup chat"], Fault.GROUP),
    ],
)
def test_what_telegrams_words_mean(errors: list[str], fault: Fault | None) -> None:
    assert fault_of(errors) is fault


async def test_a_question_that_comes_under_another_branch_leaves_the_group(room: Room) -> None:
    office = room.office
    await room.asked()
    async with room.counter.work() as work:
        await work.session.run(
            "UPDATE member SET branch_id = :branch WHERE id = :id",
            branch=room.counter.tree.sibling,
            id=room.counter.members["李建国"],
        )
    await room.counter.advance(minutes=1)
    await room.passes()
    assert "验证码一直收不到" in found(office.sibling, "直接回复这条消息").text
    assert "验证码一直收不到" not in " ".join(said_in(room.group))
    assert room.group.topics()[0].closed
    before = said_to(office.member)
    await office.secretary.says("还是我来答", chat=room.group, thread=topic(room))
    await room.counter.settle()
    assert said_to(office.member) == before
