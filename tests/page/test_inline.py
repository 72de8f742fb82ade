"""A secretary drops an answer into the branch's group by typing behind the bot's name."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.async_api import Browser, expect

from tests.page.hands import DESK, Phone, Table, open_demo, open_table

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
SECRETARY = "曹俊杰"


async def test_an_answer_is_found_and_sent_above_the_composer(
    tmp_path: Path, browser: Browser, artifacts: Path
) -> None:
    async with open_demo(tmp_path, MONDAY) as demo, open_table(browser, demo, artifacts, DESK) as table:
        secretary = await table.phone(SECRETARY)
        await makes_a_group(table, secretary)
        field = secretary.element.locator("[data-part=input]")
        results = secretary.element.locator("[data-action=inline-result]")

        await field.press_sequentially("@zhibu_bot 验证码")
        await expect(results.first).to_contain_text("验证码")
        await expect(secretary.element.locator("[data-action=send]")).to_be_disabled()
        await table.fits()
        await table.keep_phone("30-inline-results", secretary)
        await field.press("Enter")
        await expect(secretary.element.locator(".message.own")).to_have_count(0)
        title = await results.first.locator("strong").inner_text()
        await results.first.click()
        sent = await secretary.sent(title)
        await expect(sent.locator(".forwarded")).to_have_text("通过 @zhibu_bot")
        await expect(field).to_have_value("")
        await expect(results).to_have_count(0)
        await table.keep_phone("31-inline-sent", secretary)

        await field.press_sequentially("@zhibu_bot qzxvwk")
        switch = secretary.element.locator("[data-action=inline-switch]")
        await expect(switch).to_contain_text("私下问我")
        await expect(results).to_have_count(0)
        await field.fill("大家好")
        await expect(switch).to_be_hidden()
        await field.press("Enter")
        await secretary.sent("大家好")


async def makes_a_group(table: Table, owner: Phone) -> None:
    """And opens it."""
    await owner.chooses("make-group")
    form = table.page.locator("dialog form")
    await form.locator("[name=title]").fill("采油一队")
    await form.locator("[type=submit]").click()
    await owner.element.locator("[data-action=back]").click()
    await owner.element.locator("[data-action=open-chat]", has_text="采油一队").click()
