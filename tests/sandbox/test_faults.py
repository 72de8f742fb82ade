"""Faults: what the bot sees of them, and what has happened all the same."""

from collections import Counter
from random import Random

import aiohttp
import pytest
from telegram import Bot
from telegram.error import NetworkError

from bot.sandbox import Fault, FaultKind, Faults, Person, Sandbox
from tests.sandbox.helpers import Raw


@pytest.mark.parametrize(
    ("kind", "processed"), [(FaultKind.DROP, True), (FaultKind.RESET, False)], ids=["drop", "reset"]
)
async def test_connections_that_end_without_an_answer(
    raw: Raw, mei: Person, sandbox: Sandbox, kind: FaultKind, processed: bool
) -> None:
    sandbox.faults.add(Fault(kind, methods=("sendMessage",)))
    with pytest.raises(aiohttp.ClientError):
        await raw("sendMessage", chat_id=501, text="好")
    assert (mei.last().text == "好") is processed
    assert (sandbox.calls[-1].method, sandbox.calls[-1].code) == ("sendMessage", 0)
    assert (await raw("sendMessage", chat_id=501, text="再")).status == 200


@pytest.mark.parametrize(
    ("fault", "status", "description", "processed"),
    [
        (Fault(FaultKind.ERROR), 500, "Internal Server Error", False),
        (Fault(FaultKind.ERROR, status=503), 503, "Service Unavailable", False),
        (Fault(FaultKind.GATEWAY), 502, "Bad Gateway", True),
        (Fault(FaultKind.FLOOD, retry_after=7), 429, "Too Many Requests: retry after 7", False),
    ],
    ids=["error", "unavailable", "gateway", "flood"],
)
async def test_answers_that_are_wrong(
    raw: Raw, mei: Person, sandbox: Sandbox, fault: Fault, status: int, description: str, processed: bool
) -> None:
    sandbox.faults.add(fault)
    reply = await raw("sendMessage", chat_id=501, text="好")
    assert (reply.status, reply.description) == (status, description)
    assert (mei.last().text == "好") is processed
    assert sandbox.faults.active == ()


async def test_a_delayed_call_is_answered_all_the_same(raw: Raw, mei: Person, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(FaultKind.DELAY, seconds=0.01))
    assert (await raw("sendMessage", chat_id=501, text="好")).status == 200


async def test_a_fault_hits_its_methods_only(raw: Raw, mei: Person, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(FaultKind.ERROR, methods=("sendPhoto",)))
    assert (await raw("sendMessage", chat_id=501, text="好")).status == 200
    assert len(sandbox.faults.active) == 1


@pytest.mark.usefixtures("mei")
async def test_the_library_sees_a_network_error(bot: Bot, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(FaultKind.DROP, methods=("sendMessage",)))
    with pytest.raises(NetworkError):
        await bot.send_message(501, "好")


def test_chance_is_what_was_passed_in() -> None:
    def struck(seed: int) -> Counter[bool]:
        faults = Faults(Random(seed))
        faults.add(Fault(FaultKind.ERROR, times=None, probability=0.3))
        return Counter(faults.strike("getMe", frozenset({FaultKind.ERROR})) is not None for _ in range(1000))

    assert struck(1) == struck(1)
    assert 250 < struck(2)[True] < 350
