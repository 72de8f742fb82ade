"""A month as people live it on the sandbox's page: everything is clicked and typed, nothing is called behind its back.
Pictures of each phone are left in `artifacts/page/`.
"""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.async_api import Browser, FilePayload, expect

from tests.page.hands import (
    DESK,
    POCKET,
    Demo,
    Phone,
    Table,
    open_demo,
    open_table,
)

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
MEMBER, SECRETARY = "陈爱民", "曹俊杰"
QUESTION = "怎么交党费"
REQUEST = "球赛周六几点集合"
ANSWER = "先打开设置里的允许安装"


async def test_month(tmp_path: Path, browser: Browser, artifacts: Path) -> None:
    async with open_demo(tmp_path, MONDAY) as demo:
        async with open_table(browser, demo, artifacts, DESK) as table:
            member, secretary = await table.phone(MEMBER), await table.phone(SECRETARY)
            await joins(table, member)
            await walks(table, member)
            await gets_stuck(table, member, secretary, await screenshot_of_the_app(browser))
            await survives_a_power_cut(table, demo, member)
            await asks(table, member, secretary)
            await is_reminded_of_dues(table, member, secretary)
            await blocks_and_returns(table, member)
            await changes_language(table)
        async with open_table(browser, demo, artifacts, POCKET, touch=True) as pocket:
            await goes_on_in_the_pocket(pocket)


async def joins(table: Table, member: Phone) -> None:
    await table.keep("01-before-start")
    await member.starts()
    await member.reads("支部帮手", "我去名册里找您")
    await table.keep_phone("02-asked-for-the-number", member)
    await member.presses("分享我的手机号")
    await table.keep_phone("03-share-the-number", member)
    await member.agrees("支部帮手", "13800000007")
    await member.reads("找到您了", MEMBER, "采油一队党支部")
    await member.reads(MEMBER, "开始", "问问题")
    await table.keep_phone("04-joined", member)


async def walks(table: Table, member: Phone) -> None:
    await member.taps("开始", await member.reads(MEMBER, "开始", "问问题"))
    await table.keep_phone("05-which-phone", member)
    await member.taps("安卓", await member.reads("哪种手机"))
    first = await member.reads("第 1 步", "安装", "完成", "卡住了")
    await table.keep_phone("06-first-card", member)
    await member.taps("完成", first)
    await member.taps("完成", await member.reads("第 2 步"))
    await member.reads("第 3 步")
    await table.keep_phone("07-third-card", member)


async def gets_stuck(table: Table, member: Phone, secretary: Phone, picture: FilePayload) -> None:
    await member.taps("卡住了", await member.reads("第 3 步"))
    offers = await member.reads("卡在", "都不是")
    await table.keep_phone("08-stuck", member)
    await offers.locator(".key").first.click()
    entry = await member.reads("没解决", "接着走")
    await table.keep_phone("09-an-entry", member)
    await member.taps("没解决", entry)
    await member.reads("截图", "转给您的支部书记")
    await member.sends_picture(picture, "点了安装没反应")
    await member.reads("已转给", SECRETARY, "会回您")
    await table.keep_phone("10-handed-over", member)

    # The secretary's phone shows it without being touched.
    card = await secretary.reads(MEMBER, "安卓", "附截图 1 张", "点了安装没反应")
    await secretary.sees_picture()
    await table.keep_phone("11-secretary-sees-the-card", secretary)
    await secretary.replies(card, ANSWER)
    await member.reads(SECRETARY, ANSWER)
    await table.keep("12-the-answer")


async def survives_a_power_cut(table: Table, demo: Demo, member: Phone) -> None:
    """What is typed while the sandbox is down stays in the field and goes once it is back."""
    await demo.has_saved(await member.person(), ANSWER)
    errors = await demo.kill()
    assert not errors, errors
    await table.is_connected("正在重连")
    await member.writes(QUESTION)
    await member.is_told("没有连上")
    await table.keep("13-power-cut")
    await demo.start()
    await table.is_connected("已连接")
    await member.taps("已解决", await member.reads(ANSWER))
    await member.reads("帮得怎么样", "帮上了", "没帮上")
    await member.sends_what_is_written(QUESTION)


