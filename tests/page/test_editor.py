"""A secretary writes their branch's own answer on a small phone, from finding the entry to a member reading it."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.async_api import Browser

from tests.page.hands import POCKET, Phone, Table, open_demo, open_table

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
SECRETARY = "曹俊杰"
TITLE = "收不到短信验证码"


async def test_an_entry_is_found_changed_checked_and_published(
    tmp_path: Path, browser: Browser, artifacts: Path
) -> None:
    async with (
        open_demo(tmp_path, MONDAY) as demo,
        open_table(browser, demo, artifacts, POCKET, touch=True) as table,
    ):
        await table.turn_to(SECRETARY)
        secretary = await table.phone(SECRETARY)
        await writes(table, secretary)
        await publishes(table, secretary)
        await tries(table, secretary)


async def writes(table: Table, secretary: Phone) -> None:
    await secretary.types("/faq")
    await secretary.reads("常见问题", "写一条新的")
    await table.keep_phone("40-faq-home", secretary)
    await secretary.types("短信 验证码")
    await secretary.taps(TITLE, await secretary.reads("想找别的"))
    await secretary.taps("改成自己的一份", await secretary.reads(TITLE, "改成自己的一份"))
    await secretary.taps("写自己的一份", await secretary.reads("别处不变"))
    await secretary.taps("改答案", await secretary.reads("草稿，还没发布"))
    await secretary.reads("先等 60 秒")
    await secretary.types("短信没来，先看拦截箱。还不行，到队部找我。")
    draft = await secretary.reads("草稿，还没发布", "到队部找我")
    await table.keep_phone("41-draft", secretary)
    await secretary.taps("问法", draft)
    await secretary.taps("加问法", await secretary.reads("种问法", "点一下就去掉"))
    await secretary.types("码码总是不来")
    await secretary.taps("好了，看草稿", await secretary.reads("加好了 1 种问法"))


async def publishes(table: Table, secretary: Phone) -> None:
    await secretary.taps("发布…", await secretary.reads("草稿，还没发布", "到队部找我"))
    check = await secretary.reads("发布", "的党员看到的是这份", "现在发布")
    await table.fits()
    await table.keep_phone("42-before-publishing", secretary)
    await secretary.taps("现在发布", check)
    shown = await secretary.reads("发布好了", "到队部找我", "改动记录")
    await table.keep_phone("43-published", secretary)
    await secretary.taps("改动记录", shown)
    await secretary.reads("改动记录", SECRETARY)


async def tries(table: Table, secretary: Phone) -> None:
    await secretary.types("/try 码码总是不来")
    tried = await secretary.reads("的党员会收到", TITLE)
    await secretary.taps("为什么", tried)
    await secretary.reads("字词一样", "读音一样")
    await table.keep_phone("44-why", secretary)
    await secretary.types("/faq_health")
    await secretary.reads("答得怎么样", "把握才直接答")
    await table.keep_phone("45-health", secretary)
