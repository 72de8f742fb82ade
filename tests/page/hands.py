"""The demo as its own process, a browser at its page, and what people do there: read, tap, type, send a picture.

async with open_demo(tmp_path) as demo, open_page(demo, viewport=DESK) as page:
    member = await page.phone("陈爱民")
    await member.presses("开始")
    await member.reads("您好", "手机号")
"""

import asyncio
import json
import os
import re
import shutil
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import pytest
from playwright.async_api import (
    Browser,
    ConsoleMessage,
    FilePayload,
    Locator,
    Page,
    ViewportSize,
    async_playwright,
    expect,
)
from playwright.async_api import Error as NotThere

ROOT = Path(__file__).parents[2]
PATIENCE = 30_000
"""Milliseconds for anything to become visible; the machine may be busy."""

_GLANCE = 1_000
"""Milliseconds for a look, before one looks again: meanwhile a newer message may have come."""

DESK: ViewportSize = {"width": 1680, "height": 1000}
POCKET: ViewportSize = {"width": 390, "height": 844}

_NO_CHROMIUM = "The page's test needs a browser: please install Debian's chromium (apt-get install chromium)."
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_LOST = re.compile(r"ERR_(CONNECTION_\w+|INCOMPLETE_CHUNKED_ENCODING|EMPTY_RESPONSE|SOCKET_NOT_CONNECTED)")

_WIDE = """
    [...document.querySelectorAll("html, body, .bar, .screen, .messages, .composer, dialog, .menu")]
        .filter(one => one.scrollWidth > one.clientWidth + 1 || one.getBoundingClientRect().width > innerWidth)
        .map(one => one.className || one.tagName)
"""
_STACKED = """
    [".brand > div", ".now", ".moves", ".tools"].flatMap((one, at, all) => all.slice(at + 1).map(two => [one, two]))
        .filter(pair => {
            const [a, b] = pair.map(part => document.querySelector(".bar " + part).getBoundingClientRect());
            return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
        })
"""

expect.set_options(timeout=PATIENCE)


def chromium() -> str:
    """Where Debian's browser is. Without one the test fails; outside CI it is skipped."""
    named = os.environ.get("ZHIBU_CHROMIUM") or "chromium"
    found = shutil.which(named)
    if found is not None:
        return found
    if os.environ.get("CI") == "true":
        pytest.fail(_NO_CHROMIUM)
    pytest.skip(_NO_CHROMIUM)


class Demo:
    """`zhibu demo` on a data folder of its own, beginning at a known time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._content = folder / "faq"
        self._port = _free_port()
        self._process: asyncio.subprocess.Process | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}/"

    def begin_at(self, instant: datetime) -> None:
        """As if a demo that was left at this time went on: its clock is kept as what it is ahead, in milliseconds."""
        kept = self._folder / "demo"
        kept.mkdir(exist_ok=True)
        (kept / "clock").write_text(str(round((instant.timestamp() - time.time()) * 1000)))

    async def start(self) -> None:
        """Returns when the page can be opened."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("ZHIBU_")}
        # In the folder, so that settings lying about in the repository are not read.
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "demo", "--no-browser", "--port", str(self._port)),
            cwd=self._folder,
            env={
                **own,
                "PYTHONPATH": str(ROOT),
                "ZHIBU_DATA_DIR": str(self._folder),
                "ZHIBU_CONTENT_DIR": str(self._content),
            },
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        assert self._process.stdout is not None
        async with asyncio.timeout(PATIENCE / 1000):
            async for line in self._process.stdout:
                if self.address in line.decode():
                    return
        pytest.fail(f"the demo ended before it was ready: {await self.kill()}")

    async def kill(self) -> str:
        """Ends it as a power cut does; returns what it said on standard error, but for warnings: a bot that is asked to
        slow down says so there.
        """
        process, self._process = self._process, None
        if process is None:
            return ""
        if process.returncode is None:
            process.kill()
        _, said = await process.communicate()
        return "".join(line for line in said.decode().splitlines(True) if '"level": "warning"' not in line)

    async def has_saved(self, person: int, text: str) -> None:
        """Returns once a message with this text is saved in the chat of this person with the bot."""
        async with asyncio.timeout(PATIENCE / 1000):
            while not any(text in said for said in self._saved(person)):
                await asyncio.sleep(0.05)  # a file tells nobody that it changed

    def _saved(self, person: int) -> list[str]:
        world = json.loads((self._folder / "demo" / "world.json").read_text())
        messages = next(chat["messages"] for chat in world["chats"] if chat["id"] == person)
        return [message["content"].get("text", "") for message in messages]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def open_demo(folder: Path, begin_at: datetime) -> AsyncIterator[Demo]:
    """Whatever the demo says on standard error fails the test."""
    demo = Demo(folder)
    demo.begin_at(begin_at)
    try:
        await demo.start()
        yield demo
    finally:
        errors = await demo.kill()
    assert not errors, errors