async def asks(table: Table, member: Phone, secretary: Phone) -> None:
    answer = await member.reads("缴费", "解决了", "没解决")
    await table.keep_phone("14-an-answer", member)
    await member.taps("解决了", answer)
    await member.reads("解决了就好")

    await member.types("密码")
    choice = await member.reads("您问的是哪一个", "都不是")
    await table.keep_phone("15-a-suggestion", member)
    await choice.locator(".key").first.click()
    await member.reads("密码", "没解决")

    await member.types(REQUEST)
    offer = await member.reads("没有现成的答案", SECRETARY, "不用了")
    await table.keep_phone("16-out-of-scope", member)
    await member.taps("马上转", offer)
    await member.reads("已转给", SECRETARY, "会回您")
    card = await secretary.reads(MEMBER, REQUEST, "我已电话处理")
    await table.keep_phone("17-another-card", secretary)
    await secretary.taps("我已电话处理", card)
    await member.reads(SECRETARY, "电话")
    await table.keep("18-settled-by-phone")


async def is_reminded_of_dues(table: Table, member: Phone, secretary: Phone) -> None:
    await table.move_clock("tomorrow", "11月3日", "10:00")
    await table.move_clock("tomorrow", "11月4日", "10:00")
    await secretary.reads("明早 10:00", "提醒", "取消本轮")
    await table.keep_phone("19-tomorrow-some-are-reminded", secretary)
    await table.move_clock("day5", "11月5日", "10:00")
    reminder = await member.reads("11 月党费", "怎么缴", "遇到问题", "过几天提醒")
    await table.keep_phone("20-reminded", member)
    await member.taps("已缴", reminder)
    await member.reads("11 月党费", "核实")
    await table.keep_phone("21-claimed", member)
    await secretary.types("/dues")
    branch = await secretary.reads("采油一队党支部", "11 月党费", "待核实的 1 人")
    await table.keep_phone("22-secretary-sees-the-dues", secretary)
    await secretary.taps("待核实的 1 人", branch)
    await secretary.reads(MEMBER, "元")


async def blocks_and_returns(table: Table, member: Phone) -> None:
    await member.chooses("block")
    await expect(member.element.locator(".foot-note")).to_contain_text("屏蔽")
    await table.keep_phone("23-blocked", member)
    await member.element.locator(".chat-foot [data-action=unblock]").click()
    await member.types("/dues")
    await member.reads("11 月党费", "您已报缴")


async def changes_language(table: Table) -> None:
    await table.press("language")
    await expect(table.page.locator("html[lang=en] h1")).to_have_text("Zhibu")
    await table.is_connected("Connected")
    await table.fits()
    await table.keep("24-in-english")
    await table.press("language")
    await expect(table.page.locator("h1")).to_have_text("支部")
    await table.fits()


async def goes_on_in_the_pocket(pocket: Table) -> None:
    member, secretary = await pocket.phone(MEMBER), await pocket.phone(SECRETARY)
    await member.reads("11 月党费", "您已报缴")
    await expect(secretary.element).not_to_be_in_viewport()
    await pocket.fits()
    await pocket.keep("25-pocket-member")

    await pocket.turn_to(SECRETARY)
    await secretary.reads("党费")
    await expect(member.element).not_to_be_in_viewport()
    await secretary.element.locator("[data-action=commands]").click()
    await pocket.fits()
    await pocket.keep("26-pocket-menu")
    await pocket.press("command-tickets")
    await secretary.reads("眼下没有等您回复的问题")
    await pocket.fits()
    await pocket.keep("27-pocket-secretary")

    await secretary.element.locator("[data-action=choose-person]").click()
    await pocket.page.locator("[data-part=search]").fill("何金山")
    await pocket.fits()
    await pocket.keep("28-pocket-choose")
    await pocket.page.locator("[data-part=people] [data-action=choose]").click()
    deputy = await pocket.phone("何金山")
    await deputy.reads("11 月党费", "怎么缴")
    await deputy.types("/start")
    await deputy.reads("何金山", "问问题")
    await pocket.fits()
    await pocket.keep("29-pocket-deputy")


async def screenshot_of_the_app(browser: Browser) -> FilePayload:
    """A picture as a member takes it of the screen where nothing goes on."""
    page = await browser.new_page(viewport={"width": 360, "height": 640})
    await page.set_content(
        "<body style='margin:0;font:20px sans-serif;background:#eee;text-align:center'>"
        "<h3 style='background:#b3312a;color:#fff;margin:0;padding:20px'>石油党建</h3>"
        "<p style='margin-top:200px'>为了保护您的手机安全<br>不允许安装未知来源的应用</p><p>取消　　设置</p>"
    )
    picture = await page.screenshot()
    await page.close()
    return {"name": "截图.png", "mimeType": "image/png", "buffer": picture}
