"""Dues as people meet them: real taps through the whole application, time passing."""

import dataclasses
from typing import TYPE_CHECKING

import pytest

from bot.roster.model import Role
from bot.sandbox import Person, SeenMessage
from tests import factories
from tests.helpdesk.conftest import PICTURE, found, said_to, told

if TYPE_CHECKING:
    from tests.harness import House


@dataclasses.dataclass(slots=True)
class Home:
    house: "House"
    wang: Person
    """王梅, the branch's secretary, who has paid already."""
    li: Person
    """李建国, who owes 24 yuan a month."""
    sun: Person
    """孙丽, secretary of the next branch."""

    async def tap(self, person: Person, message: SeenMessage, button: str) -> SeenMessage:
        """Taps, and returns the same message as it stands afterwards."""
        await person.taps(message, button)
        await self.house.settle()
        return person.sees(message)

    async def dues(self, person: Person) -> list[SeenMessage]:
        """What /dues answers."""
        before = len(person.chat())
        await person.says("/dues")
        await self.house.settle()
        return [message for message in person.chat()[before:] if message.from_bot]


@pytest.fixture
async def home(house: "House") -> Home:
    wang, li, sun = house.person("王梅"), house.person("李建国"), house.person("孙丽")
    async with house.work() as work:
        tree = await factories.tree(work.session)
        secretary = Role.SECRETARY
        keeper = await factories.member(
            work.session, "王梅", tree.branch, account=wang.id, posts=((tree.branch, secretary),)
        )
        await factories.member(work.session, "李建国", tree.branch, account=li.id, monthly_dues=2_400)
        await factories.member(
            work.session, "孙丽", tree.sibling, account=sun.id, posts=((tree.sibling, secretary),)
        )
        await factories.member(work.session, "周新", tree.branch)
        await factories.obligation(work.session, keeper, "2026-11", state="paid")
    for person in (wang, li, sun):
        await person.start()
    await house.advance(minutes=1)  # whoever has come has their obligation
    return Home(house, wang, li, sun)


async def test_a_round_from_announcement_to_report(home: Home) -> None:
    await home.house.advance_to(2026, 11, 4, 10, 0)
    notice = found(home.wang, "将提醒 1 人")
    assert notice.text == "明早 10:00 将提醒 1 人交 11 月党费。\n现在可以取消、看名单或改话术。"
    names = await home.tap(home.wang, notice, "看名单")
    assert (names.text, names.buttons) == ("将提醒 1 人：\n李建国", ["取消本轮", "‹ 返回"])
    await home.house.advance_to(2026, 11, 5, 10, 0)
    assert home.wang.sees(notice).buttons == []
    nudge = found(home.li, "党费还没看到")
    assert nudge.text == "11 月党费还没看到您的缴费记录。已经交了就点“已缴”，我先不再提醒。"
    assert nudge.buttons == ["已缴", "怎么缴", "遇到问题", "过几天提醒", "申请本月免缴"]
    await home.house.advance(minutes=1)
    report = found(home.wang, "党费提醒")
    assert report.text == "11 月党费提醒：送达 1 人、还没用过我 1 人。"
    assert report.buttons == ["要打电话的 1 人"]
    await home.house.restart()
    await home.house.advance(minutes=5)
    assert sum("党费还没看到" in text for text in said_to(home.li)) == 1


async def test_held_back_and_sent_after_all(home: Home) -> None:
    await home.house.advance_to(2026, 11, 4, 10, 0)
    notice = found(home.wang, "将提醒 1 人")
    for row in notice.rows:
        assert "工作人员" in await told(home.sun, home.sun.last(), data=row[0].data)
    held = await home.tap(home.wang, notice, "取消本轮")
    assert "本轮已取消" in held.text
    await home.house.advance_to(2026, 11, 5, 10, 0)
    assert not any("党费还没看到" in text for text in said_to(home.li))
    await home.tap(home.wang, held, "还是照常提醒")
    await home.house.advance(minutes=1)
    found(home.li, "党费还没看到")
    late = await told(home.wang, held, data=notice.rows[1][0].data)
    assert late == "这一轮提醒已经发出去了，收不回来了。"


