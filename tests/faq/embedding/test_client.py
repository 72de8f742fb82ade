"""The way to an embeddings server: what is sent, what each way of going wrong is called, and when it is left alone."""

import dataclasses
import logging
from collections.abc import Awaitable, Callable

import pytest
from aiohttp.test_utils import unused_port
from pydantic import SecretStr

from bot.faq.embedding.client import EmbeddingSettings, NoVectors, Server, Trouble
from bot.faq.embedding.line import FAILURES, REST_SECONDS, Line
from bot.kit.clock import SECOND, ManualClock
from tests.faq.embedding.standin import Standin, saying


async def ask(settings: EmbeddingSettings, *texts: str, patience: float = 5.0) -> list[list[float]]:
    server = Server(settings)
    try:
        found: list[list[float]] = (await server.vectors(texts, patience=patience)).tolist()
        return found
    finally:
        await server.close()


async def test_each_text_gets_its_vector(standin: Standin, settings: EmbeddingSettings) -> None:
    one, other = await ask(settings, "党费怎么交", "登不上")
    assert standin.asked == [["党费怎么交", "登不上"]]
    assert [one] == await ask(settings, "党费怎么交")
    assert one != other


async def test_the_key_goes_in_the_header_and_only_where_there_is_one(
    standin: Standin, settings: EmbeddingSettings
) -> None:
    await ask(settings, "你好")
    assert "Authorization" not in standin.headers[-1]
    standin.key = "sesame"
    await ask(dataclasses.replace(settings, key=SecretStr("sesame")), "你好")
    assert standin.headers[-1]["Authorization"] == "Bearer sesame"
    assert "sesame" not in repr(dataclasses.replace(settings, key=SecretStr("sesame")))


@pytest.mark.parametrize(
    ("status", "body", "trouble"),
    [
        (500, "oops", Trouble.REFUSED),
        (400, '{"error": {"message": "too long"}}', Trouble.REFUSED),
        (429, "{}", Trouble.BUSY),
        (503, "", Trouble.BUSY),
        (401, "{}", Trouble.KEY),
        (403, "{}", Trouble.KEY),
        (404, "{}", Trouble.MODEL),
        (200, "<html>", Trouble.NONSENSE),
        (200, b"\xff\xfe\x00", Trouble.NONSENSE),
        (200, "[" * 100_000, Trouble.NONSENSE),
        (200, "{}", Trouble.NONSENSE),
    ],
)
async def test_answers_that_are_no_vectors(
    standin: Standin, settings: EmbeddingSettings, status: int, body: str | bytes, trouble: Trouble
) -> None:
    standin.answer = saying(status, body)
    with pytest.raises(NoVectors) as failure:
        await ask(settings, "你好")
    assert (failure.value.trouble, failure.value.status) == (trouble, status)


async def test_a_wrong_key(standin: Standin, settings: EmbeddingSettings) -> None:
    standin.key = "sesame"
    with pytest.raises(NoVectors) as failure:
        await ask(dataclasses.replace(settings, key=SecretStr("pumpkin")), "你好")
    assert failure.value.trouble is Trouble.KEY


async def test_a_server_too_slow(standin: Standin, settings: EmbeddingSettings) -> None:
    standin.answer = standin.never
    with pytest.raises(NoVectors) as failure:
        await ask(settings, "你好", patience=0.05)
    assert failure.value.trouble is Trouble.SLOW


async def test_a_dead_port(settings: EmbeddingSettings) -> None:
    with pytest.raises(NoVectors) as failure:
        await ask(dataclasses.replace(settings, address=f"http://127.0.0.1:{unused_port()}/v1"), "你好")
    assert failure.value.trouble is Trouble.UNREACHABLE


async def trouble_of(asking: Callable[[], Awaitable[object]]) -> Trouble | None:
    try:
        await asking()
    except NoVectors as failure:
        return failure.trouble
    return None


async def test_after_three_failures_in_a_row_it_is_left_alone_for_a_minute(
    standin: Standin, settings: EmbeddingSettings, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    server = Server(settings)
    line = Line(server, clock, "questions", patience=5)

    async def ask_once() -> Trouble | None:
        return await trouble_of(lambda: line.vectors(["我的名字叫李建国"]))

    broken = saying(500, "我的名字叫李建国")
    try:
        with caplog.at_level(logging.INFO):
            standin.answer = broken
            assert [await ask_once() for _ in range(FAILURES - 1)] == [Trouble.REFUSED] * (FAILURES - 1)
            standin.answer = standin.well  # one success in between begins the count anew
            assert await ask_once() is None
            standin.answer = broken
            assert [await ask_once() for _ in range(FAILURES)] == [Trouble.REFUSED] * FAILURES
            asked = len(standin.asked)
            assert [await ask_once() for _ in range(5)] == [Trouble.RESTING] * 5
            assert len(standin.asked) == asked

            # A minute later one may try, and has no luck: another minute for all.
            await clock.move_to(clock.now() + round(REST_SECONDS * SECOND))
            assert [await ask_once(), await ask_once()] == [Trouble.REFUSED, Trouble.RESTING]
            await clock.move_to(clock.now() + round(REST_SECONDS * SECOND))
            standin.answer = standin.well
            assert [await ask_once(), await ask_once()] == [None, None]
    finally:
        await server.close()
    told = [record.getMessage() for record in caplog.records if record.name.startswith("bot.")]
    assert told == ["embeddings are left out for now", "embeddings are back"]
    assert not [record for record in caplog.records if "李建国" in repr(vars(record))]
