"""Delivery to a webhook: secret, order, retries, what getWebhookInfo says."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.sandbox import WEBHOOK, Fault, FaultKind, Person, Sandbox
from tests.sandbox.helpers import TOKEN, Raw


class Receiver:
    """A bot's webhook that answers as it is told, then with 200."""

    def __init__(self) -> None:
        self.received: list[dict[str, Any]] = []
        self.secrets: set[str | None] = set()
        self.answers: list[web.Response] = []
        self.at_once = 0
        self.most_at_once = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.url = ""

    async def handle(self, request: web.Request) -> web.Response:
        self.secrets.add(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.received.append(await request.json())
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        await self.gate.wait()
        self.at_once -= 1
        return self.answers.pop(0) if self.answers else web.Response()

    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.received]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    application = web.Application()
    application.router.add_post("/hook", receiver.handle)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield receiver
    receiver.gate.set()
    await runner.cleanup()


async def quiet(sandbox: Sandbox) -> None:
    await asyncio.wait_for(sandbox.confirmed(), 5)


async def test_updates_arrive_in_order_with_the_secret(
    raw: Raw, mei: Person, sandbox: Sandbox, receiver: Receiver
) -> None:
    await mei.says("pending since before")
    await raw("setWebhook", url=receiver.url, secret_token="abc_1-2")
    for text in "一二三":
        await mei.says(text)
    await quiet(sandbox)
    assert receiver.texts() == ["pending since before", "一", "二", "三"]
    assert receiver.secrets == {"abc_1-2"}


async def test_an_update_is_repeated_until_it_is_taken(
    raw: Raw, mei: Person, sandbox: Sandbox, receiver: Receiver
) -> None:
    receiver.answers = [web.Response(status=503, headers={"Retry-After": "0"}), web.Response(status=500)]
    await raw("setWebhook", url=receiver.url)
    await mei.says("一")
    await mei.says("二")
    await quiet(sandbox)
    assert receiver.texts() == ["一", "一", "一", "二"]
    info = (await raw("getWebhookInfo")).result
    assert info["pending_update_count"] == 0
    assert info["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"
    assert info["last_error_date"] == sandbox.core.seconds()


async def test_a_webhook_nobody_listens_at_keeps_updates_pending(
    raw: Raw, mei: Person, sandbox: Sandbox, receiver: Receiver
) -> None:
    await raw("setWebhook", url="http://127.0.0.1:9/hook")
    await mei.says("一")
    while not (info := (await raw("getWebhookInfo")).result).get("last_error_message"):
        await asyncio.sleep(0)
    assert (info["pending_update_count"], info["last_error_message"]) == (1, "Connection refused")
    await raw("setWebhook", url=receiver.url)
    await quiet(sandbox)
    assert receiver.texts() == ["一"]


async def test_chats_do_not_wait_for_one_another_beyond_the_connections(
    raw: Raw, mei: Person, sandbox: Sandbox, receiver: Receiver
) -> None:
    others = [sandbox.add_person(first_name=str(number)) for number in range(4)]
    receiver.gate.clear()
    await raw("setWebhook", url=receiver.url, max_connections=3)
    for person in others:
        await person.start()
        await person.says("二")
    while receiver.at_once < 3:
        await asyncio.sleep(0)
    receiver.gate.set()
    await quiet(sandbox)
    assert receiver.most_at_once == 3
    for person in others:
        mine = [u["message"] for u in receiver.received if u["message"]["from"]["id"] == person.id]
        assert [message["text"] for message in mine] == ["/start", "二"]


async def test_polling_and_a_webhook_exclude_each_other(raw: Raw, receiver: Receiver) -> None:
    poll = asyncio.create_task(raw("getUpdates", timeout=30))
    while not raw.sandbox.core.updates.is_polled:
        await asyncio.sleep(0)
    await raw("setWebhook", url=receiver.url)
    assert (await poll).description == "Conflict: terminated by setWebhook request"
    assert (await raw("getUpdates")).description == (
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
    )
    await raw("deleteWebhook")
    assert (await raw("getUpdates")).result == []


async def test_pending_updates_can_be_dropped(raw: Raw, mei: Person, receiver: Receiver) -> None:
    await mei.says("一")
    await raw("deleteWebhook", drop_pending_updates=True)
    assert (await raw("getUpdates")).result == []


@pytest.mark.parametrize("kind", [FaultKind.DUPLICATE, FaultKind.DROP])
async def test_an_update_may_come_twice(
    raw: Raw, mei: Person, sandbox: Sandbox, receiver: Receiver, kind: FaultKind
) -> None:
    sandbox.faults.add(Fault(kind, methods=(WEBHOOK,)))
    await raw("setWebhook", url=receiver.url)
    await mei.says("一")
    await quiet(sandbox)
    assert receiver.texts() == ["一", "一"]


async def test_what_the_info_says(raw: Raw, receiver: Receiver) -> None:
    assert (await raw("getWebhookInfo")).result["url"] == ""
    await raw("setWebhook", url=receiver.url, max_connections=7, allowed_updates=["message"])
    info = (await raw("getWebhookInfo")).result
    assert (info["url"], info["max_connections"], info["allowed_updates"]) == (receiver.url, 7, ["message"])


async def test_a_webhook_outlives_a_restart(
    raw: Raw, mei: Person, sandbox: Sandbox, receiver: Receiver, saved: Path
) -> None:
    await raw("setWebhook", url=receiver.url)
    await sandbox.stop()
    await mei.says("while it was down")
    sandbox.save(saved)
    other = Sandbox(token=TOKEN, clock=sandbox.core.clock)
    other.load(saved)
    for again in (sandbox, other):
        await again.start()
        await quiet(again)
        await again.stop()
    assert receiver.texts() == ["while it was down"] * 2
