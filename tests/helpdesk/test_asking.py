"""From a question to a ticket with somebody."""

from bot.roster.model import Role
from tests import factories
from tests.helpdesk.conftest import PICTURE, Counter, Office, found, said_to, told


async def test_a_question_is_offered_gathered_and_sent_by_itself(office: Office) -> None:
    member, counter = office.member, office.counter
    question = await member.says("手机收不到验证码")
    await counter.settle()
    offer = member.last()
    assert (
        offer.text
        == "这个我没有现成的答案，正在转给您的支部书记王梅。想补充文字或截图，直接发就行，一分钟后我就转过去。"
    )
    assert offer.buttons == ["马上转", "不用了"]
    assert offer.reply_to == question.message_id

    await member.says("试了三次了")
    await member.sends_photo(PICTURE, "就是这个页面")
    await counter.settle()
    assert said_to(member)[-1] == "收到，和您的问题一起转过去。"
    assert said_to(member).count("收到，和您的问题一起转过去。") == 1
    assert said_to(office.secretary) == []

    await counter.advance(seconds=61)
    card = found(office.secretary, "直接回复这条消息，他就能看到。")
    assert card.text.splitlines() == [
        "采油三队党支部 李建国 · 已经看过“login-sms 怎么办” · 附截图 1 张",
        "手机收不到验证码",
        "直接回复这条消息，他就能看到。",
        "请在今天 13:15 前回他。",
    ]
    assert card.buttons == ["结束", "我已电话处理", "我来答", "更多…"]
    words, picture = office.secretary.chat()[-2:]
    assert words.text == "李建国：试了三次了"
    assert (picture.kind, picture.text) == ("photo", "李建国：就是这个页面")
    assert words.reply_to == picture.reply_to == card.message_id
    assert member.sees(offer).buttons == []
    assert said_to(member)[-1] == "已转给您的支部书记王梅。\n王梅今天 13:15 前会回您。有了回复我马上告诉您。"

    await counter.advance(seconds=61)
    assert len(said_to(office.secretary)) == 3, "sweeping again sends nothing again"
    assert [row["state"] for row in await counter.rows("SELECT state FROM ticket")] == ["open"]


async def test_it_goes_at_once_when_asked(office: Office) -> None:
    card = await office.asked()
    assert "验证码一直收不到" in card.text
    await office.counter.advance(minutes=2)
    assert sum("直接回复" in text for text in said_to(office.secretary)) == 1


async def test_it_is_dropped_kindly(office: Office) -> None:
    member = office.member
    await member.says("算了不问了")
    await office.counter.settle()
    offer = member.last()
    await member.taps(offer, "不用了")
    await office.counter.settle()
    assert member.sees(offer).text == "好的，我没有转出去。什么时候需要，直接打字就行。"
    await office.counter.advance(minutes=5)
    assert said_to(office.secretary) == []
    assert await office.counter.rows("SELECT * FROM ticket") == []
    assert (
        await told(member, offer, data="hd.now:1")
        == "这个按钮已经过时了。请用最新的那条消息，或者发 /start。"
    )


async def test_too_late_to_drop(office: Office) -> None:
    await office.asked()
    offer = found(office.member, "正在转给")
    for data in ("hd.drop:1", "hd.now:1"):
        answer = await told(office.member, offer, data=data)
        assert answer == "这个问题已经转过去了。想补充，回复我那条消息就行。"
    assert (await office.counter.ticket())["state"] == "open"


async def test_somebody_elses_buttons_do_nothing(office: Office) -> None:
    await office.member.says("验证码")
    await office.counter.settle()
    await office.sibling.says("我也有个问题")
    await office.counter.settle()
    theirs = office.sibling.last()
    for data in (
        "hd.now:1",
        "hd.drop:1",
        "hd.solved:1",
        "hd.more:1",
        "hd.close:1:done",
        "hd.show:1",
        "hd.reopen:1",
        "hd.rate:1:good",
    ):
        answer = await told(office.sibling, theirs, data=data)
        assert answer == ("这件事现在由别的同志负责，您刚才的话我没有转出去。归您办的都在 /tickets 里。"), (
            data
        )
    assert [row["state"] for row in await office.counter.rows("SELECT state FROM ticket")] == [
        "gathering"
    ] * 2


