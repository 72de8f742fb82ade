"""The walk-through as people do it: real taps through the whole application."""

from typing import TYPE_CHECKING

import pytest

from bot.faq.model import Entry, Stage
from bot.roster.model import Role
from bot.sandbox import Person, SeenMessage
from tests import factories
from tests.faq.hands import branch_of, publish
from tests.helpdesk.conftest import PICTURE, found, said_to, told

if TYPE_CHECKING:
    from tests.harness import House


@pytest.fixture
async def wang(house: "House") -> Person:
    """王梅, the branch's secretary."""
    person = house.person("王梅")
    async with house.work() as work:
        tree = await factories.tree(work.session)
        await factories.member(
            work.session, "王梅", tree.branch, account=person.id, posts=((tree.branch, Role.SECRETARY),)
        )
    await person.start()
    await house.settle()
    return person


@pytest.fixture
async def li(house: "House", wang: Person) -> Person:
    """李建国, of the same branch."""
    person = house.person("李建国")
    rows = await house.rows("SELECT branch_id FROM member LIMIT 1")
    async with house.work() as work:
        await factories.member(work.session, "李建国", rows[0]["branch_id"], account=person.id)
    await person.start()
    await house.settle()
    return person


async def tap(house: "House", person: Person, message: SeenMessage, button: str) -> SeenMessage:
    """Taps, and returns the same message as it stands afterwards."""
    await person.taps(message, button)
    await house.settle()
    return person.sees(message)


async def begun(house: "House", li: Person) -> SeenMessage:
    """The first card on an Android phone."""
    card = await tap(house, li, li.last(), "开始")
    return await tap(house, li, card, "安卓")


async def test_home_leads_to_the_first_card(house: "House", li: Person) -> None:
    home = li.last()
    assert "李建国，您好" in home.text
    assert home.buttons == ["开始", "问问题", "党费"]
    phones = await tap(house, li, home, "开始")
    assert phones.buttons == ["安卓", "苹果", "鸿蒙", "家人帮忙", "没有智能手机"]
    card = await tap(house, li, phones, "安卓")
    assert card.text.startswith("第 1 步 / 共 3 步 · 安装 · 下载安装 App")
    assert card.buttons == ["✓ 完成", "卡住了"]


async def test_one_card_after_the_other_in_one_message(house: "House", li: Person) -> None:
    card = await begun(house, li)
    before = len(li.chat())
    card = await tap(house, li, card, "✓ 完成")
    assert "第 2 步 / 共 3 步 · 安装" in card.text
    assert card.buttons == ["✓ 完成", "‹ 上一步", "卡住了"]
    card = await tap(house, li, card, "‹ 上一步")
    assert "第 1 步" in card.text
    for _ in range(3):
        card = await tap(house, li, card, "✓ 完成")
    assert card.text.startswith("✓ App 装好了。接下来：登录。")
    assert "第 1 步 / 共 4 步 · 登录" in card.text
    assert len(li.chat()) == before


async def test_to_the_end(house: "House", li: Person) -> None:
    card = await begun(house, li)
    for _ in range(14):
        card = await tap(house, li, card, "✓ 完成")
    assert "四关都过了" in card.text
    assert card.buttons == ["问问题", "党费"]
    await li.start()
    await house.settle()
    assert "您都走完了" in li.last().text
    assert li.last().buttons == ["再走一遍", "问问题", "换手机类型", "党费"]


async def test_days_later_it_goes_on_at_the_same_card(house: "House", li: Person) -> None:
    old = await begun(house, li)
    await tap(house, li, old, "✓ 完成")
    await house.restart()
    await house.advance(days=2)
    await li.start()
    await house.settle()
    home = li.last()
    assert "您走到：安装 · 第 2 步 / 共 3 步 · 允许安装" in home.text
    card = await tap(house, li, home, "继续：安装 · 第 2 步")
    assert "第 2 步 / 共 3 步 · 安装 · 允许安装" in card.text
    await li.says("/guide")
    await house.settle()
    card = await tap(house, li, li.last(), "✓ 完成")
    assert "第 3 步" in card.text
    # The card of two days ago still stands in the chat and still works.
    assert "第 3 步" in (await tap(house, li, old, "✓ 完成")).text


async def test_another_phone_on_the_way(house: "House", li: Person) -> None:
    card = await begun(house, li)
    await tap(house, li, card, "✓ 完成")
    await li.start()
    await house.settle()
    phones = await tap(house, li, li.last(), "换手机类型")
    card = await tap(house, li, phones, "苹果")
    assert "第 2 步 / 共 3 步 · 安装 · 信任一次" in card.text


async def test_buttons_of_another_time_say_so_kindly(house: "House", li: Person) -> None:
    card = await begun(house, li)
    assert "过时" in await told(li, card, data="ob.done:zzz")
    assert "过时" in await told(li, card, data="ob.phone:nokia")
    await house.settle()


async def test_an_entry_that_helps_leads_back_to_the_card(house: "House", li: Person) -> None:
    card = await begun(house, li)
    stuck = await tap(house, li, card, "卡住了")
    assert stuck.text == "卡在“下载安装 App”。看看是不是下面这几种？"
    assert stuck.buttons[-2:] == ["都不是", "‹ 回到这一步"]
    assert 2 <= len(stuck.buttons) - 2 <= 6
    await tap(house, li, stuck, stuck.buttons[0])
    entry = li.last()
    assert entry.text.startswith(stuck.buttons[0])
    card = await tap(house, li, entry, "好了，接着走")
    assert "第 1 步 / 共 3 步 · 安装" in card.text
    assert await house.rows("SELECT 1 FROM ticket") == []


