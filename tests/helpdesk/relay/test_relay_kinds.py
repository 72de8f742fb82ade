"""Whatever is said passes both ways, as it was said: formatting, albums, files, threads."""

import pytest

from bot.roster.model import Role
from bot.sandbox import Person, SeenMessage
from tests.helpdesk.conftest import PICTURE, Office, found, said_to

KINDS = ("photo", "voice", "video", "document", "audio", "animation", "video_note", "sticker")
CAPTIONED = KINDS[:6]


def with_kind(person: Person, kind: str) -> SeenMessage:
    return next(message for message in reversed(person.chat()) if message.from_bot and message.kind == kind)


async def test_formatting_passes_to_the_member(office: Office) -> None:
    card = await office.asked()
    await office.secretary.says_formatted(
        "<b>先</b>点<i>设置</i>，输入 <code>*#06#</code>，<s>不要</s>看<a href='https://example.com/a?b=1&amp;c=2'>说明</a>\n"
        "<blockquote>第一步 &lt;必做&gt;</blockquote><tg-spoiler>密码</tg-spoiler><pre>一\n二</pre>",
        reply_to=card,
    )
    await office.counter.settle()
    assert office.member.last().html == (
        "王梅书记：<b>先</b>点<i>设置</i>，输入 <code>*#06#</code>，<s>不要</s>看"
        '<a href="https://example.com/a?b=1&amp;c=2">说明</a>\n'
        '<blockquote>第一步 &lt;必做&gt;</blockquote><span class="tg-spoiler">密码</span><pre>一\n二</pre>'
    )


async def test_formatting_passes_to_the_staff_and_lasts(office: Office) -> None:
    answer = await office.answered()
    await office.member.says_formatted("<b>急</b>：还是不行", reply_to=answer)
    await office.counter.settle()
    assert office.secretary.last().html == "李建国：<b>急</b>：还是不行"
    # whoever gets the question later reads it thus, too
    await office.deputy.says("/tickets")
    await office.counter.settle()
    await office.deputy.taps(office.deputy.last(), place=(0, 0))
    await office.counter.settle()
    assert found(office.deputy, "还是不行").html == "李建国：<b>急</b>：还是不行"


async def test_a_formatted_question_stands_under_the_card_as_it_was_written(office: Office) -> None:
    await office.member.says_formatted("这里报错：<code>E_1024</code>")
    await office.counter.settle()
    await office.member.taps(office.member.last(), "马上转")
    await office.counter.settle()
    card, question = office.secretary.chat()[-2:]
    assert "E_1024" in card.text
    assert question.html == "李建国：这里报错：<code>E_1024</code>"
    assert question.reply_to == card.message_id


async def test_a_mention_does_not_lead_to_anybodys_account(office: Office) -> None:
    card = await office.asked()
    await office.secretary.says_formatted(
        f"找<a href='tg://user?id={office.deputy.id}'>张强</a>，或<b>我</b>", reply_to=card
    )
    await office.counter.settle()
    assert office.member.last().html == "王梅书记：找张强，或<b>我</b>"


async def test_a_very_long_formatted_text_is_copied_with_its_formatting(office: Office) -> None:
    card = await office.asked()
    await office.secretary.says_formatted("<b>看</b>" + "好" * 4_094, reply_to=card)
    await office.counter.settle()
    name, words = office.member.chat()[-2:]
    assert name.text == "王梅书记："
    assert words.html.startswith("<b>看</b>")


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_of_file_both_ways(office: Office, kind: str) -> None:
    card = await office.asked()
    await office.secretary.sends_file(kind, PICTURE, reply_to=card)
    await office.counter.settle()
    at_member = with_kind(office.member, kind)
    await office.member.sends_file(kind, PICTURE, reply_to=at_member)
    await office.counter.settle()
    at_secretary = with_kind(office.secretary, kind)
    # both threaded, and nothing of the sender's account on them
    assert (at_member.reply_to, at_secretary.reply_to) != (None, None)
    assert (at_member.forwarded_from, at_secretary.forwarded_from) == (None, None)
    if kind in CAPTIONED:
        assert at_member.text.startswith("王梅书记发来")
        assert at_secretary.text.startswith("李建国发来")


