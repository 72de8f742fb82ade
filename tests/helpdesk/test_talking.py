"""What is said passes both ways, to those it is meant for."""

import pytest

from bot.roster.model import Role
from tests.helpdesk.conftest import PICTURE, Office, found, said_to, told


async def end_post(office: Office, name: str) -> None:
    async with office.counter.work() as work:
        await work.session.run(
            "UPDATE post SET until = :now WHERE member_id = :member",
            now=work.now,
            member=office.counter.members[name],
        )


async def test_the_secretary_answers_by_replying(office: Office) -> None:
    card = await office.asked()
    mine = await office.secretary.says("先把短信箱清一清", reply_to=card)
    await office.counter.settle()
    answer = office.member.last()
    assert answer.text == "王梅书记：先把短信箱清一清"
    assert answer.buttons == ["已解决", "还有问题"]
    question = next(message for message in office.member.chat() if message.text == "验证码一直收不到")
    assert answer.reply_to == question.message_id
    assert office.secretary.last().text == "已发给李建国。办完了就点“结束”。"
    assert office.secretary.last().reply_to == mine.message_id
    row = await office.counter.ticket()
    assert (row["state"], row["deadline"], row["next_at"]) == ("answered", None, None)
    assert row["first_answered_at"] is not None


async def test_every_kind_passes_to_the_member(office: Office) -> None:
    card = await office.asked()
    before = len(office.member.chat())
    for kind in ("photo", "voice", "video", "document", "sticker"):
        await office.secretary.sends_file(
            kind, PICTURE, caption="看图" if kind == "photo" else "", reply_to=card
        )
    await office.counter.settle()
    seen = [(message.kind, message.text, bool(message.buttons)) for message in office.member.chat()[before:]]
    assert seen == [
        ("photo", "王梅书记：看图", False),
        ("voice", "王梅书记发来一段语音", False),
        ("video", "王梅书记发来一段视频", False),
        ("document", "王梅书记发来一个文件", False),
        ("text", "王梅书记发来一个表情", True),
        ("sticker", "", False),
    ]


async def test_every_kind_passes_to_the_staff(office: Office) -> None:
    answer = await office.answered()
    before = len(office.secretary.chat())
    for kind in ("photo", "voice", "video", "document", "sticker"):
        await office.member.sends_file(kind, PICTURE, reply_to=answer)
    await office.member.sends_location(38.9, 121.6)
    await office.counter.settle()
    seen = [(message.kind, message.text) for message in office.secretary.chat()[before:]]
    assert seen == [
        ("photo", "李建国发来一张截图"),
        ("voice", "李建国发来一段语音"),
        ("video", "李建国发来一段视频"),
        ("document", "李建国发来一个文件"),
        ("text", "李建国发来一个表情"),
        ("sticker", ""),
        ("text", "李建国发来一个位置"),
        ("location", ""),
    ]


async def test_a_text_too_long_for_a_name_before_it_comes_whole(office: Office) -> None:
    card = await office.asked()
    await office.secretary.says("好" * 4_096, reply_to=card)
    await office.counter.settle()
    name, words = office.member.chat()[-2:]
    assert (name.text, words.text) == ("王梅书记：", "好" * 4_096)
    assert words.reply_to == name.message_id
    # and replies to either find the ticket
    for message in (name, words):
        await office.member.says("收到", reply_to=message)
    await office.counter.settle()
    assert said_to(office.secretary).count("李建国：收到") == 2


async def test_what_looks_like_markup_stays_what_it_is(office: Office) -> None:
    await office.answered("点 <b>设置</b> & 重启")
    assert office.member.last().text == "王梅书记：点 <b>设置</b> & 重启"


async def test_the_conversation_goes_on_threaded(office: Office) -> None:
    answer = await office.answered()
    await office.member.says("清了，还是不行", reply_to=answer)
    await office.counter.settle()
    follow_up = office.secretary.last()
    assert follow_up.text == "李建国：清了，还是不行"
    mine = next(message for message in office.secretary.chat() if message.text == "先把短信箱清一清")
    assert follow_up.reply_to == mine.message_id
    assert office.member.last().text.splitlines()[0] == "已转给王梅。"
    row = await office.counter.ticket()
    assert row["state"] == "open"
    assert row["deadline"] is not None

    await office.secretary.says("那我去找您", reply_to=follow_up)
    await office.counter.settle()
    said = next(message for message in office.member.chat() if message.text == "清了，还是不行")
    assert found(office.member, "那我去找您").reply_to == said.message_id
    assert (await office.counter.ticket())["state"] == "answered"


