"""getUpdates: order, confirmation, waiting, conflicts."""

import asyncio
from typing import Any

import pytest

from bot.sandbox import Fault, FaultKind, Person, Sandbox
from tests.sandbox.helpers import Raw


def texts(updates: list[dict[str, Any]]) -> list[str]:
    return [update["message"]["text"] for update in updates]


async def test_updates_come_in_order_until_they_are_confirmed(raw: Raw, mei: Person) -> None:
    for text in "一二三":
        await mei.says(text)
    first = (await raw("getUpdates")).result
    assert texts(first) == ["一", "二", "三"]
    assert [update["update_id"] - first[0]["update_id"] for update in first] == [0, 1, 2]
    assert texts((await raw("getUpdates", limit=2)).result) == ["一", "二"]
    assert texts((await raw("getUpdates", offset=first[1]["update_id"])).result) == ["二", "三"]
    assert (await raw("getUpdates", offset=first[2]["update_id"] + 1)).result == []
    assert (await raw("getUpdates", offset=0)).result == []


async def test_a_negative_offset_keeps_the_last(raw: Raw, mei: Person) -> None:
    for text in "一二三":
        await mei.says(text)
    assert texts((await raw("getUpdates", offset=-1)).result) == ["三"]
    assert texts((await raw("getUpdates")).result) == ["三"]


async def test_a_poll_waits_for_the_next_update(raw: Raw, mei: Person) -> None:
    poll = asyncio.create_task(raw("getUpdates", timeout=30))
    while not raw.sandbox.core.updates.is_polled:
        await asyncio.sleep(0)
    await mei.says("好")
    assert texts((await poll).result) == ["好"]


async def test_a_poll_ends_when_the_sandbox_stops(raw: Raw, sandbox: Sandbox) -> None:
    poll = asyncio.create_task(raw("getUpdates", timeout=30))
    while not sandbox.core.updates.is_polled:
        await asyncio.sleep(0)
    await sandbox.stop()
    assert (await poll).result == []


async def test_the_older_of_two_polls_is_terminated(raw: Raw, mei: Person) -> None:
    older = asyncio.create_task(raw("getUpdates", timeout=30))
    while not raw.sandbox.core.updates.is_polled:
        await asyncio.sleep(0)
    newer = asyncio.create_task(raw("getUpdates", timeout=30))
    conflict = await older
    assert conflict.status == 409
    assert conflict.description == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    await mei.says("好")
    assert texts((await newer).result) == ["好"]


async def test_kinds_that_were_not_asked_for_do_not_come(raw: Raw, mei: Person) -> None:
    await raw("getUpdates", allowed_updates=["callback_query"])
    await mei.says("一")
    assert (await raw("getUpdates")).result == []
    await raw("getUpdates", allowed_updates=[])
    message = await mei.says("二")
    await mei.reacts(message, "👍")
    assert [set(update) - {"update_id"} for update in (await raw("getUpdates")).result] == [{"message"}]


async def test_confirmed_returns_with_the_last_confirmation(raw: Raw, mei: Person, sandbox: Sandbox) -> None:
    await asyncio.wait_for(sandbox.confirmed(), 1)
    await mei.says("一")
    quiet = asyncio.create_task(sandbox.confirmed())
    await asyncio.sleep(0)
    await mei.says("later, and not waited for")
    updates = (await raw("getUpdates")).result
    assert not quiet.done()
    await raw("getUpdates", offset=updates[0]["update_id"] + 1)
    await asyncio.wait_for(quiet, 1)


async def test_confirmed_updates_may_come_again(raw: Raw, mei: Person, sandbox: Sandbox) -> None:
    await mei.says("一")
    (update,) = (await raw("getUpdates")).result
    await mei.says("二")
    await raw("getUpdates", offset=update["update_id"] + 1)
    sandbox.faults.add(Fault(FaultKind.DUPLICATE))
    assert texts((await raw("getUpdates", offset=update["update_id"] + 1)).result) == ["一", "二"]
    assert texts((await raw("getUpdates", offset=update["update_id"] + 1)).result) == ["二"]


@pytest.mark.parametrize(("limit", "got"), [(0, 1), (1, 1), (100, 100), (1000, 100)])
async def test_the_limit_is_bent_into_its_range(raw: Raw, mei: Person, limit: int, got: int) -> None:
    for index in range(101):
        await mei.says(str(index))
    assert len((await raw("getUpdates", limit=limit)).result) == got
