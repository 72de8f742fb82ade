"""Rates: what goes through, what is refused, and what impatience costs. The clock is moved by hand."""

from datetime import timedelta

import pytest
from telegram import Bot
from telegram.error import RetryAfter

from bot.sandbox import Limits, Person, Sandbox
from bot.sandbox.limits import Limiter
from tests.sandbox.helpers import HandClock, Raw


@pytest.fixture
def limits() -> Limits:
    return Limits()


def test_thirty_a_second_overall() -> None:
    limiter = Limiter(Limits(private=None))
    assert [limiter.arrive(chat, 0.0) for chat in range(1, 31)] == [0] * 30
    assert limiter.arrive(31, 0.5) == 1
    assert limiter.arrive(31, 1.5) == 0


def test_the_window_slides() -> None:
    limiter = Limiter(Limits(private=None, overall=2))
    assert [limiter.arrive(1, at) for at in (0.0, 0.9)] == [0, 0]
    assert limiter.arrive(1, 1.0) == 0  # the first is a second old
    assert limiter.arrive(1, 1.5) > 0


def test_a_private_chat_takes_short_bursts() -> None:
    limiter = Limiter(Limits())
    assert [limiter.arrive(7, 0.0) for _ in range(4)] == [0] * 4
    assert limiter.arrive(7, 0.0) == 4
    assert limiter.arrive(8, 0.0) == 0, "chats do not wait for one another"
    assert limiter.arrive(7, 4.0) == 0


def test_one_a_second_to_a_chat_never_waits() -> None:
    limiter = Limiter(Limits())
    assert all(limiter.arrive(7, float(second)) == 0 for second in range(100))


def test_a_group_takes_twenty_a_minute() -> None:
    limiter = Limiter(Limits())
    assert all(limiter.arrive(-7, float(second)) == 0 for second in range(20))
    assert limiter.arrive(-7, 20.0) == 40
    assert limiter.arrive(-7, 60.0) == 0


def test_an_album_counts_for_each_of_its_messages() -> None:
    limiter = Limiter(Limits(private=None))
    assert [limiter.arrive(1, 0.0, cost=10) for _ in range(3)] == [0, 0, 0]
    assert limiter.arrive(2, 0.0) == 1


def test_who_keeps_asking_waits_longer() -> None:
    limiter = Limiter(Limits(private=None, overall=1))
    limiter.arrive(1, 0.0)
    assert limiter.arrive(1, 0.1) == 1
    assert limiter.arrive(1, 0.15) == 1, "under way already: not held against the caller"
    waits = [limiter.arrive(1, 0.3 + index / 100) for index in range(20)]
    assert waits == sorted(waits)
    assert waits[-1] > 4
    assert limiter.arrive(1, 0.5 + waits[-1]) == 0


def test_the_wait_never_grows_beyond_the_longest() -> None:
    limiter = Limiter(Limits(private=None, overall=1, longest_wait=5))
    limiter.arrive(1, 0.0)
    assert limiter.arrive(1, 0.1) == 1
    assert max(limiter.arrive(1, 0.5) for _ in range(1000)) == 5


def test_off_means_off() -> None:
    limiter = Limiter(Limits.off())
    assert not any(limiter.arrive(chat, 0.0) for chat in (7, -7) for _ in range(1000))


async def test_refused_by_rate(raw: Raw, mei: Person, sandbox: Sandbox, clock: HandClock) -> None:
    for _ in range(4):
        assert (await raw("sendMessage", chat_id=501, text="好")).status == 200
    refused = await raw("sendMessage", chat_id=501, text="好")
    assert refused.body == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 4",
        "parameters": {"retry_after": 4},
    }
    assert len(mei.chat()) == 5
    assert sandbox.counters["429"] == 1
    clock.forward(4)
    assert (await raw("sendMessage", chat_id=501, text="好")).status == 200


async def test_sends_edits_and_copies_share_the_allowance(raw: Raw, mei: Person) -> None:
    await raw("sendMessage", chat_id=501, text="好")
    await raw("editMessageText", chat_id=501, message_id=2, text="一")
    await raw("copyMessage", chat_id=501, from_chat_id=501, message_id=2)
    await raw("forwardMessage", chat_id=501, from_chat_id=501, message_id=2)
    assert (await raw("editMessageText", chat_id=501, message_id=2, text="二")).status == 429


async def test_asking_acting_and_answering_are_free(raw: Raw, mei: Person) -> None:
    for _ in range(40):
        assert (await raw("getChat", chat_id=501)).status == 200
        assert (await raw("sendChatAction", chat_id=501, action="typing")).status == 200
        assert (await raw("answerCallbackQuery", callback_query_id="1")).status == 400


@pytest.mark.usefixtures("mei")
async def test_the_library_is_told_how_long_to_wait(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    for _ in range(4):
        await bot.send_message(501, "好")
    with pytest.raises(RetryAfter) as refused:
        await bot.send_message(501, "好")
    assert refused.value.retry_after == timedelta(seconds=4)
