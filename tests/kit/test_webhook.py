"""The webhook: 200 only for what is kept, and a clear no for everything else."""

import asyncio
import io
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import unused_port

from bot.kit import inbox, webhook
from bot.kit.clock import ManualClock
from bot.kit.database import SqliteDatabase
from bot.kit.i18n import Languages
from bot.kit.inbox import Received
from bot.kit.intake import FULL, Intake
from bot.kit.webhook import Webhook
from bot.kit.work import Work, Works
from tests.kit.fakes import Watched, private_message, some_turns

SECRET = "s3cret-token"


class Door:
    """A webhook on a real port, over a real database."""

    def __init__(self, database: SqliteDatabase, clock: ManualClock, languages: Languages) -> None:
        self.database = Watched(database)
        self.works = Works(self.database, clock, languages, wake_courier=lambda: None)
        self.intake = Intake(self.works, clock, self._apply, self._apologise, side_by_side=4)
        self.webhook = Webhook(self.intake, path="/telegram", secret=SECRET)
        self.applied: list[int] = []
        self.port = unused_port()
        self.client = aiohttp.ClientSession(f"http://127.0.0.1:{self.port}")

    async def post(self, *, secret: str | None = SECRET, **what: Any) -> tuple[int, str | None]:
        headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
        async with self.client.post("/telegram", headers=headers | what.pop("headers", {}), **what) as answer:
            return answer.status, answer.headers.get("Retry-After")

    async def health(self) -> int:
        async with self.client.get("/health") as answer:
            return answer.status

    async def kept(self) -> int:
        self.database.away = False
        async with self.works.reading() as reader:
            return int(await reader.value("SELECT COUNT(*) FROM inbox"))

    async def _apply(self, update: Received) -> None:
        async with self.works.begin() as work:
            if await inbox.mark_applied(work.session, update.update_id, now=work.now):
                self.applied.append(update.update_id)

    async def _apologise(self, work: Work, update: Received) -> None:
        raise AssertionError("nothing fails here")


@pytest.fixture
async def door(database: SqliteDatabase, clock: ManualClock, languages: Languages) -> AsyncIterator[Door]:
    opened = Door(database, clock, languages)
    await opened.webhook.start("127.0.0.1", opened.port)
    yield opened
    await opened.client.close()
    await opened.webhook.stop()
    await opened.intake.stop()


async def test_an_update_is_kept_and_then_acknowledged(door: Door, database: SqliteDatabase) -> None:
    async with database._writing:
        post = asyncio.create_task(door.post(json=private_message(1, 11)))
        while not door.intake._offered and door.intake._committer is None:
            await asyncio.sleep(0)
        await some_turns()
        assert not post.done()
    assert await post == (200, None)
    assert await door.kept() == 1
    await door.intake.rested()
    assert door.applied == [1]


async def test_repeats_are_acknowledged_and_applied_once(door: Door) -> None:
    answers = await asyncio.gather(*(door.post(json=private_message(1, 11)) for _ in range(20)))
    assert set(answers) == {(200, None)}
    await door.intake.rested()
    assert door.applied == [1]


@pytest.mark.parametrize("secret", [None, "", "s3cret-tokeN", "s3cret-token-and-more", "geheim-\u00e4\u00f6"])
async def test_who_does_not_know_the_secret_is_turned_away(door: Door, secret: str | None) -> None:
    assert (await door.post(secret=secret, json=private_message(1, 11)))[0] == 403
    assert await door.kept() == 0


async def test_a_secret_of_broken_bytes_is_turned_away_too(door: Door) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    writer.write(
        b"POST /telegram HTTP/1.1\r\nHost: x\r\nX-Telegram-Bot-Api-Secret-Token: \xff\xfe\r\n"
        b"Content-Length: 2\r\nConnection: close\r\n\r\n{}"
    )
    assert b" 403 " in await reader.readline()
    writer.close()
    await writer.wait_closed()


def test_a_webhook_without_a_secret_cannot_be_made(door: Door) -> None:
    with pytest.raises(ValueError, match="secret"):
        Webhook(door.intake, path="/telegram", secret="")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"\xff\xfe",
        b"[]",
        b"[1, 2]",
        b"null",
        b"5",
        b'"text"',
        b"{}",
        b'{"update_id": null}',
        b'{"update_id": "5"}',
    ],
)
async def test_what_is_no_update_is_refused(door: Door, body: bytes) -> None:
    assert (await door.post(data=body))[0] == 400
    assert await door.kept() == 0


async def test_what_is_too_large_is_refused(door: Door) -> None:
    assert (await door.post(data=io.BytesIO(b" " * (4 * 1024 * 1024 + 1))))[0] == 413


async def test_with_the_database_away_telegram_is_asked_to_keep_it(door: Door) -> None:
    door.database.away = True
    assert await door.post(json=private_message(1, 11)) == (503, "5")
    assert await door.health() == 503
    assert await door.kept() == 0
    assert await door.post(json=private_message(1, 11)) == (200, None)
    assert await door.health() == 200


async def test_with_too_many_waiting_telegram_is_asked_to_keep_it(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "FULL", 0)
    gate = asyncio.Event()

    async def held(_: Received) -> None:
        await gate.wait()

    door.intake._apply = held
    assert (await door.post(json=private_message(1, 11)))[0] == 200
    assert await door.post(json=private_message(2, 11)) == (503, "5")
    gate.set()
    await door.intake.rested()
    assert (await door.post(json=private_message(2, 11)))[0] == 200
    assert FULL > 0


async def test_other_paths_and_methods_are_no_door(door: Door) -> None:
    async with door.client.get("/telegram") as answer:
        assert answer.status == 405
    async with door.client.post("/", json=private_message(1, 11)) as answer:
        assert answer.status == 404


async def test_an_address_that_is_taken_is_said_at_start(door: Door) -> None:
    second = Webhook(door.intake, path="/telegram", secret=SECRET)
    with pytest.raises(OSError, match="address already in use"):
        await second.start("127.0.0.1", door.port)
    await second.stop()
