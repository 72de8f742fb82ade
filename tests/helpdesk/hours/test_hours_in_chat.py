"""`/hours`, as staff and members see it."""

import json
from datetime import datetime

import pytest

from bot.helpdesk.hours.buttons import Ask, Choose, Overview, Units, Weekdays, WriteHours
from bot.helpdesk.terms import Term
from bot.kit.clock import HOUR, SECOND, from_local
from bot.roster.model import Role
from bot.sandbox import Person, SeenMessage
from tests.conftest import ZONE
from tests.helpdesk.conftest import Office, found, said_to, told

UNKNOWN = (
    "2027 年怎么放假我还不知道，知道之前先按周一到周五上班算，元旦、5 月 1 日和 2 日、10 月 1 日到 3 日休息。"
)


async def says(office: Office, person: Person, text: str) -> SeenMessage:
    await person.says(text)
    await office.counter.settle()
    return person.last()


async def taps(office: Office, person: Person, *labels: str) -> SeenMessage:
    """One button after the other under the newest message that has buttons."""
    for label in labels:
        message = next(each for each in reversed(person.chat()) if each.from_bot and each.buttons)
        await person.taps(message, label)
        await office.counter.settle()
    return next(each for each in reversed(person.chat()) if each.from_bot and each.buttons)


async def until(office: Office, moment: int) -> None:
    await office.counter.advance(seconds=(moment - office.counter.clock.now()) / SECOND)


def labels(message: SeenMessage) -> list[list[str]]:
    return [[button.text for button in line] for line in message.rows]


def at(month: int, day: int, hour: int, minute: int = 0) -> int:
    return from_local(datetime(2026, month, day, hour, minute, tzinfo=ZONE))


async def test_what_holds_and_where_it_comes_from(office: Office) -> None:
    shown = await says(office, office.secretary, "/hours")
    assert shown.text.splitlines() == [
        "采油三队党支部：几时上班，多久答复",
        "上班日子：工作日（默认）",
        "上班时间：08:30-17:30（默认）",
        "多久答复：工作时间 4 小时内（默认）",
        "何时提醒：过了 3 小时还没回（默认）",
        "接手后多久回：每位 4 小时（默认）",
        "个人账号：点名字打不开（默认）",
        "现在来问，今天 13:00 前会有答复。",
        UNKNOWN,
    ]
    assert labels(shown) == [
        ["上班日子", "上班时间"],
        ["多久答复", "何时提醒"],
        ["接手后多久回", "个人账号"],
    ]


async def test_a_crew_around_the_clock(office: Office) -> None:
    await says(office, office.secretary, "/hours")
    asked = await taps(office, office.secretary, "上班日子")
    assert asked.text.splitlines() == [
        "哪几天上班？放假和调休按国家公布的算；选“每天”的，放假也照常答复。",
        "不单独定，就按默认的：工作日。",
    ]
    assert labels(asked) == [["工作日", "每天"], ["选星期几…"], ["✓ 不单独定", "‹ 返回"]]
    await taps(office, office.secretary, "每天")
    asked = await taps(office, office.secretary, "上班时间")
    assert labels(asked) == [
        ["08:30-17:30"],
        ["08:00-12:00、14:00-18:00"],
        ["全天"],
        ["20:00 到次日 08:00"],
        ["自己写…"],
        ["✓ 不单独定", "‹ 返回"],
    ]
    shown = await taps(office, office.secretary, "全天")
    assert shown.text.splitlines()[1:3] == ["上班日子：每天", "上班时间：全天"]
    assert UNKNOWN not in shown.text
    assert shown.message_id == asked.message_id

    await office.counter.clock.move_to(at(11, 7, 22, 30))  # a Saturday
    await office.asked()
    row = await office.counter.ticket()
    assert row["deadline"] == row["opened_at"] + 4 * HOUR
    assert "明天 02:30 前" in office.member.last().text

    audited = await office.counter.rows("SELECT * FROM audit WHERE act = 'hours.set' ORDER BY id")
    assert [json.loads(row["details"]) for row in audited] == [
        {"after": "daily", "before": None, "term": "days"},
        {"after": "00:00-24:00", "before": None, "term": "hours"},
    ]
    assert {(row["by_member"], row["subject"]) for row in audited} == {
        (office.counter.members["王梅"], f"unit:{office.counter.tree.branch}")
    }


async def test_a_night_shift_is_left_alone_by_day(office: Office) -> None:
    await says(office, office.secretary, "/hours")
    await taps(office, office.secretary, "上班日子", "每天")
    await taps(office, office.secretary, "上班时间", "20:00 到次日 08:00")
    await office.asked()  # at nine in the morning
    assert "明天 00:00 前会回您" in office.member.last().text
    told_so_far = len(said_to(office.secretary))
    for hour in (13, 17, 22):
        await until(office, at(11, 2, hour))
        assert len(said_to(office.secretary)) == told_so_far
    await until(office, at(11, 2, 23, 5))
    assert office.secretary.last().text == "李建国在等您回复，说好明天 00:00 前。先回一句也行。"
    assert said_to(office.deputy) == []
    await until(office, at(11, 3, 0, 5))
    assert (await office.counter.ticket())["owner_id"] == office.counter.members["张强"]


