"""The whole story, as people live it: a branch's November from the first roster to the reports.

Everybody acts over HTTP as a client does, and the bot polls over HTTP; only the installer's first file comes from the
command line's side. Chapters build on one another; what is asserted is what somebody reads, and the rows behind promises.
"""

import dataclasses
import random
import re

from bot.roster import importing
from tests.harness import House
from tests.helpdesk.conftest import PICTURE
from tests.roster.tables import csv_bytes, line, xlsx_bytes
from tests.story import Seen, Someone, Story, open_story

BRANCH, NEXT_DOOR, OFFICE = "采油三队党支部", "采油四队党支部", "机关党支部"
ADMIN = line("1", "郑伟", "13800000001", OFFICE, post="党委管理员", general="机关党总支")
GENERAL = line("2", "赵敏", "13800000002", NEXT_DOOR, post="总支书记")
EVERYBODY = (
    ADMIN,
    GENERAL,
    line("3", "王梅", "13800000003", BRANCH, post="书记", dues="30"),
    line("4", "张强", "13800000004", BRANCH, post="副书记", dues="28"),
    line("5", "李建国", "13800000005", BRANCH, dues="24"),
    line("6", "孙立", "13800000006", BRANCH, category="离退休", dues="15.5"),
    line("7", "丁一", "", BRANCH, status="预备"),
    line("8", "周新", "13800000008", BRANCH),
    line("9", "钱丽", "13800000009", NEXT_DOOR, post="书记"),
)
MISTYPED = line("8", "周新", "1380000008", BRANCH)
CARD = "直接回复这条消息"
"""On every question as the staff get it."""
NUDGE = "党费还没看到"


@dataclasses.dataclass(frozen=True, slots=True)
class Cast:
    story: Story
    zheng: Someone
    """郑伟, the committee's admin, who has installed the bot."""
    wang: Someone
    """王梅, secretary of 采油三队党支部."""
    zhang: Someone
    """张强, her deputy."""
    li: Someone
    """李建国, a member."""
    sun: Someone
    """孙立, a retired member who does not share his number."""
    ding: Someone
    """丁一, a new member whose number is not on the roster."""
    zhou: Someone
    """周新, a member who never starts the bot."""
    stranger: Someone

    @property
    def house(self) -> House:
        return self.story.house

    async def names(self) -> list[str]:
        rows = await self.house.rows("SELECT name FROM member WHERE left_at IS NULL ORDER BY employee_no")
        return [row["name"] for row in rows]

    async def bound(self, person: Someone) -> str | None:
        """Who this account is on the roster."""
        rows = await self.house.rows(
            "SELECT member.name FROM account JOIN member ON member.id = member_id WHERE account.id = :id",
            id=person.id,
        )
        return rows[0]["name"] if rows else None

    async def tickets(self) -> list[tuple[str, str]]:
        """State and owner of every question that went to a person, oldest first."""
        rows = await self.house.rows(
            "SELECT ticket.state, member.name FROM ticket LEFT JOIN member ON member.id = owner_id ORDER BY ticket.id"
        )
        return [(row["state"], row["name"]) for row in rows]

    async def dues(self) -> dict[str, str]:
        """States of November's dues, by name."""
        rows = await self.house.rows(
            "SELECT name, state FROM owing JOIN member ON member.id = member_id WHERE period = '2026-11'"
        )
        return {row["name"]: row["state"] for row in rows}


async def test_november(house: House) -> None:
    async with open_story(house) as story:
        cast = Cast(
            story,
            zheng=await story.person("老郑", "+8613800000001"),
            wang=await story.person("梅姐", "+8613800000003"),
            zhang=await story.person("张强", "13800000004"),
            li=await story.person("建国", "8613800000005"),
            sun=await story.person("老孙", "13988880006"),
            ding=await story.person("一一", "13988880007"),
            zhou=await story.person("周新", "13800000008"),
            stranger=await story.person("路人", "13900000000"),
        )
        await the_roster_comes_in(cast)
        await the_staff_join(cast)
        await members_join(cast)
        card = await a_member_walks_and_gets_stuck(cast)
        await the_secretary_helps(cast, card)
        await questions_are_answered_or_handed_over(cast)
        await nobody_answers_so_the_deputy_does(cast)
        await dues_are_claimed_and_confirmed(cast)
        await those_who_owe_are_reminded(cast)
        await each_reminder_has_its_answer(cast)
        await only_those_who_still_owe_are_reminded_again(cast)
        await everybody_gets_their_own_help(cast)
        await another_language_and_back(cast)
        await what_is_kept_and_forgotten(cast)


