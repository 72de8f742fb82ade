"""What passes between members and a group reads there as it does in private."""

from bot.sandbox import Person, SeenMessage
from tests.helpdesk.conftest import PICTURE, found
from tests.helpdesk.team.conftest import Room, in_group


def reactions(person: Person, message: SeenMessage) -> list[list[str]]:
    return list(person._chat(message.chat_id).messages[message.message_id].reactions.values())


async def test_an_album_arrives_in_the_topic_as_one_and_from_there_too(room: Room) -> None:
    office = room.office
    card = await room.asked()
    await office.secretary.says("先截个图", reply_to=card, chat=room.group)
    await room.counter.settle()
    for text in ("这里", ""):
        await office.member.sends_file("photo", PICTURE, caption=text, media_group="a")
    await room.counter.settle()
    album = room.group.messages()[-2:]
    assert [(each.kind, each.text, each.thread_id) for each in album] == [
        ("photo", "这里", card.thread_id),
        ("photo", "", card.thread_id),
    ]
    assert album[0].media_group_id == album[1].media_group_id is not None
    for text in ("点这个", "再点这个"):
        await office.secretary.sends_file(
            "photo", PICTURE, caption=text, reply_to=album[1], chat=room.group, media_group="b"
        )
    await room.counter.settle()
    assert [message.text for message in office.member.chat()[-2:]] == ["点这个", "再点这个"]
    assert office.member.chat()[-1].media_group_id == office.member.chat()[-2].media_group_id is not None


async def test_reactions_and_edits_pass_out_of_the_topic_and_into_it(room: Room) -> None:
    office = room.office
    card = await room.asked()
    question = next(message for message in office.member.chat() if message.text == "验证码一直收不到")
    await office.deputy.reacts(card, "👀")
    await room.counter.settle()
    assert reactions(office.member, question) == [["👀"]]
    await room.bystander.reacts(card, "👎")
    await room.counter.settle()
    assert reactions(office.member, question) == [["👀"]]

    mine = await office.secretary.says("明天来", reply_to=card, chat=room.group)
    await room.counter.settle()
    answer = found(office.member, "明天来")
    await office.secretary.edits(mine, "后天来", chat=room.group)
    await office.member.reacts(answer, "🙏")
    await room.counter.settle()
    assert office.member.sees(answer).text == "王梅书记：后天来"
    assert ["🙏"] in reactions(office.secretary, mine)

    said = await office.member.says("好，几点", reply_to=answer)
    await room.counter.settle()
    await office.member.edits(said, "好，上午几点")
    await room.counter.settle()
    assert in_group(room.group, "上午几点").text == "李建国：好，上午几点"
