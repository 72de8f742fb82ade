"""The runtime: started and stopped in order, also in the middle of everything, and sweeps that mind each other."""

import asyncio
import gc
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
import pytest
from aiohttp.test_utils import unused_port
from telegram.error import InvalidToken, NetworkError

from bot.kit import courier, intake
from bot.kit import runtime as runtime_module
from bot.kit.clock import ManualClock
from bot.kit.database import SqliteDatabase, Unavailable
from bot.kit.i18n import Languages
from bot.kit.messages import Message
from bot.kit.outbox import Policy
from bot.kit.polling import ALLOWED_UPDATES
from bot.kit.runtime import WebhookAddress
from bot.kit.sweeps import Sweep
from bot.kit.transport import Refused
from bot.kit.work import Works
from tests.kit.bot_api import BotApiServer, refused
from tests.kit.fakes import command, tap, until
from tests.kit.room import Ctx, Kit, Pick

ANNA, BERT = 11, 22


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    opened = BotApiServer()
    await opened.start()
    yield opened
    await opened.stop()


@pytest.fixture
def make(
    server: BotApiServer, database: SqliteDatabase, clock: ManualClock, languages: Languages
) -> Callable[..., Kit]:
    return lambda **more: Kit(server, database, clock, languages, **more)


async def answer(context: Ctx) -> None:
    await context.reply(Message("hello"))


def in_file(path: Path, sql: str) -> list[str]:
    connection = sqlite3.connect(path)
    try:
        return [row[0] for row in connection.execute(sql)]
    finally:
        connection.close()


async def test_an_update_that_is_polled_is_answered(make: Callable[..., Kit], server: BotApiServer) -> None:
    kit = make()
    kit.room.acts["go"] = answer
    async with kit.running():
        server.updates.put_nowait([command(5, ANNA, "/go")])
        await until(lambda: len(server.called("sendMessage")) == 1 and len(server.called("getUpdates")) == 2)
    assert await kit_texts(server) == ["hello"]
    assert server.called("getUpdates")[1]["offset"] == 6
    assert [method for method, _ in server.calls[:3]] == ["getMe", "deleteWebhook", "getUpdates"]


async def kit_texts(server: BotApiServer) -> list[str]:
    return [str(parameters["text"]) for parameters in server.called("sendMessage")]


async def test_by_webhook_an_update_is_answered_and_telegram_knows_the_address(
    make: Callable[..., Kit], server: BotApiServer
) -> None:
    port = unused_port()
    address = WebhookAddress("https://bot.example/hook", "/hook", "s3cret", "127.0.0.1", port)
    kit = make(webhook=address)
    kit.room.acts["go"] = answer
    async with kit.running(), aiohttp.ClientSession() as client:
        headers = {"X-Telegram-Bot-Api-Secret-Token": "s3cret"}
        url = f"http://127.0.0.1:{port}/hook"
        async with client.post(url, json=command(5, ANNA, "/go"), headers=headers) as response:
            assert response.status == 200
        await until(lambda: len(server.called("sendMessage")) == 1)
    assert server.called("setWebhook") == [
        {"url": address.url, "secret_token": "s3cret", "allowed_updates": list(ALLOWED_UPDATES)}
    ]
    assert server.called("getUpdates") == []


@pytest.mark.parametrize("method", ["getMe", "deleteWebhook"])
async def test_a_start_that_fails_says_why_and_lets_go_of_everything(
    make: Callable[..., Kit], server: BotApiServer, method: str
) -> None:
    server.answers[method] = lambda _: refused(401, "Unauthorized")
    kit = make()
    with pytest.raises((InvalidToken, Refused)):
        await kit.runtime.start()
    with pytest.raises(Unavailable):
        await kit.noted()
    await asyncio.sleep(0)
    assert [
        task for task in asyncio.all_tasks() if task is not asyncio.current_task() and "courier" in str(task)
    ] == []


async def test_a_start_without_telegram_says_so(make: Callable[..., Kit], server: BotApiServer) -> None:
    kit = make()
    await server.stop()
    with pytest.raises(NetworkError):
        await kit.runtime.start()
    await server.start()


async def test_a_start_at_an_address_that_is_taken_says_so(
    make: Callable[..., Kit], server: BotApiServer
) -> None:
    port = int(server.url.rsplit(":", 1)[1].removesuffix("/bot"))
    kit = make(webhook=WebhookAddress("https://bot.example/hook", "/hook", "s3cret", "127.0.0.1", port))
    with pytest.raises(OSError, match="address already in use"):
        await kit.runtime.start()


def test_all_the_waits_of_a_stop_together_stay_under_five_seconds() -> None:
    waits = [
        intake.STOP_SECONDS,
        2 * runtime_module._STOP_SECONDS,
        courier.DRAIN_SECONDS,
        courier.LAST_SECONDS,
    ]
    assert sum(waits) < 5