async def the_roster_comes_in(cast: Cast) -> None:
    house, zheng = cast.house, cast.zheng
    first = await importing.read(csv_bytes(ADMIN, GENERAL), house.zhibu.vault)
    async with house.work() as work:
        await importing.apply(work, first, by=None, full=False, skip_bad=False, random=random.Random(1))
    await zheng.starts()
    assert "分享我的手机号" in await zheng.keyboard()
    await zheng.shares_contact()
    await zheng.finds("找到您了", "郑伟", OFFICE)
    assert "roster" in await zheng.commands()

    rows = [MISTYPED if row[1] == "周新" else row for row in EVERYBODY]
    shown = await zheng.sends("document", csv_bytes(*rows, encoding="gb18030"), "名册.csv")
    assert "第 9 行第 3 列（手机号）" in shown.text
    assert "少一位" in shown.text
    assert "应用" not in shown.buttons, "bad rows are skipped only when told"
    assert await cast.names() == ["郑伟", "赵敏"]

    corrected = xlsx_bytes(*EVERYBODY)
    shown = await zheng.sends("document", corrected, "名册.xlsx")
    assert "新增：7 人" in shown.text
    assert "王梅 新任" in shown.text
    assert await cast.names() == ["郑伟", "赵敏"], "a preview changes nothing"
    applied = await zheng.taps(shown, "应用")
    assert "名册已更新" in applied.text
    assert "新增：7 人" in applied.text
    assert await cast.names() == [row[1] for row in EVERYBODY]

    before = await house.rows("SELECT * FROM member ORDER BY id")
    again = await zheng.sends("document", corrected, "名册.xlsx")
    assert "新增" not in again.text
    assert "应用" not in again.buttons
    assert await house.rows("SELECT * FROM member ORDER BY id") == before
    assert len(await house.rows("SELECT 1 FROM audit WHERE act = 'roster.imported'")) == 2


async def the_staff_join(cast: Cast) -> None:
    for person, name in ((cast.wang, "王梅"), (cast.zhang, "张强")):
        await person.starts()
        assert "code" not in await person.commands()
        await person.shares_contact()
        await person.finds("找到您了", name, BRANCH)
        assert await cast.bound(person) == name
        assert "code" in await person.commands()


async def members_join(cast: Cast) -> None:
    wang, li, sun, ding, stranger = cast.wang, cast.li, cast.sun, cast.ding, cast.stranger
    await li.starts()
    await li.shares_contact()
    await li.finds("找到您了", "李建国", "支部书记是王梅")

    choice = await wang.says("/code")
    handed = await wang.taps(choice, choice.button("孙立"))
    (code,) = re.findall(r"\d{4} \d{4}", handed.text)
    await sun.starts()
    await sun.taps(await sun.offered("我有书记给的验证码"), "我有书记给的验证码")
    assert "验证码不对" in (await sun.says("0000 0000")).text
    assert await cast.bound(sun) is None
    await sun.says(code)
    await sun.finds("找到您了", "孙立")

    # Somebody else's card out of the address book, and a typed number, prove nothing.
    await stranger.starts()
    assert "别人的名片" in (await stranger.shares_contact(of=cast.zhou)).text
    assert "没法确认" in (await stranger.says("13800000008")).text
    assert await cast.bound(stranger) is None

    link = await wang.says("/link")
    (token,) = re.findall(r"\?start=(\w+)", link.text)
    await ding.starts(token)
    await ding.finds(BRANCH)
    await ding.shares_contact()
    await ding.finds("名册里暂时没有这个号码")
    await ding.taps(await ding.offered(f"我是{BRANCH}的"), f"我是{BRANCH}的")
    assert BRANCH in (await ding.says("丁一")).text
    assert await cast.bound(ding) is None
    asked = await wang.finds("丁一", f"想加入{BRANCH}")
    asked = await wang.taps(asked, "认识，选出是哪位")
    assert not any("李建国" in label for label in asked.buttons), "who is here already is no candidate"
    asked = await wang.taps(asked, asked.button("丁一"))
    await wang.taps(asked, "对，就是他")
    await ding.finds("王梅已经确认您", "丁一")
    await cast.zhang.finds("丁一的申请", "王梅")
    people = [await cast.bound(person) for person in (li, sun, ding, cast.zhou)]
    assert people == ["李建国", "孙立", "丁一", None]