async def test_times_of_ones_own(office: Office) -> None:
    await says(office, office.deputy, "/hours")
    assert labels(await taps(office, office.deputy, "多久答复"))[:3] == [
        ["30 分钟", "1 小时"],
        ["2 小时", "4 小时"],
        ["8 小时", "16 小时"],
    ]
    await taps(office, office.deputy, "2 小时")
    assert labels(await taps(office, office.deputy, "何时提醒"))[:2] == [
        ["过了 1 小时", "过了 1 小时 30 分钟"],
        ["过了 1 小时 48 分钟"],
    ]
    await taps(office, office.deputy, "过了 1 小时")
    shown = await taps(office, office.deputy, "接手后多久回", "1 小时")
    assert shown.text.splitlines()[3:6] == [
        "多久答复：工作时间 2 小时内",
        "何时提醒：过了 1 小时还没回",
        "接手后多久回：每位 1 小时",
    ]
    await office.asked()
    row = await office.counter.ticket()
    begun = row["opened_at"]
    assert (row["deadline"], row["next_at"]) == (begun + 2 * HOUR, begun + HOUR)


async def test_the_next_on_the_ladder_has_their_own_time(office: Office) -> None:
    await says(office, office.secretary, "/hours")
    await taps(office, office.secretary, "接手后多久回", "1 小时")
    await office.asked()  # at nine; the secretary has four hours
    await office.counter.advance(hours=3, minutes=5)
    await office.counter.advance(hours=1)
    row = await office.counter.ticket()
    assert row["owner_id"] == office.counter.members["张强"]
    assert row["deadline"] - office.counter.clock.now() <= HOUR


async def test_what_was_promised_stays(office: Office) -> None:
    await office.asked()
    before = await office.counter.ticket()
    await says(office, office.secretary, "/hours")
    asked = await taps(office, office.secretary, "多久答复")
    said = await told(office.secretary, asked, "30 分钟")
    assert said == "记下了。已经说好的时间不变，新来的问题按这个算。"
    await office.counter.settle()
    assert (await office.counter.ticket())["deadline"] == before["deadline"]


async def test_hours_in_ones_own_words(office: Office) -> None:
    await says(office, office.secretary, "/hours")
    asked = await taps(office, office.secretary, "上班时间", "自己写…")
    assert asked.text.startswith("请把上班时间写给我")
    wrong = await says(office, office.secretary, "早上八点到下班")
    assert (
        wrong.text
        == "这个时间我没看懂。请这样写：8:30-12:00、14:00-17:30；夜班写 20:00-8:00，全天写 0:00-24:00。"
    )
    await office.secretary.sends_photo(b"no hours")
    await office.counter.settle()
    assert office.secretary.last().text == wrong.text
    shown = await says(office, office.secretary, "7点半到11点半，14：00～18：00")
    assert "上班时间：07:30-11:30、14:00-18:00\n" in shown.text
    again = await says(office, office.secretary, "9:00-12:00")  # no longer awaited
    assert "上班时间" not in again.text

    await says(office, office.secretary, "/hours")
    await taps(office, office.secretary, "上班时间", "自己写…", "‹ 返回")
    assert "上班时间" not in (await says(office, office.secretary, "9:00-12:00")).text
    (row,) = await office.counter.rows("SELECT hours FROM unit_desk")
    assert row["hours"] == "07:30-11:30,14:00-18:00"


async def test_weekdays(office: Office) -> None:
    await says(office, office.secretary, "/hours")
    picking = await taps(office, office.secretary, "上班日子", "选星期几…")
    assert labels(picking) == [["周一", "周二", "周三", "周四"], ["周五", "周六", "周日"], ["‹ 返回"]]
    picking = await taps(office, office.secretary, "周一", "周二", "周三", "周六", "周日", "✓ 周日")
    assert labels(picking) == [
        ["✓ 周一", "✓ 周二", "✓ 周三", "周四"],
        ["周五", "✓ 周六", "周日"],
        ["就这几天", "‹ 返回"],
    ]
    assert await office.counter.rows("SELECT * FROM unit_desk") == []
    shown = await taps(office, office.secretary, "就这几天")
    assert "上班日子：周一到周三、周六，公共假日除外\n" in shown.text
    assert shown.text.endswith("知道之前先按元旦、5 月 1 日和 2 日、10 月 1 日到 3 日休息算。")
    picking = await taps(office, office.secretary, "上班日子", "✓ 选星期几…")
    assert labels(picking)[0] == ["✓ 周一", "✓ 周二", "✓ 周三", "周四"]