async def test_what_is_typed_soon_after_an_answer_belongs_to_it(office: Office) -> None:
    await office.answered()
    await office.member.says("清了")
    await office.member.says("还是不行")
    await office.counter.settle()
    assert said_to(office.secretary)[-2:] == ["李建国：清了", "李建国：还是不行"]
    await office.counter.advance(minutes=31)
    await office.member.says("党费交多少")
    await office.counter.settle()
    assert office.member.last().text.startswith("这个我没有现成的答案")


async def test_a_question_of_the_secretary_is_never_sent_to_a_member(office: Office) -> None:
    await office.asked()
    before = said_to(office.member)
    await office.secretary.says("怎么导出名单")
    await office.counter.settle()
    assert said_to(office.member) == before
    assert office.secretary.last().text.startswith("这个我没有现成的答案")


async def test_a_reply_to_a_message_that_is_no_ticket(office: Office) -> None:
    await office.secretary.says("/nothing")
    await office.secretary.says("怎么导出名单")
    await office.counter.settle()
    await office.secretary.taps(office.secretary.last(), "不用了")
    await office.counter.settle()
    await office.secretary.says("您先点登录", reply_to=office.secretary.last())
    await office.counter.settle()
    assert office.secretary.last().text == (
        "您回复的那条不是求助，所以这句话我没有转给任何人。要回党员，请回复带他名字的那条，在 /tickets 里能找到。"
        "要问我，直接打字，不用回复。"
    )


async def test_a_contact_cannot_be_passed_on(office: Office) -> None:
    card = await office.asked()
    chat = office.secretary._open_chat(None)
    contact = {"contact": {"phone_number": "13800000001", "first_name": "某人"}}
    office.secretary._post(chat, "contact", contact, card)
    await office.counter.settle()
    assert office.secretary.last().text == "这种消息我转不过去。请改发文字、图片、语音或文件。"
    assert await office.counter.rows("SELECT * FROM ticket_message WHERE direction = 'answered'") == []


async def test_a_members_reply_to_anything_else_is_a_question(office: Office) -> None:
    await office.member.says("算了")
    await office.counter.settle()
    await office.member.taps(office.member.last(), "不用了")
    await office.counter.settle()
    await office.member.says("党费怎么算", reply_to=office.member.last())
    await office.counter.settle()
    assert office.member.last().text.startswith("这个我没有现成的答案")


async def test_an_edited_answer_is_edited_at_the_other_end(office: Office) -> None:
    card = await office.asked()
    mine = await office.secretary.says("明天来", reply_to=card)
    await office.counter.settle()
    answer = office.member.last()
    await office.secretary.edits(mine, "后天来")
    await office.counter.settle()
    assert office.member.sees(answer).text == "王梅书记：后天来"
    assert office.member.sees(answer).buttons == ["已解决", "还有问题"]


async def test_an_edited_question_changes_the_card(office: Office) -> None:
    card = await office.asked("收不到")
    question = next(message for message in office.member.chat() if message.text == "收不到")
    await office.member.edits(question, "收不到短信")
    await office.counter.settle()
    assert "收不到短信" in office.secretary.sees(card).text
    assert office.secretary.sees(card).buttons == ["结束", "我已电话处理", "我来答", "更多…"]


async def test_who_is_no_longer_staff_cannot_answer(office: Office) -> None:
    card = await office.asked()
    await end_post(office, "王梅")
    mine = await office.secretary.says("先清短信箱", reply_to=card)
    await office.counter.settle()
    assert office.secretary.last().text.startswith("这件事现在由别的同志负责，您刚才的话我没有转出去。")
    await office.secretary.edits(mine, "偷偷改一下")
    for button in ("结束", "我已电话处理"):
        answer = await told(office.secretary, card, button)
        assert "别的同志" in answer
    assert "先清短信箱" not in "".join(said_to(office.member))
    assert (await office.counter.ticket())["state"] == "open"


async def test_nobody_else_can_answer_or_look(office: Office) -> None:
    await office.asked()
    await office.sibling.says("/tickets")
    await office.general.says("/tickets")
    await office.counter.settle()
    for outsider in (office.sibling, office.general):
        inbox = outsider.last()
        assert inbox.text == "眼下没有等您回复的问题。"
        answer = await told(outsider, inbox, data="hd.show:1")
        assert "别的同志" in answer
        assert "李建国" not in "".join(said_to(outsider))


async def test_the_deputys_answer_counts_and_the_others_are_told(office: Office) -> None:
    card = await office.asked()
    await office.deputy.says("/tickets")
    await office.counter.settle()
    await office.deputy.taps(office.deputy.last(), place=(0, 0))
    await office.counter.settle()
    theirs = found(office.deputy, "直接回复")
    await office.deputy.says("我来，先重启", reply_to=theirs)
    await office.counter.settle()
    assert office.member.last().text == "张强副书记：我来，先重启"
    assert office.secretary.last().text == "张强副书记已回复李建国。"
    assert office.secretary.last().reply_to == card.message_id
    # from now on he has it
    await office.member.says("重启了", reply_to=office.member.last())
    await office.counter.settle()
    assert office.deputy.last().text == "李建国：重启了"
    assert "李建国：重启了" not in said_to(office.secretary)