async def a_member_walks_and_gets_stuck(cast: Cast) -> Seen:
    """Returns the question as the secretary has it."""
    house, li, wang = cast.house, cast.li, cast.wang
    home = await li.offered("开始")
    assert "李建国" in home.text
    phones = await li.taps(home, "开始")
    assert phones.buttons == ["安卓", "苹果", "鸿蒙", "家人帮忙", "没有智能手机"]
    card = await li.taps(phones, "安卓")
    assert "第 1 步" in card.text
    for step in ("第 2 步", "第 3 步"):
        card = await li.taps(card, "✓ 完成")
        assert step in card.text
    await house.restart()
    home = await li.starts()
    assert "安装 · 第 3 步" in home.text
    resumed = await li.taps(home, home.button("继续"))
    assert resumed.text == card.text
    title = card.text.splitlines()[0].split(" · ")[2]

    stuck = await li.taps(resumed, "卡住了")
    assert title in stuck.text
    tried = stuck.buttons[0]
    await li.taps(stuck, tried)
    entry = await li.last()
    assert tried in entry.text
    await li.taps(entry, "👎 没解决")
    assert await cast.tickets() == [], "first a word or a picture"
    await li.sends("photo", PICTURE, "截图.png", caption="点了没反应")
    question = await wang.finds(CARD)
    for known in ("李建国", "安装", title, "安卓", tried, "截图 1 张", "点了没反应"):
        assert known in question.text
    assert [message.kind for message in await wang.told()].count("photo") == 1
    assert await cast.zhang.count(CARD) == 0
    await li.finds("已转给您的支部书记王梅")
    assert await cast.tickets() == [("open", "王梅")]
    return question


async def the_secretary_helps(cast: Cast, question: Seen) -> None:
    li, wang = cast.li, cast.wang
    await wang.says("先打开设置里的允许安装", to=question)
    await wang.sends("photo", PICTURE, "设置.png", caption="在这里", to=question)
    answer, picture = await li.finds("先打开设置里的允许安装"), await li.finds("在这里")
    assert "王梅" in answer.text
    assert (picture.kind, "王梅" in picture.text) == ("photo", True)
    assert await cast.tickets() == [("answered", "王梅")]

    await li.sends("voice", b"OggS a voice", "voice.ogg", to=answer)
    voice = await wang.finds("李建国发来一段语音")
    assert voice.kind == "voice"
    assert await cast.tickets() == [("open", "王梅")], "the clock runs again"
    await wang.says("我看到了，装上就好", to=voice)
    await li.finds("装上就好")
    await wang.taps(await wang.offered("结束"), "结束")
    assert await cast.tickets() == [("closed", "王梅")]
    closed = await li.finds("王梅", "结束了这个问题")
    await li.taps(closed, "帮上了")
    assert "谢谢" in (await li.last()).text
    (row,) = await cast.house.rows("SELECT rating FROM ticket")
    assert row["rating"] == "good"


async def questions_are_answered_or_handed_over(cast: Cast) -> None:
    li, wang = cast.li, cast.wang
    answer = await li.says("手机收不到验证码")
    assert "验证码" in answer.text
    await li.taps(answer, "👍 解决了")
    assert len(await cast.tickets()) == 1, "no person was troubled"

    offer = await li.says("食堂的冬枣在哪个窗口领")
    assert "没有现成的答案" in offer.text
    assert "支部书记王梅" in offer.text
    await cast.story.passes(seconds=30)
    await li.says("我在三队上夜班")
    assert await wang.count("冬枣") == 0, "still gathering"
    await cast.story.passes(seconds=45)
    question = await wang.finds("冬枣", CARD)
    assert "李建国" in question.text
    assert (await wang.finds("我在三队上夜班")).reply_to == question.id
    await li.finds("王梅", "前会回您")
    assert await cast.tickets() == [("closed", "王梅"), ("open", "王梅")]


