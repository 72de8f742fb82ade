"""Logs: one JSON object a line; ids, never what people wrote."""

import asyncio
import gc
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from bot.kit import logs
from bot.kit.logs import JsonLines

PHONE = "13912345678"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """A logger's lines, as production formats them."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


log = logging.getLogger("tests.logs")


def test_an_event_is_one_line_with_its_ids(stream: io.StringIO) -> None:
    log.warning("update failed", extra={"update_id": 5, "lane": -7, "what": {1}})
    (line,) = lines(stream)
    assert line["at"].endswith("+00:00")
    assert {key: line[key] for key in ("level", "from", "event", "update_id", "lane", "what")} == {
        "level": "warning",
        "from": "tests.logs",
        "event": "update failed",
        "update_id": 5,
        "lane": -7,
        "what": "{1}",
    }
    assert set(line) == {"at", "level", "from", "event", "update_id", "lane", "what"}


def test_an_exception_is_told_by_name_and_place_and_never_by_its_message(stream: io.StringIO) -> None:
    def fails() -> None:
        raise KeyError(PHONE)

    try:
        fails()
    except KeyError:
        log.exception("sweep failed")
    (line,) = lines(stream)
    assert PHONE not in stream.getvalue()
    assert line["error"] == "KeyError"
    assert [place.split(":")[0] for place in line["where"]] == ["test_logs.py", "test_logs.py"]
    assert line["where"][-1].endswith(" fails")


async def test_a_forgotten_task_tells_no_message_either(stream: io.StringIO) -> None:
    async def fails() -> None:
        raise ValueError(PHONE)

    task = asyncio.create_task(fails())
    await asyncio.wait([task])
    del task
    gc.collect()
    (line,) = lines(stream)
    assert PHONE not in stream.getvalue()
    assert (line["event"], line["error"]) == ("Task exception was never retrieved", "ValueError")


def test_configuring_quietens_libraries_that_quote_their_data() -> None:
    before = logging.getLogger().handlers[:], logging.getLogger().level
    chatty = [logging.getLogger(name) for name in ("telegram", "aiosqlite", "apscheduler", "httpx")]
    levels = [each.level for each in chatty]
    stream = io.StringIO()
    try:
        logs.configure("DEBUG", stream)
        for each in chatty:
            each.debug("payload %s", PHONE)
            each.info("payload %s", PHONE)
        log.debug("ours")
    finally:
        logging.getLogger().handlers[:], level = before
        logging.getLogger().setLevel(level)
        for each, own in zip(chatty, levels, strict=True):
            each.setLevel(own)
    assert [line["event"] for line in lines(stream)] == ["ours"]
