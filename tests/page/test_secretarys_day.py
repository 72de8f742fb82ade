"""One day on a branch secretary's phone, a small one, from the morning's list to the evening's away. What members do
happens elsewhere; the pictures are left in `artifacts/page/`.
"""

import asyncio
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.async_api import Browser, Locator

from tests.page.elsewhere import Elsewhere, elsewhere
from tests.page.hands import POCKET, Phone, Table, open_demo, open_table

ZONE = ZoneInfo("Asia/Shanghai")
SECRETARY = "曹俊杰"
MEMBERS = ("陈爱民", "邓淑珍", "萧德华", "高丽华", "韩明辉")
ALIKE = ("展板的照片选哪几张", "展板照片选哪几张", "展板上照片选哪几张")
QUESTION = "会战时候的铝盔摆哪个展柜"
ANSWER = "选班组合影和安全月那两张，今天下班前放我桌上。"
CANNED = "{姓名}同志，您的事我记下了，办好了告诉您。"


def monday(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 2, hour, minute, tzinfo=ZONE)


async def test_a_secretarys_day(tmp_path: Path, browser: Browser, artifacts: Path) -> None:
    async with (
        open_demo(tmp_path, monday(8)) as demo,
        elsewhere(demo) as world,
        open_table(browser, demo, artifacts, POCKET, touch=True) as table,
    ):
        await table.turn_to(SECRETARY)
        secretary = await table.phone(SECRETARY)
        await prepares(table, secretary)
        await comes_to_a_list(table, secretary, world)
        await answers_three_at_once(table, secretary, world)
        await looks_after_one(table, secretary, world)
        await is_warned_and_helped(table, secretary, world)
        await goes_home(table, secretary, world)


async def prepares(table: Table, secretary: Phone) -> None:
    """Before work: when the list is to come, and a sentence for every day."""
    await secretary.types("/tickets")
    await secretary.taps("几点提醒我", await secretary.finds("几点提醒我"))
    await secretary.taps("08:30", await secretary.finds("每天几点"))
    await secretary.finds("每天 08:30")
    await secretary.types("/replies")
    await secretary.taps("我自己的", await secretary.finds("常用话", "我自己的"))
    await secretary.taps("加一句", await secretary.finds("加一句"))
    await secretary.finds("会换成对方的名字")
    await secretary.types(CANNED)
    await secretary.finds("记下了")


async def comes_to_a_list(table: Table, secretary: Phone, world: Elsewhere) -> None:
    questions = dict(zip(MEMBERS, (*ALIKE, QUESTION), strict=False))
    await asyncio.gather(*(joins_and_asks(world, name, question) for name, question in questions.items()))
    card = await secretary.finds("高丽华", QUESTION, "我来答", "更多")
    await table.keep_phone("50-a-card", secretary)
    await secretary.taps("我来答", card)
    await secretary.is_told("由您来答")
    await world.it_becomes(monday(8, 31))
    await secretary.finds("今天的情况", "高丽华")
    await table.fits()
    await table.keep_phone("51-the-mornings-list", secretary)


async def joins_and_asks(world: Elsewhere, name: str, question: str) -> None:
    member = await world.person(name)
    await member.joins()
    await member.asks(question)


async def answers_three_at_once(table: Table, secretary: Phone, world: Elsewhere) -> None:
    await secretary.types("/tickets")
    await secretary.taps("相似", await secretary.finds("等着回复", "相似"))
    await secretary.taps("3 人", await secretary.finds("好几个人在问", "3 人"))
    group = await secretary.finds("3 个人在问", "写一条一起回")
    await table.keep_phone("52-asked-alike", secretary)
    await secretary.taps("写一条一起回", group)
    await secretary.types(ANSWER)
    preview = await secretary.finds("会发给 3 人", *MEMBERS[:3], ANSWER)
    await table.fits()
    await table.keep_phone("53-one-answer-for-three", secretary)
    await secretary.taps("发给这 3 人", preview)
    await secretary.finds("已发给 3 人")
    for name in MEMBERS[:3]:
        await (await world.person(name)).reads(ANSWER)


async def looks_after_one(table: Table, secretary: Phone, world: Elsewhere) -> None:
    await secretary.types("/tickets")
    await secretary.finds("等着回复", "另有 3 件已回复", "高丽华")
    await table.fits()
    await table.keep_phone("54-the-inbox", secretary)
    tools = await opens_the_tools(secretary)
    await table.fits()
    await table.keep_phone("55-what-else", secretary)
    await secretary.taps("内部备注", tools)
    await secretary.finds("看不到")
    await secretary.types("一九六四年会战的铝盔，先问问宣传科。")
    await secretary.finds("只有同志们看得到")

    await secretary.taps("常用话", await opens_the_tools(secretary))
    await secretary.taps("您的事我记下了", await secretary.finds("发哪一句给高丽华"))
    preview = await secretary.finds("发给高丽华的是", "高丽华同志")
    await table.keep_phone("56-a-sentence-with-the-name-in-it", secretary)
    await secretary.taps("发给他", preview)
    member = await world.person("高丽华")
    await member.reads("高丽华同志，您的事我记下了")
    await member.says("铝盔上有老队长的名字")
    await secretary.finds("高丽华：铝盔上有老队长的名字")

    await secretary.taps("搁置", await opens_the_tools(secretary))
    await secretary.taps("1 小时后", await secretary.finds("先放到什么时候"))
    await secretary.finds("搁置到", "已告诉高丽华")
    await table.keep_phone("57-put-aside", secretary)
    await world.it_becomes(monday(9, 45))
    await secretary.replies(await secretary.finds("您让我这时候提醒"), "摆东边第二个柜子，我来登记。")
    await secretary.taps("结束", await secretary.finds("已发给高丽华", "结束"))
    await secretary.finds("加进常见问题吗")
    await table.keep_phone("58-closed-and-into-the-faq", secretary)


async def opens_the_tools(secretary: Phone) -> Locator:
    """What else can be done with 高丽华's question."""
    await secretary.taps("更多", await secretary.finds("高丽华", QUESTION, "更多"))
    return await secretary.finds("还想怎么办", "常用话", "转交", "搁置")


async def is_warned_and_helped(table: Table, secretary: Phone, world: Elsewhere) -> None:
    """In the pit all morning: warned first, then the deputy takes over."""
    await joins_and_asks(world, "韩明辉", "球赛周六几点集合")
    await world.it_becomes(monday(13, 1))
    await secretary.finds("韩明辉", "等您回复")
    await table.keep_phone("59-a-warning", secretary)
    await world.it_becomes(monday(14, 5))
    await secretary.finds("韩明辉", "何金山")
    await table.keep_phone("60-the-deputy-helps", secretary)
    await (await world.person("韩明辉")).reads("何金山")


async def goes_home(table: Table, secretary: Phone, world: Elsewhere) -> None:
    await world.it_becomes(monday(17))
    await secretary.types("/away")
    await secretary.taps("明天", await secretary.finds("不在到哪天", "明天"))
    await secretary.taps("何金山", await secretary.finds("请谁代您答", "何金山"))
    last_look = await secretary.finds("何金山", "就这样")
    await table.fits()
    await table.keep_phone("61-away-tomorrow", secretary)
    await secretary.taps("就这样", last_look)
    await secretary.finds("设好了", "何金山")
    await (await world.person("何金山")).reads(SECRETARY)