async def test_saying_it_is_paid_stops_the_reminders_until_it_is_confirmed(home: Home) -> None:
    await home.house.advance_to(2026, 11, 5, 10, 0)
    nudge = found(home.li, "党费还没看到")
    claimed = await home.tap(home.li, nudge, "已缴")
    assert "记下了：11 月党费您已经缴了" in claimed.text
    await home.house.advance_to(2026, 11, 20, 10, 0)
    assert sum("党费还没看到" in text for text in said_to(home.li)) == 0
    branch, own = await home.dues(home.wang)
    assert own.text.startswith("11 月党费 · 20 元 · 已缴")
    assert branch.text == "采油三队党支部 11 月党费：应缴 3 人，已缴 1 人\n还没缴 1 人 · 待核实 1 人"
    (theirs,) = await home.dues(home.li)
    assert theirs.text == "11 月党费 · 24 元 · 您已报缴，等书记核实"
    assert branch.buttons[:2] == ["还没缴的 1 人", "待核实的 1 人"]
    listed = await home.tap(home.wang, branch, "待核实的 1 人")
    one = await home.tap(home.wang, listed, "李建国 · 24 元")
    assert one.text.splitlines()[0] == "李建国 · 11 月党费 · 24 元 · 说已缴，待核实"
    one = await home.tap(home.wang, one, "✓ 已核实")
    assert one.text.splitlines()[0].endswith("已缴")
    assert home.li.last().text == "王梅已核实您的 11 月党费。"
    (own,) = await home.dues(home.li)
    assert own.text == "11 月党费 · 24 元 · 已缴"


async def test_a_claim_that_cannot_be_confirmed(home: Home) -> None:
    (own,) = await home.dues(home.li)
    await home.tap(home.li, own, "已缴")
    branch, _ = await home.dues(home.wang)
    listed = await home.tap(home.wang, branch, "待核实的 1 人")
    one = await home.tap(home.wang, listed, "李建国 · 24 元")
    await home.tap(home.wang, one, "还没缴")
    assert home.li.last().text == "王梅没查到您的 11 月缴费记录。麻烦您再看看是不是交成了。"
    assert home.li.last().buttons[0] == "已缴"


async def test_a_slip_of_the_thumb(home: Home) -> None:
    (own,) = await home.dues(home.li)
    claimed = await home.tap(home.li, own, "已缴")
    back = await home.tap(home.li, claimed, "其实还没缴")
    assert back.buttons == ["已缴", "怎么缴", "遇到问题", "过几天提醒", "申请本月免缴"]


async def test_remind_me_later(home: Home) -> None:
    await home.house.advance_to(2026, 11, 5, 10, 0)
    nudge = found(home.li, "党费还没看到")
    later = await home.tap(home.li, nudge, "过几天提醒")
    assert later.text == "好的，11 月 8 日再提醒您。"
    await home.house.advance_to(2026, 11, 8, 10, 0)
    found(home.li, "党费还没看到")


async def test_how_to_pay(home: Home) -> None:
    (own,) = await home.dues(home.li)
    await home.tap(home.li, own, "怎么缴")
    assert home.li.last().text.startswith("怎么交党费")


async def test_trouble_goes_to_the_secretary_with_what_is_known(home: Home) -> None:
    (own,) = await home.dues(home.li)
    await home.tap(home.li, own, "遇到问题")
    ask = home.li.last()
    assert ask.buttons == ["直接转给书记", "不用了"]
    await home.li.sends_photo(PICTURE, "点支付没反应")
    await home.house.settle()
    assert home.li.sees(ask).buttons == []
    card = found(home.wang, "直接回复这条消息").text
    for known in ("李建国", "11 月党费", "24 元", "还没缴", "截图 1 张", "点支付没反应"):
        assert known in card


async def test_trouble_without_a_word(home: Home) -> None:
    (own,) = await home.dues(home.li)
    await home.tap(home.li, own, "遇到问题")
    ask = home.li.last()
    await home.tap(home.li, ask, "直接转给书记")
    assert "交 11 月党费遇到问题，请帮我看看。" in found(home.wang, "直接回复这条消息").text
    assert home.li.sees(ask).buttons == []
    await home.li.taps(ask, data=ask.rows[0][0].data)
    await home.house.settle()
    assert len(await home.house.rows("SELECT 1 FROM ticket")) == 1


async def test_nobody_else_sees_who_owes(home: Home) -> None:
    await home.house.advance(minutes=1)
    branch, _ = await home.dues(home.wang)
    (data,) = {button.data for row in branch.rows for button in row if button.text.startswith("还没缴")}
    for outsider in (home.sun, home.li):
        assert "工作人员" in await told(outsider, outsider.last(), data=data)
    assert len(await home.dues(home.li)) == 1


async def test_a_stranger_has_no_dues(home: Home) -> None:
    stranger = home.house.person("吴静")
    await stranger.start()
    await home.house.settle()
    (answer,) = await home.dues(stranger)
    assert answer.text.startswith("还不认识您。")