async def nobody_answers_so_the_deputy_does(cast: Cast) -> None:
    li, wang, zhang = cast.li, cast.wang, cast.zhang
    await cast.story.comes(2, 11, 45)
    assert await wang.count("李建国在等您回复") == 0
    await cast.story.comes(2, 12, 40)
    await wang.finds("李建国在等您回复")
    assert await zhang.count(CARD) == 0
    await cast.story.comes(2, 13, 40)
    question = await zhang.finds("冬枣", CARD)
    await li.finds("王梅暂时没顾上", "张强")
    await wang.finds("李建国", "已请张强")
    assert (await cast.tickets())[-1] == ("open", "张强")
    await zhang.says("二号窗口，下午五点前", to=question)
    answer = await li.finds("二号窗口")
    assert "张强" in answer.text
    await li.taps(answer, "已解决")
    assert (await cast.tickets())[-1] == ("closed", "张强")
    await zhang.finds("李建国说已经解决了")


async def dues_are_claimed_and_confirmed(cast: Cast) -> None:
    """张强 has paid before anybody is reminded."""
    wang, zhang = cast.wang, cast.zhang
    states = await cast.dues()
    assert states == dict.fromkeys([row[1] for row in EVERYBODY], "due")
    await zhang.says("/dues")
    own = await zhang.offered("已缴")
    assert "11 月党费" in own.text
    assert "28 元" in own.text
    await zhang.taps(own, "已缴")
    assert (await cast.dues())["张强"] == "claimed"
    await wang.says("/dues")
    branch = await wang.offered("待核实的 1 人")
    listed = await wang.taps(branch, "待核实的 1 人")
    one = await wang.taps(listed, listed.button("张强"))
    await wang.taps(one, "✓ 已核实")
    assert (await cast.dues())["张强"] == "paid"
    await zhang.finds("王梅已核实")


async def those_who_owe_are_reminded(cast: Cast) -> None:
    wang = cast.wang
    await cast.story.comes(4, 10)
    notice = await wang.finds("明早 10:00", "将提醒 4 人")
    assert "取消本轮" in notice.buttons
    await wang.taps(notice, "看名单")
    listed = (await wang.last()).text
    assert [name in listed for name in ("王梅", "李建国", "孙立", "丁一", "张强")] == [True] * 4 + [False]
    await cast.story.comes(5, 9, 55)
    assert await cast.li.count(NUDGE) == 0
    await cast.story.comes(5, 10)
    await cast.story.passes(minutes=1)
    for person in (wang, cast.li, cast.sun, cast.ding):
        assert await person.count(NUDGE) == 1
    for person in (cast.zhang, cast.stranger):
        assert await person.count(NUDGE) == 0
    report = await wang.finds("党费提醒", "送达 4 人")
    phoned = await wang.taps(report, "要打电话的 1 人")
    assert any("周新" in line for line in (phoned.text, *map(str, phoned.rows))), (
        "who never started the bot is phoned"
    )
    await cast.house.restart()
    await cast.story.passes(minutes=5)
    assert await cast.li.count(NUDGE) == 1, "never twice for one point"