@asynccontextmanager
async def open_browser() -> AsyncIterator[Browser]:
    path = chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=_FLAGS)
        try:
            yield browser
        finally:
            await browser.close()


class Table:
    """The page with its phones."""

    def __init__(self, page: Page, artifacts: Path) -> None:
        self.page = page
        self._artifacts = artifacts
        self._complaints: list[str] = []
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self._complaints.append(str(error)))

    def _heard(self, said: ConsoleMessage) -> None:
        # A sandbox that is down cannot be reached; the page says so to the reader, the browser to the console.
        if said.type in ("error", "warning") and not _LOST.search(said.text):
            self._complaints.append(f"{said.text} ({said.location['url']})")

    def complaints(self) -> list[str]:
        """Errors and warnings in the browser's console, and exceptions nobody caught."""
        return self._complaints

    async def open(self, address: str) -> None:
        await self.page.goto(address)
        await expect(self.page.locator("html[data-ready=true]")).to_be_attached()
        await self.page.evaluate("window.openedOnce = true")

    async def phone(self, name: str) -> "Phone":
        element = self.page.locator(".phone").filter(
            has=self.page.locator(".nameplate strong", has_text=name)
        )
        await expect(element).to_be_attached()
        return Phone(self, element)

    async def press(self, action: str) -> None:
        """Something of the page itself, in its bar, a menu or a dialog."""
        await self.page.locator(f'[data-action="{action}"]').click()

    async def move_clock(self, move: str, *shown: str) -> None:
        """Lets time pass with a button of the bar, until the clock shows this."""
        await self.page.locator(f'[data-move="{move}"]').click()
        await self.shows_time(*shown)

    async def is_connected(self, state: str) -> None:
        await expect(self.page.locator("[data-part=connection]")).to_have_text(state)

    async def turn_to(self, name: str) -> None:
        """On a narrow screen: another phone."""
        await self.page.locator("[data-action=show-phone]", has_text=name).click()

    async def shows_time(self, *shown: str) -> None:
        for part in shown:
            await expect(self.page.locator("[data-part=clock]")).to_contain_text(part)

    async def keep(self, name: str) -> None:
        """A picture of the whole window."""
        await self.page.screenshot(path=self._artifacts / f"{name}.png", animations="disabled")

    async def keep_phone(self, name: str, phone: "Phone") -> None:
        await phone.element.screenshot(path=self._artifacts / f"{name}.png", animations="disabled")

    async def was_reloaded(self) -> bool:
        return not await self.page.evaluate("window.openedOnce === true")

    async def fits(self) -> None:
        """Nothing is wider than the window, and nothing in the bar lies on anything else."""
        wide = await self.page.evaluate(_WIDE)
        assert wide == [], f"wider than the window: {wide}"
        stacked = await self.page.evaluate(_STACKED)
        assert stacked == [], f"on top of each other: {stacked}"


