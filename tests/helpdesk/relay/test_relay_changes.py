"""What happens to something after it was said shows at the other side: edits, reactions."""

import pytest

from bot.sandbox import Person, SeenMessage
from bot.sandbox.posting import tell_bot
from tests.helpdesk.conftest import PICTURE, Office, found, said_to
from tests.helpdesk.test_talking import end_post

PNG_2 = PICTURE + b"\0"


def with_kind(person: Person, kind: str) -> SeenMessage:
    return next(message for message in reversed(person.chat()) if message.from_bot and message.kind == kind)


def reactions(person: Person, message: SeenMessage) -> dict[int, list[str]]:
    return person._chat(None).messages[message.message_id].reactions


async def told_of_edit(office: Office, person: Person, message: SeenMessage, text: str) -> None:
    await person.edits(message, text)
    await office.counter.settle()


async def test_an_edited_caption_is_edited_at_the_other_end(office: Office) -> None:
    card = await office.asked()
    mine = await office.secretary.sends_file("photo", PICTURE, caption="点左边", reply_to=card)
    await office.counter.settle()
    picture = with_kind(office.member, "photo")
    await told_of_edit(office, office.secretary, mine, "点右边")
    seen = office.member.sees(picture)
    assert (seen.text, seen.buttons) == ("王梅书记：点右边", ["已解决", "还有问题"])


@pytest.mark.parametrize("kind", ["voice", "video", "document", "audio", "animation"])
async def test_a_caption_added_later(office: Office, kind: str) -> None:
    card = await office.asked()
    mine = await office.secretary.sends_file(kind, PICTURE, reply_to=card)
    await office.counter.settle()
    copy = with_kind(office.member, kind)
    await told_of_edit(office, office.secretary, mine, "补一句")
    assert office.member.sees(copy).text == "王梅书记：补一句"


async def test_an_exchanged_file_is_exchanged_at_the_other_end(office: Office) -> None:
    answer = await office.answered()
    mine = await office.member.sends_file("photo", PICTURE, caption="错了", reply_to=answer)
    await office.counter.settle()
    copy = with_kind(office.secretary, "photo")
    changed = await office.member.replaces_file(mine, "video", PNG_2, caption="这个才对")
    await office.counter.settle()
    seen = office.secretary.sees(copy)
    assert (seen.kind, seen.text, seen.file_id) == ("video", "李建国：这个才对", changed.file_id)


async def test_a_picture_of_an_album_changes_by_itself(office: Office) -> None:
    card = await office.asked()
    for text in ("一", "二"):
        await office.secretary.sends_file("photo", PICTURE, caption=text, reply_to=card, media_group="a")
    await office.counter.settle()
    mine = next(message for message in office.secretary.chat() if message.text == "二")
    await told_of_edit(office, office.secretary, mine, "二：先点这里")
    first, second = office.member.chat()[-2:]
    assert (first.text, second.text) == ("一", "二：先点这里")
    assert first.media_group_id == second.media_group_id is not None


async def test_an_edit_keeps_its_formatting(office: Office) -> None:
    card = await office.asked()
    mine = await office.secretary.says("明天来", reply_to=card)
    await office.counter.settle()
    answer = office.member.last()
    where, message = office.secretary._own(mine, None)
    message.content = {"text": "后天来", "entities": [{"type": "bold", "offset": 0, "length": 2}]}
    tell_bot(office.counter.sandbox.core, where, message, "edited_message")
    await office.counter.settle()
    assert office.member.sees(answer).html == "王梅书记：<b>后天</b>来"


async def test_an_edit_that_leaves_no_room_for_the_name_still_arrives(office: Office) -> None:
    card = await office.asked()
    mine = await office.secretary.says("短", reply_to=card)
    photo = await office.secretary.sends_file("photo", PICTURE, caption="短", reply_to=card)
    await office.counter.settle()
    picture = with_kind(office.member, "photo")
    text = next(message for message in office.member.chat() if message.text == "王梅书记：短")
    await office.secretary.edits(mine, "好" * 4_096)
    await office.secretary.edits(photo, "字" * 1_024)
    await office.counter.settle()
    assert office.member.sees(text).text == "好" * 4_096
    assert office.member.sees(picture).text == "字" * 1_024


async def test_all_who_read_along_see_the_edit(office: Office) -> None:
    answer = await office.answered()
    mine = await office.member.says("三号楼", reply_to=answer)
    await office.counter.settle()
    await office.deputy.says("/tickets")
    await office.counter.settle()
    await office.deputy.taps(office.deputy.last(), place=(0, 0))
    await office.counter.settle()
    copies = [(person, found(person, "三号楼")) for person in (office.secretary, office.deputy)]
    await told_of_edit(office, office.member, mine, "四号楼")
    for person, copy in copies:
        assert person.sees(copy).text == "李建国：四号楼"