async def test_what_the_own_branch_has_tied_to_a_card_is_offered_first(house: "House", li: Person) -> None:
    own = Entry(
        "own-shop",
        "zh",
        "队部有安装包",
        "到队部拷。",
        ("队部拷安装包",),
        steps=("install-get",),
        stage=Stage.INSTALL,
    )
    await publish(house, own, await branch_of(house, li))
    stuck = await tap(house, li, await begun(house, li), "卡住了")
    assert stuck.buttons[0] == "队部有安装包"
    assert len(stuck.buttons) - 2 <= 6
    await tap(house, li, stuck, "队部有安装包")
    assert "到队部拷。" in li.last().text


async def test_a_ticket_carries_all_the_secretary_would_ask(house: "House", li: Person, wang: Person) -> None:
    card = await begun(house, li)
    stuck = await tap(house, li, card, "卡住了")
    tried = stuck.buttons[0]
    await tap(house, li, stuck, tried)
    entry = await tap(house, li, li.last(), "👎 没解决")
    assert entry.buttons == []
    asked = li.last()
    assert asked.buttons == ["直接转给书记", "不用了"]
    await li.sends_photo(PICTURE, "点了没反应")
    await house.settle()
    assert li.sees(asked).buttons == []
    ticket = found(wang, "直接回复这条消息").text
    for told_to_her in ("李建国", "安装", "下载安装 App", "安卓", tried, "截图 1 张", "点了没反应"):
        assert told_to_her in ticket
    sent = found(li, "已转给您的支部书记王梅")
    assert sent.buttons == ["‹ 回到这一步"]
    assert (await tap(house, li, sent, "‹ 回到这一步")).text == sent.text
    assert "第 1 步 / 共 3 步 · 安装" in li.last().text
    # What comes next is an ordinary question again.
    await li.says("怎么交党费")
    await house.settle()
    assert len(await house.rows("SELECT 1 FROM ticket")) == 1


async def test_words_are_taken_too(house: "House", li: Person, wang: Person) -> None:
    stuck = await tap(house, li, await begun(house, li), "卡住了")
    await tap(house, li, stuck, "都不是")
    await li.says("链接打不开")
    await house.settle()
    assert "链接打不开" in found(wang, "直接回复这条消息").text


async def test_without_another_word_and_only_once(house: "House", li: Person, wang: Person) -> None:
    stuck = await tap(house, li, await begun(house, li), "卡住了")
    await tap(house, li, stuck, "都不是")
    ask = li.last()
    await li.taps(ask, "直接转给书记")
    await li.taps(ask, "直接转给书记")
    await house.settle()
    found(li, "已转给您的支部书记王梅")
    assert "卡在“下载安装 App”这一步了。" in found(wang, "直接回复这条消息").text
    assert len(await house.rows("SELECT 1 FROM ticket")) == 1


async def test_not_needed_after_all(house: "House", li: Person, wang: Person) -> None:
    stuck = await tap(house, li, await begun(house, li), "卡住了")
    await tap(house, li, stuck, "都不是")
    card = await tap(house, li, li.last(), "不用了")
    assert "第 1 步" in card.text
    await li.says("谢谢")
    await house.settle()
    assert await house.rows("SELECT 1 FROM ticket") == []


async def test_the_secretary_sees_at_home_what_waits(house: "House", li: Person, wang: Person) -> None:
    await li.says("/guide")
    await house.settle()
    stuck = await tap(house, li, await tap(house, li, li.last(), "安卓"), "卡住了")
    await tap(house, li, stuck, "都不是")
    await tap(house, li, li.last(), "直接转给书记")
    await wang.start()
    await house.settle()
    assert "有 1 个问题在等您回复" in wang.last().text


async def test_who_stands_still_is_asked_and_can_go_on(house: "House", li: Person) -> None:
    await begun(house, li)
    await house.advance(days=3)
    asked = li.last()
    assert "要接着来吗" in asked.text
    card = await tap(house, li, asked, "继续：安装 · 第 1 步")
    assert "第 1 步 / 共 3 步" in card.text
    await house.advance(days=8)
    assert sum("要接着来吗" in text for text in said_to(li)) == 0


async def test_a_stranger_is_told_how_to_begin(house: "House") -> None:
    stranger = house.person("周新")
    await stranger.start()
    await house.settle()
    await stranger.says("/guide")
    await house.settle()
    assert stranger.last().text == "还不认识您。请先发 /start，一分钟就好，然后咱们开始。"


async def test_an_album_goes_along_whole(house: "House", li: Person, wang: Person) -> None:
    stuck = await tap(house, li, await begun(house, li), "卡住了")
    await tap(house, li, stuck, "都不是")
    for _ in range(3):
        await li.sends_file("photo", PICTURE, name="a.png", mime_type="image/png", media_group="album")
    await house.settle()
    assert len(await house.rows("SELECT 1 FROM ticket")) == 1
    assert sum(message.kind == "photo" for message in wang.chat()) == 3