async def test_an_album_of_the_staff_is_introduced_once(office: Office) -> None:
    card = await office.asked()
    await office.secretary.sends_file("photo", PICTURE, caption="按这个点", reply_to=card, media_group="a")
    await office.secretary.sends_file("photo", PICTURE, media_group="a")  # clients quote with the first only
    await office.counter.settle()
    name, first, second = office.member.chat()[-3:]
    assert (name.text, name.buttons) == ("王梅书记发来几张图片", ["已解决", "还有问题"])
    assert [(each.kind, each.text) for each in (first, second)] == [("photo", "按这个点"), ("photo", "")]
    assert first.media_group_id == second.media_group_id is not None
    assert said_to(office.secretary).count("已发给李建国。办完了就点“结束”。") == 1


async def test_a_reply_to_a_closed_ticket_waits_for_a_tap(office: Office) -> None:
    card = await office.asked()
    await office.secretary.taps(card, "我已电话处理")
    await office.counter.settle()
    assert office.secretary.last().text == "已结束，我告诉李建国了。他还有问题会再写给您。"
    before = said_to(office.member)
    await office.secretary.says("对了，记得改密码", reply_to=card)
    await office.counter.settle()
    held = office.secretary.last()
    assert held.text == "李建国的这个问题已经结束，这句话我还没发给他。要重新打开并发给他吗？"
    assert said_to(office.member) == before
    await office.secretary.taps(held, "重新打开并发给他")
    await office.counter.settle()
    assert office.member.last().text == "王梅书记：对了，记得改密码"
    row = await office.counter.ticket()
    assert (row["state"], row["closed_at"], row["close_reason"]) == ("answered", None, None)
    # The member asks on; the old button must not stop the clock again.
    await office.member.says("怎么改", reply_to=office.member.last())
    await office.counter.settle()
    assert await told(office.secretary, held, data="hd.reopen:1") == (
        "这个按钮已经过时了。请用最新的那条消息，或者发 /start。"
    )
    assert (await office.counter.ticket())["state"] == "open"
    assert said_to(office.member).count("王梅书记：对了，记得改密码") == 1


async def test_who_blocked_the_bot_is_to_be_phoned(office: Office) -> None:
    card = await office.asked()
    await office.member.blocks()
    await office.counter.advance(minutes=2)
    lost = "李建国已停用机器人，从这里看不到您的话，请电话联系。"
    assert said_to(office.secretary).count(lost) == 1
    await office.counter.advance(minutes=2)
    assert said_to(office.secretary).count(lost) == 1
    await office.secretary.says("在吗", reply_to=card)
    await office.counter.settle()
    assert office.secretary.last().text == lost


async def test_an_answer_lost_meanwhile_is_reported(office: Office) -> None:
    """The member blocks the bot for a moment, just when the answer comes."""
    card = await office.asked()
    await office.member.blocks()
    await office.secretary.says("在吗", reply_to=card)
    await office.counter.settle()
    await office.member.unblocks()
    await office.counter.settle()
    await office.counter.advance(minutes=1)
    assert office.secretary.last().text == "您的回复没送到李建国那里，请再发一次，或者打电话。"
    before = len(said_to(office.secretary))
    await office.counter.advance(minutes=1)
    assert len(said_to(office.secretary)) == before
    await office.secretary.says("再发一次", reply_to=card)
    await office.counter.settle()
    assert office.member.last().text == "王梅书记：再发一次"


async def test_a_long_text_of_emoji_comes_whole(office: Office) -> None:
    """Telegram counts them twice."""
    card = await office.asked("🌱" * 2_048)
    assert office.secretary.last().text == "🌱" * 2_048
    await office.secretary.says("🌿" * 2_048, reply_to=card)
    await office.counter.settle()
    assert office.member.last().text == "🌿" * 2_048


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.DEPUTY, Role.HELPER])
async def test_all_branch_staff_may_answer(office: Office, role: Role) -> None:
    helper = await office.counter.person("周云", (office.counter.tree.branch, role))
    await office.asked()
    await helper.says("/tickets")
    await office.counter.settle()
    await helper.taps(helper.last(), place=(0, 0))
    await office.counter.settle()
    await helper.says("我在", reply_to=found(helper, "直接回复"))
    await office.counter.settle()
    assert office.member.last().text.endswith("：我在")