async def test_nothing_can_be_closed_or_reopened_before_it_is_sent(office: Office) -> None:
    await office.member.says("验证码")
    await office.counter.settle()
    for data in ("hd.solved:1", "hd.more:1"):
        assert "过时" in await told(office.member, office.member.last(), data=data)
    assert (await office.counter.ticket())["state"] == "gathering"


async def test_staff_cannot_reach_what_was_not_sent(office: Office) -> None:
    await office.member.says("验证码")
    await office.secretary.says("我自己也问一个")
    await office.counter.settle()
    mine = office.secretary.last()
    for data in ("hd.show:1", "hd.close:1:done"):
        answer = await told(office.secretary, mine, data=data)
        assert "别的同志" in answer


async def test_a_restart_in_between_loses_nothing(office: Office) -> None:
    await office.member.says("手机收不到验证码")
    await office.counter.settle()
    await office.counter.restart()
    await office.member.says("昨天还好好的")
    await office.counter.settle()
    await office.counter.restart()
    await office.counter.advance(seconds=60)
    assert "手机收不到验证码" in found(office.secretary, "直接回复").text
    assert said_to(office.secretary)[-1] == "李建国：昨天还好好的"


async def test_what_is_edited_meanwhile_goes_as_edited(office: Office) -> None:
    question = await office.member.says("收不到")
    more = await office.member.says("三次")
    await office.counter.settle()
    await office.member.edits(question, "收不到短信验证码")
    await office.member.edits(more, "试了四次")
    await office.counter.advance(seconds=60)
    assert "收不到短信验证码" in found(office.secretary, "直接回复").text
    assert said_to(office.secretary)[-1] == "李建国：试了四次"


async def test_another_question_while_gathering_joins(office: Office) -> None:
    await office.member.says("验证码收不到")
    await office.member.says("还有党费怎么交")
    await office.counter.advance(seconds=60)
    assert [row["question"] for row in await office.counter.rows("SELECT question FROM ticket")] == [
        "验证码收不到"
    ]
    assert said_to(office.secretary)[-1] == "李建国：还有党费怎么交"


async def test_a_question_asked_earlier_is_handed_over_by_a_button(office: Office) -> None:
    await office.member.says("算了")
    await office.counter.settle()
    await office.member.taps(office.member.last(), "不用了")
    await office.counter.settle()
    below = office.member.last()
    await office.member.taps(below, data="test.unsolved")
    await office.counter.advance(seconds=61)
    assert found(office.secretary, "直接回复").text.splitlines()[:2] == [
        "采油三队党支部 李建国 · 已经看过“pay-how 怎么办”",
        "早些时候问的",
    ]
    # and while another one gathers, it joins that
    await office.member.says("验证码收不到")
    await office.member.taps(below, data="test.unsolved")
    await office.counter.advance(seconds=61)
    assert office.secretary.last().text == "李建国：早些时候问的"
    assert said_to(office.member).count("收到，和您的问题一起转过去。") == 1
    assert len(await office.counter.rows("SELECT * FROM ticket")) == 2


async def test_a_screenshot_out_of_the_blue(office: Office) -> None:
    await office.member.sends_photo(PICTURE)
    await office.counter.settle()
    assert (
        office.member.last().text
        == "收到，正在转给您的支部书记王梅。想补充文字或截图，直接发就行，一分钟后我就转过去。"
    )
    await office.counter.advance(seconds=60)
    card, picture = office.secretary.chat()[-2:]
    assert card.text.startswith("采油三队党支部 李建国 · 附截图 1 张\n直接回复")
    assert (picture.kind, picture.text, picture.reply_to) == ("photo", "李建国发来一张截图", card.message_id)


async def test_an_album_joins_one_ticket(office: Office) -> None:
    for caption in ("第一页", "", ""):
        await office.member.sends_file("photo", PICTURE, caption=caption, media_group="album")
    await office.counter.advance(seconds=60)
    assert len(await office.counter.rows("SELECT * FROM ticket")) == 1
    card, *pictures = [message for message in office.secretary.chat() if message.from_bot]
    assert "附截图 3 张" in card.text
    assert [picture.text for picture in pictures] == ["李建国发来几张图片", "第一页", "", ""]