async def test_what_is_edited_before_it_is_sent_goes_as_it_reads_now(office: Office) -> None:
    await office.member.says("收不到验证码")
    await office.counter.settle()
    more = await office.member.says("手机是华为")
    await told_of_edit(office, office.member, more, "手机是小米")
    await office.member.taps(found(office.member, "正在转给"), "马上转")
    await office.counter.settle()
    assert office.secretary.last().text == "李建国：手机是小米"


async def test_who_lost_the_post_cannot_edit_what_was_said(office: Office) -> None:
    card = await office.asked()
    mine = await office.secretary.sends_file("photo", PICTURE, caption="点左边", reply_to=card)
    await office.counter.settle()
    await end_post(office, "王梅")
    await told_of_edit(office, office.secretary, mine, "点右边")
    assert with_kind(office.member, "photo").text == "王梅书记：点左边"


async def test_a_members_reaction_stands_under_the_answer(office: Office) -> None:
    answer = await office.answered()
    mine = next(message for message in office.secretary.chat() if message.text == "先把短信箱清一清")
    await office.member.reacts(answer, "👍")
    await office.counter.settle()
    assert list(reactions(office.secretary, mine).values()) == [["👍"]]
    await office.member.reacts(answer, "🙏")
    await office.counter.settle()
    assert list(reactions(office.secretary, mine).values()) == [["🙏"]]
    await office.member.reacts(answer)
    await office.counter.settle()
    assert not reactions(office.secretary, mine)
    # that is no answer, and nobody is written to
    assert (await office.counter.ticket())["state"] == "answered"


async def test_a_secretarys_reaction_stands_under_the_question(office: Office) -> None:
    card = await office.asked()
    question = next(message for message in office.member.chat() if message.text == "验证码一直收不到")
    before = len(office.member.chat())
    await office.secretary.reacts(card, "👌")
    await office.counter.settle()
    assert list(reactions(office.member, question).values()) == [["👌"]]
    # a sign is no answer: the clock runs on, nobody is told anything
    row = await office.counter.ticket()
    assert (row["state"], row["answered_at"]) == ("open", None)
    assert len(office.member.chat()) == before


async def test_a_reaction_to_a_relayed_message_both_ways(office: Office) -> None:
    answer = await office.answered()
    mine = await office.member.sends_file("photo", PICTURE, reply_to=answer)
    await office.counter.settle()
    await office.secretary.reacts(with_kind(office.secretary, "photo"), "👀")
    await office.counter.settle()
    assert list(reactions(office.member, mine).values()) == [["👀"]]
    # the member reacts to words of their own: the staff see it under the copy
    await office.member.reacts(mine, "😢")
    await office.counter.settle()
    copy = with_kind(office.secretary, "photo")
    assert ["😢"] in reactions(office.secretary, copy).values()


async def test_reactions_of_outsiders_and_to_anything_else_go_nowhere(office: Office) -> None:
    card = await office.asked()
    question = next(message for message in office.member.chat() if message.text == "验证码一直收不到")
    await end_post(office, "王梅")
    await office.secretary.reacts(card, "👍")
    await office.member.reacts(office.member.last(), "👍")  # "your question is with …" is nobody's word
    await office.counter.settle()
    assert not reactions(office.member, question)
    calls = await office.counter.rows("SELECT state FROM outgoing WHERE method = 'setMessageReaction'")
    assert calls == []


async def test_a_reaction_to_what_was_deleted_is_let_be(office: Office) -> None:
    answer = await office.answered()
    mine = next(message for message in office.secretary.chat() if message.text == "先把短信箱清一清")
    await office.secretary.deletes(mine)
    await office.member.reacts(answer, "👍")
    await office.counter.settle()
    (row,) = await office.counter.rows("SELECT state FROM outgoing WHERE method = 'setMessageReaction'")
    assert row["state"] == "sent"


async def test_a_changed_question_is_not_told_twice(office: Office) -> None:
    """The card says it; no copy of it stands below."""
    card = await office.asked("收不到")
    question = next(message for message in office.member.chat() if message.text == "收不到")
    before = said_to(office.secretary)
    await told_of_edit(office, office.member, question, "收不到短信")
    assert "收不到短信" in office.secretary.sees(card).text
    assert len(said_to(office.secretary)) == len(before)