async def test_what_a_branch_has_not_set_comes_from_above(office: Office) -> None:
    await says(office, office.general, "/hours")
    shown = await taps(office, office.general, "多久答复", "8 小时")
    assert shown.text.startswith("第一党总支：几时上班，多久答复\n")
    await office.counter.person("周书记", (office.counter.tree.committee, Role.ADMIN))
    admin = next(each for each in office.counter.sandbox.people if each.user.first_name == "周书记")
    await says(office, admin, "/hours")
    await taps(office, admin, "个人账号", "能")
    await taps(office, admin, "多久答复", "16 小时")

    shown = await says(office, office.secretary, "/hours")
    assert "多久答复：工作时间 8 小时内（按第一党总支）" in shown.text
    assert "个人账号：点名字能打开（按采油一厂党委）" in shown.text
    asked = await taps(office, office.secretary, "多久答复")
    assert asked.text.endswith("不单独定，就按第一党总支的：工作时间 8 小时内。")
    shown = await taps(office, office.secretary, "2 小时")
    assert "多久答复：工作时间 2 小时内\n" in shown.text
    asked = await taps(office, office.secretary, "多久答复")
    assert labels(asked)[1] == ["✓ 2 小时", "4 小时"]
    shown = await taps(office, office.secretary, "不单独定")
    assert "多久答复：工作时间 8 小时内（按第一党总支）" in shown.text


async def test_who_has_two_posts_chooses_the_unit(office: Office) -> None:
    tree = office.counter.tree
    both = await office.counter.person("吴涛", (tree.branch, Role.DEPUTY), (tree.general, Role.GENERAL))
    shown = await says(office, both, "/hours")
    assert labels(shown) == [["采油三队党支部"], ["第一党总支"]]
    shown = await taps(office, both, "第一党总支")
    assert labels(shown)[-1] == ["‹ 看别的"]
    assert labels(await taps(office, both, "‹ 看别的"))[0] == ["采油三队党支部"]


async def test_members_read_when_they_are_answered(office: Office) -> None:
    helper = await office.counter.person("何芳", (office.counter.tree.branch, Role.HELPER))
    for person in (office.member, helper):
        shown = await says(office, person, "/hours")
        assert shown.text.splitlines() == [
            "采油三队党支部答复问题的时间：工作日，08:30-17:30。",
            "现在问，今天 13:00 前会有答复。直接打字或发截图就行。",
            UNKNOWN,
        ]
        assert shown.buttons == []
    stranger = office.counter.sandbox.add_person(first_name="路人")
    await stranger.start()
    assert "我还不认识您" in (await says(office, stranger, "/hours")).text


@pytest.mark.parametrize("who", ["member", "general", "sibling"])
async def test_nobody_else_sets_them(office: Office, who: str) -> None:
    """Not by the buttons of a message they should not have, either."""
    unit = office.counter.tree.branch
    person: Person = getattr(office, who)
    shown = await says(office, person, "/hours" if who != "member" else "/tickets")
    buttons = [
        Overview(unit),
        Ask(unit, Term.HOURS),
        Choose(unit, Term.ANSWER, "30"),
        Choose(unit, Term.ACCOUNTS, "1"),
        Weekdays(unit, "12"),
        WriteHours(unit),
        *([Units()] if who == "member" else []),
    ]
    for button in buttons:
        said = await told(person, shown, data=button.encode())
        assert said == "这件事要由本支部的工作人员来办。您的支部书记可以帮您。"
    await office.counter.settle()
    assert await office.counter.rows("SELECT * FROM unit_desk") == []
    assert await office.counter.rows("SELECT * FROM dialogue") == []


async def test_a_post_that_ends_meanwhile(office: Office) -> None:
    await says(office, office.secretary, "/hours")
    await taps(office, office.secretary, "上班时间", "自己写…")
    async with office.counter.work() as work:
        await work.session.run("UPDATE post SET until = :now WHERE role = 'secretary'", now=work.now)
    await says(office, office.secretary, "9:00-12:00")
    assert await office.counter.rows("SELECT * FROM unit_desk") == []


@pytest.mark.parametrize(
    "data",
    [
        "hd.wts:1:hours:whenever",
        "hd.wts:1:answer_minutes:0",
        "hd.wts:1:days:weekdays",
        "hd.wts:1:pay:30",
        "hd.wtw:1:daily",
        "hd.wta:1:nothing",
    ],
)
async def test_buttons_that_were_made_up(office: Office, data: str) -> None:
    shown = await says(office, office.secretary, "/hours")
    tag, _, *rest = data.split(":")
    button = Overview(office.counter.tree.branch).encode().split(":")[1]
    said = await told(office.secretary, shown, data=":".join([tag, button, *rest]))
    assert "这个按钮" in said
    assert await office.counter.rows("SELECT * FROM unit_desk") == []


async def test_after_a_restart_nothing_is_different(office: Office) -> None:
    await says(office, office.secretary, "/hours")
    await taps(office, office.secretary, "上班时间", "20:00 到次日 08:00")
    before = (await says(office, office.secretary, "/hours")).text
    await office.asked()
    promised = await office.counter.ticket()
    await says(office, office.secretary, "/hours")
    await taps(office, office.secretary, "多久答复")
    await office.counter.restart()
    assert await office.counter.ticket() == promised
    shown = await taps(office, office.secretary, "8 小时")
    assert "多久答复：工作时间 8 小时内\n" in shown.text
    assert "上班时间：20:00 到次日 08:00" in before
    assert found(office.secretary, "20:00 到次日 08:00").message_id == shown.message_id
    assert said_to(office.deputy) == []