async def each_reminder_has_its_answer(cast: Cast) -> None:
    li, sun, ding, wang = cast.li, cast.sun, cast.ding, cast.wang
    nudge = await sun.finds(NUDGE)
    assert {"已缴", "怎么缴", "遇到问题", "过几天提醒"} <= set(nudge.buttons)
    await sun.taps(nudge, "怎么缴")
    assert "怎么交党费" in (await sun.last()).text
    claimed = await sun.taps(await sun.finds(NUDGE), "已缴")
    assert "记下了" in claimed.text
    assert (await cast.dues())["孙立"] == "claimed"

    later = await ding.taps(await ding.finds(NUDGE), "过几天提醒")
    assert "11 月 8 日" in later.text

    before = await wang.count(CARD)
    await li.taps(await li.finds(NUDGE), "遇到问题")
    await li.sends("photo", PICTURE, "截图.png", caption="点支付没反应")
    assert await wang.count(CARD) == before + 1
    question = await wang.finds("点支付没反应", CARD)
    for known in ("李建国", "11 月党费", "24 元", "截图 1 张"):
        assert known in question.text
    await wang.taps(question, "我已电话处理")
    await li.finds("王梅", "电话")
    assert (await cast.dues())["李建国"] == "due"


async def only_those_who_still_owe_are_reminded_again(cast: Cast) -> None:
    li, sun, ding, wang, zhang = cast.li, cast.sun, cast.ding, cast.wang, cast.zhang
    await cast.story.comes(8, 10)
    await cast.story.passes(minutes=1)
    everybody = (li, sun, ding, wang, zhang)
    assert [await person.count(NUDGE) for person in everybody] == [1, 0, 1, 1, 0]
    await cast.story.comes(19, 10)
    await wang.finds("明早 10:00", "将提醒 3 人")
    await cast.story.comes(20, 10)
    await cast.story.passes(minutes=1)
    assert [await person.count(NUDGE) for person in everybody] == [2, 0, 2, 2, 0]
    await wang.finds("党费提醒", "送达 3 人")

    await wang.says("/dues")
    branch = await wang.finds(BRANCH, "11 月党费")
    assert "应缴 6 人，已缴 1 人" in branch.text
    assert {"还没缴的 4 人", "待核实的 1 人"} <= set(branch.buttons)
    listed = await wang.taps(branch, "还没缴的 4 人")
    assert listed.button("周新")
    before = await li.told()
    await li.says("/dues")
    (own,) = [message for message in await li.told() if message not in before]
    assert "24 元" in own.text
    assert not any(name in own.text for name in ("周新", "孙立", BRANCH)), "one's own only"


async def everybody_gets_their_own_help(cast: Cast) -> None:
    expected = {
        cast.zheng: {"/roster": True, "/code": True, "/mydata": True},
        cast.wang: {"/tickets": True, "/code": True, "/mydata": True},
        cast.li: {"/code": False, "/roster": False, "/who": True, "/mydata": True},
        cast.stranger: {"/code": False, "/roster": False, "/who": False},
    }
    for person, commands in expected.items():
        helped = (await person.says("/help")).text
        assert {command: command in helped for command in commands} == commands
    await cast.li.finds("支部书记是王梅")
    await cast.stranger.finds("先发 /start")


async def another_language_and_back(cast: Cast) -> None:
    li = cast.li
    asked = await li.says("/language")
    assert "in English" in (await li.taps(asked, "English")).text
    helped = (await li.says("/help")).text
    assert "screenshot" in helped
    assert (await li.commands())["who"] == "My branch and my secretary"
    asked = await li.says("/language")
    assert "中文" in (await li.taps(asked, "中文")).text
    assert "截图" in (await li.says("/help")).text
    assert (await li.commands())["who"] == "我的支部和书记"


async def what_is_kept_and_forgotten(cast: Cast) -> None:
    house, li = cast.house, cast.li
    before = len(await li.told())
    await li.says("/mydata")
    kept = "\n".join(message.text for message in (await li.told())[before:])
    for known in ("李建国", "13800000005", "24 元", "安卓", "3 件已结束"):
        assert known in kept
    assert "周新" not in kept

    await li.taps(await li.says("/forgetme"), "都留着")
    assert await cast.bound(li) == "李建国"
    gone = await li.taps(await li.says("/forgetme"), "删除并断开")
    assert "已断开" in gone.text
    assert await house.rows("SELECT 1 FROM account WHERE id = :id", id=li.id) == []
    assert "李建国" in await cast.names(), "the roster is the organisation's"
    assert "认识您" in (await li.says("/who")).text
    await li.starts()
    assert "分享我的手机号" in await li.keyboard()