class Phone:
    """One person's phone, and the person's hands."""

    def __init__(self, table: Table, element: Locator) -> None:
        self.table = table
        self.element = element

    async def person(self) -> int:
        return int(await self.element.get_attribute("data-person") or 0)

    # Reading

    async def reads(self, *phrases: str) -> Locator:
        """The newest message of the bot that has all of these in it or on its buttons, once it is on the screen."""
        found = self._newest(".message.other", phrases)
        await expect(found).to_be_in_viewport()
        return found

    async def finds(self, *phrases: str) -> Locator:
        """As `reads`, scrolling to where it stands."""
        found = self._newest(".message.other", phrases)
        until = time.monotonic() + PATIENCE / 1000
        while True:
            try:
                await found.scroll_into_view_if_needed(timeout=_GLANCE)
                await expect(found).to_be_in_viewport(timeout=_GLANCE)
            except (AssertionError, NotThere):
                if time.monotonic() > until:
                    raise
            else:
                return found

    async def sent(self, *phrases: str) -> Locator:
        """The newest message of the person's own, likewise, once it is in the chat; a long answer may have pushed it
        off the screen.
        """
        found = self._newest(".message.own", phrases)
        await expect(found).to_be_visible()
        return found

    def _newest(self, which: str, phrases: tuple[str, ...]) -> Locator:
        found = self.element.locator(which)
        for phrase in phrases:
            # What a message quotes of another is not its own text.
            found = found.filter(has=self.table.page.locator(".text, .keys", has_text=phrase))
        return found.last

    async def sees_picture(self) -> Locator:
        """The newest picture from the bot, once it is drawn."""
        picture = self.element.locator(".message.other img").last
        await expect(picture).to_be_in_viewport()
        await expect(picture).to_have_js_property("complete", value=True)
        assert await picture.evaluate("image => image.naturalWidth > 0")
        return picture

    async def is_told(self, phrase: str) -> None:
        """A word that shows for a moment."""
        await expect(self.element.locator("[data-part=toast].shown")).to_contain_text(phrase)

    # Doing

    async def starts(self) -> None:
        await self.element.locator("[data-action=start]").click()

    async def taps(self, label: str, message: Locator) -> None:
        """An inline button."""
        await message.locator(".key", has_text=label).first.click()

    async def presses(self, label: str) -> None:
        """A button of the keyboard under the text field."""
        await self.element.locator("[data-action=reply-button]", has_text=label).click()

    async def agrees(self, *phrases: str) -> None:
        """Reads the question that covers the chat, and says yes."""
        question = self.element.locator("[data-dialog=question]")
        for phrase in phrases:
            await expect(question).to_contain_text(phrase)
        await question.locator("[data-action=yes]").click()

    async def types(self, text: str) -> None:
        await self.writes(text)
        await self.sent(text)

    async def writes(self, text: str) -> None:
        """Types and sends, whatever becomes of it."""
        await self._field.press_sequentially(text)
        await self._field.press("Enter")

    async def sends_what_is_written(self, text: str) -> None:
        """Sends what is left in the field, which is this."""
        await expect(self._field).to_have_value(text)
        await self.element.locator("[data-action=send]").click()
        await self.sent(text)

    @property
    def _field(self) -> Locator:
        return self.element.locator("[data-part=input]")

    async def sends_picture(self, picture: FilePayload, caption: str) -> None:
        await self.element.locator("[data-action=attach]").click()
        async with self.table.page.expect_file_chooser() as chooser:
            await self.table.press("attach-photo")
        await (await chooser.value).set_files(picture)
        await expect(self.element.locator(".chip img")).to_be_visible()
        await self._field.fill(caption)
        await self.element.locator("[data-action=send]").click()
        await self.sent(caption)

    async def replies(self, message: Locator, text: str) -> None:
        """Through the message's menu, as on a phone by swiping."""
        await message.hover()
        await message.locator("[data-action=message-menu]").click()
        await self.table.press("reply")
        await expect(self.element.locator(".banner")).to_be_visible()
        await self.writes(text)
        # Wherever the chat was scrolled to, one sees what one wrote.
        await expect(await self.sent(text)).to_be_in_viewport()

    async def chooses(self, action: str) -> None:
        """Something from the menu beside the person's name."""
        await self.element.locator("[data-action=phone-menu]").click()
        await self.table.press(action)


@asynccontextmanager
async def open_table(
    browser: Browser, demo: Demo, artifacts: Path, viewport: ViewportSize, *, touch: bool = False
) -> AsyncIterator[Table]:
    """The page in a browser of its own, as if for the first time. Complaints in its console fail the test."""
    context = await browser.new_context(
        viewport=viewport, has_touch=touch, is_mobile=touch, reduced_motion="reduce", locale="zh-CN"
    )
    context.set_default_timeout(PATIENCE)
    try:
        table = Table(await context.new_page(), artifacts)
        await table.open(demo.address)
        yield table
        assert table.complaints() == []
        assert not await table.was_reloaded(), "what is new was to be seen without loading the page again"
    finally:
        await context.close()