async def test_a_stop_in_the_middle_of_everything_is_quick_and_loses_nothing(
    make: Callable[..., Kit],
    server: BotApiServer,
    database_path: Path,
    clock: ManualClock,
    languages: Languages,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module, name in [
        (intake, "STOP_SECONDS"),
        (runtime_module, "_STOP_SECONDS"),
        (courier, "DRAIN_SECONDS"),
        (courier, "LAST_SECONDS"),
    ]:
        monkeypatch.setattr(module, name, 0.05)
    sweeping, working = asyncio.Event(), asyncio.Event()

    async def hang(event: asyncio.Event) -> None:
        event.set()
        await asyncio.Event().wait()

    async def slow(context: Ctx) -> None:
        await context.outside("slow", lambda: hang(working))

    kit = make(
        sweeps=[Sweep("hangs", 1, lambda _: hang(sweeping)), Sweep("waits", 1, lambda _: hang(sweeping))]
    )
    kit.room.acts = {"go": slow, "other": answer}
    await kit.runtime.start()
    server.hanging = {"sendMessage", "answerCallbackQuery"}
    async with kit.foundation.works.begin() as work:
        await work.out.send(33, Message("reminder"), key="r", policy=Policy.AT_MOST_ONCE)
        await work.out.send(44, Message("card"), key="c")
    await kit.runtime.intake.offer(
        [command(1, ANNA, "/go"), command(2, ANNA, "/other"), tap(3, BERT, Pick(1).encode())]
    )
    await asyncio.wait_for(working.wait(), 5)
    await asyncio.wait_for(sweeping.wait(), 5)  # the scheduler begins its sweeps after a second
    await until(
        lambda: len(server.called("sendMessage")) == 2 and len(server.called("answerCallbackQuery")) == 1
    )
    started = time.monotonic()
    await kit.runtime.stop()
    assert time.monotonic() - started < 2

    assert in_file(database_path, "SELECT state FROM inbox ORDER BY update_id") == ["new", "new", "applied"]
    assert in_file(database_path, "SELECT state FROM outgoing ORDER BY id") == ["unknown", "waiting"]
    server.hanging = set()
    server.calls.clear()
    again = Kit(server, await SqliteDatabase.open(database_path), clock, languages)
    again.room.acts["other"] = answer
    async with again.running():
        await again.take()
        assert await again.noted() == ["picked 1", "go", "other"]
    assert sorted(await kit_texts(server)) == ["card", "hello"]


async def test_a_stop_of_a_bot_at_rest_is_immediate(make: Callable[..., Kit]) -> None:
    kit = make()
    await kit.runtime.start()
    await kit.runtime.rested()
    started = time.monotonic()
    await kit.runtime.stop()
    assert time.monotonic() - started < 1
    gc.collect()


async def test_a_part_that_dies_is_noticed(make: Callable[..., Kit]) -> None:
    kit = make()
    async with kit.running():
        waiting = asyncio.create_task(kit.runtime.wait())

        async def breaks() -> None:
            raise RuntimeError("broken")

        kit.runtime.courier._round = breaks  # type: ignore[method-assign,assignment] # nothing else breaks it
        kit.runtime.courier.wake()
        with pytest.raises(RuntimeError, match="broken"):
            await waiting


async def test_a_sweep_that_fails_does_not_stop_the_others(
    make: Callable[..., Kit], caplog: pytest.LogCaptureFixture
) -> None:
    ran: list[str] = []

    def sweep(name: str, failure: Exception | None = None) -> Sweep:
        async def run(_: Works) -> None:
            ran.append(name)
            if failure is not None:
                raise failure

        return Sweep(name, 3_600, run)

    kit = make(
        sweeps=[sweep("a", ValueError("a person's name")), sweep("b", Unavailable("away")), sweep("c")]
    )
    async with kit.running():
        await kit.runtime.sweep()
        await kit.runtime.sweep()
    assert ran == ["a", "b", "c"] * 2
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"] * 2


async def test_sweeps_never_run_side_by_side(make: Callable[..., Kit]) -> None:
    running: list[str] = []

    async def run(_: Works) -> None:
        assert not running
        running.append("here")
        await asyncio.sleep(0)
        running.clear()

    kit = make(sweeps=[Sweep("a", 3_600, run), Sweep("b", 3_600, run)])
    async with kit.running():
        await asyncio.gather(kit.runtime.sweep(), kit.runtime.sweep(), kit.runtime.sweep())


async def test_no_sweep_begins_during_a_stop(make: Callable[..., Kit]) -> None:
    ran: list[str] = []
    begun, gate = asyncio.Event(), asyncio.Event()

    async def first(_: Works) -> None:
        ran.append("first")
        begun.set()
        await gate.wait()

    async def second(_: Works) -> None:
        ran.append("second")

    kit = make(sweeps=[Sweep("first", 3_600, first), Sweep("second", 3_600, second)])
    await kit.runtime.start()
    sweeping = asyncio.create_task(kit.runtime.sweep())
    await begun.wait()
    stop = asyncio.create_task(kit.runtime.stop())
    await until(lambda: kit.runtime._stopping)
    gate.set()
    await stop
    await sweeping
    assert ran == ["first"]


async def test_the_kits_own_rows_are_tidied(make: Callable[..., Kit]) -> None:
    kit = make()
    async with kit.running():
        await kit.take(command(1, ANNA, "/go"))
        await kit.clock.move_to(kit.clock.now() + 200 * 24 * 3_600_000)
        await kit.runtime.sweep()
        assert await kit.states() == []
        assert await kit.rows("SELECT id FROM outgoing") == []