async def test_a_place_passes_both_ways(office: Office) -> None:
    card = await office.asked()
    member, secretary = office.member, office.secretary
    secretary._post(
        secretary._open_chat(None), "location", {"location": {"latitude": 1.0, "longitude": 2.0}}, card
    )
    await office.counter.settle()
    assert [message.kind for message in member.chat()[-2:]] == ["text", "location"]
    await member.sends_location(3.0, 4.0)
    await office.counter.settle()
    assert with_kind(secretary, "location").content["location"]["latitude"] == 3.0


async def test_a_formatted_caption_keeps_its_formatting(office: Office) -> None:
    card = await office.asked()
    file = {"photo": (await office.secretary.sends_photo(PICTURE)).content["photo"]}
    bold = {"caption": "点这里", "caption_entities": [{"type": "bold", "offset": 0, "length": 1}]}
    office.secretary._post(office.secretary._open_chat(None), "photo", file | bold, card)
    await office.counter.settle()
    assert with_kind(office.member, "photo").html == "王梅书记：<b>点</b>这里"


async def test_an_album_arrives_as_an_album(office: Office) -> None:
    card = await office.asked()
    mine = [
        await office.secretary.sends_file(
            "photo", PICTURE, caption="按这个点", reply_to=card, media_group="a"
        ),
        await office.secretary.sends_file(
            "photo", PICTURE, media_group="a"
        ),  # clients quote with the first only
        await office.secretary.sends_file("video", PICTURE, caption="再看这段", media_group="a"),
    ]
    await office.counter.settle()
    head, *album = office.member.chat()[-4:]
    assert (head.text, head.buttons) == ("王梅书记发来几张图片", ["已解决", "还有问题"])
    assert head.reply_to is not None
    assert [(each.kind, each.text) for each in album] == [
        ("photo", "按这个点"),
        ("photo", ""),
        ("video", "再看这段"),
    ]
    assert len({each.media_group_id for each in album}) == 1
    assert album[0].media_group_id not in (None, "a")
    assert said_to(office.secretary).count("已发给李建国。办完了就点“结束”。") == 1
    # a reply to any of them is threaded under the very picture
    await office.member.says("第二张看不清", reply_to=album[1])
    await office.counter.settle()
    assert office.secretary.last().text == "李建国：第二张看不清"
    assert office.secretary.last().reply_to == mine[1].message_id


async def test_an_album_of_a_member_reaches_the_staff_as_one(office: Office) -> None:
    await office.answered()
    before = len(office.member.chat())
    for text in ("这一步", "", ""):
        await office.member.sends_file("photo", PICTURE, caption=text, media_group="b")
    await office.counter.settle()
    head, *album = office.secretary.chat()[-4:]
    assert head.text == "李建国发来几张图片"
    assert [each.text for each in album] == ["这一步", "", ""]
    assert len({each.media_group_id for each in album}) == 1
    assert said_to(office.member)[-1].startswith("已转给王梅。")
    assert len([each for each in office.member.chat()[before:] if each.from_bot]) == 1


async def test_a_late_picture_of_an_album_follows(office: Office) -> None:
    await office.answered()
    await office.member.sends_file("photo", PICTURE, media_group="c")
    await office.counter.settle()
    await office.counter.advance(seconds=5)
    await office.member.sends_file("photo", PICTURE, caption="漏了一张", media_group="c")
    await office.counter.settle()
    last = office.secretary.last()
    assert (last.kind, last.text, last.media_group_id) == ("photo", "漏了一张", None)
    assert said_to(office.secretary).count("李建国发来几张图片") == 1


