"""Asking to be let off as people meet it: real taps through the whole application."""

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
    """王梅, the branch's secretary."""
    li: Person
    """李建国, who owes 24 yuan a month."""
    zhou: Person
    """周强, of the general branch."""

    async def tap(self, person: Person, message: SeenMessage, button: str) -> SeenMessage:
        await person.taps(message, button)
        await self.house.settle()
        return person.sees(message)

    async def says(self, person: Person, text: str) -> SeenMessage:
        await person.says(text)
        await self.house.settle()
        return person.last()

    async def dues(self, person: Person) -> list[SeenMessage]:
        before = len(person.chat())
        await self.says(person, "/dues")
        return [message for message in person.chat()[before:] if message.from_bot]

    async def asks(self, words: str = "这个月住院，手头紧") -> SeenMessage:
        """李建国 asks; returns what he is told."""
        own = (await self.dues(self.li))[-1]
        await self.tap(self.li, own, "申请本月免缴")
        return await self.says(self.li, words)


@pytest.fixture
async def home(house: "House") -> Home:
    wang, li, zhou = house.person("王梅"), house.person("李建国"), house.person("周强")
    async with house.work() as work:
        tree = await factories.tree(work.session)
        await factories.member(
            work.session, "王梅", tree.branch, account=wang.id, posts=((tree.branch, Role.SECRETARY),)
        )
        await factories.member(work.session, "李建国", tree.branch, account=li.id, monthly_dues=2_400)
        await factories.member(
            work.session, "周强", tree.sibling, account=zhou.id, posts=((tree.general, Role.GENERAL),)
        )
    for person in (wang, li, zhou):
        await person.start()
    await house.advance(minutes=1)
    return Home(house, wang, li, zhou)


async def test_from_the_request_to_the_approval(home: Home) -> None:
    answer = await home.asks()
    assert answer.text == (
        "您 11 月党费的申请已转给王梅。支部同意后报第一党总支批准。\n定了马上告诉您，这期间不提醒您缴费。"
    )
    card = found(home.wang, "李建国申请免缴")
    assert card.text == (
        "李建国申请免缴 · 11 月党费 · 24 元 · 还没缴 · 采油三队党支部\n“这个月住院，手头紧”\n支部先定，再报第一党总支批准。"
    )
    assert card.buttons == ["支部同意免缴", "同意少缴…", "不同意…"]
    agreed = await home.tap(home.wang, card, "支部同意免缴")
    assert agreed.buttons == []
    assert agreed.text.endswith("11 月 2 日 王梅同意：不用缴\n等第一党总支批准。")
    assert "支部同意了，报第一党总支批准" in home.li.last().text
    (state,) = await home.dues(home.li)
    assert "免缴申请：支部同意了，等上级批准。" in state.text
    assert "申请本月免缴" not in state.buttons
    waiting = await home.dues(home.zhou)
    assert any(message.text == "有 1 件免缴申请等您定。" for message in waiting)
    done = await home.tap(home.zhou, found(home.zhou, "李建国申请免缴"), "批准")
    assert done.text.endswith("周强批准：不用缴")
    assert home.li.last().text == "您 11 月党费免缴批下来了，这个月不用缴。"
    assert "周强批准：不用缴" in home.wang.last().text
    (state,) = await home.dues(home.li)
    assert state.text.startswith("11 月党费 · 24 元 · 本月免缴")


async def test_a_picture_comes_along_and_less_is_agreed_to(home: Home) -> None:
    (own,) = await home.dues(home.li)
    await home.tap(home.li, own, "申请本月免缴")
    ask = home.li.last()
    assert ask.buttons == ["不写了，直接申请", "不用了"]
    await home.li.sends_photo(PICTURE, "住院单")
    await home.house.settle()
    assert home.li.sees(ask).buttons == []
    (copied,) = await home.house.rows(
        "SELECT chat_id FROM outgoing WHERE method = 'copyMessage' AND state = 'sent'"
    )
    assert copied["chat_id"] == home.wang.id
    card = found(home.wang, "附图 1 张")
    choice = await home.tap(home.wang, card, "同意少缴…")
    assert choice.text == "李建国 11 月原来24 元，改缴多少？点一个，或直接发数字。"
    assert choice.buttons == ["12 元", "10 元", "5 元", "2 元", "‹ 返回"]
    assert (await home.says(home.wang, "三块")).text.startswith("没看懂金额")
    assert "少" in (await home.says(home.wang, "24")).text
    assert "王梅同意：改缴3 元" in (await home.says(home.wang, "3")).text
    await home.tap(home.zhou, found(home.zhou, "附图 1 张"), "批准")
    assert home.li.last().text == "您的申请批下来了：11 月党费按3 元缴。"
    (state,) = await home.dues(home.li)
    assert state.text.startswith("11 月党费 · 3 元 · 还没缴\n按您的申请，这次少缴。")


async def test_sent_back_then_not_agreed_to(home: Home) -> None:
    await home.asks()
    card = found(home.wang, "李建国申请免缴")
    await home.tap(home.wang, card, "支部同意免缴")
    above = found(home.zhou, "李建国申请免缴")
    await home.tap(home.zhou, above, "退回")
    await home.says(home.zhou, "请核实收入")
    again = home.wang.last()
    assert "周强请支部再看看说明：“请核实收入”" in again.text
    await home.tap(home.wang, again, "不同意…")
    await home.says(home.wang, "工资已补发")
    assert home.li.last().text == (
        "王梅看过了，11 月党费这次没能免。说明：“工资已补发”\n有难处，随时跟书记说。"
    )
    assert home.li.last().buttons == ["已缴", "怎么缴", "遇到问题"]
    stale = (
        await home.tap(home.wang, card, "支部同意免缴")
        if card.buttons and home.wang.sees(card).buttons
        else card
    )
    assert home.wang.sees(stale).buttons == []
    assert all("请核实收入" not in text for text in said_to(home.li))


async def test_taken_back_and_old_buttons(home: Home) -> None:
    answer = await home.asks()
    card = found(home.wang, "李建国申请免缴")
    data = card.rows[0][0].data
    back = await home.tap(home.li, answer, "撤回申请")
    assert back.text == "申请撤回了，11 月党费照常缴。"
    assert home.wang.sees(card).buttons == []
    await home.wang.taps(card, data=data)
    await home.house.settle()
    assert home.wang.sees(card).text.endswith("李建国撤回了申请")
    assert await home.house.rows("SELECT 1 FROM dues_entry WHERE source = 'waiver'") == []
    assert "工作人员" in await told(home.li, home.li.last(), data=data)


async def test_the_secretary_button_takes_the_same_course(home: Home) -> None:
    branch = (await home.dues(home.wang))[0]
    listed = await home.tap(home.wang, branch, "还没缴的 2 人")
    one = await home.tap(home.wang, listed, "李建国 · 24 元")
    assert one.text == "李建国 · 11 月党费 · 24 元 · 还没缴\n11 月 2 日 应缴24 元"
    sent = await home.tap(home.wang, one, "本月免缴")
    assert sent.text.startswith("支部提出给李建国免缴 · 11 月党费")
    assert sent.text.endswith("等第一党总支批准。")
    await home.tap(home.zhou, found(home.zhou, "支部提出给李建国免缴"), "批准")
    assert home.li.last().text == "您 11 月党费免缴批下来了，这个月不用缴。"