async def test_stickers_alone_are_no_question(office: Office) -> None:
    await office.member.sends_file("sticker", PICTURE)
    await office.counter.settle()
    assert await office.counter.rows("SELECT * FROM ticket") == []


async def test_unbound_people_are_told_how_to_get_bound(counter: Counter) -> None:
    stranger = counter.sandbox.add_person(first_name="某人")
    await stranger.start()
    await stranger.says("怎么交党费")
    await stranger.sends_photo(PICTURE)
    await stranger.says("/tickets")
    await stranger.says("卡住了")
    await counter.settle()
    assert (
        said_to(stranger)
        == ["我还不认识您，不知道该转给哪位书记。请先发 /start，一分钟就好，然后把问题再发一遍。"] * 4
    )
    assert await counter.rows("SELECT * FROM ticket") == []


async def test_the_deputy_gets_it_where_there_is_no_secretary(counter: Counter) -> None:
    member = await counter.person("李建国")
    await counter.person("张强", (counter.tree.branch, Role.DEPUTY))
    await member.says("验证码")
    await counter.settle()
    assert member.last().text.startswith("这个我没有现成的答案，正在转给您的副书记张强。")


async def test_the_general_branch_stands_in(counter: Counter) -> None:
    member = await counter.person("李建国")
    general = await counter.person("赵敏", (counter.tree.general, Role.GENERAL), branch=counter.tree.sibling)
    await member.says("验证码")
    await counter.settle()
    assert member.last().text.splitlines()[0] == "采油三队党支部暂时没有人能接。"
    assert "正在转给第一党总支的赵敏" in member.last().text
    await counter.advance(seconds=60)
    assert member.last().text.splitlines() == [
        "采油三队党支部暂时没有人能接。",
        "已转给第一党总支的赵敏。",
        "赵敏今天 13:15 前会回您。有了回复我马上告诉您。",
    ]
    card = found(general, "直接回复")
    await general.says("我来看看", reply_to=card)
    await counter.settle()
    assert member.last().text == "总支书记赵敏：我来看看"


async def test_a_secretary_is_helped_by_the_general_branch(office: Office) -> None:
    await office.secretary.says("后台打不开")
    await office.counter.settle()
    assert office.secretary.last().text.startswith("这个我没有现成的答案，正在转给第一党总支的赵敏。")


async def test_with_nobody_there_it_waits_until_somebody_is(counter: Counter) -> None:
    member = await counter.person("李建国")
    async with counter.work() as work:
        secretary = await factories.member(
            work.session, "王梅", counter.tree.branch, posts=((counter.tree.branch, Role.SECRETARY),)
        )
    await member.says("验证码收不到")
    await counter.settle()
    assert "一有人就转过去" in member.last().text
    await counter.advance(seconds=60)
    assert member.last().text.splitlines() == [
        "采油三队党支部和上级总支眼下没有人能在这里接到消息。您的问题我先留着，一有人就转过去。",
        "着急的话，请直接给王梅书记打电话。",
    ]
    await member.says("还是不行", reply_to=member.last())
    await counter.advance(hours=30)
    assert member.last().text == "记下了，一有人就一起转过去。"

    wang = counter.sandbox.add_person(first_name="王梅")
    await wang.start()
    await counter.settle()
    async with counter.work() as work:
        await work.session.run(
            "UPDATE account SET member_id = :member WHERE id = :id", member=secretary, id=wang.id
        )
    await counter.advance(minutes=1)
    assert "验证码收不到" in found(wang, "直接回复").text
    assert said_to(wang)[-1] == "李建国：还是不行"
    assert member.last().text.splitlines() == [
        "已转给您的支部书记王梅。",
        "王梅明天 10:15 前会回您。有了回复我马上告诉您。",
    ]
    count = len(said_to(wang))
    await counter.advance(minutes=1)
    assert len(said_to(wang)) == count