async def test_an_album_in_the_question_stands_under_the_card(office: Office) -> None:
    for text in ("登录页是这样", ""):
        await office.member.sends_file("photo", PICTURE, caption=text, media_group="d")
    await office.counter.settle()
    await office.member.taps(office.member.last(), "马上转")
    await office.counter.settle()
    card, head, *album = office.secretary.chat()[-4:]
    assert "附截图 2 张" in card.text
    assert (head.text, head.reply_to) == ("李建国发来几张图片", card.message_id)
    assert [each.text for each in album] == ["登录页是这样", ""]
    assert album[0].media_group_id == album[1].media_group_id is not None


async def test_whoever_takes_over_gets_the_album_whole(office: Office) -> None:
    answer = await office.answered()
    for _ in range(3):
        await office.member.sends_file("document", PICTURE, reply_to=answer, media_group="e")
    await office.counter.settle()
    await office.deputy.says("/tickets")
    await office.counter.settle()
    await office.deputy.taps(office.deputy.last(), place=(0, 0))
    await office.counter.settle()
    album = [message for message in office.deputy.chat() if message.kind == "document"]
    assert len(album) == 3
    assert len({message.media_group_id for message in album}) == 1
    assert found(office.deputy, "李建国发来几个文件").message_id < album[0].message_id


async def test_the_name_leads_to_the_account_only_where_the_unit_wants_it(office: Office) -> None:
    card = await office.asked()
    await office.secretary.says("先重启", reply_to=card)
    await office.counter.settle()
    assert office.member.last().html == "王梅书记：先重启"
    async with office.counter.work() as work:
        await work.session.run(
            "INSERT INTO unit_desk (unit_id, shows_accounts) VALUES (:unit, 1)",
            unit=office.counter.tree.branch,
        )
    for send in (
        office.secretary.says("再试", reply_to=card),
        office.secretary.sends_file("photo", PICTURE, caption="看图", reply_to=card),
    ):
        await send
    await office.counter.settle()
    account = f"tg://user?id={office.secretary.id}"
    text, picture = office.member.chat()[-2:]
    assert text.html == f'<a href="{account}">王梅书记</a>：再试'
    assert picture.html == f'<a href="{account}">王梅书记</a>：看图'
    # the staff are not shown the member's account for that
    await office.member.says("好了没", reply_to=text)
    await office.counter.settle()
    assert office.secretary.last().html == "李建国：好了没"


async def test_each_unit_decides_for_its_own_staff(office: Office) -> None:
    """A secretary's question goes to the general branch."""
    tree = office.counter.tree
    await office.secretary.says("怎么导出名单")
    await office.counter.settle()
    await office.secretary.taps(office.secretary.last(), "马上转")
    await office.counter.settle()
    for unit, shown in ((tree.branch, False), (tree.general, True)):
        async with office.counter.work() as work:
            await work.session.run(
                "INSERT INTO unit_desk (unit_id, shows_accounts) VALUES (:unit, 1)", unit=unit
            )
            await work.session.run(
                "UPDATE unit_desk SET shows_accounts = 0 WHERE unit_id <> :unit", unit=unit
            )
        await office.general.says(f"看 {unit}", reply_to=found(office.general, "直接回复"))
        await office.counter.settle()
        answer = found(office.secretary, f"看 {unit}")
        assert (f"tg://user?id={office.general.id}" in answer.html) is shown


async def test_whoever_sends_a_file_is_named_by_role(office: Office) -> None:
    helper = await office.counter.person("周云", (office.counter.tree.branch, Role.HELPER))
    await office.asked()
    await helper.says("/tickets")
    await office.counter.settle()
    await helper.taps(helper.last(), place=(0, 0))
    await office.counter.settle()
    await helper.sends_file("voice", PICTURE, reply_to=found(helper, "直接回复"))
    await office.counter.settle()
    assert with_kind(office.member, "voice").text == "帮扶员周云发来一段语音"
